"""OpenSize: the number of samples while a call() is followed, as ops.shape(x)[0] returns it: not known, but it may be used as a size."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

from tinyseq.layers.symbolic import SymbolicTensor
from tinyseq.layers.tensor_functions.calling import ANCHOR, apply
from tinyseq.layers.tensor_functions.composed.registry import shape_of
from tinyseq.weights.variable import NoNumbers


class OpenSize:
    """factor times the number of samples of a tensor. None, which Keras has outside of call(), equals it."""

    __hash__ = object.__hash__

    def __init__(self, tensor: SymbolicTensor, factor: Fraction = Fraction(1)) -> None:
        self.tensor = tensor
        self.factor = factor

    def __mul__(self, other: Any) -> OpenSize:
        if isinstance(other, (int, np.integer)):
            return OpenSize(self.tensor, self.factor * int(other))
        raise NoNumbers(f"{self!r} times {other!r}: the number of samples may be multiplied by whole numbers only: write -1 in reshape")

    __rmul__ = __mul__

    def __floordiv__(self, other: Any) -> OpenSize:
        if isinstance(other, (int, np.integer)):
            return OpenSize(self.tensor, self.factor / int(other))
        raise NoNumbers(f"{self!r} over {other!r}: the number of samples may be divided by whole numbers only: write -1 in reshape")

    def __eq__(self, other: object) -> bool:
        return other is None or (isinstance(other, OpenSize) and self.factor == other.factor)

    def _unknown(self, *_: Any) -> Any:
        raise NoNumbers(f"{self!r} has no number yet: use it as a size, as in ops.ones((ops.shape(x)[0], 1)), or write ops.sum over axis 0")

    __index__ = __int__ = __float__ = __lt__ = __le__ = __gt__ = __ge__ = _unknown
    __add__ = __radd__ = __sub__ = __rsub__ = __mod__ = _unknown

    def __repr__(self) -> str:
        return "the number of samples" if self.factor == 1 else f"{self.factor} x the number of samples"

    def counted(self) -> Any:
        """The number as a tensor."""
        ones = apply("ones_like", apply("stop_gradient", column(self.tensor)))
        return apply("multiply", apply("sum", ones, None, False), float(self.factor))


def column(tensor: Any) -> Any:
    """One number of each sample (samples,)."""
    return apply("getitem", tensor, [["slice", None, None, None], *[0] * (len(shape_of(tensor)) - 1)])


def sizes_of(x: Any) -> tuple[Any, ...]:
    """Sizes as users of call() get them: an OpenSize for the samples; outside of call() None."""
    found = shape_of(x)
    if ANCHOR.get() is None or not isinstance(x, SymbolicTensor) or not found or found[0] is not None:
        return found
    return (OpenSize(x), *found[1:])


def is_open(value: Any) -> bool:
    """Whether it is a size that is not known yet, or a list or array with one."""
    if isinstance(value, OpenSize):
        return True
    if isinstance(value, np.ndarray) and value.dtype == object:
        value = value.tolist()
    return isinstance(value, (list, tuple)) and any(is_open(one) for one in value)


def as_sizes(value: Any) -> Any:
    """A shape as a tuple; an array of sizes too."""
    return tuple(value.tolist()) if isinstance(value, np.ndarray) else value


def open_shape(what: str, shape: Any) -> OpenSize | None:
    """The OpenSize with which a shape begins; None for a shape whose sizes are all known. ValueError for one that is open elsewhere."""
    shape = as_sizes(shape)
    if not is_open(shape):
        return None
    sizes = (shape,) if isinstance(shape, OpenSize) else tuple(shape)
    first = sizes[0]
    if not isinstance(first, OpenSize) or first.factor != 1 or is_open(sizes[1:]):
        raise ValueError(f"ops.{what}: shape {sizes}: the number of samples can only be the first size: put that axis first")
    return first


def filled(what: str, shape: Any, value: float, dtype: Any) -> Any:
    """A tensor of one number with a sample of it for each sample; None for a shape whose sizes are all known."""
    first = open_shape(what, shape)
    if first is None:
        return None
    sizes = () if isinstance(shape, OpenSize) else tuple(int(size) for size in as_sizes(shape)[1:])
    zeros = apply("zeros_like", apply("stop_gradient", column(first.tensor)))
    kind = np.dtype(dtype or "float32")
    numbers = np.full((1, *sizes), value, "float32")
    found = apply("add", apply("reshape", apply("cast", zeros, "float32"), [-1, *[1] * len(sizes)]), numbers)
    return found if kind == np.float32 else apply("cast", found, kind.name)


def for_each_sample(what: str, x: Any, shape: Any) -> Any:
    """x, once for each sample, broadcast to the other sizes; None for a shape whose sizes are all known."""
    zeros = filled(what, shape, 0, None)
    if zeros is None:
        return None
    dtype = getattr(x, "dtype", None)
    found = apply("add", apply("cast", x, "float32"), zeros)
    kind = np.dtype(str(dtype)) if dtype is not None else np.dtype("float32")
    return found if kind == np.float32 else apply("cast", found, kind.name)
