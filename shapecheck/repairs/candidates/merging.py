"""Edits for branches that come together with sizes that differ (SC206): one padding for all of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from shapecheck.diagnostics.rank import MergeMismatch
from shapecheck.nodes import Node, before
from shapecheck.repairs.candidates.base import Candidate, mends
from shapecheck.repairs.candidates.sizes import padding_of
from shapecheck.repairs.edits import set_argument

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shapecheck.findings import FileReport, Finding, Stack
    from shapecheck.shapes import Shape


@mends(MergeMismatch, in_memory=True)
def merge_mismatch(report: FileReport, finding: Finding) -> Iterator[Candidate]:
    """The branches' windows with padding="same", else "valid": those that stride first, then all of them."""
    stack = finding.stack
    if stack is None or finding.layer is None or not _same_axes_outside(stack.rows[finding.layer].inputs):
        return
    wide = [node for node in _branches(stack.nodes[finding.layer]) if _any_above_1(node, "kernel_size", "pool_size")]
    places = [stack.nodes.index(node) for node in wide if node in stack.nodes]  # a window of 1 gives one size under either padding
    tried: list[list[int]] = []
    for old, new in (("valid", "same"), ("same", "valid")):
        here = sorted(place for place in places if padding_of(stack.rows[place]) == old)
        for chosen in ([place for place in here if _any_above_1(stack.nodes[place], "strides")], here):
            if chosen and chosen not in tried:
                tried.append(chosen)
                yield _padded(stack, chosen, new)


def _same_axes_outside(shapes: Sequence[Shape]) -> bool:
    """True if the tensors have as many axes, at least three, and steps, rows or columns that differ: padding changes no others."""
    known = [shape.dims for shape in shapes if shape.dims is not None]
    ranks = {len(dims) for dims in known}
    return len(known) == len(shapes) and len(ranks) == 1 and min(ranks) >= 3 and len({dims[1:] for dims in known}) > 1


def _branches(node: Node) -> list[Node]:
    """The layers that lead to a merging layer in a line on some of its branches, but not on all."""
    lines = [[tensor.node, *before(tensor.node)] for tensor in node.inputs]
    return list(dict.fromkeys(one for line in lines for one in line if not all(one in other for other in lines)))


def _any_above_1(node: Node, *arguments: str) -> bool:
    values = [getattr(node.rule, name, ()) for name in arguments]
    return any(size != 1 for value in values for size in (value if isinstance(value, tuple) else (value,)))


def _padded(stack: Stack, places: Sequence[int], padding: str) -> Candidate:
    origins = [stack.origins[place] for place in places]
    where = ", ".join(dict.fromkeys(origin.where for origin in origins))
    return Candidate(f'{where}: padding="{padding}"', [set_argument(origin, "padding", f'"{padding}"') for origin in origins])
