"""Generators of the file: functions that yield, subclasses of PyDataset, and tf.data pipelines over them."""

from __future__ import annotations

from shapecheck.languages import because
from shapecheck.reader.call import Call
from shapecheck.reader.data import arrays
from shapecheck.reader.values import Array, Batches, Function, Instance, Items, Number, Opaque, Partial, Table, plain, unknown
from shapecheck.shapes import Dim, Unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from shapecheck.reader.state import Reader

DATASETS = frozenset({"PyDataset", "Sequence"})
"""Classes of keras.utils whose __getitem__() returns batches."""


def generator(reader: Reader, name: str, yielded: list[Any]) -> Batches:
    """What a generator function returns: batches, as far as all its yields agree."""
    if not yielded:
        nothing = Array(None, why=because("what {name}() yields is unknown", name=name))
        return Batches(nothing, nothing, attributes={"@item": unknown("item", nothing.why)})
    item = yielded[0]
    for other in yielded[1:]:
        item = reader.handlers.join(reader, item, other, because("{name}() yields different values", name=name))
    return _of(item, because("what {name}() yields is unknown", name=name), batched=True)


def _of(item: Any, why: str, batched: bool) -> Batches:
    """Batches of one item: (x, y), (x, y, weights), [x, y] or x. Source: keras 3.15, unpack_x_y_sample_weight."""
    told = isinstance(item, (tuple, Items)) and not getattr(item, "why", "")
    parts = list(item) if told else [item]
    unclear = told and not 1 <= len(parts) <= 3
    if unclear or (isinstance(item, (Unknown, type(None))) and not isinstance(item, Number)):
        nothing = Array(None, why=getattr(item, "why", "") or why)
        return Batches(nothing, nothing, batched, {"@item": item})
    x = part(parts[0], why)
    y = part(parts[1], why) if len(parts) > 1 and parts[1] is not None else None
    return Batches(x, y, batched, {"@item": item})


def part(value: Any, why: str) -> Any:
    """One part of an item: an array, or a list, tuple or dict of arrays."""
    if isinstance(value, (tuple, Items, Table)) and not getattr(value, "why", ""):
        values = list(value.values() if isinstance(value, Table) else value)
        if isinstance(value, Table):
            return Table({name: part(one, why) for name, one in value.items()})
        if any(isinstance(one, (Array, Table)) for one in values):
            return Items([part(one, why) for one in values])
    made = arrays.of(value)
    return Array(None, why=made.why or why) if made.dims is None and made.last is None else made


def dataset(reader: Reader, value: Any) -> Any:
    """An object of a subclass of PyDataset as its batches: __getitem__() of an unknown index; another value as it is."""
    if not isinstance(value, Instance) or not any(path.rpartition(".")[2] in DATASETS for path in value.of.library_bases()):
        return value
    found = value.of.find("__getitem__")
    if not isinstance(found, Function) or len(found.node.args.args) != 2:
        return value
    why = because("what {name}.__getitem__() returns is unknown", name=value.of.name)
    index = unknown("index", because("the number of the batch is unknown"))
    return _of(_result(reader, found, [value, index]), why, batched=True)


def _result(reader: Reader, function: Function, args: list[Any]) -> Any:
    call = Call(reader.unit, function.node)
    call.args = args
    return reader.apply(function, call)


def from_generator(reader: Reader, call: Call) -> Any:
    """tf.data.Dataset.from_generator(function, output_signature=..., or output_types and output_shapes): one item after another."""
    why = because("the shapes that from_generator() returns are unknown")
    signature = call.keywords.get("output_signature")
    shapes = call.get(2, "output_shapes")
    if signature is not None:
        return _of(_signed(signature, why), why, batched=False)
    if shapes is not None:
        return _of(_shaped(shapes, why), why, batched=False)
    function = call.get(0, "generator")
    if isinstance(function, Partial) and not function.keywords:
        function, given = function.function, function.args
    else:
        given = list(call.keywords["args"]) if isinstance(call.keywords.get("args"), (tuple, Items)) else []
    made = _result(reader, function, given) if isinstance(function, Function) else None
    return Batches(made.x, made.y, batched=False) if isinstance(made, Batches) else unknown("dataset", why)


def _signed(spec: Any, why: str) -> Any:
    """tf.TensorSpec(shape, dtype), or several."""
    if isinstance(spec, Opaque) and spec.last == "TensorSpec":
        kind = spec.args[1] if len(spec.args) > 1 else spec.keywords.get("dtype")
        return _sized(spec.args[0] if spec.args else spec.keywords.get("shape"), why, arrays.kind(kind))
    if isinstance(spec, Table) and not spec.why:
        return Table({name: _signed(one, why) for name, one in spec.items()})
    if isinstance(spec, (tuple, Items)) and not getattr(spec, "why", ""):
        return tuple(_signed(one, why) for one in spec)
    return arrays.hidden(why)


def _shaped(shapes: Any, why: str) -> Any:
    """([28, 28], []), or tf.TensorShape(...) in place of a list: the items of a tuple of shapes are shapes."""
    if isinstance(shapes, Table) and not shapes.why:
        return Table({name: _shaped(one, why) for name, one in shapes.items()})
    if isinstance(shapes, tuple) and any(isinstance(one, (tuple, Items, Table, Opaque)) for one in shapes):
        return tuple(_shaped(one, why) for one in shapes)
    return _sized(shapes, why, "")


def _sized(shape: Any, why: str, dtype: str) -> Array:
    if isinstance(shape, Opaque) and shape.last == "TensorShape":
        shape = shape.args[0] if shape.args else None
    sizes = plain(shape)
    if not isinstance(sizes, (tuple, list)) or not all(size is None or isinstance(size, (int, Unknown)) for size in sizes):
        return arrays.hidden(why)
    dims: list[Dim] = [Unknown("size", because("the signature does not say it")) if size is None else size for size in sizes]
    return Array(dims, dtype)
