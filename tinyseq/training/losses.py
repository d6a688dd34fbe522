"""Losses under Keras's names."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from shapecheck.known_names import LOSSES
from tinyseq.did_you_mean import attributes_of, not_known
from tinyseq.training import formulas
from tinyseq.training.crossentropies import BinaryCrossentropy, CategoricalCrossentropy, SparseCategoricalCrossentropy
from tinyseq.training.loss import KernelLoss, Loss

__all__ = [
    "BinaryCrossentropy",
    "BinaryFocalCrossentropy",
    "CategoricalCrossentropy",
    "CategoricalFocalCrossentropy",
    "CategoricalHinge",
    "CosineSimilarity",
    "FunctionLoss",
    "Hinge",
    "Huber",
    "KLDivergence",
    "LogCosh",
    "Loss",
    "MeanAbsoluteError",
    "MeanAbsolutePercentageError",
    "MeanSquaredError",
    "MeanSquaredLogarithmicError",
    "Poisson",
    "SparseCategoricalCrossentropy",
    "SquaredHinge",
    "get",
]

Array = Any  # a numpy array: its operators have no useful types


class MeanSquaredError(KernelLoss):
    """mean((p - t)^2)"""

    kernel = "squared"


class MeanAbsoluteError(KernelLoss):
    """mean(|p - t|)"""

    kernel = "absolute"


class Huber(KernelLoss):
    """e^2/2 up to |e| = delta, then delta |e| - delta^2/2; its mean. Huber (1964).

    Arguments:
        delta: the error, above 0, from which on the loss grows linearly
    """

    kernel = "huber"

    def __init__(
        self, delta: float = 1.0, reduction: str | None = "sum_over_batch_size", name: str | None = "huber_loss", dtype: Any = None
    ) -> None:
        super().__init__(name, reduction, dtype)
        self.delta = delta

    def constants(self) -> tuple[Any, ...]:
        return (np.float32(self.delta),)


class LogCosh(KernelLoss):
    """mean(log(cosh(p - t)))"""

    kernel = "log_cosh"


class _Formula(Loss):
    """A loss given by two numpy formulas: see formulas.py."""

    formula: Any
    slope: Any

    def rows(self, t: Array, p: Array) -> Array:
        return np.asarray(type(self).formula(t, p), np.float32)

    def slopes(self, t: Array, p: Array, weight: Array, g: Array) -> None:
        g[...] = type(self).slope(t, p) * weight[:, None]


class MeanAbsolutePercentageError(_Formula):
    """100 mean(|t - p| / max(|t|, 1e-7))"""

    formula, slope = formulas.percentage, formulas.percentage_slope


class MeanSquaredLogarithmicError(_Formula):
    """mean((log(1 + t) - log(1 + p))^2), both at least 1e-7"""

    formula, slope = formulas.squared_logarithmic, formulas.squared_logarithmic_slope


class CosineSimilarity(_Formula):
    """-cos of the angle between t and p"""

    formula, slope = formulas.cosine, formulas.cosine_slope


class Poisson(_Formula):
    """mean(p - t log p)"""

    formula, slope = formulas.poisson, formulas.poisson_slope


class KLDivergence(_Formula):
    """sum(t log(t/p)), both held to [1e-7, 1]"""

    formula, slope = formulas.divergence, formulas.divergence_slope


class Hinge(_Formula):
    """mean(max(1 - t p, 0)) for t in {-1, 1}; targets 0 and 1 are taken as -1 and 1"""

    formula, slope = formulas.hinge, formulas.hinge_slope


class SquaredHinge(_Formula):
    """mean(max(1 - t p, 0)^2)"""

    formula, slope = formulas.squared_hinge, formulas.squared_hinge_slope


class CategoricalHinge(_Formula):
    """max(1 + greatest p of the wrong classes - p of the right one, 0)"""

    formula, slope = formulas.categorical_hinge, formulas.categorical_hinge_slope


class BinaryFocalCrossentropy(_Formula):
    """(1 - p_t)^2 times the binary cross-entropy, p_t = p where t = 1, else 1 - p. Lin et al. (2018), gamma 2."""

    formula, slope = formulas.binary_focal, formulas.binary_focal_slope


class CategoricalFocalCrossentropy(_Formula):
    """sum(-0.25 (1 - p)^2 t log p), p divided by its sum. Lin et al. (2018), alpha 0.25, gamma 2."""

    formula, slope = formulas.categorical_focal, formulas.categorical_focal_slope


CLASSES: dict[str, type[Loss]] = {
    cls.__name__: cls
    for cls in (
        MeanSquaredError, MeanAbsoluteError, MeanAbsolutePercentageError, MeanSquaredLogarithmicError, Huber, LogCosh,
        CosineSimilarity, Poisson, KLDivergence, Hinge, SquaredHinge, CategoricalHinge, BinaryCrossentropy,
        CategoricalCrossentropy, SparseCategoricalCrossentropy, BinaryFocalCrossentropy, CategoricalFocalCrossentropy,
    )
}  # fmt: skip

_SHORT = {
    "mse": "MeanSquaredError", "mae": "MeanAbsoluteError", "mape": "MeanAbsolutePercentageError",
    "msle": "MeanSquaredLogarithmicError", "bce": "BinaryCrossentropy", "kld": "KLDivergence",
    "kl_divergence": "KLDivergence",
}  # fmt: skip

NAMES: dict[str, type[Loss]] = {
    **CLASSES,
    **{formulas.snake_case(name): cls for name, cls in CLASSES.items()},
    **{short: CLASSES[name] for short, name in _SHORT.items()},
    **{short.upper(): CLASSES[name] for short, name in _SHORT.items() if len(short) < 5},
}
"""Every string that names a loss."""


class LossFunction:
    """Keras's function of a loss: y_true and y_pred (..., size) -> the loss of each row (...)."""

    def __init__(self, cls: type[Loss]) -> None:
        self.cls: Callable[..., Loss] = cls
        self.__name__ = formulas.snake_case(cls.__name__)
        self.__doc__ = cls.__doc__

    def __call__(self, y_true: Any, y_pred: Any, *arguments: Any, **options: Any) -> Array:
        one = np.ndim(y_pred) == 1
        t, p = (np.asarray(y)[None] if one else y for y in (y_true, y_pred))
        rows = self.cls(*arguments, **options, reduction="none")(t, p)
        return rows[0] if one else rows

    def __repr__(self) -> str:
        return f"<function {self.__name__}>"


_functions = {cls: LossFunction(cls) for cls in CLASSES.values()}
FUNCTIONS = {name: _functions[cls] for name, cls in NAMES.items() if name not in CLASSES}
"""mean_squared_error, and mse, which is the same."""
globals().update(FUNCTIONS)
__all__ += [*FUNCTIONS]


class FunctionLoss(Loss):
    """A function loss(y_true, y_pred) -> one number a sample, of the user's own. It has no gradient: it only measures.

    Arguments:
        function: function(y_true, y_pred) -> one number for each row
    """

    def __init__(self, function: Any) -> None:
        super().__init__(getattr(function, "__name__", "loss"))
        self.function = function

    def rows(self, t: Array, p: Array) -> Array:
        return np.asarray(self.function(t, p), np.float32)

    def slopes(self, t: Array, p: Array, weight: Array, g: Array) -> None:
        raise NotImplementedError(
            f"loss {self.name!r} is a function, and tinyseq cannot derive it: subclass tinyseq.losses.Loss with rows(t, p) and "
            f"slopes(t, p, weight, g)"
        )


def get(identifier: Any) -> Loss:
    """A loss from a name, a class, a function, a config or a loss. ValueError for an unknown name."""
    if isinstance(identifier, Loss):
        return identifier
    if isinstance(identifier, LossFunction):
        return identifier.cls()
    if isinstance(identifier, str) and identifier in NAMES:
        cls = NAMES[identifier]
        return cls(name=identifier) if identifier.islower() else cls()
    if isinstance(identifier, type) and issubclass(identifier, Loss):
        return identifier()
    if isinstance(identifier, dict) and identifier.get("class_name") in CLASSES:
        return CLASSES[identifier["class_name"]](**identifier.get("config", {}))
    if callable(identifier) and not isinstance(identifier, type):
        return FunctionLoss(identifier)
    raise not_known("loss", identifier, NAMES, LOSSES - NAMES.keys(), "write a tinyseq.losses.Loss with rows and slopes of your own")


if not TYPE_CHECKING:  # so that mypy goes on to see names that are not there
    __getattr__ = attributes_of(__name__, LOSSES)
