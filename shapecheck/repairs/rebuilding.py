"""Graphs in memory created again with a rule changed, added or removed, as edits of source text do for a file."""

from __future__ import annotations

import ast

from shapecheck.graph import Graph
from shapecheck.languages import because
from shapecheck.layers import find
from shapecheck.layers.base import Inference, Rule
from shapecheck.layers.core import InputLayer
from shapecheck.nodes import Node, Tensor, known_input
from shapecheck.shapes import Shape, multiply

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


class _Own(Rule):
    """A layer defined by the user: its code runs once, for its present shape; for other shapes its output is unknown."""

    def __init__(self, rule: Rule) -> None:
        super().__init__(name=rule.name)
        self.rule = rule
        self.asked: tuple[tuple[Shape, ...], Inference] | None = None

    def infer(self, inputs: tuple[Shape, ...]) -> Inference:
        if self.asked is None:
            self.asked = inputs, self.rule.infer(inputs)
        return self.asked[1] if self.asked[0] == inputs else Inference(Shape(None, why=because("a layer you defined")))


def rebuilt(graph: Graph, make: Callable[[int, Node, tuple[Tensor, ...]], Node | None]) -> tuple[Graph, dict[Node, Node]]:
    """The graph with each node created again by make(place, node, inputs); None removes it and passes its input on."""
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


def asked_once(place: int, node: Node, inputs: tuple[Tensor, ...]) -> Node:
    """The node created again; a layer defined by the user is wrapped, so that its code runs only once."""
    kind = find(type(node.rule).__name__)
    ours = isinstance(node.rule, Graph) or getattr(node.rule, "graph", None) is not None or (kind and isinstance(node.rule, kind))
    return Node(node.rule if ours else _Own(node.rule), inputs, node.origin)


def changed_data(shape: Shape, change: str) -> Shape:
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


def changed_node(node: Node, inputs: tuple[Tensor, ...], todo: list[tuple[str, ...]]) -> Node | None:
    """The node after its edit; None if it is removed."""
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
    """The rule created again, with one argument changed or removed, or with another class. Raises what the rule raises."""
    kind = find(type(rule).__name__)
    if kind is None or not isinstance(rule, kind) or isinstance(rule, InputLayer):
        raise TypeError(f"{type(rule).__name__} cannot be rebuilt")
    arguments = dict(rule.arguments(), name=rule.name, trainable=rule.trainable)
    if words[0] == "class":
        other = find(words[1].rpartition(".")[2])
        assert other is not None
        return other(name=rule.name)
    if words[0] == "set inside":
        arguments[words[1]] = _again(arguments[words[1]], ("set", *words[2:]))
    elif words[0] == "set":
        arguments[words[1]] = ast.literal_eval(words[2])
    elif words[1] in arguments:
        del arguments[words[1]]
    return kind(**arguments)


def _layer(text: str) -> Rule:
    """layers.Reshape((4, 1)) as a rule."""
    call: Any = ast.parse(text, mode="eval").body
    kind = find(call.func.attr)
    assert kind is not None
    return kind(*[ast.literal_eval(argument) for argument in call.args])
