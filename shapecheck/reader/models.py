"""Sequential models while a file is read: what is added, compiled, fitted and called, as events in order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shapecheck.reader import dialects
from shapecheck.reader.source import Origin
from shapecheck.reader.values import Bound, Branch, Instance, Items, Layer, Symbol, Table, unknown
from shapecheck.shapes import Unknown

if TYPE_CHECKING:
    from shapecheck.graph import Graph
    from shapecheck.reader.calls import Call
    from shapecheck.reader.interpreter import Interpreter

MOST_ELEMENTS = 2000
"""Longest stack that is kept."""


class Element:
    """One thing in a stack as written: a Layer, a Model, a Symbol of an Input, or something that is no layer at all.

    `use` is where it was put into the stack; `certain` is False if that may not have happened.
    """

    __slots__ = ("certain", "use", "value")

    def __init__(self, value: Any, use: Origin, certain: bool = True) -> None:
        self.value = value
        self.use = use
        self.certain = certain


class Event:
    """compile, fit, evaluate, predict, call, build, summary: `elements` is the stack at that moment.

    `guarded`: it may not happen, or may be meant to fail; `expected`: the latter.
    """

    __slots__ = ("args", "elements", "expected", "guarded", "keywords", "kind", "origin")

    def __init__(self, kind: str, model: Model, call: Call, guarded: bool, expected: bool = False) -> None:
        self.kind = kind
        self.elements = tuple(model.elements)
        self.args = list(call.args)
        self.keywords = dict(call.keywords)
        self.origin = Origin(call.unit, call.node, {str(key): expression(node) for key, node in call.nodes.items()})
        self.guarded = guarded
        self.expected = expected

    def get(self, place: int, *names: str) -> Any:
        """An argument by position or by one of its names; None if it is not given."""
        if 0 <= place < len(self.args):
            return self.args[place]
        return next((self.keywords[name] for name in names if name in self.keywords), None)


def expression(node: Any) -> Any:
    """What stands behind the = of a keyword; another node as it is (a constant has a `value` too, which is no node)."""
    return node.value if type(node).__name__ == "keyword" else node


class Model:
    """A Sequential (its `elements`) or a functional model (its `graph`; `input_keys`, `output_keys`: of those given as a dict)."""

    __slots__ = (
        "branch", "called_with", "elements", "events", "frozen", "graph", "guarded", "input_keys", "name", "origin", "output_keys",
        "variable",
    )  # fmt: skip

    def __init__(self, origin: Origin, branch: Branch, name: Any = None) -> None:
        self.origin = origin
        self.branch = branch
        self.name = name if isinstance(name, str) else None
        self.variable = ""
        self.elements: list[Element] = []
        self.events: list[Event] = []
        self.graph: Graph | None = None
        self.input_keys: tuple[str, ...] = ()
        self.output_keys: tuple[str, ...] = ()
        self.frozen = False
        self.guarded = False
        self.called_with: Any = None


class Stacks:
    """What reading collects: models in the order they were made, and findings that no stack holds."""

    def __init__(self, dialect: Any) -> None:
        self.models: list[Model] = []
        self.findings: list[tuple[Any, Origin, Any]] = []
        self.dialect = dialect
        self.symbolic = False  # whether the file has symbolic tensors at all
        self.custom = Table()  # what the file registers by name: an activation "mine" is then a known word

    def named(self, value: Any, name: str) -> None:
        """A value got a name: the first one is the stack's."""
        if isinstance(value, Instance) and value.model is not None:
            value = value.model
        if isinstance(value, Model) and not value.variable:
            value.variable = name


def sequential(self: Interpreter, call: Call) -> Model:
    """Sequential(layers=None, name=None)."""
    model = Model(Origin(call.unit, call.node), self.branch, call.keywords.get("name", call.args[1] if len(call.args) > 1 else None))
    model.guarded = self.guarded > 0
    self.news()
    self.stacks.models.append(model)
    fill(self, model, call)
    return model


def fill(self: Interpreter, model: Model, call: Call) -> None:
    """The layers that were given to a constructor."""
    given = call.get(0, "layers")
    node = call.node_of(0, "layers")
    if call.hidden and given is None:
        given = unknown("layers", call.hidden)
    if given is None:
        return
    use = Origin(call.unit, getattr(node, "value", node) if type(node).__name__ == "keyword" else node or call.node)
    if isinstance(given, (Items, tuple)):
        if isinstance(given, Items) and given.why:
            model.elements.append(Element(Unknown("layers", given.why), use))
            return
        self.steps -= len(given)
        nodes = given.nodes if isinstance(given, Items) else _tuple_nodes(call.unit, use.node, len(given))
        for item, place in zip(list(given)[:MOST_ELEMENTS], nodes, strict=False):
            model.elements.append(Element(item, Origin(*place) if place else own_origin(item) or use))
    elif isinstance(given, Model) and given.graph is None:
        self.steps -= len(given.elements)
        model.elements.extend(given.elements)
    else:
        model.elements.append(Element(given, use))


def _tuple_nodes(unit: Any, node: Any, count: int) -> list[Any]:
    elements = getattr(node, "elts", None) or []
    return [(unit, element) for element in elements] if len(elements) == count else [None] * count


def own_origin(item: Any) -> Origin | None:
    """Where a layer or model was written."""
    return item.origin if isinstance(item, (Layer, Model)) else None


def add(self: Interpreter, model: Model, call: Call) -> None:
    """model.add(layer)."""
    if len(model.elements) >= MOST_ELEMENTS or (self.guarded and not model.guarded):
        return  # within `with assertRaises(...)` the layer is expected to be refused
    given = call.get(0, "layer", unknown("layer", "nothing was given"))
    node = call.node_of(0, "layer")
    use = Origin(call.unit, getattr(node, "value", node) if type(node).__name__ == "keyword" else node or call.node)
    self.news()
    model.elements.append(Element(given, use, self.certain(model.branch)))


def event(self: Interpreter, model: Model, kind: str, call: Call) -> None:
    """Remembers a call; the same call in a loop only once for the same stack."""
    for earlier in reversed(model.events[-16:]):
        if earlier.origin.node is call.node and len(earlier.elements) == len(model.elements):
            return
    if len(model.events) < 500:
        self.news()
        guarded = self.guarded > 0 or not self.certain(model.branch)
        model.events.append(Event(kind, model, call, guarded, self.guarded > 0))


def passed_on(self: Interpreter, call: Call) -> None:
    """Lists and dicts given to code that cannot be seen may be changed by it; models are taken to stay as they are."""
    for value in (*call.args, *call.keywords.values()):
        if isinstance(value, (Items, Table)) and not value.why:
            value.why = "it was given to code that cannot be seen"


def call_object(self: Interpreter, owner: Any, call: Call) -> Any:
    """layer(x), model(x), instance(x)."""
    from shapecheck.reader import calls, functional

    if isinstance(owner, Instance):
        found = owner.of.find("__call__")
        if not isinstance(found, Unknown) and hasattr(found, "node"):
            return calls.run(self, found, [owner, *call.args], call.keywords, call)
        if owner.model is None:
            return functional.unknown_result(self, call, owner.of.name)
        owner = owner.model
    return functional.call_layer(self, owner, call)


def attribute(self: Interpreter, owner: Any, identifier: str) -> Any:
    """model.layers, model.output, layer.units, tensor.shape ..."""
    from shapecheck.reader import functional

    if isinstance(owner, Symbol):
        return functional.symbol_attribute(owner, identifier)
    if isinstance(owner, Model) and identifier == "layers" and owner.graph is None:
        return _layers(self, owner)
    if identifier in ("output", "outputs", "input", "inputs", "input_shape", "output_shape"):
        return functional.model_attribute(self, owner, identifier)
    if identifier == "name":
        return owner.name if isinstance(owner, Model) and owner.name else unknown("name")
    if isinstance(owner, Model) and identifier in ("weights", "trainable_weights"):
        return unknown(identifier)
    if identifier in ("layers", "get_layer") and hasattr(owner, "rule") and hasattr(owner.rule, "opened"):
        owner.rule.opened = True  # some of its layers may be frozen
    if isinstance(owner, Layer) and identifier in getattr(owner.rule, "__dict__", {}):
        return getattr(owner.rule, identifier)
    return Bound(owner, identifier)


def _layers(self: Interpreter, model: Model) -> Any:
    """model.layers: written Inputs are not among them."""
    result = Items(branch=self.branch)
    for element in model.elements:
        if not element.certain or isinstance(element.value, Unknown):
            result.why = "the stack's layers cannot be told"
        if isinstance(element.value, Symbol) or (isinstance(element.value, Layer) and element.value.class_name == "InputLayer"):
            continue
        result.append(element.value)
        result.nodes.append(None)
    return result


def set_attribute(self: Interpreter, owner: Any, name: str, value: Any) -> None:
    """layer.trainable = False and the like."""
    if name != "trainable" or value not in (True, False) or isinstance(value, Unknown):
        return
    if isinstance(owner, Layer):
        self.news()  # a loop over layers; that over batches switches whole models on and off, again and again
    waiting = [owner]
    while waiting:
        owner = waiting.pop()
        if isinstance(owner, Model):
            waiting += [element.value for element in owner.elements]
            if owner.graph is not None:
                waiting += [Layer(child, "", owner.origin) for child in owner.graph.children]
        elif isinstance(owner, Layer) and owner.rule is not None:
            owner.rule.trainable = value
            waiting += [Layer(child, "", owner.origin) for child in owner.rule.children]


def prepare_instance(self: Interpreter, made: Instance, call: Call | None) -> None:
    """An object of a subclass of Sequential is a stack."""
    if any(path.rpartition(".")[2] == "Sequential" for path in made.of.library_bases()):
        node = call.node if call is not None else made.of.node
        unit = call.unit if call is not None else self.unit
        made.model = Model(Origin(unit, node), self.branch)
        self.news()
        self.stacks.models.append(made.model)


def finish_instance(self: Interpreter, made: Instance, call: Call | None) -> Any:
    """An object of a layer class of the file becomes a layer whose shape is unknown."""
    bases = [path.rpartition(".")[2] for path in made.of.library_bases()]
    if made.model is None and call is not None and any(is_layer_base(base) for base in bases):
        from shapecheck.reader import layers

        return layers.custom(self, made, call)
    return made


def is_layer_base(name: str) -> bool:
    """True for Layer, Dense, Model ...: a subclass of it is a layer."""
    return name in ("Layer", "Model", "Wrapper") or dialects.is_layer(name)
