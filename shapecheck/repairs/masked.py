"""What a broken layer hides: labels, losses and numbers of samples that are wrong whichever way the layer is repaired.

They are looked for in the stack as it stands, with the rows that a repair would give it.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy

from shapecheck.checks.training import check
from shapecheck.diagnostics.labels import (
    InputsMismatch,
    LabelsMismatch,
    LabelsStretched,
    LossActivation,
    OneUnitCategorical,
    SampleCount,
    SoftmaxOnOneUnit,
)
from shapecheck.findings import twin

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from shapecheck.findings import FileReport, Finding, Stack
    from shapecheck.reader.source import Place
    from shapecheck.repairs.edits import TextEdit

    Hidden = dict[tuple[str, Any, str], "Finding"]
    """Findings by code, place and words."""

OF_LABELS = (LabelsMismatch, LabelsStretched)
OF_LAST = (SoftmaxOnOneUnit, LossActivation, OneUnitCategorical)
OF_OTHERS = (SampleCount, InputsMismatch)
"""The first two only where no edit is in the last layer with weights or behind it: the repair may have chosen units and activation.
Nor for several outputs: which of them it has touched is not followed.

Data of another shape than the input's (DataMismatch) is not among them: the repair may have chosen the wrong input.
"""


def seen(old: FileReport, finding: Finding, new: FileReport, edits: Sequence[TextEdit]) -> Hidden | None:
    """What the checks say behind a broken layer once edits have made every layer pass; None if they have not, or bring more than that."""
    stack, other = finding.stack, twin(old, finding.stack, new)
    if stack is None or other is None or finding.layer is None or stack.rows[finding.layer].verdict != "broken":
        return None
    if len(other.rows) != len(stack.rows) or any(row.verdict != "proved" for row in other.rows):
        return None
    last = max((place for place, row in enumerate(other.rows) if row.weights), default=0)
    chosen = len(stack.graph.outputs) > 1 or any(_within(place, origin.place) for place, _ in edits for origin in stack.origins[last:])
    kinds = OF_OTHERS if chosen else (*OF_LABELS, *OF_LAST, *OF_OTHERS)
    there = {_words(one) for one in new.findings if one.severity != "note"}  # a comment in the source may have taken some away
    found = [one for one in check(old, _as_repaired(stack, other)) if isinstance(one.diagnostic, kinds)]
    found = [one for one in found if _told(one) and _words(one) in there]
    if there - {_words(one) for one in (*old.findings, *found)}:
        return None
    for one in found:
        one.stack, one.behind, one.related = stack, finding.name, []
    return {(one.code, one.place.key if one.place else None, one.diagnostic.message()): one for one in found}


def _as_repaired(stack: Stack, other: Stack) -> Stack:
    """The stack with the places and calls that it has, and the rows of its repaired twin."""
    shadow = copy(stack)
    shadow.rows, shadow.table, shadow.graph = other.rows, other.table, other.graph
    return shadow


def _told(finding: Finding) -> bool:
    """Labels only where there is one answer for each sample: their rank may come from the repair, the columns do not."""
    diagnostic = finding.diagnostic
    return not isinstance(diagnostic, OF_LABELS) or (diagnostic.output.rank == 2 and (diagnostic.labels.rank or 0) <= 2)


def _within(place: Place, outer: Place) -> bool:
    start, end = (outer.line, outer.column), (outer.end_line, outer.end_column)
    return place.cell == outer.cell and start <= (place.line, place.column) <= end


def _words(finding: Finding) -> tuple[str, str]:
    return finding.code, finding.diagnostic.message()


def common(found: Sequence[Hidden]) -> Hidden:
    """What every repair brings to light."""
    return {key: one for key, one in found[0].items() if all(key in other for other in found)} if found else {}
