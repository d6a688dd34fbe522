"""Convolution by definition: plain loops, float64.

x: (n, height, width, channels), w: (window rows, window columns, channels / groups, filters), y: (n, rows, columns,
filters). moves: (row stride, column stride, zeros above, zeros on the left, row dilation, column dilation, groups).
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Moves = tuple[int, int, int, int, int, int, int]


def _meetings(x: Array, w: Array, out: tuple[int, int], moves: Moves) -> Iterator[tuple[tuple[int, ...], ...]]:
    """Every (place in x, place in w, place in y) whose numbers meet: y[...] += x[...] * w[...]."""
    down, right, top, left, row_gap, column_gap, groups = moves
    share = w.shape[3] // groups
    for n, r, s, f, i, j, c in np.ndindex(x.shape[0], *out, w.shape[3], *w.shape[:3]):
        p, q = r * down - top + i * row_gap, s * right - left + j * column_gap
        if 0 <= p < x.shape[1] and 0 <= q < x.shape[2]:
            yield (n, p, q, f // share * w.shape[2] + c), (i, j, c, f), (n, r, s, f)


def convolution_reference(
    x: Array, w: Array, b: Array | None, out: tuple[int, int], moves: Moves, relu: bool
) -> Array:  # fmt: skip
    """y, with `out` its rows and columns."""
    y = np.zeros((x.shape[0], *out, w.shape[3]))
    for in_x, in_w, in_y in _meetings(x, w, out, moves):
        y[in_y] += float(x[in_x]) * float(w[in_w])
    y += 0.0 if b is None else b
    return np.where(y < 0, 0.0, y) if relu else y


def convolution_gradients_reference(x: Array, w: Array, dy: Array, moves: Moves) -> tuple[Array, Array, Array]:
    """(dx, dw, db): what a change of x, w and b changes in sum(y * dy)."""
    dx, dw = np.zeros(x.shape), np.zeros(w.shape)
    for in_x, in_w, in_y in _meetings(x, w, (dy.shape[1], dy.shape[2]), moves):
        dx[in_x] += float(dy[in_y]) * float(w[in_w])
        dw[in_w] += float(dy[in_y]) * float(x[in_x])
    return dx, dw, dy.astype(np.float64).sum((0, 1, 2))


def transposed_reference(x: Array, w: Array, b: Array | None, out: tuple[int, int], moves: Moves, relu: bool) -> Array:
    """y + b, where y is the gradient of that convolution's input which has x as the gradient of its output.

    x: (n, rows, columns, filters), w as above, y: (n, *out, channels).
    """
    images = np.zeros((x.shape[0], *out, w.shape[2] * moves[-1]))
    y = convolution_gradients_reference(images, w, x, moves)[0] + (0.0 if b is None else b)
    return np.where(y < 0, 0.0, y) if relu else y
