"""BackupAndRestore: training that was killed goes on where it was, to the same bits as if it had not been killed."""

from __future__ import annotations

import os
import random
import shutil
from typing import Any

import numpy as np

from tinyseq.argument_types import is_integer
from tinyseq.engine.team import speaks
from tinyseq.training import backup_file
from tinyseq.training.callback import Callback, History, Logs
from tinyseq.training.progress import Lines
from tinyseq.weights import seeds

LATEST, BEFORE = "latest.backup", "before.backup"


class BackupAndRestore(Callback):
    """Keeps weights, optimizer, callbacks, running metrics, random and shuffle state; the next fit that begins goes on from there.

    Killed and begun again, training gives the same bits as uninterrupted; its History begins with the epoch it goes on in, as in Keras.
    Data must be arrays or a PyDataset: a generator cannot be begun in its middle. It acts after all other callbacks.

    Arguments:
        backup_dir: the folder for the backup; no other training may use it
        save_freq: "epoch", or a number of batches after which to write
        double_checkpoint: True: the backup before the last one is kept too
        delete_checkpoint: True: when training ends, the folder is deleted
    """

    after_others = True

    def __init__(
        self, backup_dir: Any, save_freq: Any = "epoch", double_checkpoint: bool = False, delete_checkpoint: bool = True
    ) -> None:
        if not backup_dir:
            raise ValueError("BackupAndRestore: empty `backup_dir`: pass the path of a folder, for example 'backup'")
        if save_freq != "epoch" and (not is_integer(save_freq) or save_freq < 1):
            raise ValueError(
                f"BackupAndRestore: invalid save_freq={save_freq!r}: expected 'epoch' or a number of batches, for example save_freq=100"
            )
        self.backup_dir = os.fspath(backup_dir)
        self.save_freq = save_freq
        self.double_checkpoint = double_checkpoint
        self.delete_checkpoint = delete_checkpoint
        self._epoch = 0
        self._made = 0
        """Batches of the epoch that are made."""

    def _path(self, name: str = LATEST) -> str:
        return os.path.join(self.backup_dir, name)

    # ------------------------------------------------------------------ events

    def on_train_begin(self, logs: Logs = None) -> None:
        self.model._fitting.batches.check_repeatable("BackupAndRestore")
        found = self._read()
        if found is None:
            os.makedirs(self.backup_dir, exist_ok=True)
            return
        self._restore(found)

    def on_epoch_begin(self, epoch: int, logs: Logs = None) -> None:
        self._epoch = epoch
        self._made = self.model._fitting.step

    def on_train_batch_end(self, batch: int, logs: Logs = None) -> None:
        before, self._made = self._made, batch + 1
        if self.save_freq != "epoch" and self._made // self.save_freq > before // self.save_freq:
            self._write(self._epoch, self._made, logs)

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        self._write(epoch + 1, 0, None)

    def on_train_end(self, logs: Logs = None) -> None:
        if self.delete_checkpoint and speaks() and os.path.isdir(self.backup_dir):
            shutil.rmtree(self.backup_dir)

    # ------------------------------------------------------------------ state

    def _others(self) -> list[Callback]:
        """Callbacks whose state is kept."""
        return [one for one in self.model._fitting.callbacks if not isinstance(one, (BackupAndRestore, History, Lines))]

    def _write(self, epoch: int, step: int, logs: Logs) -> None:
        model = self.model
        layers = _layers(model)
        state = {
            "epoch": epoch, "step": step, "logs": dict(logs or {}), "stop_training": bool(model.stop_training),
            "paths": [weight.path.rpartition("/")[2] for weight in model.weights],
            "weights": [weight.value for weight in model.weights],
            "optimizer": model.optimizer.state(model.weights),
            "draws": [[list(layer._seed), layer._draws] for layer in layers],
            "batches": model._fitting.batches.state(),
            "measured": [variable.value for variable in model._step_state.measured.variables] if step else [],
            "callbacks": [[type(one).__name__, plain_state(one)] for one in self._others()],
            "random": list(random.getstate()), "numpy": list(np.random.get_state()), "seeds": list(seeds.state()),
        }  # fmt: skip
        if self.double_checkpoint and speaks() and os.path.exists(self._path()):
            os.replace(self._path(), self._path(BEFORE))
        backup_file.write(self._path(), state)

    def _read(self) -> Any:
        for name in (LATEST, BEFORE):
            if os.path.exists(self._path(name)):
                return backup_file.read(self._path(name))
        return None

    def _restore(self, state: Any) -> None:
        model = self.model
        if not model.built:
            raise ValueError(f"{model.name}: the weights of a backup need a built model: begin it with Input(shape=...)")
        others, layers = self._others(), _layers(model)
        have = [(weight.path.rpartition("/")[2], weight.shape) for weight in model.weights]
        kept = [(path, array.shape) for path, array in zip(state["paths"], state["weights"], strict=True)]
        kinds = [type(one).__name__ for one in others]
        if have != kept or kinds != [kind for kind, _ in state["callbacks"]] or len(layers) != len(state["draws"]):
            raise ValueError(
                f"{self._path()} is of another model or of other callbacks than {model.name}: delete the folder {self.backup_dir!r}, or "
                f"give this training a backup_dir of its own"
            )
        model.set_weights(state["weights"])
        model.optimizer.restore_state(model.weights, state["optimizer"])
        for layer, (seed, draws) in zip(layers, state["draws"], strict=True):
            layer._seed, layer._draws = tuple(seed), draws
        for one, (_, kept_state) in zip(others, state["callbacks"], strict=True):
            one.__dict__.update(kept_state)
        python = state["random"]
        random.setstate((python[0], tuple(python[1]), python[2]))
        np.random.set_state(tuple(state["numpy"]))
        seeds.restore(tuple(state["seeds"]))
        model._fitting.resume(state)


def plain_state(callback: Callback) -> dict[str, Any]:
    """The attributes of a callback that are numbers, text, arrays, lists or dictionaries; functions and files it has anew."""
    found = {}
    for name, value in vars(callback).items():
        if name in ("model", "params"):
            continue
        try:
            backup_file.encoded(value, [])
        except backup_file.NotPlainError:
            continue
        found[name] = value
    return found


def _layers(model: Any) -> list[Any]:
    """All layers, also those inside others, that may draw random numbers."""
    found: list[Any] = []
    for layer in model.children:
        found += [layer] if hasattr(layer, "_draws") else []
        found += _layers(layer)
    return found
