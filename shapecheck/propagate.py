"""Shape propagation, the only walk over layers: from a graph to a table, without creating weights."""

from __future__ import annotations

from collections.abc import Sequence
from contextvars import ContextVar

from shapecheck.diagnostics.base import ShapeError
from shapecheck.diagnostics.rank import InputMismatch, WrongRank
from shapecheck.languages import because
from shapecheck.layers.base import Inference, Rule, Window
from shapecheck.naming import Names
from shapecheck.nodes import Node, Structure, before
from shapecheck.shapes import Dim, Shape, Unknown, add, combine, multiply, subtract
from shapecheck.table import Row, ShapeTable

_TABLES: ContextVar[dict[tuple[Structure, tuple[Shape, ...], bool], ShapeTable] | None] = ContextVar("the tables of one walk", default=None)


def propagate(graph: Structure, inputs: Sequence[Shape] | None = None, names: Names | None = None, accept: bool = False) -> ShapeTable:
    """A verdict for each layer: proved, broken, not-reached or unknown (cannot tell).

    `inputs` replaces the shapes that the graph's Input nodes accept (a nested model called on something narrower).
    With `accept` they are used even if they contradict the Input: would the layers accept such data?
    Layers without a name get one from `names`.

    A graph used as a layer is propagated recursively. In one walk its table is computed once for the same inputs: otherwise
    models called inside each other would take twice the time at every level.
    """
    tables = _TABLES.get()
    if tables is None:
        walk = _TABLES.set({})
        try:
            return _propagated(graph, inputs, names, accept)
        finally:
            _TABLES.reset(walk)
    if inputs is None or names is not None:
        return _propagated(graph, inputs, names, accept)
    key = (graph, tuple(inputs), accept)
    if key not in tables:
        tables[key] = _propagated(graph, inputs, names, accept)
    return tables[key]


def _propagated(graph: Structure, inputs: Sequence[Shape] | None, names: Names | None, accept: bool) -> ShapeTable:
    called = named(graph, names or Names())
    given = dict(zip((tensor.node for tensor in graph.inputs), inputs, strict=True)) if inputs is not None else {}
    rows: dict[Node, Row] = {}
    fields: dict[Node, _Field] = {}
    for node in graph.nodes:
        if node in given:
            rows[node] = _given_row(node, called[node.rule], given[node], accept)
        else:
            rows[node] = _row(node, called[node.rule], rows)
        _look(rows[node], fields)
    table = ShapeTable(graph, [rows[node] for node in graph.nodes], _whole(graph, fields))
    if graph.fixed and inputs is None:
        graph.kept = tuple([rows[tensor.node].output for tensor in graph.inputs]), table
    return table


def takes(graph: Structure, inputs: Sequence[Shape]) -> bool:
    """True if every layer certainly accepts these shapes once the inputs declare them."""
    return all(row.verdict == "proved" for row in propagate(graph, inputs, accept=True).rows)


def named(graph: Structure, names: Names) -> dict[Rule, str]:
    """The name of each layer: its own, else the next automatic one."""
    called: dict[Rule, str] = {}
    for node in graph.nodes:
        if node.rule not in called:
            called[node.rule] = node.rule.name or names.give(type(node.rule).__name__)
    return called


def _row(node: Node, name: str, rows: dict[Node, Row]) -> Row:
    for tensor in node.feeds:
        blocked = rows[tensor.node]
        if blocked.verdict in ("broken", "not-reached"):
            if node.rule.refusal is not None:
                return Row(node, name, (), None, "broken", str(node.rule.refusal), node.rule.refusal)
            culprit = blocked.name if blocked.verdict == "broken" else blocked.reason
            return Row(node, name, (), None, "not-reached", culprit)
    shapes = tuple([rows[tensor.node].outputs[tensor.port] for tensor in node.inputs])
    if node.inferred is not None and node.inferred[0] == shapes:
        return _judged(node, name, shapes, node.inferred[1])
    try:
        if node.beside:
            beside = {name: tuple([rows[t.node].outputs[t.port] for t in tensors]) for name, tensors in node.beside.items()}
            node.rule.check_beside(shapes, beside)
        inference = node.rule.infer(shapes)
    except ShapeError as error:
        error.diagnostic.follows([(rows[earlier].name, earlier.rule) for earlier in before(node)])
        return Row(node, name, shapes, None, "broken", str(error.diagnostic), error.diagnostic)
    return _judged(node, name, shapes, inference)


def _judged(node: Node, name: str, shapes: tuple[Shape, ...], inference: Inference) -> Row:
    """Proved only if all input and output shapes are known."""
    for shape in (*shapes, *inference.outputs):
        if not shape.known:
            return Row(node, name, shapes, inference, "unknown", shape.why or because("its shape is unknown"))
    for spec in inference.weights:
        for size in spec.shape:
            if isinstance(size, Unknown):
                return Row(node, name, shapes, inference, "unknown", Shape(spec.shape).why or because("its shape is unknown"))
    return Row(node, name, shapes, inference, "proved")


def _given_row(node: Node, name: str, shape: Shape, accept: bool) -> Row:
    accepted = node.rule.infer(()).output
    if shape.dims is not None and accepted.dims is not None and not accept:
        problem = mismatch(accepted, shape)
        if problem is not None:
            return Row(node, name, (shape,), None, "broken", str(problem.diagnostic), problem.diagnostic)
    return _judged(node, name, (), Inference(shape))


def mismatch(accepted: Shape, given: Shape) -> ShapeError | None:
    """Why data or a tensor of shape `given` cannot go into an input that accepts `accepted`; None if it can."""
    assert accepted.dims is not None and given.dims is not None
    if len(accepted.dims) != len(given.dims):
        return ShapeError(WrongRank(given, len(accepted.dims)))
    for axis, (want, got) in enumerate(zip(accepted.dims, given.dims, strict=True)):
        if isinstance(want, int) and isinstance(got, int) and want != got:
            return ShapeError(InputMismatch(accepted, given, axis))
    return None


def of_rank(given: tuple[Dim, ...], accepted: tuple[Dim, ...]) -> tuple[Dim, ...]:
    """The sizes of data as an input accepts them: a last axis of 1 is added if required, or dropped if not.

    Source: keras 3.15, Functional._adjust_input_rank, through which every call on data goes.

    >>> of_rank((60, 28, 28), (None, 28, 28, 1)), of_rank((60, 5, 1), (None, 5)), of_rank((60, 5), (None, 5, 3))
    ((60, 28, 28, 1), (60, 5), (60, 5))
    """
    if len(given) == len(accepted) - 1 and accepted[-1] == 1:
        return (*given, 1)
    return given[:-1] if len(given) == len(accepted) + 1 and given[-1] == 1 else given


def exchanged(given: Sequence[tuple[Dim, ...] | None], accepted: Sequence[Shape], at: int) -> tuple[int, ...]:
    """Input `at`, which does not accept its own data, and another one, where each accepts the other's data; () if there is no such pair.

    >>> exchanged([(8, 5), (8, 4)], [Shape((None, 4)), Shape((None, 5))], 0), exchanged([(8, 5), (8, 5)], [Shape((None, 4))] * 2, 0)
    ((0, 1), ())
    """

    def fits(data: int, place: int) -> bool:
        have, want = given[data], accepted[place].dims
        known = have is not None and all(isinstance(size, int) for size in have[1:])
        return have is not None and want is not None and known and mismatch(Shape(want), Shape(of_rank(have, want))) is None

    others = (other for other in range(len(accepted)) if other != at and fits(at, other) and fits(other, at))
    return next((tuple(sorted((at, other))) for other in others), ())


class _Field:
    """The receptive field of one value of a tensor, along each spatial axis.

    sees: input pixels, and jumps: how far its neighbours are apart, both in units of 1/scale pixel (an axis stretched
    by UpSampling has a scale above 1); positions: how many values there are.
    """

    __slots__ = ("jumps", "positions", "scales", "sees")

    def __init__(self, sees: tuple[Dim, ...], jumps: tuple[Dim, ...], scales: tuple[Dim, ...], positions: tuple[Dim, ...]) -> None:
        self.sees = sees
        self.jumps = jumps
        self.scales = scales
        self.positions = positions

    @property
    def pixels(self) -> tuple[Dim, ...]:
        """`sees` in whole pixels."""
        if all(scale == 1 for scale in self.scales):
            return self.sees
        return tuple(combine(lambda s, unit: -(-s // unit), *pair) for pair in zip(self.sees, self.scales, strict=True))


def _look(row: Row, fields: dict[Node, _Field]) -> None:
    """Receptive field (Araujo et al. 2019, "Computing Receptive Fields"): r + (extent - 1)*jump, jump*stride."""
    if row.inference is None:
        return
    if not row.node.inputs:
        field = _pixels(row.output)
    else:
        seen = [fields[tensor.node] for tensor in row.node.inputs if tensor.node in fields]
        if not seen:
            return
        widest = max(seen, key=lambda f: sum(d for d in f.pixels if isinstance(d, int))) if len(seen) > 1 else seen[0]
        through = _through(widest, row)
        if through is None:
            return
        field = through
    row.sees = field.pixels or None
    fields[row.node] = field


def _whole(graph: Structure, fields: dict[Node, _Field]) -> Window | str:
    """The graph as one window over its input, if it is one: else "all", which is never too small."""
    first, last = (fields.get(ends[0].node) if len(ends) == 1 else None for ends in (graph.inputs, graph.outputs))
    if first is None or last is None or len(last.sees) != len(first.sees) or not last.sees:
        return "all"
    if any(scale != 1 for scale in last.scales):
        return "all"
    return Window(last.sees, last.jumps, last.positions)


def _pixels(shape: Shape) -> _Field:
    """The receptive field of an input: each value sees itself."""
    ones = (1,) * max((shape.rank or 2) - 2, 0)
    return _Field(ones, ones, ones, shape.sizes[:-1] if ones else ())


def _through(field: _Field, row: Row) -> _Field | None:
    """The receptive field after a layer; None if an output's axes no longer are positions of the input."""
    assert row.inference is not None
    window = row.inference.window
    if isinstance(window, Window):
        if len(window.extents) != len(field.sees):
            return None
        reach = (multiply(subtract(e, 1), j) for e, j in zip(window.extents, field.jumps, strict=True))
        wide = (add(s, r) for s, r in zip(field.sees, reach, strict=True))
        sees = tuple(multiply(s, f) for s, f in zip(wide, window.factors, strict=True))
        jumps = tuple(multiply(j, s) for j, s in zip(field.jumps, window.strides, strict=True))
        scales = tuple(multiply(s, f) for s, f in zip(field.scales, window.factors, strict=True))
        return _Field(sees, jumps, scales, window.positions)
    if window == "all" and field.sees:
        reach = (multiply(subtract(n, 1), j) for n, j in zip(field.positions, field.jumps, strict=True))
        sees = tuple(add(s, r) for s, r in zip(field.sees, reach, strict=True))
        return _Field(sees, field.jumps, field.scales, (1,) * len(sees))
    if window == "new":
        untouched = all(s == 1 for s in field.sees)
        return _pixels(row.output) if untouched and row.output.dims else None
    return field
