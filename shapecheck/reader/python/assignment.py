"""Assignments: names, unpacking, attributes, items, and the names that a piece of code may change."""

from __future__ import annotations

from shapecheck.diagnostics.calls import UnpackedOutputs
from shapecheck.languages import Phrase, because
from shapecheck.reader.advice import ADVISED, BEGIN, WIDTH, Named, below, comment, named
from shapecheck.reader.data import arrays
from shapecheck.reader.keras import models
from shapecheck.reader.keras.inferred import shape_of
from shapecheck.reader.python import iteration
from shapecheck.reader.python.arithmetic import binary
from shapecheck.reader.records import Model
from shapecheck.reader.source import Origin, dotted
from shapecheck.reader.values import MOST_ITEMS, Array, Bound, Class, Instance, Items, Module, Symbol, Table, join, unknown
from shapecheck.shapes import Unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    import ast
    from typing import Any

    from shapecheck.reader.state import Reader
else:
    import _ast as ast


def assign_statement(reader: Reader, node: ast.Assign) -> None:
    """a = b = value."""
    value = reader.value(node.value)
    for target in node.targets:
        assign(reader, target, value)


def annotated_statement(reader: Reader, node: ast.AnnAssign) -> None:
    """a: T = value."""
    if node.value is not None:
        assign(reader, node.target, reader.value(node.value))


def augmented_statement(reader: Reader, node: ast.AugAssign) -> None:
    """a += value. A list grows in place, as in Python."""
    old = reader.value(node.target)
    value = reader.value(node.value)
    if isinstance(old, Items) and isinstance(node.op, ast.Add):
        iteration.extend(reader, old, value)
        return
    assign(reader, node.target, binary(reader, node.op, old, value))


def assign(reader: Reader, target: ast.expr, value: Any) -> None:
    """Assigns a value to a name, an attribute, an item, or to each of several."""
    if type(target) is ast.Name:
        if type(value) is Bound and isinstance(value.owner, Unknown):
            value = Unknown(value.name, value.owner.why)  # frame.values of an unknown frame: no method, if it gets a name
        if type(value) in ADVISED:
            value = _advised(reader, target.id, value, target)
        elif type(value) is Symbol:
            _advised_tensor(reader, target, value)
        name(reader, target.id, value)
    elif isinstance(target, (ast.Tuple, ast.List)):
        _unpack(reader, target.elts, value)
    elif isinstance(target, ast.Attribute):
        _assign_attribute(reader, reader.value(target.value), target.attr, value, target)
    elif isinstance(target, ast.Subscript):
        _assign_item(reader, target, value)
    elif isinstance(target, ast.Starred):
        assign(reader, target.value, value)


def _advised(reader: Reader, name: str, value: Any, target: ast.expr) -> Any:
    """A partly unknown value: its reason says which comment declares it, and where."""
    at: Any = reader.at
    whole = at is not None and at.lineno <= target.lineno <= (at.end_lineno or 0) and not hasattr(at, "body")
    line = at.end_lineno if whole else target.end_lineno or target.lineno
    return named(value, name, at.lineno if whole else target.lineno, below(line, reader.unit.cell))


def _advised_tensor(reader: Reader, target: ast.Name, value: Symbol) -> None:
    """The same for the tensor that an unknown layer or operation returns."""
    rule = value.tensor.node.rule
    if getattr(rule, "advice", None) != "" or rule.declared_output is not None or BEGIN in rule.why:
        return
    at: Any = reader.at
    line = at.end_lineno if at is not None and not hasattr(at, "body") else target.end_lineno or target.lineno
    rule.advice = comment("", target.id, f"(None, {WIDTH})", below(line, reader.unit.cell))
    reader.shapes.pop(value.tensor.node, None)


def name(reader: Reader, name: str, value: Any) -> None:
    """name = value."""
    scope = reader.scope
    if reader.pending and name in reader.pending:
        value = reader.handlers.declared(reader, name, value)
    if name in scope.globals:
        scope = scope.root
        if not reader.certain(()) and name in scope.names:
            value = join(scope.names[name], value, because("{name} is assigned under a condition", name=name))
    if scope.outer is None and name in scope.names:
        reader.reassigned.add(name)
    scope.names[name] = value
    if type(value) in (Instance, Model):
        reader.stacks.named(value, name)


def _unpack(reader: Reader, targets: list[ast.expr], value: Any) -> None:
    if isinstance(value, Symbol) and (why := shape_of(reader, value.tensor).why):
        for target in targets:
            assign(reader, target, Named("inputs", _of_several(why, len(targets))))
        return
    if isinstance(value, (Symbol, Items)) and value:
        _counted(reader, targets, value)
    items = iteration.items_of(value, 1000)
    star = next((place for place, target in enumerate(targets) if isinstance(target, ast.Starred)), None)
    if items is not None and star is not None and len(items) >= len(targets) - 1:
        rest = len(items) - (len(targets) - 1)
        items = [*items[:star], reader.items(items[star : star + rest]), *items[star + rest :]]
    if items is not None and len(items) == len(targets):
        for target, item in zip(targets, items, strict=True):
            assign(reader, target, item)
        return
    for target in targets:
        assign(reader, target, iteration.item_of(value, getattr(target, "id", "value")) if items is None else unknown("value"))


def _counted(reader: Reader, targets: list[ast.expr], value: Any) -> None:
    """The outputs of a layer, unpacked into another number of names."""
    several = isinstance(value, Items)
    if reader.branch or reader.guarded or reader.uncalled or any(isinstance(target, ast.Starred) for target in targets):
        return
    if several and (value.why or len(value) == len(targets) or not all(isinstance(one, Symbol) for one in value)):
        return
    nodes = {one.tensor.node for one in (value if several else [value])}
    node = nodes.pop()
    if nodes or node.rule.unseen or node.call is None or (not several and (reader.stacks.in_call or reader.traces)):
        return
    if any(keyword.arg == "return_attention_scores" for keyword in getattr(node.call[1], "keywords", ())):
        return
    rule = getattr(node.rule, "layer", node.rule)
    states = len(getattr(rule, "state_sizes", ())) * (2 if type(node.rule).__name__ == "Bidirectional" else 1)
    problem = UnpackedOutputs(type(node.rule).__name__, len(value) if several else 1, len(targets), states)
    reader.stacks.findings.append((problem, Origin(*node.call), None))


def _of_several(why: str, count: int) -> str:
    """The reason why inputs are unknown: what settles it is a call with as many as are unpacked. A comment on one of them is no input."""
    if not isinstance(why, Phrase) or "call" not in why.said:
        return why
    inputs = f"([{', '.join([f'keras.Input(({WIDTH},))'] * count)}])"
    return why.changed(call=str(why.said["call"]).replace(f".build((None, {WIDTH}))", inputs))


def _assign_attribute(reader: Reader, owner: Any, name: str, value: Any, target: ast.Attribute | None = None) -> None:
    reader.stacks.named(value, name)
    if isinstance(owner, Module):
        owner.scope.names[name] = value
    if isinstance(owner, (Instance, Class)):
        if type(value) in ADVISED and target is not None and dotted(target):
            value = _advised(reader, dotted(target), value, target)
        attributes = owner.attributes
        if reader.branch and name in attributes:
            value = join(attributes[name], value, because("{name} is assigned under a condition", name=name))
        attributes[name] = value
    if isinstance(owner, Instance) and owner.model is not None:
        owner = owner.model
    models.set_attribute(reader, owner, name, value)


def _assign_item(reader: Reader, target: ast.Subscript, value: Any) -> None:
    owner = reader.value(target.value)
    key = reader.value(target.slice)
    if isinstance(owner, Items):
        if isinstance(key, int) and -len(owner) <= key < len(owner) and reader.certain(owner.branch):
            owner[key] = value
        else:
            owner.each = None
            owner.why = owner.why or because("an unknown item was assigned")
    elif isinstance(owner, Table):
        if reader.certain(owner.branch) and isinstance(key, (str, int)) and len(owner) < MOST_ITEMS:
            if key not in owner:
                reader.news()
            owner[key] = value
        else:
            owner.why = owner.why or because("an unknown item was assigned")
    elif isinstance(owner, Array):
        owner.classes = owner.span = None
        if isinstance(key, str) and owner.columns is not None and not reader.branch and isinstance((owner.dims or (0, 0))[1], int):
            column = arrays.of(value)
            fresh = key not in owner.columns
            owner.columns = {**owner.columns, key: column if column.dims is not None else Array((owner.dims or (None,))[:1])}
            owner.dims = (*(owner.dims or ())[:1], len(owner.columns)) if fresh else owner.dims
        elif isinstance(key, str) and owner.dims is not None and len(owner.dims) == 2:
            _column(reader, owner, target)


def _column(reader: Reader, owner: Array, target: ast.Subscript) -> None:
    """frame["name"] = ...: one more column, unless there was one of this name."""
    owner.dims = (*(owner.dims or ())[:1], Unknown("columns", because("columns are assigned (line {line})", line=target.lineno)))
    owner.named = False
    if dotted(target.value):
        _advised(reader, dotted(target.value), owner, target)
