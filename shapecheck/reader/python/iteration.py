"""Iteration over a value: its items if all are known, else one unknown item; and lists extended by them."""

from __future__ import annotations

from shapecheck.languages import because
from shapecheck.reader.values import MOST_ITEMS, Array, Batches, Items, Number, SomeLayers, Table, unknown
from shapecheck.shapes import Unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from shapecheck.reader.state import Reader


def items_of(iterable: Any, most: int) -> list[Any] | None:
    """The items of a value, if they are known and at most `most`."""
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
    """One item of a value whose items are not all known."""
    if isinstance(iterable, Array) and iterable.dims:
        if len(iterable.dims) == 1:
            return Number(name, because("a value of an array"), iterable.dtype)
        return Array(iterable.dims[1:], iterable.dtype)
    if isinstance(iterable, SomeLayers):
        return iterable
    if isinstance(iterable, Items) and iterable.of is not None:
        return SomeLayers(iterable.of, iterable.why)
    if isinstance(iterable, Items) and isinstance(iterable.each, (Array, Number)):
        return iterable.each
    if isinstance(iterable, Batches) and "@item" in iterable.attributes:
        return iterable.attributes["@item"]
    if isinstance(iterable, Batches):
        return iterable.x if iterable.y is None else (iterable.x, iterable.y)
    why = iterable.why if isinstance(iterable, (Unknown, Items, Table)) else ""
    return unknown(name, why or f"{name} is unknown")


def extend(reader: Reader, items: Items, more: Any) -> None:
    """list += more; the list becomes uncertain if this may not run."""
    new = items_of(more, MOST_ITEMS)
    if new is None or not reader.certain(items.branch) or len(items) + len(new) > MOST_ITEMS:
        items.each = None
        items.why = items.why or because("unknown items were added to it")
        items.append(unknown("items", items.why))
        items.nodes.append(None)
        return
    if new:
        reader.news()
    items.nodes.extend(more.nodes if isinstance(more, Items) and len(more.nodes) == len(new) else [None] * len(new))
    items.extend(new)
