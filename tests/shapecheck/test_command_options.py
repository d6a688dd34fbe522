"""Options of the command line: what-ifs, several processes, folders with excludes, text from standard input."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from shapecheck.__main__ import main

GOOD = "import keras\nm = keras.Sequential([keras.Input((8, 8, 3)), keras.layers.Conv2D(4, 3), keras.layers.Flatten()])\n"
BAD = GOOD.replace("4, 3", "4, 9")


def run(capture: pytest.CaptureFixture[bytes], *words: str) -> tuple[int, str]:
    code = main(list(words))
    return code, capture.readouterr().out.decode()


def layers_of(text: str) -> list[dict[str, Any]]:
    layers: list[dict[str, Any]] = json.loads(text)["files"][0]["stacks"][0]["layers"]
    return layers


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "old").mkdir()
    for name, text in (("a.py", GOOD), ("b.py", BAD), ("c.py", "x = 1\n"), ("old/d.py", BAD)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("written", ["(8, 8, 3)", "shape=(8, 8, 3)", "batch_shape=(None, 8, 8, 3)"])
def test_another_input_gives_another_table(written: str, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    path = tmp_path / "m.py"
    path.write_text(GOOD.replace("(8, 8, 3)", written), encoding="utf-8")
    code, text = run(capfdbinary, str(path), "--format", "json", "--input", "28,30,1")
    assert [layer["output_shape"] for layer in layers_of(text)] == [[None, 28, 30, 1], [None, 26, 28, 4], [None, 2912]]
    assert code == 0 and path.read_text(encoding="utf-8") == GOOD.replace("(8, 8, 3)", written)


def test_another_argument_gives_another_table(folder: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    code, text = run(
        capfdbinary, str(folder / "b.py"), "--format", "json", "--set", "conv2d.kernel_size=(3, 1)", "--set", "conv2d.filters=5"
    )
    assert code == 0
    assert layers_of(text)[1]["output_shape"] == [None, 6, 8, 5]


@pytest.mark.parametrize("name", ["text", "concise", "json", "github", "sarif", "html", "junit", "gitlab"])
def test_a_layer_that_is_not_there_gets_the_names_there_are(name: str, folder: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    code = main([str(folder / "a.py"), "--set", "dense.units=3", "--format", name])
    said = b"".join(capfdbinary.readouterr()).decode()
    assert "--set dense.units: no layer in " in said
    assert "a.py is named dense; the layers are input_layer (line 2), conv2d (line 2), flatten (line 2)" in said
    assert code == 2 and "OK" not in said and "clean" not in said


@pytest.mark.parametrize("processes", ["1", "2"])
def test_a_layer_that_one_of_the_files_has_is_there(processes: str, folder: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    (folder / "b.py").write_text(GOOD.replace("Flatten()", "Dense(5)"), encoding="utf-8")
    words = [str(folder / name) for name in ("a.py", "b.py", "c.py")]
    assert run(capfdbinary, *words, "-j", processes, "--set", "dense.units=3")[0] == 0
    code, text = run(capfdbinary, *words, "-j", processes, "--set", "dense.units=3", "--set", "dense_9.units=3")
    assert code == 2 and text.endswith("NOT ANSWERED: --set dense_9.units; without: 4 of 4 layers proved.\n")


def test_what_cannot_be_changed_in_the_source_is_not_answered(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    path = tmp_path / "m.py"
    path.write_text(GOOD.replace("Flatten()", "Flatten, keras.layers.Dense(3)"), encoding="utf-8")
    code, text = run(capfdbinary, str(path), "--set", "flatten.data_format=channels_first")
    assert code == 2 and "NOT ANSWERED: --input or --set; without: " in text
    code, text = run(capfdbinary, str(path), "--set", "flatten.data_format=channels_first", "--set", "conv2d.padding=same")
    assert code == 1 and "this place of the source cannot be changed" in text and "NOT ANSWERED" not in text


def test_a_layer_asked_for_twice_is_not_there_either(folder: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    code, text = run(capfdbinary, str(folder / "a.py"), "--set", "dense.units=3", "--set", "dense.units=4")
    assert code == 2 and text.endswith("NOT ANSWERED: --set dense.units; without: 2 of 2 layers proved.\n")


def test_of_very_many_layers_some_are_named(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    path = tmp_path / "m.py"
    path.write_text(f"import keras\nm = keras.Sequential([keras.Input((4,)), {'keras.layers.Dense(3), ' * 40}])\n", encoding="utf-8")
    _, text = run(capfdbinary, str(path), "--set", "conv2d.filters=3")
    assert "the layers are input_layer (line 2), dense (line 2), " in text and "dense_28 (line 2) and 11 more" in text


NESTED = """import keras
from keras import layers
features = keras.Sequential([keras.Input((28, 28, 1)), layers.Conv2D(8, 3), layers.MaxPooling2D(2)], name="features")
end = keras.Sequential([layers.Flatten(), layers.Dense(5, name="inmost")], name="end")
head = keras.Sequential([layers.Conv2D(4, 3), end], name="head")
model = keras.Sequential([features, head, layers.Dense(3)])
"""


@pytest.mark.parametrize("name", ["inmost", "end/inmost", "head/end/inmost", "model/head/end/inmost"])
def test_a_layer_inside_models_is_reached_by_its_name(name: str, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    path = tmp_path / "net.py"
    path.write_text(NESTED, encoding="utf-8")
    code, text = run(capfdbinary, str(path), "--format", "json", "--set", f"{name}.units=7")
    assert code == 0 and [layer["output_shape"] for layer in layers_of(text)] == [[None, 13, 13, 8], [None, 7], [None, 3]]


def test_a_name_of_two_inner_layers_is_told_the_whole_names(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    path = tmp_path / "net.py"
    path.write_text(NESTED, encoding="utf-8")
    code, text = run(capfdbinary, str(path), "--set", "conv2d.kernel_size=5")
    assert code == 2 and "net.py are named conv2d; write features/conv2d (line 3) or head/conv2d (line 5)" in text
    asked = ["--set", "head/conv2d.filters=6", "--set", "features/conv2d.kernel_size=5"]
    code, text = run(capfdbinary, str(path), "--format", "json", *asked)
    assert code == 0 and [layer["params"] for layer in layers_of(text)] == [8 * 26, 6 * (9 * 8 + 1) + 5 * (10 * 10 * 6 + 1), 18]
    code, text = run(capfdbinary, str(path), "--set", "nose.units=7")
    assert code == 2 and "the layers are features (line 6), head (line 6), dense (line 6), features/input_" in text
    assert "features/conv2d (line 3), features/max_pooling2d (line 3), head/conv2d (line 5), head/end (line 5), head/end/fl" in text


def test_inner_layers_of_one_whole_name_are_told_their_stacks(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    path = tmp_path / "net.py"
    stack = '{0} = keras.Sequential([keras.Input((4,)), keras.Sequential([keras.layers.Dense({1})], name="in")])\n'
    path.write_text("import keras\n" + stack.format("a", 2) + stack.format("b", 3), encoding="utf-8")
    code, text = run(capfdbinary, str(path), "--set", "dense.units=7")
    assert code == 2 and "2 layers in " in text and "are named dense; write a/in/dense (line 2) or b/in/dense (line 3)" in text
    code, text = run(capfdbinary, str(path), "--format", "concise", "--set", "b/in/dense.units=7")
    assert code == 0 and "OK: 2 of 2 layers proved" in text


def test_a_row_of_the_table_goes_before_a_layer_inside_one(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    path = tmp_path / "net.py"
    path.write_text(NESTED.replace("layers.Dense(3)", 'layers.Dense(3, name="inmost")'), encoding="utf-8")
    _, text = run(capfdbinary, str(path), "--format", "json", "--set", "inmost.units=7")
    assert [layer["output_shape"][-1] for layer in layers_of(text)] == [8, 5, 7]


def test_a_bare_word_after_set_is_text(tmp_path: Path, capfdbinary: Any) -> None:
    path = tmp_path / "net.py"
    path.write_text(
        "import keras\nfrom keras import layers\n"
        "m = keras.Sequential([keras.Input((28, 28, 1)), layers.Conv2D(8, 3), layers.Flatten(), layers.Dense(10)])\n", "utf-8"
    )  # fmt: skip
    code, text = run(capfdbinary, str(path), "--set", "conv2d.padding=same")
    assert code == 0 and "(None,28,28,8)" in text and "3 of 3 layers proved" in text


@pytest.mark.parametrize("words", ['"adam", "categorical_crossentropy", ["accuracy"]', '"adam", loss="categorical_crossentropy"'])
def test_a_loss_that_does_not_fit_is_told_wherever_it_is_written(tmp_path: Path, capfdbinary: Any, words: str) -> None:
    path = tmp_path / "net.py"
    stack = "m = keras.Sequential([keras.Input((8,)), keras.layers.Dense(10)])"
    path.write_text(f"import keras\n{stack}\nm.compile({words})\n", "utf-8")
    code, text = run(capfdbinary, str(path))
    assert code == 1 and "SC305" in text and "the loss is set here" in text


@pytest.mark.parametrize(
    "words", [["--input", "a,b"], ["--set", "dense"], ["--set", "dense.units=)"], ["-j", "x"], ["--input", "3", "--fix"]]
)
def test_a_question_that_makes_no_sense_is_refused(words: list[str], folder: Path) -> None:
    assert main([str(folder / "a.py"), *words]) == 2


@pytest.mark.parametrize("name", ["text", "concise", "json", "github"])
def test_several_processes_print_what_one_prints(name: str, folder: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    alone = run(capfdbinary, str(folder), "--format", name)
    shared = run(capfdbinary, str(folder), "--format", name, "-j", "2")
    assert shared == alone
    assert alone[0] == 1


def test_a_folder_is_read_without_what_is_excluded(folder: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    _, text = run(capfdbinary, str(folder), "--format", "json", "--exclude", "old,b.py")
    assert [Path(file["path"]).name for file in json.loads(text)["files"]] == ["a.py", "c.py"]


def test_standard_input_is_called_as_told(monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(BAD.encode()), encoding="utf-8"))
    code, text = run(capfdbinary, "-", "--stdin-filename", "src/net.py", "--format", "concise")
    assert code == 1
    assert text.startswith("src/net.py:2:") and ": conv2d: SC101 " in text


@pytest.mark.parametrize(
    ("words", "nearest"), [(["--select", "SC1O1"], "SC101"), (["--ignore", "SC4,SC555"], "SC5"), (["--select", "E101"], "SC101")]
)
def test_a_code_that_is_nowhere_is_refused_with_the_nearest(
    words: list[str], nearest: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(folder / "b.py"), *words]) == 2
    said = capsys.readouterr()
    assert said.out == "" and nearest in said.err.partition("\n")[0]


@pytest.mark.parametrize("words", [["--select", "SC1"], ["--select", "sc101,ALL"], ["--ignore", "SC4, sc3"], ["--ignore", ""]])
def test_known_codes_and_their_beginnings_are_taken_in_any_case(words: list[str], folder: Path) -> None:
    assert main([str(folder / "b.py"), *words]) == 1


def test_an_unknown_code_in_the_configuration_is_refused(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "pyproject.toml").write_text('[tool.shapecheck]\nignore = ["SC777"]\n', encoding="utf-8")
    assert main([str(folder / "b.py")]) == 2
    assert "pyproject.toml: --ignore SC777" in capsys.readouterr().err


def test_an_empty_selection_is_refused(folder: Path) -> None:
    assert main([str(folder / "b.py"), "--select="]) == 2


def test_a_mistake_of_the_checker_is_no_verdict(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def broken(*_: Any) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr("shapecheck.api.check_units", broken)
    assert main([str(folder / "a.py")]) == 3
    lines = capsys.readouterr().err.splitlines()
    assert "please report this" in lines[0] and lines[1].startswith("Traceback")
    assert lines[-2:] == ["RuntimeError: a bug", f"while reading {folder / 'a.py'}"]


@pytest.mark.parametrize(
    ("text", "words"), [(None, "No such file or directory"), ("{", "delete it"), ('{"a": 1}', "delete it"), ("[]", "delete it")]
)
def test_a_baseline_that_cannot_be_used_is_said(text: str | None, words: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = folder / "there" / "is" / "none" if text is None else folder / "baseline.json"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    assert main([str(folder / "b.py"), "--baseline", str(path)]) == 2
    assert words in capsys.readouterr().err
