"""Losses of the user's own by a formula alone: a function (y_true, y_pred), or a Loss with `call`. Slopes by differences."""

from __future__ import annotations

from typing import Any

import numpy as np

from tinyseq.layers.formula import Formula
from tinyseq.training.loss import ArrayLoss, Loss

Array = Any  # a numpy array: its operators have no useful types

BY_ROWS = (Loss.call, ArrayLoss.call)
"""The value of `call` if a class computes rows and slopes itself."""
MOST = 1024
"""Numbers of one sample's prediction: the formula is computed twice for each."""
MOST_WHOLE = 4096
"""Numbers of a whole batch, where the formula returns one number for all of it."""


class FunctionLoss(ArrayLoss):
    """A loss that is a function (y_true, y_pred) -> a number for each sample (or for each step of it).

    It gets float64 arrays and is differentiated by central differences, in p[:, k] of all samples at once: the loss of a sample must
    depend on that sample only. A function that returns one number for the batch is differentiated number by number.

    Arguments:
        function: function(y_true, y_pred), or a loss whose `call` it is
    """

    def __init__(self, function: Any) -> None:
        given = function if isinstance(function, Loss) else None
        super().__init__(getattr(function, "name", None) or getattr(function, "__name__", "loss"), given.reduction if given else "mean")
        self.function = given.call if given else function
        self.own = getattr(given, "gradient", None)
        """Of the user's loss, if it defines its gradient: gradient(y_true, y_pred, weight)."""
        self._independent = False
        self._formula = Formula(self.name, self.function)

    @property
    def whole(self) -> bool:  # type: ignore[override]
        """Always: how many numbers it returns is known when it is called."""
        return True

    def prepared(self, y_true: Any, shape: tuple[int, ...]) -> Array:
        return np.asarray(y_true)

    def values(self, t: Array, p: Array) -> Array:
        return self._computed(t, p.astype(np.float64))

    def _computed(self, t: Array, p: Array) -> Array:
        found = np.asarray(self.function(t, p))
        if found.dtype.kind not in "fiub" or (found.ndim and len(found) != len(p)):
            raise ValueError(
                f"loss {self.name!r} returned {found.dtype} numbers of shape {found.shape} for predictions {p.shape}: return one number "
                f"for each sample, shape ({len(p)},), for example np.mean(np.square(y_true - y_pred), axis=-1)"
            )
        return found

    def gradient(self, t: Array, p: Array, weight: Array) -> Array:
        if self.own is not None:
            return np.asarray(self.own(t, p, weight))
        exact = p.astype(np.float64)
        first = self._computed(t, exact)
        followed = self._formula.slopes([t, p], first, lambda value: weight if value.ndim else np.sum(weight))
        if followed is not None:
            return np.zeros_like(p) if followed[1] is None else followed[1]
        fine = 1e-5 if first.dtype == np.float64 else 5e-3  # float32 loses the rest
        step = fine * np.maximum(np.abs(exact), 1)
        if not first.ndim:
            return self._number_by_number(t, exact, step) * weight
        self._check(t, exact, first)
        size = exact[0].size
        if size > MOST:
            raise ValueError(
                f"loss {self.name!r} is a formula without slopes, and a sample's prediction has {size} numbers (at most {MOST}): "
                f"subclass tinyseq.losses.Loss with rows(t, p) and slopes(t, p, weight, g)"
            )
        flat, steps = exact.reshape(len(exact), -1), step.reshape(len(exact), -1)
        found = np.empty_like(flat)
        for k in range(size):
            found[:, k] = self._difference(t, exact.shape, flat, steps, np.s_[:, k], weight) / (2 * steps[:, k])
        return found.reshape(p.shape)

    def _difference(self, t: Array, shape: Any, flat: Array, steps: Array, where: Any, weight: Array) -> Array:
        high, low = flat.copy(), flat.copy()
        high[where] += steps[where]
        low[where] -= steps[where]
        change = (self._computed(t, high.reshape(shape)) - self._computed(t, low.reshape(shape))) * weight
        return change.reshape(len(flat), -1).sum(1) if change.ndim else change

    def _number_by_number(self, t: Array, p: Array, step: Array) -> Array:
        if p.size > MOST_WHOLE:
            raise ValueError(
                f"loss {self.name!r} returns one number for the batch, whose prediction has {p.size} numbers (at most {MOST_WHOLE}): "
                f"return one number for each sample, for example np.mean(np.square(y_true - y_pred), axis=-1)"
            )
        flat, steps, one = p.reshape(-1, 1), step.reshape(-1, 1), np.float64(1)
        found = [self._difference(t, p.shape, flat, steps, np.s_[i, :], one) / (2 * steps[i, 0]) for i in range(len(flat))]
        return np.array(found).reshape(p.shape)

    def _check(self, t: Array, p: Array, first: Array) -> None:
        """The first sample's loss must not change with the others."""
        if self._independent or len(p) < 2:
            return
        other = p.copy()
        other[1:] = p[1:] * 0.9 + 0.01
        if not np.allclose(self._computed(t, other)[0], first[0], rtol=1e-5, atol=1e-7, equal_nan=True):
            raise ValueError(
                f"loss {self.name!r}: the loss of the first sample changes with the others, so its slopes by differences would be wrong: "
                f"subclass tinyseq.losses.Loss with rows(t, p) and slopes(t, p, weight, g)"
            )
        self._independent = True
