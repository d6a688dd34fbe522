"""Calls: functions, methods and classes of the file are followed with what is known of their arguments; others go to libraries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shapecheck.reader.call import Call
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
from shapecheck.shapes import Unknown

if TYPE_CHECKING:
    import ast

    from shapecheck.reader.state import Interpreter
else:
    import _ast as ast

def call_expression(self: Interpreter, node: ast.Call) -> Any:
    """function(*args, **keywords)."""
    function = self.value(node.func)
    call = Call(self, node)
    args, nodes = call.args, call.nodes
    for argument in node.args:
        if type(argument) is ast.Starred:
            _spread(self, call, self.value(argument.value))
        else:
            nodes[len(args)] = argument
            args.append(self.value(argument))
    for keyword in node.keywords:
        given = self.value(keyword.value)
        if keyword.arg is not None:
            call.keywords[keyword.arg] = given
            call.nodes[keyword.arg] = keyword
        elif isinstance(given, Table) and not given.why:
            call.keywords.update({key: item for key, item in given.items() if isinstance(key, str)})
        else:
            call.hidden = "its arguments come from a dict that cannot be told"
    return apply(self, function, call)


def _spread(self: Interpreter, call: Call, given: Any) -> None:
    items = items_of(given, 1000)
    if items is None:
        call.hidden = "its arguments come from a list that cannot be told"
        return
    for place, item in enumerate(items):
        if isinstance(given, Items) and place < len(given.nodes) and given.nodes[place]:
            call.nodes[len(call.args)] = given.nodes[place][1]
        call.args.append(item)


def apply(self: Interpreter, function: Any, call: Call) -> Any:
    """What calling `function` gives."""
    handler = _CALLS.get(type(function))
    if handler is not None:
        return handler(self, function, call)
    models.passed_on(self, call)
    return unknown(getattr(function, "name", "call"), function.why if isinstance(function, Unknown) else "")


def _function(self: Interpreter, function: Function, call: Call) -> Any:
    return run(self, function, call.args, call.keywords, call)


def _opaque(self: Interpreter, function: Opaque, call: Call) -> Any:
    if self.tracing is not None and ".activations." in function.path:
        from shapecheck.reader.code import tensors

        return tensors.activation(function, call)
    models.passed_on(self, call)
    return unknown("call")


def _partial(self: Interpreter, function: Partial, call: Call) -> Any:
    call.args = [*function.args, *call.args]
    count = len(function.args)
    if count:
        call.nodes = {(key + count if isinstance(key, int) else key): node for key, node in call.nodes.items()}
    call.keywords = {**function.keywords, **call.keywords}
    call.nodes = {**function.nodes, **call.nodes}
    return apply(self, function.function, call)


def _method(self: Interpreter, bound: Bound, call: Call) -> Any:
    if bound.function is not None:
        arguments = call.args if "@staticmethod" in bound.function.defaults else [bound.owner, *call.args]
        return run(self, bound.function, arguments, call.keywords, call)
    return methods.call(self, bound.owner, bound.name, call)


def instantiate(self: Interpreter, kind: Class, call: Call | None) -> Any:
    """An object of a class of the file; its __init__ is followed."""
    kind.instantiated = True
    made = Instance(kind)
    models.prepare_instance(self, made, call)
    initializer = kind.find("__init__")
    if isinstance(initializer, Function):
        args = call.args if call is not None else []
        run(self, initializer, [made, *args], call.keywords if call is not None else {}, call)
    elif made.model is not None and call is not None:
        models.fill(self, made.model, call)
    return models.finish_instance(self, made, call)


_CALLS: dict[type, Any] = {
    Library: libraries.call, Function: _function, Class: instantiate, Bound: _method, Partial: _partial,
    Layer: call_object, Model: call_object, Instance: call_object, Opaque: _opaque,
}  # fmt: skip


def read_uncalled(self: Interpreter) -> None:
    """Functions, classes and methods that nothing calls: read once, with what their defaults say."""
    self.uncalled = True
    for kind in list(self.classes):
        instance = instantiate(self, kind, None) if not kind.instantiated else None
        for name, function in list(kind.attributes.items()):
            if isinstance(function, Function) and not function.called and name != "__init__":
                static = "@staticmethod" in function.defaults
                self.unit = function.unit
                owner = instance if isinstance(instance, Instance) else Instance(kind)
                run(self, function, [] if static else [owner], {})
    for function in self.functions:
        if not function.called and function.owner is None:
            function.called = True
            run(self, function, [], {})
