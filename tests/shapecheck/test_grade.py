"""Grading: points, what has no force, attempts to fool it, the spreadsheet, the pages, its speed limit."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from shapecheck.languages import hi
from shapecheck.teaching import expectations, grading
from shapecheck.teaching import submissions as teaching_submissions
from shapecheck.teaching.expectations import CHECKS, Wrong
from shapecheck.teaching.feedback import file_name, page
from shapecheck.teaching.grading import Graded, graded, table
from shapecheck.teaching.marking import marked
from shapecheck.teaching.submissions import MOST_FILES, submissions
from shapecheck.teaching.texts import GRADE
from shapecheck.teaching.worker import Worker
from tests.data.submissions import BROKEN, CELLS, EXPECTED, GOOD, HEAD, SCRIPTS
from tests.house.imports import ROOT

EXPECT = expectations.read(EXPECTED)
FULL = len(EXPECT.checks)


def mark(path: str, folder: str = "", language: str = "en") -> dict[str, Any]:
    return marked(path, EXPECT, folder, language)


def points(found: dict[str, Any]) -> int:
    return sum(check[1] for check in found.get("checks", ()))


def notebook(cells: list[tuple[str, str]]) -> str:
    made = [{"cell_type": kind, "source": text, "metadata": {}, "outputs": []} for kind, text in cells]
    return json.dumps({"cells": made, "nbformat": 4, "nbformat_minor": 5, "metadata": {}})


def test_a_right_model_gets_every_point(tmp_path: Path) -> None:
    (tmp_path / "asha.py").write_text(f"{HEAD}model = {GOOD}\n", encoding="utf-8")
    (tmp_path / "ravi.ipynb").write_text(notebook([("markdown", "text"), ("code", HEAD), ("code", f"model = {GOOD}")]), encoding="utf-8")
    found = graded(str(tmp_path), EXPECT, mark)
    assert [(one.student, one.points, one.of) for one in found] == [("asha", FULL, FULL), ("ravi", FULL, FULL)]
    assert found[0].found["rows"][0] == ["conv2d", "Conv2D", "(26, 26, 8)", "80", "proved"]


@pytest.mark.parametrize("attempt", SCRIPTS)
def test_a_script_cannot_fool_it(attempt: str, tmp_path: Path) -> None:
    (tmp_path / "asha.py").write_text(f"{HEAD}model = {GOOD}\n", encoding="utf-8")
    (tmp_path / "mallory.py").write_text(HEAD + SCRIPTS[attempt], encoding="utf-8")
    assert points(mark(str(tmp_path / "mallory.py"))) < FULL


@pytest.mark.parametrize("attempt", CELLS)
def test_a_notebook_cannot_fool_it(attempt: str, tmp_path: Path) -> None:
    path = tmp_path / "mallory.ipynb"
    path.write_text(notebook([("code", HEAD), *CELLS[attempt]]), encoding="utf-8")
    assert points(mark(str(path))) < FULL


def test_what_has_no_force_is_listed(tmp_path: Path) -> None:
    path = tmp_path / "mallory.py"
    path.write_text(f"{HEAD}model = {BROKEN}  # shapecheck: ignore[SC101]\nx = 1  # Shapecheck: x = (None, 3)\n", encoding="utf-8")
    found = mark(str(path))
    assert found["without_force"] == ["line 3: # shapecheck: ignore[SC101]", "line 4: # Shapecheck: x = (None, 3)"]
    assert [finding[1] for finding in found["findings"]] == ["SC101"]


def test_settings_and_baselines_beside_a_file_have_no_force(tmp_path: Path) -> None:
    folder = tmp_path / "mallory"
    folder.mkdir()
    (folder / "pyproject.toml").write_text('[tool.shapecheck]\nignore = ["ALL"]\nbaseline = "all.json"\n', encoding="utf-8")
    (folder / "requirements.txt").write_text("keras==1.2.2\n", encoding="utf-8")
    (folder / "main.py").write_text(f"{HEAD}model = {BROKEN}\n", encoding="utf-8")
    (one,) = graded(str(tmp_path), EXPECT, mark)
    assert one.points < FULL
    assert one.found["findings"][0][1] == "SC101"


def test_no_link_leaves_the_folder(tmp_path: Path) -> None:
    outside, folder = tmp_path / "outside", tmp_path / "class"
    (folder / "mallory").mkdir(parents=True)
    outside.mkdir()
    (outside / "good.py").write_text(f"{HEAD}model = {GOOD}\n", encoding="utf-8")
    (folder / "link.py").symlink_to(outside / "good.py")
    (folder / "whole").symlink_to(outside)
    (folder / "mallory" / "model.py").symlink_to(outside / "good.py")
    (folder / "mallory" / "more").symlink_to(outside)
    found = graded(str(folder), EXPECT, mark)
    assert {one.student: one.points for one in found} == {"link": 0, "whole": 0, "mallory": 0}
    assert all("a link: links are not read" in problem for one in found for problem in one.problems)


def test_a_folder_that_cannot_be_listed_is_a_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "asha").mkdir()
    (tmp_path / "ravi.py").write_text(f"{HEAD}model = {GOOD}\n", encoding="utf-8")
    scan = os.scandir

    def refused(path: str) -> Any:
        if path.endswith("asha"):
            raise PermissionError(13, "Permission denied", path)
        return scan(path)

    monkeypatch.setattr(os, "scandir", refused)
    found = graded(str(tmp_path), EXPECT, mark)
    assert [(one.student, one.points, one.problems) for one in found] == [("asha", 0, ["asha: Permission denied"]), ("ravi", FULL, [])]


def test_cells_that_do_not_parse_are_named(tmp_path: Path) -> None:
    cells = [("code", HEAD), ("code", "x = ("), ("code", f"model = {GOOD}")]
    (tmp_path / "asha.ipynb").write_text(notebook(cells), encoding="utf-8")
    (one,) = graded(str(tmp_path), EXPECT, mark)
    assert one.points == FULL
    assert one.problems == ["asha.ipynb: cell 2, line 1: '(' was never closed"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_is_a_row_and_does_not_block(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "mallory.py")
    (one,) = graded(str(tmp_path), EXPECT, mark)
    assert one.problems == ["mallory.py: not a file"]


@pytest.mark.parametrize(
    "data", [b"", b"\x00\x01\xff", b"x = (" * 50_000, b"(" * 100_000, b"model = (", b"\xff\xfe\x00", b"# coding: nothing\nmodel = 1\n"]
)
def test_a_file_that_cannot_be_read_is_a_row(data: bytes, tmp_path: Path) -> None:
    for name in ("a.py", "b.ipynb"):
        (tmp_path / name).write_bytes(data)
    found = graded(str(tmp_path), EXPECT, mark)
    assert [(one.student, one.points) for one in found] == [("a", 0), ("b", 0)]


def test_a_folder_counts_by_its_best_file_and_names_it(tmp_path: Path) -> None:
    folder = tmp_path / "asha"
    (folder / "deep").mkdir(parents=True)
    (folder / "a.py").write_text(f"{HEAD}model = {BROKEN}\n", encoding="utf-8")
    (folder / "deep" / "b.py").write_text(f"{HEAD}model = {GOOD}\n", encoding="utf-8")
    (folder / "notes.txt").write_text("text", encoding="utf-8")
    (tmp_path / "empty").mkdir()
    one, other = graded(str(tmp_path), EXPECT, mark)
    assert (one.file, one.points) == (os.path.join("asha", "deep", "b.py"), FULL)
    assert (other.student, other.points, other.problems) == ("empty", 0, ["no .py or .ipynb file"])


def hand_in(folder: Path, files: dict[str, str]) -> None:
    """Writes a student's files."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


MAKES = f"{HEAD}def build():\n    return {GOOD}\n"
TRAINS = 'model.compile("adam", "mse")\nmodel.fit(x, y)\n'


@pytest.mark.parametrize(
    ("files", "counts"),
    [
        ({"model.py": MAKES, "train.py": f"from model import build\nmodel = build()\n{TRAINS}"}, "train.py"),
        ({"model.py": MAKES, "train.py": f"import model as nets\nmodel = nets.build()\n{TRAINS}"}, "train.py"),
        ({"nets/model.py": MAKES, "main.py": f"from nets.model import build\nmodel = build()\n{TRAINS}"}, "main.py"),
        ({"nets/__init__.py": "from .deep import *\n", "nets/deep.py": MAKES, "run.py": "import nets\nnet = nets.build()\n"}, "run.py"),
        ({"model.py": f"{HEAD}net = {GOOD}\n", "train.py": f"from model import net as model\n{TRAINS}"}, "train.py"),
        ({"sizes.py": "UNITS = 10\n", "train.py": f"{HEAD}from sizes import UNITS\nmodel = {GOOD.replace('10', 'UNITS')}\n"}, "train.py"),
        ({"a.py": f"import b\n{MAKES}", "b.py": f"import a\n{HEAD}model = a.build()\n"}, "b.py"),
        ({"src/model.py": MAKES, "src/train.py": f"from model import build\nmodel = build()\n{TRAINS}"}, "src/train.py"),
    ],
)
def test_a_model_from_another_file_of_the_student_counts(files: dict[str, str], counts: str, tmp_path: Path) -> None:
    hand_in(tmp_path / "asha", files)
    (one,) = graded(str(tmp_path), EXPECT, mark)
    assert (one.points, one.problems) == (FULL, [])
    assert mark(str(tmp_path / "asha" / counts), str(tmp_path / "asha"))["model"], "the file that imports has the model too"
    assert points(mark(str(tmp_path / "asha" / counts))) < FULL, "and without its folder it has not"


def test_a_notebook_imports_files_of_its_folder(tmp_path: Path) -> None:
    hand_in(tmp_path / "asha", {"model.py": MAKES})
    cells = [("code", "from model import build"), ("code", f"model = build()\n{TRAINS}")]
    (tmp_path / "asha" / "train.ipynb").write_text(notebook(cells), encoding="utf-8")
    (one,) = graded(str(tmp_path), EXPECT, mark)
    assert (one.file, one.points) == (os.path.join("asha", "train.ipynb"), FULL)


def test_a_finding_in_an_imported_file_names_the_file(tmp_path: Path) -> None:
    files = {"model.py": MAKES.replace(GOOD, BROKEN), "train.py": f"from model import build\nmodel = build()\n{TRAINS}"}
    hand_in(tmp_path / "asha", files)
    found = mark(str(tmp_path / "asha" / "train.py"), str(tmp_path / "asha"))
    assert [finding[1:3] for finding in found["findings"]] == [["SC101", "model.py, line 4"]]


STOLEN = {
    "by name": "from ravi.model import build\nmodel = build()\n",
    "by the name of the file": "from model import build\nmodel = build()\n",
    "relative": "from ..ravi.model import build\nmodel = build()\n",
    "far relative": "from ....class_.ravi.model import build\nmodel = build()\n",
    "a path that is added": "import sys\nsys.path.insert(0, '../ravi')\nfrom model import build\nmodel = build()\n",
    "by text": "import importlib\nmodel = importlib.import_module('ravi.model').build()\n",
    "by its path": "import importlib.util\nspec = importlib.util.spec_from_file_location('m', '../ravi/model.py')\n"
    "m = importlib.util.module_from_spec(spec)\nspec.loader.exec_module(m)\nmodel = m.build()\n",
    "from its text": "exec(open('../ravi/model.py').read())\nmodel = build()\n",
    "a single file": "from meena import build\nmodel = build()\n",
    "a file of the teacher": "from solution import build\nmodel = build()\n",
}
"""What was tried: the text of mallory/main.py."""


@pytest.mark.parametrize("attempt", STOLEN)
def test_no_file_of_another_student_is_read(attempt: str, tmp_path: Path) -> None:
    folder = tmp_path / "class_"
    hand_in(folder / "ravi", {"model.py": MAKES, "__init__.py": ""})
    hand_in(folder, {"meena.py": MAKES})
    hand_in(tmp_path, {"solution.py": MAKES})
    hand_in(folder / "mallory", {"main.py": HEAD + STOLEN[attempt]})
    found = {one.student: one for one in graded(str(folder), EXPECT, mark)}
    assert found["mallory"].points == 0
    assert not found["mallory"].found.get("rows"), "no layer of it is shown on mallory's page"
    hand_in(folder / "mallory" / "deep" / "deeper", {"main.py": HEAD + STOLEN[attempt]})
    assert not mark(str(folder / "mallory" / "deep" / "deeper" / "main.py"), str(folder / "mallory")).get("rows")


def test_a_link_inside_a_folder_is_not_imported(tmp_path: Path) -> None:
    hand_in(tmp_path / "outside", {"model.py": MAKES})
    hand_in(tmp_path / "class_" / "ravi", {"model.py": MAKES})
    mine = tmp_path / "class_" / "mallory"
    hand_in(mine, {"real/model.py": MAKES})
    (mine / "one.py").symlink_to(tmp_path / "outside" / "model.py")
    (mine / "two.py").symlink_to("../ravi/model.py")
    (mine / "three").symlink_to("../ravi")
    (mine / "four.py").symlink_to("real/model.py")
    (mine / "loop").symlink_to(".")
    for number, module in enumerate(("one", "two", "three.model", "four", "loop.real.model", "loop.loop.real.model")):
        path = mine / f"main{number}.py"
        path.write_text(f"from {module} import build\nmodel = build()\n", encoding="utf-8")
        assert not mark(str(path), str(mine))["rows"], module
    ok = mine / "ok.py"
    ok.write_text(f"from real.model import build\nmodel = build()\n{TRAINS}", encoding="utf-8")
    assert points(mark(str(ok), str(mine))) == FULL
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "class_")
    assert {one.student: one.points for one in graded(str(link), EXPECT, mark)} == {"mallory": FULL, "ravi": FULL}, "the teacher's own link"


@pytest.mark.parametrize("name", ["keras.py", "keras/__init__.py", "tensorflow.py", "numpy.py"])
def test_a_file_that_hides_a_library_leaves_no_model_to_count(name: str, tmp_path: Path) -> None:
    mine = tmp_path / "mallory"
    hand_in(mine, dict.fromkeys(("main.py", "deep/main.py"), f"{HEAD}model = {GOOD}\n"))
    hand_in(mine, {name: "class layers:\n    Conv2D = Dense = Flatten = print\n"})
    (one,) = graded(str(tmp_path), EXPECT, mark)
    assert one.points == 0
    assert any(f"Python would import {os.path.normpath(name)} and not the library" in problem for problem in one.problems)


DENSE = "lambda f, k: layers.Dense(f)"
CHANGED = {
    "a layer replaced": f"layers.Conv2D = {DENSE}\n",
    "a layer replaced by its whole name": f"keras.layers.Conv2D = {DENSE}\n",
    "the module under another name": f"import keras.layers as L\nL.Conv2D = {DENSE}\n",
    "an alias of an alias": f"a = keras\nb = a.layers\nb.Conv2D = {DENSE}\n",
    "a class for a class": "class C(layers.Dense):\n    def __init__(self, f, k):\n        super().__init__(f)\nlayers.Conv2D = C\n",
    "the stack replaced": "keras.Sequential = list\n",
    "a method replaced": "keras.Sequential.add = print\n",
    "a method of a layer": "from keras.layers import Conv2D\nConv2D.call = lambda self, x: x\n",
    "setattr": f"setattr(layers, 'Conv2D', {DENSE})\n",
    "type.__setattr__": "type.__setattr__(layers.Conv2D, 'call', print)\n",
    "getattr": f"getattr(keras, 'layers').Conv2D = {DENSE}\n",
    "the module's dictionary": f"layers.__dict__['Conv2D'] = {DENSE}\n",
    "vars": f"vars(layers)['Conv2D'] = {DENSE}\n",
    "update": f"vars(layers).update(Conv2D={DENSE})\n",
    "globals": "globals()['layers'] = print\n",
    "sys.modules": f"import sys\nsys.modules['keras'].layers.Conv2D = {DENSE}\n",
    "a module replaced": "import sys\nsys.modules['keras.layers'] = print\n",
    "import_module": f"import importlib\nimportlib.import_module('keras.layers').Conv2D = {DENSE}\n",
    "mock": f"from unittest import mock\nmock.patch('keras.layers.Conv2D', {DENSE}).start()\n",
    "in a function": f"def go():\n    layers.Conv2D = {DENSE}\ngo()\n",
    "in a loop": "for layers.Conv2D in [print]:\n    pass\n",
    "exec": "exec('layers.Conv2D = layers.Dense')\n",
    "eval": "eval('setattr(layers, \"Conv2D\", print)')\n",
    "del": "del keras.layers.Conv2D\n",
    "walrus": f"(L := layers).Conv2D = {DENSE}\n",
    "annotated": f"L: object = layers\nL.Conv2D = {DENSE}\n",
    "unpacked": f"L, [K] = layers, [keras]\nK.layers.Conv2D = {DENSE}\n",
    "a choice": f"(layers if 1 else 0).Conv2D = {DENSE}\n",
    "builtins": "import builtins\nbuiltins.exec('layers.Conv2D = layers.Dense')\n",
}
"""What was tried before a model that looks right: what runs is another."""
HANDED_ON = {
    "in a list": f"mods = [keras, layers]\nmods[1].Conv2D = {DENSE}\n",
    "in a tuple that is unpacked later": f"both = (keras, layers)\na, b = both\nb.Conv2D = {DENSE}\n",
    "in a dict": f"d = {{'l': layers}}\nd['l'].Conv2D = {DENSE}\n",
    "by the method of a dict": f"d = dict(l=layers)\nd.get('l').Conv2D = {DENSE}\n",
    "by a loop": f"for m in [layers]:\n    m.Conv2D = {DENSE}\n",
    "by with": f"from contextlib import nullcontext\nwith nullcontext(layers) as L:\n    L.Conv2D = {DENSE}\n",
    "as an argument": f"def go(lib):\n    lib.Conv2D = {DENSE}\ngo(layers)\n",
    "as a keyword": f"def go(*, lib):\n    lib.Conv2D = {DENSE}\ngo(lib=layers)\n",
    "as a default": f"def go(lib=layers):\n    lib.Conv2D = {DENSE}\ngo()\n",
    "to a lambda": f"(lambda lib: setattr(lib, 'Conv2D', {DENSE}))(layers)\n",
    "by a comprehension": f"[setattr(m, 'Conv2D', {DENSE}) for m in (layers,)]\n",
    "what a function returns": f"def lib():\n    return layers\nlib().Conv2D = {DENSE}\n",
    "what a generator yields": f"def libs():\n    yield layers\nfor m in libs():\n    m.Conv2D = {DENSE}\n",
    "as an attribute of a class": f"class Box:\n    lib = layers\nBox.lib.Conv2D = {DENSE}\n",
    "as an attribute in capitals": f"class Box:\n    L = layers\nBox.L.Conv2D = {DENSE}\n",
    "as an attribute of an object": f"class Box:\n    def __init__(self, lib):\n        self.lib = lib\nBox(layers).lib.Conv2D = {DENSE}\n",
    "by match": f"match layers:\n    case L:\n        L.Conv2D = {DENSE}\n",
    "by next": f"next(iter([layers])).Conv2D = {DENSE}\n",
    "by append": f"mods = []\nmods.append(layers)\nfor m in mods:\n    m.Conv2D = {DENSE}\n",
    "as a star argument": f"def go(*libs):\n    for lib in libs:\n        lib.Conv2D = {DENSE}\ngo(keras, layers)\n",
    "by a decorator": f"def now(f):\n    f(layers)\n@now\ndef go(lib):\n    lib.Conv2D = {DENSE}\n",
}
"""The library is handed on before it is changed."""
FURTHER = {
    "setattr under another name": f"put = setattr\nput(layers, 'Conv2D', {DENSE})\n",
    "exec under another name": "run = exec\nrun('layers.Conv2D = layers.Dense')\n",
    "partial": f"from functools import partial\npartial(setattr, layers)('Conv2D', {DENSE})\n",
    "map": f"list(map(setattr, [layers], ['Conv2D'], [{DENSE}]))\n",
    "a part of builtins by text": f"import builtins\ngetattr(builtins, 'setattr')(layers, 'Conv2D', {DENSE})\n",
    "from builtins": f"from builtins import setattr as put\nput(layers, 'Conv2D', {DENSE})\n",
    "__builtins__": "__builtins__.exec('layers.Conv2D = layers.Dense')\n",
    "the dictionary under a name": f"d = layers.__dict__\nd['Conv2D'] = {DENSE}\n",
    "operator.setitem": f"import operator\noperator.setitem(vars(layers), 'Conv2D', {DENSE})\n",
    "or-assignment of a dictionary": f"d = vars(layers)\nd |= {{'Conv2D': {DENSE}}}\n",
    "methodcaller": f"import operator\noperator.methodcaller('__setattr__', 'Conv2D', {DENSE})(layers)\n",
    "a bound method": f"put = layers.__setattr__\nput('Conv2D', {DENSE})\n",
    "modules by name": "from sys import modules\nmodules['keras.layers'] = print\n",
    "the frame's names": "import sys\nsys._getframe().f_globals['layers'] = print\n",
    "the names of a function": "def f(): pass\nf.__globals__['layers'] = print\n",
    "the class of a layer": "layers.Dense(1).__class__.call = print\n",
    "the type of a model": "m = keras.Sequential()\ntype(m).add = print\n",
    "a base class": "layers.Dense.mro()[1].__call__ = print\n",
    "subclasses": "[c for c in object.__subclasses__() if c.__name__ == 'Conv2D'][0].call = print\n",
    "an import hook": "import sys\nclass F:\n    def find_spec(self, *a): return None\nsys.meta_path.insert(0, F())\n",
    "runpy": "import runpy\nrunpy.run_path('change.txt')\n",
    "ctypes": "import ctypes\nctypes.pythonapi.PyRun_SimpleString(b'import keras; keras.layers.Conv2D = print')\n",
    "gc": f"import gc\n[o for o in gc.get_objects() if getattr(o, '__name__', '') == 'keras.layers'][0].Conv2D = {DENSE}\n",
    "a module by a name that is put together": f"import importlib\nimportlib.import_module('ke' + 'ras').layers.Conv2D = {DENSE}\n",
    "import under another name": f"get = __import__\nget('keras').layers.Conv2D = {DENSE}\n",
    "builtins replaced": "import builtins\nbuiltins.__import__ = print\n",
    "a pickle in the text": "import pickle\npickle.loads(b'cbuiltins\\nexec\\n(S\"x = 1\"\\ntR.')\n",
    "inspect": f"import inspect\ninspect.getmodule(layers.Dense).Conv2D = {DENSE}\n",
    "the notebook's own functions": "get_ipython().run_cell('layers.Conv2D = layers.Dense')\n",
    "code": "import code\ncode.InteractiveInterpreter(globals()).runsource('layers.Conv2D = layers.Dense')\n",
    "a class that is made by type": f"holder = type('H', (), {{'lib': layers}})\nholder.lib.Conv2D = {DENSE}\n",
    "a thread": f"import threading\ndef go(lib):\n    lib.Conv2D = {DENSE}\nthreading.Thread(target=go, args=(layers,)).start()\n",
    "add_note": f"box = Exception(layers)\nbox.args[0].Conv2D = {DENSE}\n",
    "an except that catches it": f"try:\n    raise RuntimeError(layers)\nexcept RuntimeError as e:\n    e.args[0].Conv2D = {DENSE}\n",
    "the method of a layer in place": "first = layers.Conv2D(8, 3)\nfirst.call = print\n",
    "global": f"def put():\n    global L\n    L = layers\nput()\nL.Conv2D = {DENSE}\n",
}
"""Other ways to it, and text that is run."""
ATTEMPTS = CHANGED | HANDED_ON | FURTHER


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_a_submission_that_changes_the_library_has_no_model_that_counts(attempt: str, tmp_path: Path) -> None:
    mine = tmp_path / "mallory"
    changes = HEAD + ATTEMPTS[attempt]
    hand_in(mine, {"one.py": f"{changes}model = {GOOD}\n"})
    assert points(mark(str(mine / "one.py"))) == 0
    hand_in(mine, {"change.py": changes, "one.py": f"import change\n{HEAD}model = {GOOD}\n"})
    (one,) = graded(str(tmp_path), EXPECT, mark)
    assert one.points == 0
    assert len(one.problems) == 2 and all(problem.endswith("so no model of this file counts") for problem in one.problems)


BETWEEN = {
    "a function of another file": ("def go(lib):\n    lib.Conv2D = print\n", "import change\nchange.go(layers)\n"),
    "imported by name": ("def go(lib):\n    lib.Conv2D = print\n", "from change import go as run\nrun(layers)\n"),
    "a name of another file": ("from keras import layers\nL = [layers]\n", "import change\nchange.L[0].Conv2D = print\n"),
    "a name that is imported": ("from keras import layers\nL = layers\n", "from change import L\nL.Conv2D = print\n"),
    "what its function returns": (f"{HEAD}def lib():\n    return layers\n", "from change import lib\nlib().Conv2D = print\n"),
    "an attribute that it reads": ("def go(box):\n    box.lib.Conv2D = print\n",
                                   "import change\nclass B: pass\nb = B()\nb.lib = layers\nchange.go(b)\n"),
}  # fmt: skip
"""change.py, and what is before the model in the file that is marked."""


@pytest.mark.parametrize("attempt", BETWEEN)
def test_the_library_is_followed_from_file_to_file(attempt: str, tmp_path: Path) -> None:
    other, before = BETWEEN[attempt]
    hand_in(tmp_path / "mallory", {"change.py": other, "one.py": f"{HEAD}{before}model = {GOOD}\n"})
    assert points(mark(str(tmp_path / "mallory" / "one.py"), str(tmp_path / "mallory"))) == 0


def test_an_expression_that_is_too_deep_to_be_followed_is_named(tmp_path: Path) -> None:
    hand_in(tmp_path, {"mallory.py": f"{HEAD}x = layers\nx{'.a' * 20_000}.Conv2D = print\nmodel = {GOOD}\n"})
    (one,) = graded(str(tmp_path), EXPECT, mark)
    assert one.points == 0 and one.problems


@pytest.mark.parametrize("star", ["from keras import *", "from tensorflow.keras import *"])
def test_what_a_star_import_brings_is_the_library(star: str, tmp_path: Path) -> None:
    hand_in(tmp_path, {"mallory.py": f"{star}\nlayers.Conv2D = {DENSE}\n{HEAD.replace('from keras import layers', '')}model = {GOOD}\n"})
    hand_in(tmp_path, {"asha.py": f"from keras.layers import *\n{HEAD}model = {GOOD}\nmodel.note = 1\n"})
    assert [one.points for one in graded(str(tmp_path), EXPECT, mark)] == [FULL, 0]


def test_what_a_student_usually_changes_is_not_the_library(tmp_path: Path) -> None:
    text = (
        f"import os\nimport tensorflow as tf\nimport matplotlib.pyplot as plt\n{HEAD}os.environ['KERAS_BACKEND'] = 'jax'\n"
        "plt.rcParams['font.size'] = 9\nconfig = tf.compat.v1.ConfigProto()\nconfig.gpu_options.allow_growth = True\n"
        f"model = {GOOD}\nmodel.layers[0].trainable = True\nmodel.note = 'x'\nseen = {{}}\nseen.update(a=1)\nsetattr(model, 'y', 1)\n"
        "layers = [1, 2]\nlayers[0] = 3\n"
    )
    hand_in(tmp_path, {"asha.py": text})
    (one,) = graded(str(tmp_path), EXPECT, mark)
    assert (one.points, one.problems) == (FULL, [])


HONEST = {
    "classes in a loop": "for Layer in (layers.Dense, layers.Conv2D):\n    one = Layer(3)\n    one.trainable = False\n",
    "a dict of classes": "kinds = {'dense': layers.Dense}\none = kinds['dense'](3)\none.trainable = False\nkinds['relu'] = layers.ReLU\n",
    "a function as an argument": "class Net(keras.Model):\n    def __init__(self, activation):\n        super().__init__()\n"
    "        self.activation = activation\n        self.dense = layers.Dense(3)\nnet = Net(keras.activations.relu)\n"
    "net.dense.trainable = False\nnet.activation = keras.activations.tanh\n",
    "metrics in a list": "base = keras.applications.MobileNetV2()\nbase.trainable = False\n"
    "model.compile('adam', 'mse', metrics=[keras.metrics.MeanAbsoluteError])\n"
    "model.optimizer.learning_rate = 0.1\nhistory = model.fit(x, y, callbacks=[keras.callbacks.EarlyStopping()])\nhistory.note = 1\n",
    "layers of a model": "for layer in model.layers[:-1]:\n    layer.trainable = False\n"
    "model.layers[-1].activation = keras.activations.linear\n",
    "evaluation mode": "def eval(model):\n    return model.evaluate(x, y)\nprint(eval(model))\nnet.eval()\nimport gc\ngc.collect()\n",
    "a counter of an own class": "class Count(keras.callbacks.Callback):\n    n = 0\n    def on_epoch_end(self, epoch, logs=None):\n"
    "        self.__class__.n += 1\n        setattr(self, 'last', epoch)\n",
    "a magic line as nbconvert writes it": "get_ipython().run_line_magic('matplotlib', 'inline')\nget_ipython().system('pip list')\n",
    "a picture": "import matplotlib.pyplot as plt\nfig, ax = plt.subplots()\n"
    "ax.title = str(layers.Dense)\nplt.rcParams.update({'font.size': 9})\n",
    "data by pickle": "import pickle\ndata = pickle.load(open('cifar', 'rb'))\ndata['x'] = 1\n",
    "a data set": "import tensorflow as tf\ndef pair(a, b):\n    a.note = 1\n    return a, b\n"
    "ds = tf.data.Dataset.range(3).map(pair, num_parallel_calls=tf.data.AUTOTUNE).prefetch(tf.data.AUTOTUNE)\nds.class_names = []\n",
    "a module by its name": "import importlib\nnet = importlib.import_module('resnet')\n",
}  # fmt: skip
"""What a student may write around a model."""


@pytest.mark.parametrize("program", HONEST)
def test_an_honest_program_keeps_its_points(program: str, tmp_path: Path) -> None:
    hand_in(tmp_path, {"asha.py": f"{HEAD}x = y = net = None\nmodel = {GOOD}\n{HONEST[program]}"})
    (one,) = graded(str(tmp_path), EXPECT, mark)
    assert not [why for why in one.problems if "so no model of this file counts" in why], one.problems


@pytest.mark.parametrize("end", ["import sys\nsys.exit()\n", "raise SystemExit\n", "while True:\n    pass\n", "exit()\n"])
@pytest.mark.parametrize("line", ["import stop", "from stop import x", "from stop import *", "import stop as s", "from pack import stop"])
def test_behind_an_import_that_ends_the_program_no_model_counts(end: str, line: str, tmp_path: Path) -> None:
    mine = tmp_path / "mallory"
    hand_in(mine, {"stop.py": end, "pack/stop.py": end, "main.py": f"{line}\n{HEAD}model = {GOOD}\n"})
    assert points(mark(str(mine / "main.py"), str(mine))) < FULL


@pytest.mark.parametrize("end", ["sys.exit()", "raise SystemExit", "exit(1)"])
@pytest.mark.parametrize("call", ["go()", "x = go()", "stop.go()", "again()"])
def test_behind_a_call_that_ends_the_program_no_model_counts(end: str, call: str, tmp_path: Path) -> None:
    mine = tmp_path / "mallory"
    go = f"import sys\ndef go():\n    print('x')\n    {end}\ndef again():\n    go()\n"
    hand_in(mine, {"stop.py": go, "main.py": f"import stop\nfrom stop import *\n{HEAD}{call}\nmodel = {GOOD}\n"})
    assert points(mark(str(mine / "main.py"), str(mine))) < FULL
    if not call.startswith("stop"):
        hand_in(mine, {"alone.py": f"{HEAD}{go}{call}\nmodel = {GOOD}\n"})
        assert points(mark(str(mine / "alone.py"))) < FULL


def test_a_call_that_may_end_the_program_ends_nothing(tmp_path: Path) -> None:
    go = "import sys\ndef usage():\n    print('x')\n    sys.exit()\ndef check(n):\n    if n < 2:\n        usage()\n    return n\n"
    calls = ("check(len(sys.argv))", "if len(sys.argv) < 2:\n    usage()", "check(3)", "try:\n    usage()\nexcept: pass")
    for number, call in enumerate(calls):
        hand_in(tmp_path, {f"a{number}.py": f"{HEAD}{go}{call}\nmodel = {GOOD}\n"})
    assert [one.points for one in graded(str(tmp_path), EXPECT, mark)] == [FULL] * 4


def test_a_package_that_ends_the_program_ends_it_for_its_modules(tmp_path: Path) -> None:
    mine = tmp_path / "mallory"
    hand_in(mine, {"nets/__init__.py": "raise SystemExit\n", "nets/m.py": MAKES, "main.py": "from nets.m import build\nmodel = build()\n"})
    assert points(mark(str(mine / "main.py"), str(mine))) < FULL


def test_a_module_that_python_loaded_before_the_script_is_not_hidden(tmp_path: Path) -> None:
    hand_in(tmp_path / "asha", {"os.py": "raise SystemExit\n", "main.py": f"import os\n{HEAD}model = {GOOD}\n"})
    assert points(mark(str(tmp_path / "asha" / "main.py"), str(tmp_path / "asha"))) == FULL


def test_a_file_named_like_a_module_of_python_is_named_if_it_is_imported(tmp_path: Path) -> None:
    hand_in(tmp_path / "asha", {"random.py": "raise SystemExit\n", "main.py": f"import random\n{HEAD}model = {GOOD}\n"})
    hand_in(tmp_path / "ravi", {"code.py": "x = 1\n", "main.py": f"import os\n{HEAD}model = {GOOD}\n"})
    asha, ravi = graded(str(tmp_path), EXPECT, mark)
    assert asha.points == 0 and "Python would import random.py and not the library of that name (rename it)" in asha.problems[0]
    assert (ravi.points, ravi.problems) == (FULL, [])


def test_comments_in_an_imported_file_have_no_force_and_are_listed(tmp_path: Path) -> None:
    mine = tmp_path / "mallory"
    text = f"{HEAD}n = load()\n# shapecheck: n = 10\ndef build():\n    return {GOOD.replace('10', 'n')}  # shapecheck: ignore\n"
    hand_in(mine, {"model.py": text, "train.py": f"from model import build\nmodel = build()\n{TRAINS}"})
    found = mark(str(mine / "train.py"), str(mine))
    assert points(found) < FULL
    assert found["without_force"] == ["model.py, line 4: # shapecheck: n = 10", "model.py, line 6: # shapecheck: ignore"]


def test_a_table_that_a_student_hands_in_declares_no_size(tmp_path: Path) -> None:
    mine = tmp_path / "mallory"
    text = f"import pandas as pd\n{HEAD}n = pd.read_csv('wide.csv').shape[1]\nmodel = {GOOD.replace('10', 'n')}\n"
    hand_in(mine, {"train.py": text})
    (mine / "wide.csv").write_text(",".join(map(str, range(10))) + "\n", encoding="utf-8")
    assert points(mark(str(mine / "train.py"), str(mine))) < FULL


def test_a_thousand_files_that_import_each_other_end_soon_and_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(teaching_submissions, "MOST_FILES", 10)
    mine = tmp_path / "mallory"
    imports = "".join(f"import m{number:03}\n" for number in range(0, 1000, 20))
    hand_in(mine, {f"m{number:03}.py": f"{imports}{HEAD}" for number in range(1000)} | {"a.py": f"{imports}{HEAD}model = {BROKEN}\n"})
    begun = time.perf_counter()
    (one,) = graded(str(tmp_path), EXPECT, mark)
    assert time.perf_counter() - begun < 60
    assert one.points < FULL
    assert "only the first 10 files are read" in one.problems
    not_read = "imported, but not read: m800.py, m820.py, m840.py and 7 more: too large, or too many files"
    assert f"{os.path.join('mallory', 'a.py')}: {not_read}" in one.problems


def test_a_folder_that_is_very_deep_is_a_row(tmp_path: Path) -> None:
    deep = tmp_path / "mallory" / os.path.join(*["d"] * 100)
    deep.mkdir(parents=True)
    hand_in(deep, {"model.py": f"{HEAD}model = {GOOD}\n"})
    (one,) = graded(str(tmp_path), EXPECT, mark)
    assert (one.points, len(one.problems)) == (0, 1)
    assert one.problems[0].endswith(": too deep, not looked into")


def test_only_the_first_files_of_any_kind_are_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(teaching_submissions, "MOST_ENTRIES", 3)
    hand_in(tmp_path / "mallory", {"a.txt": "", "b.txt": "", "c.txt": "", "model.py": f"{HEAD}model = {GOOD}\n"})
    (one,) = submissions(str(tmp_path))
    assert (one.files, one.problems) == ([], ["only the first 3 files of any kind are looked at"])


def test_a_folder_without_code_names_what_is_in_it(tmp_path: Path) -> None:
    for name in ("a.zip", "b.pdf", "c.docx", "d.png"):
        (tmp_path / "asha").mkdir(exist_ok=True)
        (tmp_path / "asha" / name).write_bytes(b"")
    (one,) = submissions(str(tmp_path))
    assert one.problems == ["no .py or .ipynb file, only a.zip, b.pdf, c.docx, ..."]


def test_the_files_of_one_student_have_a_time_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grading, "LONGEST", 0.005)
    hand_in(tmp_path / "mallory", {"a.py": f"{HEAD}model = {GOOD}\n", "b.py": "x = 1\n"})

    def slowly(path: str, folder: str, language: str) -> dict[str, Any]:
        time.sleep(0.01)
        return mark(path, folder)

    (one,) = graded(str(tmp_path), EXPECT, slowly)
    assert one.points == FULL
    assert one.problems == [f"from {os.path.join('mallory', 'b.py')} on no file is read: those before took 0.005 s"]


def test_the_named_model_counts(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_text(f"{HEAD}net = {GOOD}\nother = {BROKEN}\nother.compile('adam', 'mse')\n", encoding="utf-8")
    assert mark(str(path))["model"] == "other"
    for name, counts in (("net", "net"), ("other", "other"), ("missing", "")):
        assert marked(str(path), expectations.read(f'model = "{name}"'))["model"] == counts


def test_of_very_many_files_the_first_are_read_and_it_says_so(tmp_path: Path) -> None:
    (tmp_path / "mallory").mkdir()
    for number in range(MOST_FILES + 1):
        (tmp_path / "mallory" / f"{number:03}.py").write_text("", encoding="utf-8")
    (one,) = submissions(str(tmp_path))
    assert len(one.files) == MOST_FILES
    assert one.problems == [f"only the first {MOST_FILES} files are read"]


def student(name: str, **found: Any) -> Graded:
    return Graded(name, "x.py", {"checks": [], "rows": [], "findings": [], **found}, 0, 6, ["=problem"])


def test_cells_that_a_spreadsheet_would_run_are_quoted() -> None:
    rows = [student(name, model="@SUM(A1)") for name in ('=HYPERLINK("x")', "+1", "-1", "@A1", "\t=1", "\r=1", "a\nb", "asha")]
    read = list(csv.reader(io.StringIO(table(rows, EXPECT.checks))))
    assert [row[0] for row in read[1:]] == ['\'=HYPERLINK("x")', "'+1", "'-1", "'@A1", "'\t=1", "' =1", "a b", "asha"]
    assert all(row[read[0].index("model")] == "'@SUM(A1)" and row[-1] == "'=problem" for row in read[1:])


@pytest.mark.parametrize("language", ["en", "hi"])
def test_everything_that_a_student_wrote_is_escaped(language: str) -> None:
    evil = "<script>x</script>\"'&"
    one = student(
        evil, model=evil, input=evil, rows=[[evil, evil, evil, evil, "proved"]], findings=[["error", "SC101", "line 1", evil, evil]],
        checks=[["works", False, evil, evil]], without_force=[evil],
    )  # fmt: skip
    one.file = evil
    one.problems = [evil]
    one.language = language
    text = page(one)
    assert "<script" not in text
    title, file_and_model, problem, check, row, caption, finding, comment = 2, 2, 1, 1, 4, 2, 2, 1
    assert text.count("&lt;script&gt;") == title + file_and_model + problem + check + row + caption + finding + comment


def test_a_page_is_in_the_language_of_its_student(tmp_path: Path) -> None:
    hand_in(tmp_path, {"asha.py": f"{HEAD}model = {BROKEN}\n", "ravi.py": f"{HEAD}model = {BROKEN}\n"})
    expected = expectations.read(EXPECTED + 'languages = {asha = "hi"}\n')
    asha, ravi = map(page, graded(str(tmp_path), expected, lambda *given: marked(given[0], expected, *given[1:])))
    assert 'lang="hi"' in asha and 'lang="en"' in ravi
    assert "<strong>त्रुटि SC101</strong> लाइन 3: conv2d: " in asha and "does not fit" not in asha
    assert "<strong>error SC101</strong> line 3: conv2d: a window of 30 does not fit an input of height 28" in ravi
    assert "टूटती परतें: 1, जिन परतों तक पहुँचे नहीं: 2, त्रुटियाँ: 1" in asha and "1 broken, 2 not reached, errors: 1" in ravi


def test_pages_of_students_with_like_names_do_not_meet() -> None:
    taken: set[str] = set()
    names = [file_name(name, taken) for name in ("asha", "Asha", "../asha", "a/s/h", "CON..", "", "मीना")]
    assert names == ["asha.html", "Asha_2.html", "asha_3.html", "a_s_h.html", "CON.html", "student.html", "मीना.html"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("outputs = [10]", "perhaps 'output'"),
        ("output = 10", "expected sizes"),
        ("output = [0]", "expected sizes"),
        ('layers = ["Conv2d"]', "perhaps 'Conv2D'"),
        ("layers = 3", "expected class names"),
        ("layers = {Dense = 0}", "expected class names"),
        ("max_params = -1", "at least 0"),
        ("max_params = true", "at least 0"),
        ("dialect = 4", "expected 1, 2 or 3"),
        ("output = [10]\npoints = {input = 3}", "is not checked"),
        ('languages = {asha = "xx"}', "en and hi"),
        ("output = [", "no TOML"),
    ],
)
def test_wrong_expectations_are_named(text: str, words: str) -> None:
    with pytest.raises(Wrong, match=words):
        expectations.read(text)


def test_points_and_limits(tmp_path: Path) -> None:
    expected = expectations.read(
        'input = ["any", "any", 1]\nlayers = {Conv2D = 2}\nmin_params = 60000\nmax_macs = 1000000\nwarnings = 0\n'
        "points = {works = 5, layers = 0}\n"
    )
    (tmp_path / "a.py").write_text(f"{HEAD}model = {GOOD}\n", encoding="utf-8")
    found = {check[0]: check[1:] for check in marked(str(tmp_path / "a.py"), expected)["checks"]}
    assert found["input"][0]
    assert found["layers"] == [False, "2 Conv2D", "Conv2D"]
    assert found["min_params"] == [False, "60,000", "54,170"]
    assert found["max_macs"] == [True, "1,000,000", "102,752"]
    (one,) = graded(str(tmp_path), expected, lambda path, folder, language: marked(path, expected, folder, language))
    assert (one.points, one.of) == (5 + 1 + 1 + 1, 5 + 1 + 0 + 1 + 1 + 1)


def test_the_words_are_there_in_every_language() -> None:
    def places(text: str) -> set[str]:
        return {part.partition("}")[0] for part in text.split("{")[1:]}

    assert hi.GRADE.keys() == GRADE.keys()
    assert {f"check_{check}" for check in CHECKS} <= GRADE.keys()
    assert all(places(hi.GRADE[key]) == places(text) for key, text in GRADE.items())


def test_a_file_that_takes_too_long_is_a_row_and_the_next_one_is_marked(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("x = 1\n" * 200_000, encoding="utf-8")
    (tmp_path / "b.py").write_text(f"{HEAD}model = {GOOD}\n", encoding="utf-8")
    worker = Worker(EXPECT, seconds=0.001)
    first = worker.mark(str(tmp_path / "a.py"))
    worker.seconds = 60
    second = worker.mark(str(tmp_path / "b.py"))
    worker.close()
    assert first == {"error": "reading it takes longer than 0.001 s"}
    assert points(second) == FULL


def test_a_process_that_does_not_start_is_no_verdict_on_the_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", shutil.which("false") or "false")
    with pytest.raises(RuntimeError, match="did not start"):
        Worker(EXPECT).mark(str(tmp_path))


def run(*words: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "shapecheck", "grade", *words], capture_output=True, text=True, encoding="utf-8", cwd=cwd, check=False,
        env={**os.environ, "PYTHONIOENCODING": "utf-8", "PYTHONPATH": str(ROOT), **environment},
    )  # fmt: skip


def test_the_command_marks_two_hundred_files_and_runs_none(tmp_path: Path) -> None:
    folder = tmp_path / "class"
    folder.mkdir()
    for number in range(200):
        text = f"open('ran', 'w')\n{HEAD}model = {GOOD if number % 2 else BROKEN}\nmodel.compile('adam', 'mse')\n"
        (folder / f"s{number:03}.py").write_text(text, encoding="utf-8")
    (folder / "json.py").write_text("open('ran', 'w')\n", encoding="utf-8")
    (tmp_path / "expect.toml").write_text(EXPECTED + 'languages = {"s00*" = "hi"}\n', encoding="utf-8")
    begun = time.perf_counter()
    (folder / "asha.zip").write_bytes(b"PK")
    done = run(".", "--expect", "../expect.toml", "--csv", "../out.csv", "--pages", "../pages", cwd=folder)
    print(f"200 files: {time.perf_counter() - begun:.2f} s")
    assert done.returncode == 0, done.stderr
    assert done.stderr == "not read, neither .py nor .ipynb: asha.zip\n"
    lines = done.stdout.splitlines()
    assert lines[2] == "s001: 6 of 6"
    assert lines[1].startswith("s000: 3 of 6; works: 1 broken, 2 not-reached, 1 error; output: expected (10), found ?")
    assert not (folder / "ran").exists()
    assert len(list((tmp_path / "pages").iterdir())) == 201
    assert 'lang="hi"' in (tmp_path / "pages" / "s001.html").read_text(encoding="utf-8")
    assert 'lang="en"' in (tmp_path / "pages" / "s101.html").read_text(encoding="utf-8")
    assert len((tmp_path / "out.csv").read_text(encoding="utf-8-sig").splitlines()) == 202


def test_what_cannot_be_read_or_written_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "expect.toml").write_text("output = [10]\n", encoding="utf-8")
    for words, text in (
        (["none", "--expect", "expect.toml"], "No such file"),
        ([".", "--expect", "none.toml"], "No such file"),
        ([".", "--expect", "expect.toml", "--csv", "none/out.csv"], "No such file"),
        (["."], "--expect"),
    ):
        done = run(*words, cwd=tmp_path)
        assert done.returncode == 2
        assert text in done.stderr
        assert "Traceback" not in done.stderr


def test_nothing_counts_in_a_script_that_python_refuses(tmp_path: Path) -> None:
    (tmp_path / "chitra.py").write_text(f"{HEAD}\nmodel = {GOOD}\nprint(model.summary()\n", encoding="utf-8")
    (one,) = graded(str(tmp_path), EXPECT, mark)
    assert one.points == 0 and "'(' was never closed" in one.problems[0]
