"""A fit of two processes that test_data_parallel.py disturbs: `mpiexec -n 2 python -m tests.training.lost_process WHAT FOLDER`."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

import tinyseq as keras
from tests.training.shared_fit import convolutions, data
from tinyseq import callbacks


class Disturb(callbacks.Callback):
    """In the second epoch of process 1 something happens. It adds nothing to what a backup keeps."""

    def __init__(self, what: str, rank: int) -> None:
        self.happens = lambda epoch: rank == 1 and epoch == 1
        self.what = lambda: what

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        self.begun = lambda: epoch

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        if batch != 1 or not self.happens(self.begun()):
            return
        if self.what() == "killed":
            os.kill(os.getpid(), signal.SIGKILL)
        if self.what() == "error":
            raise ValueError("something went wrong here")
        if self.what() == "stop":
            self.model.stop_training = True


def batches(x: Any, y: Any, rank: int) -> Iterator[Any]:
    """Batches that only the first process may read."""
    assert rank == 0, "read by another process"
    while True:
        for start in range(0, 128, 32):
            yield x[start : start + 32], y[start : start + 32]


def main() -> None:
    what, folder = sys.argv[1], Path(sys.argv[2])
    rank, _ = keras.distribution.data_parallel()
    if what != "unseeded":
        keras.set_random_seed(7)
    x, y = data()
    if what == "other data" and rank == 1:
        x = x + 1
    model = convolutions()
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    given = [
        Disturb(what, rank), callbacks.ModelCheckpoint(str(folder / "model.keras")), callbacks.CSVLogger(folder / "log.csv"),
        callbacks.BackupAndRestore(folder / "backup", delete_checkpoint=False),
    ]  # fmt: skip
    if what == "stream":
        model.fit(batches(x, y, rank), epochs=3, steps_per_epoch=4, verbose=2)
    else:
        model.fit(x, y, epochs=3, batch_size=16, callbacks=given, verbose=2)
    np.savez(folder / f"end{rank}.npz", *model.get_weights(), epochs=len(model.history.epoch))


if __name__ == "__main__":
    main()
