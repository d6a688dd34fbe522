"""Reductions and running functions along axes: mean, var, norm, cumsum, sort."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from tinyseq.layers.tensor_functions.calling import apply
from tinyseq.layers.tensor_functions.composed.conversion import cast
from tinyseq.layers.tensor_functions.composed.registry import FUNCTIONS, axes_of, public, shape_of


def _reduction(name: str, words: str) -> Callable[..., Any]:
    def function(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
        return apply(name, x, axes_of(axis), keepdims)

    function.__name__ = function.__qualname__ = name
    described = "    x: a tensor or array\n    axis: an axis or several; None: all\n    keepdims: True: keep them, with size 1"
    function.__doc__ = f"{words}\n\nArguments:\n{described}"
    FUNCTIONS[name] = function
    return function


sum_ = _reduction("sum", "The sum along axes.")
mean = _reduction("mean", "The mean along axes.")
max_ = _reduction("max", "The greatest along axes.")
min_ = _reduction("min", "The least along axes.")
_reduction("prod", "The product along axes.")
_reduction("any", "Whether one along axes is not 0.")
_reduction("all", "Whether all along axes are not 0.")
_reduction("argmax", "The place of the greatest along an axis.")
_reduction("argmin", "The place of the least along an axis.")
FUNCTIONS.update(amax=max_, amin=min_)


@public
def var(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """The variance along axes, of the numbers as they are (not of a sample).

    Arguments:
        x: a tensor or array
        axis: an axis or several; None: all
        keepdims: True: keep them, with size 1
    """
    return mean(apply("square", apply("subtract", x, mean(x, axis, True))), axis, keepdims)


@public
def std(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """The root of the variance along axes.

    Arguments:
        x: a tensor or array
        axis: an axis or several; None: all
        keepdims: True: keep them, with size 1
    """
    return apply("sqrt", var(x, axis, keepdims))


@public
def moments(x: Any, axes: Any, keepdims: bool = False, synchronized: bool = False) -> Any:
    """(mean, variance) along axes.

    Arguments:
        x: a tensor or array
        axes: an axis or several
        keepdims: True: keep them, with size 1
        synchronized: of several machines; changes nothing here
    """
    return mean(x, axes, keepdims), var(x, axes, keepdims)


@public
def logsumexp(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """log of the sum of exp along axes, without overflow.

    Arguments:
        x: a tensor or array
        axis: an axis or several; None: all
        keepdims: True: keep them, with size 1
    """
    most = apply("stop_gradient", max_(x, axis, True))
    found = apply("add", apply("log", sum_(apply("exp", apply("subtract", x, most)), axis, True)), most)
    if keepdims:
        return found
    axes = list(range(len(shape_of(x)))) if axis is None else axes_of(axis)
    return apply("squeeze", found, axes)


@public
def norm(x: Any, ord: Any = None, axis: Any = None, keepdims: bool = False) -> Any:
    """The length of vectors along an axis, or the norm of matrices along two: the root of the sum of squares, or another order.

    Arguments:
        x: a tensor or array
        ord: None: the root of the sum of squares; of vectors 2: the same, 1: the sum of absolute values, math.inf: the greatest; of
            matrices "fro": as None, 1: the greatest sum of a column, math.inf: that of a row
        axis: an axis or several; None: all
        keepdims: True: keep them, with size 1
    """
    axes = list(range(len(shape_of(x)))) if axis is None else axes_of(axis)
    if isinstance(axes, list) and len(axes) > 1 and ord not in (None, "fro", "euclidean"):
        return _norm_of_matrices(x, ord, axes, keepdims)
    if ord in (None, 2, "fro", "euclidean"):
        return apply("sqrt", sum_(apply("square", x), axis, keepdims))
    if ord == 1:
        return sum_(apply("abs", x), axis, keepdims)
    if ord == math.inf:
        return max_(apply("abs", x), axis, keepdims)
    if isinstance(ord, (int, float)) and ord > 0:
        return apply("power", sum_(apply("power", apply("abs", x), ord), axis, keepdims), 1 / ord)
    raise ValueError(f"ops.norm: ord={ord!r} is not computed: take 1, 2, math.inf or another positive number")


def _norm_of_matrices(x: Any, ord: Any, axes: list[int], keepdims: bool) -> Any:
    """Rows are along the first of two axes, columns along the second."""
    if len(axes) != 2:
        raise ValueError(f"ops.norm: ord={ord!r} is for one axis or two, got {len(axes)}: pass axis=, or leave ord out")
    if ord not in (1, math.inf):
        raise NotImplementedError(f"ops.norm: ord={ord!r} over two axes is not computed: take 1, math.inf or 'fro', or one axis")
    first, second = axes if ord == 1 else axes[::-1]
    found = max_(sum_(apply("abs", x), first, True), second, True)
    return found if keepdims else apply("squeeze", found, axes)


@public
def normalize(x: Any, axis: Any = -1, order: int = 2, epsilon: float = 1e-7) -> Any:
    """x divided by its length along an axis.

    Arguments:
        x: a tensor or array
        axis: an axis or several
        order: of the length, 2: the usual one
        epsilon: the least length by which is divided
    """
    if order == 2:
        return apply("multiply", x, apply("minimum", apply("rsqrt", sum_(apply("square", x), axis, True)), 1 / epsilon))
    return apply("divide", x, apply("maximum", norm(x, order, axis, True), epsilon))


@public
def cumsum(x: Any, axis: Any = None, dtype: Any = None) -> Any:
    """Running sums along an axis.

    Arguments:
        x: a tensor or array
        axis: the axis; None: of all numbers in a row
        dtype: kind of numbers; None: as they are
    """
    return apply("cumsum", x if dtype is None else cast(x, dtype), axis)


@public
def sort(x: Any, axis: int = -1) -> Any:
    """Numbers in order along an axis.

    Arguments:
        x: a tensor or array
        axis: the axis
    """
    return apply("sort", x, axis)


@public
def argsort(x: Any, axis: int = -1) -> Any:
    """The places of the numbers in order along an axis.

    Arguments:
        x: a tensor or array
        axis: the axis
    """
    return apply("argsort", x, axis)


@public
def count_nonzero(x: Any, axis: Any = None) -> Any:
    """How many along axes are not 0.

    Arguments:
        x: a tensor or array
        axis: an axis or several; None: all
    """
    return apply("count_nonzero", x, axes_of(axis))
