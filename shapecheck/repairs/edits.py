"""Edits of source text: where an argument, a layer or a line is inserted, and the text after some edits.

An edit is (place, new text); an insertion has a place of width zero. Places are 1-based, in characters (reader/source.py).
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable

from shapecheck.reader.source import Place, Position, Unit, compiled, expression, parse, without_magic

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Union

    from shapecheck.reader.source import Origin

    TextEdit = tuple[Place, str]
    Edit = Union[TextEdit, "Change"]


TOP_LEVEL_AWAIT = 0x2000
"""ast.PyCF_ALLOW_TOP_LEVEL_AWAIT: a notebook's cell may await."""


class Change:
    """An edit of a model in memory: what to do with the layer at a position (carried out by rebuilding.py)."""

    __slots__ = ("position", "words")

    def __init__(self, position: Position, *words: str) -> None:
        self.position = position
        self.words = words


def applied(text: str, edits: Iterable[TextEdit]) -> str | None:
    """The text after all edits; None if two of them touch the same characters.

    >>> applied("Dense(3)", [(Place("a.py", None, 1, 7, 1, 8), "4")])
    'Dense(4)'
    """
    starts = line_starts(text)
    spans = sorted(
        (_offset(starts, place.line, place.column), _offset(starts, place.end_line, place.end_column), new) for place, new in edits
    )
    if any(left[1] > right[0] for left, right in itertools.pairwise(spans)):
        return None
    for start, end, new in reversed(spans):
        text = text[:start] + new + text[end:]
    return text


def line_starts(text: str) -> list[int]:
    """The offset of every line's first character."""
    return [0, *(match.end() for match in re.finditer(r"\r\n|\r|\n", text))]


def _offset(starts: list[int], line: int, column: int) -> int:
    return starts[min(line, len(starts)) - 1] + column - 1


def between(unit: Unit, start: tuple[int, int], end: tuple[int, int]) -> str:
    """The text from (line, column) up to (line, column)."""
    if start[0] == end[0] <= len(unit.lines):
        return unit.lines[start[0] - 1][start[1] - 1 : end[1] - 1]
    starts = line_starts(unit.text)
    return unit.text[_offset(starts, *start) : _offset(starts, *end)]


def written(unit: Unit, node: Any) -> str:
    """The source text of a node."""
    place = unit.place(node)
    return between(unit, (place.line, place.column), (place.end_line, place.end_column))


def point(unit: Unit, line: int, column: int) -> Place:
    """A place of width zero."""
    return Place(unit.file, unit.cell, line, column, line, column)


def set_argument(origin: Origin, name: str, value: str) -> Edit | None:
    """The layer's argument `name` as `value`: replaced if it is written, else added after the last one."""
    if isinstance(origin, Position):
        return Change(origin, "set", name, value)
    node = origin.arguments.get(name)
    if node is None:
        return add_argument(origin.unit, origin.node, f"{name}={value}")
    keyword = type(node).__name__ == "keyword"
    return origin.unit.place(node), f"{name}={value}" if keyword else value


def set_inside(origin: Origin, layer: str, name: str, value: str) -> Edit | None:
    """Like `set_argument`, for the layer inside a wrapper."""
    if isinstance(origin, Position):
        return Change(origin, "set inside", layer, name, value)
    inner: Any = origin.arguments.get(layer)
    call = expression(inner)
    for keyword in getattr(call, "keywords", ()):
        if keyword.arg == name:
            return origin.unit.place(keyword), f"{name}={value}"
    return add_argument(origin.unit, call, f"{name}={value}")


def set_class(origin: Origin, text: str) -> Edit | None:
    """Another class for the layer, with the same arguments."""
    return Change(origin, "class", text) if isinstance(origin, Position) else (origin.function, text)


def set_loss(origin: Origin, name: str) -> Edit | None:
    """The loss of a compile call, where it is written as text."""
    if isinstance(origin, Position):
        return Change(origin, "loss", name)
    node = origin.arguments.get("loss") or origin.arguments.get("1")
    return (origin.unit.place(node), f'"{name}"') if type(node).__name__ == "Constant" else None


def add_argument(unit: Unit, call: Any, text: str) -> TextEdit | None:
    """`text` as the call's last argument; None if this is not a call."""
    if type(call).__name__ != "Call":
        return None
    place = unit.place(call)
    given = [unit.place(node) for node in (*call.args, *call.keywords)]
    if not given:
        return point(unit, place.end_line, place.end_column - 1), text
    last = max(given, key=lambda one: (one.end_line, one.end_column))
    rest = between(unit, (last.end_line, last.end_column), (place.end_line, place.end_column))
    if re.fullmatch(r"\s*,?\s*\)", re.sub(r"#[^\r\n]*", "", rest)):
        return point(unit, last.end_line, last.end_column), f", {text}"
    comma = "" if rest[:-1].rstrip().endswith(",") else ", "
    return point(unit, place.end_line, place.end_column - 1), comma + text


def drop_argument(origin: Origin, name: str) -> Edit | None:
    """The call without that argument, and without the comma beside it."""
    if isinstance(origin, Position):
        return Change(origin, "drop", name) if name in origin.arguments else None
    node, call, unit = origin.arguments.get(name), origin.node, origin.unit
    if node is None or type(call).__name__ != "Call":
        return None
    given = sorted((unit.place(one) for one in (*call.args, *call.keywords)), key=lambda one: one.key)
    here = unit.place(node)
    order = [one.key for one in given].index(here.key)
    if order:
        before = given[order - 1]
        return Place(here.file, here.cell, before.end_line, before.end_column, here.end_line, here.end_column), ""
    if len(given) > 1:
        after = given[1]
        return Place(here.file, here.cell, here.line, here.column, after.line, after.column), ""
    return here, ""


def insert_before(origin: Origin, use: Origin, text: str) -> Edit | None:
    """A new layer `text` before the one at `use`, in a list literal or in a chain of add() calls."""
    if isinstance(use, Position):
        return Change(use, "insert", text)
    unit, place = use.unit, use.unit.place(use.node)
    line = unit.lines[place.line - 1]
    head = line[: place.column - 1]
    added = re.fullmatch(r"(\s*)([\w.]+\.add\()\s*", head)
    if added:
        return point(unit, place.line, 1), f"{added[1]}{added[2]}{text})\n"
    if use.node is not origin.node:
        return None
    if not head.strip():
        return point(unit, place.line, place.column), f"{text},\n{head}"
    return (point(unit, place.line, place.column), f"{text}, ") if head.rstrip()[-1:] in ("[", ",") else None


def drop_layer(use: Origin) -> Edit | None:
    """The stack without the layer at `use`."""
    if isinstance(use, Position):
        return Change(use, "drop layer")
    unit, place = use.unit, use.unit.place(use.node)
    head, tail = unit.lines[place.line - 1][: place.column - 1], unit.lines[place.end_line - 1][place.end_column - 1 :]
    if re.fullmatch(r"\s*[\w.]+\.add\(\s*", head) and re.fullmatch(r"\s*\)\s*(#.*)?", tail) and place.end_line < len(unit.lines):
        return Place(unit.file, unit.cell, place.line, 1, place.end_line + 1, 1), ""
    comma = re.match(r"\s*,[ \t]?", tail)
    if not comma:
        return None
    if not head.strip() and not tail[comma.end() :].strip() and place.end_line < len(unit.lines):
        return Place(unit.file, unit.cell, place.line, 1, place.end_line + 1, 1), ""
    return Place(unit.file, unit.cell, place.line, place.column, place.end_line, place.end_column + comma.end()), ""


def edited(units: list[Unit], edits: Iterable[TextEdit]) -> list[Unit] | None:
    """The units after the edits, the changed ones parsed again; None if edits overlap or the result is not Python."""
    by_cell: dict[int | None, dict[Any, TextEdit]] = {}
    for edit in edits:
        if units and edit[0].file != units[0].file:
            return None  # in a file beside it, which is not ours to change
        by_cell.setdefault(edit[0].cell, {})[(edit[0].key, edit[1])] = edit
    result = list(units)
    for number, unit in enumerate(units):
        if unit.cell not in by_cell:
            continue
        text = applied(unit.text, by_cell[unit.cell].values())
        if text is None:
            return None
        result[number] = Unit(unit.file, text, unit.cell)
        parse([result[number]])
        if (result[number].problem and not unit.problem) or not _compiles(_read_part(result[number])):
            return None
    return result


def _read_part(unit: Unit) -> str:
    """The text of a unit up to the end of what parsed: a later part may have a syntax error."""
    if unit.problem and unit.statements:
        return "\n".join(unit.lines[: unit.statements[-1].end_lineno])
    return unit.text


def _compiles(text: str) -> bool:
    """True if the text compiles: parsing alone accepts the same keyword twice in a call. Nothing is run."""
    for version in (text, without_magic(text)):
        try:
            compiled(version, TOP_LEVEL_AWAIT)
        except (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError):
            continue
        return True
    return False
