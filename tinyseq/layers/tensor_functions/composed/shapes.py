"""The same numbers in another shape: reshape, transpose, squeeze, broadcast_to."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from tinyseq.layers.tensor_functions.calling import apply
from tinyseq.layers.tensor_functions.composed.open_sizes import OpenSize, for_each_sample, is_open
from tinyseq.layers.tensor_functions.composed.registry import axes_of, public, shape_of


@public
def reshape(x: Any, newshape: Any) -> Any:
    """The same numbers in another shape.

    Arguments:
        x: a tensor or array
        newshape: sizes; -1: as many as are left over; None for the batch
    """
    sizes = [newshape] if isinstance(newshape, (int, OpenSize)) else list(newshape)
    sizes = [size if size is None or isinstance(size, OpenSize) else int(size) for size in sizes]
    if None in sizes and -1 in sizes:
        sizes = _left_over(x, sizes)
    if None in sizes and -1 not in sizes:
        sizes[sizes.index(None)] = -1
    if None in sizes:
        raise ValueError(f"ops.reshape: newshape={tuple(newshape)}: only one size may be left open, write -1 for the batch")
    return apply("reshape", x, sizes)


def _left_over(x: Any, sizes: list[Any]) -> list[Any]:
    """The size that is -1, from those of each sample, where another is the number of samples."""
    given, place = shape_of(x), sizes.index(-1)
    others = [size for size in sizes if size != -1]
    open_ones = [size for size in others if size is None or isinstance(size, OpenSize)]
    if given[:1] != (None,) or None in given[1:] or len(open_ones) != 1:
        return sizes
    factor = open_ones[0].factor if isinstance(open_ones[0], OpenSize) else 1
    each = math.prod(given[1:])
    rest = factor * math.prod(size for size in others if size is not open_ones[0])
    if rest == 0 or each % rest:
        raise ValueError(f"ops.reshape: {given} does not fit {tuple(sizes)}: {each} numbers of a sample are no multiple of {rest}")
    return [*sizes[:place], int(each / rest), *sizes[place + 1 :]]


@public
def ravel(x: Any) -> Any:
    """All numbers in a row.

    Arguments:
        x: a tensor or array
    """
    return reshape(x, (-1,))


@public
def transpose(x: Any, axes: Any = None) -> Any:
    """The axes in another order.

    Arguments:
        x: a tensor or array
        axes: the order; None: reversed
    """
    order = list(range(len(shape_of(x))))[::-1] if axes is None else [axis % len(shape_of(x)) for axis in axes]
    return apply("transpose", x, order)


@public
def swapaxes(x: Any, axis1: int, axis2: int) -> Any:
    """Two axes exchanged.

    Arguments:
        x: a tensor or array
        axis1: one axis
        axis2: the other
    """
    order = list(range(len(shape_of(x))))
    order[axis1], order[axis2] = order[axis2], order[axis1]
    return apply("transpose", x, order)


@public
def moveaxis(x: Any, source: Any, destination: Any) -> Any:
    """Axes at other places, the others in their order.

    Arguments:
        x: a tensor or array
        source: an axis or several
        destination: where they go
    """
    rank = len(shape_of(x))
    froms, tos = ([a % rank for a in ([axis] if isinstance(axis, int) else axis)] for axis in (source, destination))
    order = [axis for axis in range(rank) if axis not in froms]
    for to, start in sorted(zip(tos, froms, strict=True)):
        order.insert(to, start)
    return apply("transpose", x, order)


@public
def expand_dims(x: Any, axis: Any) -> Any:
    """A new axis of size 1.

    Arguments:
        x: a tensor or array
        axis: where it is in the result; or several
    """
    if is_open(x):
        return np.expand_dims(np.array(x, dtype=object), axis)
    return apply("expand_dims", x, axes_of(axis))


@public
def squeeze(x: Any, axis: Any = None) -> Any:
    """Without axes of size 1.

    Arguments:
        x: a tensor or array
        axis: which; None: all of size 1
    """
    if axis is None:
        axis = [place for place, size in enumerate(shape_of(x)) if size == 1]
    return apply("squeeze", x, axes_of(axis))


@public
def broadcast_to(x: Any, shape: Any) -> Any:
    """Repeated to a shape.

    Arguments:
        x: a tensor or array
        shape: sizes
    """
    tensor = for_each_sample("broadcast_to", x, shape)
    return apply("broadcast_to", x, list(shape)) if tensor is None else tensor
