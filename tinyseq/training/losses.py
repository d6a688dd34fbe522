"""Losses under Keras's names. Each works on rows: the last axis is one row, axes before it are samples (and steps).

A loss gives one number a row, the mean (for cross-entropies the sum) over the row. The reduction makes one number of them:
    sum_over_batch_size: sum(weight * loss) / number of rows      sum: sum(weight * loss)
    mean_with_sample_weight: sum(weight * loss) / sum(weight)     none: all of them
"""

from __future__ import annotations

from typing import Any

import numpy as np

from tinyseq.training import formulas

Array = Any  # a numpy array: its operators have no useful types

REDUCTIONS = ("sum_over_batch_size", "sum", "none", "mean_with_sample_weight")


class Loss:
    """A number that training makes small. Subclasses say `rows` and `slopes`; a loss of your own does too.

    rows(t, p) -> (n,): the loss of each row of p (n, size), with targets t: (n, size), or labels (n,) int64 if `sparse`.
    slopes(t, p, weight, g): writes the gradient of sum(weight[n] * loss[n]) with respect to p into g.
    """

    sparse = False
    """Targets are class labels, not rows."""
    fuses: str | None = None
    """The last activation with which it works on logits: "softmax" or "sigmoid"."""

    def __init__(self, name: str | None = None, reduction: str | None = "sum_over_batch_size", dtype: Any = None) -> None:
        if reduction == "auto":
            reduction = "sum_over_batch_size"
        if (reduction or "none") not in REDUCTIONS:
            raise ValueError(f"reduction={reduction!r} is not known: use one of {', '.join(REDUCTIONS)}")
        self.name = name or formulas.snake_case(type(self).__name__)
        self.reduction = reduction or "none"

    def rows(self, t: Array, p: Array) -> Array:
        """The loss of each row."""
        raise NotImplementedError(f"{type(self).__name__} has no rows(t, p): write it")

    def slopes(self, t: Array, p: Array, weight: Array, g: Array) -> None:
        """The gradient of the weighted sum of the rows."""
        raise NotImplementedError(f"{type(self).__name__} has no slopes(t, p, weight, g): it can measure but not train")

    def on_logits(self) -> Loss:
        """The same loss of what comes before the activation that it fuses with."""
        raise NotImplementedError

    def targets(self, y_true: Any, shape: tuple[int, ...]) -> Array:
        """Targets as rows for predictions of `shape`. ValueError if they do not fit."""
        return formulas.sparse_targets(y_true, shape) if self.sparse else formulas.dense_targets(y_true, shape)

    def __call__(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> Any:
        """The reduced loss: a float, or an array if reduction is "none"."""
        p = np.ascontiguousarray(y_pred, np.float32)
        shape = p.shape
        p = formulas.as_rows(p)
        t = self.targets(y_true, shape if len(shape) > 1 else (*shape, 1))
        losses = self.rows(t, p).astype(np.float64)
        outer = shape[:-1] if len(shape) > 1 else shape
        weight = formulas.row_weights(sample_weight, outer)
        if self.reduction == "none":
            return (losses * weight).astype(np.float32).reshape(outer)
        total = float((losses * weight).sum())
        return total / self.divisor(weight)

    def divisor(self, weight: Array) -> float:
        """By what the weighted sum of all rows is divided."""
        if self.reduction == "mean_with_sample_weight":
            return float(weight.sum()) or 1.0
        return float(len(weight)) if self.reduction == "sum_over_batch_size" else 1.0

    def get_config(self) -> dict[str, Any]:
        """The arguments that make it again."""
        return dict(self.__dict__)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name}>"


class _Kernel(Loss):
    """A loss whose rows and slopes are kernels of that name."""

    module = "regression_loss"
    kernel: str

    def _find(self, suffix: str = "") -> Any:
        from importlib import import_module

        return getattr(import_module(f"tinyseq.kernels.{self.module}"), self.kernel + suffix)

    def constants(self) -> tuple[Any, ...]:
        """Between targets and outputs in the kernel's arguments."""
        return ()

    def rows(self, t: Array, p: Array) -> Array:
        losses = np.empty(len(p), np.float32)
        self._find()(p, t, *self.constants(), losses, 0, len(p))
        return losses

    def slopes(self, t: Array, p: Array, weight: Array, g: Array) -> None:
        self._find("_gradient")(p, t, *self.constants(), weight, g, 0, len(p))


class MeanSquaredError(_Kernel):
    """mean((p - t)^2)"""

    kernel = "squared"


class MeanAbsoluteError(_Kernel):
    """mean(|p - t|)"""

    kernel = "absolute"


class Huber(_Kernel):
    """e^2/2 up to |e| = delta, then delta |e| - delta^2/2; its mean. Huber (1964)."""

    kernel = "huber"

    def __init__(
        self, delta: float = 1.0, reduction: str | None = "sum_over_batch_size", name: str | None = "huber_loss", dtype: Any = None
    ) -> None:
        super().__init__(name, reduction, dtype)
        self.delta = delta

    def constants(self) -> tuple[Any, ...]:
        return (np.float32(self.delta),)


class LogCosh(_Kernel):
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


class _Crossentropy(_Kernel):
    """Cross-entropies: from probabilities, or from logits."""

    module = "loss"
    kernel_of_logits: str

    def __init__(
        self,
        from_logits: bool = False,
        label_smoothing: float = 0.0,
        axis: int = -1,
        reduction: str | None = "sum_over_batch_size",
        name: str | None = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(name, reduction, dtype)
        if axis != -1:
            raise NotImplementedError(f"{self.name}: axis={axis}: only the last axis is computed")
        if not 0 <= label_smoothing <= 1:
            raise ValueError(f"{self.name}: label_smoothing={label_smoothing}: expected a number from 0 to 1")
        self.from_logits = from_logits
        self.label_smoothing = label_smoothing

    def _find(self, suffix: str = "") -> Any:
        from tinyseq.kernels import loss

        return getattr(loss, (self.kernel_of_logits if self.from_logits else self.kernel) + suffix)

    def on_logits(self) -> Loss:
        import copy

        other = copy.copy(self)
        other.from_logits = True
        return other


class BinaryCrossentropy(_Crossentropy):
    """mean(-(t log p + (1 - t) log(1 - p))), p held to [1e-7, 1 - 1e-7]; from logits without that"""

    kernel, kernel_of_logits = "binary_crossentropy", "sigmoid_crossentropy"
    fuses = "sigmoid"

    def targets(self, y_true: Any, shape: tuple[int, ...]) -> Array:
        t = super().targets(y_true, shape)
        a = np.float32(self.label_smoothing)
        return t * (1 - a) + a / 2 if a else t


class CategoricalCrossentropy(_Crossentropy):
    """-sum(t log p), p divided by its sum and held to [1e-7, 1 - 1e-7]; t are one-hot rows or distributions"""

    kernel, kernel_of_logits = "categorical_crossentropy", "softmax_crossentropy"
    fuses = "softmax"

    def targets(self, y_true: Any, shape: tuple[int, ...]) -> Array:
        t = super().targets(y_true, shape)
        a = np.float32(self.label_smoothing)
        return t * (1 - a) + a / shape[-1] if a else t


class SparseCategoricalCrossentropy(_Crossentropy):
    """-log p[label]; labels 0..classes-1, (n,), (n, 1) or (n, steps). Labels equal to ignore_class count nothing."""

    kernel, kernel_of_logits = "sparse_categorical_crossentropy", "softmax_sparse_crossentropy"
    fuses = "softmax"
    sparse = True

    def __init__(
        self,
        from_logits: bool = False,
        ignore_class: int | None = None,
        reduction: str | None = "sum_over_batch_size",
        axis: int = -1,
        name: str | None = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(from_logits, 0.0, axis, reduction, name, dtype)
        self.ignore_class = ignore_class

    def targets(self, y_true: Any, shape: tuple[int, ...]) -> Array:
        return formulas.sparse_targets(y_true, shape, self.ignore_class)

    def rows(self, t: Array, p: Array) -> Array:
        if self.ignore_class is None:
            return super().rows(t, p)
        return np.where(t == self.ignore_class, np.float32(0), super().rows(self._safe(t), p))

    def slopes(self, t: Array, p: Array, weight: Array, g: Array) -> None:
        if self.ignore_class is None:
            super().slopes(t, p, weight, g)
            return
        kept = np.where(t == self.ignore_class, np.float32(0), weight).astype(np.float32)
        super().slopes(self._safe(t), p, kept, g)

    def _safe(self, t: Array) -> Array:
        """Labels that exist, where the class to ignore need not."""
        return np.where(t == self.ignore_class, 0, t)


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


class FunctionLoss(Loss):
    """A function loss(y_true, y_pred) -> one number a sample, of the user's own. It has no gradient: it only measures."""

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
    """A loss from a name, a class, a config or a loss. ValueError for an unknown name."""
    if isinstance(identifier, Loss):
        return identifier
    if isinstance(identifier, str) and identifier in NAMES:
        cls = NAMES[identifier]
        return cls(name=identifier) if identifier.islower() else cls()
    if isinstance(identifier, type) and issubclass(identifier, Loss):
        return identifier()
    if isinstance(identifier, dict) and identifier.get("class_name") in CLASSES:
        return CLASSES[identifier["class_name"]](**identifier.get("config", {}))
    if callable(identifier) and not isinstance(identifier, type):
        return FunctionLoss(identifier)
    raise ValueError(f"Could not interpret loss identifier: {identifier!r}{formulas.near(identifier, NAMES)}")
