"""Tutorials run offline from a clean kernel, show what they say, and are the same in both languages."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.tutorials.notebooks import ROOT, SOURCES, executed, printed, read, same

pytest.importorskip("jupytext", reason="needs the extra [tutorials]")
nbformat = pytest.importorskip("nbformat", reason="needs the extra [tutorials]")

EACH = pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.stem)
ENGLISH = [source for source in SOURCES if not source.stem.endswith("_hi")]


def hindi(source: Path) -> Path:
    return source.with_name(f"{source.stem}_hi.py")


def test_there_are_tutorials_and_each_is_there_in_both_languages() -> None:
    assert len(ENGLISH) >= 2
    assert sorted(SOURCES) == sorted([*ENGLISH, *map(hindi, ENGLISH)])


@EACH
def test_notebook_and_source_are_in_step(source: Path) -> None:
    notebook = nbformat.read(source.with_suffix(".ipynb"), as_version=4)
    cells = [(cell.cell_type, cell.source) for cell in notebook.cells]
    assert cells == [(cell.cell_type, cell.source) for cell in read(source).cells]


@EACH
def test_the_committed_notebook_has_pictures_and_no_error(source: Path) -> None:
    notebook = nbformat.read(source.with_suffix(".ipynb"), as_version=4)
    shown = printed(notebook)
    assert shown.count("<picture>") >= 3
    kinds = {output.output_type for cell in notebook.cells for output in cell.get("outputs", [])}
    assert "error" not in kinds
    assert not [text for text in shown if "Warning" in text or "/home/" in text or "/tmp/" in text]


@pytest.mark.parametrize("source", ENGLISH, ids=lambda source: source.stem)
def test_both_languages_hold_the_same_code_and_print_the_same_numbers(source: Path) -> None:
    english, translated = (
        [cell.source for cell in read(path).cells if cell.cell_type == "code"] for path in (source, hindi(source))
    )
    assert [code.replace('language = "en"', 'language = "hi"') for code in english] == translated
    shown = [printed(nbformat.read(path.with_suffix(".ipynb"), as_version=4)) for path in (source, hindi(source))]
    assert shown[0] == shown[1]


@EACH
def test_the_top_says_what_you_do_learn_and_need(source: Path) -> None:
    top = read(source).cells[0].source
    words = ("आप क्या करेंगे", "आप क्या सीखेंगे", "क्या चाहिए") if source.stem.endswith("_hi") else ("do:", "learn:", "need:")
    assert all(word in top for word in words)
    assert "fchollet" in top


@EACH
@pytest.mark.slow
def test_it_runs_from_a_clean_kernel_and_prints_what_the_notebook_shows(source: Path) -> None:
    committed = printed(nbformat.read(source.with_suffix(".ipynb"), as_version=4))
    shown = printed(executed(source))
    assert same(shown, committed), shown


def test_only_accuracies_may_differ_and_not_by_much() -> None:
    committed = ["right: 89.0%\nfrom scratch: 84.6%\n", "27562 parameters", "<picture>"]
    assert same(["right: 90.1%\nfrom scratch: 82.0%\n", *committed[1:]], committed)
    for other in (
        ["right: 85.9%\nfrom scratch: 84.6%\n", *committed[1:]],
        ["right: 89.0%\nfrom scratch: 87.7%\n", *committed[1:]],
        ["right: 89.0%\n", *committed[1:]],
        [committed[0], "27563 parameters", "<picture>"],
        committed[:2],
    ):
        assert not same(other, committed)


@pytest.mark.slow
@pytest.mark.parametrize("source", ENGLISH, ids=lambda source: source.stem)
def test_run_as_a_script_it_writes_the_pictures_and_says_where(source: Path, tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "cp1252"}
    run = subprocess.run([sys.executable, source], capture_output=True, encoding="cp1252", cwd=tmp_path, env=environment, check=False)
    assert run.returncode == 0, run.stderr
    named = [tmp_path / line.removeprefix("picture: ") for line in run.stdout.splitlines() if line.startswith("picture: ")]
    assert named and sorted(named) == sorted((tmp_path / "tinyseq-pictures").iterdir())
    assert all(file.read_bytes().startswith(b"\x89PNG") for file in named)
    committed = printed(nbformat.read(source.with_suffix(".ipynb"), as_version=4))
    assert len(named) == "".join(committed).count("<picture>")
