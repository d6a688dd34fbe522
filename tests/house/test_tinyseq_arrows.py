"""Inside tinyseq imports go one way, those for type checkers and those inside functions included."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from functools import cache

import pytest

from tests.house.imports import ROOT, modules
from tests.house.tinyseq_arrows import HEAVY, RECORD, SAVED, Arrow, allowed, circles, room, sources, written

BETWEEN = ("tinyseq.engine.",)
"""Rooms whose inner circles are not resolved yet."""


@cache
def imports() -> tuple[tuple[Arrow, bool], ...]:
    found = sources()
    return tuple(written(found, [name for name, _ in (*found, *modules("shapecheck"))]))


def inside_tinyseq() -> set[Arrow]:
    return {arrow for arrow, _ in imports() if arrow[1].partition(".")[0] == "tinyseq"}


@cache
def recorded() -> frozenset[Arrow]:
    run = subprocess.run([sys.executable, "-c", RECORD], capture_output=True, text=True, check=True, cwd=ROOT, encoding="utf-8")
    return frozenset((start, end) for start, end in json.loads(run.stdout.splitlines()[-1]))


def test_no_module_imports_one_above_it() -> None:
    assert not {arrow for arrow in inside_tinyseq() if not allowed(arrow)}


def test_no_modules_import_each_other_in_a_circle() -> None:
    assert not [circle for circle in circles(inside_tinyseq()) if not all(name.startswith(BETWEEN) for name in circle)]


def test_what_really_gets_imported_goes_the_same_way() -> None:
    assert len(recorded()) > 200
    assert not {arrow for arrow in recorded() if not allowed(arrow)}
    both = inside_tinyseq() | recorded()
    assert not [circle for circle in circles(both) if not all(name.startswith(BETWEEN) for name in circle)]


def test_every_module_has_a_room() -> None:
    for name, _ in sources():
        room(name)


def test_an_import_inside_a_function_saves_start_up_time() -> None:
    inside = {arrow for arrow, within in imports() if within}
    light = {arrow for arrow in inside if not any(f"{arrow[1]}.".startswith(f"{name}.") for name in HEAVY)}
    assert {arrow for arrow in light if not arrow[0].startswith(BETWEEN)} == set(SAVED)


def test_every_figure_is_worth_an_import_inside_a_function() -> None:
    assert all(saved >= 1 for saved in (*HEAVY.values(), *SAVED.values()))


@pytest.mark.parametrize(
    "module, line",
    [
        ("tinyseq.engine.plan", "from tinyseq.layers.base import Layer"),
        ("tinyseq.layers.base", "if TYPE_CHECKING:\n    from tinyseq.model import Model"),
        ("tinyseq.training.trainer", "def fit():\n    import tinyseq.sequential"),
        ("tinyseq.weights.weight", "from tinyseq import layers"),
    ],
)
def test_an_arrow_turned_round_is_seen(module: str, line: str) -> None:
    known = [name for name, _ in sources()]
    turned = {arrow for arrow, _ in written([(module, ast.parse(line))], known)}
    assert turned and not any(allowed(arrow) for arrow in turned)


def test_a_circle_is_seen() -> None:
    there = ("tinyseq.sequential", "tinyseq.model")
    assert there in inside_tinyseq() and set(there) in circles({*inside_tinyseq(), there[::-1]})
