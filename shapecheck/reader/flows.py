"""What goes into a model: the arrays of fit, evaluate, predict and call, whatever they are wrapped in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shapecheck.reader.values import Array, Batches, plain
from shapecheck.shapes import Shape, Unknown

if TYPE_CHECKING:
    from shapecheck.reader.models import Event


def data_of(event: Event) -> tuple[Array | None, Array | None]:
    """x and y of a fit, evaluate, predict or call, batch axis first; None where it cannot be told or is not given."""
    x = event.get(0, "x", "generator", "inputs")
    y = event.get(1, "y") if event.kind in ("fit", "evaluate") else None
    if isinstance(x, Batches):
        return _batch(x.x, x.batched), _batch(x.y, x.batched)
    return (x if isinstance(x, Array) else None), (y if isinstance(y, Array) else None)


def _batch(value: Any, batched: bool) -> Array | None:
    if not isinstance(value, Array) or value.dims is None:
        return None
    return value if batched else None


def input_shape(event: Event) -> Shape | None:
    """The input shape that a stack without one takes from this call; None if it tells none."""
    if event.guarded:
        return None
    if event.kind == "build":
        given = plain(event.get(0, "input_shape"))
        if isinstance(given, (tuple, list)) and all(d is None or isinstance(d, (int, Unknown)) for d in given):
            return Shape(given)
        return None
    if event.kind not in ("fit", "evaluate", "predict", "call"):
        return None
    x, _ = data_of(event)
    if x is None or x.dims is None or not x.dims:
        return None
    return Shape((None, *x.dims[1:]))
