"""left op right: numbers, strings and lists, arrays, and tensors."""

from __future__ import annotations

import _ast as ast
import operator

from shapecheck.languages import because
from shapecheck.reader.code import operations, tensors
from shapecheck.reader.data import arrays
from shapecheck.reader.python import iteration, texts
from shapecheck.reader.values import (
    MOST_BITS,
    MOST_ITEMS,
    Array,
    Items,
    Library,
    Number,
    NumpyInt,
    Offset,
    Symbol,
    Text,
    Traced,
    bounded,
    is_constant,
    unknown,
)
from shapecheck.shapes import Computed, Unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from shapecheck.reader.state import Reader

FAILURES = (TypeError, ValueError, ArithmeticError, AttributeError, LookupError, MemoryError)
"""What Python raises for wrong operands."""
_OPERATORS: dict[type, Any] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv, ast.Mod: operator.mod, ast.BitOr: operator.or_, ast.BitAnd: operator.and_,
    ast.BitXor: operator.xor, ast.RShift: operator.rshift,
}  # fmt: skip
_SIGNS: dict[type, str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.FloorDiv: "//", ast.Mod: "%"}


def _is_number(value: Any) -> bool:
    """An integer, or an unknown value that may be one."""
    return type(value) is int or (isinstance(value, Unknown) and type(value) is not Text)


def binary(reader: Reader, op: ast.operator, left: Any, right: Any) -> Any:
    """left op right."""
    if isinstance(left, Traced) or isinstance(right, Traced):
        return tensors.arithmetic(left, right, op)
    if isinstance(left, Array) or isinstance(right, Array):
        return arrays.arithmetic(left, right, op)
    if isinstance(left, Symbol) or isinstance(right, Symbol):
        return operations.arithmetic(reader, left, right, op)
    if isinstance(op, ast.Mod) and isinstance(left, str):
        return texts.percent(left, right)
    if isinstance(op, ast.Add) and texts.partly(left, right):
        return texts.joined((left, right))
    if isinstance(left, Unknown) and type(right) is int and isinstance(op, (ast.Add, ast.Sub)):
        return Offset(left, right if isinstance(op, ast.Add) else -right)
    if isinstance(right, Unknown) and type(left) is int and isinstance(op, ast.Add):
        return Offset(right, left)
    if any(isinstance(side, Number) for side in (left, right)) and float in map(type, (left, right)):
        return _unknown_number(op, left, right)
    if type(op) in _SIGNS and _is_number(left) and _is_number(right) and (isinstance(left, Unknown) or isinstance(right, Unknown)):
        return Computed(_SIGNS[type(op)], left, right)
    for side in (left, right):
        if isinstance(side, (Unknown, Library)) or not (is_constant(side) or isinstance(side, (tuple, Items))):
            why = side.why if isinstance(side, Unknown) else getattr(getattr(side, "owner", None), "why", "")
            return Unknown(getattr(side, "name", "value"), why or because("the operands are unknown"))
    return _sequence(reader, op, left, right) if isinstance(left, Items) or isinstance(right, Items) else _number(reader, op, left, right)


def _unknown_number(op: ast.operator, left: Any, right: Any) -> Number:
    """Two numbers of which one is unknown at least."""
    kinds = [side.dtype if isinstance(side, Number) else type(side).__name__ for side in (left, right)]
    dtype = "float" if isinstance(op, ast.Div) or "float" in kinds else "int" if kinds == ["int", "int"] else ""
    return Number("value", next(side.why for side in (left, right) if isinstance(side, Number)), dtype)


def _number(reader: Reader, op: ast.operator, left: Any, right: Any) -> Any:
    sizes = [len(side) for side in (left, right) if isinstance(side, (str, bytes, tuple))]
    try:
        if isinstance(op, ast.Mult) and sizes:
            count = left if isinstance(left, int) else right
            if len(sizes) > 1 or not isinstance(count, int) or sizes[0] * max(count, 0) > MOST_ITEMS:
                return unknown("value", because("the value is too large to be kept"))
            reader.take(sizes[0] * max(count, 0))
            return left * right
        if isinstance(op, ast.Mod) and isinstance(left, bytes):
            return unknown("text", because("formatted text is not supported"))
        if isinstance(op, ast.Pow):
            return _power(left, right)
        if isinstance(op, ast.LShift):
            return left << right if 0 <= right < MOST_BITS else unknown("number", because("the number is too large to be kept"))
        function = _OPERATORS.get(type(op))
        result = bounded(function(left, right)) if function else unknown("number")
        return NumpyInt(result) if type(result) is int and NumpyInt in (type(left), type(right)) else result
    except FAILURES as error:
        return unknown("value", because("{kind} in the calculation", kind=type(error).__name__))


def _power(left: Any, right: Any) -> Any:
    if isinstance(left, int) and isinstance(right, int) and left.bit_length() * max(right, 0) > 2 * MOST_BITS:
        return unknown("number", because("the number is too large to be kept"))
    return bounded(left**right)


def _sequence(reader: Reader, op: ast.operator, left: Any, right: Any) -> Any:
    for side in (left, right):
        if isinstance(side, Items) and side.why:
            return Unknown("list", side.why)
    if isinstance(op, ast.Add) and isinstance(left, Items) and isinstance(right, Items):
        result = reader.items(left, left.nodes)
        iteration.extend(reader, result, right)
        return result
    if isinstance(op, ast.Mult):
        items, count = (left, right) if isinstance(left, Items) else (right, left)
        if isinstance(count, int) and len(items) * max(count, 0) <= MOST_ITEMS:
            return reader.items(list(items) * count, items.nodes * count)
    return unknown("list", because("the operands are unknown"))
