"""The state that an optimizer keeps for each weight, and values that users read and set: the learning rate, the number of steps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tinyseq.weights.variable import Numeric

Array = NDArray[Any]


class Rate(float):
    """The learning rate of the next step: a number that can also be assigned, as Keras's variable."""

    owner: Any

    @classmethod
    def of(cls, owner: Any, value: float) -> Rate:
        """The rate of this optimizer."""
        rate = cls(value)
        rate.owner = owner
        return rate

    @property
    def value(self) -> float:
        """The number."""
        return float(self)

    def numpy(self) -> Array:
        """The number, as NumPy's float32."""
        return np.array(self, np.float32)

    def assign(self, value: Any) -> None:
        """Sets the optimizer's learning rate.

        Arguments:
            value: a number from 0 on
        """
        self.owner.learning_rate = float(value)

    def __reduce__(self) -> Any:
        return float, (float(self),)


class Steps(int):
    """How many steps were made: a number that can also be assigned, as Keras's variable."""

    owner: Any

    @classmethod
    def of(cls, owner: Any, value: int) -> Steps:
        """The steps of this optimizer."""
        steps = cls(value)
        steps.owner = owner
        return steps

    @property
    def value(self) -> int:
        """The number."""
        return int(self)

    def numpy(self) -> Array:
        """The number, as NumPy's int64."""
        return np.array(self, np.int64)

    def assign(self, value: Any) -> None:
        """Sets the optimizer's count of steps.

        Arguments:
            value: an integer from 0 on
        """
        self.owner.iterations = int(value)

    def __reduce__(self) -> Any:
        return int, (int(self),)


class Kept:
    """The state that an optimizer keeps for one weight."""

    __slots__ = ("accumulated", "arrays", "variable")

    def __init__(self, variable: Any, arrays: list[Array]) -> None:
        self.variable = variable
        self.arrays = arrays
        self.accumulated: Array | None = None


class Linked(Numeric):
    """A number or array that an optimizer keeps, as one of its `variables`.

    Arguments:
        name: its name
        get: returns its value
        put: sets its value
    """

    trainable = False

    def __init__(self, name: str, get: Callable[[], Any], put: Callable[[Array], None]) -> None:
        self.name = self.path = name
        self._get = get
        self._put = put

    @property
    def value(self) -> Array:
        return np.asarray(self._get())

    @property
    def shape(self) -> tuple[int, ...]:
        return self.value.shape

    @property
    def dtype(self) -> str:
        """The name of its numbers' type."""
        return str(self.value.dtype)

    def assign(self, value: Any) -> Any:
        new = np.asarray(value, self.value.dtype)
        if new.shape != self.shape:
            raise ValueError(f"{self.name}: has shape {self.shape}, got values of shape {new.shape}: reshape them to {self.shape}")
        self._put(new)
        return self

    def __repr__(self) -> str:
        return f"<Variable {self.name} shape={self.shape} dtype={self.dtype}, {self.value!r}>"
