"""The command line: exit codes, the JSON contract, and that nothing checked is never called clean."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from shapecheck import check_file, check_source
from shapecheck.__main__ import main
from tests.house.imports import ROOT

GOOD = "import keras\nm = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3)])\n"
BAD = GOOD.replace("Dense(3)", "Dense(-3)")
CUT = f"{GOOD}def broken(:\n"
HIDDEN = "import keras\nm = keras.Sequential([hub.KerasLayer('x')])\n"
HIDDEN_BEHIND_INPUT = HIDDEN.replace("[", "[keras.Input((4,)), ")


@pytest.mark.parametrize(
    ("text", "options", "code"),
    [
        (GOOD, [], 0), (BAD, [], 1), (BAD, ["--ignore", "SC4"], 0), (BAD, ["--select", "SC1"], 0), ("x = 1\n", [], 0),
        (HIDDEN, [], 0), (HIDDEN, ["--strict"], 1), (HIDDEN_BEHIND_INPUT, ["--strict"], 1), ("def (:\n", [], 2),
        (CUT, [], 2), (CUT, ["--strict"], 2),
        (f"{BAD}x = (\n", [], 1), (f"%matplotlib inline\n{GOOD}!ls\n", [], 0), (GOOD, ["--format", "nonsense"], 2),
    ],
)  # fmt: skip
def test_the_exit_code_tells_clean_from_broken_from_unreadable(tmp_path: Path, text: str, options: list[str], code: int) -> None:
    path = tmp_path / "model.py"
    path.write_text(text, encoding="utf-8")
    assert main([str(path), *options]) == code


def test_nothing_proved_is_said(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    path = tmp_path / "model.py"
    path.write_text(HIDDEN, encoding="utf-8")
    main([str(path)])
    assert b"NOT CHECKED" in capfdbinary.readouterr().out


def test_json_keeps_its_contract(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    path = tmp_path / "model.py"
    path.write_text(BAD, encoding="utf-8")
    main([str(path), "--format", "json"])
    document = json.loads(capfdbinary.readouterr().out)
    (file,) = document["files"]
    (stack,) = file["stacks"]
    assert document["version"] == 1
    assert set(file) == {"path", "stacks", "findings"}
    assert set(stack) == {"id", "name", "line", "end_line", "cell", "input_shape", "params", "layers"}
    assert stack["input_shape"] == [None, 4]
    assert [layer["verdict"] for layer in stack["layers"]] == ["proved", "broken"]
    (finding,) = file["findings"]
    assert (finding["code"], finding["line"], finding["layer"], finding["stack"]) == ("SC401", 2, 1, stack["id"])


@pytest.mark.parametrize("name", ["text", "concise", "html"])
def test_a_cell_that_does_not_parse_is_named_by_its_number_and_line(
    name: str, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    path = tmp_path / "book.ipynb"
    sources = ["# A title", GOOD, "%matplotlib inline\nx = (\n", "%%bash\nls (", "m.summary()\n%timeit def"]
    cells = [{"cell_type": "markdown" if text == "# A title" else "code", "source": text} for text in sources]
    path.write_text(json.dumps({"cells": cells, "nbformat": 4}), encoding="utf-8")
    assert main([str(path), "--format", name]) == 0
    text = capfdbinary.readouterr().out.decode()
    assert f"{path}: cell 3, line 2: reading stopped: " in text and text.count("reading stopped") == 1


@pytest.mark.parametrize("line", ["%time # slow", "%time for i in x: m.fit(i)", "%time !ls", "%time class A: pass", "%time -n m.fit(x)"])
def test_what_time_runs_is_read_only_where_it_is_a_statement(line: str) -> None:
    """IPython joins lines of a magic only behind a backslash; everything else of the cell is read."""
    book = {"cells": [{"cell_type": "code", "source": f"import keras\n{line}\n{GOOD}"}], "nbformat": 4}
    assert not check_source(json.dumps(book), "book.ipynb").files[0].problems
    net = "import keras, numpy as np\nm = keras.Sequential([keras.Input((4,)), keras.layers.Dense(2)])\n"
    book = {"cells": [{"cell_type": "code", "source": f"{net}%time m.predict( \\\n  np.ones((3, 5)))"}], "nbformat": 4}
    (finding,) = check_source(json.dumps(book), "book.ipynb").findings
    assert finding.code == "SC303" and finding.place is not None and (finding.place.line, finding.place.column) == (4, 3)


def test_a_line_of_a_script_that_does_not_parse_is_named_without_a_cell(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    path = tmp_path / "model.py"
    path.write_text(f"{GOOD}x = (\n", encoding="utf-8")
    main([str(path)])
    assert f"{path}: line 3: reading stopped: ".encode() in capfdbinary.readouterr().out


@pytest.mark.parametrize("text", ["import keras\nm = keras.Sequential([\n", CUT])
@pytest.mark.parametrize("name", ["text", "concise", "json", "github", "sarif", "html", "junit", "gitlab"])
def test_a_script_with_a_syntax_error_is_never_called_clean(
    name: str, text: str, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    path = tmp_path / "model.py"
    path.write_text(text, encoding="utf-8")
    assert main([str(path), "--format", name]) == 2
    said = capfdbinary.readouterr().out.decode()
    assert said.count("reading stopped: ") == (2 if name == "junit" else 1) and "OK: " not in said
    line = 3 if text is CUT else 2
    if name in ("text", "concise"):
        assert f"{path}: line {line}: reading stopped: " in said and said.endswith(" 1 file could not be read completely.\n")
    elif name == "json":
        (file,) = json.loads(said)["files"]
        assert file["error"].startswith(f"line {line}: reading stopped: ") and len(file["stacks"]) == (text is CUT)
    elif name == "github":
        assert said.startswith(f"::error file={path},line={line}::line {line}: reading stopped: ")
    elif name == "sarif":
        (invocation,) = json.loads(said)["runs"][0]["invocations"]
        assert not invocation["executionSuccessful"]
        assert f"{path}: line {line}: reading stopped: " in invocation["toolExecutionNotifications"][0]["message"]["text"]


@pytest.mark.parametrize("text", ["def (:\n", CUT, None])
@pytest.mark.parametrize("options", [[], ["-j", "2"], ["--format", "sarif"]])
def test_a_script_that_does_not_parse_or_is_not_there_is_not_lost_among_others(
    text: str | None, options: list[str], tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    (tmp_path / "good.py").write_text(GOOD, encoding="utf-8")
    files = [str(tmp_path)] if text else [str(tmp_path), str(tmp_path / "model.py")]
    if text:
        (tmp_path / "model.py").write_text(text, encoding="utf-8")
    assert main([*files, *options]) == 2
    assert b"OK: " not in capfdbinary.readouterr().out


def test_a_comparison_tells_of_a_script_that_does_not_parse(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    for name, text in {"good.py": GOOD, "cut.py": CUT, "bad.py": f"{BAD}x = (\n"}.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert main(["diff", str(tmp_path / "good.py"), str(tmp_path / "cut.py")]) == 2
    assert b"cut.py: line 3: reading stopped: " in capfdbinary.readouterr().out
    assert main(["diff", str(tmp_path / "good.py"), str(tmp_path / "bad.py")]) == 1


@pytest.mark.parametrize(("text", "words"), [(CUT, "line 3: reading stopped: "), ("def (:\n", "cannot be read: line 1: ")])
def test_a_fix_says_what_it_could_not_read(text: str, words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "model.py"
    path.write_text(text, encoding="utf-8")
    assert main(["--fix", str(path)]) == 2
    assert capsys.readouterr().err.startswith(f"{path}: {words}") and path.read_text("utf-8") == text


@pytest.mark.parametrize(
    ("book", "words"),
    [
        ({"cells": [{"cell_type": "code", "source": 7}, None]}, "the source of cell 1 is a number, expected a string or a list of strings"),
        ({"cells": [{"cell_type": "code", "source": ["x = 1\n", 7]}]}, "the source of cell 1 is a list that contains non-strings"),
        ({"cells": [{"cell_type": "code", "source": {"a": 1}}]}, "the source of cell 1 is an object"),
        ({"cells": [{"cell_type": "markdown", "source": 7}, None]}, "cell 2 is null, expected an object with a cell_type"),
        ({"cells": [{"cell_type": "code", "source": ""}, {"source": ""}]}, "cell 2 has no cell_type"),
        ({"cells": {"a": 1}}, "it has no list of cells"), ({"worksheets": [{}]}, "it has no list of cells"),
        ({}, "it has no list of cells"),
        ([1, 2], "a list"), ([], "a list, expected an object with cells"), (7, "a number, expected an object with cells"),
        (True, "a truth value"), ("text", "a text"), (None, "null"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("form", ["text", "json"])
def test_json_that_is_no_notebook_is_said_to_be_none(
    book: object, words: str, form: str, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    path = tmp_path / "book.ipynb"
    path.write_text(json.dumps(book), encoding="utf-8")
    assert main(["--no-config", "--format", form, str(path)]) == 2
    printed = capfdbinary.readouterr()
    assert f"not a notebook: {words}" in printed.out.decode() and not printed.err


def test_a_notebook_of_version_3_and_one_without_code_are_notebooks(tmp_path: Path) -> None:
    old, empty = tmp_path / "old.ipynb", tmp_path / "empty.ipynb"
    cells = [{"cell_type": "code", "input": GOOD.splitlines(keepends=True)}]
    old.write_text(json.dumps({"worksheets": [{"cells": cells}]}), encoding="utf-8")
    empty.write_text('{"cells": []}', encoding="utf-8")
    assert [main(["--no-config", "--strict", str(path)]) for path in (old, empty)] == [0, 0]
    assert [len(check_file(str(path)).stacks) for path in (old, empty)] == [1, 0]


@pytest.mark.parametrize("module", ["shapecheck.cli.command", "shapecheck.reader.values", "shapecheck.layers.dense"])
def test_ctrl_c_while_modules_are_loaded_ends_without_a_traceback(module: str, tmp_path: Path) -> None:
    path = tmp_path / "model.py"
    path.write_text(GOOD, encoding="utf-8")
    code = f"""
import runpy, sys
class Stop:
    def find_spec(self, name, path, target=None):
        if name == {module!r}:
            raise KeyboardInterrupt
sys.meta_path.insert(0, Stop())
sys.argv = ["shapecheck", "--no-config", {str(path)!r}]
runpy.run_module("shapecheck", run_name="__main__")
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, encoding="utf-8", cwd=ROOT)
    assert (run.returncode, run.stdout, run.stderr.strip()) == (130, "", "stopped by Ctrl-C")
