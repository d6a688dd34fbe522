"""One layer object on several tensors: its weights are created for the first."""

from __future__ import annotations

from shapecheck.diagnostics.joins import SharedOnTwoWidths
from shapecheck.findings import Finding, Related
from shapecheck.languages import Phrase
from shapecheck.table import built_twice

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from shapecheck.findings import FileReport, Stack


def check(report: FileReport, stack: Stack) -> Iterator[Finding]:
    """A layer whose second use needs weights of another shape."""
    if stack.model is None or stack.model.graph is None:
        return
    for earlier, row in built_twice(stack.rows):
        position = stack.rows.index(row)
        diagnostic = SharedOnTwoWidths(earlier.inputs[0], row.inputs[0])
        unit, call = row.node.call or (None, None)
        place = unit.place(call) if unit is not None else stack.origins[position].function
        finding = Finding(diagnostic, place, stack, position)
        finding.related.append(Related(stack.origins[position].place, Phrase("places", "layer", "the layer is created here")))
        yield finding
