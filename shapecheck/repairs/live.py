"""Repairs of a model in memory, in the words of the command line: the same candidates, each proved by propagating the graph anew.

Where the command line edits source, here the rules themselves are made again with another argument; no model is touched.
"""

from __future__ import annotations

import ast
from ast import literal_eval
from collections.abc import Callable, Sequence
from itertools import islice

from shapecheck.checks.training import advice
from shapecheck.diagnostics.base import Diagnostic, ShapeError
from shapecheck.findings import FileReport, Finding, Repair, Stack, path
from shapecheck.graph import Graph
from shapecheck.layers import find
from shapecheck.layers.base import Inference, Rule
from shapecheck.layers.core import InputLayer
from shapecheck.nodes import Node, Tensor, known_input
from shapecheck.propagate import propagate, takes
from shapecheck.repairs.candidates.base import IN_MEMORY
from shapecheck.repairs.candidates.choice import of
from shapecheck.repairs.proofs import MOST_SHOWN, MOST_TRIED
from shapecheck.shapes import Shape, multiply

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from shapecheck.table import ShapeTable

    Outside = dict[str, Any]
    """What is not in the graph: "loss", a name, and "data", a Shape."""
    Accepts = Callable[["ShapeTable", Outside], bool]
    """Whether a table without errors is what was wanted: data and labels have a say too."""

MOST_ROWS = 3_000
"""Rows of table made for all candidates of one error: a bound on time that does not depend on the machine."""


class Standing:
    """Where a layer of a model in memory stands; for the candidates what Origin is for a source."""

    __slots__ = ("arguments", "index", "where")

    node = None
    unit = None

    def __init__(self, index: int, where: str, arguments: dict[str, Any]) -> None:
        self.index = index
        self.where = where
        self.arguments = arguments

    def called(self, class_name: str) -> str:
        """The layer in words."""
        return f"the {class_name} {self.where}"


class _Own(Rule):
    """A layer of the user's own: its code is asked once, for the shape that it has; for others its output is not known."""

    def __init__(self, rule: Rule) -> None:
        super().__init__(name=rule.name)
        self.rule = rule
        self.asked: tuple[tuple[Shape, ...], Inference] | None = None

    def infer(self, inputs: tuple[Shape, ...]) -> Inference:
        if self.asked is None:
            self.asked = inputs, self.rule.infer(inputs)
        return self.asked[1] if self.asked[0] == inputs else Inference(Shape(None, why="a layer of your own"))


class _Element:
    """An entry of the stack, and where it was put."""

    __slots__ = ("use",)

    def __init__(self, use: Standing) -> None:
        self.use = use


class _Model:
    """What candidates ask of a model: its entries, and that it is a chain."""

    graph = None

    def __init__(self, origins: list[Standing]) -> None:
        self.elements = [_Element(origin) for origin in origins]


class _Event:
    """The call of compile that chose the loss, or the one that brought the data."""

    __slots__ = ("kind", "origin")

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.origin = Standing(-1, kind, {})


def offered(
    graph: Graph, diagnostic: Diagnostic, node: Node | None, outside: Outside | None = None, accepts: Accepts | None = None
) -> list[Repair]:
    """Repairs of what is wrong at `node` of the graph (None: at its last layer), the likeliest first; only those that were proved."""
    if type(diagnostic) not in IN_MEMORY or len(graph.inputs) != 1:
        return []
    outside = outside or {}
    graph, nodes = _rebuilt(graph, _asked_once)
    node = nodes.get(node) if node is not None else None
    stack = _stack(graph, outside)
    place = next((place for place, other in enumerate(stack.nodes) if other is node), len(stack.nodes) - 1)
    report = FileReport("")
    report.stacks.append(stack)
    finding = Finding(diagnostic, None, stack, place)
    report.findings.append(finding)
    warned = _warned(stack.table, graph, outside)
    proved: list[Repair] = []
    rest = MOST_ROWS
    for candidate in list(_first(of(report, finding), MOST_TRIED)):
        rest -= len(graph.nodes)
        if len(proved) >= MOST_SHOWN or rest < 0:
            break
        changed = _changed(graph, candidate.edits, outside) if candidate.edits else None
        if changed is None:
            continue
        table = propagate(changed[0])
        fits = all(row.verdict == "proved" for row in table.rows) and (accepts is None or accepts(table, changed[1]))
        if fits and _warned(table, *changed) <= warned:
            proved.append(Repair(candidate.title, (), True, candidate.path or path(table.rows, finding)))
    return proved


def declarable(graph: Graph, given: Shape, at: int) -> bool:
    """True if the layers take data of this shape once input `at` declares it; a layer of the user's own is not asked."""
    graph, _ = _rebuilt(graph, _asked_once)
    shapes = [tensor.node.rule.infer(()).output for tensor in graph.inputs]
    shapes[at] = Shape((None, *given.sizes))
    return takes(graph, shapes)


def _warned(table: ShapeTable, graph: Graph, outside: Outside) -> set[type]:
    """What the command line would warn of: a repair must not bring a warning that was not there."""
    found = advice(table[graph.outputs[0].node], outside["loss"]) if "loss" in outside else None
    return {type(found)} if found is not None else set()


def _first(candidates: Any, count: int) -> Any:
    return islice(candidates, count)


def _stack(graph: Graph, outside: Outside) -> Stack:
    stack = Stack(1, graph.name or "model", graph, propagate(graph), None)
    origins = [Standing(place, row.name, _given(row.node.rule)) for place, row in enumerate(stack.rows)]
    stack.origins = origins  # type: ignore[assignment]
    for node, origin in zip(graph.nodes, origins, strict=True):
        node.origin = origin
    chain = all(len(node.inputs) <= 1 for node in graph.nodes) and len(graph.outputs) == 1
    stack.model = _Model(origins) if chain else None  # type: ignore[assignment]
    stack.events = [_Event({"loss": "compile", "data": "fit"}[name]) for name in outside]  # type: ignore[misc]
    return stack


def _given(rule: Rule) -> dict[str, Any]:
    """The arguments of a rule that are not as by default, as if they had been written."""
    given = {name: value for name, value in rule.arguments().items() if not _usual(rule, name, value)}
    return given | ({"input_shape": rule.declared_input} if rule.declared_input is not None else {})


def _usual(rule: Rule, name: str, value: Any) -> bool:
    function: Any = rule.__init__  # type: ignore[misc]
    function = getattr(function, "__wrapped__", function)  # tinyseq's layers say their name where an argument is wrong
    usual = (function.__defaults__ or ())[::-1]
    code = function.__code__
    names = code.co_varnames[1 : code.co_argcount][::-1]
    if name not in names[: len(usual)]:
        return False
    default = usual[names.index(name)]
    whole = isinstance(value, tuple) and all(item == default for item in value)
    return bool(value is default or value == default or whole or (name == "strides" and value == getattr(rule, "pool_size", None)))


def _changed(graph: Graph, edits: Sequence[Any], outside: Outside) -> tuple[Graph, Outside] | None:
    """The graph, the loss and the data with the edits of a candidate; None if a rule refuses them."""
    todo: dict[int, list[tuple[str, ...]]] = {}
    for standing, words in edits:
        if words[0] == "loss":
            outside = outside | {"loss": words[1]}
        elif words[0] == "data":
            outside = outside | {"data": _data(outside["data"], words[1])}
        else:
            todo.setdefault(standing.index, []).append(words)
    try:
        changed, _ = _rebuilt(graph, lambda place, node, inputs: _node(node, inputs, todo.get(place, [])))
    except (ShapeError, TypeError, ValueError):
        return None
    return changed, outside


def _rebuilt(graph: Graph, make: Callable[[int, Node, tuple[Tensor, ...]], Node | None]) -> tuple[Graph, dict[Node, Node]]:
    """The graph with each node made anew by make(place, node, inputs); None leaves it out, and its input goes on."""
    nodes: dict[Node, Node] = {}
    passed: dict[Tensor, Tensor] = {}

    def new(tensor: Tensor) -> Tensor:
        return passed[tensor] if tensor in passed else nodes[tensor.node].tensor(tensor.port)

    for place, node in enumerate(graph.nodes):
        inputs = tuple(new(tensor) for tensor in node.inputs)
        made = make(place, node, inputs)
        if made is None:
            passed[node.tensor()] = inputs[0]
        else:
            nodes[node] = made
    return Graph([new(tensor) for tensor in graph.inputs], [new(tensor) for tensor in graph.outputs], graph.name), nodes


def _asked_once(place: int, node: Node, inputs: tuple[Tensor, ...]) -> Node:
    kind = find(type(node.rule).__name__)
    ours = isinstance(node.rule, Graph) or getattr(node.rule, "graph", None) is not None or (kind and isinstance(node.rule, kind))
    return Node(node.rule if ours else _Own(node.rule), inputs, node.origin)


def _data(shape: Shape, change: str) -> Shape:
    """The shape of x[None], x.reshape(-1, 10) or x.transpose(0, 2, 1)."""
    dims = shape.dims or ()
    method, _, numbers = change.strip(".)").partition("(")
    given = [int(number) for number in numbers.split(",")] if numbers else []
    if method == "reshape":
        rest, whole = multiply(*(size for size in given if size != -1)), multiply(*dims)
        assert isinstance(rest, int) and isinstance(whole, int)
        return Shape(whole // rest if size == -1 else size for size in given)
    if method == "transpose":
        return Shape(dims[axis] for axis in given)
    return Shape((1, *dims))


def _node(node: Node, inputs: tuple[Tensor, ...], todo: list[tuple[str, ...]]) -> Node | None:
    rule = node.rule
    for words in todo:
        if words[0] == "drop layer":
            return None
        if words[0] == "insert":
            inputs = (Node(_layer(words[1]), inputs).tensor(),)
        elif words[0] == "input":
            rule = known_input(Shape(tuple(None if size == "None" else int(size) for size in words[1:])))
        else:
            rule = _again(rule, words)
    return Node(rule, inputs, node.origin)


def _again(rule: Rule, words: tuple[str, ...]) -> Rule:
    """The rule made anew, with one argument changed or left out, or of another class. Raises what the rule raises."""
    kind = find(type(rule).__name__)
    if kind is None or not isinstance(rule, kind) or isinstance(rule, InputLayer):
        raise TypeError(f"{type(rule).__name__} is no layer that can be made again")
    arguments = dict(rule.arguments(), name=rule.name, trainable=rule.trainable)
    if words[0] == "class":
        other = find(words[1].rpartition(".")[2])
        assert other is not None
        return other(name=rule.name)
    if words[0] == "set inside":
        arguments[words[1]] = _again(arguments[words[1]], ("set", *words[2:]))
    elif words[0] == "set":
        arguments[words[1]] = literal_eval(words[2])
    elif words[1] in arguments:
        del arguments[words[1]]
    return kind(**arguments)


def _layer(text: str) -> Rule:
    """layers.Reshape((4, 1)) as a rule."""
    call: Any = ast.parse(text, mode="eval").body
    kind = find(call.func.attr)
    assert kind is not None
    return kind(*[ast.literal_eval(argument) for argument in call.args])
