"""Activations by definition: one float64 number at a time; softmax and its like on one row."""

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Row = NDArray[np.float64]


def sigmoid_reference(x: float) -> float:
    """1 / (1 + exp(-x))."""
    return 1 / (1 + math.exp(-x)) if x >= 0 else math.exp(x) / (1 + math.exp(x))


def softplus_reference(x: float) -> float:
    """log(1 + exp(x))."""
    return math.log1p(math.exp(x)) if x < 30 else x + math.log1p(math.exp(-x))


def elu_reference(x: float) -> float:
    """x, or exp(x) - 1 below 0."""
    return x if x > 0 else math.expm1(x)


def clip_reference(x: float, least: float, most: float) -> float:
    """x clipped to [least, most]."""
    return min(max(x, least), most)


REFERENCES: dict[str, Callable[[float], float]] = {
    "relu": lambda x: max(x, 0.0),
    "relu6": lambda x: clip_reference(x, 0, 6),
    "leaky_relu": lambda x: x if x > 0 else 0.2 * x,
    "hard_tanh": lambda x: clip_reference(x, -1, 1),
    "hard_sigmoid_of_keras_2": lambda x: clip_reference(0.2 * x + 0.5, 0, 1),
    "hard_sigmoid": lambda x: clip_reference(x + 3, 0, 6) / 6,
    "hard_silu": lambda x: x * clip_reference(x + 3, 0, 6) / 6,
    "hard_shrink": lambda x: x if abs(x) > 0.5 else 0.0,
    "soft_shrink": lambda x: math.copysign(max(abs(x) - 0.5, 0.0), x),
    "sparse_sigmoid": lambda x: clip_reference((x + 1) / 2, 0, 1),
    "sparse_plus": lambda x: 0.0 if x <= -1 else x if x >= 1 else (x + 1) ** 2 / 4,
    "sigmoid": sigmoid_reference,
    "tanh": math.tanh,
    "tanh_shrink": lambda x: x - math.tanh(x),
    "exponential": math.exp,
    "softplus": softplus_reference,
    "log_sigmoid": lambda x: -softplus_reference(-x),
    "elu": elu_reference,
    "celu": elu_reference,
    "selu": lambda x: 1.0507009873554805 * (x if x > 0 else 1.6732632423543772 * math.expm1(x)),
    "softsign": lambda x: x / (1 + abs(x)),
    "squareplus": lambda x: (x + math.sqrt(x * x + 4)) / 2,
    "silu": lambda x: x * sigmoid_reference(x),
    "gelu": lambda x: x * (1 + math.erf(x / math.sqrt(2))) / 2,
    "mish": lambda x: x * math.tanh(softplus_reference(x)),
}


def softmax_reference(row: Row) -> Row:
    """exp(x) / sum exp(x)."""
    powers = [math.exp(x - max(row)) for x in row]
    return np.array([power / math.fsum(powers) for power in powers])


def log_softmax_reference(row: Row) -> Row:
    """log of the softmax."""
    whole = max(row) + math.log(math.fsum(math.exp(x - max(row)) for x in row))
    return np.array([x - whole for x in row])


def glu_reference(row: Row) -> Row:
    """First half times the sigmoid of the second."""
    half = len(row) // 2
    return np.array([row[k] * sigmoid_reference(row[half + k]) for k in range(half)])
