"""Statements of a file, one after another, over abstract values: bounded in steps, and nothing of the file ever runs.

Where a condition cannot be told both sides are read, each over a copy of the names, and what differs afterwards is
unknown; what such a side does to a stack or a list may or may not have happened (`Interpreter.branch`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shapecheck.reader import assignment, calls, expressions, loops
from shapecheck.reader.values import ROOM, Branch, Class, Function, Instance, Items, Library, Scope, Table, join, truth, unknown
from shapecheck.shapes import Unknown

if TYPE_CHECKING:
    import ast
    from collections.abc import Callable, Sequence

    from shapecheck.reader.models import Stacks
    from shapecheck.reader.source import Unit
else:
    import _ast as ast

MOST_STEPS = 120_000
"""Statements and expressions read in all; about a fifth of a second."""
MOST_IDLE = 4_000
"""Steps that a function which calls itself may take while nothing new comes up for any stack: 1,000 in a loop, 250 in a loop
inside a loop, and so on. Most loops train or draw; without this bound they took four fifths of the time (tests.benchmarks.reading)."""


class Interpreter:
    """Reads units in order. `stacks` collects models, calls and findings; `scope` is where names go now."""

    def __init__(self, stacks: Stacks) -> None:
        ROOM.begin(self)
        self.stacks = stacks
        self.scope = Scope()
        self.unit: Unit = None  # type: ignore[assignment]
        self.branch: Branch = ()
        self.branches = 0
        self.guarded = 0
        self.steps = MOST_STEPS
        self.depth = 0
        self.loops = 0
        self.steps_at_news = MOST_STEPS
        self.returns: list[Any] = []
        self.functions: list[Function] = []
        self.classes: list[Class] = []
        self.stopped = ""
        self.owner: Class | None = None
        self.self_value: Any = None
        self.reassigned: set[str] = set()
        self.assigned_in: dict[ast.AST, tuple[str, ...]] = {}
        self.uncalled = False
        self.tracing: Any = None

    def read(self, units: Sequence[Unit]) -> None:
        """All units, then every function that nothing in the file calls, with unknown arguments."""
        for unit in units:
            self.unit = unit
            self.block(unit.statements)
        try:
            calls.read_uncalled(self)
        except RecursionError:
            self.stopped = self.stopped or "reading stopped: the code is nested too deeply"

    def block(self, statements: Sequence[ast.stmt]) -> str | None:
        """Statements in order; answers "return", "break", "continue" or "raise" if the rest is not reached."""
        for statement in statements:
            signal = self.statement(statement)
            if signal:
                return signal
        return None

    def statement(self, node: ast.stmt) -> str | None:
        """One statement. What cannot be followed makes the names it assigns unknown."""
        self.steps -= 1
        if self.steps < 0:
            self.stopped = self.stopped or f"reading stopped at line {node.lineno}: too many steps"
            return "raise"
        handler = _STATEMENTS.get(type(node))
        if handler is None:
            return None
        try:
            signal: str | None = handler(self, node)
            return signal
        except RecursionError:
            self.forget([node], "the expression is nested too deeply")
            return None

    value = expressions.value

    def enter_branch(self) -> Branch:
        """Begins something that may not happen; answers the branch to return to."""
        before = self.branch
        self.branches += 1
        self.branch = (*before, self.branches)
        return before

    def certain(self, branch: Branch) -> bool:
        """False if something made under `branch` is changed now by something that may not happen."""
        return branch[: len(self.branch)] == self.branch

    def news(self) -> None:
        """Something came up that a stack may depend on: a layer, a model, a call of one, a known item in a list."""
        self.steps_at_news = self.steps

    def idle(self, begun: int) -> bool:
        """True if what repeats itself since `begun` (in steps left) has brought nothing new for long."""
        return min(begun, self.steps_at_news) - self.steps > MOST_IDLE >> 2 * self.loops

    def either(self, sides: Sequence[Callable[[], str | None]], why: str) -> str | None:
        """Reads sides of which one happens; joins the names afterwards."""
        scope = self.scope
        before = scope.names
        ends: list[dict[str, Any]] = []
        signals: list[str | None] = []
        for side in sides:
            scope.names = dict(before)
            outside = self.enter_branch()
            signal = side()
            self.branch = outside
            signals.append(signal)
            if signal is None or signal in ("break", "continue"):
                ends.append(scope.names)
        scope.names = _joined(ends, why) if ends else before
        if signals and all(signals):
            return signals[0] if len(set(signals)) == 1 else "return"
        return None

    def forget(self, nodes: Sequence[ast.AST], why: str) -> None:
        """Makes every name that the nodes assign unknown."""
        for node in nodes:
            for name in self.assigned(node):
                self.scope.names[name] = Unknown(name, why)

    def assigned(self, node: ast.AST) -> Sequence[str]:
        """The names that a statement may assign, looked for once."""
        if node not in self.assigned_in:
            self.assigned_in[node] = tuple(dict.fromkeys(assignment.assigned_names(node)))
        return self.assigned_in[node]


def _joined(ends: list[dict[str, Any]], why: str) -> dict[str, Any]:
    result = dict(ends[0])
    for other in ends[1:]:
        for name, value in other.items():
            if name not in result:
                result[name] = value
            elif result[name] is not value:
                result[name] = join(result[name], value, f"{name}: {why}")
    return result


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
    function = calls.make_function(self, node)
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
