"""Inside tinyseq imports go one way, those for type checkers and those inside functions included."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from tests.house.imports import ROOT, circles, edges, lazy, modules
from tests.house.tinyseq_arrows import HEAVY, SAVED, allowed, room

Arrows = dict[str, set[str]]

@cache
def sources() -> dict[str, ast.Module]:
    return dict(modules("tinyseq"))


@cache
def written() -> Arrows:
    return edges(sources())


def upward(arrows: Arrows) -> list[str]:
    return [f"{one} imports {other}" for one, others in arrows.items() for other in sorted(others) if not allowed((one, other))]


def test_no_module_imports_one_above_it() -> None:
    assert upward(written()) == []


def test_no_modules_import_each_other_in_a_circle() -> None:
    assert circles(written()) == []


def test_what_really_gets_imported_goes_the_same_way(tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "tests.house.recorded", "tinyseq", str(tmp_path)],
        capture_output=True, text=True, encoding="utf-8", cwd=ROOT, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    found = {module: set(others) for module, others in json.loads(run.stdout.splitlines()[-1]).items()}
    assert sum(map(len, found.values())) > 200
    assert upward(found) == []
    assert circles({module: others | found.get(module, set()) for module, others in written().items()}) == []


def test_every_module_has_a_room() -> None:
    for name in sources():
        room(name)


def test_an_import_inside_a_function_saves_start_up_time() -> None:
    found = lazy({**sources(), **dict(modules("shapecheck"))})
    light = {
        (module, other)
        for module, others in found.items()
        if module in sources()
        for other in others
        if not any(f"{other}.".startswith(f"{heavy}.") for heavy in HEAVY)
    }
    assert light == set(SAVED)
    assert all(saved >= 1 for saved in (*HEAVY.values(), *SAVED.values()))


@pytest.mark.parametrize(
    "module, line",
    [
        ("tinyseq.engine.plan", "from tinyseq.layers.base import Layer"),
        ("tinyseq.layers.base", "if TYPE_CHECKING:\n    from tinyseq.model import Model"),
        ("tinyseq.training.trainer", "def fit():\n    import tinyseq.sequential"),
        ("tinyseq.weights.weight", "from tinyseq import layers"),
        ("tinyseq.inputs", "import_module('tinyseq.summary')"),
    ],
)
def test_an_arrow_turned_round_is_seen(module: str, line: str) -> None:
    assert upward(edges({**sources(), module: ast.parse(line)})) != []


def test_a_circle_is_seen() -> None:
    turned = {**written(), "tinyseq.model": {*written()["tinyseq.model"], "tinyseq.sequential"}}
    assert "tinyseq.model" in written()["tinyseq.sequential"] and ["tinyseq.model", "tinyseq.sequential"] in circles(turned)
