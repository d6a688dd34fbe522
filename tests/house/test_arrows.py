"""Imports go one way: no circle in a package, every arrow to the left in ORDERS, and nothing hidden from the syntax tree."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from tests.house.arrows import ORDERS
from tests.house.imports import ROOT, circles, edges, imported, lazy, modules
from tests.house.lazy_imports import SAVED

HELD = [package for package, order in ORDERS.items() if order]


@cache
def arrows(package: str) -> dict[str, set[str]]:
    """The arrows of a package as they are read off the source."""
    return edges(dict(modules(package)))


def place(module: str, package: str) -> int:
    """The number of the entry that a module belongs to: its own, else that of the nearest room around it."""
    room = module.removeprefix(package).removeprefix(".")
    while room not in ORDERS[package]:
        room = room.rpartition(".")[0]
        assert room, f"{module} belongs to no entry of ORDERS[{package!r}]: add it where its imports let it stand"
    return ORDERS[package].index(room)


def against(found: dict[str, set[str]], package: str) -> list[str]:
    """The arrows that go to the right."""
    return [
        f"{module} imports {other}"
        for module, others in found.items()
        for other in sorted(others)
        if place(other, package) > place(module, package)
    ]


@pytest.mark.parametrize("package", HELD)
def test_no_modules_import_each_other(package: str) -> None:
    assert circles(arrows(package)) == []


@pytest.mark.parametrize("package", HELD)
def test_every_arrow_goes_the_way_of_the_order(package: str) -> None:
    assert against(arrows(package), package) == []


@pytest.mark.parametrize("package", HELD)
def test_the_order_names_only_what_is_there(package: str) -> None:
    there = {module.removeprefix(package).removeprefix(".") for module in arrows(package)}
    assert [entry for entry in ORDERS[package] if entry not in there] == []


@pytest.mark.parametrize("package", HELD)
def test_one_arrow_turned_round_is_seen(package: str) -> None:
    """Both tests: a circle of two, and an arrow to the right, at the top, inside a function, for the type checker and by name."""
    trees = dict(modules(package))
    module, other = next((a, b) for a, others in arrows(package).items() for b in others if place(b, package) < place(a, package))
    for statement in (
        f"import {module}",
        f"def f():\n    from {module} import thing",
        f"if TYPE_CHECKING:\n    import {module}",
        f"from importlib import import_module\nimport_module('{module}')",
    ):
        turned = edges({**trees, other: ast.parse(ast.unparse(trees[other]) + "\n" + statement)})
        assert any({module, other} <= set(circle) for circle in circles(turned)), statement
        assert f"{other} imports {module}" in against(turned, package), statement


@pytest.mark.parametrize("package", HELD)
def test_what_is_really_imported_goes_the_same_way(package: str, tmp_path: Path) -> None:
    """Imports recorded while the package works, so that import_module and __getattr__ hide none."""
    run = subprocess.run(
        [sys.executable, "-m", "tests.house.recorded", package, str(tmp_path)],
        capture_output=True, text=True, encoding="utf-8", cwd=ROOT, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    found = {module: set(others) for module, others in json.loads(run.stdout.splitlines()[-1]).items()}
    read = arrows(package)
    importing = {module for module, tree in modules(package) if read.keys() & set(imported(tree)) - {module}}
    assert len(found) > len(importing) * 0.95, f"without {importing - found.keys()} this says little"
    assert {module: others - read[module] for module, others in found.items() if others - read[module]} == {}
    assert against(found, package) == []


@pytest.mark.parametrize("package", HELD)
def test_every_import_inside_a_function_saves_the_time_that_is_written_down(package: str) -> None:
    found = {module: set(others) for module, others in lazy(dict(modules(package))).items()}
    assert found == {module: set(others) for module, others in SAVED.items() if module.partition(".")[0] == package}
