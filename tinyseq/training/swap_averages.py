"""SwapEMAWeights: validation and saved files use the moving averages of the weights, training the weights."""

from __future__ import annotations

from typing import Any

from tinyseq.training.callback import Callback, Logs


class SwapEMAWeights(Callback):
    """Puts the optimizer's moving averages in the place of the weights for evaluation, and the weights back after it.

    Arguments:
        swap_on_epoch: True: the averages are in place from the end of an epoch to the beginning of the next one, for callbacks that save;
            False: while the model is evaluated
    """

    def __init__(self, swap_on_epoch: bool = False) -> None:
        self.swap_on_epoch = swap_on_epoch
        self._weights: dict[int, Any] | None = None

    def _averages(self) -> dict[int, Any]:
        optimizer = self.model.optimizer
        if not optimizer.use_ema:
            raise ValueError("SwapEMAWeights: the optimizer keeps no averages: write for example optimizers.Adam(use_ema=True)")
        found: dict[int, Any] = optimizer._averages
        return found

    def _put(self) -> None:
        averages = self._averages()
        if self._weights is None and averages:
            self._weights = {id(weight): weight.numpy() for weight in self.model.weights if id(weight) in averages}
            for weight in self.model.weights:
                if id(weight) in averages:
                    weight.assign(averages[id(weight)])

    def _put_back(self) -> None:
        if self._weights is not None:
            for weight in self.model.weights:
                if id(weight) in self._weights:
                    weight.assign(self._weights[id(weight)])
            self._weights = None

    def on_train_begin(self, logs: Logs = None) -> None:
        self._averages()

    def on_epoch_begin(self, epoch: int, logs: Logs = None) -> None:
        self._put_back()

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        if self.swap_on_epoch:
            self._put()

    def on_test_begin(self, logs: Logs = None) -> None:
        if not self.swap_on_epoch:
            self._put()

    def on_test_end(self, logs: Logs = None) -> None:
        if not self.swap_on_epoch:
            self._put_back()
