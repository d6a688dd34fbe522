"""Files that want to hurt: nothing of them runs, and reading them ends soon."""

from __future__ import annotations

from pathlib import Path

import pytest

from shapecheck import check_file, check_source
from shapecheck.report import github, text
from shapecheck.report import json as json_report

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
