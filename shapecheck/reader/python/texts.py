"""Texts put together: f"{name}.h5", "{}.h5".format(name), "%s.h5" % name, "a" + name. Unknown parts stay parts."""

from __future__ import annotations

from shapecheck.languages import because
from shapecheck.reader.values import Offset, Text, bounded, is_constant, unknown
from shapecheck.shapes import Unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

MOST_PARTS = 32


def joined(parts: Sequence[Any]) -> Any:
    """The parts one after another: a string if all are known, else a Text."""
    found: list[Any] = []
    for part in parts:
        for piece in part.parts if isinstance(part, Text) else (part,):
            if not isinstance(piece, Unknown) and not is_constant(piece):
                return unknown("text", because("a part of the text is unknown"))
            piece = piece if isinstance(piece, Unknown) else str(piece)
            if found and isinstance(piece, str) and isinstance(found[-1], str):
                found[-1] += piece
            else:
                found.append(piece)
    if len(found) > MOST_PARTS or sum(len(part) for part in found if isinstance(part, str)) > 10_000:
        return unknown("text", because("the text is too long to be kept"))
    known = all(isinstance(part, str) for part in found)
    return bounded("".join(found)) if known else Text(tuple(found))


def formatted(template: str, args: Sequence[Any], keywords: dict[str, Any]) -> Any:
    """template.format(...) with plain fields only: {}, {0}, {name}."""
    parts: list[Any] = []
    rest, count = template, 0
    while rest:
        before, brace, rest = rest.partition("{")
        if "}" in before or rest.startswith("{"):
            return unknown("text", because("formatted text with braces is not supported"))
        parts.append(before)
        if not brace:
            break
        field, end, rest = rest.partition("}")
        place = count if not field else int(field) if field.isdecimal() and len(field) < 3 else field
        count += not field
        value = keywords.get(place) if isinstance(place, str) else args[place] if place < len(args) else None
        if not end or value is None:
            return unknown("text", because("this field of a formatted text is not supported"))
        parts.append(value)
    return joined(parts)


def percent(template: str, given: Any) -> Any:
    """template % given with %s and %d only."""
    values = list(given) if isinstance(given, tuple) else [given]
    parts: list[Any] = []
    rest = template
    while rest:
        before, sign, rest = rest.partition("%")
        parts.append(before)
        if not sign:
            break
        kind, rest = rest[:1], rest[1:]
        if kind not in ("s", "d") or not values:
            return unknown("text", because("this formatted text is not supported"))
        value = values.pop(0)
        if kind == "d" and not isinstance(value, (int, Unknown)):
            return unknown("text", because("this formatted text is not supported"))
        parts.append(value)
    return unknown("text", because("this formatted text is not supported")) if values else joined(parts)


def partly(left: Any, right: Any) -> bool:
    """Whether left + right is a text with an unknown part."""
    sides = (left, right)
    strings = any(isinstance(side, (str, Text)) for side in sides)
    return strings and all(isinstance(side, (str, Unknown)) for side in sides) and not any(isinstance(side, Offset) for side in sides)
