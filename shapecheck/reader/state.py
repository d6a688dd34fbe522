"""What reading a file keeps: names, branches, steps left, and what came up for every stack."""

from __future__ import annotations

import _ast as ast
from typing import TYPE_CHECKING, Any

from shapecheck.reader.python import calls, expressions
from shapecheck.reader.python.interpreter import _STATEMENTS
from shapecheck.reader.values import ROOM, Branch, Class, Function, Scope, join
from shapecheck.shapes import Unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from shapecheck.reader.records import Stacks
    from shapecheck.reader.source import Unit

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
            self.assigned_in[node] = tuple(dict.fromkeys(assigned_names(node)))
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


def assigned_names(node: Any) -> Iterator[str]:
    """The names that a statement may assign, nested functions and classes left out."""
    waiting = [node]
    while waiting:
        node = waiting.pop()
        kind = type(node)
        if kind is ast.Name:
            if type(node.ctx) is ast.Store:
                yield node.id
        elif kind in (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef):
            yield node.name
        elif kind not in (ast.Lambda, ast.Constant, ast.Load, ast.Store):
            for field in node._fields:
                part = getattr(node, field, None)
                if isinstance(part, list):
                    waiting.extend([item for item in part if isinstance(item, ast.AST)])
                elif isinstance(part, ast.AST):
                    waiting.append(part)
