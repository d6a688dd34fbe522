"""Subclasses of Model: call() is evaluated on symbolic inputs of the shape that the file passes to the model, and becomes a graph."""

from __future__ import annotations

from shapecheck.diagnostics.calls import WrongCall
from shapecheck.diagnostics.comments import NotFollowed
from shapecheck.graph import Graph
from shapecheck.languages import Phrase, because
from shapecheck.nodes import Node, Tensor, known_input, sources
from shapecheck.reader.advice import WIDTH, for_input
from shapecheck.reader.data.flows import FEEDING, written_data
from shapecheck.reader.keras import edges, functional
from shapecheck.reader.keras.inferred import shape_of
from shapecheck.reader.keras.unseen import opaque
from shapecheck.reader.python.functions import run
from shapecheck.reader.values import MISSING, Array, Function, Items, Layer, Library, Symbol, Table, plain, unknown
from shapecheck.shapes import Shape, Unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from shapecheck.reader.records import Event, Model
    from shapecheck.reader.state import Reader

OUTSIDE = frozenset({"training", "mask"})
"""Parameters of call() that Keras passes itself."""
OWN_STEPS = ("train_step", "test_step", "compute_loss", "fit", "compile")
"""Methods with which a class defines its own labels and losses."""


def follow(reader: Reader, model: Model) -> None:
    """Sets the graph of a subclass model: call() on inputs of the shape with which the model is built or used."""
    assert model.code is not None
    _one_argument(reader, model)
    event, given = _given(reader, model)
    inputs: list[Tensor] = []
    why = _why(model, event)
    value = _symbolic(given, inputs, why)
    if not inputs:
        inputs = [Node(known_input(Shape(None, why=why))).tensor()]
        value = Symbol(inputs[0])
    symbolic, in_call = reader.stacks.symbolic, reader.stacks.in_call
    reader.stacks.symbolic = reader.stacks.in_call = True
    before = len(reader.stacks.models)
    try:
        _method(reader, model, "build", _shapes(reader, value))
        end = _method(reader, model, "call", value)
    finally:
        reader.stacks.symbolic, reader.stacks.in_call = symbolic, in_call
        del reader.stacks.models[before:]
    outputs = edges.tensors(end)
    if not outputs:
        why = getattr(end, "why", "") or because("what call() returns is unknown")
        outputs = [Node(opaque("Unknown", why), functional.ends(reader, inputs) or inputs, Layer(None, "Unknown", model.origin)).tensor()]
    reached = sources(outputs)
    inputs += [node.tensor() for node in reached if node not in {tensor.node for tensor in inputs}]
    model.graph = Graph(inputs, outputs, model.name or None)
    own = next((name for name in OWN_STEPS if model.code.of.find(name) is not MISSING), None)
    trained = next((event for event in model.events if event.kind == "fit"), None)
    if own is not None:
        if trained is not None:
            reader.stacks.findings.append((NotFollowed(model.code.of.name, own), trained.origin, None))
        model.events = [event for event in model.events if event.kind not in ("compile", "fit", "evaluate")]


def _one_argument(reader: Reader, model: Model) -> None:
    """fit(), evaluate() and predict() pass all data as one argument: a call() that needs two raises."""
    assert model.code is not None
    found = model.code.of.find("call")
    own = any(model.code.of.find(name) is not MISSING for name in ("train_step", "test_step", "predict_step", "fit", "__call__"))
    if not isinstance(found, Function) or own or reader.stacks.dialect.version < 3:
        return
    spec = found.node.args
    names = [a.arg for a in (*spec.posonlyargs, *spec.args)][1:]
    needed = [name for name in names[1:] if name not in found.defaults and name not in OUTSIDE]
    used = next((event for event in model.events if event.kind in ("fit", "evaluate", "predict") and not event.guarded), None)
    if needed and used is not None:
        name = str(getattr(getattr(used.origin.node, "func", None), "attr", used.kind))
        what = Phrase(
            "SC405", "data_is_one",
            "{call}() passes all data as one argument, call() also needs {names}: write call(self, inputs) and unpack it",
            call=name, names=", ".join(needed),
        )  # fmt: skip
        reader.stacks.findings.append((WrongCall(model.code.of.name, what), used.origin, None))


def _given(reader: Reader, model: Model) -> tuple[Event | None, Any]:
    """The first use that determines the input shapes, and its data."""
    first, parts = None, None
    for event in model.events:
        if event.kind == "build":
            shape = plain(event.get(0, "input_shape"))
            if isinstance(shape, (tuple, list)) and all(d is None or isinstance(d, (int, Unknown)) for d in shape):
                return event, Array(shape)
        if event.kind in FEEDING and not event.expected:
            value = written_data(event)
            if _told(value):
                return event, value
            first = first or event
            parts = parts if parts is not None or not _counted(value) else value
    if model.called_with is not None:
        shapes = [shape_of(reader, tensor) for tensor in model.called_with]
        arrays = [Array(shape.dims) for shape in shapes if shape.dims is not None]
        if len(arrays) == len(shapes):
            return None, arrays[0] if len(arrays) == 1 else Items(arrays)
    return first, parts


def _told(value: Any) -> bool:
    """Whether it is an array of known axes, or a structure of such arrays."""
    if isinstance(value, Array):
        return value.dims is not None and len(value.dims) > 0
    if isinstance(value, (Items, tuple, Table)) and not getattr(value, "why", ""):
        items = list(value.values() if isinstance(value, Table) else value)
        return bool(items) and all(isinstance(item, Array) and _told(item) for item in items)
    return False


def _counted(value: Any) -> bool:
    """Whether it is several arrays, of shapes that may be unknown: how many inputs there are is known then."""
    items = list(value.values() if isinstance(value, Table) else value) if isinstance(value, (Items, tuple, Table)) else []
    return bool(items) and not getattr(value, "why", "") and all(isinstance(item, (Array, Library, Unknown)) for item in items)


def _symbolic(value: Any, inputs: list[Tensor], why: str) -> Any:
    """A symbolic input for each array, of unknown shape for the reason `why`; they are appended to `inputs`."""
    if isinstance(value, (Array, Library, Unknown)):
        dims = getattr(value, "dims", None)
        shape = Shape((None, *dims[1:])) if dims else Shape(None, why=why)
        inputs.append(Node(known_input(shape)).tensor())
        return Symbol(inputs[-1])
    if isinstance(value, Table):
        return Table({name: _symbolic(item, inputs, why) for name, item in value.items()})
    if isinstance(value, (Items, tuple)):
        return Items([_symbolic(item, inputs, why) for item in value])
    return unknown("inputs")


def _shapes(reader: Reader, value: Any) -> Any:
    """The shapes passed to build()."""
    found = [shape_of(reader, symbol.tensor) for symbol in edges.symbols(value)]
    sizes = [shape.dims if shape.dims is not None else Unknown("input_shape", shape.why) for shape in found]
    return sizes[0] if len(sizes) == 1 else Items(sizes)


def _method(reader: Reader, model: Model, name: str, *args: Any) -> Any:
    """The method's result; unknown if the class does not define it."""
    assert model.code is not None
    found = model.code.of.find(name)
    if not isinstance(found, Function) or "@staticmethod" in found.defaults:
        return unknown(name, because("{name} has no {method}() in this file", name=model.code.of.name, method=name))
    spec = found.node.args
    given = {a.arg: unknown(a.arg) for a in (*spec.posonlyargs, *spec.args, *spec.kwonlyargs) if a.arg in OUTSIDE}
    return run(reader, found, [model.code, *args], given)


def _why(model: Model, event: Event | None) -> str:
    assert model.code is not None
    if event is not None:
        value = written_data(event)
        reason = for_input(getattr(value, "why", ""), f"(None, {WIDTH})")
        call = f"{model.variable or 'it'}.build((None, {WIDTH}))"
        if reason:
            return because(
                "the shape of the data on line {line} is unknown ({why}): call {call} before", line=event.origin.line, why=reason, call=call
            )
        return because("the shape of the data on line {line} is unknown: call {call} before", line=event.origin.line, call=call)
    name = model.code.of.name
    if model.variable in ("", name):
        of = f".build((None, {WIDTH}))"
        return because("no call in this file determines the input shape of {name}: call its object{call}", name=name, call=of)
    call = f"{model.variable}.build((None, {WIDTH}))"
    return because("no call in this file determines the input shape of {name}: call {call}", name=name, call=call)
