"""Functions of single numbers, and of two with NumPy's broadcasting: forward and slope."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from tinyseq.layers.tensor_functions.primitive import Primitive, primitive, summed_to

Slope = Callable[[Any, Any], Any]
"""slope(x, y): dy/dx."""


def _unary(name: str, compute: Callable[[Any], Any], slope: Slope | None, activation: str = "") -> Primitive:
    gradient = None if slope is None else lambda g, y, x: (g * slope(x, y),)
    return Primitive(name, compute, gradient, elementwise=True, activation=activation)


def _sigmoid(x: Any) -> Any:
    power = np.exp(-np.abs(x))
    return np.where(x >= 0, 1, power) / (1 + power)


_erf = np.vectorize(math.erf, otypes=[np.float64])
ROOT_PI = 2 / math.sqrt(math.pi)

UNARY: dict[str, tuple[Callable[[Any], Any], Slope]] = {
    "negative": (np.negative, lambda x, y: -1.0),
    "exp": (np.exp, lambda x, y: y),
    "expm1": (np.expm1, lambda x, y: y + 1),
    "log": (np.log, lambda x, y: 1 / x),
    "log1p": (np.log1p, lambda x, y: 1 / (1 + x)),
    "log2": (np.log2, lambda x, y: 1 / (x * math.log(2))),
    "log10": (np.log10, lambda x, y: 1 / (x * math.log(10))),
    "sqrt": (np.sqrt, lambda x, y: 0.5 / y),
    "rsqrt": (lambda x: 1 / np.sqrt(x), lambda x, y: -0.5 * y / x),
    "square": (np.square, lambda x, y: 2 * x),
    "reciprocal": (lambda x: 1 / x, lambda x, y: -y * y),
    "abs": (np.abs, lambda x, y: np.sign(x)),
    "sin": (np.sin, lambda x, y: np.cos(x)),
    "cos": (np.cos, lambda x, y: -np.sin(x)),
    "tan": (np.tan, lambda x, y: 1 + y * y),
    "arcsin": (np.arcsin, lambda x, y: 1 / np.sqrt(1 - x * x)),
    "arccos": (np.arccos, lambda x, y: -1 / np.sqrt(1 - x * x)),
    "arctan": (np.arctan, lambda x, y: 1 / (1 + x * x)),
    "sinh": (np.sinh, lambda x, y: np.cosh(x)),
    "cosh": (np.cosh, lambda x, y: np.sinh(x)),
    "arcsinh": (np.arcsinh, lambda x, y: 1 / np.sqrt(x * x + 1)),
    "arccosh": (np.arccosh, lambda x, y: 1 / np.sqrt(x * x - 1)),
    "arctanh": (np.arctanh, lambda x, y: 1 / (1 - x * x)),
    "erf": (_erf, lambda x, y: ROOT_PI * np.exp(-x * x)),
    "tanh": (np.tanh, lambda x, y: 1 - y * y),
    "sigmoid": (_sigmoid, lambda x, y: y * (1 - y)),
    "relu": (lambda x: np.maximum(x, 0), lambda x, y: (x > 0) * 1.0),
    "softplus": (lambda x: np.logaddexp(x, 0), lambda x, y: _sigmoid(x)),
}
for _name, (_compute, _slope) in UNARY.items():
    _kernel = {"exp": "exponential"}.get(_name, _name if _name in ("tanh", "sigmoid", "relu", "softplus") else "")
    _unary(_name, _compute, _slope, _kernel)



def _of_fractions(function: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Of whole numbers float32 too, as in Keras; NumPy 2.1 leaves them whole."""
    return lambda x: function(x if np.asarray(x).dtype.kind == "f" else np.asarray(x, np.float32))


STEPS: dict[str, Callable[[Any], Any]] = {
    "sign": np.sign, "floor": _of_fractions(np.floor), "ceil": _of_fractions(np.ceil), "round": np.round, "trunc": np.trunc,
    "logical_not": np.logical_not, "isnan": np.isnan, "isinf": np.isinf, "isfinite": np.isfinite,
}  # fmt: skip
"""Flat between jumps: slope 0."""
for _name, _compute in STEPS.items():
    _unary(_name, _compute, None)


def _binary(name: str, compute: Callable[[Any, Any], Any], slopes: Callable[[Any, Any, Any], tuple[Any, Any]] | None) -> Primitive:
    def gradient(g: Any, y: Any, a: Any, b: Any) -> tuple[Any, Any]:
        assert slopes is not None
        left, right = slopes(a, b, y)
        return summed_to(g * left, np.shape(a)), summed_to(g * right, np.shape(b))

    return Primitive(name, compute, None if slopes is None else gradient, elementwise=True)


def _power_slopes(a: Any, b: Any, y: Any) -> tuple[Any, Any]:
    base = np.asarray(a)
    left = np.where(np.asarray(b) == 0, 0, b * np.power(np.where(base == 0, 1, base), np.asarray(b) - 1.0))
    left = np.where((base == 0) & (np.asarray(b) != 0), b * np.power(base, np.maximum(np.asarray(b) - 1.0, 0)), left)
    return left, y * np.log(np.where(base > 0, base, 1))


def _of_greater(a: Any, b: Any, y: Any) -> tuple[Any, Any]:
    return (np.asarray(a) >= b) * 1.0, (np.asarray(a) < b) * 1.0


def _of_smaller(a: Any, b: Any, y: Any) -> tuple[Any, Any]:
    return (np.asarray(a) <= b) * 1.0, (np.asarray(a) > b) * 1.0


def _power(a: Any, b: Any) -> Any:
    whole = np.asarray(a).dtype.kind in "iu" and np.asarray(b).dtype.kind in "iu" and np.any(np.asarray(b) < 0)
    return np.power(np.asarray(a, np.float32) if whole else a, b)


BINARY: dict[str, tuple[Callable[[Any, Any], Any], Callable[[Any, Any, Any], tuple[Any, Any]]]] = {
    "add": (np.add, lambda a, b, y: (1.0, 1.0)),
    "subtract": (np.subtract, lambda a, b, y: (1.0, -1.0)),
    "multiply": (np.multiply, lambda a, b, y: (b, a)),
    "divide": (np.true_divide, lambda a, b, y: (1 / np.asarray(b, np.float32), -y / b)),
    "power": (_power, _power_slopes),
    "maximum": (np.maximum, _of_greater),
    "minimum": (np.minimum, _of_smaller),
    "arctan2": (np.arctan2, lambda a, b, y: (b / (a * a + b * b), -a / (a * a + b * b))),
    "mod": (np.mod, lambda a, b, y: (1.0, -np.floor(np.true_divide(a, b)))),
}
for _name, (_function, _slopes) in BINARY.items():
    _binary(_name, _function, _slopes)

COMPARED: dict[str, Callable[[Any, Any], Any]] = {
    "equal": np.equal, "not_equal": np.not_equal, "less": np.less, "less_equal": np.less_equal, "greater": np.greater,
    "greater_equal": np.greater_equal, "logical_and": np.logical_and, "logical_or": np.logical_or, "logical_xor": np.logical_xor,
    "floor_divide": np.floor_divide,
}  # fmt: skip
for _name, _function in COMPARED.items():
    _binary(_name, _function, None)


def _where_gradient(g: Any, y: Any, condition: Any, a: Any, b: Any) -> tuple[Any, ...]:
    truth = np.asarray(condition) != 0
    return None, summed_to(np.where(truth, g, 0), np.shape(a)), summed_to(np.where(truth, 0, g), np.shape(b))


@primitive(_where_gradient, elementwise=True)
def where(condition: Any, a: Any, b: Any) -> Any:
    return np.where(np.asarray(condition) != 0, a, b)


@primitive(lambda g, y, x, dtype: (g, None), elementwise=True, tensors=slice(1))
def cast(x: Any, dtype: Any) -> Any:
    return np.asarray(x).astype(dtype)


@primitive(None, elementwise=True)
def stop_gradient(x: Any) -> Any:
    return np.array(x)


@primitive(None, elementwise=True)
def zeros_like(x: Any) -> Any:
    return np.zeros_like(x)


@primitive(None, elementwise=True)
def ones_like(x: Any) -> Any:
    return np.ones_like(x)
