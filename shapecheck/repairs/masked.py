"""What a broken layer hides: labels, losses and sample counts that are wrong however the layer is repaired.

They are searched for in the unchanged stack, with the rows that it has after a repair.
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
    """Findings by code, place and message."""

OF_LABELS = (LabelsMismatch, LabelsStretched)
OF_LAST = (SoftmaxOnOneUnit, LossActivation, OneUnitCategorical)
OF_OTHERS = (SampleCount, InputsMismatch)
"""The first two only if no edit is in or after the last layer with weights, because the repair may have chosen units and activation;
and not for several outputs, because it is unknown which of them the repair changed. Data of another shape than the input's (DataMismatch)
is left out: the repair may have chosen the wrong input.
"""


def seen(old: FileReport, finding: Finding, new: FileReport, edits: Sequence[TextEdit]) -> Hidden | None:
    """What the checks report after a broken layer once edits make every layer pass; None if they do not, or cause more findings."""
    stack, other = finding.stack, twin(old, finding.stack, new)
    if stack is None or other is None or finding.layer is None or stack.rows[finding.layer].verdict != "broken":
        return None
    if len(other.rows) != len(stack.rows) or any(row.verdict != "proved" for row in other.rows):
        return None
    last = max((place for place, row in enumerate(other.rows) if row.weights), default=0)
    chosen = len(stack.graph.outputs) > 1 or any(_within(place, origin.place) for place, _ in edits for origin in stack.origins[last:])
    kinds = OF_OTHERS if chosen else (*OF_LABELS, *OF_LAST, *OF_OTHERS)
    there = {_words(one) for one in new.findings if one.severity != "note"}  # a comment in the source may suppress some
    found = [one for one in check(old, _as_repaired(stack, other)) if isinstance(one.diagnostic, kinds)]
    found = [one for one in found if _told(one) and _words(one) in there]
    if there - {_words(one) for one in (*old.findings, *found)}:
        return None
    for one in found:
        one.stack, one.behind, one.related = stack, finding.name, []
    return {(one.code, one.place.key if one.place else None, one.diagnostic.message()): one for one in found}


def _as_repaired(stack: Stack, other: Stack) -> Stack:
    """The stack with its own places and calls, and the rows of the repaired stack."""
    shadow = copy(stack)
    shadow.rows, shadow.table, shadow.graph = other.rows, other.table, other.graph
    return shadow


def _told(finding: Finding) -> bool:
    """Labels only if there is one output for each sample: the repair may change their rank, but not the columns."""
    diagnostic = finding.diagnostic
    return not isinstance(diagnostic, OF_LABELS) or (diagnostic.output.rank == 2 and (diagnostic.labels.rank or 0) <= 2)


def _within(place: Place, outer: Place) -> bool:
    start, end = (outer.line, outer.column), (outer.end_line, outer.end_column)
    return place.cell == outer.cell and start <= (place.line, place.column) <= end


def _words(finding: Finding) -> tuple[str, str]:
    return finding.code, finding.diagnostic.message()


def common(found: Sequence[Hidden]) -> Hidden:
    """The findings that appear after every repair."""
    return {key: one for key, one in found[0].items() if all(key in other for other in found)} if found else {}
