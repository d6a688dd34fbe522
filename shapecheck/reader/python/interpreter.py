"""Statements of a file, one after another, over abstract values: bounded in steps, and nothing of the file ever runs.

If a condition is unknown, both branches are read, each with a copy of the names, and values that differ afterwards
are unknown; changes of a stack or a list in such a branch are uncertain (`Reader.branch`).
"""

from __future__ import annotations

from shapecheck.languages import because
from shapecheck.reader.keras import functional
from shapecheck.reader.keras.unseen_calls import unseen_call
from shapecheck.reader.python import assignment, calls, expressions, imports, lookups, loops
from shapecheck.reader.python.functions import make_function
from shapecheck.reader.source import dotted
from shapecheck.reader.state import Handlers, Reader
from shapecheck.reader.values import Class, Function, Instance, Items, Library, Scope, Table, truth, unknown
from shapecheck.shapes import Unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    import ast
    from collections.abc import Sequence
    from typing import Any

    from shapecheck.reader.beside import Beside
    from shapecheck.reader.records import Stacks
    from shapecheck.reader.source import Unit
else:
    import _ast as ast


ENDS = frozenset({"sys.exit", "os._exit", "builtins.exit", "builtins.quit"})
"""Functions after which nothing runs."""
ENDED = ("raise", "return")
"""How a block leaves the program or the function."""


def _expression(reader: Reader, node: ast.Expr) -> str | None:
    reader.raised = ""
    reader.value(node.value)
    if isinstance(node.value, ast.Call) and _ends(reader, node.value.func):
        reader.raising = "SystemExit"
        return "raise"
    return _behind_a_call(reader)


def _assign(reader: Reader, node: ast.Assign) -> str | None:
    reader.raised = ""
    assignment.assign_statement(reader, node)
    return _behind_a_call(reader)


def _behind_a_call(reader: Reader) -> str | None:
    """ "raise" behind a call that certainly ends the program, where that ends what is read (`Beside.ends`)."""
    return "raise" if reader.raised and reader.beside is not None and reader.beside.ends else None


def _ends(reader: Reader, function: ast.expr) -> bool:
    """Whether it is sys.exit or one of its kind: the statements behind the call never run."""
    if getattr(function, "id", getattr(function, "attr", "")) not in ("exit", "quit", "_exit"):
        return False
    value = reader.value(function)
    return isinstance(value, Library) and value.path in ENDS


def _if(reader: Reader, node: ast.If) -> str | None:
    condition = truth(reader.value(node.test))
    if condition is None and expressions.is_main_test(node.test):
        condition = True
    if condition is not None:
        taken, other = (node.body, node.orelse) if condition else (node.orelse, node.body)
        return _by_default(reader, taken, other) if _of_options(reader, node.test) else reader.block(taken)
    why = because("it depends on the condition on line {line}", line=node.lineno)
    return reader.either([lambda: reader.block(node.body), lambda: reader.block(node.orelse)], why)


def _by_default(reader: Reader, taken: Sequence[ast.stmt], other: Sequence[ast.stmt]) -> str | None:
    """The side of the options' defaults; where that only ends the program or the function, also the side for whoever gives the option."""
    names, returned = dict(reader.scope.names), len(reader.returns)
    signal = reader.block(taken)
    if signal not in ENDED or any(value is not None for value in reader.returns[returned:]) or reader.steps < 0:
        return signal
    reader.scope.names = names
    del reader.returns[returned:]
    return reader.block(other)


def _of_options(reader: Reader, test: Any) -> bool:
    """Whether a condition reads an option of the command line: args.data of argparse, FLAGS.data of absl."""
    if isinstance(test, ast.Attribute):
        owner = reader.value(test.value) if dotted(test.value) else None
        return (isinstance(owner, Instance) and owner.of.name == "Namespace") or (isinstance(owner, Library) and owner.last == "FLAGS")
    parts = [part for field in getattr(test, "_fields", ()) for part in _listed(getattr(test, field, None))]
    return any(_of_options(reader, part) for part in parts if isinstance(part, ast.expr))


def _listed(part: Any) -> list[Any]:
    return part if isinstance(part, list) else [part]


def _try(reader: Reader, node: Any) -> str | None:
    """The body, assumed not to raise; an error in it may be intended (`guarded`). Handlers are read only if it raises.

    Which of them is run is unknown: they are read up to one behind which the program goes on.
    """
    reader.guarded += bool(node.handlers)
    signal = reader.block(node.body)
    reader.guarded -= bool(node.handlers)
    if signal == "raise" and node.handlers and reader.steps > 0:
        for handler in node.handlers:
            signal = reader.block(handler.body)
            if signal not in ENDED:
                break
    elif signal is None:
        signal = reader.block(node.orelse)
    return reader.block(node.finalbody) or signal


def _opened(context: Any, node: ast.expr) -> Any:
    """The value that `with ... as name` assigns, unknown to the reader."""
    return unknown("with", getattr(context, "why", "") or because("the file opened on line {line} is unknown", line=node.lineno))


def _with(reader: Reader, node: ast.With) -> str | None:
    guarded, suppressed = 0, False
    for item in node.items:
        context = reader.value(item.context_expr)
        callee: Any = getattr(item.context_expr, "func", None)
        suppressed |= getattr(callee, "attr", getattr(callee, "id", "")) == "suppress"
        guarded |= getattr(callee, "attr", "") in ("raises", "assertRaises", "assertRaisesRegex", "assertRaisesWithRegexpMatch")
        if item.optional_vars is not None:
            assignment.assign(reader, item.optional_vars, context if isinstance(context, Instance) else _opened(context, item.context_expr))
    reader.guarded += guarded
    signal = reader.block(node.body)
    reader.guarded -= guarded
    return None if guarded or (suppressed and signal == "raise") else signal


def _function(reader: Reader, node: Any) -> None:
    function = make_function(reader, node)
    value: Any = function
    for decorator in node.decorator_list:
        kind = reader.value(decorator)
        if isinstance(decorator, ast.Name) and decorator.id in ("property", "staticmethod", "classmethod"):
            function.defaults["@" + decorator.id] = True
        elif not isinstance(kind, (Library, Unknown)):
            value = unknown(node.name, f"{node.name} has a decorator")
    reader.functions.append(function)
    reader.scope.names[node.name] = value


def _class(reader: Reader, node: ast.ClassDef) -> None:
    outer = reader.scope
    reader.scope = Scope(outer)
    made = Class(node.name, [reader.value(base) for base in node.bases], reader.scope.names, node, reader.unit)
    reader.block(node.body)
    made.attributes = reader.scope.names
    reader.scope.of_class = True
    reader.scope = outer
    for value in made.attributes.values():
        if isinstance(value, Function):
            value.owner = made
    reader.classes.append(made)
    outer.names[node.name] = made


def _return(reader: Reader, node: ast.Return) -> str:
    reader.returns.append(reader.value(node.value) if node.value is not None else None)
    return "return"


def _delete(reader: Reader, node: ast.Delete) -> None:
    for target in node.targets:
        if isinstance(target, ast.Name):
            reader.scope.names.pop(target.id, None)
        elif isinstance(target, ast.Subscript):
            owner = reader.value(target.value)
            if isinstance(owner, (Items, Table)):
                owner.why = because("an item was deleted from it")


def _global(reader: Reader, node: ast.Global) -> None:
    reader.scope.globals.update(node.names)


def _raise(reader: Reader, node: ast.Raise) -> str:
    called = getattr(node.exc, "func", node.exc)
    reader.raising = getattr(called, "attr", getattr(called, "id", "an exception"))
    return "raise"


def _assert(reader: Reader, node: ast.Assert) -> None:
    reader.value(node.test)


STATEMENTS: dict[type, Any] = {
    ast.Expr: _expression, ast.If: _if, ast.For: loops.for_statement, ast.AsyncFor: loops.for_statement,
    ast.While: loops.while_statement, ast.Try: _try, ast.With: _with, ast.AsyncWith: _with,
    ast.FunctionDef: _function, ast.AsyncFunctionDef: _function,
    ast.ClassDef: _class, ast.Return: _return, ast.Import: imports.statement, ast.ImportFrom: imports.from_statement, ast.Delete: _delete,
    ast.Global: _global, ast.Nonlocal: _global, ast.Raise: _raise, ast.Assert: _assert,
    ast.Assign: _assign, ast.AugAssign: assignment.augmented_statement,
    ast.AnnAssign: assignment.annotated_statement,
    ast.Break: lambda reader, node: "break", ast.Continue: lambda reader, node: "continue",
}  # fmt: skip
if hasattr(ast, "TryStar"):
    STATEMENTS[ast.TryStar] = _try


def _declared(reader: Reader, name: str, value: Any) -> Any:
    from shapecheck.reader.python.declarations import awaited

    return awaited(reader, name, value)


def _generator(reader: Reader, name: str, yielded: list[Any]) -> Any:
    from shapecheck.reader.data.generators import generator

    return generator(reader, name, yielded)


MARK = "shapecheck:"
"""How comments for shapecheck begin."""
HANDLERS = Handlers(
    STATEMENTS, expressions.HANDLERS, calls.HANDLERS, lookups.ATTRIBUTES, unseen_call, functional.either, _declared, _generator
)  # fmt: skip


def read(units: Sequence[Unit], stacks: Stacks, beside: Beside | None = None) -> Reader:
    """All units, then every function that the file never calls, with unknown arguments. `stacks` collects the results.

    What is imported from files `beside` is read there.
    """
    reader = Reader(stacks, HANDLERS)
    reader.beside = beside
    if any(MARK in unit.text for unit in units):
        from shapecheck.reader.python import declarations

        declarations.begin(units, STATEMENTS)
    for unit in units:
        reader.unit = unit
        reader.block(unit.statements)
    run = len(stacks.models)
    try:
        calls.read_uncalled(reader)
    except RecursionError:
        reader.stopped = reader.stopped or because("the code is nested too deeply")
    for model in stacks.models[run:]:
        model.uncalled = True
    if reader.pending:
        from shapecheck.reader.python.declarations import unused

        unused(reader)
    return reader
