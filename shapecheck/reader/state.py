"""The reader of one file: names and branches, steps and items left, cached inferences; nothing is kept after the reading.

The handlers of each kind of statement, expression and value are in the tables of `Handlers`, which interpreter.py fills.
"""

from __future__ import annotations

import _ast as ast

from shapecheck.languages import because
from shapecheck.naming import Names
from shapecheck.reader.advice import ADVISED, behind, named
from shapecheck.reader.children import CHILDREN
from shapecheck.reader.records import Event, Trace
from shapecheck.reader.source import Origin, expression
from shapecheck.reader.values import Branch, Class, Function, Items, Module, Scope, Table, unknown
from shapecheck.shapes import Unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from typing import Any

    from shapecheck.layers.base import Rule
    from shapecheck.nodes import Node
    from shapecheck.reader.beside import Beside
    from shapecheck.reader.call import Call
    from shapecheck.reader.declared import Declaration
    from shapecheck.reader.records import Assembled, Model, Stacks
    from shapecheck.reader.source import Unit
    from shapecheck.shapes import Dim, Shape

MOST_STEPS = 120_000
"""Statements and expressions read in all; about a fifth of a second."""

MOST_ITEMS_MADE = 3_000_000
"""Most items of all long lists, dicts and tuples of one reading together: a memory limit."""

MOST_IDLE = 4_000
"""Steps that a recursive function may take while nothing new is found for any stack: 1,000 in a loop, 250 in a loop
inside a loop, and so on. Most loops train or draw; without this limit they took four fifths of the time (tests.benchmarks.reading)."""


MOST_NODES = 20_000
"""Most calls of layers on symbolic tensors that are remembered."""


class Handlers:
    """The handlers of statements and expressions by class, of calls and of attributes.

    `declared` sets the first value of a name that a comment partly declares; `generator` returns what a function that yields does;
    `unseen` answers for a call whose result is unknown (a tensor, if it has tensor arguments), `join` for a value that is one of two.
    """

    __slots__ = ("attributes", "calls", "declared", "expressions", "generator", "join", "statements", "unseen")

    def __init__(
        self,
        statements: Mapping[type, Callable[[Reader, Any], Any]],
        expressions: Mapping[type, Callable[[Reader, Any], Any]],
        calls: Mapping[type, Callable[[Reader, Any, Call], Any]],
        attributes: Mapping[type, Callable[[Reader, Any, str], Any]],
        unseen: Callable[[Reader, Any, Call, Unknown], Any],
        join: Callable[[Reader, Any, Any, str], Any],
        declared: Callable[[Reader, str, Any], Any],
        generator: Callable[[Reader, str, list[Any]], Any],
    ) -> None:
        self.declared = declared
        self.generator = generator
        self.unseen = unseen
        self.join = join
        self.statements = statements
        self.expressions = expressions
        self.calls = calls
        self.attributes = attributes


def _with_line(result: Unknown, call: Call) -> str:
    """The reason of an unknown result, with the line of the call if it names only the call."""
    name = _called(call)
    if result.why == f"{result.name} is unknown":
        return because("the result of {name} on line {line} is unknown", name=name, line=call.node.lineno)
    for begin in ("the result of ", "an argument of "):
        if result.why.startswith(begin) and result.why.endswith(f"{name} is unknown"):
            what = result.why.removeprefix(begin).removesuffix(" is unknown")
            if begin == "an argument of ":
                return because("an argument of {name} on line {line} is unknown", name=what, line=call.node.lineno)
            return because("the result of {name} on line {line} is unknown", name=what, line=call.node.lineno)
    return result.why.replace(f"{name} is unknown", f"{name} on line {call.node.lineno} is unknown")


def _called(call: Call) -> str:
    """What is called, in words: fit()."""
    function = getattr(call.node, "func", None)
    name = getattr(function, "attr", None) or getattr(function, "id", None)
    return f"{name}()" if name else because("the call")


class Reader:
    """Reads statements and expressions of one file. `stacks` collects models, calls and findings; `scope` is where names are assigned now.

    `shapes`, `outputs` and `rules` hold what was inferred of symbolic tensors, of models on data and of models as layers;
    `failures` are statements that could not be read because of an internal error.
    `nodes` are the layers called on tensors, `reached` those whose call runs whenever the file does, `broken` those
    that do not accept their inputs;
    `names` counts the layers that architectures make without a name; `here` is the attribute that is looked up now, `at` the statement.
    `pending` holds declared shapes of names without a value yet, `declared` those of attributes and items of unknown objects.
    `beside` finds files that are imported, which are read into `modules`; `importing` counts those that are being read now.
    `yielded` holds what the generator function that is being read has yielded.
    `growing` says why lists grow by an unknown number of items: in a loop over something unknown.
    `flags` are the options that absl defines, `saved` the models by the file that they are saved in.
    `traces` and `lambdas` count the nested layers of the file, and Lambdas, whose code is being evaluated.
    """

    def __init__(self, stacks: Stacks, handlers: Handlers) -> None:
        self.stacks = stacks
        self.handlers = handlers
        self.scope = Scope()
        self.unit: Unit = None  # type: ignore[assignment]
        self.branch: Branch = ()
        self.branches = 0
        self.guarded = 0
        self.steps = MOST_STEPS
        self.depth = 0
        self.loops = 0
        self.growing = ""
        self.steps_at_news = MOST_STEPS
        self.returns: list[Any] = []
        self.yielded: list[Any] = []
        self.raising = ""  # the exception of the last `raise`
        self.raised = ""  # and of the function that was evaluated last, if it certainly ended there
        self.functions: list[Function] = []
        self.classes: list[Class] = []
        self.stopped = ""
        self.failures: list[tuple[Unit, ast.stmt, Exception]] = []
        self.owner: Class | None = None
        self.self_value: Any = None
        self.reassigned: set[str] = set()
        self.assigned_in: dict[ast.AST, tuple[str, ...]] = {}
        self.uncalled = False
        self.tracing: Trace | None = None
        self.traces = 0
        self.lambdas = 0
        self.items_left = MOST_ITEMS_MADE
        self.shapes: dict[Node, tuple[Shape, ...]] = {}
        self.outputs: dict[tuple[Rule, tuple[Dim, ...]], tuple[Dim, ...] | None] = {}
        self.rules: dict[tuple[int, int, str], tuple[Model, Rule]] = {}
        self.assembled: dict[tuple[int, int], tuple[Model, Assembled]] = {}
        self.nodes: list[Node] = []
        self.reached: set[Node] = set()
        self.broken: set[Node] = set()
        self.names = Names()
        self.here: ast.Attribute | None = None
        self.at: ast.stmt | None = None
        self.pending: dict[str, tuple[Unit, Declaration]] = {}
        self.declared: dict[str, Any] = {}
        self.beside: Beside | None = None
        self.modules: dict[str, Module] = {}
        self.importing = 0
        self.flags: dict[str, Any] = {}
        self.saved: dict[Any, tuple[Any, Model]] = {}

    def block(self, statements: Sequence[ast.stmt]) -> str | None:
        """Reads statements in order; returns "return", "break", "continue" or "raise" if the rest is not reached."""
        for statement in statements:
            signal = self.statement(statement)
            if signal:
                return signal
        return None

    def statement(self, node: ast.stmt) -> str | None:
        """Reads one statement. An unsupported one makes the names that it assigns unknown."""
        self.steps -= 1
        if self.steps < 0:
            self.stopped = self.stopped or because("too many steps on line {line}", line=node.lineno)
            return "raise"
        handler = self.handlers.statements.get(type(node))
        if handler is None:
            return None
        self.at = node
        try:
            signal: str | None = handler(self, node)
            return signal
        except RecursionError:
            self.forget([node], because("the expression is nested too deeply"))
            return None
        except Exception as error:  # a mistake of ours: the other statements are read all the same, and the report says so
            self.failures.append((self.unit, node, error))
            self.forget([node], because("line {line} could not be read: internal error", line=node.lineno))
            return None

    def value(self, node: ast.expr) -> Any:
        """The value of an expression."""
        self.steps -= 1
        handler = self.handlers.expressions.get(type(node))
        if handler is None or self.steps < 0:
            return unknown("expression", because("this kind of expression is not supported"))
        return handler(self, node)

    def apply(self, function: Any, call: Call) -> Any:
        """The result of calling `function`."""
        handler = self.handlers.calls.get(type(function))
        if handler is not None:
            result = handler(self, function, call)
        else:
            self.passed_on(call)
            result = unknown(getattr(function, "name", "call"), function.why if isinstance(function, Unknown) else "")
        if type(result) is Unknown and result.why.endswith(" is unknown"):
            result = unknown(result.name, _with_line(result, call))
        if isinstance(result, Unknown) and self.stacks.symbolic and self.tracing is None:
            result = self.handlers.unseen(self, function, call, result)
        if call.passed:
            self._perhaps_changed(call)
        return result

    def attribute(self, owner: Any, name: str) -> Any:
        """owner.name."""
        handler = self.handlers.attributes.get(type(owner))
        return unknown(name) if handler is None else handler(self, owner, name)

    def node(self, node: Node) -> Node:
        """Remembers a layer called on symbolic tensors, so that a model with unknown outputs still lists it."""
        if len(self.nodes) < MOST_NODES:
            self.nodes.append(node)
            if not (self.branch or self.guarded or self.uncalled or self.importing or self.tracing is not None):
                self.reached.add(node)
        return node

    def passed_on(self, call: Call) -> None:
        """The arguments are passed to unknown code, which may change them after this call."""
        call.passed = True

    def _perhaps_changed(self, call: Call) -> None:
        """Lists and dicts passed to unknown code may be changed by it; models are assumed to stay unchanged."""
        name = _called(call)
        for value in (*call.args, *call.keywords.values()):
            if isinstance(value, (Items, Table)) and not value.why:
                value.why = because("it was passed to {name} on line {line}, which is not in this file", name=name, line=call.node.lineno)

    def remember(self, model: Model, kind: str, call: Call) -> None:
        """Records an event of a model; the same call in a loop only once for the same stack."""
        for earlier in reversed(model.events[-16:]):
            if earlier.origin.node is call.node and len(earlier.elements) == len(model.elements):
                return
        if len(model.events) < 500:
            self.news()
            guarded = self.guarded > 0 or not self.certain(model.branch)
            origin = Origin(call.unit, call.node, {str(key): expression(node) for key, node in call.nodes.items()})
            model.events.append(Event(kind, origin, model.elements, call.args, call.keywords, guarded, self.guarded > 0))

    def take(self, count: int) -> None:
        """Counts the items created; when none are left, reading stops."""
        self.items_left -= count
        if self.items_left < 0:
            self.steps = min(self.steps, 0)

    def items(self, items: Iterable[Any] = (), nodes: Iterable[Any] | None = None) -> Items:
        """A list created here."""
        made = Items(items, nodes, self.branch)
        self.take(len(made))
        return made

    def table(self, items: Any = ()) -> Table:
        """A dict created here."""
        made = Table(items, self.branch)
        self.take(len(made))
        return made

    def enter_branch(self) -> Branch:
        """Begins code that may not run; returns the branch to return to."""
        before = self.branch
        self.branches += 1
        self.branch = (*before, self.branches)
        return before

    def certain(self, branch: Branch) -> bool:
        """False if a value created under `branch` is now changed by code that may not run."""
        return branch[: len(self.branch)] == self.branch

    def news(self) -> None:
        """Notes that something new was found that a stack may depend on: a layer, a model, a call of one, a known item in a list."""
        self.steps_at_news = self.steps

    def idle(self, begun: int) -> bool:
        """True if the repetition since `begun` (in steps left) has found nothing new for long."""
        return min(begun, self.steps_at_news) - self.steps > MOST_IDLE >> 2 * self.loops

    def either(self, sides: Sequence[Callable[[], str | None]], why: str) -> str | None:
        """Reads the branches of which one runs; joins the names afterwards."""
        scope, at = self.scope, self.at
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
        scope.names = self._joined(ends, why, at) if ends else before
        if signals and all(signals):
            return signals[0] if len(set(signals)) == 1 else "return"
        return None

    def _joined(self, ends: list[dict[str, Any]], why: str, at: Any) -> dict[str, Any]:
        result = dict(ends[0])
        for other in ends[1:]:
            for name, value in other.items():
                if name not in result:
                    result[name] = value
                elif result[name] is not value:
                    joined = self.handlers.join(self, result[name], value, because("{name}: {why}", name=name, why=why))
                    if type(joined) in ADVISED and at is not None:
                        joined = named(joined, name, at.lineno, behind(at, self.unit.cell))
                    result[name] = joined
        return result

    def forget(self, nodes: Sequence[ast.AST], why: str) -> None:
        """Sets every name that the nodes assign to unknown."""
        for node in nodes:
            for name in self.assigned(node):
                self.scope.names[name] = Unknown(name, why)

    def assigned(self, node: ast.AST) -> Sequence[str]:
        """The names that a statement may assign, computed once."""
        if node not in self.assigned_in:
            self.assigned_in[node] = tuple(dict.fromkeys(assigned_names(node)))
        return self.assigned_in[node]


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
        elif node is not None and kind is not ast.Lambda:
            for field in CHILDREN.get(kind, ()):
                part = getattr(node, field)
                if type(part) is list:
                    waiting += part
                else:
                    waiting.append(part)
