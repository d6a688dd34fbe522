"""The lessons keep their form, run offline from a clean kernel, show what they say, and are the same in both languages."""

import ast
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.tutorials import form
from tests.tutorials.notebooks import (
    ENGLISH,
    FOLDER,
    ROOT,
    SOURCES,
    TIMED,
    changed,
    exercises,
    hindi,
    printed,
    read,
    same,
    solutions,
    solved,
    student,
    within_band,
)

pytest.importorskip("jupytext", reason="needs the extra [tutorials]")
nbformat = pytest.importorskip("nbformat", reason="needs the extra [tutorials]")

EACH = pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.stem)
TWINS = pytest.mark.parametrize("source", ENGLISH, ids=lambda source: source.stem)
DEVANAGARI = re.compile("[\u0900-\u097f]")
NUMBER = re.compile(r"\d+(?:\.\d+)?")
SEEDS: dict[str, Any] = json.loads(Path(__file__).with_name("seeds.json").read_text(encoding="utf-8"))


def done(source: Path) -> Any:
    """The committed solved notebook of a lesson."""
    return nbformat.read(solutions(source).with_suffix(".ipynb"), as_version=4)


def test_there_are_nine_lessons_in_both_languages_each_with_its_solutions() -> None:
    assert [source.stem[:2] for source in ENGLISH] == ["00", "01", "02", "03", "04", "05", "06", "07", "08"]
    assert sorted(SOURCES) == sorted([*ENGLISH, *map(hindi, ENGLISH)])
    assert sorted((FOLDER / "solutions").glob("*.py")) == sorted(map(solutions, SOURCES))


@EACH
def test_the_students_notebook_is_the_source_and_shows_no_output(source: Path) -> None:
    notebook = nbformat.read(source.with_suffix(".ipynb"), as_version=4)
    assert [(cell.cell_type, cell.source, cell.metadata) for cell in notebook.cells] == [
        (cell.cell_type, cell.source, cell.metadata) for cell in student(source).cells
    ]
    assert not [cell for cell in notebook.cells if cell.get("outputs") or cell.get("execution_count")]


@EACH
def test_the_solved_notebook_is_source_and_solutions_and_every_check_says_right(source: Path) -> None:
    notebook = done(source)
    assert [(cell.cell_type, cell.source) for cell in notebook.cells] == [(cell.cell_type, cell.source) for cell in solved(source).cells]
    verdicts = [printed(notebook)[place + 1].strip() for place in exercises(notebook)]
    assert verdicts == ["सही" if source.stem.endswith("_hi") else "right"] * 5
    kinds = {output.output_type for cell in notebook.cells for output in cell.get("outputs", [])}
    assert "error" not in kinds
    texts = printed(notebook)
    assert not [text for text in texts if "/home/" in text or "/tmp/" in text]
    warned = [text for text in texts if "Warning" in text]
    assert len(warned) == (2 if "clinic" in source.stem else 0)  # fit() says that there is a NaN, and that softmax of one unit is 1


@EACH
def test_every_picture_of_the_solved_notebook_says_in_words_and_numbers_what_it_shows(source: Path) -> None:
    outputs = [output for cell in done(source).cells for output in cell.get("outputs", []) if "image/png" in output.get("data", {})]
    for output in outputs:
        alt = output.metadata["image/png"]["alt"]
        assert len(alt) > 20 and NUMBER.search(alt) and output.data["text/plain"].strip("'") in (alt, repr(alt)), alt
        assert bool(DEVANAGARI.search(alt)) == source.stem.endswith("_hi")
    assert len(outputs) >= (2 if source.stem[:2] not in ("01", "03") else 0)


@EACH
def test_the_top_says_what_you_do_learn_and_need_with_the_whole_line_to_install_it(source: Path) -> None:
    top = read(source).cells[0].source
    words = ("आप क्या करेंगे", "आप क्या सीखेंगे", "क्या चाहिए", "मिनट") if source.stem.endswith("_hi") else ("do:", "learn:", "need:", "Minutes:")
    assert all(word in top for word in words)
    assert '`python -m pip install ".[tutorials]" jupyterlab`' in top
    assert "Chollet" in top or source.stem[:2] in ("00", "03", "05", "07", "08")


@EACH
def test_a_lesson_takes_45_minutes_900_words_and_60_lines_of_code_at_most(source: Path) -> None:
    notebook = read(source)
    assert sum(form.minutes(notebook)) <= 45 and len(form.minutes(notebook)) >= 5
    assert form.words(notebook) <= 900
    assert form.lines(notebook) <= 60
    named = [
        int(found)
        for found in re.findall(
            r" (\d+)[,.]",
            notebook.cells[0]
            .source.split("**Minutes:**" if "**Minutes:**" in notebook.cells[0].source else "**मिनट:**")[1]
            .split("\n#\n")[0]
            .split("\n\n")[0],
        )
    ]
    assert named == form.minutes(notebook)


@EACH
def test_a_lesson_has_five_exercises_each_with_its_check_and_three_questions_at_the_end(source: Path) -> None:
    notebook = read(source)
    assert form.checked(notebook) == [True] * 5
    assert len(form.exit_questions(notebook)) == 3
    assert len(form.asked(notebook)) >= 4


@EACH
def test_only_the_python_of_the_teachers_page_is_used(source: Path) -> None:
    page = (FOLDER / "TEACHERS.md").read_text(encoding="utf-8")
    listed = set(re.findall(r"[A-Za-z]+", re.search(r"<!-- syntax: (.*?) -->", page, re.DOTALL).group(1)))  # type: ignore[union-attr]
    assert form.constructs(source) <= listed
    assert form.functions(source) <= set(re.findall(r"`([A-Za-z_.]+)`", page))


def twins(one: ast.AST, other: ast.AST) -> Iterator[tuple[Any, Any]]:
    """The places at which two syntax trees differ; a string counts as the same if its twin is written in Devanagari."""
    if isinstance(one, ast.Constant) and isinstance(other, ast.Constant):
        translated = isinstance(other.value, str) and (DEVANAGARI.search(other.value) or (one.value, other.value) == ("en", "hi"))
        if one.value != other.value and not translated:
            yield one.value, other.value
        return
    if type(one) is not type(other):
        yield ast.dump(one), ast.dump(other)
        return
    for (_, a), (_, b) in zip(ast.iter_fields(one), ast.iter_fields(other), strict=True):
        for x, y in zip(*(value if isinstance(value, list) else [value] for value in (a, b)), strict=True):
            if isinstance(x, ast.AST):
                yield from twins(x, y)
            elif x != y:
                yield x, y


def test_the_comparison_of_twins_sees_code_that_differs() -> None:
    def differ(one: str, other: str) -> bool:
        return bool(list(twins(ast.parse(one), ast.parse(other))))

    assert not differ('print("shape:", 3)  # a', 'print("आकृति:", 3)  # b')
    assert differ('print("shape:", 3)', 'print("आकृति:", 4)') and differ('f(activation="relu")', 'f(activation="tanh")')
    assert differ("f(1)", "g(1)")


@TWINS
def test_both_languages_hold_the_same_code_after_comments_and_strings(source: Path) -> None:
    for text, other in ((source, hindi(source)), (solutions(source), solutions(hindi(source)))):
        assert len(read(text).cells) == len(read(other).cells)
        for one, two in zip(form.code(read(text)), form.code(read(other)), strict=True):
            assert list(twins(ast.parse(one), ast.parse(two))) == []


def numbers(text: str) -> tuple[list[str], set[str]]:
    """The numbers that a cell prints, and those of its questions (Hindi says 4-4 where English says 4 each)."""
    lines = TIMED.sub(": timed", text).splitlines()
    asked = [line for line in lines if line.startswith(("Predict:", "अनुमान लगाइए:"))]
    return sorted(NUMBER.findall("\n".join(line for line in lines if line not in asked))), set(NUMBER.findall("\n".join(asked)))


@TWINS
def test_both_languages_print_the_same_numbers_and_hindi_prints_devanagari(source: Path) -> None:
    english, translated = printed(done(source)), printed(done(hindi(source)))
    assert [numbers(text) for text in english] == [numbers(text) for text in translated]
    assert [text.count("<picture>") for text in english] == [text.count("<picture>") for text in translated]
    spoken = [text for text, code in zip(translated, done(hindi(source)).cells, strict=True) if "lesson.predict" in code.source]
    assert spoken and all(DEVANAGARI.search(text) for text in spoken)


@EACH
def test_measured_numbers_lie_in_their_bands_and_the_bands_are_what_ten_seeds_gave(source: Path) -> None:
    assert all(within_band(text) for text in printed(done(source)))
    calls = [node for text in form.code(read(source)) for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)]
    measuring = [call for call in calls if ast.unparse(call.func) == "lesson.measured"]
    record = SEEDS.get(source.stem.removesuffix("_hi"), {})
    assert bool(measuring) == bool(record)
    texts = "\n".join(printed(done(source)))
    for values in record.values():
        low, high = min(values), max(values)
        bands = [(float(a), float(b)) for a, b in re.findall(r"\([^:()]*: (\d+(?:\.\d+)?)%?[^\d()]+(\d+(?:\.\d+)?)%?\)", texts)]
        scales = [(a / 100, b / 100) for a, b in bands] + bands
        fitting = [(a, b) for a, b in scales if a <= low + 1e-9 and high <= b + 1e-9 and b - a <= 3 * (high - low) + 0.1 * high + 0.05]
        assert fitting, (source.stem, low, high, bands)


@TWINS
@pytest.mark.slow
def test_it_runs_from_a_clean_kernel_and_prints_what_the_notebook_shows(source: Path) -> None:
    assert changed(source) == []


def test_what_a_clock_said_may_differ_but_not_what_it_was_said_of() -> None:
    committed = ["NumPy against Python: 367 times (timed on this machine)\n"]
    assert same(["NumPy against Python: 41.2 times (timed on this machine)\n"], committed)
    assert same(["चरम गति: 1,204 GMAC/s (इसी मशीन पर नापा गया)\n"], ["चरम गति: 90.1 GMAC/s (इसी मशीन पर नापा गया)\n"])
    assert not same(["NumPy against compiled: 367 times (timed on this machine)\n"], committed)
    assert not same(["NumPy against Python: 367 times\n"], committed)


def test_only_measured_numbers_may_differ_and_only_inside_their_band() -> None:
    committed = ["right: 89.0% (other seeds: 86.0% to 93.0%)\n", "27562 parameters", "<picture>"]
    assert same(["right: 90.1% (other seeds: 86.0% to 93.0%)\n", *committed[1:]], committed)
    for other in (
        ["right: 85.9% (other seeds: 86.0% to 93.0%)\n", *committed[1:]],
        ["wrong: 89.0% (other seeds: 86.0% to 93.0%)\n", *committed[1:]],
        [committed[0], "27563 parameters", "<picture>"],
        committed[:2],
    ):
        assert not same(other, committed)


@pytest.mark.slow
@TWINS
def test_the_students_edition_runs_as_a_script_asks_without_waiting_and_leaves_exercises_open(source: Path, tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "cp1252"}
    run = subprocess.run(
        [sys.executable, source],
        capture_output=True,
        encoding="cp1252",
        cwd=tmp_path,
        env=environment,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    assert run.returncode == 0, run.stderr
    lines = run.stdout.splitlines()
    assert sum(line.startswith("not answered yet") for line in lines) == 5 and "right" not in lines
    assert sum(line.startswith("Predict: ") for line in lines) >= 4
    named = [tmp_path / line.removeprefix("picture: ") for line in lines if line.startswith("picture: ")]
    written = sorted((tmp_path / "tinyseq-pictures").iterdir()) if named else []
    assert sorted(named) == written and all(file.read_bytes().startswith(b"\x89PNG") for file in named)
    assert len(named) == "".join(printed(done(source))).count("<picture>")
