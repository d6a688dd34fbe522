"""Normalization by definition, float64: all statistics of one list of numbers."""

import math

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def normalize_reference(values: Array, gamma: float, beta: float, epsilon: float) -> Array:
    """(x - mean) / sqrt(variance + epsilon) gamma + beta over a list of numbers that share mean and variance."""
    mean = math.fsum(values) / len(values)
    variance = math.fsum((x - mean) ** 2 for x in values) / len(values)
    return np.array([(x - mean) / math.sqrt(variance + epsilon) * gamma + beta for x in values])


def batch_normalize_reference(x: Array, gamma: Array, beta: Array, epsilon: float) -> Array:
    """x: (outer, channels, inner), each channel by itself."""
    y = np.empty(x.shape)
    for c in range(x.shape[1]):
        y[:, c] = normalize_reference(x[:, c].ravel(), gamma[c], beta[c], epsilon).reshape(y[:, c].shape)
    return y


def layer_normalize_reference(x: Array, gamma: Array, beta: Array, epsilon: float) -> Array:
    """x: (rows, size), each row by itself."""
    return np.stack([normalize_reference(row, 1, 0, epsilon) * gamma + beta for row in x])
