"""Statements of a file, one after another, over abstract values: bounded in steps, and nothing of the file ever runs.

Where a condition cannot be told both sides are read, each over a copy of the names, and what differs afterwards is
unknown; what such a side does to a stack or a list may or may not have happened (`Interpreter.branch`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shapecheck.reader.python import assignment, expressions, loops
from shapecheck.reader.python.functions import make_function
from shapecheck.reader.state import Interpreter
from shapecheck.reader.values import Class, Function, Instance, Items, Library, Scope, Table, truth, unknown
from shapecheck.shapes import Unknown

if TYPE_CHECKING:
    import ast

else:
    import _ast as ast

def _expression(self: Interpreter, node: ast.Expr) -> None:
    self.value(node.value)


def _if(self: Interpreter, node: ast.If) -> str | None:
    condition = truth(self.value(node.test))
    if condition is None and expressions.is_main_test(node.test):
        condition = True
    if condition is not None:
        return self.block(node.body if condition else node.orelse)
    why = f"it depends on the condition in line {node.lineno}"
    return self.either([lambda: self.block(node.body), lambda: self.block(node.orelse)], why)


def _try(self: Interpreter, node: Any) -> str | None:
    """The body, taken to go well; what is wrong in it may be meant to be (`guarded`). Handlers are not read unless it raises."""
    self.guarded += bool(node.handlers)
    signal = self.block(node.body)
    self.guarded -= bool(node.handlers)
    if signal == "raise" and node.handlers and self.steps > 0:
        signal = self.block(node.handlers[0].body)
    elif signal is None:
        signal = self.block(node.orelse)
    return self.block(node.finalbody) or signal


def _with(self: Interpreter, node: ast.With) -> str | None:
    guarded = 0
    for item in node.items:
        context = self.value(item.context_expr)
        callee = getattr(item.context_expr, "func", None)
        guarded |= getattr(callee, "attr", "") in ("raises", "assertRaises", "assertRaisesRegex", "assertRaisesWithRegexpMatch")
        if item.optional_vars is not None:
            assignment.assign(self, item.optional_vars, context if isinstance(context, Instance) else unknown("with"))
    self.guarded += guarded
    signal = self.block(node.body)
    self.guarded -= guarded
    return None if guarded else signal


def _function(self: Interpreter, node: Any) -> None:
    function = make_function(self, node)
    value: Any = function
    for decorator in node.decorator_list:
        kind = self.value(decorator)
        if isinstance(decorator, ast.Name) and decorator.id in ("property", "staticmethod", "classmethod"):
            function.defaults["@" + decorator.id] = True
        elif not isinstance(kind, (Library, Unknown)):
            value = unknown(node.name, f"{node.name} is decorated")
    self.functions.append(function)
    self.scope.names[node.name] = value


def _class(self: Interpreter, node: ast.ClassDef) -> None:
    outer = self.scope
    self.scope = Scope(outer)
    made = Class(node.name, [self.value(base) for base in node.bases], self.scope.names, node)
    self.block(node.body)
    made.attributes = self.scope.names
    self.scope.of_class = True
    self.scope = outer
    for value in made.attributes.values():
        if isinstance(value, Function):
            value.owner = made
    self.classes.append(made)
    outer.names[node.name] = made


def _return(self: Interpreter, node: ast.Return) -> str:
    self.returns.append(self.value(node.value) if node.value is not None else None)
    return "return"


def _import(self: Interpreter, node: ast.Import) -> None:
    for alias in node.names:
        self.stacks.dialect.imported(alias.name)
        name = alias.asname or alias.name.partition(".")[0]
        self.scope.names[name] = Library(alias.name if alias.asname else name)


def _import_from(self: Interpreter, node: ast.ImportFrom) -> None:
    module = "." * node.level + (node.module or "")
    for alias in node.names:
        self.stacks.dialect.imported(f"{module}.{alias.name}")
        if alias.name == "*":
            self.scope.root.stars.append(module)
        else:
            self.scope.names[alias.asname or alias.name] = Library(f"{module}.{alias.name}")


def _delete(self: Interpreter, node: ast.Delete) -> None:
    for target in node.targets:
        if isinstance(target, ast.Name):
            self.scope.names.pop(target.id, None)
        elif isinstance(target, ast.Subscript):
            owner = self.value(target.value)
            if isinstance(owner, (Items, Table)):
                owner.why = "an item was deleted from it"


def _global(self: Interpreter, node: ast.Global) -> None:
    self.scope.globals.update(node.names)


def _raise(self: Interpreter, node: ast.Raise) -> str:
    return "raise"


def _assert(self: Interpreter, node: ast.Assert) -> None:
    self.value(node.test)


_STATEMENTS: dict[type, Any] = {
    ast.Expr: _expression, ast.If: _if, ast.For: loops.for_statement, ast.AsyncFor: loops.for_statement,
    ast.While: loops.while_statement, ast.Try: _try, ast.With: _with, ast.AsyncWith: _with,
    ast.FunctionDef: _function, ast.AsyncFunctionDef: _function,
    ast.ClassDef: _class, ast.Return: _return, ast.Import: _import, ast.ImportFrom: _import_from, ast.Delete: _delete,
    ast.Global: _global, ast.Nonlocal: _global, ast.Raise: _raise, ast.Assert: _assert,
    ast.Assign: assignment.assign_statement, ast.AugAssign: assignment.augmented_statement,
    ast.AnnAssign: assignment.annotated_statement,
    ast.Break: lambda self, node: "break", ast.Continue: lambda self, node: "continue",
}  # fmt: skip
if hasattr(ast, "TryStar"):
    _STATEMENTS[ast.TryStar] = _try
