"""Activation functions: relu, gelu, softmax."""

from __future__ import annotations

import math
from typing import Any

from tinyseq.layers.tensor_functions.calling import apply
from tinyseq.layers.tensor_functions.composed.along_axes import logsumexp
from tinyseq.layers.tensor_functions.composed.number_by_number import clip, where
from tinyseq.layers.tensor_functions.composed.registry import FUNCTIONS, public


@public
def sigmoid(x: Any) -> Any:
    """1 / (1 + exp(-x)).

    Arguments:
        x: a tensor or array
    """
    return apply("sigmoid", x)


@public
def relu(x: Any) -> Any:
    """max(x, 0).

    Arguments:
        x: a tensor or array
    """
    return apply("relu", x)


@public
def relu6(x: Any) -> Any:
    """min(max(x, 0), 6).

    Arguments:
        x: a tensor or array
    """
    return clip(x, 0.0, 6.0)


@public
def leaky_relu(x: Any, negative_slope: float = 0.2) -> Any:
    """x above 0, negative_slope x below.

    Arguments:
        x: a tensor or array
        negative_slope: the slope below 0
    """
    return where(apply("greater", x, 0), x, apply("multiply", x, negative_slope))


@public
def elu(x: Any, alpha: float = 1.0) -> Any:
    """x above 0, alpha (exp(x) - 1) below (Clevert et al. 2015).

    Arguments:
        x: a tensor or array
        alpha: minus the limit far below 0
    """
    return where(apply("greater", x, 0), x, apply("multiply", apply("expm1", apply("minimum", x, 0.0)), alpha))


@public
def selu(x: Any) -> Any:
    """elu, scaled so that mean and variance stay (Klambauer et al. 2017).

    Arguments:
        x: a tensor or array
    """
    return apply("multiply", elu(x, 1.6732632423543772), 1.0507009873554805)


@public
def softsign(x: Any) -> Any:
    """x / (1 + |x|).

    Arguments:
        x: a tensor or array
    """
    return apply("divide", x, apply("add", apply("abs", x), 1.0))


@public
def silu(x: Any) -> Any:
    """x sigmoid(x).

    Arguments:
        x: a tensor or array
    """
    return apply("multiply", x, sigmoid(x))


@public
def log_sigmoid(x: Any) -> Any:
    """log(sigmoid(x)).

    Arguments:
        x: a tensor or array
    """
    return apply("negative", apply("softplus", apply("negative", x)))


@public
def hard_sigmoid(x: Any) -> Any:
    """relu6(x + 3) / 6.

    Arguments:
        x: a tensor or array
    """
    return apply("divide", relu6(apply("add", x, 3.0)), 6.0)


@public
def hard_silu(x: Any) -> Any:
    """x hard_sigmoid(x).

    Arguments:
        x: a tensor or array
    """
    return apply("multiply", x, hard_sigmoid(x))


@public
def gelu(x: Any, approximate: bool = True) -> Any:
    """x times the normal distribution at x (Hendrycks & Gimpel 2016).

    Arguments:
        x: a tensor or array
        approximate: True: by tanh, as Keras's function does; False: by erf
    """
    if not approximate:
        return apply("multiply", x, apply("multiply", apply("add", apply("erf", apply("multiply", x, math.sqrt(0.5))), 1.0), 0.5))
    cubic = apply("multiply", apply("add", x, apply("multiply", apply("power", x, 3), 0.044715)), math.sqrt(2 / math.pi))
    return apply("multiply", apply("multiply", x, 0.5), apply("add", apply("tanh", cubic), 1.0))


@public
def softmax(x: Any, axis: Any = -1) -> Any:
    """exp(x) / the sum of exp(x) along an axis.

    Arguments:
        x: a tensor or array
        axis: an axis or several
    """
    return apply("exp", log_softmax(x, axis))


@public
def log_softmax(x: Any, axis: Any = -1) -> Any:
    """log of softmax along an axis.

    Arguments:
        x: a tensor or array
        axis: an axis or several
    """
    return apply("subtract", x, logsumexp(x, axis, True))


FUNCTIONS.update(swish=silu, hard_swish=hard_silu)
