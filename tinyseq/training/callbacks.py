"""Callbacks under Keras's names: they watch training, and may stop or change it."""

from __future__ import annotations

import csv
import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from shapecheck.languages import say
from tinyseq.did_you_mean import attributes_of
from tinyseq.engine.team import speaks
from tinyseq.training.backup import BackupAndRestore
from tinyseq.training.callback import Callback, Callbacks, History, LambdaCallback, Logs, ProgbarLogger
from tinyseq.training.logging_switch import show
from tinyseq.training.swap_averages import SwapEMAWeights
from tinyseq.training.tensorboard import TensorBoard
from tinyseq.training.user_warning import say as warn

__all__ = [
    "BackupAndRestore", "CSVLogger", "Callback", "Callbacks", "EarlyStopping", "History", "LambdaCallback", "LearningRateScheduler",
    "ModelCheckpoint", "ProgbarLogger", "ReduceLROnPlateau", "SwapEMAWeights", "TensorBoard", "TerminateOnNaN",
]  # fmt: skip


class _Watching(Callback):
    """Watches one value of the logs and knows which direction is better.

    Arguments:
        monitor: the name in the logs that is watched
        mode: "min": less is better, "max": more is better; "auto": by the name
        min_delta: the smallest change that counts as better
    """

    def __init__(self, monitor: str, mode: str, min_delta: float) -> None:
        if not isinstance(monitor, str):
            raise TypeError(f"{type(self).__name__}: monitor={monitor!r}: expected a name in the logs, for example monitor='val_loss'")
        if mode not in ("auto", "min", "max"):
            warn(f"{type(self).__name__}: mode {mode!r} is not known, using 'auto'")
            mode = "auto"
        self.monitor = monitor
        up = any(word in monitor.lower() for word in ("acc", "auc", "precision", "recall", "f1"))
        self.rising = mode == "max" or (mode == "auto" and up)
        self.min_delta = abs(min_delta)

    def better(self, value: float, best: float) -> bool:
        """Better by more than min_delta."""
        return value - self.min_delta > best if self.rising else value + self.min_delta < best

    @property
    def worst(self) -> float:
        """A start value than which every value is better."""
        return -np.inf if self.rising else np.inf

    def value(self, logs: Logs) -> float | None:
        """The watched value; None, with a warning, if the logs do not have it."""
        found = (logs or {}).get(self.monitor)
        if found is None:
            warn(f"{type(self).__name__} watches {self.monitor!r}, which is not available. Available are: {','.join(logs or {})}")
        return found


class EarlyStopping(_Watching):
    """Stops when `monitor` has not improved for `patience` epochs.

    Arguments:
        patience: epochs without improvement before training stops
        verbose: 1: print a line
        baseline: the value that an epoch must exceed to count; None: any
        restore_best_weights: True: go back to the weights of the best epoch
        start_from_epoch: epochs that are not watched
    """

    def __init__(
        self,
        monitor: str = "val_loss",
        min_delta: float = 0,
        patience: int = 0,
        verbose: int = 0,
        mode: str = "auto",
        baseline: float | None = None,
        restore_best_weights: bool = False,
        start_from_epoch: int = 0,
    ) -> None:
        super().__init__(monitor, mode, min_delta)
        self.patience = patience
        self.verbose = verbose
        self.baseline = baseline
        self.restore_best_weights = restore_best_weights
        self.start_from_epoch = start_from_epoch

    def on_train_begin(self, logs: Logs = None) -> None:
        self.wait = self.stopped_epoch = self.best_epoch = 0
        self.best: float | None = None
        self.best_weights: Any = None

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        value = self.value(logs)
        if value is None or epoch < self.start_from_epoch:
            return
        if self.restore_best_weights and self.best_weights is None:
            self.best_weights, self.best_epoch = self.model.get_weights(), epoch
        self.wait += 1
        if self.best is None or self.better(value, self.best):
            self.best, self.best_epoch = value, epoch
            if self.restore_best_weights:
                self.best_weights = self.model.get_weights()
            if self.baseline is None or self.better(value, self.baseline):
                self.wait = 0
            return
        if self.wait >= self.patience and epoch > 0:
            self.stopped_epoch = epoch
            self.model.stop_training = True

    def on_train_end(self, logs: Logs = None) -> None:
        if self.stopped_epoch > 0 and self.verbose > 0:
            show(say("training", "early", "Epoch {epoch}: early stopping", epoch=self.stopped_epoch + 1))
        if self.restore_best_weights and self.best_weights is not None:
            if self.verbose > 0:
                best = self.best_epoch + 1
                show(say("training", "restored", "Restoring model weights from the end of the best epoch: {epoch}.", epoch=best))
            self.model.set_weights(self.best_weights)


class ReduceLROnPlateau(_Watching):
    """Multiplies the learning rate by `factor` when `monitor` has not improved for `patience` epochs.

    Arguments:
        factor: the factor of the rate, below 1
        patience: epochs without improvement before the rate is reduced
        verbose: 1: print a line
        cooldown: epochs after a reduction that do not count
        min_lr: the smallest rate
    """

    def __init__(
        self,
        monitor: str = "val_loss",
        factor: float = 0.1,
        patience: int = 10,
        verbose: int = 0,
        mode: str = "auto",
        min_delta: float = 1e-4,
        cooldown: int = 0,
        min_lr: float = 0.0,
    ) -> None:
        super().__init__(monitor, mode, min_delta)
        if factor >= 1.0:
            raise ValueError(f"ReduceLROnPlateau does not support a factor >= 1.0. Got {factor}")
        self.factor = factor
        self.patience = patience
        self.verbose = verbose
        self.cooldown = cooldown
        self.min_lr = min_lr

    def on_train_begin(self, logs: Logs = None) -> None:
        self.wait = self.cooldown_counter = 0
        self.best: float | None = None

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        optimizer = self.model.optimizer
        if logs is not None:
            logs["learning_rate"] = float(optimizer.learning_rate)
        value = self.value(logs)
        if value is None:
            return
        if self.cooldown_counter > 0:
            self.cooldown_counter -= 1
            self.wait = 0
        if self.best is None or self.better(value, self.best):
            self.best, self.wait = value, 0
        elif self.cooldown_counter <= 0:
            self.wait += 1
            old = float(np.float32(optimizer.learning_rate))
            if self.wait >= self.patience and old > self.min_lr:
                optimizer.learning_rate = max(old * self.factor, self.min_lr)
                if self.verbose > 0:
                    rate = optimizer.learning_rate
                    show(say(
                        "training", "plateau", "\nEpoch {epoch}: ReduceLROnPlateau reducing learning rate to {rate}.",
                        epoch=epoch + 1, rate=rate,
                    ))  # fmt: skip
                self.cooldown_counter, self.wait = self.cooldown, 0


class LearningRateScheduler(Callback):
    """Sets the learning rate before each epoch to schedule(epoch) or schedule(epoch, rate).

    Arguments:
        schedule: schedule(epoch) or schedule(epoch, rate) -> rate, a float; epochs count from 0
        verbose: 1: print each rate
    """

    def __init__(self, schedule: Callable[..., float], verbose: int = 0) -> None:
        if not callable(schedule):
            raise TypeError(f"schedule={schedule!r}: expected a function, for example lambda epoch: 0.1 / (epoch + 1)")
        self.schedule = schedule
        self.verbose = verbose

    def on_epoch_begin(self, epoch: int, logs: Logs = None) -> None:
        optimizer = self.model.optimizer
        try:
            rate = self.schedule(epoch, float(optimizer.learning_rate))
        except TypeError:  # it accepts only the epoch, as in Keras 1
            rate = self.schedule(epoch)
        if not isinstance(rate, (float, np.floating)):
            raise ValueError(f"The output of the `schedule` function should be a float. Got: {rate}")
        optimizer.learning_rate = float(rate)
        if self.verbose > 0:
            show(say(
                "training", "scheduled", "\nEpoch {epoch}: LearningRateScheduler setting learning rate to {rate}.",
                epoch=epoch + 1, rate=rate,
            ))  # fmt: skip

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        if logs is not None:
            logs["learning_rate"] = float(self.model.optimizer.learning_rate)


class TerminateOnNaN(Callback):
    """Stops when the loss is NaN or infinite.

    Arguments:
        raise_error: True: raise RuntimeError instead of stopping
    """

    def __init__(self, raise_error: bool = False) -> None:
        self.raise_error = raise_error

    def on_train_batch_end(self, batch: int, logs: Logs = None) -> None:
        loss = (logs or {}).get("loss")
        if loss is not None and not np.isfinite(loss):
            if self.raise_error:
                raise RuntimeError(f"NaN or Inf loss encountered at batch {batch}.")
            show(say("training", "terminated", "Batch {batch}: Invalid loss, terminating training", batch=batch))
            self.model.stop_training = True


class CSVLogger(Callback):
    """Writes the logs of each epoch as a line of a CSV file: epoch, then the names sorted.

    Arguments:
        filename: where to
        separator: between the columns
        append: True: keep the lines of the file
    """

    def __init__(self, filename: Any, separator: str = ",", append: bool = False) -> None:
        self.filename = os.fspath(filename)
        self.separator = separator
        self.append = append
        self.keys: list[str] | None = None

    def on_train_begin(self, logs: Logs = None) -> None:
        self.keys = None
        self._begun = 0

    def on_epoch_begin(self, epoch: int, logs: Logs = None) -> None:
        """At the first epoch the file is emptied; where training goes on from a backup, the lines of epochs to come are taken out."""
        fitting = self.model._fitting
        if self._begun == id(fitting) or not speaks():
            return
        self._begun = id(fitting)
        if self.append and not fitting.resumed:
            return
        lines: list[str] = []
        if fitting.resumed and os.path.exists(self.filename):
            with open(self.filename, newline="", encoding="utf-8") as file:
                lines = file.readlines()
            epochs = [line.partition(self.separator)[0] for line in lines]
            kept = zip(lines, epochs, strict=True)
            lines = [line for line, number in kept if line.endswith("\n") and not (number.isdigit() and int(number) >= epoch)]
        with open(self.filename, "w", newline="", encoding="utf-8") as file:
            file.writelines(lines)

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        logs = logs or {}
        begun = os.path.exists(self.filename) and os.path.getsize(self.filename) > 0
        if self.keys is None:
            self.keys = sorted(logs)
            if self.model.validates and not any(key.startswith("val_") for key in self.keys):  # validation_freq above 1
                self.keys += [f"val_{key}" for key in self.keys]
        if not speaks():
            return
        with open(self.filename, "a", newline="", encoding="utf-8") as file:
            writer = csv.writer(file, delimiter=self.separator, lineterminator="\n")
            if not begun:
                writer.writerow(["epoch", *self.keys])
            writer.writerow([epoch, *(logs.get(key, "NA") for key in self.keys)])


class ModelCheckpoint(_Watching):
    """Saves the model after each epoch, or only the best. `filepath` may hold {epoch:02d} (from 1) and names of logs.

    Arguments:
        filepath: where to: a path that ends in .keras, or in .weights.h5 for weights only
        verbose: 1: print a line
        save_best_only: True: write only when `monitor` is better than before
        save_weights_only: True: weights alone; False: the whole model
        save_freq: "epoch", or a number of batches
        initial_value_threshold: the value that the first save must improve on; None: any
    """

    def __init__(
        self,
        filepath: Any,
        monitor: str = "val_loss",
        verbose: int = 0,
        save_best_only: bool = False,
        save_weights_only: bool = False,
        mode: str = "auto",
        save_freq: Any = "epoch",
        initial_value_threshold: float | None = None,
    ) -> None:
        super().__init__(monitor, mode, 0)
        self.filepath = os.fspath(filepath)
        self.verbose = verbose
        self.save_best_only = save_best_only
        self.save_weights_only = save_weights_only
        self.save_freq = save_freq
        self.best = self.worst if initial_value_threshold is None else initial_value_threshold
        self._batches = 0
        self._last = -1
        _check_ending(self.filepath, save_weights_only)
        if save_freq != "epoch" and (isinstance(save_freq, bool) or not isinstance(save_freq, int)):
            raise ValueError(f"Unrecognized save_freq: {save_freq}. Expected save_freq are 'epoch' or integer values")

    def on_train_batch_end(self, batch: int, logs: Logs = None) -> None:
        if self.save_freq == "epoch":
            return
        self._batches += batch - self._last if batch > self._last else batch + 1  # several with steps_per_execution
        self._last = batch
        if self._batches >= self.save_freq:
            self._batches = 0
            self._save(len(self.model.history.epoch), logs)

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        if self.save_freq == "epoch":
            self._save(epoch, logs)

    def _save(self, epoch: int, logs: Logs) -> None:
        path = self.filepath.format(epoch=epoch + 1, **(logs or {}))
        if self.save_best_only:
            value = self.value(logs)
            if value is not None and not self.better(value, self.best):
                if self.verbose > 0:
                    show(say(
                        "training", "not_improved", "\nEpoch {epoch}: {monitor} did not improve from {best:.5f}",
                        epoch=epoch + 1, monitor=self.monitor, best=self.best,
                    ))  # fmt: skip
                return
            if self.verbose > 0 and value is not None:
                show(say(
                    "training", "improved", "\nEpoch {epoch}: {monitor} improved from {best:.5f} to {value:.5f}, saving to {path}",
                    epoch=epoch + 1, monitor=self.monitor, best=self.best, value=value, path=path,
                ))  # fmt: skip
            self.best = self.best if value is None else value  # without it each epoch is saved, as in Keras
        elif self.verbose > 0:
            show(say("training", "saved", "\nEpoch {epoch}: saving to {path}", epoch=epoch + 1, path=path))
        os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
        if self.save_weights_only:
            self.model.save_weights(path, overwrite=True)
        else:
            self.model.save(path, overwrite=True)


def _check_ending(path: str, weights_only: bool) -> None:
    if weights_only and not path.endswith((".weights.h5", ".npz", ".safetensors", ".h5")):
        raise ValueError(f"ModelCheckpoint: weights are kept in .weights.h5 files, got {path!r}: for example 'best.weights.h5'")
    if not weights_only and not path.endswith((".keras", ".h5")):
        raise ValueError(
            f"ModelCheckpoint: a whole model is kept in a .keras file, got {path!r}: for example 'best.keras', or pass "
            f"save_weights_only=True"
        )


if not TYPE_CHECKING:  # so that mypy still reports names that do not exist
    __getattr__ = attributes_of(__name__)
