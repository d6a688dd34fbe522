"""Runs a layer defined by the user: what it forgets to return or overwrites is reported, not computed with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from inspect import signature
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shapecheck.shapes import Unknown, is_size
from tinyseq.engine.operator import Operator

Array = NDArray[Any]


def readable(arrays: Sequence[Array]) -> tuple[Array, ...]:
    """A read-only view: the numbers belong to the caller or another layer."""
    views = tuple([array.view() for array in arrays])
    for view in views:
        view.flags.writeable = False
    return views


def run(layer: Operator, method: str, function: Callable[..., Any], *arguments: Any) -> Any:
    """function(*arguments), with the layer's name in the error if an array is read-only or the arguments are wrong."""
    try:
        return function(*arguments)
    except TypeError as error:
        problem = _does_not_fit(function, arguments)
        if problem is None:
            raise
        names = ("self, ctx, x", "self, ctx, gradient")[method == "backward"]
        raise TypeError(f"{layer.name}: {type(layer).__name__}.{method} {problem}: write def {method}({names})") from error
    except ValueError as error:
        if "read-only" not in str(error):
            raise
        raise ValueError(
            f"{layer.name}: {method} writes into a read-only array ({error}), which other layers or the caller still "
            f"need: copy first, x = x.copy()"
        ) from error


def _does_not_fit(function: Callable[..., Any], arguments: Sequence[Any]) -> str | None:
    """Why the function cannot be called with these arguments; None if it can, and the error came from inside."""
    try:
        signature(function).bind(*arguments)
    except TypeError:
        return f"is called with {len(arguments)} arguments besides self and does not accept them"
    return None


def check_asked(layer: Operator, trained: Sequence[str], asked: set[str]) -> None:
    """Raises ValueError if backward omitted a trainable weight, which would never learn."""
    forgotten = [name for name in trained if name not in asked]
    if forgotten:
        name = forgotten[0]
        raise ValueError(
            f"{layer.name}: {type(layer).__name__}.backward never reads ctx.gradient({name!r}), so {name} would not learn: add "
            f"its gradient, ctx.gradient({name!r})[...] += ..., or make it with add_weight(..., trainable=False)"
        )


def nothing_returned(layer: Operator) -> ValueError:
    """forward returned None."""
    return ValueError(
        f"{layer.name}: {type(layer).__name__}.forward returned None: end it with `return` and the output (after writing "
        f"into ctx.output: `return ctx.output`)"
    )


def check_gradients(layer: Operator, result: Any, wanted: Sequence[Array | None]) -> None:
    """Raises ValueError if backward returned nothing for an input whose gradient is needed."""
    results = result if isinstance(result, (tuple, list)) else (result,)
    for i, place in enumerate(wanted):
        if place is not None and (i >= len(results) or results[i] is None):
            which = "" if len(wanted) == 1 else f" for input {i} of {len(wanted)}"
            raise ValueError(
                f"{layer.name}: {type(layer).__name__}.backward returned None{which}: end it with `return` and the gradient of "
                f"the input (after writing into ctx.input_gradient({i or ''}): return that)"
            )


def output_shapes(layer: Operator, result: Any) -> list[tuple[Any, ...]]:
    """The result of output_shape, as one tuple for each output. TypeError if it is not a shape."""
    if isinstance(result, (tuple, list)):
        several = bool(result) and all(isinstance(item, (tuple, list)) for item in result)
        shapes = [tuple(item) for item in result] if several else [tuple(result)]
        if all(size is None or isinstance(size, Unknown) or is_size(size) for shape in shapes for size in shape):
            return shapes
    raise TypeError(
        f"{layer.name}: {type(layer).__name__}.output_shape returned {_shown(result)}: return a tuple of sizes, batch axis "
        f"first, such as return (input_shape[0], 10)"
    )


def _shown(result: Any) -> str:
    if result is None:
        return "None (is a `return` missing?)"
    return f"an array of shape {result.shape}" if isinstance(result, np.ndarray) else repr(result)[:80]
