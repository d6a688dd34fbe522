"""Pooling by definition: plain loops over the output, float64. x: (n, height, width, c), y: (n, rows, columns, c)."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Place = tuple[int, int]


def _window(row: int, column: int, window: tuple[int, ...], height: int, width: int) -> Iterator[Place]:
    """Places of the image that the window of output (row, column) covers."""
    window_rows, window_columns, row_stride, column_stride, top, left = window
    for i in range(window_rows):
        for j in range(window_columns):
            y, x = row * row_stride + i - top, column * column_stride + j - left
            if 0 <= y < height and 0 <= x < width:
                yield y, x


def _pool(x: Array, out: tuple[int, int], window: tuple[int, ...], average: bool, dy: Array | None) -> Array:
    samples, height, width, channels = x.shape
    y = np.zeros((samples, *out, channels))
    dx = np.zeros(x.shape)
    for n, row, column, c in np.ndindex(*y.shape):
        places = list(_window(row, column, window, height, width))
        values = [float(x[n, i, j, c]) for i, j in places]
        y[n, row, column, c] = np.mean(values) if average else np.max(values)
        if dy is not None and average:
            for i, j in places:
                dx[n, i, j, c] += dy[n, row, column, c] / len(places)
        elif dy is not None:
            i, j = places[int(np.argmax(values))]
            dx[n, i, j, c] += dy[n, row, column, c]
    return y if dy is None else dx


def max_pool_reference(x: Array, out: tuple[int, int], window: tuple[int, ...]) -> Array:
    """The greatest value of each window; NaN if there is one in it."""
    return _pool(x, out, window, False, None)


def average_pool_reference(x: Array, out: tuple[int, int], window: tuple[int, ...]) -> Array:
    """The mean of each window's places inside the image."""
    return _pool(x, out, window, True, None)


def max_pool_gradient_reference(x: Array, dy: Array, window: tuple[int, ...]) -> Array:
    """Each dy goes to the first greatest place of its window."""
    return _pool(x, dy.shape[1:3], window, False, dy)


def average_pool_gradient_reference(x: Array, dy: Array, window: tuple[int, ...]) -> Array:
    """Each dy is spread over its window's places in equal shares."""
    return _pool(x, dy.shape[1:3], window, True, dy)


def adaptive_reference(x: Array, count: int, average: bool, dy: Array | None = None) -> Array:
    """Parts floor(i size / count) up to ceil((i + 1) size / count) of the middle axis: means or maxima, or with dy the gradient of x."""
    size = x.shape[1]
    y = np.zeros((x.shape[0], count, x.shape[2]))
    dx = np.zeros(x.shape)
    for o, i, c in np.ndindex(*y.shape):
        places = [k for k in range(size) if k >= i * size // count and k * count < (i + 1) * size]
        values = [float(x[o, k, c]) for k in places]
        y[o, i, c] = np.mean(values) if average else np.max(values)
        if dy is not None and average:
            for k in places:
                dx[o, k, c] += dy[o, i, c] / len(places)
        elif dy is not None:
            dx[o, places[int(np.argmax(values))], c] += dy[o, i, c]
    return y if dy is None else dx
