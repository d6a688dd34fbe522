"""`shapecheck migrate FILES [--diff|--write]`: code of an older Keras rewritten for Keras 3 where there is one answer.

All else is listed. The shape tables before (by the rules of the older Keras) and after must be equal; a file whose tables differ is
not written.
"""

from __future__ import annotations

import sys

from shapecheck.cli.fixing import diff, rewritten, written
from shapecheck.file_report import check_units
from shapecheck.languages import say, system
from shapecheck.migration.edits import edits
from shapecheck.migration.evidence import older
from shapecheck.migration.look import look
from shapecheck.migration.report import titled
from shapecheck.migration.tables_agree import agreed, differences
from shapecheck.reader.source import LARGEST, Unreadable, read_text, units
from shapecheck.repairs.edits import edited

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shapecheck.migration.changes import Change
    from shapecheck.migration.findings import File, Found
    from shapecheck.repairs.edits import TextEdit

ROUNDS = 5
"""How often a file is checked: one change can reveal another old name."""


class Plan:
    """The plan for one file: its text before and after, the findings that are fixed, and those that are left."""

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.text = text
        self.new = text
        self.made: list[Found] = []
        self.left: list[Found] = []
        self.pinned = ""
        self.differences: list[str] = []
        self.equal = (0, 0)

    @property
    def changed(self) -> bool:
        """True if there is an edit."""
        return self.new != self.text


def planned(text: str, path: str) -> Plan:
    """The plan for a text. Raises Unreadable."""
    plan = Plan(path, text)
    parts = units(text, path)
    first = file = look(parts)
    for _ in range(ROUNDS):
        todo = [] if file is None else [one for one in file.found if one.changes and not one.diagnostic.changes_meaning]
        if file is None or not (todo or file.partial):
            break
        made = _edits(file, todo)
        after = rewritten(file.units, plan.new, made)
        if after == plan.new:
            break
        plan.new = after
        plan.made += todo
        file = look(units(plan.new, path))
    plan.left = [] if file is None else [one for one in file.found if not one.changes or one.diagnostic.changes_meaning]
    plan.pinned = older(parts, path) if plan.made or plan.left else ""
    if plan.changed:
        keras_1 = not plan.pinned and first is not None and first.keras_1
        before, now = check_units(units(text, path), path, 1 if keras_1 else None), check_units(units(plan.new, path), path, 3)
        plan.differences = differences(before, now)
        plan.equal = agreed(before, now)
    return plan


def _edits(file: File, todo: list[Found]) -> list[TextEdit]:
    """All changes together if the result parses; else one finding at a time, keeping those that parse."""
    together = edits([*[change for one in todo for change in one.changes or ()], *file.partial], merge=True)
    if edited(file.units, together) is not None:
        return together
    kept: list[Change] = []
    for one in list(todo):
        more = [*kept, *(one.changes or ())]
        if edited(file.units, edits(more)) is None:
            todo.remove(one)
        else:
            kept = more
    return edits(kept)


def run(paths: list[str], show: bool, write: bool) -> int:
    """Prints the plans or their diffs, or carries them out.

    Returns 0 if all is done, 1 if something is left or was refused, 2 if unreadable.
    """
    status = 0
    for path in paths:
        try:
            with open(path, "rb") as source:
                data = source.read(LARGEST)
            plan = planned(read_text(data), path)
        except (OSError, Unreadable) as error:
            why = system(error) if isinstance(error, OSError) else str(error)
            print(say("command", "unread", "{path}: cannot be read: {why}", path=path, why=why), file=sys.stderr)
            status = 2
            continue
        why = ""
        if show:
            sys.stdout.write(diff(path, plan.text, plan.new))
        elif write and plan.changed:
            differ = say("command", "tables_differ", "not written: the tables differ") if plan.differences else ""
            why = differ or written(path, data, plan.text, plan.new)
        for line in lines(plan, why, write):
            print(line, file=sys.stderr if show else sys.stdout)
        status = max(status, int(bool(plan.left or why or plan.differences)))
    return status


def lines(plan: Plan, why: str = "", write: bool = False) -> list[str]:
    """The changes done, the findings left, and whether the tables are equal."""
    if not plan.made and not plan.left:
        return [say("command", "nothing", "{path}: nothing to migrate", path=plan.path)]
    edits, left = _edits_in_words(len(plan.made)), len(plan.left)
    head = say("command", "migrated", "{path}: {edits}, {left} left", path=plan.path, edits=edits, left=left)
    if write and not why and plan.changed:
        head = say("command", "migrated.written", "{path}: {edits} written, {left} left", path=plan.path, edits=edits, left=left)
    found = ["; ".join([head, *([_tables(plan)] if plan.changed else []), *([why] if why else [])])]
    found += [say("command", "differs", "  differs: {text}", text=text) for text in plan.differences]
    found += [
        say("command", "done", "  done  {place}: {code} {title}", place=one.place, code=one.diagnostic.code, title=titled(one))
        for one in plan.made
    ]
    for one in plan.left:
        advice, words = one.diagnostic.help(), str(one.diagnostic)
        found.append(
            say("command", "left.advice", "  left  {place}: {words}; {advice}", place=one.place, words=words, advice=advice)
            if advice
            else say("command", "left", "  left  {place}: {words}", place=one.place, words=words)
        )
    if plan.pinned:
        found.append(say("command", "pinned", "  left  {pinned}: raise it", pinned=plan.pinned))
    return found


def _tables(plan: Plan) -> str:
    if plan.differences:
        return say("command", "tables", "tables before and after: differ")
    whole, total = plan.equal
    if total == 1:
        return say("command", "tables.one", "tables before and after: equal ({whole} of 1 model known up to the last layer)", whole=whole)
    return say(
        "command", "tables.equal", "tables before and after: equal ({whole} of {total} models known up to the last layer)",
        whole=whole, total=total,
    )  # fmt: skip


def _edits_in_words(count: int) -> str:
    return say("command", "edit", "1 edit") if count == 1 else say("command", "edits", "{count} edits", count=count)
