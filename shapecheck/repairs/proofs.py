"""Repairs: candidate edits of the source, each proved by reading the edited text and propagating the whole graph again.

An edit that leaves no error, raises no other finding and proves every layer is offered as proved, even if labels or the loss are wrong
after every such edit (masked.py); one that only moves the error says where to. The candidates themselves come from
shapecheck/repairs/candidates.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable

from shapecheck.diagnostics.base import TRAINING
from shapecheck.diagnostics.compiled import UnknownName
from shapecheck.findings import Repair, each_once, path, twin
from shapecheck.languages import Phrase
from shapecheck.repairs.candidates.base import Candidate
from shapecheck.repairs.candidates.choice import of, together
from shapecheck.repairs.candidates.titles import line
from shapecheck.repairs.edits import edited
from shapecheck.repairs.masked import common, seen

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shapecheck.findings import FileReport, Finding, Stack
    from shapecheck.reader.source import Unit
    from shapecheck.repairs.masked import Hidden

    Again = Callable[[list[Unit]], FileReport]
    Wanted = Callable[[Finding], bool]

MOST_FINDINGS = 8
"""Most findings of one file for which repairs are searched."""
MOST_TRIED = 12
"""Most candidates tried for one finding: each reads the file once more."""
MOST_PROVED = 4
"""Proved repairs of one finding, of which a report prints the first three."""
LEFT = Phrase("repairs", "left", "other errors of this stack remain")
MOST_REMEMBERED = 6
"""Most changed texts whose reports are kept while repairs of a file are searched."""
MOST_READ = 150_000
"""Most characters of source read again for all repairs of a file: a time limit that does not depend on the machine."""


def offer(report: FileReport, again: Again, wanted: Wanted | None = None) -> None:
    """Adds repairs to the findings of a file, or to those that are `wanted`; `again` reads changed units."""
    tries = MOST_READ // max(sum(len(unit.text) for unit in report.units), 1)
    again = Remembered(again)
    waiting = [finding for finding in report.findings if finding.severity != "note" and not _old(report, finding)]
    waiting = [finding for finding in waiting if wanted is None or wanted(finding)]
    parts: dict[Finding, Candidate] = {}
    for finding in waiting[:MOST_FINDINGS]:
        tries -= _repair(report, finding, of(report, finding), again, min(tries, MOST_TRIED), parts)
    for stack in report.stacks:
        several = {one: part for one, part in parts.items() if one.stack is stack and not any(repair.proved for repair in one.repairs)}
        if len(several) > 1 and tries > 0:
            tries -= 1
            _jointly(report, stack, several, again)


class Remembered:
    """`again` that reads the same text once: findings of one kind share the edit that repairs all of them."""

    def __init__(self, again: Again) -> None:
        self.again = again
        self.read: dict[tuple[str, ...], FileReport] = {}

    def __call__(self, units: list[Unit]) -> FileReport:
        key = tuple([unit.text for unit in units])
        if key not in self.read:
            if len(self.read) >= MOST_REMEMBERED:
                self.read.pop(next(iter(self.read)))
            self.read[key] = self.again(units)
        return self.read[key]


def _old(report: FileReport, finding: Finding) -> bool:
    """True for findings of shapecheck.migration: they have their own repairs."""
    return report.old is not None and any(finding is one for _, one in report.old.findings)


def _jointly(report: FileReport, stack: Stack, parts: dict[Finding, Candidate], again: Again) -> None:
    """Errors of one stack that can be proved repaired only together: for each the first edit that removes it."""
    joined = together(list(parts.values()))
    units = edited(report.units, joined.text_edits)
    new = again(units) if units is not None else report
    other = twin(report, stack, new)
    for finding in parts:
        hidden = seen(report, finding, new, joined.text_edits) or {}
        if hidden or judged(report, finding, new)[0]:
            finding.repairs.insert(0, Repair(joined.title, joined.text_edits, True, path(other.rows if other else (), finding)))
            _assume(report, stack, new)
            report.findings = each_once([*report.findings, *hidden.values()])


def _repair(
    report: FileReport, finding: Finding, candidates: Iterable[Candidate], again: Again, most: int, parts: dict[Finding, Candidate]
) -> int:
    """Tries at most so many candidates and returns how many it tried.

    The first that leaves only other errors becomes one of the `parts`. What is wrong after every edit that fixes the finding
    is a finding of its own, not caused by the edits.
    """
    mended: list[tuple[Candidate, str, Hidden, FileReport]] = []
    moved: list[Repair] = []
    tried = 0
    for candidate in candidates:
        if tried >= most or len(mended) >= MOST_PROVED:
            break
        units = edited(report.units, candidate.text_edits) if candidate.text_edits else None
        if units is None:
            continue
        tried += 1
        new = again(units)
        works, words = judged(report, finding, new)
        hidden = seen(report, finding, new, candidate.text_edits) or {} if works or words else {}
        if words == LEFT:
            parts.setdefault(finding, candidate)
        if works or hidden:
            mended.append((candidate, "" if works else words, hidden, new))
        elif words:
            moved.append(Repair(candidate.title, candidate.text_edits, False, candidate.path or words))
    always = common([hidden for _, _, hidden, _ in mended])
    proved: list[Repair] = []
    for candidate, words, hidden, new in mended:
        stack = twin(report, finding.stack, new)
        if words and hidden.keys() - always.keys():
            moved.append(Repair(candidate.title, candidate.text_edits, False, candidate.path or words))
            continue
        if not proved and finding.stack is not None:
            _assume(report, finding.stack, new)
        proved.append(Repair(candidate.title, candidate.text_edits, True, candidate.path or path(stack.rows if stack else (), finding)))
    finding.repairs = proved + moved[:2]
    if always:
        report.findings = each_once([*report.findings, *always.values()])
    return tried


def judged(old: FileReport, finding: Finding, new: FileReport) -> tuple[bool, str]:
    """Whether the finding is gone, nothing new is wrong and every layer is proved; if not, where the error moved to."""
    before, after = (Counter(one.code for one in report.findings if one.severity != "note") for report in (old, new))
    stack = twin(old, finding.stack, new)
    if finding.stack is not None and stack is None:
        return False, ""
    rows = stack.rows if stack is not None else []
    hidden = _hidden(finding)
    worse = [one for one in new.findings if one.severity == "error" or (one.severity == "warning" and not (hidden and _advice(one)))]
    fresh = next((one for one in worse if after[one.code] > before[one.code] - (one.code == finding.code)), None)
    if fresh is not None:
        same = fresh.code == finding.code and fresh.layer == finding.layer
        return False, "" if same or _advice(fresh) else _moves(fresh)
    if after[finding.code] >= before[finding.code]:
        return False, ""
    errors = [one for one in new.findings if one.severity == "error" and one.stack is stack is not None]
    trained = finding.diagnostic.family == TRAINING  # else labels and data could not be judged before
    if any(trained or one.diagnostic.family != TRAINING for one in errors):
        return False, LEFT
    if any(row.verdict != "proved" for row in rows):
        return False, Phrase("repairs", "unknown", "no error is left, but the shapes of some layers are unknown")
    return True, path(rows, finding)


def _moves(fresh: Finding) -> str:
    where = line(fresh.place.line) if fresh.place is not None else Phrase("repairs", "another_place", "another place")
    return Phrase("repairs", "moves", "moves the error to {where}: {message}", where=where, message=fresh.diagnostic.message())


def _advice(finding: Finding) -> bool:
    """True for warnings about the loss and the last activation."""
    return finding.severity == "warning" and finding.diagnostic.family == TRAINING


def _hidden(finding: Finding) -> bool:
    """True if such warnings could not be found before: a layer of the stack is not proved, or its loss is unknown.

    They then show what was wrong before; else the repair causes them.
    """
    rows = finding.stack.rows if finding.stack is not None else []
    return isinstance(finding.diagnostic, UnknownName) or any(row.verdict != "proved" for row in rows)


def _assume(old: FileReport, stack: Stack, new: FileReport) -> None:
    """The outputs of the layers after the error under the first repair."""
    other = twin(old, stack, new)
    if other is not None and len(other.rows) == len(stack.rows) and not stack.assumed:
        stack.assumed = {place: row for place, row in enumerate(other.rows) if stack.rows[place].verdict in ("broken", "not-reached")}
