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
    """x: (outer, channels, inner), each channel separately."""
    y = np.empty(x.shape)
    for c in range(x.shape[1]):
        y[:, c] = normalize_reference(x[:, c].ravel(), gamma[c], beta[c], epsilon).reshape(y[:, c].shape)
    return y


def layer_normalize_reference(x: Array, gamma: Array, beta: Array, epsilon: float) -> Array:
    """x: (rows, size), each row separately."""
    return np.stack([normalize_reference(row, 1, 0, epsilon) * gamma + beta for row in x])


def group_normalize_reference(x: Array, gamma: Array, beta: Array, epsilon: float, groups: int) -> Array:
    """x: (samples, before, channels, inner): each sample's group of neighbouring channels separately."""
    y = np.empty(x.shape)
    width = x.shape[2] // groups
    for n in range(x.shape[0]):
        for g in range(groups):
            part = x[n, :, g * width : (g + 1) * width]
            y[n, :, g * width : (g + 1) * width] = normalize_reference(part.ravel(), 1, 0, epsilon).reshape(part.shape)
    return y * gamma[:, None] + beta[:, None]


def scale_rows_reference(x: Array, gamma: Array, epsilon: float, count: float, most: float, centred: bool) -> Array:
    """x: (rows, size), each row divided by the root of its sum of squares (or of its spread) over count."""
    rows = []
    for row in x:
        centre = math.fsum(row) / len(row) if centred else 0.0
        size = math.sqrt(math.fsum((value - centre) ** 2 for value in row) / count + epsilon)
        rows.append(row * (min(1 / size, most) if size else most) * gamma)
    return np.stack(rows)
