"""Changes of a file in terms of calls, names and imports; edits.py turns all of them into edits."""

from __future__ import annotations

from shapecheck.reader.source import Place
from shapecheck.repairs.edits import point

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from shapecheck.reader.source import Unit


class Text:
    """Replaces the text at a place; a place of width zero is an insertion."""
    __slots__ = ("place", "text", "unit")

    def __init__(self, unit: Unit, place: Place, text: str) -> None:
        self.unit = unit
        self.place = place
        self.text = text


class Drop:
    """A call loses an argument."""
    __slots__ = ("argument", "call", "unit")

    def __init__(self, unit: Unit, call: Any, argument: Any) -> None:
        self.unit = unit
        self.call = call
        self.argument = argument


class Add:
    """A call gets `name=value` as its last argument."""
    __slots__ = ("call", "text", "unit")

    def __init__(self, unit: Unit, call: Any, text: str) -> None:
        self.unit = unit
        self.call = call
        self.text = text


class Move:
    """`alias` of an import statement becomes `from module import name as asname`; module "" removes it."""
    __slots__ = ("alias", "asname", "module", "name", "statement", "unit")

    def __init__(self, unit: Unit, statement: Any, alias: Any, module: str, name: str, asname: str | None = None) -> None:
        self.unit = unit
        self.statement = statement
        self.alias = alias
        self.module = module
        self.name = name
        self.asname = asname if asname != name else None


class Need:
    """`from module import name as asname` is inserted after an import statement."""
    __slots__ = ("asname", "module", "name", "statement", "unit")

    def __init__(self, unit: Unit, statement: Any, module: str, name: str, asname: str | None = None) -> None:
        self.unit = unit
        self.statement = statement
        self.module = module
        self.name = name
        self.asname = asname


Change = Text | Drop | Add | Move | Need


def name_place(unit: Unit, node: Any) -> Place:
    """The place of the last name of `a.b.name`."""
    place = unit.place(node)
    return Place(place.file, place.cell, place.end_line, place.end_column - len(node.attr), place.end_line, place.end_column)


def keyword_place(unit: Unit, keyword: Any) -> Place:
    """The place of the name of `name=value`."""
    place = unit.place(keyword)
    return Place(place.file, place.cell, place.line, place.column, place.line, place.column + len(keyword.arg))


def start(unit: Unit, node: Any) -> Place:
    """The point before a node."""
    place = unit.place(node)
    return point(unit, place.line, place.column)


def end(unit: Unit, node: Any) -> Place:
    """The point after a node."""
    place = unit.place(node)
    return point(unit, place.end_line, place.end_column)


def from_to(unit: Unit, first: Place, last: Place) -> Place:
    """From the beginning of one place to the end of another."""
    return Place(unit.file, unit.cell, first.line, first.column, last.end_line, last.end_column)
