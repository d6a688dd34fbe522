"""Changes as edits that do not overlap: arguments removed from one call, imports moved to one module, nested changes."""

from __future__ import annotations

from shapecheck.migration.changes import Add, Drop, Move, Need, Text, end, from_to, start
from shapecheck.migration.statements import groups_of, merged, needed, statement_edits
from shapecheck.repairs.edits import point

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from shapecheck.migration.changes import Change
    from shapecheck.reader.source import Place
    from shapecheck.repairs.edits import TextEdit


def edits(changes: Iterable[Change], merge: bool = False) -> list[TextEdit]:
    """All changes as edits that do not overlap. `merge` joins imports of one module that follow each other."""
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
    changed = {key: groups_of(several[0].statement, several, needs.get(key, [])) for key, several in moves.items()}
    if merge:
        found += merged(moves, changed)
    else:
        for key, several in moves.items():
            found += statement_edits(several[0].unit, several[0].statement, changed[key])
    found += [needed(wanted) for key, wanted in needs.items() if key not in moves]
    return _apart(found)


def _apart(found: list[TextEdit]) -> list[TextEdit]:
    """Each edit once, without those inside a part that another one removes or replaces."""
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
