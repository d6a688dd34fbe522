"""Files beside the file: what a script or a notebook imports from them is read there, and nothing of them runs."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from shapecheck import check_file, check_source
from shapecheck.__main__ import main
from shapecheck.findings import Report
from shapecheck.report.json import render as in_json
from shapecheck.report.page import render as page
from shapecheck.report.panel import render as panel

NETS = """import keras
from keras import layers

UNITS = 7


def build(width, units=UNITS):
    return keras.Sequential([keras.Input((width,)), layers.Dense(units), layers.Dense(2)])


def block(x, filters):
    x = layers.Conv2D(filters, 3)(x)
    return layers.MaxPooling2D(2)(x)


class Scale(layers.Layer):
    def call(self, x):
        return x * 2


if __name__ == "__main__":
    keras.Sequential([layers.Dense(0)])
"""


def written(folder: Path, **files: str) -> Path:
    """Files of these names and texts; __ in a name is a folder."""
    for name, text in files.items():
        path = folder / (name.replace("__", "/") + ".py")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder / "train.py"


def params(report: Report) -> list[str]:
    return [str(stack.table.params) for stack in report.stacks]


FORMS = {
    "import nets": ("import nets\nmodel = nets.build(5)\n", "nets"),
    "import nets as n": ("import nets as n\nmodel = n.build(5)\n", "nets"),
    "from nets import build": ("from nets import build\nmodel = build(5)\n", "nets"),
    "from .nets import build as b": ("from .nets import build as b\nmodel = b(5)\n", "nets"),
    "from . import nets": ("from . import nets\nmodel = nets.build(5)\n", "nets"),
    "from nets import *": ("from nets import *\nmodel = build(5)\n", "nets"),
    "from package.nets import build": ("from package.nets import build\nmodel = build(5)\n", "package__nets"),
    "import package.nets": ("import package.nets\nmodel = package.nets.build(5)\n", "package__nets"),
    "import package.nets as n": ("import package.nets as n\nmodel = n.build(5)\n", "package__nets"),
    "from package import nets": ("from package import nets\nmodel = nets.build(5)\n", "package__nets"),
    "a name that it imports itself": ("from other import build\nmodel = build(5)\n", "nets"),
}


@pytest.mark.parametrize(("source", "name"), FORMS.values(), ids=FORMS)
def test_every_form_of_import_is_followed(source: str, name: str, tmp_path: Path) -> None:
    path = written(tmp_path, train=source, other="from nets import build\n", **{name: NETS})
    report = check_file(str(path))
    assert (params(report), report.findings) == ([str(5 * 7 + 7 + 7 * 2 + 2)], [])
    assert [Path(file.path).name for file in report.files] == ["train.py", "nets.py"]


def test_layers_and_numbers_of_another_file_are_used_in_a_graph(tmp_path: Path) -> None:
    source = """import keras
from keras import layers
from nets import UNITS, Scale, block
x = start = keras.Input((9, 9, 1))
x = block(Scale()(x), 3)
model = keras.Model(start, layers.Dense(UNITS)(layers.Flatten()(x)))
"""
    report = check_file(str(written(tmp_path, train=source, nets=NETS)))
    assert params(report) == [str(30 + 27 * 7 + 7)]


def test_a_notebook_imports_too(tmp_path: Path) -> None:
    cells = ["%matplotlib inline\nfrom nets import build", "model = build(5)"]
    written(tmp_path, nets=NETS)
    book = tmp_path / "book.ipynb"
    book.write_text(json.dumps({"cells": [{"cell_type": "code", "source": cell} for cell in cells], "nbformat": 4}), encoding="utf-8")
    assert params(check_file(str(book))) == ["58"]


def test_an_error_in_an_imported_builder_is_where_it_is_with_its_caller(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    nets = """import keras
from keras import layers


def build(side):
    return keras.Sequential([
        keras.Input((side, side, 1)),
        layers.Conv2D(4, 5),
    ])
"""
    path = written(tmp_path, train="from nets import build\nsmall = build(9)\nlarge = build(3)\n", nets=nets)
    report = check_file(str(path))
    main_file, beside = report.files
    assert (main_file.findings, len(beside.stacks)) == ([], 2)
    (finding,) = beside.findings
    assert finding.place is not None
    assert (finding.code, finding.place.file, finding.place.line) == ("SC101", str(tmp_path / "nets.py"), 8)
    assert ("call", f"from {path}:3:9") in finding.facts
    assert main(["--no-config", str(path)]) == 1
    printed = capsys.readouterr().out
    assert "layers.Conv2D(4, 5)" in printed and f"{path}:3:9" in printed
    for form in ("json", "concise", "github", "sarif", "html"):
        assert main(["--no-config", "--format", form, str(path)]) == 1
        assert "nets.py" in capsys.readouterr().out


def test_labels_of_a_model_of_another_file_are_checked_where_they_are_given(tmp_path: Path) -> None:
    source = """import numpy as np
from nets import build
model = build(5)
model.compile(loss="mse")
model.fit(np.zeros((6, 5)), np.zeros((6, 3)))
"""
    (finding,) = check_file(str(written(tmp_path, train=source, nets=NETS))).findings
    assert finding.place is not None
    assert (finding.code, finding.place.file, finding.place.line) == ("SC301", str(tmp_path / "train.py"), 5)
    assert not any(repair.proved for repair in finding.repairs)


def test_a_comment_of_the_other_file_holds_there(tmp_path: Path) -> None:
    nets = NETS.replace("layers.Dense(2)", "layers.Reshape((3,))  # shapecheck: ignore\n    ")
    assert check_file(str(written(tmp_path, train="from nets import build\nbuild(5)\n", nets=nets))).findings == []


def test_models_that_the_other_file_makes_for_itself_are_reported_there_only(tmp_path: Path) -> None:
    nets = NETS + "own = build(4)\nbroken = keras.Sequential([keras.Input((4,)), layers.Reshape((3,))])\n"
    path = written(tmp_path, train="from nets import own, build\nmodel = build(5)\n", nets=nets)
    report = check_file(str(path))
    assert (params(report), report.findings) == (["58"], [])
    path.write_text("import numpy as np\nfrom nets import own\nown.predict(np.zeros((6, 3)))\n", encoding="utf-8")
    assert [finding.code for finding in check_file(str(path)).findings] == ["SC303"]


def test_text_that_is_no_file_imports_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(tmp_path, nets=NETS)
    monkeypatch.chdir(tmp_path)
    assert check_source("from nets import build\nmodel = build(5)\n", "train.py").stacks == []


def test_a_folder_is_checked_with_what_its_files_import(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    written(tmp_path, scripts__train="from nets import build\nmodel = build(5)\n", nets=NETS.partition("if __name__")[0])
    assert main(["--no-config", "--format", "json", str(tmp_path)]) == 0
    files = json.loads(capsys.readouterr().out)["files"]
    made = [(Path(file["path"]).name, stack["params"]) for file in files for stack in file["stacks"] if stack["name"] == "model"]
    assert ("nets.py", 58) in made


HOSTILE = {
    "a cycle": {
        "train": "import nets\nnets.build()\n",
        "nets": "import other\ndef build(): return other.x\n",
        "other": "import nets\nx = nets.build\n",
    },
    "itself": {"train": "import train\nfrom train import *\n"},
    "a chain of fifty": {"train": "import n0\n"} | {f"n{place}": f"import n{place + 1}\n" for place in range(50)},
    "a file that does not parse": {"train": "import nets\nnets.build(3)\n", "nets": "def build(:\n"},
    "a file that never ends": {"train": "import nets\n", "nets": "while True:\n    x = 1\n"},
    "a file that would exit": {"train": "import nets\n", "nets": "import sys\nsys.exit(3)\nopen('made', 'w')\n"},
    "a large file": {"train": "from nets import x\n", "nets": "x = 1\n" * 200_000},
}


@pytest.mark.parametrize("files", HOSTILE.values(), ids=HOSTILE)
def test_files_that_mean_harm_are_bounded(files: dict[str, str], tmp_path: Path) -> None:
    train = files["train"] + "import keras\nmodel = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])\n"
    report = check_file(str(written(tmp_path, **{**files, "train": train})))
    assert params(report)[-1:] == ["8"] and not any(file.internal for file in report.files)


def test_a_thousand_files_are_not_all_read(tmp_path: Path) -> None:
    names = [f"part{place}" for place in range(1000)]
    source = "".join(f"import {name}\n" for name in names) + "import keras\nmodel = keras.Sequential([keras.Input((3,))])\n"
    path = written(tmp_path, train=source, **{name: f"x = {place}\n" for place, name in enumerate(names)})
    from shapecheck.reader.beside import MOST_FILES, Beside

    beside = Beside(str(path))
    assert sum(beside.unit(str(tmp_path / f"{name}.py")) is not None for name in names) == MOST_FILES
    assert len(check_file(str(path)).stacks) == 1


@pytest.mark.skipif(not hasattr(os, "symlink"), reason="no links here")
def test_links_out_of_the_folder_and_to_themselves_are_not_followed(tmp_path: Path) -> None:
    outside, inside = tmp_path / "outside", tmp_path / "inside"
    written(outside, nets=NETS)
    source = "from linked import build\nfrom round import build as again\nmodel = build(5)\nother = again(3)\n"
    path = written(inside, train=source)
    (inside / "linked.py").symlink_to(outside / "nets.py")
    (inside / "round.py").symlink_to(inside / "round.py")
    (inside / "folder").symlink_to(inside)
    assert check_file(str(path)).stacks == []


@pytest.mark.parametrize(("head", "call", "width"), [
    ("a,b,c,d", 'pd.read_csv("data/t.csv")', 4),
    ("a;b;c;d", 'pd.read_csv("data/t.csv", sep=";")', 4),
    ('"a, b",c,d', 'pd.read_csv("data/t.csv")', 3),
    ("id,b,c,d", 'pd.read_csv("data/t.csv", index_col="id")', 3),
    ("1,2,3", 'pd.read_csv("data/t.csv", header=None)', 3),
    ("a,b,c", 'pd.read_csv("data/t.csv", usecols=get())', None),
    ("a,b,c", 'pd.read_csv("data/other.csv")', None),
    ("a,b,c", 'pd.read_csv("../../outside/t.csv")', None),
])  # fmt: skip
def test_the_first_line_of_a_table_beside_tells_its_columns(head: str, call: str, width: int | None, tmp_path: Path) -> None:
    folder = tmp_path / "in" / "a" / "b" / "c"
    source = f"import pandas as pd\nimport keras\nx = {call}\n"
    source += "model = keras.Sequential([keras.Input((x.shape[1],)), keras.layers.Dense(2)])\n"
    path = written(folder, train=source)
    (folder / "data").mkdir()
    (folder / "data" / "t.csv").write_text(f"{head}\n1,2,3,4\n", encoding="utf-8")
    (stack,) = check_file(str(path)).stacks
    assert stack.input_shape.sizes[0] == width if width is not None else not stack.input_shape.known


def test_the_table_names_the_file_of_lines_that_are_elsewhere(tmp_path: Path) -> None:
    """A stack of layers of two files, and of two cells: their line numbers alone would be taken for lines of the stack's own."""
    using = "import keras\nfrom keras import layers\nfrom nets import block\ni = keras.Input((16, 16, 3))\nx = layers.Conv2D(4, 1)(i)\n"
    path = written(tmp_path, nets=NETS, train=f"{using}m = keras.Model(i, layers.Flatten()(block(x, 8)))\n")
    report = check_file(str(path))
    _, _, table = panel(report.files[0], report.stacks[0]).partition("line layer")
    rows = [line.split()[0] if line[:4].strip() else line.strip() for line in table.splitlines()[1:7]]
    begin = next(number for number, line in enumerate(NETS.splitlines(), 1) if "Conv2D" in line)
    assert rows == ["5", "-- lines of nets.py --", str(begin), str(begin + 1), "-- lines of train.py --", "6"]
    layers = json.loads(in_json(report))["files"][0]["stacks"][0]["layers"]
    assert [layer.get("line_of", "") for layer in layers] == ["", "", "nets.py", "nets.py", ""]
    assert f'<td class="number">nets.py {begin}</td>' in page(report)

    made = "from keras import layers, Input, Model\ndef block(x):\n    return layers.Dense(5)(x)"
    cells = [made, "i = Input((4,))\nm = Model(i, block(i))"]
    book = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [{"cell_type": "code", "source": cell} for cell in cells]}
    (tmp_path / "book.ipynb").write_text(json.dumps(book), encoding="utf-8")
    report = check_file(str(tmp_path / "book.ipynb"))
    assert "-- lines of cell 1 --" in panel(report.files[0], report.stacks[0])
