"""Functions in compile(): whether Keras can call them as losses and metrics.

Source: keras 3.15 on TensorFlow, by running them (tests/oracle/record_own_functions.py).
"""

from __future__ import annotations

import _ast as ast
from collections.abc import Iterator

from shapecheck.diagnostics.compiled import NotALossFunction
from shapecheck.findings import Finding
from shapecheck.reader.children import CHILDREN
from shapecheck.reader.source import dotted
from shapecheck.reader.values import Bound, Function, Items, Library, Table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from shapecheck.findings import FileReport, Stack
    from shapecheck.reader.records import Event

HARMLESS = ("tf.function", "tensorflow.function", "function", "staticmethod")
"""Decorators under which a function has the arguments that it is written with."""
OF_SHAPES = ("shape", "ndim")
"""Functions of NumPy that read the shape of a tensor, which they can."""
EAGER = "run_functions_eagerly"
"""The function by which TensorFlow computes step by step, without a graph."""
INNER = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)


def check(report: FileReport, stack: Stack) -> Iterator[Finding]:
    """Each function given as a loss or a metric, if the model is trained or evaluated afterwards."""
    written = any(word in unit.text for unit in report.units for word in (EAGER, ".run_eagerly"))
    for place, event in enumerate(stack.events):
        if event.kind != "compile" or event.guarded or not any(later.kind in ("fit", "evaluate") for later in stack.events[place:]):
            continue
        eager = event.keywords.get("run_eagerly", False) is not False or written
        for argument, position in (("loss", 1), ("metrics", 2)):
            for value, node in _each(event, position, argument):
                problem = _problem(value, eager)
                if problem is not None and node is not None:
                    yield Finding(problem, event.origin.unit.place(node), stack, None)


def _each(event: Event, position: int, argument: str) -> Iterator[tuple[Any, Any]]:
    """The values of an argument, also in a list or by output, with their expressions."""
    value = event.get(position, argument)
    node: Any = event.origin.arguments.get(argument) or event.origin.arguments.get(str(position))
    if isinstance(value, Table) and type(node).__name__ == "Dict":
        values, nodes = list(value.values()), node.values
    elif isinstance(value, (Items, tuple)):
        values, nodes = list(value), getattr(node, "elts", ())
    else:
        yield value, node
        return
    if len(values) == len(nodes):
        yield from zip(values, nodes, strict=True)


def _problem(value: Any, eager: bool) -> NotALossFunction | None:
    if isinstance(value, Library) and value.path.startswith("sklearn.metrics."):
        return None if eager else NotALossFunction("foreign", value.last)
    function = value.function if isinstance(value, Bound) else value
    if not isinstance(function, Function) or not _as_written(function):
        return None
    arguments = function.node.args
    names = [argument.arg for argument in (*arguments.posonlyargs, *arguments.args)]
    own = names[1:] if isinstance(value, Bound) and "staticmethod" not in _decorators(function) else names
    least = len(own) - len(arguments.defaults)
    forced = [a.arg for a, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True) if default is None]
    if least > 2 or forced or (len(own) < 2 and arguments.vararg is None):
        return NotALossFunction("arguments", function.name, ", ".join([*own, *forced]))
    problem = None if isinstance(function.node, ast.Lambda) else _results(function)
    return problem or (None if eager else _numpy(function, own[:2]))


def _decorators(function: Function) -> list[str]:
    return [dotted(one) for one in getattr(function.node, "decorator_list", ())]


def _as_written(function: Function) -> bool:
    """False if a decorator may change what the function takes and returns."""
    written = getattr(function.node, "decorator_list", ())
    return all(dotted(one) in HARMLESS or "register_keras_serializable" in dotted(getattr(one, "func", one)) for one in written)


def _results(function: Function) -> NotALossFunction | None:
    """What it returns, if that is certainly no tensor."""
    makers, returned, raises = set(), [], False
    assigned = _assigned(function)
    for node in _own_nodes(function.node):
        if isinstance(node, ast.FunctionDef) and node.name not in assigned:
            makers.add(node.name)
        elif isinstance(node, ast.Return):
            returned.append(node.value)
        raises = raises or isinstance(node, (ast.Raise, ast.Yield, ast.YieldFrom))
    if returned and all(isinstance(one, ast.Lambda) or (isinstance(one, ast.Name) and one.id in makers) for one in returned):
        return NotALossFunction("maker", function.name)
    if all(one is None or (isinstance(one, ast.Constant) and one.value is None) for one in returned) and not raises:
        return NotALossFunction("nothing", function.name, line=function.node.lineno)
    return None


def _numpy(function: Function, names: list[str]) -> NotALossFunction | None:
    """A function of NumPy on the labels or the outputs themselves."""
    assigned = _assigned(function)
    names = [name for name in names if name not in assigned]
    for node in _own_nodes(function.node):
        path = dotted(node.func) if isinstance(node, ast.Call) else ""
        if "." not in path or path.rpartition(".")[2] in OF_SHAPES or not isinstance(_global(function, path.partition(".")[0]), Library):
            continue
        library = _global(function, path.partition(".")[0])
        if library.path == "numpy" and any(_holds(argument, names) for argument in node.args):
            return NotALossFunction("numpy", function.name, call=path, line=node.lineno)
    return None


def _assigned(function: Function) -> set[str]:
    """Names to which the function itself assigns: they may hold something else afterwards."""
    return {node.id for node in _own_nodes(function.node) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}


def _global(function: Function, name: str) -> Any:
    scope = function.scope
    while name not in scope.names and scope.outer is not None:
        scope = scope.outer
    return scope.names.get(name)


def _holds(node: Any, names: list[str]) -> bool:
    """y_pred, -y_pred, y_true - y_pred; not y_pred.shape, and not f(y_pred)."""
    if isinstance(node, ast.Name):
        return node.id in names
    if isinstance(node, ast.BinOp):
        return _holds(node.left, names) or _holds(node.right, names)
    return isinstance(node, ast.UnaryOp) and _holds(node.operand, names)


def _own_nodes(function: Any) -> Iterator[Any]:
    """The nodes of a function without those of functions and classes inside it, which are yielded themselves."""
    todo = list(function.body) if isinstance(function.body, list) else [function.body]
    while todo:
        node = todo.pop()
        yield node
        if isinstance(node, INNER):
            continue
        for field in CHILDREN.get(node.__class__, ()):
            value = getattr(node, field)
            todo += value if value.__class__ is list else [value] if value is not None else []
