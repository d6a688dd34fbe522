"""Comparisons of abstract values: True, False, or unknown."""

from __future__ import annotations

import operator

from shapecheck.reader.code import tensors
from shapecheck.reader.data import arrays
from shapecheck.reader.keras import versions
from shapecheck.reader.values import Array, Items, Table, Traced, Version, is_constant, unknown
from shapecheck.shapes import Unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    import ast
    from typing import Any
else:
    import _ast as ast

_COMPARISONS: dict[type, Any] = {
    ast.Eq: operator.eq, ast.NotEq: operator.ne, ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}  # fmt: skip


def comparison(op: ast.cmpop, left: Any, right: Any) -> Any:
    """left op right."""
    if isinstance(left, Traced) or isinstance(right, Traced):
        return tensors.arithmetic(left, right, op)
    if isinstance(left, Array) or isinstance(right, Array):
        return arrays.arithmetic(left, right, op)
    if isinstance(left, Version) or isinstance(right, Version):
        return versions.compared(type(op).__name__, left, right)
    if isinstance(op, (ast.Is, ast.IsNot)):
        if isinstance(left, Unknown) or isinstance(right, Unknown):
            return unknown("condition", getattr(left, "why", ""))
        same = left is right or (is_constant(left) and is_constant(right) and type(left) is type(right) and left == right)
        return same is isinstance(op, ast.Is)
    known = all(is_constant(side) or (isinstance(side, tuple) and all(map(is_constant, side))) for side in (left, right))
    if isinstance(op, (ast.In, ast.NotIn)):
        return _contained(op, left, right)
    if not known:
        return unknown("condition", next((side.why for side in (left, right) if isinstance(side, Unknown)), ""))
    try:
        return bool(_COMPARISONS[type(op)](left, right))
    except (TypeError, ValueError, ArithmeticError):
        return unknown("condition")


def _contained(op: ast.cmpop, left: Any, right: Any) -> Any:
    items = right if isinstance(right, (str, tuple, Items, Table)) else None
    if items is None or not is_constant(left) or bool(getattr(items, "why", None)):
        return unknown("condition")
    if isinstance(items, str):
        return (isinstance(left, str) and left in items) is isinstance(op, ast.In)
    if not all(map(is_constant, items)):
        return unknown("condition")
    return (left in items) is isinstance(op, ast.In)
