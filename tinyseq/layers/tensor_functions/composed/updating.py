"""Parts written over and sums by groups: slice_update, scatter, segment_sum, cumprod; choices and loops of a known length."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from tinyseq.layers.tensor_functions.calling import apply, is_symbolic
from tinyseq.layers.tensor_functions.composed.parts import getitem, stack
from tinyseq.layers.tensor_functions.composed.registry import public, shape_of


@public
def slice_update(inputs: Any, start_indices: Any, updates: Any) -> Any:
    """A copy with a part written over.

    Arguments:
        inputs: a tensor or array
        start_indices: where the part begins on each axis
        updates: the part
    """
    return apply("slice_update", inputs, start_indices, updates)


@public
def scatter(indices: Any, values: Any, shape: Any) -> Any:
    """Numbers at these places, 0 elsewhere; those of equal places add up.

    Arguments:
        indices: (places, axes) whole numbers
        values: a number, or a part, for each place
        shape: of the result
    """
    return apply("scatter", indices, values, list(shape))


@public
def scatter_update(inputs: Any, indices: Any, updates: Any) -> Any:
    """A copy with the numbers at these places written over.

    Arguments:
        inputs: a tensor or array
        indices: (places, axes) whole numbers
        updates: a number, or a part, for each place
    """
    return apply("scatter_update", inputs, indices, updates)


def _segments(name: str, data: Any, segment_ids: Any, num_segments: int | None) -> Any:
    if num_segments is None:
        if is_symbolic(segment_ids):
            raise ValueError(f"ops.{name}: num_segments=None: pass the number of segments, which the ids of a tensor do not show yet")
        num_segments = int(np.max(segment_ids)) + 1
    return apply(name, data, segment_ids, num_segments)


@public
def segment_sum(data: Any, segment_ids: Any, num_segments: int | None = None, sorted: bool = False) -> Any:
    """The sum of the rows of each segment.

    Arguments:
        data: rows along the first axis
        segment_ids: for each row the number of its segment
        num_segments: how many there are; None: the greatest number + 1
        sorted: whether the numbers are in order; changes nothing
    """
    return _segments("segment_sum", data, segment_ids, num_segments)


@public
def segment_max(data: Any, segment_ids: Any, num_segments: int | None = None, sorted: bool = False) -> Any:
    """The greatest of the rows of each segment; -inf for one without rows.

    Arguments:
        data: rows along the first axis
        segment_ids: for each row the number of its segment
        num_segments: how many there are; None: the greatest number + 1
        sorted: whether the numbers are in order; changes nothing
    """
    return _segments("segment_max", data, segment_ids, num_segments)


@public
def segment_min(data: Any, segment_ids: Any, num_segments: int | None = None, sorted: bool = False) -> Any:
    """The least of the rows of each segment; inf for one without rows.

    Arguments:
        data: rows along the first axis
        segment_ids: for each row the number of its segment
        num_segments: how many there are; None: the greatest number + 1
        sorted: whether the numbers are in order; changes nothing
    """
    return _segments("segment_min", data, segment_ids, num_segments)


@public
def cumprod(x: Any, axis: int | None = None, dtype: Any = None) -> Any:
    """Running products along an axis.

    Arguments:
        x: a tensor or array
        axis: the axis; None: of all numbers in a row
        dtype: kind of numbers; None: as they are
    """
    flat = apply("reshape", x, [-1]) if axis is None else x
    return apply("cumprod", flat if dtype is None else apply("cast", flat, np.dtype(dtype).name), 0 if axis is None else axis)


@public
def cond(pred: Any, true_fn: Callable[[], Any], false_fn: Callable[[], Any]) -> Any:
    """What one of two functions returns. A condition of a tensor's numbers needs ops.where, which computes both.

    Arguments:
        pred: a truth value that is known now
        true_fn: called without arguments where it holds
        false_fn: called otherwise
    """
    if is_symbolic(pred):
        raise NotImplementedError("ops.cond: the condition is a tensor without numbers yet: write ops.where(condition, a, b)")
    return true_fn() if bool(np.asarray(pred)) else false_fn()


@public
def fori_loop(lower: int, upper: int, body_fun: Callable[[int, Any], Any], init_val: Any) -> Any:
    """body_fun(upper - 1, ... body_fun(lower, init_val)).

    Arguments:
        lower: the first number
        upper: one more than the last
        body_fun: (number, value) -> value
        init_val: the first value
    """
    value = init_val
    for number in range(int(lower), int(upper)):
        value = body_fun(number, value)
    return value


@public
def scan(f: Callable[[Any, Any], Any], init: Any, xs: Any = None, length: int | None = None, reverse: bool = False, unroll: int = 1) -> Any:
    """(the last carry, all outputs): f(carry, x) -> (carry, output) for each x along the first axis, whose size must be known.

    Arguments:
        f: a function of a carry and an x
        init: the first carry
        xs: a tensor or array; None: f gets None
        length: how often; None: the size of xs
        reverse: True: from the last to the first
        unroll: of Keras, changes nothing
    """
    count = length if length is not None else shape_of(xs)[0] if xs is not None else None
    if count is None:
        raise ValueError("ops.scan: the number of steps is not known: the first axis of xs is the batch; pass length=, or transpose first")
    carry, outputs = init, []
    for place in reversed(range(count)) if reverse else range(count):
        carry, output = f(carry, None if xs is None else getitem(xs, place))
        outputs.append(output)
    if any(output is None for output in outputs):
        return carry, None
    return carry, stack(outputs[::-1] if reverse else outputs, 0)


@public
def map_(f: Callable[[Any], Any], xs: Any) -> Any:
    """f of each part along the first axis, whose size must be known, put together again.

    Arguments:
        f: a function of a part
        xs: a tensor or array
    """
    count = shape_of(xs)[0]
    if count is None:
        raise ValueError("ops.map: the first axis of xs is the batch: apply the function to all samples at once")
    return stack([f(getitem(xs, place)) for place in range(count)], 0)


