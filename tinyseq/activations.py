"""tinyseq.activations: Keras's activation functions, on arrays and on tensors of a model; `activation=activations.relu` in a layer.

>>> relu([-1.0, 3.0], negative_slope=0.5)
array([-0.5,  3. ], dtype=float32)
"""

from __future__ import annotations

import difflib
from collections.abc import Callable
from typing import Any

from tinyseq import layers, ops
from tinyseq.ops import (  # the same functions, with the same arguments
    elu,
    hard_sigmoid,
    hard_silu,
    leaky_relu,
    log_sigmoid,
    log_softmax,
    relu6,
    selu,
    sigmoid,
    silu,
    softmax,
    softplus,
    softsign,
    tanh,
)

Function = Callable[..., Any]


def linear(x: Any) -> Any:
    """x, unchanged.

    Arguments:
        x: a tensor or array
    """
    return ops.convert_to_tensor(x)


def relu(x: Any, negative_slope: float = 0.0, max_value: float | None = None, threshold: float = 0.0) -> Any:
    """max(x, 0), and its variants: a slope below, a greatest value, a threshold.

    Arguments:
        x: a tensor or array
        negative_slope: the slope below the threshold
        max_value: the greatest result; None: none
        threshold: numbers up to here are 0, or negative_slope (x - threshold)
    """
    positive = ops.relu(x) if threshold == 0 else ops.where(ops.greater(x, threshold), x, 0.0)
    if max_value is not None:
        positive = ops.minimum(positive, max_value)
    if negative_slope == 0:
        return positive
    return ops.add(positive, ops.multiply(ops.minimum(ops.subtract(x, threshold), 0.0), negative_slope))


def celu(x: Any, alpha: float = 1.0) -> Any:
    """x above 0, alpha (exp(x / alpha) - 1) below: slope 1 at 0 for any alpha (Barron 2017).

    Arguments:
        x: a tensor or array
        alpha: minus the limit far below 0
    """
    below = ops.expm1(ops.divide(ops.minimum(x, 0.0), alpha))
    return ops.add(ops.relu(x), ops.multiply(below, alpha))


def gelu(x: Any, approximate: bool = False) -> Any:
    """x times the normal distribution at x (Hendrycks & Gimpel 2016).

    Arguments:
        x: a tensor or array
        approximate: False: by erf; True: by tanh
    """
    return ops.gelu(x, approximate)


def mish(x: Any) -> Any:
    """x tanh(softplus(x)) (Misra 2019).

    Arguments:
        x: a tensor or array
    """
    return ops.multiply(x, ops.tanh(ops.softplus(x)))


def glu(x: Any, axis: int = -1) -> Any:
    """The first half along an axis, times sigmoid of the second (Dauphin et al. 2017).

    Arguments:
        x: a tensor or array
        axis: the axis that is halved
    """
    first, second = ops.split(x, 2, axis)
    return ops.multiply(first, ops.sigmoid(second))


def tanh_shrink(x: Any) -> Any:
    """x - tanh(x).

    Arguments:
        x: a tensor or array
    """
    return ops.subtract(x, ops.tanh(x))


def hard_tanh(x: Any) -> Any:
    """x, but at least -1 and at most 1.

    Arguments:
        x: a tensor or array
    """
    return ops.clip(x, -1.0, 1.0)


def sparse_sigmoid(x: Any) -> Any:
    """(x + 1) / 2, but at least 0 and at most 1.

    Arguments:
        x: a tensor or array
    """
    return ops.clip(ops.multiply(ops.add(x, 1.0), 0.5), 0.0, 1.0)


def hard_shrink(x: Any, threshold: float = 0.5) -> Any:
    """x, but 0 from -threshold to threshold.

    Arguments:
        x: a tensor or array
        threshold: up to which size numbers are 0
    """
    return ops.where(ops.greater(ops.abs(x), threshold), x, 0.0)


def soft_shrink(x: Any, threshold: float = 0.5) -> Any:
    """x, moved towards 0 by threshold, and 0 between.

    Arguments:
        x: a tensor or array
        threshold: how far
    """
    return ops.subtract(ops.relu(ops.subtract(x, threshold)), ops.relu(ops.subtract(ops.negative(x), threshold)))


def threshold(x: Any, threshold: float, default_value: float) -> Any:
    """x above the threshold, default_value elsewhere.

    Arguments:
        x: a tensor or array
        threshold: numbers above it stay
        default_value: in place of all others
    """
    return ops.where(ops.greater(x, threshold), x, default_value)


def squareplus(x: Any, b: float = 4) -> Any:
    """(x + sqrt(x^2 + b)) / 2 (Barron 2021).

    Arguments:
        x: a tensor or array
        b: how round the bend at 0 is
    """
    return ops.multiply(ops.add(x, ops.sqrt(ops.add(ops.square(x), b))), 0.5)


def sparse_plus(x: Any) -> Any:
    """0 up to -1, (x + 1)^2 / 4 up to 1, then x.

    Arguments:
        x: a tensor or array
    """
    bend = ops.multiply(ops.square(ops.add(x, 1.0)), 0.25)
    return ops.where(ops.less_equal(x, -1.0), 0.0, ops.where(ops.less(x, 1.0), bend, x))


def exponential(x: Any) -> Any:
    """exp(x).

    Arguments:
        x: a tensor or array
    """
    return ops.exp(x)


def sparsemax(x: Any, axis: int = -1) -> Any:
    """The nearest probabilities to x along an axis: many are exactly 0 (Martins & Astudillo 2016).

    They sum to 1; those of Keras 3.15 do not: it subtracts the sum of all partial sums, where the paper has the last one.

    Arguments:
        x: a tensor or array
        axis: along which they sum to 1
    """
    size = x.shape[axis] if hasattr(x, "shape") else ops.shape(x)[axis]
    if size is None:
        raise ValueError(f"sparsemax: the size of axis {axis} of {x} is not known: give the input that size")
    falling = ops.negative(ops.sort(ops.negative(x), axis))
    sums = ops.cumsum(falling, axis)
    places = [1] * len(ops.shape(x))
    places[axis] = size
    count = ops.reshape(ops.arange(1, size + 1, dtype="float32"), places)
    inside = ops.greater(ops.add(ops.multiply(falling, count), 1.0), sums)
    total = ops.sum(ops.where(inside, falling, 0.0), axis, True)
    support = ops.sum(ops.cast(inside, "float32"), axis, True)
    return ops.relu(ops.subtract(x, ops.divide(ops.subtract(total, 1.0), support)))


swish, hard_swish = silu, hard_silu
_ALL: tuple[Function, ...] = (
    linear, relu, relu6, leaky_relu, softmax, log_softmax, elu, celu, selu, gelu, silu, mish, glu, tanh, tanh_shrink,
    hard_tanh, sigmoid, hard_sigmoid, log_sigmoid, sparse_sigmoid, hard_silu, hard_shrink, soft_shrink, threshold, softplus,
    softsign, squareplus, sparse_plus, exponential, sparsemax,
)  # fmt: skip
_FUNCTIONS: dict[str, Function] = {
    function.__name__: function
    for function in _ALL
} | {"swish": silu, "hard_swish": hard_silu}

__all__ = sorted([*_FUNCTIONS, "deserialize", "get", "serialize"])


def get(identifier: Any) -> Any:
    """The activation of that name; None: linear; a function or layer as it is. ValueError for anything else.

    Arguments:
        identifier: a name, None, a function, a layer, or a configuration
    """
    if identifier is None:
        return linear
    if isinstance(identifier, (str, dict)):
        return deserialize(identifier)
    if callable(identifier):
        return identifier
    raise ValueError(f"Could not interpret activation function identifier: {identifier!r}: write a name, for example 'relu', or a function")


def serialize(activation: Any) -> Any:
    """The name of an activation of this module, or the configuration of a layer. ValueError for what could not be read back.

    Arguments:
        activation: a function or layer
    """
    name = getattr(activation, "__name__", repr(activation))
    if _FUNCTIONS.get(name) is activation:
        return name
    if isinstance(activation, layers.Layer):
        kind = type(activation)
        if layers.find(kind.__name__) is kind:
            return {"module": "keras.layers", "class_name": kind.__name__, "config": activation.get_config(), "registered_name": None}
    raise ValueError(f"activation {name} cannot be serialized: it is not a function of tinyseq.activations: use one of those, or a layer")


def deserialize(config: Any, custom_objects: dict[str, Any] | None = None) -> Any:
    """The activation that serialize() wrote. ValueError for an unknown one.

    Arguments:
        config: a name, or a configuration with class_name
        custom_objects: functions of your own by their names
    """
    given = custom_objects or {}
    if isinstance(config, dict) and config.get("class_name") == "function":
        config = config.get("config")
    if isinstance(config, dict):
        kind = given.get(str(config.get("class_name"))) or layers.find(str(config.get("class_name")))
        if kind is not None:
            return kind.from_config(config.get("config", {}))
    elif isinstance(config, str) and (config in given or config in _FUNCTIONS):
        return given.get(config) or _FUNCTIONS[config]
    near = difflib.get_close_matches(str(config), [*given, *_FUNCTIONS], 1)
    advice = f"did you mean {near[0]!r}?" if near else "for example, write 'relu'"
    raise ValueError(f"Could not interpret activation function identifier: {config!r}: {advice}")
