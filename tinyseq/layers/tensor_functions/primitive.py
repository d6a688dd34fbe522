"""Primitive: a function of arrays with its gradient, both in NumPy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Gradient = Callable[..., Any]
"""gradient(g, y, *arguments) -> one gradient for each argument, None for what has none. g: that of the output y."""

PRIMITIVES: dict[str, Primitive] = {}
"""By name."""


class Primitive:
    """`elementwise`: broadcasts its arguments and works number by number. `view`: its result is a view of its first argument.
    `activation`: the name in the kernels' table of activations. `nondifferentiable`: its gradient is 0 everywhere."""

    def __init__(
        self, name: str, compute: Callable[..., Any], gradient: Gradient | None, elementwise: bool = False, view: bool = False,
        activation: str = "", tensors: slice | None = None,
    ) -> None:  # fmt: skip
        self.name = name
        self.compute = compute
        self.gradient = gradient
        self.elementwise = elementwise
        self.view = view
        self.activation = activation
        self.tensors = tensors if tensors is not None else slice(None) if elementwise else slice(1)
        """Which arguments may be tensors; the others are plain data."""
        PRIMITIVES[name] = self

    def __repr__(self) -> str:
        return f"<primitive {self.name}>"


def primitive(gradient: Gradient | None = None, **kinds: Any) -> Callable[[Callable[..., Any]], Primitive]:
    """Makes a primitive of a NumPy function; gradient None: no gradient goes through."""

    def make(compute: Callable[..., Any]) -> Primitive:
        return Primitive(compute.__name__.rstrip("_"), compute, gradient, **kinds)

    return make


def summed_to(g: Array, shape: tuple[int, ...]) -> Array:
    """A gradient summed over the axes along which an argument of that shape was broadcast."""
    if g.shape == shape:
        return g
    extra = g.ndim - len(shape)
    axes = (*range(extra), *(extra + i for i, size in enumerate(shape) if size == 1 and g.shape[extra + i] != 1))
    found: Array = g.sum(axes, keepdims=True)
    return found.reshape(shape)


def standard(value: Any) -> Any:
    """An argument as NumPy takes it: lists become float32 or int32, weights their values, numbers stay numbers."""
    if isinstance(value, (bool, int, float, np.ndarray)) or value is None or type(value).__name__ == "Slot":
        return value
    array = np.asarray(value)
    if isinstance(value, (list, tuple)):
        return array.astype({"f": np.float32, "i": np.int32}.get(array.dtype.kind, array.dtype))
    return array


def filled_in(function: Primitive, arguments: Any) -> list[Any]:
    """The arguments, those that may be tensors as arrays."""
    places = range(*function.tensors.indices(len(arguments)))
    return [standard(a) if i in places else a for i, a in enumerate(arguments)]


def narrowed(result: Any, arguments: Any) -> Array:
    """A result in float64 becomes float32, unless an argument was float64."""
    wide = any(isinstance(a, np.ndarray) and a.dtype == np.float64 for a in arguments)
    array: Array = np.asarray(result)
    if array.dtype == np.float64 and not wide:
        return array.astype(np.float32)
    return array
