"""Convolution and pooling of volumes by definition: plain loops, float64.

x: (n, depth, height, width, channels), w: (window slices, rows, columns, channels / groups, filters), y: (n, slices, rows, columns,
filters). moves: (strides, padding before, dilations), three numbers each.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Triple = tuple[int, int, int]
Moves = tuple[Triple, Triple, Triple]


def _meetings(x: Array, w: Array, out: Triple, moves: Moves, groups: int) -> Iterator[tuple[tuple[int, ...], ...]]:
    """Every (place in x, place in w, place in y) whose numbers meet: y[...] += x[...] * w[...]."""
    strides, before, gaps = moves
    share = w.shape[4] // groups
    for n, *place, f, k, i, j, c in np.ndindex(x.shape[0], *out, w.shape[4], *w.shape[:4]):
        axes = zip(place, (k, i, j), strides, before, gaps, strict=True)
        source = [p * step - padding + t * gap for p, t, step, padding, gap in axes]
        if all(0 <= p < size for p, size in zip(source, x.shape[1:4], strict=True)):
            yield (n, *source, f // share * w.shape[3] + c), (k, i, j, c, f), (n, *place, f)


def volume_reference(x: Array, w: Array, b: Array | None, out: Triple, moves: Moves, groups: int, relu: bool) -> Array:
    """y, with `out` its slices, rows and columns."""
    y = np.zeros((x.shape[0], *out, w.shape[4]))
    for in_x, in_w, in_y in _meetings(x, w, out, moves, groups):
        y[in_y] += float(x[in_x]) * float(w[in_w])
    y += 0.0 if b is None else b
    return np.where(y < 0, 0.0, y) if relu else y


def volume_gradients_reference(x: Array, w: Array, dy: Array, moves: Moves, groups: int) -> tuple[Array, Array]:
    """(dx, dw): what a change of x and w changes in sum(y * dy)."""
    dx, dw = np.zeros(x.shape), np.zeros(w.shape)
    for in_x, in_w, in_y in _meetings(x, w, dy.shape[1:4], moves, groups):
        dx[in_x] += float(dy[in_y]) * float(w[in_w])
        dw[in_w] += float(dy[in_y]) * float(x[in_x])
    return dx, dw
