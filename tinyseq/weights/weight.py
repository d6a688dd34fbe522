"""Weight: declared with its shape; its memory is allocated, and filled from its own seed, at its first use."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shapecheck.layers.base import WeightSpec
from tinyseq.kernels.jit.interrupts import defer_interrupt
from tinyseq.weights import initializers
from tinyseq.weights.memory import require
from tinyseq.weights.variable import Numeric

Array = NDArray[Any]


class Weight(Numeric):
    """Values that training may change, float32.

    It has its own `seed`, so that its start does not depend on what is used before it. `version` counts changes.
    """

    def __init__(self, spec: WeightSpec, path: str, seed: tuple[int, ...]) -> None:
        self.name = spec.name
        self.path = path
        self._shape: tuple[int, ...] = tuple(spec.shape)  # type: ignore[arg-type]
        self.initializer = spec.initializer
        self.fans: Any = spec.fans
        self.trainable = spec.trainable
        self.seed = seed
        self.version = 0
        self.regularizer: Any = None
        self.constraint: Any = None
        self._array: Array | None = None
        self._lock = threading.Lock()

    @property
    def shape(self) -> tuple[int, ...]:
        """Its sizes."""
        return self._shape

    @property
    def nbytes(self) -> int:
        """Its bytes once it is used."""
        return 4 * self.size

    @property
    def dtype(self) -> str:
        """Always float32."""
        return "float32"

    @property
    def allocated(self) -> bool:
        """True once its memory is allocated."""
        return self._array is not None

    @property
    def value(self) -> Array:
        """The array itself, (*shape) float32, always the same object. MemoryError, before allocation, if it does not fit."""
        array = self._array
        return array if array is not None else self._take()

    def _take(self) -> Array:
        with self._lock:
            if self._array is None:
                require(self.nbytes, f"weight {self.path} of shape {self.shape}")
                array = np.empty(self.shape, np.float32)
                initializers.fill(array, self.initializer, self.seed, self.fans)
                self._array = array
            return self._array

    def assign(self, value: Any) -> Any:
        """Sets all values. Raises ValueError if the shape differs."""
        new = _checked(self, value)
        with defer_interrupt():
            if self._array is None:
                self._array = np.array(new, np.float32, order="C").reshape(self.shape)
            else:
                self._array[...] = new
            self.version += 1
        return self

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in self.__dict__.items() if name != "_lock"}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._lock = threading.Lock()

    def __repr__(self) -> str:
        if self._array is None and self.nbytes > 1 << 24:
            return f"<Weight {self.path} shape={self.shape} dtype=float32, not used yet>"
        return f"<Weight {self.path} shape={self.shape} dtype=float32,\n {self.value!r}>"


def _checked(weight: Weight, value: Any) -> Array:
    """The value as numbers of the weight's shape."""
    try:
        array = np.asarray(value, np.float32)
    except (TypeError, ValueError) as error:
        raise TypeError(f"{weight.path}: takes numbers of shape {weight.shape}, got {type(value).__name__}") from error
    if array.shape != weight.shape:
        raise ValueError(f"{weight.path}: has shape {weight.shape}, got values of shape {array.shape}: reshape them to {weight.shape}")
    return array


def assign_all(weights: Sequence[Weight], values: Iterable[Any], owner: str) -> None:
    """weights[i] = values[i], all or none."""
    if not isinstance(values, Iterable):
        raise TypeError(f"{owner}: got {type(values).__name__}: pass a list of {len(weights)} arrays, as get_weights() returns it")
    arrays = list(values)
    if len(arrays) != len(weights):
        raise ValueError(
            f"{owner}: has {len(weights)} weights, got {len(arrays)} arrays: pass a list as get_weights() returns it"
        )
    checked = [_checked(weight, array) for weight, array in zip(weights, arrays, strict=True)]
    with defer_interrupt():
        for weight, array in zip(weights, checked, strict=True):
            weight.assign(array)
