"""Progress in fit: a bar by rich in a terminal or notebook, one plain line an epoch where the output is a file or a pipe."""

from __future__ import annotations

import sys
import time
from typing import Any

import numpy as np

from shapecheck.languages import say
from tinyseq.compile_notice import explain
from tinyseq.engine.team import speaks
from tinyseq.training.callback import Callback, Logs
from tinyseq.training.logging_switch import is_interactive_logging_enabled, show


def progress_for(verbose: int) -> Callback | None:
    """The callback that shows progress: None for 0, a bar (or plain lines) for 1, plain lines for 2. Of several processes one shows it."""
    verbose = verbose if speaks() else 0
    explain(verbose != 0)
    if verbose == 0:
        return None
    return Bar() if verbose == 1 and _interactive() and is_interactive_logging_enabled() else Lines()


def _interactive() -> bool:
    return bool(getattr(sys.stdout, "isatty", lambda: False)()) or "ipykernel" in sys.modules


def value_text(value: float) -> str:
    """0.1234, or 1.2340e-05 if four digits are too few (also for 0), as Keras prints it."""
    return f"{value:.4f}" if abs(value) > 1e-3 else f"{value:.4e}"


def logs_text(logs: Logs) -> str:
    """accuracy: 0.9000 - loss: 0.3000"""
    return " - ".join(f"{name}: {_shown(value)}" for name, value in (logs or {}).items())


def _shown(value: Any) -> str:
    """A number, or the numbers of an array."""
    try:
        return value_text(float(value))
    except TypeError:
        return "[" + " ".join(value_text(float(one)) for one in np.ravel(value)) + "]"


def time_text(seconds: float) -> str:
    """1s, 12ms, 340us: short enough to read."""
    if seconds >= 1:
        return f"{seconds:.0f}s"
    return f"{seconds * 1e3:.0f}ms" if seconds >= 1e-3 else f"{seconds * 1e6:.0f}us"


class Lines(Callback):
    """Epoch 1/3, then 29/29 - 0s - 4ms/step - accuracy: 0.9000 - loss: 0.3000. ASCII only."""

    inside_fit = False
    """Validation within fit prints nothing of its own."""

    def on_train_begin(self, logs: Logs = None) -> None:
        self.inside_fit = True

    def on_epoch_begin(self, epoch: int, logs: Logs = None) -> None:
        self._begin()
        show(say("training", "epoch", "Epoch {number}/{total}", number=epoch + 1, total=self.params["epochs"]))

    def _begin(self) -> None:
        self.started = time.perf_counter()
        self.steps = 0

    def on_train_batch_end(self, batch: int, logs: Logs = None) -> None:
        self._made(batch)

    def _made(self, batch: int) -> int:
        """Counts batches up to this one; returns how many that are: several with steps_per_execution."""
        before, self.steps = self.steps, min(batch + 1, self.params.get("steps") or batch + 1)
        return self.steps - before

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        self._line(logs)

    def _line(self, logs: Logs) -> None:
        seconds = time.perf_counter() - self.started
        each = time_text(seconds / max(self.steps, 1))
        total = self.params.get("steps") or self.steps
        show(f"{self.steps}/{total} - {seconds:.0f}s - {each}/step - {logs_text(logs)}")

    def on_test_begin(self, logs: Logs = None) -> None:
        if not self.inside_fit:
            self._begin()

    def on_test_batch_end(self, batch: int, logs: Logs = None) -> None:
        if not self.inside_fit:
            self._made(batch)

    def on_test_end(self, logs: Logs = None) -> None:
        if not self.inside_fit:
            self._line(logs)


class Bar(Lines):
    """The same, with a bar that moves while the epoch runs."""

    bar: Any = None
    """The progress display of rich, while it is shown."""

    def on_epoch_begin(self, epoch: int, logs: Logs = None) -> None:
        super().on_epoch_begin(epoch)
        self._open()

    def _open(self) -> None:
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        self.bar = Progress(
            MofNCompleteColumn(), BarColumn(30), TimeRemainingColumn(), TextColumn("{task.fields[text]}"), transient=True
        )
        self.task = self.bar.add_task("", total=self.params.get("steps"), text="")
        self.bar.start()

    def on_train_batch_end(self, batch: int, logs: Logs = None) -> None:
        self.bar.update(self.task, advance=self._made(batch), text=logs_text(logs))

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        self.close()
        super().on_epoch_end(epoch, logs)

    def on_test_begin(self, logs: Logs = None) -> None:
        super().on_test_begin(logs)
        if not self.inside_fit:
            self._open()

    def on_test_batch_end(self, batch: int, logs: Logs = None) -> None:
        if not self.inside_fit:
            self.bar.update(self.task, advance=self._made(batch), text=logs_text(logs))

    def on_test_end(self, logs: Logs = None) -> None:
        if not self.inside_fit:
            self.close()
        super().on_test_end(logs)

    def close(self) -> None:
        """Removes the bar, also after an error."""
        if self.bar is not None:
            self.bar.stop()
            self.bar = None
