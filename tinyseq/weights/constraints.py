"""Bounds on weights, applied after each step. `axis`: along which a norm is taken."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tinyseq.did_you_mean import Spelled, attributes_of

__all__ = ["Constraint", "MaxNorm", "MinMaxNorm", "NonNeg", "UnitNorm", "get"]

Array = NDArray[Any]
EPSILON = np.float32(1e-7)


class Constraint(Spelled):
    """constraint(w) -> w inside the bounds."""

    def __call__(self, w: Array) -> Array:
        raise NotImplementedError(f"{type(self).__name__} has no __call__(w): write it")

    def get_config(self) -> dict[str, Any]:
        """The arguments that create it again."""
        return dict(self.__dict__)

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Any:
        """A new one with these arguments.

        Arguments:
            config: what get_config returned
        """
        return cls(**config)


class NonNeg(Constraint):
    """No weight below 0."""

    def __call__(self, w: Array) -> Array:
        return w * (w >= 0)


class UnitNorm(Constraint):
    """Norm 1 along the axis.

    Arguments:
        axis: along which the norm is taken, an int or a list; for a Dense kernel 0: one norm for each unit
    """

    def __init__(self, axis: Any = 0) -> None:
        self.axis = axis

    def __call__(self, w: Array) -> Array:
        return w / (EPSILON + _norms(w, self.axis))


class MaxNorm(Constraint):
    """Norm at most max_value along the axis. Srivastava et al. (2014).

    Arguments:
        max_value: the greatest norm
        axis: along which the norm is taken, an int or a list; for a Dense kernel 0: one norm for each unit
    """

    def __init__(self, max_value: float = 2, axis: Any = 0) -> None:
        self.max_value = max_value
        self.axis = axis

    def __call__(self, w: Array) -> Array:
        norms = _norms(w, self.axis)
        return w * (np.clip(norms, 0, self.max_value) / (EPSILON + norms))


class MinMaxNorm(Constraint):
    """Norm between min_value and max_value; rate 1 at once, below that gradually.

    Arguments:
        min_value: the least norm
        max_value: the greatest norm
        rate: the share of the distance that one step moves: from 0 to 1 (all of it)
        axis: along which the norm is taken, an int or a list; for a Dense kernel 0: one norm for each unit
    """

    def __init__(self, min_value: float = 0.0, max_value: float = 1.0, rate: float = 1.0, axis: Any = 0) -> None:
        self.min_value = min_value
        self.max_value = max_value
        self.rate = rate
        self.axis = axis

    def __call__(self, w: Array) -> Array:
        norms = _norms(w, self.axis)
        wanted = self.rate * np.clip(norms, self.min_value, self.max_value) + (1 - self.rate) * norms
        return w * (wanted / (EPSILON + norms))


def _norms(w: Array, axis: Any) -> Array:
    axes = tuple(axis) if isinstance(axis, (list, tuple)) else axis
    norms: Array = np.sqrt(np.square(w).sum(axis=axes, keepdims=True))
    return norms


def get(identifier: Any) -> Any:
    """A constraint from a name, a function or a constraint; None is none. ValueError for an unknown name."""
    if identifier is None:
        return None
    makers = {
        "non_neg": NonNeg, "NonNeg": NonNeg, "unit_norm": UnitNorm, "UnitNorm": UnitNorm, "max_norm": MaxNorm,
        "MaxNorm": MaxNorm, "min_max_norm": MinMaxNorm, "MinMaxNorm": MinMaxNorm,
    }  # fmt: skip
    if isinstance(identifier, str) and identifier in makers:
        return makers[identifier]()
    if isinstance(identifier, dict) and identifier.get("class_name") in makers:
        return makers[identifier["class_name"]](**identifier.get("config", {}))
    if callable(identifier):
        return identifier
    raise ValueError(f"Could not interpret constraint identifier: {identifier!r}: use max_norm, unit_norm or non_neg")


if not TYPE_CHECKING:  # so that mypy still reports names that do not exist
    __getattr__ = attributes_of(__name__)
