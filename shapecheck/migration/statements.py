"""Import statements with other names: each separately, or joined if they follow each other."""

from __future__ import annotations

import re
import textwrap

from shapecheck.migration.changes import end
from shapecheck.reader.source import Place
from shapecheck.repairs.edits import point, written

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from shapecheck.migration.changes import Move, Need
    from shapecheck.reader.source import Unit
    from shapecheck.repairs.edits import TextEdit

WIDEST = 100
"""Columns up to which imports of one module are joined on a line."""
Groups = list[tuple[str, list[tuple[str, str | None]]]]
"""(module, [(name, other name)]) of an import statement; the module "import" for plain ones."""


def groups_of(statement: Any, moves: list[Move], needs: list[Need]) -> Groups:
    """What a statement imports after the moves, and further imports that it needs: modules in order, with their names."""
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


def statement_edits(unit: Unit, statement: Any, groups: Groups) -> list[TextEdit]:
    """A statement with these imports. If only the module changes, only its name is edited: parentheses and comments stay."""
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
    """A long import in parentheses, with as many names on a line as fit."""
    if len(indent) + len(line) <= WIDEST or not line.startswith("from "):
        return line

    head, _, names = line.partition(" import ")
    lines = textwrap.wrap(names, WIDEST - len(indent) - 6, break_long_words=False, break_on_hyphens=False)
    joined = "".join(f"\n{indent}    {one.rstrip(',')}," for one in lines)
    return f"{head} import ({joined}\n{indent})"


def _without(unit: Unit, place: Place) -> TextEdit:
    """A statement removed: its whole lines, or `pass` if it shares them."""
    head, tail = unit.lines[place.line - 1][: place.column - 1], unit.lines[place.end_line - 1][place.end_column - 1 :]
    if head or tail.strip() or place.end_line >= len(unit.lines):
        return place, "pass"
    return Place(unit.file, unit.cell, place.line, 1, place.end_line + 1, 1), ""


def merged(moves: dict[int, list[Move]], changed: dict[int, Groups]) -> list[TextEdit]:
    """The moves of all statements; names are added to an import of their module in the same run of imports."""
    found: list[TextEdit] = []
    units: dict[int, tuple[Unit, list[Move]]] = {}
    for several in moves.values():
        units.setdefault(id(several[0].unit), (several[0].unit, []))[1].extend(several)
    for unit, here in units.values():
        for run in _runs(unit.statements, {id(move.statement) for move in here}):
            found += _run_edits(unit, run, changed)
    return found


def _runs(statements: list[Any], wanted: set[int]) -> Iterable[list[Any]]:
    """Runs of import statements, in every block, that contain one of the given statements."""
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
        groups = new.get(id(statement)) or ([] if id(statement) in new else groups_of(statement, [], []))
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
            found += statement_edits(unit, statement, groups)
    return found


def needed(wanted: list[Need]) -> TextEdit:
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
