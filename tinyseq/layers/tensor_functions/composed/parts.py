"""Parts, and what is put together of parts: x[key], take, split, concatenate, pad, tile."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np

from tinyseq.layers.tensor_functions.calling import apply, is_symbolic
from tinyseq.layers.tensor_functions.composed.open_sizes import OpenSize, as_sizes, for_each_sample, is_open
from tinyseq.layers.tensor_functions.composed.registry import axes_of, public, shape_of
from tinyseq.layers.tensor_functions.composed.shapes import expand_dims
from tinyseq.layers.tensor_functions.movement import packed


def getitem(x: Any, key: Any) -> Any:
    """x[key]."""
    if not is_symbolic(x):
        return np.asarray(x)[key]
    return apply("getitem", x, packed(key))


@public
def slice_(inputs: Any, start_indices: Any, shape: Any) -> Any:
    """A part of that shape.

    Arguments:
        inputs: a tensor or array
        start_indices: where it begins on each axis
        shape: its sizes; -1: up to the end
    """
    sizes = zip(start_indices, shape, strict=True)
    whole = (None, -1)
    ends = ((start, None if isinstance(size, OpenSize) or size in whole else start + size) for start, size in sizes)
    return getitem(inputs, tuple(slice(start, end) for start, end in ends))


@public
def take(x: Any, indices: Any, axis: Any = None) -> Any:
    """What is at these places along an axis.

    Arguments:
        x: a tensor or array
        indices: whole numbers
        axis: the axis; None: of all numbers in a row
    """
    if isinstance(indices, int) and axis is not None:
        rank = len(shape_of(x))
        return getitem(x, (*(slice(None),) * (axis % rank), indices))
    return apply("take", x, indices, axis)


@public
def take_along_axis(x: Any, indices: Any, axis: int = -1) -> Any:
    """For each place along an axis, what is at the place that `indices` names.

    Arguments:
        x: a tensor or array
        indices: whole numbers, of the shape of the result
        axis: the axis
    """
    return apply("take_along_axis", x, indices, axis)


@public
def split(x: Any, indices_or_sections: Any, axis: int = 0) -> Any:
    """A list of parts along an axis.

    Arguments:
        x: a tensor or array
        indices_or_sections: so many equal parts, or where the cuts are
        axis: the axis
    """
    size, rank = shape_of(x)[axis], len(shape_of(x))
    if isinstance(indices_or_sections, int):
        if size is None or size % indices_or_sections:
            raise ValueError(f"ops.split: axis {axis} of size {size} does not fall into {indices_or_sections} equal parts")
        cuts = list(range(0, size + 1, size // indices_or_sections))
    else:
        cuts = [0, *(int(cut) for cut in indices_or_sections), size]
    before = (slice(None),) * (axis % rank)
    return [getitem(x, (*before, slice(a, b))) for a, b in itertools.pairwise(cuts)]


@public
def unstack(x: Any, num: int | None = None, axis: int = 0) -> Any:
    """A list of what is along an axis, without that axis.

    Arguments:
        x: a tensor or array
        num: how many; None: the size of the axis
        axis: the axis
    """
    size = shape_of(x)[axis] if num is None else num
    if size is None:
        raise ValueError(f"ops.unstack: axis {axis} has no known size: pass num=")
    return [take(x, i, axis) for i in range(size)]


@public
def concatenate(xs: Any, axis: int = -1) -> Any:
    """Side by side along an axis.

    Arguments:
        xs: a list of tensors or arrays
        axis: the axis
    """
    if is_open(xs) or any(is_open(one) for one in xs):  # sizes, to be put together
        return np.concatenate([np.asarray(one, dtype=object) for one in xs], axis)
    return apply("concatenate", axis, *xs)


@public
def stack(x: Any, axis: int = 0) -> Any:
    """Along a new axis.

    Arguments:
        x: a list of tensors or arrays of one shape
        axis: where the new axis is
    """
    if is_open(x):
        return np.array(list(x), dtype=object)
    return apply("concatenate", axis, *(expand_dims(one, axis) for one in x))


@public
def pad(x: Any, pad_width: Any, mode: str = "constant", constant_values: Any = None) -> Any:
    """With numbers around.

    Arguments:
        x: a tensor or array
        pad_width: a number, (before, after), or such a pair for each axis
        mode: "constant", "reflect", "symmetric" or "edge"
        constant_values: the number for "constant"; None: 0
    """
    rank = len(shape_of(x))
    pairs = np.broadcast_to(np.asarray(pad_width), (rank, 2)).tolist()
    return apply("pad", x, pairs, mode, 0 if constant_values is None else constant_values)


@public
def repeat(x: Any, repeats: Any, axis: Any = None) -> Any:
    """Each number (or row along an axis) several times.

    Arguments:
        x: a tensor or array
        repeats: how often
        axis: the axis; None: of all numbers in a row
    """
    return apply("repeat", x, repeats, axis)


@public
def tile(x: Any, repeats: Any) -> Any:
    """The whole several times along each axis.

    Arguments:
        x: a tensor or array
        repeats: how often along each axis
    """
    if is_open(repeats):
        return _for_samples(x, list(as_sizes(repeats)))
    return apply("tile", x, axes_of(repeats))


def _for_samples(x: Any, repeats: list[Any]) -> Any:
    """As many times as there are samples along the first axis, which has the size 1."""
    sizes = shape_of(x)
    repeats = [1] * (len(sizes) - len(repeats)) + repeats
    sizes = (1,) * (len(repeats) - len(sizes)) + sizes
    if sizes[0] != 1:
        raise ValueError(f"ops.tile: {repeats} of {sizes}: only an axis of size 1 is repeated for each sample: write ops.expand_dims(x, 0)")
    inner = apply("tile", x, [1, *repeats[1:]]) if any(one != 1 for one in repeats[1:]) else x
    return for_each_sample("tile", inner, (repeats[0], *(size * times for size, times in zip(sizes[1:], repeats[1:], strict=True))))


@public
def flip(x: Any, axis: Any = None) -> Any:
    """Backwards along axes.

    Arguments:
        x: a tensor or array
        axis: an axis or several; None: all
    """
    return apply("flip", x, axes_of(axis))


@public
def roll(x: Any, shift: Any, axis: Any = None) -> Any:
    """Shifted along an axis; what falls out comes back at the beginning.

    Arguments:
        x: a tensor or array
        shift: by how much
        axis: the axis; None: of all numbers in a row
    """
    return apply("roll", x, axes_of(shift), axes_of(axis))
