"""What the pass found, as findings of a file's report: silent if an older Keras runs the file, and each error is reported once."""

from __future__ import annotations

from shapecheck.findings import FileReport, Finding, Repair
from shapecheck.migration.edits import edits
from shapecheck.migration.tables_agree import differences
from shapecheck.repairs.edits import edited

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from shapecheck.findings import Stack
    from shapecheck.migration.findings import File, Found
    from shapecheck.reader.source import Place, Unit

    Tables = Callable[[list[Unit], str], FileReport]

SAID_BETTER = ("SC402", "SC403", "SC405", "SC308", "SC702", "SC416", "SC417", "SC501")
"""Findings of the reader that are less exact than one of this pass at the same place."""
SAID_MORE = ("SC415", "SC426")
"""Findings of the reader that are more exact."""
MOST_ALONE = 12
"""Findings whose changes are proved one by one if all together change a table, each by reading the file again: fewer in a long file."""
MOST_STEPS_ALONE = 150_000
"""Statements and expressions that may be read for these proofs, about half a second."""


def finish(report: FileReport, file: File) -> None:
    """Adds the findings and removes those of the reader at the same places."""
    stacks: dict[int, tuple[Stack, int]] = {}
    for stack in report.stacks:
        for position, origin in enumerate(stack.origins):
            if origin.node is not None:
                stacks.setdefault(id(origin.node), (stack, position))
    file.found = [
        found for found in file.found if not any(one.code in SAID_MORE and _touches(one.place, [found.place]) for one in report.findings)
    ]
    places = [found.place for found in file.found]
    report.findings = [one for one in report.findings if not (one.code in SAID_BETTER and _touches(one.place, places))]
    for found in file.found:
        owner = stacks.get(id(found.node))
        finding = Finding(found.diagnostic, found.place, owner and owner[0], owner and owner[1], found.severity)
        report.findings.append(finding)
        file.findings.append((found, finding))


def _touches(place: Place | None, places: list[Place]) -> bool:
    if place is None:
        return False
    first, last = (place.line, place.column), (place.end_line, place.end_column)
    return any(
        other.cell == place.cell and first < (other.end_line, other.end_column) and (other.line, other.column) < last for other in places
    )


def prove(report: FileReport, file: File, tables: Tables, wanted: Callable[[Finding], bool] | None = None) -> None:
    """Offers the changes of each finding as a repair; proved if all of them together, or else this one alone, leave every table
    unchanged.

    `tables` reads changed units for their tables alone, with the reason why an older Keras still runs them. Nothing is proved if no
    finding is `wanted`.
    """
    waiting = [(found, finding) for found, finding in file.findings if found.changes is not None and finding in report.findings]
    if not any(wanted is None or wanted(finding) for _, finding in waiting):
        return
    same = [found for found, _ in waiting if not found.diagnostic.changes_meaning]
    units = edited(report.units, edits([*[change for found in same for change in found.changes or ()], *file.partial]))
    together = units is not None and not differences(report, tables(units, _left(file, same)))
    most = min(MOST_ALONE, MOST_STEPS_ALONE // max(report.steps, 1))
    for number, (found, finding) in enumerate(waiting):
        alone = edits(found.changes or ())
        proved = together
        if found.diagnostic.changes_meaning or (not together and number < most):
            units = edited(report.units, alone)
            proved = units is not None and _holds(report, tables(units, _left(file, [found])), found.diagnostic.changes_meaning)
        finding.repairs = [Repair(found.title, alone, proved), *finding.repairs]


def _left(file: File, changed: list[Found]) -> str:
    """Why an older Keras runs the file even after these are changed; "" if nothing proves that any more."""
    return next((one.proof for one in file.proofs if one not in changed), "")


def _holds(before: FileReport, after: FileReport, other: bool) -> bool:
    """True if the tables are unchanged; if another table is intended (`other`), if every layer of it is proved."""
    if not other:
        return not differences(before, after)
    return bool(after.stacks) and all(row.verdict == "proved" for stack in after.stacks for row in stack.rows)


def titled(found: Found) -> str:
    """The description of a finding's change, for lists."""
    return found.title or found.diagnostic.help()
