"""The only walk over layers: shapes go through a graph, a table comes out, and no weight exists."""

from __future__ import annotations

from collections.abc import Sequence

from shapecheck.diagnostics.base import ShapeError
from shapecheck.graph import Graph, Node, Tensor
from shapecheck.layers.base import Inference, Window
from shapecheck.naming import Names
from shapecheck.shapes import Dim, Shape, add, multiply, subtract
from shapecheck.table import Row, ShapeTable


def propagate(graph: Graph, inputs: Sequence[Shape] | None = None, names: Names | None = None) -> ShapeTable:
    """A verdict for each layer: proved, broken, not-reached or unknown (cannot tell).

    `inputs` replaces the shapes that the graph's Input nodes accept (a nested model called on something narrower).
    Layers without a name get one from `names`.
    """
    names = names or Names()
    given = dict(zip((tensor.node for tensor in graph.inputs), inputs, strict=True)) if inputs is not None else {}
    rows: dict[Node, Row] = {}
    called: dict[object, str] = {}
    fields: dict[Tensor, _Field] = {}
    for node in graph.nodes:
        if node.rule not in called:
            called[node.rule] = node.rule.name or names.give(type(node.rule).__name__)
        if node in given:
            rows[node] = _given_row(node, called[node.rule], given[node])
        else:
            rows[node] = _row(node, called[node.rule], rows)
        _look(rows[node], fields)
    return ShapeTable(graph, [rows[node] for node in graph.nodes])


def _row(node: Node, name: str, rows: dict[Node, Row]) -> Row:
    feeding = [rows[tensor.node] for tensor in node.inputs]
    blocked = next((row for row in feeding if row.verdict in ("broken", "not-reached")), None)
    if blocked is not None:
        culprit = blocked.name if blocked.verdict == "broken" else blocked.reason
        return Row(node, name, (), None, "not-reached", culprit)
    shapes = tuple(rows[tensor.node].outputs[tensor.port] for tensor in node.inputs)
    try:
        inference = node.rule.infer(shapes)
    except ShapeError as error:
        return Row(node, name, shapes, None, "broken", str(error.diagnostic), error.diagnostic)
    return _judged(node, name, shapes, inference)


def _judged(node: Node, name: str, shapes: tuple[Shape, ...], inference: Inference) -> Row:
    """Proved only if everything that went in and everything that comes out is a fact."""
    for shape in (*shapes, *inference.outputs, *(Shape(spec.shape) for spec in inference.weights)):
        if not shape.known:
            return Row(node, name, shapes, inference, "unknown", shape.why or "its shape cannot be told")
    return Row(node, name, shapes, inference, "proved")


def _given_row(node: Node, name: str, shape: Shape) -> Row:
    accepted = node.rule.infer(()).output
    merged = Shape(None, last=shape.last, why=shape.why) if shape.dims is None else shape
    if shape.dims is not None and accepted.dims is not None:
        problem = mismatch(accepted, shape)
        if problem is not None:
            return Row(node, name, (shape,), None, "broken", str(problem.diagnostic), problem.diagnostic)
    return _judged(node, name, (), Inference(merged))


def mismatch(accepted: Shape, given: Shape) -> ShapeError | None:
    """Why data or a tensor of shape `given` cannot go into an input that accepts `accepted`; None if it can."""
    from shapecheck.diagnostics.rank import InputMismatch, WrongRank

    assert accepted.dims is not None and given.dims is not None
    if len(accepted.dims) != len(given.dims):
        return ShapeError(WrongRank(given, len(accepted.dims)))
    for axis, (want, got) in enumerate(zip(accepted.dims, given.dims, strict=True)):
        if isinstance(want, int) and isinstance(got, int) and want != got:
            return ShapeError(InputMismatch(accepted, given, axis))
    return None


class _Field:
    """How much of the input one value of a tensor sees along each spatial axis, and how far its neighbours are apart."""

    __slots__ = ("jumps", "sees")

    def __init__(self, sees: tuple[Dim, ...], jumps: tuple[Dim, ...]) -> None:
        self.sees = sees
        self.jumps = jumps


def _look(row: Row, fields: dict[Tensor, _Field]) -> None:
    """Receptive field (Araujo et al. 2019, "Computing Receptive Fields"): r + (extent - 1)*jump, jump*stride."""
    if row.inference is None:
        return
    if not row.node.inputs:
        rank = (row.output.rank or 2) - 2
        field = _Field((1,) * max(rank, 0), (1,) * max(rank, 0))
    else:
        seen = [fields[tensor] for tensor in row.node.inputs if tensor in fields]
        if not seen:
            return
        field = _through(max(seen, key=lambda f: sum(d for d in f.sees if isinstance(d, int))), row)
    row.sees = field.sees or None
    for port in range(len(row.outputs)):
        fields[row.node.tensor(port)] = field


def _through(field: _Field, row: Row) -> _Field:
    assert row.inference is not None
    window = row.inference.window
    if isinstance(window, Window):
        sees = tuple(
            add(s, multiply(subtract(extent, 1), j))
            for s, extent, j in zip(field.sees, window.extents, field.jumps, strict=False)
        )
        jumps = tuple(multiply(j, stride) for j, stride in zip(field.jumps, window.strides, strict=False))
        return _Field(sees, jumps)
    if window == "all" and row.inputs and row.inputs[0].rank and row.inputs[0].rank > 2:
        sizes = row.inputs[0].sizes[:-1]
        sees = tuple(
            add(s, multiply(subtract(n, 1), j)) for s, n, j in zip(field.sees, sizes, field.jumps, strict=False)
        )
        return _Field(sees, field.jumps)
    return field
