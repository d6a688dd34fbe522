"""Functions of the file: created from a def or a lambda, and evaluated on what is known of their arguments."""

from __future__ import annotations

import _ast as ast

from shapecheck.languages import because
from shapecheck.reader.advice import Named, below, comment, example
from shapecheck.reader.call import Call
from shapecheck.reader.children import CHILDREN
from shapecheck.reader.source import Origin
from shapecheck.reader.values import Function, Opaque, Scope, unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from shapecheck.reader.state import Reader

DEEPEST = 24
"""Most nested calls that are evaluated."""


def make_function(reader: Reader, node: Any) -> Function:
    """A def or a lambda as a value; defaults are read now."""
    spec = node.args
    positional = [*spec.posonlyargs, *spec.args]
    defaults = dict(zip([a.arg for a in positional][len(positional) - len(spec.defaults) :], map(reader.value, spec.defaults), strict=True))
    for argument, default in zip(spec.kwonlyargs, spec.kw_defaults, strict=True):
        if default is not None:
            defaults[argument.arg] = reader.value(default)
    return Function(node, reader.scope, defaults, reader.unit)


def run(reader: Reader, function: Function, args: list[Any], keywords: dict[str, Any], call: Call | None = None) -> Any:
    """The function's result for these arguments; a parameter without argument and default is unknown."""
    reader.raised = ""
    if reader.depth >= DEEPEST or reader.steps < 0 or (function.running and reader.idle(function.begun)):
        return unknown(function.name, because("calls of {name}() are nested too deeply", name=function.name))
    scope = Scope(function.scope)
    _bind(reader, function, scope, args, keywords, call)
    if call is not None or args:
        function.called = True
    saved = (reader.scope, reader.unit, reader.returns, reader.yielded, reader.owner, reader.self_value, reader.at)
    models = len(reader.stacks.models)
    reader.scope, reader.unit, reader.returns, reader.yielded = scope, function.unit, [], []
    if function.owner is not None:
        reader.owner, reader.self_value = function.owner, args[0] if args else None
    reader.depth += 1
    function.begun = function.begun if function.running else reader.steps
    function.running += 1
    try:
        if isinstance(function.node, ast.Lambda):
            result = reader.value(function.node.body)
            reader.raised = ""
            return result
        signal = reader.block(function.node.body)
        ended = signal == "return" or (signal == "raise" and reader.steps > 0)  # else it may go on to its end, and return None
        reader.raised = reader.raising if signal == "raise" and ended and not reader.returns else ""
        results = reader.returns if ended or not reader.returns else [*reader.returns, None]
        yielded = reader.yielded
    finally:
        reader.depth -= 1
        function.running -= 1
        reader.scope, reader.unit, reader.returns, reader.yielded, reader.owner, reader.self_value, reader.at = saved
        if call is not None and function.unit is not reader.unit:
            _called_here(reader, models, call)
    if _yields(function):
        return reader.handlers.generator(reader, function.name, yielded)
    if not results:
        return None
    result = results[0]
    for other in results[1:]:
        result = reader.handlers.join(reader, result, other, because("{name}() returns different values", name=function.name))
    return result


def _yields(function: Function) -> bool:
    """Whether it is a generator function: a yield is in its body, outside of functions and classes inside it."""
    if function.yields is None:
        waiting: list[Any] = list(function.node.body)
        function.yields = False
        while waiting and not function.yields:
            node = waiting.pop()
            function.yields = isinstance(node, (ast.Yield, ast.YieldFrom))
            if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)):
                for field in CHILDREN.get(type(node), ()):
                    part = getattr(node, field)
                    waiting += part if isinstance(part, list) else [part] if part is not None else []
    return function.yields


def _called_here(reader: Reader, models: int, call: Call) -> None:
    """Models that a function of another file or cell made: which call they come from."""
    for model in reader.stacks.models[models:]:
        if model.caller is None or model.caller.unit.file != reader.unit.file:
            model.caller = Origin(call.unit, call.node)


def _not_given(function: Function, name: str, call: Call | None) -> Any:
    """A parameter of a function that nothing in the file calls, or that a call leaves out."""
    node = function.node
    if name == "hp" and call is None and "tuner" in function.unit.text:
        return Opaque("keras_tuner.HyperParameters", [], {})
    if call is None:
        why = because("{name} is a parameter without a default value", name=name)
    else:
        why = because("{name} was not passed", name=name)
    why = because("{why} (line {line})", why=why, line=node.lineno)
    if isinstance(node, ast.Lambda):
        return unknown(name, why)
    last = max([node.lineno, *(argument.end_lineno or 0 for argument in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs))])
    return Named(name, comment(why, name, example(name), below(last, function.unit.cell)))


def _bind(reader: Reader, function: Function, scope: Scope, args: list[Any], keywords: dict[str, Any], call: Call | None) -> None:
    spec = function.node.args
    positional = [a.arg for a in (*spec.posonlyargs, *spec.args)]
    names = [*positional, *(a.arg for a in spec.kwonlyargs)]
    hidden = call.hidden if call is not None else because("the arguments are unknown")
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
            scope.names[name] = _not_given(function, name, call)
    if spec.vararg is not None:
        rest = reader.items(args[len(positional) :])
        rest.why = hidden
        scope.names[spec.vararg.arg] = rest
    if spec.kwarg is not None:
        more = reader.table({name: given for name, given in keywords.items() if name not in names})
        more.why = hidden
        scope.names[spec.kwarg.arg] = more
