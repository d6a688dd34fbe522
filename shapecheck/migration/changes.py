"""Changes of a file, said as what happens to calls, names and imports; made into edits all at once, so that they do not clash.

A change is a small tuple-like object. `edits` sorts them by call and by import statement: two arguments that leave one call are one edit
or two that do not touch, and imports that move to one module become one statement.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable

from shapecheck.reader.source import Place
from shapecheck.repairs.edits import point, written

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from shapecheck.reader.source import Unit
    from shapecheck.repairs.edits import TextEdit

WIDEST = 100
"""Columns up to which imports of one module are joined on a line."""


class Text:
    """The text at a place becomes another; a place of no width is an insertion."""

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
    """`alias` of an import statement becomes `from module import name as asname`; module "" takes it out."""

    __slots__ = ("alias", "asname", "module", "name", "statement", "unit")

    def __init__(self, unit: Unit, statement: Any, alias: Any, module: str, name: str, asname: str | None = None) -> None:
        self.unit = unit
        self.statement = statement
        self.alias = alias
        self.module = module
        self.name = name
        self.asname = asname if asname != name else None


class Need:
    """`from module import name as asname` must stand behind an import statement."""

    __slots__ = ("asname", "module", "name", "statement", "unit")

    def __init__(self, unit: Unit, statement: Any, module: str, name: str, asname: str | None = None) -> None:
        self.unit = unit
        self.statement = statement
        self.module = module
        self.name = name
        self.asname = asname


Change = Text | Drop | Add | Move | Need
Groups = list[tuple[str, list[tuple[str, str | None]]]]
"""(module, [(name, other name)]) of an import statement; the module "import" for plain ones."""


def name_place(unit: Unit, node: Any) -> Place:
    """Where the last name of `a.b.name` stands."""
    place = unit.place(node)
    return Place(place.file, place.cell, place.end_line, place.end_column - len(node.attr), place.end_line, place.end_column)


def keyword_place(unit: Unit, keyword: Any) -> Place:
    """Where the name of `name=value` stands."""
    place = unit.place(keyword)
    return Place(place.file, place.cell, place.line, place.column, place.line, place.column + len(keyword.arg))


def start(unit: Unit, node: Any) -> Place:
    """The point before a node."""
    place = unit.place(node)
    return point(unit, place.line, place.column)


def end(unit: Unit, node: Any) -> Place:
    """The point behind a node."""
    place = unit.place(node)
    return point(unit, place.end_line, place.end_column)


def from_to(unit: Unit, first: Place, last: Place) -> Place:
    """From the beginning of one place to the end of another."""
    return Place(unit.file, unit.cell, first.line, first.column, last.end_line, last.end_column)


def edits(changes: Iterable[Change], merge: bool = False) -> list[TextEdit]:
    """All changes as edits that do not touch each other. `merge` joins imports of one module that follow each other."""
    found: list[TextEdit] = []
    calls: dict[int, list[Drop | Add]] = {}
    moves: dict[int, list[Move]] = {}
    needs: dict[int, list[Need]] = {}
    for change in changes:
        if isinstance(change, Text):
            found.append((change.place, change.text))
        elif isinstance(change, (Drop, Add)):
            calls.setdefault(id(change.call), []).append(change)
        elif isinstance(change, Move):
            moves.setdefault(id(change.statement), []).append(change)
        else:
            needs.setdefault(id(change.statement), []).append(change)
    for group in calls.values():
        found += _call_edits(group)
    changed = {key: _groups(several[0].statement, several, needs.get(key, [])) for key, several in moves.items()}
    if merge:
        found += _merged(moves, changed)
    else:
        for key, several in moves.items():
            found += _statement_edits(several[0].unit, several[0].statement, changed[key])
    found += [_needed(wanted) for key, wanted in needs.items() if key not in moves]
    return _apart(found)


def _apart(found: list[TextEdit]) -> list[TextEdit]:
    """Each edit once, without those inside a part that another one takes away or replaces."""
    unique = list({(edit[0].key, edit[1]): edit for edit in found}.values())
    return [one for one in unique if not any(_inside(one[0], other[0]) for other in unique if other is not one)]


def _inside(inner: Place, outer: Place) -> bool:
    if inner.cell != outer.cell or inner.key == outer.key:
        return False
    begin, finish = (outer.line, outer.column), (outer.end_line, outer.end_column)
    first, last = (inner.line, inner.column), (inner.end_line, inner.end_column)
    if first == last:
        return begin < first < finish
    return begin <= first and last <= finish


def _call_edits(group: list[Drop | Add]) -> list[TextEdit]:
    unit, call = group[0].unit, group[0].call
    gone = {id(one.argument) for one in group if isinstance(one, Drop)}
    given = sorted([*call.args, *call.keywords], key=lambda node: unit.place(node).key)
    found: list[TextEdit] = []
    run: list[Any] = []
    before: Any = None
    for node in [*given, None]:
        if node is not None and id(node) in gone:
            run.append(node)
            continue
        if run and before is not None:
            found.append((from_to(unit, end(unit, before), end(unit, run[-1])), ""))
        elif run:
            found.append((from_to(unit, start(unit, run[0]), start(unit, node) if node is not None else end(unit, run[-1])), ""))
        run = []
        before = node if node is not None else before
    added = ", ".join(dict.fromkeys(one.text for one in group if isinstance(one, Add)))
    if added and before is not None:
        found.append((end(unit, before), f", {added}"))
    elif added:
        place = unit.place(call)
        found.append((point(unit, place.end_line, place.end_column - 1), added))
    return found


def _groups(statement: Any, moves: list[Move], needs: list[Need]) -> Groups:
    """What a statement imports after the moves, and what is needed beside it: modules in their order, with their names."""
    by_alias: dict[int, list[Move]] = {}
    for move in moves:
        by_alias.setdefault(id(move.alias), []).append(move)
    found: dict[str, list[tuple[str, str | None]]] = {}
    module = "." * statement.level + (statement.module or "") if type(statement).__name__ == "ImportFrom" else "import"
    for alias in statement.names:
        if id(alias) not in by_alias:
            found.setdefault(module, []).append((alias.name, alias.asname))
        for move in by_alias.get(id(alias), ()):
            if not move.module:
                continue
            names = found.setdefault(move.module, [])
            if (move.name, move.asname) not in names:
                names.append((move.name, move.asname))
    for need in needs:
        module, name = (need.module, (need.name, need.asname)) if need.name else ("import", (need.module, need.asname))
        if name not in found.setdefault(module, []):
            found[module].append(name)
    return list(found.items())


def _line(module: str, names: list[tuple[str, str | None]]) -> str:
    listed = ", ".join(f"{name} as {asname}" if asname else name for name, asname in names)
    return f"import {listed}" if module == "import" else f"from {module} import {listed}"


def _statement_edits(unit: Unit, statement: Any, groups: Groups) -> list[TextEdit]:
    """A statement as these imports. Where only the module changes, only its name is edited: parentheses and comments stay."""
    place = unit.place(statement)
    text = written(unit, statement)
    if type(statement).__name__ == "ImportFrom" and len(groups) == 1:
        module, names = groups[0]
        head = re.match(r"from\s+", text)
        if names == [(alias.name, alias.asname) for alias in statement.names] and head:
            old = "." * statement.level + (statement.module or "")
            if text.startswith(old, head.end()):
                column = place.column + head.end()
                return [(Place(unit.file, unit.cell, place.line, column, place.line, column + len(old)), module)]
    if not groups:
        return [_without(unit, place)]
    line = unit.lines[place.line - 1][: place.column - 1]
    indent, inline = (line, False) if not line.strip() else (" " * (len(line) - len(line.lstrip())), True)
    return [(place, ("; " if inline else f"\n{indent}").join(_fitted(_line(module, names), indent) for module, names in groups))]


def _fitted(line: str, indent: str) -> str:
    """A long import in parentheses, as many names a line as fit."""
    if len(indent) + len(line) <= WIDEST or not line.startswith("from "):
        return line

    head, _, names = line.partition(" import ")
    lines = textwrap.wrap(names, WIDEST - len(indent) - 6, break_long_words=False, break_on_hyphens=False)
    joined = "".join(f"\n{indent}    {one.rstrip(',')}," for one in lines)
    return f"{head} import ({joined}\n{indent})"


def _without(unit: Unit, place: Place) -> TextEdit:
    """A statement taken out: its whole lines, or `pass` where it shares them."""
    head, tail = unit.lines[place.line - 1][: place.column - 1], unit.lines[place.end_line - 1][place.end_column - 1 :]
    if head or tail.strip() or place.end_line >= len(unit.lines):
        return place, "pass"
    return Place(unit.file, unit.cell, place.line, 1, place.end_line + 1, 1), ""


def _merged(moves: dict[int, list[Move]], changed: dict[int, Groups]) -> list[TextEdit]:
    """The moves of all statements; a module that the run of imports before already has gets the names."""
    found: list[TextEdit] = []
    units: dict[int, tuple[Unit, list[Move]]] = {}
    for several in moves.values():
        units.setdefault(id(several[0].unit), (several[0].unit, []))[1].extend(several)
    for unit, here in units.values():
        for run in _runs(unit.statements, {id(move.statement) for move in here}):
            found += _run_edits(unit, run, changed)
    return found


def _runs(statements: list[Any], wanted: set[int]) -> Iterable[list[Any]]:
    """Runs of import statements, in every block, that hold one of the wanted."""
    blocks = [statements]
    while blocks:
        run: list[Any] = []
        for statement in [*blocks.pop(), None]:
            kind = type(statement).__name__
            if kind in ("Import", "ImportFrom"):
                run.append(statement)
                continue
            if any(id(one) in wanted for one in run):
                yield run
            run = []
            for name in ("body", "orelse", "finalbody"):
                inner = getattr(statement, name, None)
                if isinstance(inner, list):
                    blocks.append(inner)
            for handler in getattr(statement, "handlers", ()) or getattr(statement, "cases", ()):
                blocks.append(handler.body)


def _run_edits(unit: Unit, run: list[Any], new: dict[int, Groups]) -> list[TextEdit]:
    plans: list[tuple[Any, Groups, bool]] = []
    for statement in run:
        groups = new.get(id(statement)) or ([] if id(statement) in new else _groups(statement, [], []))
        plans.append((statement, [(module, list(names)) for module, names in groups], id(statement) in new))
    touched = [changed for _, _, changed in plans]
    for number, (statement, groups, changed) in enumerate(plans):
        if not changed or "#" in written(unit, statement):
            continue
        for group in list(groups):
            earlier = next((
                (place, other) for place in range(number) for other in plans[place][1]
                if other[0] == group[0] != "import" and "#" not in written(unit, plans[place][0]) and other[1] != [("*", None)]
            ), None)  # fmt: skip
            if earlier is None or ("*", None) in group[1]:
                continue
            more = [name for name in group[1] if name not in earlier[1][1]]
            line = _line(group[0], [*earlier[1][1], *more])
            if more and len(line) + unit.place(plans[earlier[0]][0]).column - 1 > WIDEST:
                continue
            earlier[1][1].extend(more)
            touched[earlier[0]] = touched[earlier[0]] or bool(more)
            groups.remove(group)
    found: list[TextEdit] = []
    for (statement, groups, _), changed in zip(plans, touched, strict=True):
        if changed:
            found += _statement_edits(unit, statement, groups)
    return found


def _needed(wanted: list[Need]) -> TextEdit:
    unit, statement = wanted[0].unit, wanted[0].statement
    place = unit.place(statement)
    lines = list(dict.fromkeys(_needed_line(one) for one in wanted))
    head, tail = unit.lines[place.line - 1][: place.column - 1], unit.lines[place.end_line - 1][place.end_column - 1 :]
    if head.strip() or not re.fullmatch(r"\s*(#.*)?", tail):
        return end(unit, statement), "".join(f"; {line}" for line in lines)
    return point(unit, place.end_line, len(unit.lines[place.end_line - 1]) + 1), "".join(f"\n{head}{line}" for line in lines)


def _needed_line(need: Need) -> str:
    if not need.name:
        return f"import {need.module}" + (f" as {need.asname}" if need.asname else "")
    return f"from {need.module} import {need.name}" + (f" as {need.asname}" if need.asname else "")
