"""More of NumPy's functions, out of those that are there: average, median, diff, hstack, nan_to_num."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from tinyseq.layers.tensor_functions.calling import apply, is_symbolic
from tinyseq.layers.tensor_functions.composed.along_axes import max_, mean, min_, sum_
from tinyseq.layers.tensor_functions.composed.linear_algebra import diagonal, tensordot
from tinyseq.layers.tensor_functions.composed.number_by_number import divide_no_nan, where
from tinyseq.layers.tensor_functions.composed.parts import concatenate, getitem
from tinyseq.layers.tensor_functions.composed.registry import public, shape_of
from tinyseq.layers.tensor_functions.composed.shapes import reshape


@public
def average(x: Any, axis: Any = None, weights: Any = None) -> Any:
    """The mean along axes, with a weight for each number.

    Arguments:
        x: a tensor or array
        axis: an axis or several; None: all
        weights: of the shape of x, or along the one axis; None: 1
    """
    if weights is None:
        return mean(x, axis)
    if len(shape_of(weights)) == 1 and isinstance(axis, int) and len(shape_of(x)) > 1:
        sizes = [1] * len(shape_of(x))
        sizes[axis] = -1
        weights = reshape(weights, sizes)
    ones = apply("ones_like", apply("stop_gradient", x))
    return apply("divide", sum_(apply("multiply", x, weights), axis), sum_(apply("multiply", ones, weights), axis))


def _sorted_at(x: Any, places: list[int], axis: int) -> list[Any]:
    order = apply("sort", x, axis)
    before = (slice(None),) * (axis % len(shape_of(x)))
    return [getitem(order, (*before, slice(place, place + 1))) for place in places]


@public
def quantile(x: Any, q: float, axis: int | None = None, method: str = "linear", keepdims: bool = False) -> Any:
    """The number below which a share q of the numbers along an axis lies, between neighbours on a straight line.

    Arguments:
        x: a tensor or array
        q: a number from 0 to 1; of arrays also several
        axis: an axis of known size; None: all numbers
        method: "linear"; of arrays all of NumPy's
        keepdims: True: keep the axis, with size 1
    """
    if not is_symbolic(x):
        found = np.quantile(np.asarray(x), q, axis, method=method, keepdims=keepdims)  # type: ignore[call-overload]
        return np.asarray(found, np.float32)
    if method != "linear" or not isinstance(q, (int, float)) or not 0 <= q <= 1:
        raise NotImplementedError(f"ops.quantile: q={q!r}, method={method!r} of a tensor: write one q from 0 to 1 and method='linear'")
    flat, place = (reshape(x, (-1,)), 0) if axis is None else (x, axis)
    size = shape_of(flat)[place]
    if size is None:
        raise ValueError("ops.quantile: the numbers of all samples together have no known count: take an axis of each sample, axis=1")
    exact = q * (size - 1)
    low = math.floor(exact)
    first, second = _sorted_at(flat, [low, min(low + 1, size - 1)], place)
    found = apply("add", apply("multiply", first, 1 - (exact - low)), apply("multiply", second, exact - low))
    return found if keepdims and axis is not None else apply("squeeze", found, place)


@public
def median(x: Any, axis: int | None = None, keepdims: bool = False) -> Any:
    """The number in the middle along an axis.

    Arguments:
        x: a tensor or array
        axis: an axis of known size; None: all numbers
        keepdims: True: keep the axis, with size 1
    """
    return quantile(x, 0.5, axis, "linear", keepdims)


@public
def ptp(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """The greatest minus the least along axes.

    Arguments:
        x: a tensor or array
        axis: an axis or several; None: all
        keepdims: True: keep them, with size 1
    """
    return apply("subtract", max_(x, axis, keepdims), min_(x, axis, keepdims))


@public
def diff(a: Any, n: int = 1, axis: int = -1) -> Any:
    """Differences of neighbours along an axis.

    Arguments:
        a: a tensor or array
        n: how often
        axis: the axis
    """
    before = (slice(None),) * (axis % len(shape_of(a)))
    for _ in range(n):
        a = apply("subtract", getitem(a, (*before, slice(1, None))), getitem(a, (*before, slice(None, -1))))
    return a


@public
def append(x1: Any, x2: Any, axis: int | None = None) -> Any:
    """x2 after x1 along an axis.

    Arguments:
        x1: a tensor or array
        x2: another
        axis: the axis; None: of all numbers in a row
    """
    if axis is None:
        return concatenate([reshape(x1, (-1,)), reshape(x2, (-1,))], 0)
    return concatenate([x1, x2], axis)


@public
def hstack(xs: Any) -> Any:
    """Side by side along the second axis; of vectors along their only one.

    Arguments:
        xs: a list of tensors or arrays
    """
    return concatenate(xs, 0 if len(shape_of(xs[0])) < 2 else 1)


@public
def vstack(xs: Any) -> Any:
    """One below the other along the first axis; vectors become rows.

    Arguments:
        xs: a list of tensors or arrays
    """
    return concatenate([reshape(x, (1, -1)) if len(shape_of(x)) < 2 else x for x in xs], 0)


@public
def nan_to_num(x: Any, nan: float = 0.0, posinf: float | None = None, neginf: float | None = None) -> Any:
    """Numbers in place of NaN and infinity.

    Arguments:
        x: a tensor or array
        nan: in place of NaN
        posinf: in place of infinity; None: the greatest float32
        neginf: in place of minus infinity; None: the least
    """
    most = float(np.finfo(np.float32).max)
    found = where(apply("isnan", x), nan, x)
    found = where(apply("equal", found, np.inf), most if posinf is None else posinf, found)
    return where(apply("equal", found, -np.inf), -most if neginf is None else neginf, found)


@public
def logaddexp(x1: Any, x2: Any) -> Any:
    """log(exp(x1) + exp(x2)), without overflow.

    Arguments:
        x1: a tensor, array or number
        x2: another
    """
    apart = apply("subtract", x1, x2)
    found = apply("add", apply("maximum", x1, x2), apply("log1p", apply("exp", apply("negative", apply("abs", apart)))))
    return where(apply("isnan", apart), apply("add", x1, x2), found)  # of equal infinities


@public
def exp2(x: Any) -> Any:
    """2 to the power of each number.

    Arguments:
        x: a tensor or array
    """
    return apply("exp", apply("multiply", x, math.log(2)))


@public
def hypot(x1: Any, x2: Any) -> Any:
    """sqrt(x1^2 + x2^2), without overflow.

    Arguments:
        x1: a tensor, array or number
        x2: another
    """
    one, other = apply("abs", x1), apply("abs", x2)
    most = apply("maximum", one, other)
    share = divide_no_nan(apply("minimum", one, other), most)
    return apply("multiply", most, apply("sqrt", apply("add", apply("square", share), 1.0)))


@public
def inner(x1: Any, x2: Any) -> Any:
    """Products summed over the last axis of both.

    Arguments:
        x1: a tensor or array
        x2: another
    """
    return tensordot(x1, x2, [[len(shape_of(x1)) - 1], [len(shape_of(x2)) - 1]])


@public
def trace(x: Any, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Any:
    """The sum of the diagonal of two axes.

    Arguments:
        x: a tensor or array
        offset: how far from the main diagonal, to the right
        axis1: one axis
        axis2: the other
    """
    return sum_(diagonal(x, offset, axis1, axis2), -1)


@public
def isclose(x1: Any, x2: Any, rtol: float = 1e-5, atol: float = 1e-8, equal_nan: bool = False) -> Any:
    """Whether |x1 - x2| <= atol + rtol |x2|, for each pair.

    Arguments:
        x1: a tensor, array or number
        x2: another
        rtol: relative to x2
        atol: absolute
        equal_nan: True: two NaN are close
    """
    limit = apply("add", apply("multiply", apply("abs", x2), rtol), atol)
    near = apply("less_equal", apply("abs", apply("subtract", x1, x2)), limit)
    near = apply("logical_or", near, apply("equal", x1, x2))
    return apply("logical_or", near, apply("logical_and", apply("isnan", x1), apply("isnan", x2))) if equal_nan else near


@public
def select(condlist: Any, choicelist: Any, default: Any = 0) -> Any:
    """Of each place the choice whose condition is the first that holds.

    Arguments:
        condlist: a list of truth values
        choicelist: as many tensors, arrays or numbers
        default: where no condition holds
    """
    found = default
    for condition, choice in reversed(list(zip(condlist, choicelist, strict=True))):
        found = where(condition, choice, found)
    return found
