"""Expressions: constants, names, arithmetic, comparisons, look-ups, comprehensions. Calls are in calls.py."""

from __future__ import annotations

from shapecheck.languages import because
from shapecheck.reader.advice import above, cause, comment, example, lined
from shapecheck.reader.code import operations
from shapecheck.reader.data import arrays
from shapecheck.reader.python import assignment, calls, iteration, lookups, texts
from shapecheck.reader.python.arithmetic import FAILURES, binary
from shapecheck.reader.python.comparison import comparison
from shapecheck.reader.python.functions import make_function
from shapecheck.reader.source import Origin, dotted
from shapecheck.reader.values import (
    MOST_ITEMS,
    Array,
    Bound,
    Items,
    Opaque,
    Scope,
    Symbol,
    Table,
    bounded,
    is_constant,
    told,
    truth,
    unknown,
)
from shapecheck.shapes import Unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    import ast
    from typing import Any

    from shapecheck.reader.state import Reader
else:
    import _ast as ast


def _constant(reader: Reader, node: ast.Constant) -> Any:
    return bounded(node.value)


def _attribute(reader: Reader, node: ast.Attribute) -> Any:
    owner = reader.value(node.value)
    reader.here = node
    found = reader.attribute(owner, node.attr)
    return _settled(reader, node, owner, found) if type(found) in (Unknown, Bound) else found


def _subscript(reader: Reader, node: ast.Subscript) -> Any:
    owner = reader.value(node.value)
    found = lookups.item(reader, owner, reader.value(node.slice))
    return _settled(reader, node, owner, found) if type(found) is Unknown else found


def _settled(reader: Reader, node: ast.Attribute | ast.Subscript, owner: Any, found: Any) -> Any:
    """An attribute or item of something unknown: what a comment declares of it, else a reason that names the comment."""
    if type(found) is Bound and not isinstance(owner, Unknown):
        return found
    text = dotted(node)
    if text in reader.declared:
        return reader.declared[text]
    plain = type(found) is Unknown and found.why == f"{found.name} is unknown"
    if not text:
        return unknown(found.name, because("{why} (line {line})", why=found.why, line=node.lineno)) if plain else found
    if not _unseen(owner) or ".shape" in text:
        return unknown(found.name, because("{name} is unknown (line {line})", name=text, line=node.lineno)) if plain else found
    begun = owner.why if isinstance(owner, Unknown) else found.why
    reason = _unknown_part(text, owner) if plain else begun
    line = node.lineno if reader.at is None else reader.at.lineno
    advised = Unknown(found.name, comment(lined(reason, node.lineno), text, example(text), above(line, reader.unit.cell)))
    return Bound(advised, node.attr) if type(found) is Bound and type(node) is ast.Attribute else advised


def _unseen(owner: Any) -> bool:
    """Whether an attribute or item of it may be anything."""
    return isinstance(owner, (Unknown, Opaque, Table)) or (isinstance(owner, Bound) and isinstance(owner.owner, Unknown))


def _unknown_part(text: str, owner: Any) -> str:
    """The reason for an attribute or item of something unknown: config.sizes[0]."""
    if isinstance(owner, Bound) and isinstance(owner.owner, Unknown):
        return because("{name} is unknown, because {why}", name=text, why=cause(owner.owner.why))
    return because("{name} is unknown", name=text)


def _slice(reader: Reader, node: ast.Slice) -> Any:
    parts = [None if part is None else reader.value(part) for part in (node.lower, node.upper, node.step)]
    return slice(*parts)


def _tuple(reader: Reader, node: ast.Tuple) -> Any:
    items, _ = _elements(reader, node.elts)
    return Unknown("tuple", items.why) if items.why else tuple(items)


def _list(reader: Reader, node: ast.List) -> Any:
    return _elements(reader, node.elts)[0]


def _elements(reader: Reader, nodes: list[ast.expr]) -> tuple[Items, None]:
    """The items of a list display, with the expression of each."""
    result = reader.items()
    for node in nodes:
        if isinstance(node, ast.Starred):
            iteration.extend(reader, result, reader.value(node.value))
        else:
            result.append(reader.value(node))
            result.nodes.append((reader.unit, node))
    return result, None


def _set(reader: Reader, node: ast.Set) -> Any:
    """A set of constants is a list of them, each once."""
    return _different(reader, _elements(reader, node.elts)[0])


def _different(reader: Reader, items: Items) -> Any:
    if items.why or not all(map(is_constant, items)):
        return unknown("set", items.why or because("the items of the set are unknown"))
    return reader.items(dict.fromkeys(items))


def _dict(reader: Reader, node: ast.Dict) -> Any:
    table = reader.table()
    for key, item in zip(node.keys, node.values, strict=True):
        if key is None:
            more = reader.value(item)
            if isinstance(more, Table) and not more.why:
                table.update(more)
            else:
                table.why = because("it contains the items of an unknown value")
            continue
        name = reader.value(key)
        content = reader.value(item)
        if is_constant(name) or (isinstance(name, tuple) and all(map(is_constant, name))):
            table[name] = content
        else:
            table.why = because("a key is unknown")
    return table


def _binary(reader: Reader, node: ast.BinOp) -> Any:
    found = binary(reader, node.op, reader.value(node.left), reader.value(node.right))
    if type(found) is Symbol and found.tensor.node.origin is None:
        found.tensor.node.origin = Origin(reader.unit, node)
    return found


def _unary(reader: Reader, node: ast.UnaryOp) -> Any:
    operand = reader.value(node.operand)
    if isinstance(node.op, ast.Not):
        known = truth(operand)
        return unknown("condition") if known is None else not known
    if isinstance(operand, Array):
        return operand
    if isinstance(operand, Symbol):
        return operations.same(reader, type(node.op).__name__, operand)
    if not is_constant(operand):
        return unknown("number")
    try:
        return -operand if isinstance(node.op, ast.USub) else +operand if isinstance(node.op, ast.UAdd) else ~operand
    except FAILURES:
        return unknown("number")


def _boolean(reader: Reader, node: ast.BoolOp) -> Any:
    stops = isinstance(node.op, ast.Or)
    undecided = False
    result: Any = None
    for operand in node.values:
        result = reader.value(operand)
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


def _compare(reader: Reader, node: ast.Compare) -> Any:
    left = reader.value(node.left)
    result: Any = True
    for op, operand in zip(node.ops, node.comparators, strict=True):
        right = reader.value(operand)
        result = comparison(op, left, right)
        if result is not True:
            return result
        left = right
    return result


def _conditional(reader: Reader, node: ast.IfExp) -> Any:
    condition = truth(reader.value(node.test))
    if condition is not None:
        return reader.value(node.body if condition else node.orelse)
    before = reader.enter_branch()
    left, right = reader.value(node.body), reader.value(node.orelse)
    reader.branch = before
    return reader.handlers.join(reader, left, right, because("it depends on the condition on line {line}", line=node.lineno))


def _text(reader: Reader, node: ast.JoinedStr) -> Any:
    parts: list[Any] = []
    for part in node.values:
        content = reader.value(part.value) if isinstance(part, ast.FormattedValue) else part
        if isinstance(content, ast.Constant):
            content = content.value
        elif getattr(part, "format_spec", None) is not None:
            return unknown("text", because("a part of the text is unknown"))
        parts.append(content)
    return texts.joined(parts)


def _lambda(reader: Reader, node: ast.Lambda) -> Any:
    return make_function(reader, node)


def _comprehension(reader: Reader, node: Any) -> Items:
    outer = reader.scope
    reader.scope = Scope(outer)
    result = reader.items()
    reader.loops += 1
    try:
        _comprehended(reader, node, node.generators, result)
    finally:
        reader.loops -= 1
        reader.scope = outer
    return result


def _comprehended(reader: Reader, node: Any, generators: list[ast.comprehension], result: Items) -> None:
    """Appends the results of the loops from `generators` on."""
    if not generators:
        result.append(reader.value(node.elt))
        result.nodes.append((reader.unit, node.elt))
        return
    begun = reader.steps
    iterable = reader.value(generators[0].iter)
    items = iteration.items_of(iterable, 1000)
    if items is None or len(result) > MOST_ITEMS or reader.steps < 0:
        result.why = because("it is built from an unknown value")
        before = reader.enter_branch()
        assignment.assign(reader, generators[0].target, iteration.item_of(iterable, "item"))
        item = reader.value(node.elt)
        reader.branch = before
        if len(generators) == len(node.generators) == 1 and isinstance(arrays.of(item).dims, tuple):
            result.each = item
            rows = iterable.dims[0] if isinstance(iterable, Array) and iterable.dims else getattr(iterable, "rounds", None)
            result.rounds = rows if isinstance(rows, int) and not generators[0].ifs else None
        return
    plain = len(generators) == 1 and not generators[0].ifs
    for count, item in enumerate(items):
        if plain and count > 1 and not told(result[-1]) and reader.idle(begun):
            result.extend(result[-1:] * (len(items) - count))  # as unknown as the ones before
            result.nodes.extend(result.nodes[-1:] * (len(items) - count))
            return
        assignment.assign(reader, generators[0].target, item)
        decisions = [truth(reader.value(test)) for test in generators[0].ifs]
        if None in decisions:
            result.why = because("its conditions are unknown")
        elif all(decisions):
            _comprehended(reader, node, generators[1:], result)


def _set_comprehension(reader: Reader, node: ast.SetComp) -> Any:
    return _different(reader, _comprehension(reader, node))


def _dict_comprehension(reader: Reader, node: ast.DictComp) -> Any:
    """{key: value for ...}: the pairs, one after another."""
    place = {name: getattr(node, name) for name in ("lineno", "col_offset", "end_lineno", "end_col_offset")}
    pair = ast.Tuple(elts=[node.key, node.value], ctx=ast.Load(), **place)
    pairs = _comprehension(reader, ast.ListComp(elt=pair, generators=node.generators, **place))
    known = not pairs.why and all(isinstance(item, tuple) and is_constant(item[0]) for item in pairs)
    table = reader.table(dict(pairs) if known else ())
    table.why = "" if known else pairs.why or because("a key is unknown")
    return table


def _named(reader: Reader, node: ast.NamedExpr) -> Any:
    result = reader.value(node.value)
    reader.scope.names[node.target.id] = result
    return result


def _yield(reader: Reader, node: ast.Yield) -> Any:
    reader.yielded.append(reader.value(node.value) if node.value is not None else None)
    return unknown("yield", because("what is sent into a generator is unknown"))


def _yield_from(reader: Reader, node: ast.YieldFrom) -> Any:
    iterable = reader.value(node.value)
    items = iteration.items_of(iterable, 16)
    reader.yielded += [iteration.item_of(iterable, "item")] if items is None else items
    return None


def is_main_test(node: ast.expr) -> bool:
    """True for __name__ == "__main__"."""
    return isinstance(node, ast.Compare) and isinstance(node.left, ast.Name) and node.left.id == "__name__"


HANDLERS: dict[type, Any] = {
    ast.Constant: _constant, ast.Name: lookups.name, ast.Attribute: _attribute, ast.Subscript: _subscript, ast.Slice: _slice,
    ast.Tuple: _tuple, ast.List: _list, ast.Set: _set, ast.Dict: _dict, ast.BinOp: _binary, ast.UnaryOp: _unary,
    ast.BoolOp: _boolean, ast.Compare: _compare, ast.IfExp: _conditional, ast.JoinedStr: _text, ast.Lambda: _lambda,
    ast.ListComp: _comprehension, ast.GeneratorExp: _comprehension, ast.NamedExpr: _named,
    ast.DictComp: _dict_comprehension, ast.SetComp: _set_comprehension,
    ast.Yield: _yield, ast.YieldFrom: _yield_from,
    ast.Call: calls.call_expression, ast.Starred: lambda reader, node: reader.value(node.value),
    ast.Await: lambda reader, node: reader.value(node.value),
}  # fmt: skip
