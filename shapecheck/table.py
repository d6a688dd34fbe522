"""The facts of a checked graph: one row for each layer, totals below. Drawing is in report/."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from shapecheck.diagnostics.base import Diagnostic, ShapeError
from shapecheck.languages import because
from shapecheck.layers.base import Inference, Rule, WeightSpec, Window
from shapecheck.nodes import Node, Structure
from shapecheck.shapes import Dim, Shape, Unknown, add

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import ClassVar, Literal

    Verdict = Literal["proved", "any-size", "broken", "not-reached", "unknown"]
    """any-size: proved for all values of sizes that are not in the file; `Row.reason` says why they are not, or why it is unknown."""


class Row:
    """One layer in the table.

    `name` as the table prints it; `inputs` and `inference` (None when broken or not reached); `verdict` and `reason`;
    `diagnostic` if broken; `sees`: receptive field in input pixels along each spatial axis, None where it has none.
    """

    __slots__ = ("diagnostic", "inference", "inputs", "name", "node", "reason", "sees", "verdict")

    def __init__(
        self,
        node: Node,
        name: str,
        inputs: tuple[Shape, ...],
        inference: Inference | None,
        verdict: Verdict,
        reason: str = "",
        diagnostic: Diagnostic | None = None,
        sees: tuple[Dim, ...] | None = None,
    ) -> None:
        self.node = node
        self.name = name
        self.inputs = inputs
        self.inference = inference
        self.verdict = verdict
        self.reason = reason
        self.diagnostic = diagnostic
        self.sees = sees

    @property
    def class_name(self) -> str:
        """The layer's class, as users write it."""
        return self.node.rule.class_name

    @property
    def is_input(self) -> bool:
        """True for the row of an Input, which tables show in the headline."""
        return not self.node.inputs and not self.node.rule.unseen

    @property
    def outputs(self) -> tuple[Shape, ...]:
        """Its output shapes; one of unknown rank if it was not reached."""
        return self.inference.outputs if self.inference else (Shape(None, why=self.reason),)

    @property
    def output(self) -> Shape:
        """The first output shape."""
        return self.outputs[0]

    @property
    def weights(self) -> tuple[WeightSpec, ...]:
        """The weights that this use of the layer needs."""
        return self.inference.weights if self.inference else ()

    @property
    def params(self) -> Dim:
        """How many numbers its weights hold."""
        return _count(self.weights) if self.inference else Unknown("params", self.reason)

    @property
    def trainable_params(self) -> Dim:
        """How many of them training changes."""
        if not self.inference:
            return Unknown("params", self.reason)
        return _trained(self.weights, self.trained)

    @property
    def trained(self) -> bool | Unknown:
        """Whether training may change its weights. For an inner model its layers decide, as in Keras."""
        rule = self.node.rule
        return isinstance(rule, Structure) or getattr(rule, "graph", None) is not None or rule.trainable

    def __repr__(self) -> str:
        return f"<Row {self.name} {self.output} {self.verdict}>"


class FreeSize:
    """A size that is not in the file: its name in formulas, why it is not known, its smallest value.

    `layer` refuses one less, with the finding `refused`; "" and None if the smallest value is 1.
    """

    __slots__ = ("layer", "least", "name", "refused", "why")

    def __init__(self, name: str, why: str) -> None:
        self.name = name
        self.why = why
        self.least = 1
        self.layer = ""
        self.refused: Diagnostic | None = None


class ShapeTable:
    """All rows of a graph in topological order, Input rows included, and their totals."""

    draw_html: ClassVar[Callable[[ShapeTable, str | None], str] | None] = None
    """The function that draws a table in a notebook: shapecheck.api sets it, because tables do not import drawing."""
    free: tuple[FreeSize, ...] = ()
    """The sizes that are not in the file, of a table with rows that are proved for any size."""
    accepted: Mapping[Node, Shape] = {}
    """For an input that declares no shape: any shape of as many axes as its first layer requires."""

    def __init__(self, graph: Structure, rows: Sequence[Row], window: Window | str = "all") -> None:
        """window: how its one output sees its one input, as for a single layer."""
        self.graph = graph
        self.rows = tuple(rows)
        self.window = window
        self._by_node = {row.node: row for row in rows}

    def __getitem__(self, node: Node) -> Row:
        return self._by_node[node]

    @property
    def outputs(self) -> tuple[Shape, ...]:
        """The shapes of the graph's outputs."""
        return tuple(self[tensor.node].outputs[tensor.port] for tensor in self.graph.outputs)

    @property
    def conditions(self) -> tuple[FreeSize, ...]:
        """The sizes of which a smaller one is refused: what is proved holds from their smallest values on."""
        return tuple(size for size in self.free if size.least > 1)

    @property
    def broken(self) -> tuple[Row, ...]:
        """The rows at which a rule was violated."""
        return tuple(row for row in self.rows if row.verdict == "broken")

    @property
    def once(self) -> tuple[Row, ...]:
        """The rows with each layer once: a shared layer's weights count once."""
        return tuple({row.node.rule.layer_made: row for row in reversed(self.rows)}.values())[::-1]

    @property
    def params(self) -> Dim:
        """Parameters in all."""
        return add(*(row.params for row in self.once))

    @property
    def trainable_params(self) -> Dim:
        """Parameters that training changes."""
        return 0 if self.graph.frozen else add(*(row.trainable_params for row in self.once))

    @property
    def multiply_adds(self) -> Dim:
        """Multiply-adds for one sample, bias adds not counted."""
        missing = Unknown("multiply-adds", because("a layer is broken or was not reached"))
        return add(*(row.inference.multiply_adds if row.inference else missing for row in self.rows))

    def _repr_html_(self) -> str | None:
        """The HTML for a notebook; None if no drawing is loaded."""
        return None if ShapeTable.draw_html is None else ShapeTable.draw_html(self, self.graph.name)

    def as_inference(self) -> Inference:
        """The whole graph as one layer's inference. Raises the first broken row's ShapeError."""
        for row in self.broken:
            assert row.diagnostic is not None
            raise ShapeError(row.diagnostic.copy(), row.name)
        weights = tuple(
            WeightSpec(spec.name, spec.shape, spec.initializer, spec.trainable and row.trained)
            for row in self.once
            for spec in row.weights
        )
        return Inference(self.outputs, weights, self.multiply_adds, window=self.window)


def _trained(specs: Iterable[WeightSpec], trained: bool | Unknown) -> Dim:
    """How many numbers training changes; Unknown if that is unknown."""
    kept = [spec for spec in specs if spec.trainable and trained]
    unclear = (flag for spec in kept for flag in (trained, spec.trainable) if isinstance(flag, Unknown))
    return next(unclear, None) or _count(kept)


def _count(specs: Iterable[WeightSpec]) -> Dim:
    return add(*(spec.size for spec in specs))


def keeps_width(row: Row) -> bool:
    """Whether the layer takes its last axis over from its only input: a Softmax, a pooling, a normalization; no layer with a kernel."""
    alone = len(row.inputs) == len(row.node.inputs) == 1
    normal = "Normalization" in row.class_name or row.class_name == "PReLU"
    return alone and row.verdict == "proved" and row.inputs[0].last == row.output.last and (normal or not row.weights)


def built_twice(rows: Iterable[Row]) -> Iterator[tuple[Row, Row]]:
    """Each second use of a layer that needs weights of another shape than its first one, after that: (first, second)."""
    first: dict[Rule, Row] = {}
    for row in rows:
        if isinstance(row.node.rule, Structure) or not row.weights:
            continue
        earlier = first.setdefault(row.node.rule, row)
        told = earlier.inference is not None and row.inference is not None and bool(earlier.inputs) and bool(row.inputs)
        if told and earlier is not row and other_weights(earlier.inference, row.inference):
            yield earlier, row


def other_weights(first: Inference | None, second: Inference | None) -> bool:
    """Whether two uses of a layer need weights of shapes that are known and differ."""
    if first is None or second is None:
        return False
    one, other = ([spec.shape for spec in found.weights] for found in (first, second))
    return one != other and all(isinstance(size, int) for shapes in (one, other) for shape in shapes for size in shape)


def verdict_counts(rows: Iterable[Row]) -> dict[str, int]:
    """How many of the rows are proved, proved for any size, broken, not reached, unknown."""
    counts = {"proved": 0, "any-size": 0, "broken": 0, "not-reached": 0, "unknown": 0}
    for row in rows:
        counts[row.verdict] += 1
    return counts
