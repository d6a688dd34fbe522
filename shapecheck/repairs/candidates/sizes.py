"""Edits for a window that does not fit: keep the size, shrink it less, start with a larger input, or use a smaller window."""

from __future__ import annotations

from collections.abc import Iterator

from shapecheck.checks.stacking import out_of_place
from shapecheck.diagnostics.habits import KernelAsStrides
from shapecheck.diagnostics.sizes import WindowTooLarge
from shapecheck.findings import sizes
from shapecheck.graph import Graph
from shapecheck.nodes import Node, Tensor, known_input
from shapecheck.propagate import propagate
from shapecheck.repairs.candidates import titles
from shapecheck.repairs.candidates.base import Candidate, mends
from shapecheck.repairs.candidates.inputs import channels_last, shape_edit
from shapecheck.repairs.candidates.titles import line, placed, without
from shapecheck.repairs.candidates.words import kernel_pair
from shapecheck.repairs.edits import drop_layer, set_argument
from shapecheck.shapes import Shape

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from shapecheck.findings import FileReport, Finding, Stack
    from shapecheck.table import Row, ShapeTable

COUNTS = {
    1: titles.ONE,
    2: titles.BOTH,
    3: titles.ALL_THREE,
    4: titles.ALL_FOUR,
    5: titles.ALL_FIVE,
    6: titles.ALL_SIX,
}
LARGEST_INPUT = 4096


@mends(WindowTooLarge, in_memory=True)
def window_too_large(report: FileReport, finding: Finding) -> Iterator[Candidate]:
    """SC101."""
    stack, here = finding.stack, finding.layer
    if stack is None or here is None or here >= len(stack.origins):
        return
    yield from channels_last(report, stack)
    yield from _old_kernels(stack, here)
    yield from _without_permute(stack, here)
    windowed = [place for place, row in enumerate(stack.rows) if _window(row) and padding_of(row) == "valid"]
    if here in windowed:
        edit = set_argument(stack.origins[here], "padding", '"same"')
        yield Candidate(titles.same_only(stack.origins[here].where), [edit])
    yield from _strides(stack, here)
    convolutions = [place for place in windowed if "Conv" in stack.rows[place].class_name]
    if len(convolutions) > 1:
        yield _same(stack, convolutions, titles.CONVOLUTIONS)
    yield from _larger_input(finding, stack)
    if len(windowed) > max(len(convolutions), 1):
        yield _same(stack, windowed, titles.WINDOWED)
    yield from _smaller_window(finding, stack, here)
    yield from _without_pool(stack, here)


def _window(row: Row) -> bool:
    return hasattr(row.node.rule, "strides") and "Transpose" not in row.class_name


def padding_of(row: Row) -> Any:
    """Its padding; None where it has none."""
    return getattr(row.node.rule, "padding", None)


def _same(stack: Stack, places: list[int], what: str) -> Candidate:
    names = {stack.rows[place].class_name for place in places}
    count = COUNTS.get(len(places)) or titles.all_of(len(places))
    layers = names.pop() if len(names) == 1 else what
    title = titles.same(count, layers)
    return Candidate(title, [set_argument(stack.origins[place], "padding", '"same"') for place in places])


def _old_kernels(stack: Stack, here: int) -> Iterator[Candidate]:
    """Conv2D(32, 3, 3) of Keras 1: rows and columns of one kernel."""
    found = [out_of_place(stack.rows[place].node.rule, stack.origins[place]) for place in range(here + 1)]
    places = [place for place, problem in enumerate(found) if isinstance(problem, KernelAsStrides)]
    if places:
        lines = ", ".join(str(stack.origins[place].line) for place in places)
        yield Candidate(titles.pair_not_strides(line(lines)), [kernel_pair(stack.origins[place]) for place in places])


def spent(stack: Stack, here: int) -> list[int]:
    """Earlier layers that shrink by a stride, those that remove most pixels first."""
    losses: list[tuple[int, int]] = []
    for place, row in enumerate(stack.rows[:here]):
        dims, given = row.output.dims, row.inputs[0].dims if row.inputs else None
        if dims and given and len(dims) == len(given) and _window(row):
            pairs = [(a, b) for a, b in zip(given[1:-1], dims[1:-1], strict=True) if isinstance(a, int) and isinstance(b, int)]
            loss = max((a - b for a, b in pairs), default=0)
            if loss > 0:
                losses.append((-loss, place))
    return [place for _, place in sorted(losses)]


def _strides(stack: Stack, here: int) -> Iterator[Candidate]:
    for place in [*spent(stack, here), here][:4]:
        origin = stack.origins[place]
        strides = getattr(stack.rows[place].node.rule, "strides", ())
        if "strides" in origin.arguments and any(isinstance(step, int) and step > 1 for step in strides):
            yield Candidate(placed(origin.where, "strides=1"), [set_argument(origin, "strides", "1")])


def _without_pool(stack: Stack, here: int) -> Iterator[Candidate]:
    if stack.model is None or stack.model.graph is not None:
        return
    for place in [here, *spent(stack, here)]:
        if "Pooling" in stack.rows[place].class_name:
            edit = drop_layer(stack.model.elements[place].use)
            yield Candidate(without(stack.origins[place].called(stack.rows[place].class_name)), [edit])


def _without_permute(stack: Stack, here: int) -> Iterator[Candidate]:
    """Without a Permute that moves the channels to where this layer expects rows."""
    if stack.model is None or stack.model.graph is not None:
        return
    for place in range(here):
        if stack.rows[place].class_name == "Permute":
            edit = drop_layer(stack.model.elements[place].use)
            yield Candidate(without(stack.origins[place].called("Permute")), [edit])


def _smaller_window(finding: Finding, stack: Stack, here: int) -> Iterator[Candidate]:
    diagnostic: Any = finding.diagnostic
    rule, origin = stack.rows[here].node.rule, stack.origins[here]
    windows = getattr(rule, diagnostic.argument, None)
    given = stack.rows[here].inputs[0].dims if stack.rows[here].inputs else None
    if not isinstance(windows, tuple) or given is None or len(given) != len(windows) + 2 or diagnostic.dilation != 1:
        return
    room = given[2:] if getattr(rule, "data_format", "") == "channels_first" else given[1:-1]
    if all(isinstance(size, int) for size in (*room, *windows)):
        fits = tuple(min(a, b) for a, b in zip(room, windows, strict=True) if isinstance(a, int))
        text = str(fits[0]) if len(set(fits)) == 1 else str(fits)
        yield Candidate(placed(origin.where, f"{diagnostic.argument}={text}"), [set_argument(origin, diagnostic.argument, text)])


def _larger_input(finding: Finding, stack: Stack) -> Iterator[Candidate]:
    """The smallest square (or cube, or length) for which every window fits, by bisection."""
    accepted = stack.table.rows[0].output
    given = accepted.dims or ()
    space = given[1:-1]
    if len(given) < 3 or not all(isinstance(size, int) for size in space):
        return
    least = max(size for size in space if isinstance(size, int))
    low, high = min(size for size in space if isinstance(size, int)), least
    while not _fits(stack.graph, enlarged(accepted, high)):
        low, high = high, high * 2
        if high > LARGEST_INPUT:
            return
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if _fits(stack.graph, enlarged(accepted, middle)) else (middle, high)
    shape = enlarged(accepted, high)
    table = propagated(stack.graph, shape)
    if table.broken or shape == accepted:
        return
    words = "x".join(map(str, shape.dims[1:-1])) if shape.dims else ""
    below = propagated(stack.graph, enlarged(accepted, high - 1)).broken
    where = getattr(getattr(below[0].node, "origin", None), "where", None) if below else None
    trail = " ".join(map(str, sizes(table.rows, getattr(finding.diagnostic, "axis", ""))))
    if where:
        trail = titles.trail(trail, high - 1, where)
    title = titles.larger_input(words)
    yield Candidate(title, [shape_edit(stack, shape)], trail)


def enlarged(shape: Shape, size: int) -> Shape:
    """The shape with every spatial size at least `size`."""
    assert shape.dims is not None
    return Shape((shape.dims[0], *(max(d, size) if isinstance(d, int) else d for d in shape.dims[1:-1]), shape.dims[-1]))


def _fits(graph: Graph, shape: Shape) -> bool:
    return not any(isinstance(row.diagnostic, WindowTooLarge) for row in propagated(graph, shape).broken)


def propagated(graph: Graph, shape: Shape) -> ShapeTable:
    """The table of the same graph for another input shape."""
    if len(graph.inputs) != 1:
        return propagate(graph)
    start = Node(known_input(shape))
    new: dict[Node, Node] = {graph.inputs[0].node: start}
    for node in graph.nodes:
        if node not in new:
            new[node] = Node(node.rule, [Tensor(new[t.node], t.port) for t in node.inputs], node.origin)
    outputs = [Tensor(new[t.node], t.port) for t in graph.outputs]
    return propagate(Graph((start.tensor(),), outputs))
