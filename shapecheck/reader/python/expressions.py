"""Expressions: constants, names, arithmetic, comparisons, look-ups, comprehensions. Calls are in calls.py."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shapecheck.reader.python import assignment, calls, iteration, lookups
from shapecheck.reader.python.arithmetic import binary
from shapecheck.reader.python.comparison import comparison
from shapecheck.reader.python.functions import make_function
from shapecheck.reader.values import (
    MOST_ITEMS,
    Array,
    Items,
    Scope,
    Table,
    bounded,
    is_constant,
    join,
    told,
    truth,
    unknown,
)
from shapecheck.shapes import Unknown

if TYPE_CHECKING:
    import ast

    from shapecheck.reader.state import Interpreter
else:
    import _ast as ast

_FAILURES = (TypeError, ValueError, ArithmeticError, AttributeError, LookupError, MemoryError)


def value(self: Interpreter, node: ast.expr) -> Any:
    """What an expression stands for."""
    self.steps -= 1
    handler = _EXPRESSIONS.get(type(node))
    if handler is None or self.steps < 0:
        return unknown("expression", "this kind of expression is not followed")
    return handler(self, node)


def _constant(self: Interpreter, node: ast.Constant) -> Any:
    return bounded(node.value)


def _attribute(self: Interpreter, node: ast.Attribute) -> Any:
    return lookups.attribute(self, value(self, node.value), node.attr)


def _subscript(self: Interpreter, node: ast.Subscript) -> Any:
    return lookups.item(self, value(self, node.value), value(self, node.slice))


def _slice(self: Interpreter, node: ast.Slice) -> Any:
    parts = [None if part is None else value(self, part) for part in (node.lower, node.upper, node.step)]
    return slice(*parts)


def _tuple(self: Interpreter, node: ast.Tuple) -> Any:
    items, _ = _elements(self, node.elts)
    return Unknown("tuple", items.why) if items.why else tuple(items)


def _list(self: Interpreter, node: ast.List) -> Any:
    return _elements(self, node.elts)[0]


def _elements(self: Interpreter, nodes: list[ast.expr]) -> tuple[Items, None]:
    """The items of a list display, with the expression of each."""
    result = Items(branch=self.branch)
    for node in nodes:
        if isinstance(node, ast.Starred):
            iteration.extend(self, result, value(self, node.value))
        else:
            result.append(value(self, node))
            result.nodes.append((self.unit, node))
    return result, None


def _set(self: Interpreter, node: ast.Set) -> Any:
    return unknown("set", "sets are not followed")


def _dict(self: Interpreter, node: ast.Dict) -> Any:
    table = Table(branch=self.branch)
    for key, item in zip(node.keys, node.values, strict=True):
        if key is None:
            more = value(self, item)
            if isinstance(more, Table) and not more.why:
                table.update(more)
            else:
                table.why = "it holds the items of something unknown"
            continue
        name = value(self, key)
        content = value(self, item)
        if is_constant(name) or (isinstance(name, tuple) and all(map(is_constant, name))):
            table[name] = content
        else:
            table.why = "a key cannot be told"
    return table


def _binary(self: Interpreter, node: ast.BinOp) -> Any:
    return binary(self, node.op, value(self, node.left), value(self, node.right))


def _unary(self: Interpreter, node: ast.UnaryOp) -> Any:
    operand = value(self, node.operand)
    if isinstance(node.op, ast.Not):
        known = truth(operand)
        return unknown("condition") if known is None else not known
    if isinstance(operand, Array):
        return operand
    if not is_constant(operand):
        return unknown("number")
    try:
        return -operand if isinstance(node.op, ast.USub) else +operand if isinstance(node.op, ast.UAdd) else ~operand
    except _FAILURES:
        return unknown("number")


def _boolean(self: Interpreter, node: ast.BoolOp) -> Any:
    stops = isinstance(node.op, ast.Or)
    undecided = False
    result: Any = None
    for operand in node.values:
        result = value(self, operand)
        known = truth(result)
        if known is None:
            undecided = True
        elif known is stops and not undecided:
            return result
        elif known is stops:
            break
    if undecided and truth(result) is not stops:
        return unknown("condition")
    return unknown("condition") if undecided else result


def _compare(self: Interpreter, node: ast.Compare) -> Any:
    left = value(self, node.left)
    result: Any = True
    for op, operand in zip(node.ops, node.comparators, strict=True):
        right = value(self, operand)
        result = comparison(op, left, right)
        if result is not True:
            return result
        left = right
    return result


def _conditional(self: Interpreter, node: ast.IfExp) -> Any:
    condition = truth(value(self, node.test))
    if condition is not None:
        return value(self, node.body if condition else node.orelse)
    before = self.enter_branch()
    left, right = value(self, node.body), value(self, node.orelse)
    self.branch = before
    return join(left, right, f"it depends on the condition in line {node.lineno}")


def _text(self: Interpreter, node: ast.JoinedStr) -> Any:
    parts = []
    for part in node.values:
        content = value(self, part.value) if isinstance(part, ast.FormattedValue) else part
        if isinstance(content, ast.Constant):
            content = content.value
        elif getattr(part, "format_spec", None) is not None or not is_constant(content):
            return unknown("text", "a part of the text cannot be told")
        parts.append(str(content))
    return bounded("".join(parts))


def _lambda(self: Interpreter, node: ast.Lambda) -> Any:
    return make_function(self, node)


def _comprehension(self: Interpreter, node: ast.ListComp | ast.GeneratorExp) -> Any:
    outer = self.scope
    self.scope = Scope(outer)
    result = Items(branch=self.branch)
    self.loops += 1
    try:
        _comprehended(self, node, node.generators, result)
    finally:
        self.loops -= 1
        self.scope = outer
    return result


def _comprehended(self: Interpreter, node: Any, generators: list[ast.comprehension], result: Items) -> None:
    """Appends what the loops from `generators` on give."""
    if not generators:
        result.append(value(self, node.elt))
        result.nodes.append((self.unit, node.elt))
        return
    begun = self.steps
    iterable = value(self, generators[0].iter)
    items = iteration.items_of(iterable, 1000)
    if items is None or len(result) > MOST_ITEMS or self.steps < 0:
        result.why = "it is made of something unknown"
        before = self.enter_branch()
        assignment.assign(self, generators[0].target, iteration.item_of(iterable, "item"))
        value(self, node.elt)
        self.branch = before
        return
    plain = len(generators) == 1 and not generators[0].ifs
    for count, item in enumerate(items):
        if plain and count > 1 and not told(result[-1]) and self.idle(begun):
            result.extend(result[-1:] * (len(items) - count))  # as unknown as those before
            result.nodes.extend(result.nodes[-1:] * (len(items) - count))
            return
        assignment.assign(self, generators[0].target, item)
        decisions = [truth(value(self, test)) for test in generators[0].ifs]
        if None in decisions:
            result.why = "its conditions cannot be told"
        elif all(decisions):
            _comprehended(self, node, generators[1:], result)


def _named(self: Interpreter, node: ast.NamedExpr) -> Any:
    result = value(self, node.value)
    self.scope.names[node.target.id] = result
    return result


def is_main_test(node: ast.expr) -> bool:
    """True for __name__ == "__main__"."""
    return isinstance(node, ast.Compare) and isinstance(node.left, ast.Name) and node.left.id == "__name__"


_EXPRESSIONS: dict[type, Any] = {
    ast.Constant: _constant, ast.Name: lookups.name, ast.Attribute: _attribute, ast.Subscript: _subscript, ast.Slice: _slice,
    ast.Tuple: _tuple, ast.List: _list, ast.Set: _set, ast.Dict: _dict, ast.BinOp: _binary, ast.UnaryOp: _unary,
    ast.BoolOp: _boolean, ast.Compare: _compare, ast.IfExp: _conditional, ast.JoinedStr: _text, ast.Lambda: _lambda,
    ast.ListComp: _comprehension, ast.GeneratorExp: _comprehension, ast.NamedExpr: _named,
    ast.Call: calls.call_expression, ast.Starred: lambda self, node: value(self, node.value),
    ast.Await: lambda self, node: value(self, node.value),
}  # fmt: skip
