"""Calls: functions, methods and classes of the file are followed with what is known of their arguments; others go to libraries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shapecheck.reader import libraries, methods, models
from shapecheck.reader.iteration import items_of
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
    Scope,
    Table,
    join,
    unknown,
)
from shapecheck.shapes import Unknown

if TYPE_CHECKING:
    import ast

    from shapecheck.reader.interpreter import Interpreter
    from shapecheck.reader.source import Unit
else:
    import _ast as ast

DEEPEST = 24
"""Calls inside calls that are followed."""


class Call:
    """A call as seen by what it calls: values in order and by name, the expression of each, and whether a * hid some."""

    __slots__ = ("args", "hidden", "keywords", "node", "nodes", "unit")

    def __init__(self, reader: Interpreter, node: ast.Call) -> None:
        self.node = node
        self.unit: Unit = reader.unit
        self.args: list[Any] = []
        self.keywords: dict[str, Any] = {}
        self.nodes: dict[int | str, Any] = {}
        self.hidden = ""

    def get(self, place: int, name: str, default: Any = None) -> Any:
        """An argument by position or by name."""
        if place < len(self.args):
            return self.args[place]
        return self.keywords.get(name, default)

    def node_of(self, place: int, name: str) -> Any:
        """Its expression."""
        return self.nodes.get(place, self.nodes.get(name))


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
        from shapecheck.reader import tensors

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


def make_function(self: Interpreter, node: Any) -> Function:
    """A def or a lambda as a value; defaults are read now."""
    spec = node.args
    positional = [*spec.posonlyargs, *spec.args]
    defaults = dict(zip([a.arg for a in positional][len(positional) - len(spec.defaults) :], map(self.value, spec.defaults), strict=True))
    for argument, default in zip(spec.kwonlyargs, spec.kw_defaults, strict=True):
        if default is not None:
            defaults[argument.arg] = self.value(default)
    return Function(node, self.scope, defaults, self.unit)


def run(self: Interpreter, function: Function, args: list[Any], keywords: dict[str, Any], call: Call | None = None) -> Any:
    """The function's result for these arguments; a parameter that is not given and has no default is unknown."""
    if self.depth >= DEEPEST or self.steps < 0 or (function.running and self.idle(function.begun)):
        return unknown(function.name, f"calls of {function.name}() are nested too deeply")
    scope = Scope(function.scope)
    _bind(self, function, scope, args, keywords, call)
    if call is not None or args:
        function.called = True
    saved = (self.scope, self.unit, self.returns, self.owner, self.self_value)
    self.scope, self.unit, self.returns = scope, function.unit, []
    if function.owner is not None:
        self.owner, self.self_value = function.owner, args[0] if args else None
    self.depth += 1
    function.begun = function.begun if function.running else self.steps
    function.running += 1
    try:
        if isinstance(function.node, ast.Lambda):
            return self.value(function.node.body)
        signal = self.block(function.node.body)
        results = self.returns if signal == "return" or not self.returns else [*self.returns, None]
    finally:
        self.depth -= 1
        function.running -= 1
        self.scope, self.unit, self.returns, self.owner, self.self_value = saved
    if not results:
        return None
    result = results[0]
    for other in results[1:]:
        result = join(result, other, f"{function.name}() returns different things")
    return result


def _bind(self: Interpreter, function: Function, scope: Scope, args: list[Any], keywords: dict[str, Any], call: Call | None) -> None:
    spec = function.node.args
    positional = [a.arg for a in (*spec.posonlyargs, *spec.args)]
    names = [*positional, *(a.arg for a in spec.kwonlyargs)]
    hidden = call.hidden if call is not None else "the arguments are unknown"
    for place, name in enumerate(names):
        if name in keywords:
            scope.names[name] = keywords[name]
        elif place < len(args) and place < len(positional):
            scope.names[name] = args[place]
        elif call is not None and call.hidden and place >= len(args):
            scope.names[name] = unknown(name, hidden)
        elif name in function.defaults:
            scope.names[name] = function.defaults[name]
        else:
            scope.names[name] = unknown(name, f"{name} {'is a parameter without a default value' if call is None else 'was not given'}")
    if spec.vararg is not None:
        rest = Items(args[len(positional) :], branch=self.branch)
        rest.why = hidden
        scope.names[spec.vararg.arg] = rest
    if spec.kwarg is not None:
        more = Table({name: given for name, given in keywords.items() if name not in names}, self.branch)
        more.why = hidden
        scope.names[spec.kwarg.arg] = more


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
    Layer: models.call_object, models.Model: models.call_object, Instance: models.call_object, Opaque: _opaque,
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
