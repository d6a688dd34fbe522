"""A stack whose sizes are not all in the file, proved for all of them.

Its rules run as they are, on integers that remember of which sizes they are computed (numbers.py). Each run holds for a region of sizes:
those that meet every condition under which the rules went their way. Runs follow until their regions cover all sizes from a smallest one
on; the smallest is above the last at which a rule refuses.
"""

from __future__ import annotations

from shapecheck.any_size.formulas import LETTERS
from shapecheck.any_size.formulas import of as formula_of
from shapecheck.any_size.numbers import Conditions, Followed
from shapecheck.any_size.numbers import formula as followed_formula
from shapecheck.any_size.ranks import open_inputs
from shapecheck.any_size.regions import example, narrowed, rest
from shapecheck.diagnostics.arguments import BadArgument
from shapecheck.diagnostics.base import ShapeError
from shapecheck.graph import Graph
from shapecheck.languages import Phrase
from shapecheck.layers.base import Arithmetic, Inference, Rule, WeightSpec, Window, argument_names, shape_argument
from shapecheck.layers.core import InputLayer
from shapecheck.nodes import Node, Tensor, known_input
from shapecheck.propagate import propagate
from shapecheck.shapes import OfSizes, Shape, Unknown
from shapecheck.table import FreeSize, Row, ShapeTable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    from shapecheck.any_size.regions import Region
    from shapecheck.diagnostics.base import Diagnostic

SIZES = frozenset({
    "units", "filters", "input_dim", "output_dim", "input_length", "n", "num_heads", "key_dim", "value_dim", "head_dim", "num_query_heads",
    "num_key_value_heads", "depth_multiplier", "batch_size", "height", "width",
})  # fmt: skip
"""Arguments that are one size."""
SEVERAL = frozenset({
    "kernel_size", "pool_size", "strides", "size", "padding", "cropping", "target_shape", "output_shape", "dilation_rate", "output_size",
})  # fmt: skip
"""Arguments that are sizes in a tuple."""
MOST_SIZES = 8
MOST_RUNS = 60


class ProvedRow(Row):
    """A row that is proved for any size, and the formulas of its weights."""

    __slots__ = ("counts",)

    counts: tuple[Any, Any]

    @property
    def params(self) -> Any:
        return self.counts[0]

    @property
    def trainable_params(self) -> Any:
        return self.counts[1]


class ProvedTable(ShapeTable):
    """A table of rows of which some are proved for any size, and the formulas of its totals."""

    def __init__(self, table: ShapeTable, rows: Sequence[Row], sizes: Sequence[FreeSize], totals: Mapping[str, Any]) -> None:
        super().__init__(table.graph, rows, table.window)
        self.free = tuple(sizes)
        self.totals = dict(totals)

    @property
    def params(self) -> Any:
        return self.totals["params"]

    @property
    def trainable_params(self) -> Any:
        return self.totals["trainable_params"]

    @property
    def multiply_adds(self) -> Any:
        return self.totals["multiply_adds"]


def proved(table: ShapeTable) -> ShapeTable:
    """The table, of which no row is broken, with the rows that hold for any size; the same table if there are none, or if a rule
    refuses some larger size."""
    graph = table.graph
    if not isinstance(graph, Graph):
        return table
    shapes = open_inputs(graph)
    free = _free(graph, shapes)
    if not 0 < len(free) <= MOST_SIZES:
        return table
    return _Search(table, free, shapes).result()


def _free(graph: Graph, shapes: Mapping[Rule, Shape]) -> dict[Unknown, tuple[int, str]]:
    """The unknown numbers that sizes in a graph are, or are calculated of, each with its number and with the reason why it is unknown."""
    found: dict[Unknown, tuple[int, str]] = {}
    inputs = (size for shape in shapes.values() for size in shape.sizes if isinstance(size, Unknown))
    for value in (*inputs, *_unknown_sizes(graph)):
        for one in _leaves(value):
            found.setdefault(one.first, (len(found), one.why))
    return found


def _leaves(value: Unknown) -> Iterator[Unknown]:
    first = value.first
    if first.computed is None:
        yield value
        return
    for side in first.computed[1:]:
        if isinstance(side, Unknown):
            yield from _leaves(side)


def _unknown_sizes(graph: Graph) -> Iterator[Unknown]:
    for node in graph.nodes:
        yield from _of_rule(node.rule)


def _of_rule(rule: Rule) -> Iterator[Unknown]:
    if isinstance(rule, Graph):
        yield from _unknown_sizes(rule)
    elif isinstance(rule, InputLayer):
        for size in rule.shape_accepted.dims or ():
            if isinstance(size, Unknown):
                yield size
    elif _ours(rule):
        for argument, value in rule.arguments().items():
            yield from _of_argument(argument, value)


def _of_argument(argument: str, value: Any) -> Iterator[Unknown]:
    if isinstance(value, Rule):
        yield from _of_rule(value)
    elif isinstance(value, Unknown):
        if argument in SIZES:
            yield value
    elif isinstance(value, (tuple, list)):
        for item in value:
            if isinstance(item, (Rule, tuple, list)):
                yield from _of_argument(argument, item)
            elif isinstance(item, Unknown) and argument in SEVERAL | SIZES:
                yield item


def _ours(rule: Rule) -> bool:
    """A rule of shapecheck, which is code that runs on numbers; not one that reads the user's code."""
    return type(rule).__module__.startswith("shapecheck.layers.")


class _Blind(Rule):
    """A rule that must not see the numbers: a layer of the user's code."""

    def __init__(self, rule: Rule, why: str) -> None:
        super().__init__(name=rule.name)
        self.rule = rule
        self.why = why

    @property
    def layer_made(self) -> Rule:
        return self.rule.layer_made

    def infer(self, inputs: tuple[Shape, ...]) -> Inference:
        return self.rule.infer(tuple(self._hidden(shape) for shape in inputs))

    def _hidden(self, shape: Shape) -> Shape:
        if shape.dims is None:
            return Shape(None, why=shape.why)
        return Shape(Unknown("size", self.why) if isinstance(size, Followed) else size for size in shape.dims)


class _Made:
    """The graph with numbers for its unknown sizes; `nodes` maps the nodes of the one to those of the other."""

    def __init__(
        self, free: Mapping[Unknown, tuple[int, str]], shapes: Mapping[Rule, Shape], values: Sequence[int], plain: bool = False
    ) -> None:
        """shapes: of inputs that declare none. plain: ordinary integers, as if the values were in the file."""
        self.run = Conditions()
        self.free = free
        self.shapes = shapes
        self.values = values
        self.plain = plain
        self.rules: dict[Rule, Rule] = {}
        self.nodes: dict[Node, Node] = {}
        self.making: Rule | None = None

    def table(self, graph: Graph) -> ShapeTable:
        """The table of the graph. Raises ShapeError if a layer cannot be created with these sizes."""
        return propagate(self._graph(graph, self.nodes))

    def _graph(self, graph: Graph, nodes: dict[Node, Node]) -> Graph:
        for node in graph.nodes:
            beside = {name: [self._tensor(one, nodes) for one in tensors] for name, tensors in node.beside.items()}
            nodes[node] = Node(self._rule(node.rule), [self._tensor(one, nodes) for one in node.inputs], node.origin, beside)
        inputs, outputs = ([self._tensor(one, nodes) for one in tensors] for tensors in (graph.inputs, graph.outputs))
        made = Graph(inputs, outputs, graph.name)
        made.frozen, made.forced, made.in_training = graph.frozen, graph.forced, graph.in_training
        made.trainable = graph.trainable
        return made

    @staticmethod
    def _tensor(tensor: Tensor, nodes: Mapping[Node, Node]) -> Tensor:
        return nodes[tensor.node].tensor(tensor.port)

    def _rule(self, rule: Rule) -> Rule:
        if rule not in self.rules:
            self.making = rule
            self.rules[rule] = self._again(rule)
        return self.rules[rule]

    def _again(self, rule: Rule) -> Rule:
        if isinstance(rule, Graph):
            return self._graph(rule, {}) if next(_of_rule(rule), None) is not None else rule
        if isinstance(rule, InputLayer):
            dims = self.shapes.get(rule, rule.shape_accepted).dims
            if dims is None or not any(isinstance(size, Unknown) for size in dims):
                return rule
            return known_input(Shape(shape_argument("shape", [self._size(size) for size in dims])))
        if not _ours(rule):
            return rule if rule.unseen else _Blind(rule, next(iter(self.free.values()))[1])
        if next(_of_rule(rule), None) is None:
            return rule
        arguments = {name: self._argument(name, value) for name, value in rule.arguments().items()}
        options = {"name": rule.name, "trainable": rule.trainable, "dtype": rule.dtype}
        own = argument_names(type(rule))
        made = type(rule)(**arguments, **{key: value for key, value in options.items() if key not in own})
        made.declared_input = rule.declared_input
        return made

    def _argument(self, argument: str, value: Any) -> Any:
        if isinstance(value, Rule):
            return self._rule(value)
        if isinstance(value, Unknown):
            return self._size(value) if argument in SIZES else value
        if isinstance(value, (tuple, list)):
            sizes = argument in SEVERAL | SIZES
            return type(value)(
                self._argument(argument, item) if not isinstance(item, Unknown) else self._size(item) if sizes else item for item in value
            )
        return value

    def _size(self, value: Any) -> Any:
        if not isinstance(value, Unknown):
            return value
        first = value.first
        if first.computed is None:
            place, _ = self.free[first]
            return self.values[place] if self.plain else Followed(self.values[place], formula_of(place), self.run)
        operator, left, right = first.computed
        a, b = self._size(left), self._size(right)
        if operator == "+":
            return a + b
        if operator == "-":
            return a - b
        if operator == "*":
            return a * b
        if b == 0:
            raise ShapeError(BadArgument("size", 0, Phrase("arguments", "a_positive_integer", "a positive integer"), ""))
        return a // b if operator == "//" else a % b


class _Refused(Exception):
    """A region in which a layer refuses its sizes; `region` is None if nothing is known about sizes nearby."""

    def __init__(self, region: Region | None) -> None:
        super().__init__()
        self.region = region


class _Search:
    """Covers all sizes with runs."""

    def __init__(self, table: ShapeTable, free: Mapping[Unknown, tuple[int, str]], shapes: Mapping[Rule, Shape]) -> None:
        assert isinstance(table.graph, Graph)
        self.table = table
        self.graph = table.graph
        self.free = free
        self.shapes = shapes
        self.runs = 0
        self.found: list[tuple[Region, ShapeTable, _Made, list[int]]] = []

    def result(self) -> ShapeTable:
        sizes = _named(self.free)
        for _ in range(4 * MOST_SIZES):
            self.found = []
            try:
                self._cover(tuple((size.least, None) for size in sizes))
                return self.table if self._refusal([size.least for size in sizes])[1] else self._table(sizes)
            except _Refused as refused:
                place = _highest(refused.region)
                if place is None:
                    return self.table
                assert refused.region is not None
                stop = refused.region[place][1]
                assert stop is not None
                sizes[place].least = stop + 1
                sizes[place].layer, sizes[place].refused = self._refusal(example(refused.region))
        return self.table

    def _cover(self, region: Region) -> None:
        """Runs for a region; raises _Refused at the first one in which a layer refuses."""
        waiting = [region]
        while waiting:
            whole = waiting.pop()
            self.runs += 1
            if self.runs > MOST_RUNS:
                raise _Refused(None)
            part = self._run(whole)
            waiting += reversed(list(rest(whole, part)))

    def _run(self, whole: Region) -> Region:
        values = example(whole)
        made = _Made(self.free, self.shapes, values)
        try:
            table = made.table(self.graph)
            refused = bool(table.broken)
        except ShapeError:
            refused = True
        if made.run.lost:
            raise _Refused(None)
        part = narrowed(whole, made.run, values)
        if refused:
            lone = any(most is None and start == stop for (_, most), (start, stop) in zip(whole, part, strict=True))
            raise _Refused(None if lone else part)
        self.found.append((part, table, made, values))
        return part

    def _refusal(self, values: list[int]) -> tuple[str, Diagnostic | None]:
        """The first layer that refuses these sizes, and why; ("", None) if all accept them."""
        made = _Made(self.free, self.shapes, values, plain=True)
        try:
            broken = made.table(self.graph).broken
        except ShapeError as error:
            return made.making.class_name if made.making is not None else "", error.diagnostic
        return (broken[0].name, broken[0].diagnostic) if broken else ("", None)

    def _table(self, sizes: list[FreeSize]) -> ShapeTable:
        (_, table, made, _), *others = self.found
        names = [size.name for size in sizes]
        why = next(iter(self.free.values()))[1]
        write = _Writing(names, why)
        rows: list[Row] = []
        accepted: dict[Node, Shape] = {}
        for row in self.table.rows:
            new = table[made.nodes[row.node]]
            same = all(_same(new, other[then.nodes[row.node]], part, values) for part, other, then, values in others)
            rows.append(_row(row, new, write, same))
            if row.node.rule in self.shapes and rows[-1] is not row:
                accepted[row.node] = rows[-1].output
                rows[-1] = Row(row.node, row.name, row.inputs, row.inference, "any-size", row.reason)
        if not any(row.verdict == "any-size" for row in rows):
            return self.table
        agree = all(_equal(table.params, other.params, part, values) for part, other, _, values in others)
        totals = {
            "params": write.size(table.params) if agree else self.table.params,
            "trainable_params": write.size(table.trainable_params) if agree else self.table.trainable_params,
            "multiply_adds": write.size(table.multiply_adds),
        }
        made_table = ProvedTable(self.table, rows, sizes, totals)
        made_table.accepted = accepted
        return made_table


def _highest(region: Region | None) -> int | None:
    """The size whose range ends, so that a larger one may be accepted."""
    ends = [place for place, (_, most) in enumerate(region or ()) if most is not None]
    return ends[0] if ends else None


def _named(free: Mapping[Unknown, tuple[int, str]]) -> list[FreeSize]:
    """A letter for each size."""
    return [FreeSize(LETTERS[place], why) for place, why in free.values()]


def _same(row: Row, other: Row, part: Region, values: Sequence[int]) -> bool:
    """Whether the formulas of one row are those of the other in its whole region."""
    pairs = [*zip(row.outputs, other.outputs, strict=True)]
    dims = [(a, b) for left, right in pairs for a, b in zip(left.dims or (), right.dims or (), strict=True)]
    return all(_equal(a, b, part, values) for a, b in [*dims, (row.params, other.params)])


def _equal(left: Any, right: Any, part: Region, values: Sequence[int]) -> bool:
    if not isinstance(left, int) or not isinstance(right, int):
        return type(left) is type(right)
    a, b = followed_formula(left), followed_formula(right)
    fixed = all(part[size][0] == part[size][1] for size in (a - b).sizes)
    return a == b or (fixed and a.at(values) == b.at(values))


def _row(old: Row, new: Row, write: _Writing, same: bool) -> Row:
    if old.verdict != "unknown" or new.verdict != "proved" or new.inference is None or not same:
        return old
    inputs = tuple(write.shape(shape) for shape in new.inputs)
    sees = write.sizes(new.sees) if new.sees else new.sees
    row = ProvedRow(old.node, old.name, inputs, write.inference(new.inference), "any-size", old.reason, sees=sees)
    row.counts = write.size(new.params), write.size(new.trainable_params)
    return row


class _Writing:
    """Numbers that were followed become what a table prints: sizes with a formula."""

    def __init__(self, names: Sequence[str], why: str) -> None:
        self.names = names
        self.why = why

    def size(self, value: Any) -> Any:
        if not isinstance(value, Followed):
            return value
        formula = value.formula
        return OfSizes(formula.text(self.names), self.why, tuple(self.names[place] for place in sorted(formula.sizes)))

    def factor(self, value: Any) -> Any:
        """The same, in parentheses where other operators may be next to it."""
        made = self.size(value)
        return OfSizes(f"({made})", made.why, made.sizes) if isinstance(made, OfSizes) and str(made) not in self.names else made

    def sizes(self, values: Any) -> Any:
        return tuple(self.size(value) for value in values)

    def shape(self, shape: Shape) -> Shape:
        return shape if shape.dims is None else Shape(self.sizes(shape.dims), why=shape.why)

    def inference(self, found: Inference) -> Inference:
        weights = tuple(
            WeightSpec(spec.name, self.sizes(spec.shape), spec.initializer, spec.trainable, spec.fans and self.sizes(spec.fans))
            for spec in found.weights
        )
        lines = tuple(
            Arithmetic(line.axis, line.formula, {key: self.factor(value) for key, value in line.values.items()}, self.size(line.result))
            for line in found.arithmetic
        )
        outputs = tuple(self.shape(shape) for shape in found.outputs)
        return Inference(outputs, weights, self.size(found.multiply_adds), lines, self.window(found.window))

    def window(self, window: Any) -> Any:
        if not isinstance(window, Window):
            return window
        positions, factors = self.sizes(window.positions), self.sizes(window.factors)
        return Window(self.sizes(window.extents), self.sizes(window.strides), positions, factors, window.padding)
