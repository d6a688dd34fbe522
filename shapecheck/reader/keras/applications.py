"""keras.applications: a call of a known architecture is a model with known layers."""

from __future__ import annotations

from shapecheck.applications import find
from shapecheck.applications.joining import RuleLayers
from shapecheck.diagnostics.base import ShapeError
from shapecheck.graph import Graph
from shapecheck.languages import because
from shapecheck.nodes import Node, known_input
from shapecheck.reader.keras.inferred import shape_of
from shapecheck.reader.keras.layers import argument
from shapecheck.reader.keras.unseen import opaque, refused
from shapecheck.reader.records import Model
from shapecheck.reader.source import Origin
from shapecheck.reader.values import Symbol, plain, unknown
from shapecheck.shapes import Shape, Unknown, is_size

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import SimpleNamespace
    from typing import Any

    from shapecheck.applications.architecture import Architecture
    from shapecheck.layers.base import Rule
    from shapecheck.reader.call import Call
    from shapecheck.reader.state import Reader

STEPS_OF_A_LAYER = 5
"""Reader steps counted for each layer that is added."""


class Architected(Origin):
    """Where an architecture was called: the origin of all its layers."""

    __slots__ = ("network",)

    def __init__(self, network: str, call: Call) -> None:
        super().__init__(call.unit, call.node, {name: node for name, node in call.nodes.items() if isinstance(name, str)})
        self.network = network


def call(reader: Reader, parts: list[str], call: Call) -> Any:
    """keras.applications....NETWORK(...); preprocess_input returns what it gets."""
    last = parts[-1]
    if last == "preprocess_input":
        return call.get(0, "x", unknown("x"))
    if not last[:1].isupper():
        return unknown(last)
    origin = Architected(last, call)
    architecture = find(last)
    made = Model(origin, reader.branch)
    made.guarded = reader.guarded > 0
    if architecture is None:
        made.graph = _hidden(last, because("{last} is not a known architecture", last=last), call.keywords.get("input_shape"), origin)
    else:
        made.graph = _graph(reader, architecture, last, call, origin)
    made.name = made.graph.name
    made.refused = last if any(node.rule.refusal is not None for node in made.graph.nodes) else ""
    reader.news()
    reader.stacks.symbolic = True
    reader.steps -= STEPS_OF_A_LAYER * len(made.graph.nodes)
    reader.stacks.models.append(made)
    return made


def _graph(reader: Reader, architecture: Architecture, name: str, call: Call, origin: Architected) -> Graph:
    """The layers between input and output; one layer with the reason if they are unknown or refused."""
    for place, argument_name in enumerate(architecture.arguments):
        if place in call.nodes:
            origin.arguments.setdefault(argument_name, call.nodes[place])
    shape = call.keywords.get("input_shape")
    try:
        given = _given(reader, architecture, call)
        shape = given.input_shape
        why = _undecided(reader, architecture, name, call, given)
        if why:
            return _hidden(name, why, shape, origin)
        layers = RuleLayers(reader.names, origin)
        if given.input_tensor is not None:
            given.input_tensor = layers.tensor(given.input_tensor, shape_of(reader, given.input_tensor))
        graph: Graph = architecture.join(layers, given)
        return graph
    except ShapeError as error:
        rule = refused(name, error.diagnostic)
        rule.name = name
        return _around(rule, shape, origin)
    except (TypeError, ValueError, ArithmeticError, AttributeError, LookupError) as error:
        why = because("the arguments of {name} are not supported ({kind})", name=name, kind=type(error).__name__)
        return _hidden(name, why, shape, origin)


def _given(reader: Reader, architecture: Architecture, call: Call) -> SimpleNamespace:
    """The arguments by name, as plain values. An older Keras accepted further ones (backend=, layers= ...)."""
    names = architecture.arguments
    keywords = {name: value for name, value in call.keywords.items() if name in names or reader.stacks.dialect.version >= 3}
    given = architecture.given(call.args, keywords)
    for name in names:
        value = getattr(given, name)
        if name == "input_tensor":
            given.input_tensor = value.tensor if isinstance(value, Symbol) else value
        else:
            setattr(given, name, argument(reader, value))
    given.input_shape = _image(given)
    if given.name is not None and not isinstance(given.name, str):
        given.name = names["name"]
    return given


def _image(given: SimpleNamespace) -> Any:
    """input_shape as sizes: three unknown sizes if it is unknown, three channels if stored weights need them."""
    shape = plain(given.input_shape)
    if isinstance(shape, Unknown):
        return (shape, shape, 3 if given.weights == "imagenet" else shape)
    if isinstance(shape, (tuple, list)):
        return type(shape)(size if size is None or is_size(size) or isinstance(size, Unknown) else Unknown("size", "") for size in shape)
    return shape


def _undecided(reader: Reader, architecture: Architecture, name: str, call: Call, given: SimpleNamespace) -> str:
    """Why the layers are unknown; "" if they are known."""
    if call.hidden:
        return call.hidden
    if reader.stacks.dialect.data_format != "channels_last":
        return because("{name} with channels first is not supported", name=name)
    tensor = given.input_tensor
    if tensor is not None and (isinstance(tensor, Unknown) or not hasattr(tensor, "node")):
        return getattr(tensor, "why", "") or because("its input_tensor is unknown")
    if tensor is not None and shape_of(reader, tensor).dims is None:
        return shape_of(reader, tensor).why or because("the shape of its input_tensor is unknown")
    unclear = architecture.undecided(given)
    return "" if unclear is None else unclear.why or because("{argument} of {name} is unknown", argument=unclear.name, name=name)


def _hidden(name: str, why: str, shape: Any, origin: Architected) -> Graph:
    rule = opaque(name, why)
    rule.several = True
    return _around(rule, shape, origin, why)


def _around(rule: Rule, shape: Any, origin: Architected, why: str = "") -> Graph:
    """One layer in place of the whole architecture, between an input and an output."""
    sizes = plain(shape)
    known = isinstance(sizes, (tuple, list)) and all(size is None or isinstance(size, Unknown) or is_size(size) for size in sizes)
    size = Unknown("size", why or because("the size of its input is unknown"))
    accepted = Shape((None, *sizes)) if known else Shape((None, size, size, size))
    first = Node(known_input(accepted), (), origin)
    node = Node(rule, (first.tensor(),), origin)
    return Graph((first.tensor(),), (node.tensor(),))
