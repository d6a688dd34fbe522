"""One layer object on several tensors: its weights are created for the first."""

from __future__ import annotations

from shapecheck.diagnostics.joins import SharedOnTwoWidths
from shapecheck.findings import Finding, Related
from shapecheck.languages import Phrase
from shapecheck.nodes import Structure

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from shapecheck.findings import FileReport, Stack
    from shapecheck.layers.base import Rule
    from shapecheck.table import Row


def check(report: FileReport, stack: Stack) -> Iterator[Finding]:
    """A layer whose second use needs weights of another shape."""
    if stack.model is None or stack.model.graph is None:
        return
    first: dict[Rule, int] = {}
    for position, row in enumerate(stack.rows):
        if isinstance(row.node.rule, Structure) or not row.weights:
            continue
        earlier = stack.rows[first.setdefault(row.node.rule, position)]
        if earlier is not row and _shapes(earlier) != _shapes(row) and _told(earlier) and _told(row):
            diagnostic = SharedOnTwoWidths(earlier.inputs[0], row.inputs[0])
            unit, call = row.node.call or (None, None)
            place = unit.place(call) if unit is not None else stack.origins[position].function
            finding = Finding(diagnostic, place, stack, position)
            finding.related.append(Related(stack.origins[position].place, Phrase("places", "layer", "the layer is created here")))
            yield finding


def _shapes(row: Row) -> list[object]:
    return [spec.shape for spec in row.weights]


def _told(row: Row) -> bool:
    return all(isinstance(size, int) for spec in row.weights for size in spec.shape) and bool(row.inputs)
