"""Embedding by definition, float64."""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def look_up_reference(table: Array, index: NDArray[np.int64]) -> Array:
    """The rows named by index."""
    return np.array([list(table[row]) for row in index])


def look_up_gradient_reference(dy: Array, index: NDArray[np.int64], rows: int) -> Array:
    """Every row's sum of the gradients of its uses."""
    found = np.zeros((rows, dy.shape[1]))
    for n, row in enumerate(index):
        for i in range(dy.shape[1]):
            found[row, i] += dy[n, i]
    return found
