"""What a fit that runs holds: its batches and callbacks, and from where it goes on."""

from __future__ import annotations

from typing import Any

import numpy as np

from tinyseq.training.callback import Callback
from tinyseq.training.data import Batch, Endless


class Fitting:
    """A fit that runs.

    Arguments:
        batches: what it trains on
        callbacks: all of its callbacks
        epoch: its first epoch
    """

    def __init__(self, batches: Endless, callbacks: list[Callback], epoch: int) -> None:
        self.batches = batches
        self.callbacks = callbacks
        self.epoch = epoch
        self.step = 0
        """Batches of the first epoch that were made before."""
        self.logs: dict[str, Any] = {}
        """Of the last of them."""
        self.resumed = False
        self.stopped = False
        """A callback had stopped training when the backup was written."""
        self._measured: list[Any] = []

    def epochs(self, last: int) -> range:
        """The numbers of the epochs that are left to make."""
        return range(self.epoch, self.epoch if self.stopped else last)

    def resume(self, state: dict[str, Any]) -> None:
        """Goes on from a backup."""
        self.epoch, self.step, self.resumed, self.stopped = state["epoch"], state["step"], True, state["stop_training"]
        self._measured, self.logs = state["measured"], state["logs"]
        self.batches.restore(state["batches"], bool(self.step))

    def begin(self, step_state: Any, batch: Batch) -> None:
        """At the first batch: the running metrics are those of the backup, or empty."""
        measured = step_state.measured
        measured.reset()
        if not self._measured:
            return
        if len(measured.variables) != len(self._measured):  # metrics that make their state at their first batch
            for index, _, metric, _ in measured.found:
                metric.update_state(batch.targets[index], np.zeros((batch.size, *step_state.outputs[index][1:]), np.float32))
        for variable, value in zip(measured.variables, self._measured, strict=True):
            variable.assign(value)
        self._measured = []

    def ended(self) -> None:
        """After an epoch: the next one begins with empty metrics, also if none of this one's batches were left to make."""
        self._measured = []
