"""Arrays of given numbers: zeros, arange, one_hot."""

from __future__ import annotations

from typing import Any

import numpy as np

from tinyseq.layers.tensor_functions.calling import apply
from tinyseq.layers.tensor_functions.composed.conversion import cast
from tinyseq.layers.tensor_functions.composed.open_sizes import filled
from tinyseq.layers.tensor_functions.composed.registry import public


@public
def zeros(shape: Any, dtype: Any = None) -> Any:
    """An array of 0.

    Arguments:
        shape: sizes; in call() the first may be ops.shape(x)[0]
        dtype: kind of numbers; None: float32
    """
    tensor = filled("zeros", shape, 0, dtype)
    return np.zeros(shape, dtype or "float32") if tensor is None else tensor


@public
def ones(shape: Any, dtype: Any = None) -> Any:
    """An array of 1.

    Arguments:
        shape: sizes; in call() the first may be ops.shape(x)[0]
        dtype: kind of numbers; None: float32
    """
    tensor = filled("ones", shape, 1, dtype)
    return np.ones(shape, dtype or "float32") if tensor is None else tensor


@public
def full(shape: Any, fill_value: Any, dtype: Any = None) -> Any:
    """An array of one number.

    Arguments:
        shape: sizes; in call() the first may be ops.shape(x)[0]
        fill_value: the number
        dtype: kind of numbers; None: float32
    """
    tensor = filled("full", shape, fill_value, dtype)
    return np.full(shape, fill_value, dtype or "float32") if tensor is None else tensor


@public
def eye(N: int, M: int | None = None, k: int = 0, dtype: Any = None) -> Any:
    """A matrix with 1 on a diagonal.

    Arguments:
        N: rows
        M: columns; None: as many
        k: which diagonal
        dtype: kind of numbers; None: float32
    """
    return np.eye(N, M, k, dtype or "float32")


@public
def arange(start: Any, stop: Any = None, step: Any = None, dtype: Any = None) -> Any:
    """Numbers in a row: arange(stop), or from start to stop by step.

    Arguments:
        start: the first; alone: where it stops, from 0
        stop: where it stops, not included
        step: from one to the next; None: 1
        dtype: kind of numbers; None: int32, float32 for fractions
    """
    found = np.arange(start) if stop is None else np.arange(start, stop, 1 if step is None else step)
    return found.astype(dtype or ("float32" if found.dtype.kind == "f" else "int32"))


@public
def linspace(start: Any, stop: Any, num: int = 50, endpoint: bool = True, retstep: bool = False, dtype: Any = None) -> Any:
    """Numbers at equal distances.

    Arguments:
        start: the first
        stop: the last
        num: how many
        endpoint: False: leave the last out
        retstep: of Keras, not computed: leave it out
        dtype: kind of numbers; None: float32
    """
    if retstep:
        raise NotImplementedError("ops.linspace: retstep=True is not computed: leave it out")
    return np.linspace(start, stop, num, endpoint).astype(dtype or "float32")


@public
def zeros_like(x: Any, dtype: Any = None) -> Any:
    """0 in the same shape.

    Arguments:
        x: a tensor or array
        dtype: kind of numbers; None: as x
    """
    return apply("zeros_like", x) if dtype is None else cast(apply("zeros_like", x), dtype)


@public
def ones_like(x: Any, dtype: Any = None) -> Any:
    """1 in the same shape.

    Arguments:
        x: a tensor or array
        dtype: kind of numbers; None: as x
    """
    return apply("ones_like", x) if dtype is None else cast(apply("ones_like", x), dtype)


@public
def full_like(x: Any, fill_value: Any, dtype: Any = None) -> Any:
    """A number in the same shape.

    Arguments:
        x: a tensor or array
        fill_value: the number
        dtype: kind of numbers; None: as x
    """
    zeros = zeros_like(x, dtype)
    return cast(apply("add", zeros, fill_value), zeros.dtype)


@public
def one_hot(x: Any, num_classes: int, axis: int = -1, dtype: Any = None, sparse: bool = False) -> Any:
    """1 at the place that each number names, 0 elsewhere.

    Arguments:
        x: whole numbers
        num_classes: how many places
        axis: where the new axis is
        dtype: kind of numbers; None: float32
        sparse: of Keras, not computed: leave it out
    """
    if sparse:
        raise NotImplementedError("ops.one_hot: sparse=True is not computed: leave it out")
    return apply("one_hot", x, num_classes, axis, np.dtype(dtype or "float32").name)
