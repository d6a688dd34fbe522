"""Loops: iteration by iteration as long as something changes; else once, as a body that runs an unknown number of times."""

from __future__ import annotations

from shapecheck.languages import because
from shapecheck.reader.advice import ADVISED, above, below, comment, named
from shapecheck.reader.python import assignment, iteration
from shapecheck.reader.records import Model
from shapecheck.reader.source import dotted
from shapecheck.reader.values import Array, Class, Function, Items, Layer, truth
from shapecheck.shapes import Unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    import ast
    from collections.abc import Iterable, Iterator, Sequence
    from typing import Any

    from shapecheck.reader.state import Reader
else:
    import _ast as ast

MOST_IN_LOOP = 30_000
"""Steps that one loop may take, at most a fifth of what is left: the code after a long loop is still read."""
MOST_ROUNDS = 256
"""Longest loop that is read iteration by iteration."""
MOST_LAYERS = 2000
"""The same over layers, which are frozen one by one: NASNetLarge has 1,041."""
LEFT = ("break", "return", "raise")
"""How a body can end a loop."""


def for_statement(reader: Reader, node: ast.For) -> str | None:
    """for target in iterable: body, else: orelse."""
    iterable = reader.value(node.iter)
    items = iteration.items_of(iterable, MOST_LAYERS if _holds_layers(iterable) else MOST_ROUNDS)
    if items is None or reader.steps < len(items) * 20:
        return _undecided(reader, node, node.target, iterable)
    signal = _followed(reader, node.body, _items(reader, node.target, items))
    if signal == "too long":
        reader.forget([node], because("it changes in a loop that is too long to be read"))
    if signal in ("too long", "idle"):
        return _undecided(reader, node, node.target, iterable)
    return _behind(reader, node, signal)


def _holds_layers(iterable: Any) -> bool:
    first = iterable[0] if isinstance(iterable, Items) and iterable else None
    return isinstance(first, (Layer, Model)) or (isinstance(first, tuple) and any(isinstance(part, Layer) for part in first))


def while_statement(reader: Reader, node: ast.While) -> str | None:
    """while test: body, else: orelse. The value of a name or a constant usually changes only when the program runs."""
    if isinstance(node.test, ast.Constant):
        return _constant(reader, node, bool(node.test.value))
    always = isinstance(node.test, ast.Name)
    signal = "undecided" if always else _followed(reader, node.body, _conditions(reader, node.test))
    if signal in ("too long", "idle", "undecided"):
        return _undecided(reader, node)
    return _behind(reader, node, signal)


def _constant(reader: Reader, node: ast.While, holds: bool) -> str | None:
    """while False: only the else is run. while True: without a break in it, nothing behind it is ever run."""
    if not holds:
        return reader.block(node.orelse)
    signal = _undecided(reader, node)
    return signal or (None if _breaks(node.body) else "raise")


def _breaks(body: Sequence[ast.stmt]) -> bool:
    """Whether a break in these statements may leave the loop around them."""
    for statement in body:
        if isinstance(statement, ast.Break):
            return True
        loop = isinstance(statement, (ast.For, ast.AsyncFor, ast.While))
        parts = [statement.orelse] if loop else [*_blocks(statement)]  # type: ignore[attr-defined]
        if any(_breaks(part) for part in parts):
            return True
    return False


def _blocks(statement: ast.stmt) -> Iterator[Sequence[ast.stmt]]:
    """The statements inside a statement; a function or a class has a loop of its own if it breaks."""
    if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return
    for name in ("body", "orelse", "finalbody"):
        yield getattr(statement, name, ())
    for part in (*getattr(statement, "handlers", ()), *getattr(statement, "cases", ())):
        yield part.body


def _items(reader: Reader, target: ast.expr, items: Iterable[Any]) -> Iterator[bool]:
    for item in items:
        assignment.assign(reader, target, item)
        yield True


def _conditions(reader: Reader, test: ast.expr) -> Iterator[bool | None]:
    for _ in range(MOST_ROUNDS):
        yield truth(reader.value(test))
    yield None


def _followed(reader: Reader, body: Sequence[ast.stmt], rounds: Iterable[bool | None]) -> str | None:
    """The body for each True of `rounds`: how it was left, None at the end, or why it is not read to the end."""
    begun = reader.steps
    enough = begun - min(MOST_IN_LOOP, begun // 5)
    reader.loops += 1
    try:
        for count, goes_on in enumerate(rounds):
            if reader.steps < enough:
                return "too long"
            if count > 1 and reader.idle(begun):
                return "idle"
            if not goes_on:
                return "undecided" if goes_on is None else None
            signal = reader.block(body)
            if signal in LEFT:
                return signal
        return None
    finally:
        reader.loops -= 1


def _behind(reader: Reader, node: ast.For | ast.While, signal: str | None) -> str | None:
    """Continues after a loop that was read to its end."""
    if signal is None:
        return reader.block(node.orelse)
    return None if signal == "break" else signal


def _undecided(reader: Reader, node: ast.For | ast.While, target: ast.expr | None = None, iterable: Any = None) -> str | None:
    """A body that runs an unknown number of times: what it assigns is unknown inside it and afterwards."""
    why = because("it changes in a loop with an unknown number of iterations")
    before = dict(reader.scope.names)
    changing = {name for statement in node.body for name in reader.assigned(statement)}
    for name in changing & before.keys():
        if not isinstance(before[name], (Function, Class)):
            changed = _after_rounds(before[name], name, why)
            where = below(node.lineno, reader.unit.cell)
            reader.scope.names[name] = named(changed, name, node.lineno, where) if type(changed) in ADVISED else changed
    if target is not None:
        assignment.assign(reader, target, iteration.item_of(iterable, because("an item of the loop")))

    def once() -> str | None:
        signal = reader.block(node.body)
        return None if signal in ("break", "continue", "raise") else signal

    outside, reader.growing = reader.growing, _growing(reader, node, iterable) or reader.growing
    reader.loops += 1
    try:
        signal = reader.either([once, lambda: None], why)
    finally:
        reader.loops -= 1
        reader.growing = outside
    reader.block(node.orelse)
    return signal


def _growing(reader: Reader, node: ast.For | ast.While, iterable: Any) -> str:
    """Why a list grows by an unknown number of items: the comment that declares what the loop runs over, if that has a name."""
    text = dotted(node.iter) if not isinstance(node, ast.While) else ""
    if not text or not (isinstance(iterable, Unknown) or (isinstance(iterable, Items) and iterable.why)):
        return ""
    why = because("how many items are added to it in the loop on line {line} is unknown", line=node.lineno)
    return comment(why, text, "['a', 'b']", above(node.lineno, reader.unit.cell))


def _after_rounds(value: Any, name: str, why: str) -> Any:
    if isinstance(value, Model):
        return value
    if isinstance(value, Array) and value.dims is not None:
        return Array(None, value.dtype, why=why)
    return Unknown(name, because("{name}: {why}", name=name, why=why))
