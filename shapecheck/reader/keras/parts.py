"""The parts of a model that a file asks for: its ends, its layers, and the tensors of one layer: model.layers[-2].output."""

from __future__ import annotations

from shapecheck.graph import Graph
from shapecheck.layers.core import InputLayer
from shapecheck.naming import Names
from shapecheck.propagate import named
from shapecheck.reader.keras import stacks
from shapecheck.reader.keras.inferred import ports, shape_of
from shapecheck.reader.records import Model
from shapecheck.reader.values import Layer, Symbol, unknown
from shapecheck.shapes import Unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from shapecheck.nodes import Node, Tensor
    from shapecheck.reader.call import Call
    from shapecheck.reader.records import Assembled
    from shapecheck.reader.state import Reader


def kept(reader: Reader, model: Model) -> Assembled:
    """The model as a graph, the same one as long as nothing is added: its tensors can be compared."""
    key = (id(model), len(model.elements))
    if key not in reader.assembled:
        reader.assembled[key] = (model, stacks.assembled(reader, model))
    return reader.assembled[key][1]


def end(reader: Reader, owner: Model | Layer, name: str) -> Any:
    """model.input, .output, .inputs, .outputs, .input_shape, .output_shape; the same of a layer that is called once."""
    if isinstance(owner, Layer):
        return _of_layer(reader, owner, name)
    made = kept(reader, owner)
    if owner.graph is None and not made.has_input:
        return unknown(name, "the model has no known input yet")
    return _ends(reader, made.graph.inputs if name.startswith("input") else made.graph.outputs, name)


def _ends(reader: Reader, tensors: Any, name: str) -> Any:
    if name.endswith("shape"):
        shape = shape_of(reader, tensors[0])
        return shape.dims if len(tensors) == 1 and shape.dims is not None else unknown(name, shape.why)
    symbols = [Symbol(tensor) for tensor in tensors]
    return reader.items(symbols) if name.endswith("s") or len(symbols) > 1 else symbols[0]


def _of_layer(reader: Reader, owner: Layer, name: str) -> Any:
    inner = owner.rule
    nodes = _uses(reader, owner)
    if isinstance(inner, Graph) and not nodes:
        return _ends(reader, inner.inputs if name.startswith("input") else inner.outputs, name)
    if len(nodes) != 1:
        why = f"the layer is called {len(nodes)} times" if nodes else "no call of the layer was found"
        return unknown(name, f"{why}, so it has no single .{name}")
    node = nodes[0]
    tensors: tuple[Tensor, ...] = node.inputs if name.startswith("input") else tuple(node.tensor(i) for i in range(ports(reader, node)))
    if not node.inputs and isinstance(node.rule, InputLayer):
        tensors = (node.tensor(),)
    return _ends(reader, tensors, name) if tensors else unknown(name)


def _uses(reader: Reader, owner: Layer) -> list[Node]:
    """The calls of a layer on symbolic tensors: those that the layer was taken from, those of the file, those in a Sequential."""
    if owner.nodes:
        return list(owner.nodes)
    found = [node for node in reader.nodes if node.rule is owner.rule]
    if found:
        return found
    for model in reversed(reader.stacks.models):
        for place, element in enumerate(model.elements):
            if element.value is owner and model.graph is None:
                made = kept(reader, model)
                return [made.nodes[place]] if place < len(made.nodes) else []
    return []


def layers(reader: Reader, model: Model) -> Any:
    """model.layers: of a Sequential without written Inputs, of a functional model with them."""
    if model.graph is not None:
        return reader.items(_of_graph(model))
    result = reader.items()
    if model.code is not None or model.unread:
        result.why = model.unread or "the layers of a subclass of Model are known once it is called"
        return result
    for element in model.elements:
        if not element.certain or isinstance(element.value, Unknown):
            result.why = "the layers of the stack are not all known"
        if isinstance(element.value, Symbol) or (isinstance(element.value, Layer) and element.value.class_name == "InputLayer"):
            continue
        result.append(element.value)
        result.nodes.append(None)
    return result


def _of_graph(model: Model) -> list[Layer]:
    """Each layer once, with the calls that this graph holds."""
    assert model.graph is not None
    found: dict[int, Layer] = {}
    for node in model.graph.nodes:
        layer = found.get(id(node.rule))
        if layer is None:
            origin = getattr(node.origin, "origin", None) or model.origin
            layer = found[id(node.rule)] = Layer(node.rule, type(node.rule).__name__, origin)
        layer.nodes.append(node)
    return list(found.values())


def get_layer(reader: Reader, model: Model, call: Call) -> Any:
    """model.get_layer(name=None, index=None)."""
    name, index = call.get(0, "name"), call.get(1, "index")
    found = layers(reader, model)
    if isinstance(index, int) and not found.why and -len(found) <= index < len(found):
        return found[index]
    if not isinstance(name, str):
        return unknown("layer", getattr(name, "why", "") or "the layer's name is unknown")
    named = _names(reader, model)
    for item in found:
        rule = getattr(item, "rule", None)
        if name in (getattr(rule, "name", None), getattr(item, "name", None)) or named.get(id(rule)) == name:
            return item
    return unknown("layer", f"no layer named {name!r} was found")


def _names(reader: Reader, model: Model) -> dict[int, str]:
    """The names that Keras gives to layers without one, where the whole file is read in order: those of this model's table."""
    given = Names()
    for other in reader.stacks.models:
        made = kept(reader, other)
        found = named(made.graph, given)
        if other is model:
            return {id(rule): name for rule, name in found.items()}
    return {}
