"""From the elements of a stack as written to a graph of rules, one node for each element."""

from __future__ import annotations

from shapecheck.diagnostics.members import SeveralInputs
from shapecheck.diagnostics.stack import KINDS, ClassNotInstance, NotALayer, SecondInput
from shapecheck.graph import Graph
from shapecheck.languages import Phrase, because
from shapecheck.layers.core import InputLayer
from shapecheck.nodes import Node, known_input
from shapecheck.reader.advice import WIDTH, cause, for_input
from shapecheck.reader.keras import dialects
from shapecheck.reader.keras.paths import canonical
from shapecheck.reader.keras.unseen import opaque, refused
from shapecheck.reader.records import Assembled, Element, Model, own_origin
from shapecheck.reader.source import Origin
from shapecheck.reader.values import Array, Batches, Class, Function, Instance, Items, Layer, Library, Symbol, Table, is_constant
from shapecheck.shapes import Shape, Unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from shapecheck.layers.base import Rule
    from shapecheck.reader.state import Reader


def assembled(reader: Reader, model: Model, input_shape: Shape | None = None) -> Assembled:
    """The stack as a graph; `input_shape` is for a stack that declares none."""
    if model.graph is not None:
        model.graph.frozen = model.frozen
        return _functional(model)
    if model.unread:
        return _unread(model)
    rules, origins = [], []
    for place, element in enumerate(model.elements):
        rules.append(element_rule(reader, element, place))
        origins.append(_origin(element))
    declared = declared_input(rules[0]) if rules else None
    nodes: list[Node] = []
    if rules and isinstance(rules[0], InputLayer):
        first = Node(rules[0], (), origins[0])
        nodes.append(first)
    else:
        first = Node(known_input(declared or input_shape or Shape(None, why=_no_input(model, rules[0] if rules else None))))
    tensor = first.tensor()
    for rule, origin in list(zip(rules, origins, strict=True))[len(nodes) :]:
        nodes.append(Node(rule, (tensor,), origin))
        tensor = nodes[-1].tensor()
    graph = Graph((first.tensor(),), (tensor,), model.name or None)
    graph.frozen = model.frozen
    return Assembled(graph, nodes, origins, bool(nodes and first is nodes[0]) or declared is not None)


def _no_input(model: Model, first: Rule | None) -> str:
    """Why the input shape is unknown, and how to declare it."""
    fed = next((event for event in model.events if event.kind in ("fit", "predict", "evaluate", "call") and not event.expected), None)
    why = getattr(fed.get(0, "x"), "why", "") if fed is not None else ""
    sizes = likely_sizes(first)
    why = for_input(why, f"(None, {sizes})")
    code = f"keras.Input(({sizes}{'' if ',' in sizes else ','}))"
    if fed is None:
        return because("no input shape is declared: put {code} first", code=code)
    if not why:
        line = fed.origin.line
        return because("no input shape is declared, and the data on line {line} is unknown: put {code} first", line=line, code=code)
    return because(
        "no input shape is declared, and the data on line {line} is unknown ({why}): put {code} first",
        line=fed.origin.line, why=why, code=code,
    )  # fmt: skip


LIKELY = (("3D", "16, 32, 32, 1"), ("2D", "28, 28, 1"), ("1D", "10, 8"))
"""Sizes of one sample of layers whose names end so, as examples."""


def likely_sizes(rule: Rule | None) -> str:
    """Example sizes of one sample for a first layer, in place of the real ones."""
    while rule is not None and hasattr(rule, "layer"):
        rule = rule.layer
    name = type(rule).__name__
    found = next((sizes for end, sizes in LIKELY if name.endswith(end) or f"{end}Transpose" in name), "")
    recurrent = hasattr(rule, "cell") or hasattr(rule, "state_sizes") or hasattr(rule, "return_sequences")
    return found or ("10, 8" if recurrent else str(WIDTH))


def _functional(model: Model) -> Assembled:
    assert model.graph is not None
    origins = []
    for node in model.graph.nodes:
        owner = node.origin
        origins.append(owner.origin if isinstance(owner, Layer) else owner if isinstance(owner, Origin) else model.origin)
    return Assembled(model.graph, list(model.graph.nodes), origins, True)


def _unread(model: Model) -> Assembled:
    """One layer with the reason why the model is unknown."""
    start = Node(known_input(Shape(None, why=model.unread)))
    node = Node(opaque("Model", model.unread), (start.tensor(),), model.origin)
    return Assembled(Graph((start.tensor(),), (node.tensor(),), model.name or None), [node], [model.origin], True)


def declared_input(rule: Rule) -> Shape | None:
    """The input shape that a stack's first layer declares; a nested model's is its own input's."""
    if isinstance(rule, Graph):
        first = rule.inputs[0].node.rule if len(rule.inputs) == 1 else None
        shape = getattr(first, "shape_accepted", None)
        return shape if isinstance(shape, Shape) and shape.dims is not None else None
    return rule.declared_input


def _origin(element: Element) -> Origin:
    value = element.value
    if isinstance(value, Symbol):
        value = value.tensor.node.origin
    if isinstance(value, Instance) and value.model is not None:
        value = value.model
    if isinstance(value, Model):
        return element.use
    return own_origin(value) or element.use


def element_rule(reader: Reader, element: Element, place: int) -> Rule:
    """The rule of one element; if it is not a layer, a rule that breaks the stack; if it is unknown, an unknown rule."""
    value = element.value
    if isinstance(value, Instance) and value.model is not None:
        value = value.model
    if not element.certain:
        return opaque(_written(element), because("it is added under a condition"))
    if isinstance(value, Layer):
        if place and isinstance(value.rule, InputLayer):
            return refused("InputLayer", SecondInput())
        rule: Rule = value.rule
        if rule.several_inputs and not place:
            return opaque(value.class_name, because("it takes several inputs"))
        return refused(value.class_name, SeveralInputs(value.class_name)) if rule.several_inputs else rule
    if isinstance(value, Symbol):
        return _symbol_rule(value, place)
    if isinstance(value, Model):
        inner = as_rule(reader, value)
        several = isinstance(inner, Graph) and len(inner.inputs) != 1
        return opaque("Model", because("it takes several inputs")) if several else inner
    if isinstance(value, Class) or (isinstance(value, Library) and _is_layer_class(value)):
        name = value.name if isinstance(value, Class) else value.last
        return refused(name, ClassNotInstance(name))
    if is_constant(value) or isinstance(value, (tuple, Items, Table, Function)):
        if isinstance(value, (Items, Table)) and value.why:
            return opaque("?", value.why)
        return refused(type(value).__name__, NotALayer(_described(value)))
    why = value.why if isinstance(value, (Unknown, Array)) else ""
    assert not isinstance(value, Batches) or not why
    why = cause(why) or because("the kind of this layer is unknown")
    return opaque(_written(element), because("{why}: put a layer of Keras in its place", why=why))


def _symbol_rule(value: Symbol, place: int) -> Rule:
    rule: Rule = value.tensor.node.rule
    if value.tensor.node.inputs:
        return refused("Tensor", NotALayer(KINDS["tensor"]))
    return refused("InputLayer", SecondInput()) if place and isinstance(rule, InputLayer) else rule


def _is_layer_class(value: Library) -> bool:
    return canonical(value.path).startswith("keras") and dialects.is_layer(value.last)


def _described(value: Any) -> str:
    names = {Items: "list", tuple: "tuple", Table: "dict", Function: "function", str: "str"}
    if value is None:
        return "None"
    return KINDS[names[type(value)]] if type(value) in names else Phrase("SC903", "kind", "a {kind}", kind=type(value).__name__)


def _written(element: Element) -> str:
    """The class name in the source: KerasLayer of hub.KerasLayer(...)."""
    node = element.use.node
    function = getattr(node, "func", node)
    name = getattr(function, "attr", None) or getattr(function, "id", None)
    return name if isinstance(name, str) else "Layer"


def holds_code(model: Model) -> bool:
    """True if the model contains a layer class of the file: its code is evaluated and may call stacks of the file."""
    rules = [node.rule for node in model.graph.nodes] if model.graph is not None else []
    values = [getattr(element.value, "rule", None) for element in model.elements]
    return any(hasattr(rule, "made") for rule in (*rules, *values))


def as_rule(reader: Reader, model: Model, input_shape: Shape | None = None) -> Rule:
    """The model as one layer of another model; the same object as long as nothing is added."""
    if model.rule is not None and model.graph is None:
        return model.rule
    if model.refused:
        hidden = opaque(model.refused, because("{refused} on line {line} is refused", refused=model.refused, line=model.origin.line))
        hidden.declared_input = declared_input(model.graph) if model.graph is not None else None
        return hidden
    key = (id(model), len(model.elements), str(input_shape))
    if key not in reader.rules:
        if len(reader.rules) > 5000 or _nested_in_itself(model):
            return opaque("Sequential", because("the model contains itself"))
        graph = assembled(reader, model, input_shape).graph
        reader.rules[key] = (model, graph)
    return reader.rules[key][1]


def _nested_in_itself(model: Model) -> bool:
    waiting = [(model, 0)]
    seen = 0
    while waiting:
        inner, depth = waiting.pop()
        seen += 1
        if depth > 30 or seen > 2000:
            return True
        waiting += [(e.value, depth + 1) for e in inner.elements if isinstance(e.value, Model)]
    return False
