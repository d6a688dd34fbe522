"""Files that want to hurt: nothing of them runs, and reading them ends soon."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from shapecheck import check_file, check_source
from shapecheck.report import github, text
from shapecheck.report import json as json_report
from tests.house.imports import ROOT
from tests.shapecheck.sweep import files, sweep

HEAD = "import keras\nfrom keras.layers import *\nm = keras.Sequential()\n"
HOSTILE = {
    "a loop of 10**12 rounds": "for i in range(10**12):\n    m.add(Dense(3))",
    "a number of 10**8 digits": "m.add(Dense(10**10**8))",
    "ten gigabytes of text": "m.add(Dense(3, name='a' * 10**10))",
    "a list that holds itself": "a = []\na.append(a)\nm.add(Dense(a))\nkeras.Sequential(a)",
    "a list of 2**200 items": "a = [1]\n" + "a = [a, a]\n" * 200 + "m.add(Dense(a))",
    "a model that holds itself": "m.add(m)\nm.summary()",
    "two models that hold each other": "n = keras.Sequential([m])\nm.add(n)\nm.build((None, 3))",
    "brackets in brackets": "x = " + "[" * 10_000 + "]" * 10_000,
    "attributes of attributes": "x = m" + ".a" * 5_000,
    "a function that calls itself twice": "def f(n):\n    return f(n + 1) + f(n + 2)\nf(0)",
    "while True": "while True:\n    m.add(Dense(3))",
    "loops in loops": "for a in range(200):\n for b in range(200):\n  for c in range(200):\n   m.add(Dense(3))",
    "a class that makes itself": "class A:\n def __init__(self):\n  self.a = A()\nA()",
    "a null byte": "x = '\0'",
    "half a character": "m.add(Dense('\ud800'))",
    "a size that is no number": "m.add(keras.Input(shape=(1e400,)))\nm.add(Dense(float('nan')))",
    "a count that is no number": "m.add(Dense(float('nan')))",
    "a number too long for Python": "m.add(Dense(" + "9" * 5_000 + "))",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_reading_ends(name: str) -> None:
    report = check_source(HEAD + HOSTILE[name], "hostile.py")
    for module in (text, json_report, github):
        assert isinstance(module.render(report), str)


def test_nothing_of_a_file_is_executed(tmp_path: Path) -> None:
    trap = tmp_path / "sprung"
    spring = f"open({str(trap)!r}, 'w').close()"
    code = f"""
import keras, os
class Meta(type):
    def __new__(*a, **k): {spring}
@(lambda f: {spring})
def f(x={spring}): return x
class A(metaclass=Meta):
    {spring}
    def __init__(self): {spring}
m = keras.Sequential([keras.layers.Lambda(lambda x: {spring}), f(), A(), eval({spring!r}), exec({spring!r})])
__import__('os').system('touch {trap}')
os.system('touch {trap}')
print(f"{{{spring}}}")
"""
    path = tmp_path / "trap.py"
    path.write_text(code, encoding="utf-8")
    assert check_file(str(path)).stacks
    assert not trap.exists()


@pytest.mark.parametrize("data", [b"", b"\xff\xfe\x00", bytes(range(256)) * 20, b"{", b"\x89PNG\r\n\x1a\n"])
def test_bytes_that_are_no_source_do_not_crash(tmp_path: Path, data: bytes) -> None:
    for name in ("x.py", "x.ipynb"):
        path = tmp_path / name
        path.write_bytes(data)
        assert not check_file(str(path)).stacks


COPIES = "for a in range(200):\n for b in range(200):\n  for c in range(200):\n   "
HOARDS = {
    "long lists in loops": "xs = []\n" + COPIES + "xs.append([0] * 10000)",
    "long tuples in loops": "xs = {}\n" + COPIES + "xs[a * 40000 + b * 200 + c] = (0,) * 10000",
    "copies of a long list": "xs = [0] * 10000\nys = []\n" + COPIES + "ys.append(list(xs))",
    "long lists in comprehensions": "xs = [[[0] * 10000 for i in range(1000)] for j in range(1000)]",
    "zips of long ranges": "x = range(10000)\ny = [list(zip(x, x, x, x, x)) for i in range(900)]",
    "models of thousands of layers in loops": "ms = []\n" + COPIES + "ms.append(keras.Sequential([Dense(3)] * 2000))",
}


BOMBS = {
    "random bytes": bytes(random.Random(3).randrange(256) for _ in range(200_000)),
    "one line of ten million characters": b"import keras\nx = [" + b"1," * 5_000_000 + b"]\n",
    "ten million characters of one name": b"import keras\n" + b"x" * 10_000_000,
    "a text of ten million characters": b"import keras\nx = '" + b"a" * 10_000_000 + b"'\n",
    "a million lines": b"import keras\n" + b"x = 1\n" * 1_000_000,
    "ten thousand brackets": b"import keras\nx = " + b"(" * 10_000 + b")" * 10_000,
    "ten thousand unary signs": b"import keras\nx = " + b"-" * 10_000 + b"1",
    "ten thousand operators": b"import keras\nx = " + b"1+" * 10_000 + b"1",
    "ten thousand branches": b"import keras\n" + b"if a:\n x = 1\nel" * 10_000 + b"se:\n x = 2",
    "a tower of powers": b"import keras\nm = keras.Sequential([keras.layers.Dense(9**9**9**9**9)])",
    "shifts": b"import keras\nm = keras.Sequential([keras.layers.Dense(1 << 10**12)])",
    "doubling": b"import keras\nx = 'a'\n" + b"x = x + x\n" * 60 + b"m = keras.Sequential([keras.layers.Dense(3, name=x)])",
    "doubling lists": b"import keras\nx = [1]\n" + b"x = x + x\n" * 60 + b"m = keras.Sequential(x)",
    "a list that holds itself, unpacked": b"import keras\na = []\na += [a, *a]\nm = keras.Sequential([*a])\nm.fit(*a)",
    "loops that multiply": b"import keras\nm = keras.Sequential()\n"
    + b"".join(b" " * depth + b"for i in range(10**12):\n" for depth in range(20))
    + b" " * 20
    + b"m.add(keras.layers.Dense(3))",
    **{name: (HEAD + text).encode() for name, text in HOARDS.items()},
}
MOST_MEMORY = 1_000_000_000
"""Bytes of address space: Python's parser takes up to 500 bytes for a character."""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux holds a process to its address space")
@pytest.mark.parametrize("name", BOMBS)
def test_time_and_memory_are_bounded(name: str, tmp_path: Path) -> None:
    import resource

    (tmp_path / "bomb.py").write_bytes(BOMBS[name])
    command = [sys.executable, "-m", "shapecheck", "--no-config", "--format", "json", str(tmp_path / "bomb.py")]

    def hold() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (10, 10))

    run = subprocess.run(command, capture_output=True, preexec_fn=hold, cwd=ROOT, encoding="utf-8")
    assert run.returncode in (0, 1, 2) and not run.stderr, run.stderr[-500:]
    (file,) = json.loads(run.stdout)["files"]
    assert (run.returncode == 2) == ("error" in file)


def test_files_of_the_standard_library_are_read() -> None:
    folders = [Path(sysconfig.get_path("stdlib")) / name for name in ("asyncio", "email", "json", "xml")]
    swept = [sweep(path) for path in files(folders)]
    assert len(swept) > 80
    assert [one for one in swept if one.wrong and "Traceback" in one.wrong] == []


def test_files_of_the_current_folder_that_are_named_like_pythons_modules_are_not_run(tmp_path: Path) -> None:
    for name in ("json", "re", "contextvars", "linecache", "textwrap", "difflib", "tokenize", "tomllib", "argparse", "random"):
        (tmp_path / f"{name}.py").write_text("open('ran', 'w')\n", encoding="utf-8")
    source = "import keras\nm = keras.Sequential([keras.Input((4, 4, 1)), keras.layers.Conv2D(3, 5)])\n"
    (tmp_path / "a.py").write_text(source, encoding="utf-8")
    for words in (["--format", "json", "a.py"], ["a.py"], ["quiz", "--count", "1"], ["migrate", "a.py"], ["."]):
        done = subprocess.run(
            [sys.executable, "-m", "shapecheck", *words], cwd=tmp_path, capture_output=True, text=True, input="", check=False,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )  # fmt: skip
        assert done.returncode in (0, 1), done.stderr
        assert not (tmp_path / "ran").exists(), words
