"""Functions of single numbers and of pairs: sqrt, add, clip, where. Primitives that need nothing more have their names here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tinyseq.layers.tensor_functions.calling import apply
from tinyseq.layers.tensor_functions.composed.registry import FUNCTIONS, public
from tinyseq.layers.tensor_functions.elementwise import BINARY, COMPARED, STEPS, UNARY


def _unary(name: str, words: str) -> Callable[[Any], Any]:
    def function(x: Any) -> Any:
        return apply(name, x)

    function.__name__ = function.__qualname__ = name
    function.__doc__ = f"{words}\n\nArguments:\n    x: a tensor or array"
    return function


def _binary(name: str, words: str) -> Callable[[Any, Any], Any]:
    def function(x1: Any, x2: Any) -> Any:
        return apply(name, x1, x2)

    function.__name__ = function.__qualname__ = name
    function.__doc__ = f"{words}\n\nArguments:\n    x1: a tensor, array or number\n    x2: another, of a shape that fits by broadcasting"
    return function


FUNCTIONS.update({name: _unary(name, f"{name} of each number.") for name in (*UNARY, *STEPS) if name not in ("sigmoid", "relu")})
FUNCTIONS.update({name: _binary(name, f"{name} of each pair of numbers.") for name in (*BINARY, *COMPARED)})
FUNCTIONS.update(absolute=FUNCTIONS["abs"], true_divide=FUNCTIONS["divide"], remainder=FUNCTIONS["mod"])


@public
def where(condition: Any, x1: Any = None, x2: Any = None) -> Any:
    """x1 where the condition holds, x2 elsewhere.

    Arguments:
        condition: truth values
        x1: a tensor, array or number
        x2: another
    """
    if x1 is None or x2 is None:
        raise ValueError("ops.where: pass x1 and x2: where(condition, x1, x2); places alone have no shape that is known before")
    return apply("where", condition, x1, x2)


@public
def round_(x: Any, decimals: int = 0) -> Any:
    """The nearest number of so many decimals; of two equally near ones the even one.

    Arguments:
        x: a tensor or array
        decimals: how many digits after the point; negative: tens, hundreds
    """
    if not decimals:
        return apply("round", x)
    return apply("divide", apply("round", apply("multiply", x, float(10**decimals))), float(10**decimals))


@public
def clip(x: Any, x_min: Any, x_max: Any) -> Any:
    """Numbers held between two bounds.

    Arguments:
        x: a tensor or array
        x_min: the least
        x_max: the greatest
    """
    return apply("minimum", apply("maximum", x, x_min), x_max)


@public
def divide_no_nan(x1: Any, x2: Any) -> Any:
    """x1 / x2, and 0 where x2 is 0.

    Arguments:
        x1: a tensor, array or number
        x2: another
    """
    zero = apply("equal", x2, 0)
    return where(zero, 0.0, apply("divide", x1, where(zero, 1.0, x2)))


@public
def squared_difference(x1: Any, x2: Any) -> Any:
    """(x1 - x2)^2.

    Arguments:
        x1: a tensor, array or number
        x2: another
    """
    return apply("square", apply("subtract", x1, x2))


@public
def stop_gradient(variable: Any) -> Any:
    """The same numbers; no gradient goes through.

    Arguments:
        variable: a tensor or array
    """
    return apply("stop_gradient", variable)
