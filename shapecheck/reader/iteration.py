"""What iterating over a value gives: its items if they are known one by one, else one unknown item."""

from __future__ import annotations

from typing import Any

from shapecheck.reader.values import Array, Batches, Items, Table, unknown
from shapecheck.shapes import Unknown


def items_of(iterable: Any, most: int) -> list[Any] | None:
    """The items that iterating gives, if they are known and at most `most`."""
    if isinstance(iterable, Items):
        return None if iterable.why or len(iterable) > most else list(iterable)
    if isinstance(iterable, (tuple, range, str)):
        return list(iterable) if len(iterable[: most + 1]) <= most else None
    if isinstance(iterable, Table):
        return None if iterable.why or len(iterable) > most else list(iterable)
    if isinstance(iterable, Batches):
        return None
    return None


def item_of(iterable: Any, name: str) -> Any:
    """One item of something whose items are not known one by one."""
    if isinstance(iterable, Array) and iterable.dims:
        return Array(iterable.dims[1:], iterable.dtype) if len(iterable.dims) > 1 else unknown(name, "a value of an array")
    if isinstance(iterable, Batches):
        return iterable.x if iterable.y is None else (iterable.x, iterable.y)
    why = iterable.why if isinstance(iterable, (Unknown, Items, Table)) else ""
    return unknown(name, why or f"{name} cannot be told")
