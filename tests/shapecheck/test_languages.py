"""Other languages: every sentence that the code says is in their tables, with the same facts; chosen by option or variable."""

from __future__ import annotations

import ast
import json
import os
import pickle
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from pathlib import Path
from string import Formatter
from types import SimpleNamespace
from typing import Any

import pytest

from shapecheck import check_source, languages, layers
from shapecheck.__main__ import main
from shapecheck.cli.files import filtered
from shapecheck.diagnostics.base import ShapeError
from shapecheck.diagnostics.batching import NotBatched
from shapecheck.languages import LANGUAGES, Phrase, columns, current, say, speaking
from shapecheck.layers import Dense
from shapecheck.notebook import Shown
from shapecheck.report import gitlab
from shapecheck.report import json as json_report
from shapecheck.report import page as html_page
from shapecheck.report import text as text_report
from shapecheck.report.fitting import wrapped
from shapecheck.report.panel import render as panel
from shapecheck.shapes import Shape
from tests.house.imports import ROOT
from tests.shapecheck.test_pages import PAGES, example

Said = dict[tuple[str, str], str]
"""English templates by room and name."""
OTHERS = [language for language in LANGUAGES if language != "en"]


def facts(template: str) -> set[str]:
    """What a template names, with the form of numbers: {count:,} is not {count}."""
    return {f"{name}:{form}" for _, name, form, _ in Formatter().parse(template) if name is not None}


def said(source: str, file: str = "") -> Iterator[tuple[tuple[str, str], str]]:
    """Every say(...), Phrase(...) and self.say(...) of a source text: key and English. AssertionError for one that is not literal."""
    tree = ast.parse(source)
    froms = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module == "shapecheck.languages"]
    names = {alias.asname or alias.name for node in froms for alias in node.names if alias.name in ("say", "Phrase", "because")}
    place = file.replace("\\", "/")
    if place.endswith("shapecheck/languages/__init__.py"):
        names = {"say", "Phrase"}
    yield from _said(tree, names, "", file)


def _said(tree: ast.AST, names: set[str], code: str, file: str) -> Iterator[tuple[tuple[str, str], str]]:
    for node in ast.iter_child_nodes(tree):
        inside = code
        if isinstance(node, ast.ClassDef):
            inside = next((ast.literal_eval(call.args[0]) for call in node.decorator_list
                           if isinstance(call, ast.Call) and ast.unparse(call.func) == "diagnostic"), "")  # fmt: skip
        if isinstance(node, ast.Call):
            name = ast.unparse(node.func)
            if ast.unparse(node).startswith("say(self.code, name, english"):
                continue  # Diagnostic.say passes its arguments on
            if name == "because" and name in names:
                yield _literal(node, [ast.Constant("reasons"), *node.args, *node.args], file)
            elif name in names:
                yield _literal(node, [*node.args], file)
            elif name == "self.say":
                yield _literal(node, [ast.Constant(code), *node.args], file)
        yield from _said(node, names, inside, file)


def _literal(node: ast.Call, given: list[ast.expr], file: str) -> tuple[tuple[str, str], str]:
    where = f"{file}:{node.lineno}"
    texts = [item.value for item in given if isinstance(item, ast.Constant) and isinstance(item.value, str) and item.value]
    assert len(texts) == len(given) == 3, f"{where}: room (or the class's code), name and template must be literal"
    room, name, english = texts
    passed = {str(keyword.arg) for keyword in node.keywords}
    assert passed == {fact.partition(":")[0] for fact in facts(english)}, f"{where}: {english!r} does not name what is passed: {passed}"
    return (room, name), english


def everything_said() -> Said:
    """All English templates of both packages. AssertionError if a key has two."""
    found: Said = {}
    for package in ("shapecheck", "tinyseq"):
        for path in sorted((ROOT / package).rglob("*.py")):
            text = path.read_text(encoding="utf-8")
            if any(word in text for word in ("say(", "Phrase(", "because(")):
                for key, english in said(text, str(path)):
                    assert found.setdefault(key, english) == english, f"{path}: {key} is another sentence elsewhere"
    return found


def differences(english: Said, tables: dict[str, dict[str, str]], rooms_of_words: tuple[str, ...]) -> list[str]:
    """What a language lacks, has in excess, or says with other facts."""
    there = {(room, name): text for room, table in tables.items() if room not in rooms_of_words for name, text in table.items()}
    found = [f"missing: {key} {english[key]!r}" for key in english.keys() - there.keys()]
    found += [f"nobody says: {key}" for key in there.keys() - english.keys()]
    found += [f"other facts: {key} {english[key]!r} {there[key]!r}" for key in english.keys() & there.keys()
              if facts(english[key]) != facts(there[key])]  # fmt: skip
    return sorted(found)


WORD_ROOMS = ("quiz", "quiz_layers", "grade", "window")
"""Rooms whose words are tables in English too; their own tests compare them."""


@pytest.mark.parametrize("language", OTHERS)
def test_a_language_has_every_sentence_with_the_same_facts(language: str) -> None:
    tables = import_module(f"shapecheck.languages.{language}").WORDS
    assert differences(everything_said(), tables, WORD_ROOMS) == []


def test_a_missing_an_extra_and_a_changed_sentence_are_found() -> None:
    english = {("SC1", "message"): "{size} is too small", ("SC1", "help"): "write {size:,}"}
    good = {"SC1": {"message": "{size} छोटा है", "help": "{size:,} लिखिए"}}
    assert differences(english, good, ()) == []
    assert [found.partition(":")[0] for found in (
        *differences(english, {"SC1": {"message": good["SC1"]["message"]}}, ()),
        *differences(english, {"SC1": {**good["SC1"], "why": "क्यों"}}, ()),
        *differences(english, {"SC1": {**good["SC1"], "help": "{size} लिखिए"}}, ()),
        *differences(english, {"SC1": {**good["SC1"], "message": "छोटा है"}}, ()),
    )] == ["missing", "nobody says", "other facts", "other facts"]  # fmt: skip


@pytest.mark.parametrize("source", [
    'say("room", "name", f"{size} is too small")',
    'say("room", name, "too small")',
    'say("room", "name", "{size} is too small")',
    'say("room", "name", "too small", size=3)',
    'class A:\n    def message(self):\n        return self.say("message", "too small")',
])  # fmt: skip
def test_a_sentence_that_cannot_be_translated_is_refused(source: str) -> None:
    with pytest.raises(AssertionError):
        list(said(f"from shapecheck.languages import say\n{source}"))


def test_the_code_of_the_class_is_the_room() -> None:
    source = '@diagnostic("SC1", "note")\nclass A:\n    def message(self):\n        return self.say("message", "{n}", n=1)'
    assert list(said(source)) == [(("SC1", "message"), "{n}")]


WRONG = """
import keras, tensorflow as tf
model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
model.compile("sgd", "mse")
model.fit(tf.data.Dataset.from_tensor_slices((tf.zeros((9, 3)), tf.zeros((9, 2)))))
"""


def devanagari(text: str) -> bool:
    return any("\u0900" <= letter <= "\u097f" for letter in text)


def test_the_option_and_the_variable_choose_and_the_option_wins(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "a.py"
    file.write_text(WRONG, encoding="utf-8")
    printed = {}
    for language, words in (("", []), ("", ["--language", "hi"]), ("hi", []), ("hi", ["--language=en"])):
        monkeypatch.setenv("TINYSEQ_LANGUAGE", language)
        assert main([str(file), *words]) == 1
        printed[language, *words] = capsys.readouterr().out
    english, by_option, by_variable, back = printed.values()
    assert english == back and by_option == by_variable and devanagari(by_option) and not devanagari(english)
    assert "SC316" in by_option and ".batch(32)" in by_option


@pytest.mark.parametrize("words", [["--language", "xx"], ["--language"]])
def test_an_unknown_language_is_a_usage_error(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["a.py", *words]) == 2
    assert "--language" in capsys.readouterr().err


def test_an_unknown_language_in_the_variable_is_an_error_of_the_command_and_a_warning_in_python(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TINYSEQ_LANGUAGE", "xx")
    assert main(["a.py"]) == 2
    assert "TINYSEQ_LANGUAGE xx: no words in this language; choose en or hi" in capsys.readouterr().err
    with pytest.warns(UserWarning, match="TINYSEQ_LANGUAGE xx"):
        assert say("SC316", "help", "add it") == "add it"


def test_processes_speak_the_language_of_the_first(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in "ab":
        (tmp_path / f"{name}.py").write_text(WRONG, encoding="utf-8")
    printed = []
    for count in "12":
        assert main([str(tmp_path), "--language", "hi", "-j", count]) == 1
        printed.append(capsys.readouterr().out)
    assert printed[0] == printed[1] and devanagari(printed[0])


def test_codes_comments_and_baselines_do_not_depend_on_the_language(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, baseline = tmp_path / "a.py", tmp_path / "baseline.json"
    file.write_text(WRONG, encoding="utf-8")
    assert main([str(file), "--baseline", str(baseline), "--language", "hi"]) == 0
    assert "SC316" in baseline.read_text(encoding="utf-8") and not devanagari(baseline.read_text(encoding="utf-8"))
    assert main([str(file), "--baseline", str(baseline)]) == 0
    file.write_text(WRONG.rstrip() + "  # shapecheck: ignore[SC316]\n", encoding="utf-8")
    assert main([str(file), "--language", "hi"]) == 0
    capsys.readouterr()


def test_a_fingerprint_does_not_depend_on_the_language(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "a.py"
    file.write_text(WRONG, encoding="utf-8")
    entries = []
    for language in LANGUAGES:
        main([str(file), "--format", "gitlab", "--language", language])
        entries.append(json.loads(capsys.readouterr().out)[0])
    assert len({entry["fingerprint"] for entry in entries}) == 1 and len({entry["description"] for entry in entries}) == len(LANGUAGES)


def test_a_phrase_is_its_english_text_and_is_printed_in_the_current_language() -> None:
    phrase = Phrase("SC316", "message", "{sample} of {accepted}", sample=Phrase("SC316", "help", "one {word}", word="row"), accepted=3)
    assert phrase == "one row of 3" and "".join([phrase]) == "one row of 3"
    assert str(phrase) == f"{phrase}" == "one row of 3"
    with speaking("hi"):
        assert devanagari(str(phrase)) and devanagari(f"{phrase:>5}") and phrase == "one row of 3"
        assert str(pickle.loads(pickle.dumps(phrase))) == str(phrase)
    assert current() == "en"


def test_a_finding_is_put_into_words_when_it_is_printed() -> None:
    finding = NotBatched(Shape((3,)), Shape((None, 3)))
    english = str(finding)
    with speaking("hi"):
        assert devanagari(str(finding)) and "(3,)" in str(finding) and "(None, 3)" in str(finding)
    assert str(finding) == english and not devanagari(english)


def test_a_report_is_put_into_words_when_it_is_printed() -> None:
    (finding,) = check_source(WRONG).findings
    english = finding.words
    with speaking("hi"):
        assert devanagari(finding.words)
    assert finding.words == english


def test_what_comes_out_under_a_repair_is_said_in_the_language() -> None:
    source = "import keras\nm = keras.Sequential([keras.Input((4,)), keras.layers.Dense(6), keras.layers.Reshape((3, 4))])\n"
    (finding,) = check_source(source).findings
    assert str(finding.repairs[0].path) == "output (None, 3, 4)"
    with speaking("hi"):
        assert str(finding.repairs[0].path) == "आउटपुट (None, 3, 4)"


@pytest.mark.parametrize("form", [json_report, gitlab])
def test_formats_for_programs_are_put_into_words_when_they_are_written(form: Any) -> None:
    """All of it: the reason of a broken layer, the names of facts, the cell of a notebook."""
    report = check_source(json.dumps({"cells": [{"cell_type": "code", "source": WIDE}]}), "a.ipynb")
    with speaking("hi"):
        spoken = form.render(report)
        assert "SC101 " in spoken and not re.search(r"\b(window of|why|path|cell \d)\b(?!\":)", spoken), spoken
    assert "window of" in form.render(report)


def test_severities_and_verdicts_follow_the_language() -> None:
    report = check_source(WIDE, "a.py")
    with speaking("hi"):
        assert "त्रुटि[SC101]" in text_report.render(report) and "error[" not in text_report.render(report)
        assert "त्रुटि[SC101]" in html_page.render(report) and "<td>proved</td>" not in html_page.render(report)
    assert "error[SC101]" in text_report.render(report) and "<td>proved</td>" in html_page.render(report)


def test_a_thread_keeps_its_language_while_another_speaks() -> None:
    with ThreadPoolExecutor(1) as pool, speaking("hi"):
        assert pool.submit(say, "quiz", "right", "right").result() == "right"
        assert say("quiz", "right", "right") == "सही"


def test_a_reason_is_said_in_the_language_of_the_report_also_in_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = "import pandas as pd\nimport keras\nx = pd.read_csv('a.csv').values\nm = keras.Sequential([keras.layers.Dense(2)])\n"
    (tmp_path / "a.py").write_text(source + "m.compile(loss='mse')\nm.fit(x, x)\n", encoding="utf-8")
    for form in ("json", "text"):
        main(["--no-config", "--language", "hi", "--format", form, str(tmp_path / "a.py")])
        said_now = " ".join(capsys.readouterr().out.split())
        assert "स्तंभों की संख्या a.csv" in said_now and "the number of columns" not in said_now


# ---------------------------------------------------------------------- every finding


NUMBERS = re.compile(r"\d+")
ENGLISH = re.compile(r"(?<![-\w])(the|is|are|of|not|has|have|with|for|from|and|but|or|got|to|it|its|each|write|use)(?![-\w])")
"""Words that no name of a layer and no code contains: a sentence with them was not translated."""


def in_quotes(text: str) -> str:
    """The text without what is in quotes or parentheses, where code may have any word."""
    return re.sub(r"\"[^\"]*\"|'[^']*'|\([^()]*\)", " ", text)


def found_on(page: Any) -> Any:
    """The finding of a page's Bad example."""
    report = check_source(example(page, "Bad"), getattr(page, "example", "page.py"))
    options = getattr(page, "options", ())
    filtered(report, dict(zip(options[::2], options[1::2], strict=True)))
    return next(finding for finding in report.findings if finding.code == page.code)


NOT_YET = ("SC003", "SC004", "SC005", "SC006")
"""Findings of which a part is still said in English only."""


@pytest.mark.parametrize("page", [page for page in PAGES if page.code not in NOT_YET], ids=lambda page: page.code)
def test_every_finding_speaks_hindi_with_the_same_numbers(page: Any) -> None:
    finding = found_on(page)
    spoken = [finding.diagnostic.message, finding.diagnostic.explanation, finding.diagnostic.help, finding.diagnostic.arithmetic]
    for say_it in spoken:
        english = say_it()
        with speaking("hi"):
            hindi = say_it()
        assert not english or devanagari(hindi) or not re.search("[a-z]{3}", re.sub("floor|log", "", english)), (english, hindi)
        assert {*NUMBERS.findall(english)} == {*NUMBERS.findall(hindi)}, (english, hindi)
        assert not ENGLISH.findall(in_quotes(hindi)), hindi


@pytest.mark.parametrize("refuse", [
    lambda: layers.LayerNormalization(axis="last"),
    lambda: layers.MultiHeadAttention(2, 8, output_shape=0),
    lambda: layers.STFTSpectrogram(frame_length=8, frame_step=9),
    lambda: layers.STFTSpectrogram(frame_length=8, fft_length=4),
    lambda: layers.MelSpectrogram(sequence_length=8, fft_length=4),
    lambda: layers.MelSpectrogram().infer((Shape((None, 800, 1, 1)),)),
    lambda: layers.STFTSpectrogram().infer((Shape((None, 800)),)),
    lambda: layers.SpectralNormalization(layers.Flatten()).infer((Shape((None, 4, 2)),)),
])  # fmt: skip
def test_a_refusal_that_is_on_no_page_speaks_hindi_too(refuse: Callable[[], object]) -> None:
    with pytest.raises(ShapeError) as caught:
        refuse()
    with speaking("hi"):
        spoken = str(caught.value)
    assert devanagari(spoken) and not ENGLISH.findall(in_quotes(spoken)), spoken


@pytest.mark.parametrize("source", [
    "import keras\nclass Own(keras.layers.Layer):\n    def build(self, shape):\n        self.w = self.add_weight('w', (2, 3))\n",
    "import keras\nclass Own(keras.layers.Layer):\n    def build(self, shape):\n        self.w = self.add_weight('w', shape=(2, 3))\n",
])  # fmt: skip
def test_an_old_method_that_is_on_no_page_speaks_hindi_too(source: str) -> None:
    (found,) = [one for one in check_source(source).findings if one.code == "SC704"]
    with speaking("hi"):
        spoken = [found.words, found.diagnostic.help(), *(repair.title for repair in found.repairs)]
    assert all(map(devanagari, spoken)) and not ENGLISH.findall(in_quotes(" ".join(spoken))), spoken


@pytest.mark.parametrize("name", ["text", "concise", "json", "github", "gitlab", "junit", "sarif", "html"])
def test_every_format_speaks_hindi_and_a_console_without_devanagari_gets_escapes_and_a_sentence(tmp_path: Path, name: str) -> None:
    file = tmp_path / "a.py"
    file.write_text(WRONG, encoding="utf-8")
    command = [sys.executable, "-m", "shapecheck", "a.py", "--language", "hi", "--format", name]
    for encoding in ("utf-8", "cp1252"):
        environment = {**os.environ, "PYTHONIOENCODING": encoding, "PYTHONPATH": str(ROOT)}
        done = subprocess.run(command, capture_output=True, cwd=tmp_path, env=environment, check=False)
        printed = done.stdout.decode(encoding if name in ("text", "concise", "github") else "utf-8")
        said_beside = done.stderr.decode(encoding)
        assert done.returncode == 1, said_beside
        if encoding == "utf-8" or name not in ("text", "concise", "github"):
            assert "डेटासेट" in printed and said_beside == ""
        else:
            assert "\\u0921" in printed and "PYTHONIOENCODING=utf-8" in said_beside


# ---------------------------------------------------------------------- columns, Python, a third language


WIDE = """
import keras
from keras import layers
model = keras.Sequential([
    keras.Input((32, 32, 3)), layers.Conv2D(32, 5, strides=2), layers.MaxPooling2D(2), layers.Conv2D(64, 3), layers.MaxPooling2D(3),
    layers.Conv2D(64, 3), layers.Flatten(), layers.Dense(10, activation="softmax"),
])
"""


def test_columns_align_by_what_a_terminal_shows() -> None:
    """Matras and conjuncts take no column: in every row the numbers end at the same columns, and no line of the table has more than 80."""
    file = check_source(WIDE).files[0]
    with speaking("hi"):
        lines = panel(file, file.stacks[0]).splitlines()
    rows = [line for line in lines if re.search(r"\d$", line) and "(None," in line]
    assert len(rows) >= 6 and len({columns(row) for row in rows}) == 1, rows
    assert len({columns(row[: row.index("(None,")]) for row in rows}) == 1 and max(map(columns, lines)) <= 80
    assert {len(row) for row in rows} != {columns(rows[0])}  # or len() would do


@pytest.mark.parametrize("width", range(3, 30))
def test_a_text_is_never_cut_between_a_letter_and_its_signs(width: int) -> None:
    text = "ऊँचाई और चौड़ाई में खिड़की क्षेत्र ज्ञात कीजिए, conv2d_12"
    lines = wrapped(text, width)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(columns(line) <= width and columns(line[:1]) == 1 for line in lines)


def test_an_error_in_python_and_in_a_notebook_speaks_the_language_of_the_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ShapeError) as caught:
        Dense(2.5)  # type: ignore[arg-type]
    english = str(caught.value)
    monkeypatch.setenv("TINYSEQ_LANGUAGE", "hi")
    assert devanagari(str(caught.value)) and "2.5" in str(caught.value) and str(caught.value) != english
    assert devanagari("\n".join(caught.value._render_traceback_()))
    monkeypatch.setenv("TINYSEQ_LANGUAGE", "")
    assert str(caught.value) == english


def test_a_cell_of_a_notebook_is_answered_in_the_language_of_the_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    report = check_source(json.dumps({"cells": [{"cell_type": "code", "source": WIDE}]}), "In.ipynb").files[0]
    monkeypatch.setenv("TINYSEQ_LANGUAGE", "hi")
    assert devanagari(Shown(report, report.findings[0])._repr_html_())


def capitals(template: str) -> str:
    """A template in capitals, its facts as they were."""
    found = ""
    for text, name, form, how in Formatter().parse(template):
        found += text.upper().replace("{", "{{").replace("}", "}}")
        found += "" if name is None else f"{{{name}{(how and f'!{how}') or ''}{(form and f':{form}') or ''}}}"
    return found


def test_a_third_language_is_a_file_and_its_name(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Every English sentence in capitals, as a language of its own."""
    tables: dict[str, dict[str, str]] = {}
    for (room, name), english in everything_said().items():
        tables.setdefault(room, {})[name] = capitals(english)
    assert differences(everything_said(), tables, ()) == []
    monkeypatch.setitem(sys.modules, "shapecheck.languages.xx", SimpleNamespace(WORDS=tables))
    monkeypatch.setattr(languages, "LANGUAGES", (*LANGUAGES, "xx"))
    (tmp_path / "a.py").write_text(WIDE, encoding="utf-8")
    assert main([str(tmp_path / "a.py"), "--language", "xx"]) == 1
    printed = capsys.readouterr().out
    assert "A WINDOW OF 3 DOES NOT FIT AN INPUT OF HEIGHT 1" in printed and "4 OF 7 LAYERS PROVED" in printed
    assert not re.search(r"\b(layers|window|works|line|more|error)\b", printed.replace("layers.", "")), printed


WINDOW = "from keras import Input, Sequential, layers\nm = Sequential([Input((8, 8, 3)), layers.Conv2D(4, 3), layers.Conv2D(4, 7)])\n"
CALLS = (
    "import keras\nfrom foo import load\na = load()\nn = a.size()\n"
    "m = keras.Sequential([keras.Input((8,)), keras.layers.Dense(n), keras.layers.Reshape((4, -1))])\n"
)


@pytest.mark.parametrize("form", ["text", "json", "github", "sarif", "html"])
def test_titles_of_repairs_and_labels_of_places_follow_the_language(
    form: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.py").write_text(WINDOW, encoding="utf-8")
    main(["--no-config", "--language", "hi", "--format", form, str(tmp_path / "a.py")])
    shown = capsys.readouterr().out
    english = ('on line 2 only', "input of at least", "most pixels", "the image starts at", "window does not fit")
    assert [words for words in english if words in shown] == []
    if form in ("text", "json", "html"):
        assert "केवल लाइन 2 पर" in shown


@pytest.mark.parametrize("form", ["json", "junit"])
def test_a_reason_that_was_made_of_another_is_said_in_the_language(form: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.py").write_text(CALLS, encoding="utf-8")
    main(["--no-config", "--language", "hi", "--format", form, str(tmp_path / "a.py")])
    shown = capsys.readouterr().out
    assert "# shapecheck: n = 32" in shown
    assert "is not in the file" not in shown and " below line " not in shown and "is unknown" not in shown


def test_a_phrase_is_english_inside_whatever_language_it_was_made_in() -> None:
    with speaking("hi"):
        inner = Phrase("quiz", "right", "right")
        outer = Phrase("repairs", "two_edits", "{first}, {second}", first=inner, second="x")
        assert outer == "right, x" and str(outer) == "सही, x"


def test_processes_that_are_spawned_speak_the_language_of_the_first(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on Windows and macOS: a forked process has the language already."""
    import multiprocessing

    monkeypatch.setattr(multiprocessing, "Pool", multiprocessing.get_context("spawn").Pool)
    for name in "ab":
        (tmp_path / f"{name}.py").write_text(WRONG, encoding="utf-8")
    assert main([str(tmp_path), "--language", "hi", "-j", "2"]) == 1
    printed = capsys.readouterr().out
    assert printed.count("डेटासेट बैचों में नहीं बँटा") == 2 and "the dataset is not batched" not in printed


def sentences(language: str) -> Iterator[tuple[tuple[str, str], str]]:
    """What the command line and the readers of files say, without their facts."""
    tables = import_module(f"shapecheck.languages.{language}").WORDS
    for (room, name), english in everything_said().items():
        if room in ("command", "system", "reasons"):
            yield (room, name), re.sub(r"\{[^{}]*\}", " ", in_quotes(tables[room][name])) if english else ""


SMALL = {"the", "this", "file", "not", "layer", "shape", "output", "input", "write", "read", "with", "without", "and", "for"}


def test_a_sentence_of_the_command_line_has_no_english_words_but_terms() -> None:
    found = {}
    for key, text in sentences("hi"):
        if key == ("command", "usage"):
            text = "\n".join(line[38:] for line in text.splitlines() if line.startswith("  --"))
        words = {*re.findall(r"(?<![\w./\\-])[a-z]+(?![\w/\\(=.-])", re.sub(r"`[^`]*`|#.*|\[[^\]]*\]", " ", text))} & SMALL
        if words:
            found[key] = words
    assert not found


COMMANDS = {
    "help": (["--help"], 0),
    "quiz help": (["quiz", "--help"], 0),
    "grade help": (["grade", "--help"], 0),
    "window help": (["window", "--help"], 0),
    "an option that is not there": (["--nope"], 2),
    "no file": ([], 2),
    "a level that is not there": (["quiz", "--level", "9"], 2),
    "no whole number": (["quiz", "--count", "x"], 2),
    "what is required": (["grade"], 2),
    "an argument too many": (["window", "--foo"], 2),
    "a code that is not there": (["a.py", "--select", "E1"], 2),
    "a layer that is not there": (["a.py", "--set", "conv9.units=3"], 2),
    "an input that is no shape": (["a.py", "--input", "x"], 2),
    "a file that is not there": (["none.py"], 2),
    "no notebook": (["b.ipynb"], 2),
    "diff": (["diff", "a.py", "d.py"], 0),
    "no difference": (["diff", "a.py", "a.py"], 0),
    "nothing to migrate": (["migrate", "a.py"], 0),
    "migrate": (["migrate", "old.py"], 0),
    "fix": (["d.py", "--fix"], 0),
    "baseline": (["a.py", "--baseline", "base.json"], 0),
    "a model": (["m.json"], 0),
    "a damaged model": (["w.json"], 1),
    "statistics": (["a.py", "--statistics"], 1),
}
"""Command lines, and how each ends."""


@pytest.mark.parametrize("what", COMMANDS)
def test_every_command_speaks_hindi(
    what: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it prints has Hindi words, and none of the small English ones that no code has."""
    words, status = COMMANDS[what]
    model = {"class_name": "Sequential", "config": {"layers": [
        {"class_name": "InputLayer", "config": {"batch_shape": [None, 4], "name": "x", "sparse": True}}]}}  # fmt: skip
    old = "from keras.models import Sequential\nfrom keras.layers import Dense\nm = Sequential()\nm.add(Dense(output_dim=2, input_dim=3))\n"
    files = {"a.py": WIDE, "d.py": WIDE.replace("layers.Conv2D(64, 3), layers.Flatten", "layers.Flatten"), "b.ipynb": "{}", "old.py": old,
             "m.json": json.dumps(model), "w.json": '{"class_name": "Sequential", "class_name": "Model"}'}  # fmt: skip
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    try:
        code = main([*words, "--language", "hi"])
    except SystemExit as end:
        code = int(end.code or 0)
    captured = capsys.readouterr()
    printed = captured.out + captured.err
    plain = re.sub(r"`[^`]*`|\[[^\[\]]*\]|(?m:^[-+ ].*$)" if "diff" in what else r"`[^`]*`|\[[^\[\]]*\]", " ", in_quotes(printed))
    assert code == status, printed
    assert devanagari(printed) and not ENGLISH.findall(plain.replace("--write", " ")), printed


def test_a_phrase_passes_through_json() -> None:
    inner = languages.because("{name} is unknown", name="x")
    kept = json.loads(json.dumps(languages.packed({"why": [languages.because("{why} (line {line})", why=inner, line=3), "plain"]})))
    found = languages.unpacked(kept)["why"]
    assert found == ["x is unknown (line 3)", "plain"]
    with speaking("hi"):
        assert str(found[0]) == "x पता नहीं (लाइन 3)"
