"""Which primitives run by kernels in each step, and their calls: functions of one array, of two that broadcast, `where`, sum and mean.

What is in none of these tables (and is no view, no activation, no product of matrices) NumPy computes in each step: BY_NUMPY.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from tinyseq import kernels
from tinyseq.engine.operator import Array, Place, Sizes

if TYPE_CHECKING:
    from tinyseq.engine.context import Context

UNARY = {
    "log": "log", "log1p": "log1p", "sqrt": "sqrt", "rsqrt": "rsqrt", "square": "square", "reciprocal": "reciprocal", "abs": "absolute",
    "sin": "sine", "cos": "cosine",
}  # fmt: skip
"""Kernels y = f(x) in kernels/elementwise/functions.py; with _slope behind the name, their slopes."""
BINARY: dict[str, tuple[tuple[str, str], str, str]] = {
    "add": (("merging", "add"), "same", "same"),
    "subtract": (("merging", "subtract"), "same", "turned"),
    "multiply": (("merging", "multiply"), "times_right", "times_left"),
    "divide": (("functions", "quotient"), "over_right", "of_divisor"),
    "maximum": (("merging", "greatest"), "where_left_is_greater", "where_right_is_greater"),
    "minimum": (("merging", "least"), "where_left_is_less", "where_right_is_less"),
}
"""Kernels y = f(a, b), and those of the slopes of a and of b."""
SUMS = ("sum", "mean")
SIDES = ("first", "second", "third")
BY_NUMPY = (
    "arccos", "arccosh", "arcsin", "arcsinh", "arctan", "arctan2", "arctanh", "argmax", "argmin", "argsort", "all", "any", "cast", "ceil",
    "concatenate", "cosh", "count_nonzero", "cumprod", "cumsum", "einsum", "equal", "erf", "expm1", "extract_patches", "floor",
    "floor_divide", "greater", "greater_equal", "isfinite", "isinf", "isnan", "less", "less_equal", "log10", "log2", "logical_and",
    "logical_not", "logical_or", "logical_xor", "max", "min", "mod", "not_equal", "one_hot", "ones_like", "pad", "power", "prod",
    "repeat", "roll", "round", "scatter", "scatter_update", "segment_max", "segment_min", "segment_sum", "sign", "sinh", "slice_update",
    "sort", "stop_gradient", "take", "take_along_axis", "tan", "tile", "tril", "triu", "trunc", "zeros_like",
)  # fmt: skip
"""Primitives that NumPy computes in each step. All others do so only for arrays of indices, and sums of axes that are no neighbours."""


def parts(operation: Any, inputs: Sequence[Any]) -> list[Any]:
    """The arguments: tensors and arrays, those without axes as (1,), and numbers as arrays (1,)."""
    filled = operation.filled(inputs)
    return [a.reshape(a.shape or (1,)) if isinstance(a, np.ndarray) else np.full((1,), a, np.float32) for a in filled]


def buffers(operation: Any, inputs: tuple[Sizes, ...], output: Sizes) -> tuple[dict[str, Place], dict[str, Place]]:
    """Scratch of forward and of backward: a place for each argument that is spread, and for a slope that is summed."""
    if operation.function not in BINARY and operation.function != "where":
        return {}, {}
    sizes = iter(inputs)
    shapes = [next(sizes) if hasattr(a, "number") else np.shape(a) for a in operation.template]
    spread: dict[str, Place] = {name: (output, np.float32) for name, shape in zip(SIDES, shapes, strict=False) if shape != output}
    summed: dict[str, Place] = {"slope": (output, np.float32)} if spread else {}
    return spread, {**spread, **summed}


def tell(operation: Any, ctx: Context, inputs: Sequence[Array], g: Array | None, dx: Sequence[Any]) -> bool:
    """Tells the calls, forward or (with g) backward. False if there is no kernel for it, and no call."""
    name, y = operation.function, ctx.output
    if name in UNARY:
        functions = kernels.functions
        if g is None:
            ctx.call(getattr(functions, UNARY[name]), inputs[0].reshape(-1), y.reshape(-1))
        elif dx[0] is not None:
            flat = [array.reshape(-1) for array in (g, inputs[0], y, dx[0])]
            ctx.call(getattr(functions, f"{UNARY[name]}_slope"), *flat)
        return True
    if name in SUMS:
        return _sum(operation, ctx, inputs[0], g, dx)
    if name not in BINARY and name != "where":
        return False
    arguments = parts(operation, inputs)
    if any(a.dtype != np.float32 for a in arguments):
        return False
    spread = [_spread(ctx, side, a, y.shape) for side, a in zip(SIDES, arguments, strict=False)]
    if g is None:
        if name == "where":
            ctx.call(kernels.functions.choose, *spread, y.reshape(-1))
        else:
            room, kernel = BINARY[name][0]
            ctx.call(getattr(getattr(kernels, room), kernel), *spread, y.reshape(-1))
        return True
    places = iter(dx)
    for side, argument in enumerate(operation.template):
        place = next(places) if hasattr(argument, "number") else None
        if place is not None:
            _slope(operation, ctx, side, spread, g, place)
    return True


def _spread(ctx: Context, side: str, array: Array, shape: Sizes) -> Array:
    """An argument as large as the output, flat."""
    if array.shape == (shape or (1,)):
        return array.reshape(-1)
    place: Array = ctx.scratch(side)
    ctx.call(kernels.strided_copy.copy, array, np.broadcast_to(array, shape), place, place)
    return place.reshape(-1)


def _slope(operation: Any, ctx: Context, side: int, spread: Sequence[Array], g: Array, place: Array) -> None:
    """The gradient of one argument, summed where it was spread."""
    if operation.function == "where" and side == 0:
        ctx.call(kernels.copying.clear_all, place)
        return
    whole = place if place.shape == g.shape else ctx.scratch("slope")
    if operation.function == "where":
        ctx.call(kernels.functions.chosen, g.reshape(-1), spread[0], side == 1, whole.reshape(-1))
    else:
        _, *slopes = BINARY[operation.function]
        kernel = getattr(kernels.functions, str(slopes[side]))
        ctx.call(kernel, g.reshape(-1), *spread, ctx.output.reshape(-1), whole.reshape(-1))
    if whole is not place:
        ctx.call(kernels.merging.sum_repeated, whole, place.reshape(place.shape or (1,)))


def _sum(operation: Any, ctx: Context, x: Array, g: Array | None, dx: Sequence[Any]) -> bool:
    """Sum and mean along axes that are neighbours."""
    axis = operation.template[1]
    axes = sorted({a % x.ndim for a in (range(x.ndim) if axis is None else [axis] if isinstance(axis, int) else axis)})
    if not axes or axes != list(range(axes[0], axes[-1] + 1)):
        return False
    outer, size, inner = (math.prod(x.shape[part]) for part in (slice(axes[0]), slice(axes[0], axes[-1] + 1), slice(axes[-1] + 1, None)))
    factor = 1.0 if operation.function == "sum" else 1.0 / size
    if g is None:
        ctx.call(kernels.functions.sum_along, x.reshape(-1), outer, size, inner, factor, ctx.output.reshape(-1))
    elif dx[0] is not None:
        ctx.call(kernels.functions.spread_along, g.reshape(-1), outer, size, inner, factor, dx[0].reshape(-1))
    return True
