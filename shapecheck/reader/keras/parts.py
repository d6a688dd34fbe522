"""The parts of a model that a file uses: its inputs and outputs, its layers, and the tensors of one layer: model.layers[-2].output."""

from __future__ import annotations

from shapecheck.diagnostics.cutting import NeverCalled, NoSuchLayer
from shapecheck.graph import Graph
from shapecheck.languages import because
from shapecheck.layers.core import InputLayer
from shapecheck.naming import Names, snake_case
from shapecheck.propagate import named
from shapecheck.reader.keras import edges, stacks
from shapecheck.reader.keras.inferred import ports, shape_of
from shapecheck.reader.records import Model
from shapecheck.reader.source import Origin, expression
from shapecheck.reader.values import Instance, Items, Layer, SomeLayers, Symbol, unknown
from shapecheck.shapes import Unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from shapecheck.layers.base import Rule
    from shapecheck.nodes import Node, Tensor
    from shapecheck.reader.call import Call
    from shapecheck.reader.records import Assembled
    from shapecheck.reader.state import Reader

ENDS = frozenset({"input", "inputs", "output", "outputs", "input_shape", "output_shape"})
"""Attributes that are the tensors of a model or of a layer, or their shapes."""


def kept(reader: Reader, model: Model) -> Assembled:
    """The model as a graph, the same object as long as nothing is added, so that tensors can be compared."""
    key = (id(model), len(model.elements))
    if key not in reader.assembled:
        reader.assembled[key] = (model, stacks.assembled(reader, model))
    return reader.assembled[key][1]


def graph_of(reader: Reader, owner: Model | Layer) -> Graph | None:
    """The layers of a model and their connections; None while its input is unknown."""
    if isinstance(owner, Layer):
        return owner.rule if isinstance(owner.rule, Graph) else None
    made = kept(reader, owner)
    return made.graph if owner.graph is not None or made.has_input else None


def end(reader: Reader, owner: Model | Layer, name: str) -> Any:
    """model.input, .output, .inputs, .outputs, .input_shape, .output_shape; the same for the first call of a layer."""
    if isinstance(owner, Layer) and not isinstance(owner.rule, Graph):
        return _of_layer(reader, owner, name)
    graph = graph_of(reader, owner)
    if graph is None:
        return unknown(name, because("the model has no known input yet"))
    if name in ("input", "output") and isinstance(owner, Model) and owner.graph is None and owner.code is None and not owner.unread:
        _never_called(reader, owner, name)
    if name == "output" and isinstance(owner, Model) and owner.graph is not None:
        return edges.packed(reader, owner.answers, [Symbol(tensor) for tensor in graph.outputs])
    return _ends(reader, graph.inputs if name.startswith("input") else graph.outputs, name)


def _never_called(reader: Reader, model: Model, name: str) -> None:
    """In Keras 3 a Sequential has no input until it is called on a tensor."""
    if reader.stacks.dialect.version >= 3 and not model.called_with and reader.here is not None and not reader.guarded:
        problem = NeverCalled(name, model.variable or "model")
        reader.stacks.findings.append((problem, Origin(reader.unit, reader.here), None))


def _of_layer(reader: Reader, owner: Layer, name: str) -> Any:
    node = _first_call(reader, owner)
    if node is None:
        return unknown(name, because("no call of the layer was found"))
    if isinstance(node.rule, InputLayer) and name == "input" and reader.stacks.dialect.version >= 3:
        return reader.items()  # Keras 3 needs its input tensors, and there are none
    if name.startswith("output") or isinstance(node.rule, InputLayer):
        return _ends(reader, [node.tensor(port) for port in range(ports(reader, node))], name)
    return _ends(reader, node.inputs, name) if node.inputs else unknown(name)


def _first_call(reader: Reader, owner: Layer) -> Node | None:
    """Where a layer was called first: by the file, in the model that it was taken from, in a Sequential."""
    found = next((node for node in reader.nodes if node.rule is owner.rule), None)
    if found is not None or owner.nodes:
        return found or owner.nodes[0]
    for model in reversed(reader.stacks.models):
        for place, element in enumerate(model.elements):
            if element.value is owner and model.graph is None:
                made = kept(reader, model)
                return made.nodes[place] if place < len(made.nodes) else None
    return None


def _ends(reader: Reader, tensors: Sequence[Tensor], name: str) -> Any:
    """The tensors, or their shapes; only one unless the name is plural."""
    if name.endswith("shape"):
        shapes = [shape_of(reader, tensor) for tensor in tensors]
        if any(shape.dims is None for shape in shapes):
            return unknown(name, next(shape.why for shape in shapes if shape.dims is None))
        return shapes[0].dims if len(shapes) == 1 else reader.items([shape.dims for shape in shapes])
    symbols = [Symbol(tensor) for tensor in tensors]
    return reader.items(symbols) if name.endswith("s") or len(symbols) > 1 else symbols[0]


def layers(reader: Reader, owner: Model | Layer) -> Any:
    """model.layers: for a Sequential in the order of add(), without an Input; for a functional model in Keras's order."""
    found = reader.items()
    found.of = owner
    if isinstance(owner, Model) and (owner.unread or (owner.code is not None and owner.graph is None)):
        found.why = owner.unread or because("the layers of a subclass of Model are known once it is called")
    elif isinstance(owner, Model) and owner.graph is None:
        _elements(owner, found)
    else:
        graph = graph_of(reader, owner)
        assert graph is not None
        found.extend(_values(reader, owner, graph))
        found.why = _hidden(graph)
    found.nodes = [None] * len(found)
    reader.take(len(found))
    return found


def _elements(model: Model, found: Items) -> None:
    for element in model.elements:
        value = element.value.model if isinstance(element.value, Instance) and element.value.model is not None else element.value
        if not element.certain or isinstance(value, Unknown):
            found.why = because("the layers of the stack are not all known")
        if isinstance(value, Symbol) or (isinstance(value, Layer) and value.class_name == "InputLayer"):
            continue
        found.append(value)


def _hidden(graph: Graph) -> str:
    """Why the single layers are unknown; "" if they are known."""
    hidden = (rule for rule in graph.children if getattr(rule, "several", False))
    return next((getattr(rule, "why", "") or because("a part of the model is unknown") for rule in hidden), "")


def _values(reader: Reader, owner: Model | Layer, graph: Graph) -> list[Layer | Model]:
    """The objects of a graph's layers, each once: inner models are models, other layers know their calls in this graph."""
    calls: dict[Rule, list[Node]] = {}
    for node in graph.nodes:
        calls.setdefault(node.rule, []).append(node)
    inside = {rule: model for model, rule in reader.rules.values()} | {model.graph: model for model in reader.stacks.models if model.graph}
    found: list[Layer | Model] = []
    for rule in graph.layers:
        model = inside.get(rule)
        if model is not None:
            found.append(model)
            continue
        origin = calls[rule][0].origin
        origin = origin if isinstance(origin, Origin) else getattr(origin, "origin", None) or owner.origin
        layer = Layer(rule, type(rule).__name__, origin)
        layer.nodes, layer.branch = calls[rule], owner.branch
        found.append(layer)
    return found


def get_layer(reader: Reader, owner: Model | Layer, call: Call) -> Any:
    """model.get_layer(name=None, index=None)."""
    name, index = call.get(0, "name"), call.get(1, "index")
    found = layers(reader, owner)
    if found.why:
        return SomeLayers(owner, found.why)
    names = [name_of(item) for item in found]
    if isinstance(index, int) and not isinstance(index, bool):
        within = -len(found) <= index < len(found)
        return found[index] if within else _missing(reader, owner, call, index, list(map(str, names)))
    if not isinstance(name, str):
        return SomeLayers(owner, getattr(name, "why", "") or because("the layer's name is unknown"))
    if name in names:
        return found[names.index(name)]
    counted = _names(reader, owner) if isinstance(owner, Model) else {}
    for item in found:
        if counted.get(id(getattr(item, "rule", None))) == name:
            return item
    if any(own is None and _may_be_called(item, name) for item, own in zip(found, names, strict=True)):
        return SomeLayers(owner, because("no layer named {name!r} was found", name=name))
    return _meant(reader, owner, call, found, name)


def _may_be_called(item: Any, name: str) -> bool:
    """True for a name that Keras 3 may give to a layer without one: dense, dense_7."""
    stem = snake_case("Sequential" if isinstance(item, Model) and item.graph is None else getattr(item, "class_name", "Graph"))
    return name == stem or (name.startswith(f"{stem}_") and name[len(stem) + 1 :].isdigit())


def _meant(reader: Reader, owner: Model | Layer, call: Call, found: Items, name: str) -> Any:
    """The layer for a name that no layer has: the only Input, if an older Keras named it so; else unknown."""
    names = [name_of(item) or snake_case(getattr(item, "class_name", "Graph")) for item in found]
    inputs = [item for item in found if isinstance(item, Layer) and item.class_name == "InputLayer"]
    old = name.startswith("input_") and name[len("input_") :].isdigit()
    if reader.stacks.dialect.version < 3:
        return inputs[0] if old and len(inputs) == 1 else SomeLayers(owner, because("no layer named {name!r} was found", name=name))
    missing = _missing(reader, owner, call, name, names)
    return inputs[0] if old and len(inputs) == 1 else missing


def _missing(reader: Reader, owner: Model | Layer, call: Call, asked: str | int, names: list[str]) -> Unknown:
    title = name_of(owner) or getattr(owner, "variable", "") or because("the model")
    node = call.node_of(0, "name") or call.nodes.get(1) or call.nodes.get("index") or call.node
    problem = NoSuchLayer(asked, title, tuple(names))
    reader.stacks.findings.append((problem, Origin(call.unit, expression(node)), None))
    return unknown("layer", because("{title} has no such layer", title=title))


def name_of(value: Any) -> str | None:
    """The name passed to a layer or a model; None if it has an automatic one."""
    name = value.name if isinstance(value, Model) else getattr(getattr(value, "rule", None), "name", None)
    return name if isinstance(name, str) else None


def _names(reader: Reader, model: Model) -> dict[int, str]:
    """The automatic names of layers, if the whole file is read in order: those of this model's table."""
    given = Names()
    for other in reader.stacks.models:
        made = kept(reader, other)
        found = named(made.graph, given)
        if other is model:
            return {id(rule): name for rule, name in found.items()}
    return {}
