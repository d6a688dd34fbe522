"""Calls: functions, methods and classes of the file are evaluated with what is known of their arguments; others are library calls."""

from __future__ import annotations

from shapecheck.languages import because
from shapecheck.reader.call import Call
from shapecheck.reader.code import tensors
from shapecheck.reader.keras import libraries, models
from shapecheck.reader.keras.objects import call_object
from shapecheck.reader.python import methods
from shapecheck.reader.python.functions import run
from shapecheck.reader.python.iteration import items_of
from shapecheck.reader.records import Model
from shapecheck.reader.values import (
    Bound,
    Class,
    Function,
    Instance,
    Items,
    Layer,
    Library,
    Opaque,
    Partial,
    Table,
    unknown,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    import ast
    from typing import Any

    from shapecheck.reader.state import Reader
else:
    import _ast as ast


def call_expression(reader: Reader, node: ast.Call) -> Any:
    """function(*args, **keywords)."""
    function = reader.value(node.func)
    call = Call(reader.unit, node)
    args, nodes = call.args, call.nodes
    for argument in node.args:
        if type(argument) is ast.Starred:
            _spread(reader, call, reader.value(argument.value))
        else:
            nodes[len(args)] = argument
            args.append(reader.value(argument))
    for keyword in node.keywords:
        given = reader.value(keyword.value)
        if keyword.arg is not None:
            call.keywords[keyword.arg] = given
            call.nodes[keyword.arg] = keyword
        elif isinstance(given, Table) and not given.why:
            call.keywords.update({key: item for key, item in given.items() if isinstance(key, str)})
        else:
            call.hidden = because("its arguments come from an unknown dict")
    return reader.apply(function, call)


def _spread(reader: Reader, call: Call, given: Any) -> None:
    items = items_of(given, 1000)
    if items is None:
        call.hidden = because("its arguments come from an unknown list")
        return
    for place, item in enumerate(items):
        if isinstance(given, Items) and place < len(given.nodes) and given.nodes[place]:
            call.nodes[len(call.args)] = given.nodes[place][1]
        call.args.append(item)


def _function(reader: Reader, function: Function, call: Call) -> Any:
    return run(reader, function, call.args, call.keywords, call)


def _opaque(reader: Reader, function: Opaque, call: Call) -> Any:
    if reader.tracing is not None and ".activations." in function.path:
        return tensors.activation(function, call)
    reader.passed_on(call)
    return unknown("call")


def _partial(reader: Reader, function: Partial, call: Call) -> Any:
    call.args = [*function.args, *call.args]
    count = len(function.args)
    if count:
        call.nodes = {(key + count if isinstance(key, int) else key): node for key, node in call.nodes.items()}
    call.keywords = {**function.keywords, **call.keywords}
    call.nodes = {**function.nodes, **call.nodes}
    return reader.apply(function.function, call)


def _method(reader: Reader, bound: Bound, call: Call) -> Any:
    if bound.function is not None:
        arguments = call.args if "@staticmethod" in bound.function.defaults else [bound.owner, *call.args]
        return run(reader, bound.function, arguments, call.keywords, call)
    return methods.call(reader, bound.owner, bound.name, call)


def instantiate(reader: Reader, kind: Class, call: Call | None) -> Any:
    """An object of a class of the file; its __init__ is evaluated."""
    kind.instantiated = True
    made = Instance(kind)
    models.prepare_instance(reader, made, call)
    initializer = kind.find("__init__")
    if isinstance(initializer, Function):
        args = call.args if call is not None else []
        run(reader, initializer, [made, *args], call.keywords if call is not None else {}, call)
    elif made.model is not None and call is not None:
        models.fill(reader, made.model, call)
    return models.finish_instance(reader, made, call)


HANDLERS: dict[type, Any] = {
    Library: libraries.call, Function: _function, Class: instantiate, Bound: _method, Partial: _partial,
    Layer: call_object, Model: call_object, Instance: call_object, Opaque: _opaque,
}  # fmt: skip


def read_uncalled(reader: Reader) -> None:
    """Functions, classes and methods that are never called: read once, with their default arguments."""
    reader.uncalled = True
    for kind in list(reader.classes):
        instance = instantiate(reader, kind, None) if not kind.instantiated else None
        for name, function in list(kind.attributes.items()):
            if isinstance(function, Function) and not function.called and name != "__init__":
                static = "@staticmethod" in function.defaults
                reader.unit = function.unit
                owner = instance if isinstance(instance, Instance) else Instance(kind)
                run(reader, function, [] if static else [owner], {})
    for function in reader.functions:
        if not function.called and function.owner is None:
            function.called = True
            run(reader, function, [], {})
