"""Variable: a named array that changes in place and takes part in arithmetic as NumPy's arrays do."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin
from numpy.typing import NDArray

Array = NDArray[Any]


FOLLOW: ContextVar[Callable[..., Any] | None] = ContextVar("what makes an operation of a function of weights", default=None)
"""Set while call() of a layer is followed (layers/traced.py): follow(name of a ufunc, "getitem" or "tensor", arguments)."""


class NoNumbers(TypeError):
    """What has no numbers while a model is made was used as if it had."""


class Numeric(NDArrayOperatorsMixin):
    """Arithmetic, indexing and conversion of what has a `value` and an `assign`. Results are new arrays; == compares numbers.

    >>> count = Variable(3.0, name="count")
    >>> _ = count.assign_add(2)
    >>> float(count), float(count * 2), bool(count == 5)
    (5.0, 10.0, True)
    """

    __hash__ = object.__hash__

    @property
    def value(self) -> Any:
        """The array itself."""
        raise NotImplementedError

    @property
    def shape(self) -> tuple[int, ...]:
        """Its sizes."""
        raise NotImplementedError

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
        if any(hasattr(x, "shape_accepted") for x in inputs):  # a tensor of a model, which makes an operation of it
            return NotImplemented
        follow = FOLLOW.get()
        if follow is not None and method == "__call__" and not options:
            return follow(ufunc.__name__, inputs)
        if any(isinstance(out, Numeric) for out in options.get("out", ())):
            del options["out"]  # w += 1 makes a new array, as in Keras; only assign changes w
        return getattr(ufunc, method)(*(x.value if isinstance(x, Numeric) else x for x in inputs), **options)

    def assign(self, value: Any) -> Any:
        """Sets all numbers.

        Arguments:
            value: numbers of the same shape
        """
        raise NotImplementedError

    @property
    def overwrite_with_gradient(self) -> bool:
        """Always False: of Keras's float8, which is not computed."""
        return False

    @overwrite_with_gradient.setter
    def overwrite_with_gradient(self, value: bool) -> None:
        if value:
            raise NotImplementedError("overwrite_with_gradient=True is not computed: write weight.assign(values) after the step")

    def assign_add(self, value: Any) -> Any:
        """Adds to all numbers.

        Arguments:
            value: what is added
        """
        return self.assign(self.value + np.asarray(value))

    def assign_sub(self, value: Any) -> Any:
        """Subtracts from all numbers.

        Arguments:
            value: what is subtracted
        """
        return self.assign(self.value - np.asarray(value))

    def numpy(self) -> Array:
        """A copy of the numbers."""
        return np.array(self.value)

    @property
    def size(self) -> int:
        """How many numbers it holds."""
        product = 1
        for size in self.shape:
            product *= size
        return product

    @property
    def ndim(self) -> int:
        """How many axes."""
        return len(self.shape)

    def _may_be_read(self) -> None:
        """Raises where numbers would become a constant of a graph."""
        if FOLLOW.get() is not None:
            raise NoNumbers(f"{self!r} would become a constant, without a gradient: use the weight itself, or ops.convert_to_tensor(w)")

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Array:
        self._may_be_read()
        if copy is False and dtype in (None, self.value.dtype):
            return np.asarray(self.value)
        return np.array(self.value, dtype)

    def __getitem__(self, key: Any) -> Any:
        follow = FOLLOW.get()
        if follow is not None:
            return follow("getitem", (self, key))
        return np.array(self.value[key])

    def __len__(self) -> int:
        if not self.shape:
            raise TypeError("a weight without axes has no length")
        return self.shape[0]

    def __bool__(self) -> bool:
        self._may_be_read()
        return bool(np.asarray(self.value))

    def __float__(self) -> float:
        self._may_be_read()
        return float(np.asarray(self.value).item())

    def __int__(self) -> int:
        return int(np.asarray(self.value).item())

    def __index__(self) -> int:
        return int(np.asarray(self.value).__index__())


class Variable(Numeric):
    """A named array of fixed shape.

    Arguments:
        value: its first numbers
        dtype: of the numbers; None: as they came
        name: its name
        trainable: False: training leaves it alone
    """

    def __init__(self, value: Any, dtype: Any = None, name: str = "variable", trainable: bool = False) -> None:
        self._array: Array = np.array(value, dtype)
        self.name = name
        self.path = name
        self.trainable = trainable
        self.version = 0
        self.regularizer: Any = None
        self.constraint: Any = None

    @property
    def value(self) -> Array:
        return self._array

    @property
    def shape(self) -> tuple[int, ...]:
        return self._array.shape

    @property
    def dtype(self) -> str:
        """The name of its numbers' type."""
        return str(self.value.dtype)

    def assign(self, value: Any) -> Any:
        new = np.asarray(value, self.value.dtype)
        if new.shape != self.value.shape:
            raise ValueError(f"{self.name}: has shape {self.shape}, got values of shape {new.shape}: reshape them to {self.shape}")
        self.value[...] = new
        return self

    def __repr__(self) -> str:
        return f"<Variable {self.name} shape={self.shape} dtype={self.dtype}, {self.value!r}>"
