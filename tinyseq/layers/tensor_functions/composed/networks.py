"""Functions of networks: top_k, normalizations, attention, labels as rows."""

from __future__ import annotations

import math
from typing import Any

from tinyseq.layers.tensor_functions.calling import apply
from tinyseq.layers.tensor_functions.composed.activations import softmax
from tinyseq.layers.tensor_functions.composed.along_axes import argsort, max_, mean, moments, sum_
from tinyseq.layers.tensor_functions.composed.creation import one_hot
from tinyseq.layers.tensor_functions.composed.linear_algebra import einsum
from tinyseq.layers.tensor_functions.composed.number_by_number import where
from tinyseq.layers.tensor_functions.composed.parts import getitem, take_along_axis
from tinyseq.layers.tensor_functions.composed.registry import public, shape_of
from tinyseq.layers.tensor_functions.composed.shapes import expand_dims, reshape


@public
def top_k(x: Any, k: int, sorted: bool = True) -> Any:
    """(values, indices) of the k greatest numbers along the last axis; of equal ones the first.

    Arguments:
        x: a tensor or array
        k: how many
        sorted: the greatest first; they always are
    """
    size = shape_of(x)[-1]
    if size is not None and not 0 < k <= size:
        raise ValueError(f"ops.top_k: k={k} of {size} numbers: write k=1 to {size}")
    order = argsort(apply("negative", x))
    places = getitem(order, (Ellipsis, slice(k)))
    return take_along_axis(x, places, -1), places


@public
def in_top_k(targets: Any, predictions: Any, k: int) -> Any:
    """Whether the target of each row is among its k greatest predictions.

    Arguments:
        targets: (samples,) whole numbers
        predictions: (samples, classes)
        k: how many count
    """
    own = take_along_axis(predictions, expand_dims(targets, -1), -1)
    above = sum_(apply("cast", apply("greater", predictions, own), "float32"), -1)
    return apply("less", above, k)


@public
def multi_hot(inputs: Any, num_classes: int | None = None, axis: int = -1, dtype: Any = None, sparse: bool = False) -> Any:
    """1 at each place that a row names, 0 elsewhere.

    Arguments:
        inputs: whole numbers, (samples, most) or (most,)
        num_classes: how many places
        axis: where the classes are
        dtype: kind of numbers; None: float32
        sparse: of Keras, not computed: leave it out
    """
    if num_classes is None:
        raise ValueError("ops.multi_hot: num_classes=None: pass the number of classes")
    rows = one_hot(inputs, num_classes, axis, dtype, sparse)
    return max_(rows, 1 if len(shape_of(inputs)) > 1 else 0)


@public
def batch_normalization(
    x: Any, mean: Any, variance: Any, axis: int, offset: Any = None, scale: Any = None, epsilon: float = 1e-3
) -> Any:  # fmt: skip
    """(x - mean) / sqrt(variance + epsilon) * scale + offset.

    Arguments:
        x: a tensor or array
        mean: a number for each place along the axis
        variance: the same
        axis: along which x is normalized
        offset: the same, added; None: 0
        scale: the same, multiplied; None: 1
        epsilon: added to the variance
    """
    sizes = [1] * len(shape_of(x))
    sizes[axis] = shape_of(x)[axis]
    factor = apply("rsqrt", apply("add", reshape(variance, sizes), epsilon))
    found = apply("multiply", apply("subtract", x, reshape(mean, sizes)), factor)
    found = found if scale is None else apply("multiply", found, reshape(scale, sizes))
    return found if offset is None else apply("add", found, reshape(offset, sizes))


def _along(x: Any, axis: Any) -> list[int]:
    """An axis or several as a list, counted from the first."""
    axes = [axis] if isinstance(axis, int) else list(axis)
    return [one % len(shape_of(x)) for one in axes]


def _spread(x: Any, weight: Any, axes: list[int]) -> Any:
    sizes = [size if place in axes else 1 for place, size in enumerate(shape_of(x))]
    return reshape(weight, sizes)


@public
def layer_normalization(x: Any, gamma: Any = None, beta: Any = None, axis: Any = -1, epsilon: float | None = None, **options: Any) -> Any:
    """x with mean 0 and variance 1 along axes, times gamma, plus beta.

    Arguments:
        x: a tensor or array
        gamma: multiplied; None: 1
        beta: added; None: 0
        axis: an axis or several
        epsilon: added to the variance; None: 1e-7
    """
    if options and options != {"rms_scaling": False}:  # which Keras writes into files
        raise TypeError(f"ops.layer_normalization: unknown arguments {sorted(options)}: leave them out; for the root use rms_normalization")
    axes = _along(x, axis)
    middle, spread = moments(x, axes, keepdims=True)
    found = apply("multiply", apply("subtract", x, middle), apply("rsqrt", apply("add", spread, 1e-7 if epsilon is None else epsilon)))
    found = found if gamma is None else apply("multiply", found, _spread(x, gamma, axes))
    return found if beta is None else apply("add", found, _spread(x, beta, axes))


@public
def rms_normalization(x: Any, scale: Any = None, axis: Any = -1, epsilon: float | None = None) -> Any:
    """x over the root of its mean square along axes, times scale.

    Arguments:
        x: a tensor or array
        scale: multiplied; None: 1
        axis: an axis or several
        epsilon: added to the mean square; None: 1e-7
    """
    axes = _along(x, axis)
    squares = mean(apply("square", x), axes, True)
    found = apply("multiply", x, apply("rsqrt", apply("add", squares, 1e-7 if epsilon is None else epsilon)))
    return found if scale is None else apply("multiply", found, _spread(x, scale, axes))


@public
def dot_product_attention(
    query: Any, key: Any, value: Any, bias: Any = None, mask: Any = None, scale: float | None = None, is_causal: bool = False,
    flash_attention: Any = None, attn_logits_soft_cap: float | None = None,
) -> Any:  # fmt: skip
    """softmax(query key^T scale + bias) value, for each head.

    Arguments:
        query: (samples, steps, heads, size)
        key: (samples, other steps, heads, size)
        value: as key
        bias: added to the scores (samples, heads, steps, other steps); None: 0
        mask: truth values of that shape: False: a step is left out
        scale: None: 1 / sqrt(size)
        is_causal: True: later steps are left out
        flash_attention: of Keras, changes nothing
        attn_logits_soft_cap: of Keras, not computed: leave it out
    """
    if attn_logits_soft_cap is not None:
        raise NotImplementedError("ops.dot_product_attention: attn_logits_soft_cap= is not computed: leave it out")
    factor = 1 / math.sqrt(shape_of(query)[-1]) if scale is None else scale
    scores = apply("multiply", einsum("btnh,bsnh->bnts", query, key), factor)
    scores = scores if bias is None else apply("add", scores, bias)
    if is_causal:
        steps, others = shape_of(query)[1], shape_of(key)[1]
        if steps is None or others is None:
            raise ValueError("ops.dot_product_attention: is_causal=True needs a known number of steps: give Input a whole shape")
        earlier = [[[[float(j <= i) for j in range(others)] for i in range(steps)]]]
        scores = where(earlier, scores, -1e9)
    scores = scores if mask is None else where(mask, scores, -1e9)
    return einsum("bnts,bsnh->btnh", softmax(scores), value)


