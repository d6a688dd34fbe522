"""Penalties on the size of weights: L1, L2 and both."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tinyseq import registered
from tinyseq.argument_types import is_number
from tinyseq.did_you_mean import Spelled, attributes_of, spelled

__all__ = ["L1", "L1L2", "L2", "OrthogonalRegularizer", "Regularizer", "deserialize", "get", "l1", "l1_l2", "l2", "serialize"]

Array = NDArray[Any]


class L1L2(Spelled):
    """l1 sum|w| + l2 sum w^2

    Arguments:
        l1: factor of sum|w|, from 0 on
        l2: factor of sum w^2, from 0 on
    """

    def __init__(self, l1: float = 0.0, l2: float = 0.0) -> None:
        for name, value in (("l1", l1), ("l2", l2)):
            if not is_number(value) or not float(value) >= 0:
                raise ValueError(f"{name}={value}: expected a number of at least 0, for example {name}=0.01")
        self.l1 = float(l1)
        self.l2 = float(l2)

    def penalty(self, w: Array) -> float:
        """The penalty that it adds to the loss."""
        return float(self.l1 * np.abs(w).sum() + self.l2 * np.square(w).sum())

    def __call__(self, w: Any) -> float:
        return self.penalty(np.asarray(w, np.float32))

    def add_gradient(self, w: Array, gradient: Array) -> None:
        """gradient += l1 sign(w) + 2 l2 w"""
        if self.l1:
            gradient += np.float32(self.l1) * np.sign(w)
        if self.l2:
            gradient += np.float32(2 * self.l2) * w

    def get_config(self) -> dict[str, Any]:
        """The arguments that create it again."""
        return {"l1": self.l1, "l2": self.l2}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Any:
        """A new one with these arguments.

        Arguments:
            config: what get_config returned
        """
        return cls(**config)


class L1(L1L2):
    """l1 sum|w|"""

    def __init__(self, l1: float = 0.01) -> None:
        super().__init__(l1, 0.0)

    def get_config(self) -> dict[str, float]:
        return {"l1": self.l1}


class L2(L1L2):
    """l2 sum w^2"""

    def __init__(self, l2: float = 0.01) -> None:
        super().__init__(0.0, l2)

    def get_config(self) -> dict[str, float]:
        return {"l2": self.l2}


class OrthogonalRegularizer(L1L2):
    """factor times the mean |cosine| between two rows (or columns) of a matrix: 0 if all are at right angles.

    Arguments:
        factor: of the mean
        mode: "rows" or "columns"
    """

    def __init__(self, factor: float = 0.01, mode: str = "rows") -> None:
        super().__init__()
        if mode not in ("rows", "columns"):
            raise ValueError(f'Invalid value for argument `mode`. Expected one of {{"rows", "columns"}}. Received: mode={mode}')
        self.factor = float(factor)
        self.mode = mode

    def _rows(self, w: Array) -> tuple[Array, Array]:
        """The vectors as rows of length 1, and their lengths."""
        if w.ndim != 2:
            raise ValueError(f"Inputs to OrthogonalRegularizer must have rank 2. Received: inputs.shape={w.shape}")
        rows = np.asarray(w if self.mode == "rows" else w.T, np.float64)
        lengths = np.sqrt(np.maximum(np.square(rows).sum(1, keepdims=True), 1e-12))
        return rows / lengths, lengths

    def penalty(self, w: Array) -> float:
        units, _ = self._rows(w)
        pairs = len(units) * (len(units) - 1) / 2
        cosines = np.abs(units @ units.T)
        return float(self.factor * 0.5 * (cosines.sum() - np.trace(cosines)) / pairs) if pairs else 0.0

    def add_gradient(self, w: Array, gradient: Array) -> None:
        """gradient += the slope of the penalty: of a unit u = w / |w|, that of w is (d - u (u d)) / |w|."""
        units, lengths = self._rows(w)
        pairs = len(units) * (len(units) - 1) / 2
        if not pairs:
            return
        signs = np.sign(units @ units.T)
        np.fill_diagonal(signs, 0)
        slope = self.factor / pairs * signs @ units
        slope = (slope - units * (units * slope).sum(1, keepdims=True)) / lengths
        gradient += (slope if self.mode == "rows" else slope.T).astype(np.float32)

    def get_config(self) -> dict[str, Any]:
        return {"factor": self.factor, "mode": self.mode}


class Regularizer(L1L2):
    """The base of a regularizer of your own: define __call__(self, x), which returns the penalty, with tinyseq.ops. Its slopes are those
    of the formula; one that cannot be followed defines add_gradient(self, w, gradient), which adds them to `gradient`."""

    l1 = l2 = 0.0
    _formula: Any = None

    def __init__(self) -> None:
        pass

    def __call__(self, w: Any) -> Any:
        raise NotImplementedError(f"{type(self).__name__} has no __call__(self, x): write it, it returns the penalty")

    def penalty(self, w: Array) -> float:
        return float(np.asarray(self(w)))

    def add_gradient(self, w: Array, gradient: Array) -> None:
        if self._formula is None:
            self._formula = registered.FORMULAS[0]()(type(self).__name__, self)
        value = np.asarray(self(w))
        found = self._formula.slopes([w], value, np.ones_like)
        if found is None:
            raise NotImplementedError(
                f"{type(self).__name__}: its formula cannot be followed, so it has no slopes: write it with tinyseq.ops, or define "
                f"add_gradient(self, w, gradient)"
            )
        if found[0] is not None:
            gradient += found[0]

    def get_config(self) -> dict[str, Any]:
        raise NotImplementedError(f"{type(self).__name__} has no get_config(): write it, it returns the arguments of __init__")


class OwnFunction(Regularizer):
    """A function (weights) -> penalty."""

    def __init__(self, function: Callable[[Any], Any]) -> None:
        self.function = function

    def __call__(self, w: Any) -> Any:
        return self.function(w)

    def get_config(self) -> dict[str, Any]:
        raise NotImplementedError(
            f"the regularizer {self.function!r} is a function, which a file cannot hold: subclass regularizers.Regularizer"
        )


@spelled
def l1(l1: float = 0.01) -> L1:
    """The regularizer L1, as Keras's function of that name.

    Arguments:
        l1: factor of sum|w|, from 0 on
    """
    return L1(l1)


@spelled
def l2(l2: float = 0.01) -> L2:
    """The regularizer L2, as Keras's function of that name.

    Arguments:
        l2: factor of sum w^2, from 0 on
    """
    return L2(l2)


@spelled
def l1_l2(l1: float = 0.0, l2: float = 0.0) -> L1L2:
    """The regularizer L1L2, as Keras's function of that name.

    Arguments:
        l1: factor of sum|w|, from 0 on
        l2: factor of sum w^2, from 0 on
    """
    return L1L2(l1, l2)


def _configured(maker: Any, config: dict[str, Any]) -> L1L2:
    made: L1L2 = maker(**config.get("config", {}))
    return made


def get(identifier: Any) -> Any:
    """A regularizer from "l1", "l2", a config or a regularizer; None is none. ValueError for anything else."""
    if identifier is None:
        return None
    orthogonal = dict.fromkeys(("orthogonal_regularizer", "OrthogonalRegularizer"), OrthogonalRegularizer)
    makers: dict[str, Any] = {**orthogonal, "l1": L1, "L1": L1, "l2": L2, "L2": L2, "l1l2": L1L2, "L1L2": L1L2}
    if isinstance(identifier, L1L2):
        return identifier
    if isinstance(identifier, str) and identifier in makers:
        made: L1L2 = makers[identifier]()
        return made
    if isinstance(identifier, dict) and identifier.get("class_name") in makers:
        return _configured(makers[identifier["class_name"]], identifier)
    if callable(identifier) and not isinstance(identifier, type):
        return OwnFunction(identifier)
    raise ValueError(f"Could not interpret regularizer identifier: {identifier!r}: use l1, l2, or regularizers.L1L2(0.01, 0.01)")


def serialize(regularizer: Any) -> dict[str, Any]:
    """A regularizer as a dictionary of its class and arguments.

    Arguments:
        regularizer: a regularizer
    """
    name = type(regularizer).__name__
    return {"module": "keras.regularizers", "class_name": name, "config": regularizer.get_config(), "registered_name": None}


def deserialize(config: Any) -> Any:
    """A regularizer from what serialize returned.

    Arguments:
        config: {"class_name", "config"}, or a name
    """
    return get(config)


if not TYPE_CHECKING:  # so that mypy still reports names that do not exist
    __getattr__ = attributes_of(__name__)
