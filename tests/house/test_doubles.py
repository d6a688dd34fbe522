"""No logic stands twice: what two places need has one name."""

from __future__ import annotations

import ast

import pytest

from tests.house.arrows import ORDERS
from tests.house.imports import modules

LINES = 12
"""So many statements' lines in a row, alike to the letter, are a piece of logic. Signatures and docstrings do not count."""


def doubled(trees: list[tuple[str, ast.Module]]) -> set[tuple[str, ...]]:
    """Groups of functions that share a run of lines."""
    found: dict[str, set[str]] = {}
    for name, tree in trees:
        for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
            body = [part for part in function.body if not (isinstance(part, ast.Expr) and isinstance(part.value, ast.Constant))]
            lines = "\n".join(map(ast.unparse, body)).split("\n")
            for start in range(len(lines) - LINES + 1):
                found.setdefault("\n".join(lines[start : start + LINES]), set()).add(f"{name}.{function.name}, line {function.lineno}")
    return {tuple(sorted(places)) for places in found.values() if len(places) > 1}


@pytest.mark.parametrize("package", [package for package, order in ORDERS.items() if order])
def test_no_logic_stands_twice(package: str) -> None:
    assert doubled(modules(package)) == set()


def test_doubled_logic_is_seen() -> None:
    function = "def {}(x):\n" + "\n".join(f"    x = x + {count}" for count in range(LINES)) + "\n    return x\n"
    (places,) = doubled([("left", ast.parse(function.format("f"))), ("right", ast.parse(function.format("g")))])
    assert places == ("left.f, line 1", "right.g, line 1")
