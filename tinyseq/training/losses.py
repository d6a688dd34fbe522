"""Losses under Keras's names."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from shapecheck.known_names import LOSSES
from tinyseq.did_you_mean import attributes_of, not_known
from tinyseq.documented import arguments
from tinyseq.layers.symbolic import SymbolicTensor
from tinyseq.training import formulas
from tinyseq.training.circle import Circle
from tinyseq.training.crossentropies import BinaryCrossentropy, CategoricalCrossentropy, SparseCategoricalCrossentropy
from tinyseq.training.ctc import CTC
from tinyseq.training.focal import BinaryFocalCrossentropy, CategoricalFocalCrossentropy
from tinyseq.training.function_loss import BY_ROWS, FunctionLoss
from tinyseq.training.loss import KernelLoss, Loss
from tinyseq.training.loss_tensors import of_tensors
from tinyseq.training.overlap import Dice, Tversky

__all__ = [
    "CTC",
    "BinaryCrossentropy",
    "BinaryFocalCrossentropy",
    "CategoricalCrossentropy",
    "CategoricalFocalCrossentropy",
    "CategoricalGeneralizedCrossEntropy",
    "CategoricalHinge",
    "Circle",
    "CosineSimilarity",
    "Dice",
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
    "Tversky",
    "deserialize",
    "get",
    "serialize",
]

Array = Any  # a numpy array: its operators have no useful types


class _Regression(KernelLoss):
    """Of numbers: first the reduction, as in Keras."""

    def __init__(self, reduction: str | None = "sum_over_batch_size", name: str | None = None, dtype: Any = None) -> None:
        super().__init__(name, reduction, dtype)


class MeanSquaredError(_Regression):
    """mean((p - t)^2)"""

    kernel = "squared"


class MeanAbsoluteError(_Regression):
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


class LogCosh(_Regression):
    """mean(log(cosh(p - t)))"""

    kernel = "log_cosh"


class _Formula(Loss):
    """A loss given by two numpy formulas: see formulas.py."""

    formula: Any
    slope: Any

    def __init__(self, reduction: str | None = "sum_over_batch_size", name: str | None = None, dtype: Any = None) -> None:
        super().__init__(name, reduction, dtype)

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
    """-cos of the angle between t and p

    Arguments:
        axis: of the vectors
    """

    formula, slope = formulas.cosine, formulas.cosine_slope

    def __init__(
        self, axis: int = -1, reduction: str | None = "sum_over_batch_size", name: str | None = None, dtype: Any = None
    ) -> None:
        super().__init__(reduction, name, dtype)
        self.axis = axis


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


class CategoricalGeneralizedCrossEntropy(Loss):
    """(1 - p[label]^q)/q: between the cross-entropy (q near 0) and the absolute error (q near 1). Zhang & Sabuncu (2018).

    Arguments:
        q: between 0 and 1: how little wrong labels count
    """

    sparse = True

    def __init__(
        self,
        q: float = 0.5,
        reduction: str | None = "sum_over_batch_size",
        name: str | None = "categorical_generalized_cross_entropy",
        dtype: Any = None,
    ) -> None:
        if not 0 < q < 1:
            raise ValueError(f"q={q}: q must be in the interval (0, 1), for example q=0.7")
        super().__init__(name, reduction, dtype)
        self.q = q

    def rows(self, t: Array, p: Array) -> Array:
        return np.asarray((1 - p[np.arange(len(p)), t] ** self.q) / self.q, np.float32)

    def slopes(self, t: Array, p: Array, weight: Array, g: Array) -> None:
        g.fill(0)
        rows = np.arange(len(p))
        g[rows, t] = -weight * p[rows, t] ** (self.q - 1)


CLASSES: dict[str, type[Loss]] = {
    cls.__name__: cls
    for cls in (
        MeanSquaredError, MeanAbsoluteError, MeanAbsolutePercentageError, MeanSquaredLogarithmicError, Huber, LogCosh,
        CosineSimilarity, Poisson, KLDivergence, Hinge, SquaredHinge, CategoricalHinge, BinaryCrossentropy,
        CategoricalCrossentropy, SparseCategoricalCrossentropy, BinaryFocalCrossentropy, CategoricalFocalCrossentropy,
        CategoricalGeneralizedCrossEntropy, Circle, CTC, Dice, Tversky,
    )
}  # fmt: skip

_SHORT = {
    "mse": "MeanSquaredError", "mae": "MeanAbsoluteError", "mape": "MeanAbsolutePercentageError",
    "msle": "MeanSquaredLogarithmicError", "bce": "BinaryCrossentropy", "kld": "KLDivergence",
    "kl_divergence": "KLDivergence", "logcosh": "LogCosh",
}  # fmt: skip

BY_OBJECT_ONLY = ("CategoricalGeneralizedCrossEntropy",)
"""Losses that Keras does not accept as text."""

NAMES: dict[str, type[Loss]] = {
    **{name: cls for name, cls in CLASSES.items() if name not in BY_OBJECT_ONLY},
    **{formulas.snake_case(name): cls for name, cls in CLASSES.items() if name not in BY_OBJECT_ONLY},
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
        self.arguments = [name for name in arguments(cls) if name not in ("reduction", "name", "dtype")]

    def __call__(self, y_true: Any, y_pred: Any, *arguments: Any, **options: Any) -> Array:
        if self.cls is Circle:
            others = [options.pop(name, None) for name in ("ref_labels", "ref_embeddings")]
            circle = Circle(*arguments, **options)
            p = np.asarray(y_pred, np.float32)
            return circle.values(circle.prepared(y_true, p.shape), p, *others)
        loss = self.cls(**dict(zip(self.arguments, arguments, strict=False)), **options, reduction="none")
        if isinstance(y_pred, SymbolicTensor):
            return of_tensors(loss, y_true, y_pred)
        return np.asarray(loss.call(y_true, y_pred))[()]

    def __repr__(self) -> str:
        return f"<function {self.__name__}>"


_functions = {cls: LossFunction(cls) for cls in CLASSES.values()}
_named = {**NAMES, **{formulas.snake_case(name): CLASSES[name] for name in BY_OBJECT_ONLY}}
FUNCTIONS = {name: _functions[cls] for name, cls in _named.items() if name not in CLASSES}
"""mean_squared_error, and mse, which is the same."""
globals().update(FUNCTIONS)
__all__ += [*FUNCTIONS]


def get(identifier: Any) -> Any:
    """A loss from a name, a class, a function, a config or a loss; None is none. ValueError for an unknown name."""
    if identifier is None:
        return None
    if isinstance(identifier, Loss):
        return FunctionLoss(identifier) if type(identifier).call not in BY_ROWS else identifier
    if isinstance(identifier, LossFunction):
        return identifier.cls()
    if isinstance(identifier, str) and identifier in NAMES:
        cls = NAMES[identifier]
        return cls(name=identifier) if identifier.islower() else cls()
    if isinstance(identifier, type) and issubclass(identifier, Loss):
        return get(identifier())
    if isinstance(identifier, dict):
        return get(deserialize(identifier))
    if callable(identifier) and not isinstance(identifier, type):
        return FunctionLoss(identifier)
    raise not_known("loss", identifier, NAMES, LOSSES - NAMES.keys(), "write your own tinyseq.losses.Loss with rows and slopes")


def serialize(loss: Any) -> Any:
    """A loss as {"class_name", "config"}; a function of a loss as its name.

    Arguments:
        loss: a loss, or a function of this module
    """
    if isinstance(loss, LossFunction):
        return loss.__name__
    return {"class_name": type(loss).__name__, "config": loss.get_config()}


def deserialize(name: Any, custom_objects: dict[str, Any] | None = None) -> Any:
    """A loss from what serialize returned.

    Arguments:
        name: a name, or {"class_name", "config"}
        custom_objects: losses of your own by name
    """
    known = {**CLASSES, **NAMES, **(custom_objects or {})}
    if isinstance(name, str):
        return known[name] if name in (custom_objects or {}) else FUNCTIONS.get(name) or get(name)
    cls = known.get(name.get("class_name", ""))
    if cls is None:
        raise not_known("loss", name.get("class_name"), NAMES)
    return cls.from_config(name.get("config", {})) if hasattr(cls, "from_config") else cls


if not TYPE_CHECKING:  # so that mypy still reports names that do not exist
    __getattr__ = attributes_of(__name__, LOSSES)
