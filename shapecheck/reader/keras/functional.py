"""Functional graphs: layers called on symbolic tensors, keras.Model(inputs, outputs), and attributes of both."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shapecheck.diagnostics.base import ShapeError
from shapecheck.graph import Graph
from shapecheck.nodes import Node, Tensor
from shapecheck.reader.keras import models, stacks
from shapecheck.reader.keras.unseen import opaque
from shapecheck.reader.source import Origin
from shapecheck.reader.values import Array, Bound, Items, Layer, Symbol, unknown
from shapecheck.shapes import Dim, Shape, Unknown

if TYPE_CHECKING:
    from shapecheck.layers.base import Rule
    from shapecheck.reader.call import Call
    from shapecheck.reader.records import Model
    from shapecheck.reader.state import Interpreter


def model(self: Interpreter, call: Call) -> Any:
    """keras.Model(inputs, outputs, name=None)."""
    given = call.get(0, "inputs", call.keywords.get("input"))
    inputs = _tensors(given)
    answers = call.get(1, "outputs", call.keywords.get("output"))
    outputs = _tensors(answers)
    if not inputs or not outputs:
        return unknown("model", "its inputs or outputs cannot be told")
    if any(tensor.node.inputs for tensor in inputs):
        return unknown("model", "it begins in the middle of another model")
    made = Model(Origin(call.unit, call.node), self.branch, call.keywords.get("name"))
    made.guarded = self.guarded > 0
    made.input_keys, made.output_keys = (tuple(map(str, ends)) if isinstance(ends, dict) else () for ends in (given, answers))
    try:
        made.graph = Graph(inputs, outputs, made.name)
    except ValueError:
        return unknown("model", "its outputs depend on other inputs than those given")
    self.news()
    self.stacks.models.append(made)
    return made


def _tensors(value: Any) -> list[Tensor]:
    """Symbolic tensors out of one, or a list or dict of them; [] if one is missing."""
    items: list[Any] = []
    if isinstance(value, Symbol):
        items = [value]
    elif isinstance(value, (Items, tuple, dict)):
        items = list(value.values() if isinstance(value, dict) else value)
    return [item.tensor for item in items] if items and all(isinstance(item, Symbol) for item in items) else []


def call_layer(self: Interpreter, owner: Any, call: Call) -> Any:
    """layer(x): a new node for symbolic x; for arrays, the output's shape."""
    given = call.get(0, "inputs", call.keywords.get("x"))
    return connect(self, owner, given, call)


def connect(self: Interpreter, owner: Any, given: Any, call: Call) -> Any:
    """As `call_layer`, with the input at hand."""
    tensors = _tensors(given) + _more_tensors(owner, call)
    if not tensors:
        if isinstance(owner, Model):
            models.event(self, owner, "call", call)
        if self.tracing is not None:
            from shapecheck.reader.code import tracing

            return tracing.layer(self, owner, given)
        return _on_data(owner, given)
    rule = stacks.as_rule(owner) if isinstance(owner, Model) else owner.rule
    if isinstance(owner, Model):
        owner.called_with = tensors
        if isinstance(rule, Graph) and len(rule.inputs) != len(tensors):
            return unknown("tensor", "the model takes another number of inputs")
    self.news()
    node = Node(rule, tensors, owner if isinstance(owner, Layer) else Layer(rule, type(rule).__name__, Origin(call.unit, call.node)))
    ports = _ports(node)
    return Symbol(node.tensor()) if ports == 1 else Items([Symbol(node.tensor(port)) for port in range(ports)], branch=self.branch)


def _more_tensors(owner: Any, call: Call) -> list[Tensor]:
    """attention(query, value, key=...): tensors given one by one, for layers that take several."""
    if not isinstance(owner, Layer) or "Attention" not in owner.class_name:
        return []
    given = [*call.args[1:], *(call.keywords.get(name) for name in ("query", "value", "key"))]
    return [item.tensor for item in given if isinstance(item, Symbol)]


def shape_of(tensor: Tensor, depth: int = 0) -> Shape:
    """The shape of a symbolic tensor; unknown if a layer before it breaks."""
    waiting = [tensor.node]
    while waiting:
        node = waiting[-1]
        missing = [feed.node for feed in node.inputs if feed.node not in _SHAPES] if node not in _SHAPES else []
        waiting += missing
        if not missing:
            waiting.pop()
            _infer(node)
    return _port(_SHAPES[tensor.node], tensor.port)


def _infer(node: Node) -> None:
    """Remembers the shapes of a node whose inputs are known."""
    if node in _SHAPES:
        return
    inputs = tuple(_port(_SHAPES[feed.node], feed.port) for feed in node.inputs)
    try:
        _SHAPES[node] = node.rule.infer(inputs).outputs
    except (ShapeError, ValueError, TypeError, AssertionError):
        _SHAPES[node] = (Shape(None, why="a layer before it breaks"),)


def _port(shapes: tuple[Shape, ...], port: int) -> Shape:
    return shapes[port] if port < len(shapes) else Shape(None, why="a layer before it has no such output")


class _Memory(dict[Node, tuple[Shape, ...]]):
    """Shapes of symbolic tensors met so far in one file."""


_SHAPES = _Memory()
_OUTPUTS: dict[tuple[Rule, tuple[Dim, ...]], tuple[Dim, ...] | None] = {}


def forget() -> None:
    """Empties what is remembered between files."""
    _SHAPES.clear()
    _OUTPUTS.clear()


def _ports(node: Node) -> int:
    shape_of(node.tensor())
    return max(1, len(_SHAPES[node]))


def _on_data(owner: Any, given: Any) -> Any:
    if not isinstance(given, Array) or given.dims is None:
        return Array(None, why="the data cannot be told")
    try:
        if isinstance(owner, Model):
            return Array(_output_dims(stacks.as_rule(owner, Shape((None, *given.dims[1:]))), given.dims), "float")
        return Array(owner.rule.infer((Shape(given.dims),)).output.dims, "float")
    except (ShapeError, ValueError, TypeError, AssertionError):
        return Array(None, why="a layer does not take this data")


def _output_dims(rule: Rule, dims: tuple[Dim, ...]) -> tuple[Dim, ...] | None:
    """The shape that a model gives for data of a shape; remembered, because a loop asks in every round."""
    if (rule, dims) not in _OUTPUTS:
        _OUTPUTS[rule, dims] = rule.infer((Shape(dims),)).output.dims
    return _OUTPUTS[rule, dims]


def unknown_result(self: Interpreter, call: Call, name: str) -> Any:
    """What an object of a class of the file gives for symbolic inputs: a tensor of unknown shape."""
    tensors = _tensors(call.get(0, "inputs"))
    if not tensors:
        return unknown(name, f"what {name} gives is not followed")
    rule = opaque(name, f"what {name} does to shapes is not followed")
    return Symbol(Node(rule, tensors, Layer(rule, name, Origin(call.unit, call.node))).tensor())


def symbol_attribute(owner: Symbol, name: str) -> Any:
    """x.shape, x.dtype ..."""
    if name in ("shape", "_keras_shape"):
        shape = shape_of(owner.tensor)
        return shape.dims if shape.dims is not None else Unknown("shape", shape.why)
    return Bound(owner, name)


def model_attribute(self: Interpreter, owner: Model | Layer, name: str) -> Any:
    """model.input, .output, .inputs, .outputs, .input_shape, .output_shape."""
    if isinstance(owner, Layer):
        return unknown(name, "which call of the layer is meant cannot be told")
    graph = owner.graph
    if graph is None:
        made = stacks.assembled(owner)
        graph = made.graph if made.has_input else None
    if graph is None or not isinstance(owner, Model):
        return unknown(name, "the model has no known input yet")
    tensors = graph.inputs if name.startswith("input") else graph.outputs
    if name.endswith("shape"):
        shape = shape_of(tensors[0])
        return shape.dims if len(tensors) == 1 and shape.dims is not None else unknown(name, shape.why)
    symbols = [Symbol(tensor) for tensor in tensors]
    return Items(symbols, branch=self.branch) if name.endswith("s") or len(symbols) > 1 else symbols[0]
