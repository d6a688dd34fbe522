"""Functional graphs: layers called on symbolic tensors, keras.Model(inputs, outputs), and attributes of both."""

from __future__ import annotations

from shapecheck.diagnostics.base import ShapeError
from shapecheck.graph import Graph
from shapecheck.nodes import Node, Tensor
from shapecheck.reader.keras import stacks
from shapecheck.reader.keras.inferred import output_dims, ports, shape_of
from shapecheck.reader.keras.unseen import opaque
from shapecheck.reader.records import Model
from shapecheck.reader.source import Origin
from shapecheck.reader.values import Array, Bound, Items, Layer, Symbol, unknown
from shapecheck.shapes import Shape, Unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from shapecheck.reader.call import Call
    from shapecheck.reader.state import Reader


def model(reader: Reader, call: Call) -> Any:
    """keras.Model(inputs, outputs, name=None)."""
    given = call.get(0, "inputs", call.keywords.get("input"))
    inputs = _tensors(given)
    answers = call.get(1, "outputs", call.keywords.get("output"))
    outputs = _tensors(answers)
    if not inputs or not outputs:
        return unknown("model", "its inputs or outputs cannot be told")
    if any(tensor.node.inputs for tensor in inputs):
        return unknown("model", "it begins in the middle of another model")
    made = Model(Origin(call.unit, call.node), reader.branch, call.keywords.get("name"))
    made.guarded = reader.guarded > 0
    made.input_keys, made.output_keys = (tuple(map(str, ends)) if isinstance(ends, dict) else () for ends in (given, answers))
    try:
        made.graph = Graph(inputs, outputs, made.name)
    except ValueError:
        return unknown("model", "its outputs depend on other inputs than those given")
    reader.news()
    reader.stacks.models.append(made)
    return made


def _tensors(value: Any) -> list[Tensor]:
    """Symbolic tensors out of one, or a list or dict of them; [] if one is missing."""
    items: list[Any] = []
    if isinstance(value, Symbol):
        items = [value]
    elif isinstance(value, (Items, tuple, dict)):
        items = list(value.values() if isinstance(value, dict) else value)
    return [item.tensor for item in items] if items and all(isinstance(item, Symbol) for item in items) else []


def call_layer(reader: Reader, owner: Any, call: Call) -> Any:
    """layer(x): a new node for symbolic x; for arrays, the output's shape."""
    given = call.get(0, "inputs", call.keywords.get("x"))
    return connect(reader, owner, given, call)


def connect(reader: Reader, owner: Any, given: Any, call: Call) -> Any:
    """As `call_layer`, with the input at hand."""
    tensors = _tensors(given) + _more_tensors(owner, call)
    if not tensors:
        if isinstance(owner, Model):
            reader.remember(owner, "call", call)
        if reader.tracing is not None:
            from shapecheck.reader.code import tracing

            return tracing.layer(reader, reader.tracing, owner, given)
        return on_data(reader, owner, given)
    rule = stacks.as_rule(reader, owner) if isinstance(owner, Model) else owner.rule
    if isinstance(owner, Model):
        owner.called_with = tensors
        if isinstance(rule, Graph) and len(rule.inputs) != len(tensors):
            return unknown("tensor", "the model takes another number of inputs")
    reader.news()
    node = Node(rule, tensors, owner if isinstance(owner, Layer) else Layer(rule, type(rule).__name__, Origin(call.unit, call.node)))
    count = ports(reader, node)
    return Symbol(node.tensor()) if count == 1 else reader.items([Symbol(node.tensor(port)) for port in range(count)])


def _more_tensors(owner: Any, call: Call) -> list[Tensor]:
    """attention(query, value, key=...): tensors given one by one, for layers that take several."""
    if not isinstance(owner, Layer) or "Attention" not in owner.class_name:
        return []
    given = [*call.args[1:], *(call.keywords.get(name) for name in ("query", "value", "key"))]
    return [item.tensor for item in given if isinstance(item, Symbol)]


def on_data(reader: Reader, owner: Any, given: Any) -> Any:
    """What a layer or a model makes of an array."""
    if not isinstance(given, Array) or given.dims is None:
        return Array(None, why="the data cannot be told")
    try:
        if isinstance(owner, Model):
            return Array(output_dims(reader, stacks.as_rule(reader, owner, Shape((None, *given.dims[1:]))), given.dims), "float")
        return Array(owner.rule.infer((Shape(given.dims),)).output.dims, "float")
    except (ShapeError, ValueError, TypeError, AssertionError):
        return Array(None, why="a layer does not take this data")


def unknown_result(reader: Reader, call: Call, name: str) -> Any:
    """What an object of a class of the file gives for symbolic inputs: a tensor of unknown shape."""
    tensors = _tensors(call.get(0, "inputs"))
    if not tensors:
        return unknown(name, f"what {name} gives is not followed")
    rule = opaque(name, f"what {name} does to shapes is not followed")
    return Symbol(Node(rule, tensors, Layer(rule, name, Origin(call.unit, call.node))).tensor())


def symbol_attribute(reader: Reader, owner: Symbol, name: str) -> Any:
    """x.shape, x.dtype ..."""
    if name in ("shape", "_keras_shape"):
        shape = shape_of(reader, owner.tensor)
        return shape.dims if shape.dims is not None else Unknown("shape", shape.why)
    return Bound(owner, name)


def model_attribute(reader: Reader, owner: Model | Layer, name: str) -> Any:
    """model.input, .output, .inputs, .outputs, .input_shape, .output_shape."""
    if isinstance(owner, Layer):
        return unknown(name, "which call of the layer is meant cannot be told")
    graph = owner.graph
    if graph is None:
        made = stacks.assembled(reader, owner)
        graph = made.graph if made.has_input else None
    if graph is None or not isinstance(owner, Model):
        return unknown(name, "the model has no known input yet")
    tensors = graph.inputs if name.startswith("input") else graph.outputs
    if name.endswith("shape"):
        shape = shape_of(reader, tensors[0])
        return shape.dims if len(tensors) == 1 and shape.dims is not None else unknown(name, shape.why)
    symbols = [Symbol(tensor) for tensor in tensors]
    return reader.items(symbols) if name.endswith("s") or len(symbols) > 1 else symbols[0]
