"""Events around several batches at once: what steps_per_execution of compile() asks for."""

from __future__ import annotations

from typing import Any

import numpy as np

from tinyseq.training.callback import Callbacks


class Executions:
    """Tells callbacks of every `size` batches: of the first that it begins, and of the last that it ends, as Keras counts them.

    Where the data ends within an execution, the end is still told with the number that its last batch would have had.

    Arguments:
        running: the callbacks
        what: "train", "test" or "predict"
        size: batches in one execution
    """

    def __init__(self, running: Callbacks, what: str, size: int) -> None:
        self.begun = getattr(running, f"on_{what}_batch_begin")
        self.ended = getattr(running, f"on_{what}_batch_end")
        self.size = size
        self.first: int | None = None
        """Of the execution that is under way."""
        self.logs: dict[str, Any] = {}
        self._outputs: list[list[Any]] = []

    def begin(self, index: int) -> None:
        """Before a batch."""
        if self.first is None:
            self.first = index
            self._outputs = []
            self.begun(index)

    def end(self, index: int, logs: dict[str, Any]) -> None:
        """After a batch."""
        self.logs = logs
        if self.first is not None and index + 1 - self.first >= self.size:
            self.finish()

    def joined(self, outputs: list[Any]) -> list[Any]:
        """The outputs of all batches of this execution so far, with those of the batch that was just computed."""
        self._outputs.append(outputs)
        return outputs if len(self._outputs) == 1 else [np.concatenate(each) for each in zip(*self._outputs, strict=True)]

    def finish(self) -> None:
        """After the last batch: ends an execution that is under way."""
        if self.first is not None:
            last, self.first = self.first + self.size - 1, None
            self.ended(last, self.logs)
