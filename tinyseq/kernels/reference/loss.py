"""Losses of one sample by definition, float64."""

import math

import numpy as np
from numpy.typing import NDArray

Row = NDArray[np.float64]


def held_reference(p: float) -> float:
    """A probability clipped to [1e-7, 1 - 1e-7]."""
    return min(max(p, 1e-7), 1 - 1e-7)


def softmax_crossentropy_reference(z: Row, t: Row) -> float:
    """-sum t log softmax(z)."""
    whole = max(z) + math.log(math.fsum(math.exp(x - max(z)) for x in z))
    return math.fsum(a * (whole - x) for a, x in zip(t, z, strict=True))


def sigmoid_crossentropy_reference(z: Row, t: Row) -> float:
    """mean of -(t log s + (1 - t) log(1 - s)), s = sigmoid(z)."""
    losses = [max(x, 0) - x * a + math.log1p(math.exp(-abs(x))) for a, x in zip(t, z, strict=True)]
    return math.fsum(losses) / len(losses)


def binary_crossentropy_reference(p: Row, t: Row) -> float:
    """mean of -(t log p + (1 - t) log(1 - p)), p clipped."""
    pairs = [(held_reference(x), a) for a, x in zip(t, p, strict=True)]
    return -math.fsum(a * math.log(x) + (1 - a) * math.log(1 - x) for x, a in pairs) / len(pairs)


def categorical_crossentropy_reference(p: Row, t: Row) -> float:
    """-sum t log(p / sum p), clipped."""
    whole = math.fsum(p)
    return -math.fsum(a * math.log(held_reference(x / whole)) for a, x in zip(t, p, strict=True))


def squared_reference(p: Row, t: Row) -> float:
    """mean (p - t)^2."""
    return math.fsum((x - a) ** 2 for a, x in zip(t, p, strict=True)) / len(p)


def absolute_reference(p: Row, t: Row) -> float:
    """mean |p - t|."""
    return math.fsum(abs(x - a) for a, x in zip(t, p, strict=True)) / len(p)


def huber_reference(p: Row, t: Row, delta: float) -> float:
    """mean of e^2 / 2, or delta (|e| - delta / 2) beyond delta."""
    errors = [abs(x - a) for a, x in zip(t, p, strict=True)]
    return math.fsum(e * e / 2 if e <= delta else delta * (e - delta / 2) for e in errors) / len(p)


def log_cosh_reference(p: Row, t: Row) -> float:
    """mean log(cosh(p - t))."""
    return math.fsum(math.log(math.cosh(x - a)) for a, x in zip(t, p, strict=True)) / len(p)
