"""The data of a model: the arrays of fit, evaluate, predict and calls, whatever contains them."""

from __future__ import annotations

from shapecheck.reader.keras.inferred import shape_of
from shapecheck.reader.records import Event
from shapecheck.reader.source import Origin
from shapecheck.reader.values import Array, Batches, Items, Once, Table, plain
from shapecheck.shapes import Shape, Unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    from shapecheck.reader.records import Model
    from shapecheck.reader.state import Reader


FEEDING = ("fit", "evaluate", "predict", "call")
"""Calls that pass data."""


def data_of(event: Event) -> tuple[Array | None, Array | None]:
    """x and y of a fit, evaluate, predict or call, batch axis first; None if it is unknown or not passed."""
    x, labelled = _given(event), event.kind in ("fit", "evaluate")
    y = event.get(1, "y") if labelled else None
    if isinstance(x, Batches):
        return _batch(x.x, x.batched), _batch(x.y, x.batched) if labelled else None
    return (x if isinstance(x, Array) else None), (y if isinstance(y, Array) else None)


def _given(event: Event) -> Any:
    return event.get(0, "x", "generator", "inputs")


def validation(event: Event) -> Event | None:
    """fit() with validation_data as a separate evaluate: written (x, y), (x, y, weights), a dataset or a generator.

    Source: keras 3.15, Trainer.fit: data_adapter_utils.unpack_x_y_sample_weight, then evaluate.
    """
    held = event.keywords.get("validation_data") if event.kind == "fit" else None
    if held is None:
        return None
    node = event.origin.arguments.get("validation_data")
    size = event.keywords.get("validation_batch_size", event.get(2, "batch_size"))
    keywords = {"batch_size": size, "steps": event.keywords.get("validation_steps")}
    keywords = {name: value for name, value in keywords.items() if value is not None}
    if isinstance(held, (tuple, Items)) and not getattr(held, "why", "") and len(held) in (2, 3):
        parts = getattr(node, "elts", ())
        nodes = list(parts) if len(parts) == len(held) else [node, node]
        arguments, given = {"0": nodes[0], "1": nodes[1]}, list(held[:2])
    elif isinstance(held, (Array, Batches, Once)):
        arguments, given = {"0": node}, [held]
    else:
        return None
    return Event("evaluate", Origin(event.origin.unit, event.origin.node, arguments), event.elements, given, keywords, event.guarded)


def feeds(events: Iterable[Event]) -> Iterator[Event]:
    """Each event, a fit followed by the evaluation of its validation data."""
    for event in events:
        yield event
        held = validation(event)
        if held is not None:
            yield held


def loose(event: Event) -> Batches | None:
    """The dataset that a call reads sample by sample, because it is not batched."""
    x = _given(event) if event.kind in FEEDING else None
    return x if isinstance(x, Batches) and not x.batched else None


def written_data(event: Event) -> Any:
    """The data of such a call: an array, or a list, tuple or dict of them for several inputs."""
    x = _given(event)
    if isinstance(x, Batches):
        return x.x if x.batched and isinstance(x.x, (Items, Table)) else data_of(event)[0]
    return x


def written_labels(event: Event) -> Any:
    """The labels of fit or evaluate, as written_data(): what a dataset or generator yields beside its data, or the argument y."""
    x = _given(event)
    if event.kind not in ("fit", "evaluate"):
        return None
    return (x.y if x.batched else None) if isinstance(x, Batches) else event.get(1, "y")


def _batch(value: Any, batched: bool) -> Array | None:
    if not isinstance(value, Array) or value.dims is None:
        return None
    return value if batched else None


def input_shape(event: Event) -> Shape | None:
    """The input shape that a stack without one gets from this call; None if there is none."""
    if event.expected:
        return None
    if event.kind == "build":
        given = plain(event.get(0, "input_shape"))
        if isinstance(given, (tuple, list)) and all(d is None or isinstance(d, (int, Unknown)) for d in given):
            return Shape(given)
        return None
    if event.kind not in FEEDING:
        return None
    x, _ = data_of(event)
    if x is None or x.dims is None or not x.dims:
        return None
    return Shape((None, *x.dims[1:]))


def input_from_use(reader: Reader, model: Model, one_axis: bool) -> tuple[Event | None, Shape | None]:
    """The event from which a stack without input gets its shape, and the shape; a call on a symbolic tensor has a shape but no event.

    A certain event comes first; uncertain events must all agree. Only a Dense accepts data of one axis (`one_axis`).
    """
    known = [(event, shape) for event in model.events if (shape := input_shape(event)) is not None]
    fits = [(event, shape) for event, shape in known if one_axis or shape.rank != 1]
    certain = next(((event, shape) for event, shape in fits if not event.guarded), None)
    if certain is not None:
        return certain
    if model.called_with is not None and len(model.called_with) == 1:
        shape = shape_of(reader, model.called_with[0])
        if shape.known:
            return None, shape
    unclear = any(event.guarded and input_shape(event) is None and event.kind in FEEDING for event in model.events)
    if fits and not unclear and len({str(shape) for _, shape in fits}) == 1 and fits[0][1].known:
        return fits[0]
    return None, None
