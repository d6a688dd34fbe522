"""A fit that tests kill: python -m tests.training.killed_fit FOLDER KIND FREQUENCY. A line for each batch; its end goes to end.json."""

import json
import sys
import warnings
from pathlib import Path
from typing import Any

import numpy as np

import tinyseq as keras
from tinyseq import callbacks, layers

random = np.random.default_rng(0)
X = random.normal(size=(40, 6)).astype(np.float32)
Y = random.integers(0, 3, 40)


class Batches(keras.utils.PyDataset):
    """The same rows by number."""

    def __len__(self) -> int:
        return 5

    def __getitem__(self, index: int) -> Any:
        rows = slice(8 * index, 8 * index + 8)
        return X[rows], Y[rows]


class Speak(callbacks.Callback):
    """A line for each batch."""

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        print(batch, flush=True)


def train(folder: Path, kind: str, frequency: str) -> None:
    """Adam, dropout, batch normalization, shuffling, a falling rate, early stopping, a metric of lazy state."""
    warnings.filterwarnings("ignore", "the data ran out")
    keras.set_random_seed(3)
    model = keras.Sequential([
        keras.Input((6,)), layers.Dense(8, activation="relu"), layers.BatchNormalization(), layers.Dropout(0.3),
        layers.Dense(3, activation="softmax"),
    ])  # fmt: skip
    optimizer = keras.optimizers.Adam(0.02, use_ema=True, ema_overwrite_frequency=7)
    model.compile(optimizer, "sparse_categorical_crossentropy", metrics=["accuracy"], weighted_metrics=["accuracy"])
    history = model.fit(
        *((Batches(),) if kind == "dataset" else (X, Y)),
        batch_size=None if kind == "dataset" else 8, epochs=6, verbose=0, steps_per_epoch=3 if kind == "steps" else None,
        validation_data=(X[:9], Y[:9]),
        callbacks=[
            Speak(),
            callbacks.ReduceLROnPlateau(patience=1, factor=0.7, min_delta=0.05),
            callbacks.EarlyStopping(patience=4, restore_best_weights=True),
            callbacks.CSVLogger(folder / "log.csv"),
            callbacks.BackupAndRestore(folder / "backup", save_freq=frequency if frequency == "epoch" else int(frequency)),
        ],
    )  # fmt: skip
    last = {name: values[-1] for name, values in history.history.items()}
    end = {"weights": [weight.tobytes().hex() for weight in model.get_weights()], "last": last, "steps": int(optimizer.iterations)}
    (folder / "end.json").write_text(json.dumps(end), encoding="utf-8")


if __name__ == "__main__":
    train(Path(sys.argv[1]), sys.argv[2], sys.argv[3])
