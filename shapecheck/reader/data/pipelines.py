"""Batches: image folders and generators, tf.data pipelines, and other objects with methods that return data."""

from __future__ import annotations

from shapecheck.languages import because
from shapecheck.reader.call import Call
from shapecheck.reader.data import arrays, pictures, series
from shapecheck.reader.source import Origin
from shapecheck.reader.values import Array, Batches, Function, Items, Opaque, Table, plain, unknown
from shapecheck.shapes import Dim, Unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from shapecheck.reader.state import Reader

FOLDERS = ("image_dataset_from_directory", "flow_from_directory", "flow_from_dataframe")


def call(reader: Reader, parts: list[str], call: Call) -> Any:
    """Functions of keras and tensorflow that create data; None for other functions."""
    last = parts[-1]
    if parts[0] == "tensorflow_datasets" and last == "load":
        from shapecheck.reader.data.tfds import load

        return load(call)
    if last in FOLDERS:
        return folder(reader, last, call)
    if last in ("ImageDataGenerator", "TextVectorization", "Tokenizer"):
        return Opaque(".".join(parts), call.args, call.keywords)
    if last == "from_generator":
        from shapecheck.reader.data.generators import from_generator

        return from_generator(reader, call)
    if last in ("TensorSpec", "TensorShape"):
        return Opaque(".".join(parts), call.args, call.keywords)
    if last == "from_tensor_slices":
        return _slices(call.get(0, "tensors"))
    if last == "zip" and "Dataset" in parts:
        pair = call.get(0, "datasets")
        sets = list(pair) if isinstance(pair, (tuple, Items)) else []
        if len(sets) == 2 and all(isinstance(one, Batches) and one.batched == sets[0].batched for one in sets) and sets[1].y is None:
            return Batches(sets[0].x if sets[0].y is None else Items([sets[0].x, sets[0].y]), sets[1].x, sets[0].batched)
    if last == "range" and "Dataset" in parts:
        return Batches(Array((), "int"), None, batched=False)
    if last in ("img_to_array", "load_img"):
        return getattr(pictures, last)(call)
    if last == "TimeseriesGenerator":
        return series.timeseries(call)
    if last == "timeseries_dataset_from_array":
        return series.from_array(call)
    return None


def folder(reader: Reader, name: str, call: Call) -> Any:
    """Images from a folder: target_size or image_size, color_mode, class_mode or label_mode determine the shapes."""
    if call.hidden or "data_format" in call.keywords:
        return unknown("dataset", because("the arguments of {name}() on line {line} are unknown", name=name, line=call.node.lineno))
    given, modern = _written(name, call), name == "image_dataset_from_directory"
    size, color, mode, classes = plain(given["size"]), given["color_mode"], given["mode"], given["classes"]
    sizes: tuple[Any, ...] = tuple(size) if isinstance(size, (tuple, list)) and len(size) == 2 else (Unknown("height"), Unknown("width"))
    sizes = tuple(s if isinstance(s, (int, Unknown)) else Unknown("size") for s in sizes)
    channels: Dim = pictures.CHANNELS.get(color, Unknown("channels")) if isinstance(color, str) else Unknown("channels")
    batch = Unknown("batch", because("the last batch can be smaller"))
    count: Dim = (
        len(classes) if isinstance(classes, Items) and not classes.why else Unknown("classes", because("the number of folders is unknown"))
    )
    images = Array((batch, *sizes, channels), "float")
    known = count if isinstance(count, int) else None
    labels = {
        "categorical": Array((batch, count), "float"),
        "binary": Array((batch, 1) if modern else (batch,), "float", 2),
        "sparse": Array((batch,), "int", known),
        "int": Array((batch,), "int", known),
        "input": images,
    }
    origin = Origin(reader.unit, call.node, {str(key): node for key, node in call.nodes.items()})
    y = None
    if mode is not None:
        y = labels.get(mode, Array(None)).copy() if isinstance(mode, str) else Array(None)
        y.source = f'{"label_mode" if modern else "class_mode"}="{mode}"' if isinstance(mode, str) and y.dims is not None else ""
    made = Batches(images, y, attributes={"@folder": origin})
    if modern and call.get(5, "batch_size", 32) is None:
        parts = [part if part is None or not part.dims else part.like(part.dims[1:]) for part in (images, y)]
        made = Batches(parts[0], parts[1], batched=False)
    return (made, made) if modern and call.keywords.get("subset") == "both" else made


def _written(name: str, call: Call) -> dict[str, Any]:
    """The arguments of a folder's images that determine shapes, by position or by name, with their defaults.

    Source: keras 3.15 and tf.keras 2.15, the signatures of the three functions.
    """
    if name == "image_dataset_from_directory":
        mode = call.get(2, "label_mode", "int") if call.get(1, "labels", "inferred") is not None else None
        return {"size": call.get(6, "image_size", (256, 256)), "color_mode": call.get(4, "color_mode", "rgb"), "mode": mode,
                "classes": call.get(3, "class_names")}  # fmt: skip
    first = 5 if name == "flow_from_dataframe" else 1
    return {"size": call.get(first, "target_size", (256, 256)), "color_mode": call.get(first + 1, "color_mode", "rgb"),
            "classes": call.get(first + 2, "classes"), "mode": call.get(first + 3, "class_mode", "categorical")}  # fmt: skip


def _slices(given: Any) -> Any:
    """Single samples: without the first axis."""
    parts = list(given) if isinstance(given, tuple) else [given]
    if not 1 <= len(parts) <= 2:
        return unknown("dataset", because("what it contains is unknown"))
    samples = [_sliced(part) for part in parts]
    if None in samples:
        return unknown("dataset", because("what it contains is unknown"))
    return Batches(samples[0], samples[1] if len(samples) == 2 else None, batched=False)


def _sliced(part: Any) -> Any:
    """One row of an array, or of each array of a tuple or dict; a list is an array. None if it is unknown."""
    if isinstance(part, (tuple, Table)) and not getattr(part, "why", ""):
        values = list(part.values() if isinstance(part, Table) else part)
        rows = [_sliced(one) for one in values]
        if not rows or None in rows:
            return None
        return Table(dict(zip(part, rows, strict=True))) if isinstance(part, Table) else Items(rows)
    made = arrays.of(part)
    return made.like(made.dims[1:]) if made.dims else None


def method(reader: Reader, owner: Batches | Opaque, name: str, call: Call) -> Any:
    """dataset.batch(32), generator.flow(x, y), scaler.fit_transform(x) ..."""
    if isinstance(owner, Opaque):
        if name in FOLDERS:
            return folder(reader, name, call)
        if name == "flow":
            return _flow(call)
        if owner.path.startswith("sklearn"):
            from shapecheck.reader.data import sklearn

            return sklearn.method(owner, name, call)
        if owner.path.startswith(("argparse", "keras_tuner")):
            from shapecheck.reader.data import known_objects

            return known_objects.method(reader, owner, name, call)
        return unknown(name, because("the result of {last}.{name}() is unknown", last=owner.last, name=name))
    if name in ("shuffle", "repeat", "prefetch", "cache", "take", "skip", "with_options", "as_numpy_iterator", "apply"):
        return owner
    if name == "batch":
        size = call.get(0, "batch_size")
        rows: Dim = (
            size
            if isinstance(size, int) and call.get(1, "drop_remainder") is True
            else Unknown("batch", because("the last batch can be smaller"))
        )
        if size == owner.attributes.get("@window"):
            rows = size
        x, y = (_each(part, lambda one: one.like((rows, *one.dims) if one.dims is not None else None)) for part in (owner.x, owner.y))
        owner.dropped = call.node.lineno
        return Batches(x, y)
    if name == "padded_batch" and not owner.batched:
        rows = Unknown("batch", because("the last batch can be smaller"))
        parts = [_each(part, lambda one: None if one.dims is None else one.like((rows, *one.dims))) for part in (owner.x, owner.y)]
        owner.dropped = call.node.lineno
        return Batches(parts[0], parts[1])
    if name == "window" and not owner.batched:
        return _windows(owner, call)
    if name in ("flat_map", "interleave") and isinstance(owner.x, Batches):
        return _flattened(reader, owner, call)
    if name == "map":
        return _mapped(reader, owner, call)
    if name == "unbatch" and owner.batched:
        parts = [_each(part, lambda one: one.like(one.dims[1:]) if one.dims else one) for part in (owner.x, owner.y)]
        return Batches(parts[0], parts[1], batched=False)
    if name == "next":
        return (owner.x, owner.y)
    return unknown(name, because("the result of .{name}() is unknown", name=name))


def _each(value: Any, change: Callable[[Array], Any]) -> Any:
    """The change for an array, and for each array of a dict or a list."""
    if isinstance(value, Table):
        return Table({name: _each(part, change) for name, part in value.items()})
    if isinstance(value, (Items, tuple)) and not getattr(value, "why", ""):
        return Items([_each(part, change) for part in value])
    return change(value) if isinstance(value, Array) else value


def _windows(owner: Batches, call: Call) -> Any:
    """dataset.window(size, shift, drop_remainder=True): each element is a dataset of so many samples."""
    size = call.get(0, "size")
    whole = call.get(3, "drop_remainder") is True
    inside = Batches(owner.x, owner.y, batched=False, attributes={"@window": size} if isinstance(size, int) and whole else {})
    return Batches(inside, None, batched=False)


def _flattened(reader: Reader, owner: Batches, call: Call) -> Any:
    """windows.flat_map(lambda window: window.batch(20)): what the function makes of a window, one after another."""
    function = call.get(0, "map_func")
    if not isinstance(function, Function):
        return unknown("dataset", because("the function that flat_map() calls is unknown"))
    inner = Call(reader.unit, call.node)
    inner.args = [owner.x]
    result = reader.apply(function, inner)
    if not isinstance(result, Batches) or isinstance(result.x, Batches):
        return unknown("dataset", because("what flat_map() makes of a window is unknown"))
    return Batches(result.x, result.y, batched=False)


def _flow(call: Call) -> Any:
    batch = Unknown("batch", because("the last batch can be smaller"))
    x, y = call.get(0, "x"), call.get(1, "y")
    if not isinstance(x, Array) or not x.dims:
        return unknown("flow", because("the data of the generator is unknown"))
    label = y.like((batch, *y.dims[1:])) if isinstance(y, Array) and y.dims else None
    if label is None and (y is not None or call.hidden):
        label = Array(None, why=getattr(y, "why", "") or because("the labels of the generator are unknown"))
    return Batches(Array((batch, *x.dims[1:]), x.dtype), label)


def _mapped(reader: Reader, owner: Batches, call: Call) -> Any:
    """dataset.map(function): the function is evaluated if it is in the file."""
    function = call.get(0, "map_func")
    if not isinstance(function, Function):
        return unknown("dataset", because("the result of map() is unknown"))
    inner = Call(reader.unit, call.node)
    inner.args = [owner.x] if owner.y is None else [owner.x, owner.y]
    reader.guarded += not owner.batched  # a model called on one sample does not get its input shape from it
    result = reader.apply(function, inner)
    reader.guarded -= not owner.batched
    parts = list(result) if isinstance(result, tuple) else [result]
    if not 1 <= len(parts) <= 3 or (len(parts) == 1 and not isinstance(result, (Array, Table))):
        return unknown("dataset", because("the result of map() is unknown"))
    from shapecheck.reader.data.generators import part

    parts = [part(one, because("the result of map() is unknown")) for one in parts]
    if len(parts) == 1 and isinstance(parts[0], Array) and parts[0].dims is None:
        return unknown("dataset", because("the result of map() is unknown"))
    return Batches(parts[0], parts[1] if len(parts) > 1 else None, owner.batched)
