"""What goes into a model: the arrays of fit, evaluate, predict and call, whatever they are wrapped in."""

from __future__ import annotations

from shapecheck.reader.keras.inferred import shape_of
from shapecheck.reader.values import Array, Batches, plain
from shapecheck.shapes import Shape, Unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from shapecheck.reader.records import Event, Model
    from shapecheck.reader.state import Reader


FEEDING = ("fit", "evaluate", "predict", "call")
"""Calls that bring data."""


def data_of(event: Event) -> tuple[Array | None, Array | None]:
    """x and y of a fit, evaluate, predict or call, batch axis first; None where it cannot be told or is not given."""
    x = _given(event)
    y = event.get(1, "y") if event.kind in ("fit", "evaluate") else None
    if isinstance(x, Batches):
        return _batch(x.x, x.batched), _batch(x.y, x.batched)
    return (x if isinstance(x, Array) else None), (y if isinstance(y, Array) else None)


def _given(event: Event) -> Any:
    return event.get(0, "x", "generator", "inputs")


def written_data(event: Event) -> Any:
    """The data of such a call as it is: an array, or a list, tuple or dict of them for several inputs."""
    x = _given(event)
    return data_of(event)[0] if isinstance(x, Batches) else x


def _batch(value: Any, batched: bool) -> Array | None:
    if not isinstance(value, Array) or value.dims is None:
        return None
    return value if batched else None


def input_shape(event: Event) -> Shape | None:
    """The input shape that a stack without one takes from this call; None if it tells none."""
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
    """The event from which a stack without input takes it, and the shape; called on a symbolic tensor there is a shape but no event.

    What happens comes first; of what may happen all must agree. Only a Dense is asked about data of one axis (`one_axis`).
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
