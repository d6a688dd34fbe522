"""Edits for merged branches whose sizes differ (SC206): the same padding for all of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from shapecheck.diagnostics.base import ShapeError
from shapecheck.diagnostics.rank import MergeMismatch
from shapecheck.nodes import Node, before
from shapecheck.repairs.candidates import titles
from shapecheck.repairs.candidates.base import Candidate, mends
from shapecheck.repairs.candidates.inputs import shape_edit, shape_node
from shapecheck.repairs.candidates.sizes import padding_of, propagated
from shapecheck.repairs.candidates.spelling import spelled
from shapecheck.repairs.candidates.titles import line, placed
from shapecheck.repairs.candidates.widths import with_width
from shapecheck.repairs.edits import set_argument, written
from shapecheck.shapes import Shape

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from shapecheck.findings import FileReport, Finding, Stack
    from shapecheck.repairs.edits import Edit
    from shapecheck.shapes import Dim


@mends(MergeMismatch, in_memory=True)
def merge_mismatch(report: FileReport, finding: Finding) -> Iterator[Candidate]:
    """The branches' windows with padding="same", else "valid": first only those with a stride, then all of them."""
    stack = finding.stack
    if stack is None or finding.layer is None:
        return
    yield from _equal_widths(stack, finding.layer)
    if not _same_axes_outside(stack.rows[finding.layer].inputs):
        return
    yield from _other_sizes(stack)
    wide = [node for node in _branches(stack.nodes[finding.layer]) if _any_above_1(node, "kernel_size", "pool_size")]
    places = [stack.nodes.index(node) for node in wide if node in stack.nodes]  # a window of 1 has the same output size with either padding
    tried: list[list[int]] = []
    for old, new in (("valid", "same"), ("same", "valid")):
        here = sorted(place for place in places if padding_of(stack.rows[place]) == old)
        for chosen in ([place for place in here if _any_above_1(stack.nodes[place], "strides")], here):
            if chosen and chosen not in tried:
                tried.append(chosen)
                yield _padded(stack, chosen, new)
    if any("UpSampling" in row.class_name or "Transpose" in row.class_name for row in stack.rows):
        yield from _cropped(report, stack)


def _other_sizes(stack: Stack) -> Iterator[Candidate]:
    """The nearest smaller and larger input sizes that can be halved evenly as often as the model halves them."""
    accepted = stack.table.rows[0].output.dims or ()
    space = [size for size in accepted[1:-1] if isinstance(size, int)]
    unit, name, node = shape_node(stack)
    if len(stack.graph.inputs) != 1 or len(accepted) < 3 or len(space) != len(accepted) - 2 or node is None:
        return
    for step in (2, 4, 8, 16, 32, 64):
        chosen = [tuple(max(size // step * step, step) for size in space), tuple(-(-size // step) * step for size in space)]
        others = [sizes for sizes in dict.fromkeys(chosen) if sizes != tuple(space)]
        fitting = [sizes for sizes in others if _builds(stack, (accepted[0], *sizes, accepted[-1]))]
        for sizes in fitting:
            shape = Shape((accepted[0], *sizes, accepted[-1]))
            words = "x".join(map(str, sizes))
            edit = shape_edit(stack, shape)
            if edit is None and unit is not None and type(node).__name__ in ("Tuple", "List"):
                written_sizes = (accepted[0], *sizes, accepted[-1]) if name.startswith("batch") else (*sizes, accepted[-1])
                edit = unit.place(node), f"({', '.join(map(str, written_sizes))})"
            yield Candidate(titles.halves(words), [edit])
        if fitting:
            return


def _equal_widths(stack: Stack, at: int) -> Iterator[Candidate]:
    """Two tensors that differ on the last axis only: one gets the width of the other, the later layer first."""
    row = stack.rows[at]
    shapes = [shape.dims for shape in row.inputs]
    if len(shapes) != 2 or row.class_name in ("Concatenate", "Dot"):
        return
    one, other = shapes
    if one is None or other is None or len(one) != len(other) or one[1:-1] != other[1:-1] or one[-1] == other[-1]:
        return
    places = [stack.nodes.index(tensor.node) if tensor.node in stack.nodes else -1 for tensor in row.node.inputs]
    for place, size in sorted(zip(places, (other[-1], one[-1]), strict=True), key=lambda pair: -pair[0]):
        found = with_width(stack, place, size) if place >= 0 and isinstance(size, int) else None
        if found is not None:
            yield found


def _builds(stack: Stack, sizes: Sequence[Dim]) -> bool:
    return not propagated(stack.graph, Shape(sizes)).broken


def _cropped(report: FileReport, stack: Stack) -> Iterator[Candidate]:
    """Crops the larger branch of each such merge to the smaller one, as in the first U-Net (Ronneberger et al. 2015, figure 1)."""
    shapes: dict[Node, tuple[Shape, ...]] = {}
    edits: list[Edit] = []
    lines: list[int] = []
    for node in stack.graph.nodes:
        inputs = tuple(shapes[tensor.node][tensor.port] for tensor in node.inputs)
        try:
            shapes[node] = node.rule.infer(inputs).outputs
        except ShapeError as error:
            cut = _common(inputs) if isinstance(error.diagnostic, MergeMismatch) else None
            call = node.call if cut is not None else None
            elements = _elements(call[1]) if call is not None else []
            if cut is None or call is None or len(elements) != len(inputs):
                return
            unit = call[0]
            layer, more = spelled(report, stack.origins[stack.nodes.index(node)], f"Cropping{len(cut)}D")
            if not layer:
                return
            for shape, element in zip(inputs, elements, strict=True):
                gaps = [(have, want) for have, want in zip((shape.dims or ())[1:-1], cut, strict=True) if isinstance(have, int)]
                sides = tuple(((have - want) // 2, (have - want + 1) // 2) for have, want in gaps)
                if any(map(any, sides)):
                    words = str(sides if len(sides) > 1 else sides[0])
                    edits.append((unit.place(element), f"{layer}({words})({written(unit, element)})"))
                    edits += [one for one in more if one not in edits]
            lines.append(call[1].lineno)
            try:
                shapes[node] = node.rule.infer(tuple(_resized(shape, cut) for shape in inputs)).outputs
            except ShapeError:
                return
    if edits:
        yield Candidate(titles.cropped(line(", ".join(map(str, lines)))), edits)


def _common(inputs: Sequence[Shape]) -> tuple[int, ...] | None:
    """The least size of each spatial axis; None where one is unknown."""
    spaces = [shape.dims[1:-1] for shape in inputs if shape.dims is not None]
    if len(spaces) != len(inputs) or len({len(space) for space in spaces}) != 1 or not spaces[0]:
        return None
    if not all(isinstance(size, int) for space in spaces for size in space):
        return None
    return tuple(min(size for size in axis if isinstance(size, int)) for axis in zip(*spaces, strict=True))


def _resized(shape: Shape, sizes: Sequence[int]) -> Shape:
    assert shape.dims is not None
    return Shape((shape.dims[0], *sizes, shape.dims[-1]))


def _elements(call: Any) -> list[Any]:
    """The expressions of the tensors in the list that a merging layer is called on."""
    given = next((keyword.value for keyword in call.keywords if keyword.arg == "inputs"), call.args[0] if call.args else None)
    return list(getattr(given, "elts", ()))


def _same_axes_outside(shapes: Sequence[Shape]) -> bool:
    """True if the tensors have equally many axes, at least three, and differ in steps, rows or columns: padding changes only these."""
    known = [shape.dims for shape in shapes if shape.dims is not None]
    ranks = {len(dims) for dims in known}
    return len(known) == len(shapes) and len(ranks) == 1 and min(ranks) >= 3 and len({dims[1:] for dims in known}) > 1


def _branches(node: Node) -> list[Node]:
    """The layers that lead straight to a merging layer on some of its branches, but not on all."""
    lines = [[tensor.node, *before(tensor.node)] for tensor in node.inputs]
    return list(dict.fromkeys(one for line in lines for one in line if not all(one in other for other in lines)))


def _any_above_1(node: Node, *arguments: str) -> bool:
    values = [getattr(node.rule, name, ()) for name in arguments]
    return any(size != 1 for value in values for size in (value if isinstance(value, tuple) else (value,)))


def _padded(stack: Stack, places: Sequence[int], padding: str) -> Candidate:
    origins = [stack.origins[place] for place in places]
    where = ", ".join(dict.fromkeys(str(origin.where) for origin in origins))
    return Candidate(placed(where, f'padding="{padding}"'), [set_argument(origin, "padding", f'"{padding}"') for origin in origins])
