"""Upsampling by definition, float64, pixel by pixel."""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def upsample_nearest_reference(x: Array, tall: int, wide: int) -> Array:
    """y[n, i, j] = x[n, i // tall, j // wide]."""
    samples, height, width, channels = x.shape
    y = np.empty((samples, height * tall, width * wide, channels))
    for n, i, j in np.ndindex(y.shape[:3]):
        y[n, i, j] = x[n, i // tall, j // wide]
    return y


def upsample_bilinear_reference(x: Array, tall: int, wide: int) -> Array:
    """Pixel centres at (i + 1/2) / tall - 1/2, a hat function around every pixel, the edge repeated."""
    samples, height, width, channels = x.shape
    y = np.zeros((samples, height * tall, width * wide, channels))
    for n, i, j in np.ndindex(y.shape[:3]):
        down = min(max((i + 0.5) / tall - 0.5, 0), height - 1)
        across = min(max((j + 0.5) / wide - 0.5, 0), width - 1)
        for row in range(height):
            for column in range(width):
                weight = max(0, 1 - abs(row - down)) * max(0, 1 - abs(column - across))
                y[n, i, j] += weight * x[n, row, column]
    return y
