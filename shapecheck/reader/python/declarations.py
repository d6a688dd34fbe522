"""Applies a declared shape to its value: unknown sizes are filled in, known ones are compared.

Names without a value wait in `Reader.pending` until they are assigned; attributes and items of unknown objects are kept in
`Reader.declared` by the way they are written.
"""

from __future__ import annotations

from shapecheck.diagnostics.declared import Contradicted, Malformed, Unused
from shapecheck.languages import Phrase
from shapecheck.reader.declared import Declaration, Sizes, insert
from shapecheck.reader.keras.inferred import shape_of
from shapecheck.reader.python import assignment
from shapecheck.reader.source import Origin
from shapecheck.reader.values import Array, Batches, Bound, Instance, Items, Library, Opaque, Symbol, Table, is_constant, plain
from shapecheck.shapes import Dim, Shape, Unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    import ast
    from collections.abc import Iterable
    from typing import Any

    from shapecheck.reader.source import Unit
    from shapecheck.reader.state import Reader
else:
    import _ast as ast

TUPLES = ("shape", "size", "dim")
"""A name with one of these words in it holds a tuple, not an array of that shape."""


class _Differs(Exception):
    """A declared value is not the one that the file proves, which is the argument."""


def begin(units: Iterable[Unit], handlers: dict[type, Any]) -> None:
    """Puts the comments of a file among its statements, and what they do into the table of what statements do."""
    handlers[Declaration] = statement
    for unit in units:
        insert(unit)


def statement(reader: Reader, node: Declaration) -> None:
    """A comment is reached."""
    if node.problem:
        _report(reader, node, Malformed(node.problem))
    elif type(node.target) is ast.Name:
        _named(reader, node)
    else:
        current = reader.value(node.target)
        value = settled(reader, node, current)
        if isinstance(current, (Unknown, Bound)):
            reader.declared[node.text] = value
        assignment.assign(reader, node.target, value)


def _named(reader: Reader, node: Declaration) -> None:
    scope: Any = reader.scope
    while scope is not None and (node.text not in scope.names or scope.of_class):
        scope = scope.outer
    if scope is None:
        reader.pending[node.text] = (reader.unit, node)
    else:
        scope.names[node.text] = settled(reader, node, scope.names[node.text])


def awaited(reader: Reader, name: str, value: Any) -> Any:
    """The first value of a name that a comment before it declared."""
    unit, node = reader.pending.pop(name)
    here, reader.unit = reader.unit, unit
    value = settled(reader, node, value)
    reader.unit = here
    return value


def unused(reader: Reader) -> None:
    """Comments whose name never got a value are findings."""
    from shapecheck.did_you_mean import likely

    for unit, node in reader.pending.values():
        known = [name for name, value in reader.scope.root.names.items() if isinstance(value, (Array, Unknown, Batches, Items, Symbol))]
        near = likely(node.text, known)[:1]
        reader.stacks.findings.append((Unused(node.text, near[0] if near else ""), Origin(unit, node), None))


def declared_value(node: Declaration) -> Any:
    """The value of a name of which only the comment is known."""
    return _value(node.text, node.given)


def settled(reader: Reader, node: Declaration, value: Any) -> Any:
    """The value with what is declared of it."""
    try:
        return _merged(reader, node.text, value, node.given)
    except _Differs as proved:
        _report(reader, node, Contradicted(node.text, _written(node.given), proved.args[0]))
        return value


def _report(reader: Reader, node: Declaration, problem: Any) -> None:
    reader.stacks.findings.append((problem, Origin(reader.unit, node), None))


def _merged(reader: Reader, name: str, value: Any, given: Any) -> Any:
    if isinstance(value, (Unknown, Bound, Library, Opaque, Instance)) or (isinstance(value, (Items, Table)) and value.why):
        return _value(name, given)
    if isinstance(value, Array):
        return _array(value, given)
    if isinstance(value, Batches):
        return _batches(value, given)
    if isinstance(value, Symbol):
        return _symbol(reader, value, given)
    if isinstance(value, (tuple, Items)):
        return _sequence(reader, name, value, given)
    if is_constant(value) and not isinstance(given, tuple):
        if value == given and isinstance(value, bool) == isinstance(given, bool):
            return value
        raise _Differs(repr(value))
    raise _Differs(Phrase("SC903", "kind", "a {kind}", kind=type(value).__name__.lower()))


def _value(name: str, given: Any) -> Any:
    """A declared value where nothing else is known."""
    if isinstance(given, Sizes):
        holds_tuple = any(word in name.lower() for word in TUPLES)
        return tuple(given) if holds_tuple else Array(given)
    if isinstance(given, tuple):
        parts = [Array(part) for part in given]
        return Batches(parts[0], parts[1]) if len(parts) == 2 else tuple(parts)
    if isinstance(given, list):
        return Items([_value("", item) for item in given])
    return given


def _array(value: Array, given: Any) -> Array:
    if not isinstance(given, Sizes):
        raise _Differs(Phrase("SC903", "array", "an array of shape {shape}", shape=_shape(value)))
    made = value.copy()
    made.dims = _sizes(value, given)
    made.why = ""
    return made


def _sizes(value: Any, given: Sizes) -> tuple[Dim, ...]:
    """The sizes of both; a number goes before None, which any size fits."""
    dims, last = value.dims, value.last
    if dims is None:
        if isinstance(last, int) and (not given or given[-1] not in (None, last)):
            raise _Differs(Phrase("SC903", "last", "of shape (..., {last})", last=last))
        return (*given[:-1], last) if isinstance(last, int) else tuple(given)
    if len(dims) != len(given):
        raise _Differs(Phrase("SC903", "shape", "of shape {shape}", shape=_shape(value)))
    found: list[Dim] = []
    for have, said in zip(dims, given, strict=True):
        if isinstance(have, int) and said is not None and have != said:
            raise _Differs(Phrase("SC903", "shape", "of shape {shape}", shape=_shape(value)))
        found.append(have if isinstance(have, int) else said)
    return tuple(found)


def _shape(value: Any) -> Shape:
    return Shape(value.dims, value.last if isinstance(value.last, int) else None)


def _batches(value: Batches, given: Any) -> Batches:
    """A dataset: (x, y), or x alone; one that is not batched is declared sample by sample."""
    parts = [given] if isinstance(given, Sizes) else list(given) if isinstance(given, tuple) else []
    if not parts or len(parts) > 2 or (len(parts) == 2 and value.y is None):
        pair = Phrase("SC903", "pairs", "a dataset of (x, y)")
        raise _Differs(pair if value.y is not None else Phrase("SC903", "alone", "a dataset of x alone"))
    made = Batches(_array(value.x, parts[0]), value.y, value.batched, value.attributes)
    made.dropped = value.dropped
    if len(parts) == 2:
        made.y = _array(value.y, parts[1])
    return made


def _symbol(reader: Reader, value: Symbol, given: Any) -> Symbol:
    """A symbolic tensor: of unknown shape it gets the declared one, for the code after it."""
    shape = shape_of(reader, value.tensor)
    if not isinstance(given, Sizes):
        raise _Differs(Phrase("SC903", "tensor", "a tensor of shape {shape}", shape=shape))
    sizes = _sizes(shape, given)
    rule = value.tensor.node.rule
    if not shape.known and hasattr(rule, "declared_output"):
        rule.declared_output = Shape(sizes)
        reader.shapes.pop(value.tensor.node, None)
    return value


def _sequence(reader: Reader, name: str, value: Any, given: Any) -> Any:
    items = list(given) if isinstance(given, (tuple, list)) else None
    if items is None or len(items) != len(value):
        raise _Differs(Phrase("SC903", "length", "of length {length}", length=len(value)))
    found = []
    for have, said in zip(value, items, strict=True):
        if is_constant(have) and said is None:
            found.append(have)
        elif isinstance(have, Unknown) and said is None:
            found.append(None)
        else:
            found.append(_merged(reader, "", have, said))
    return tuple(found) if isinstance(value, tuple) else reader.items(found)


def _written(given: Any) -> str:
    if isinstance(given, Sizes):
        return str(Shape(given))
    return repr(plain(given))

