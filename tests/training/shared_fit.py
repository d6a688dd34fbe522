"""A fit whose weights test_data_parallel.py compares: `mpiexec -n 2 python -m tests.training.shared_fit NET OUT`, or by one process with
the batch of two: `python -m tests.training.shared_fit NET OUT --alone 2`.
"""

from __future__ import annotations

import sys
from typing import Any

import numpy as np

import tinyseq as keras
from tinyseq import layers

EACH = 16
"""Samples of each process in a batch."""


def convolutions() -> Any:
    """BatchNormalization, dropout, penalties, a Dense layer large enough for deferred gradients."""
    return keras.Sequential([
        keras.Input((24, 24, 3)), layers.Conv2D(16, 3, padding="same"), layers.BatchNormalization(), layers.ReLU(), layers.MaxPooling2D(),
        layers.Conv2D(24, 3, activation="relu", kernel_regularizer="l2", activity_regularizer="l1"), layers.SpatialDropout2D(0.2),
        layers.BatchNormalization(), layers.Flatten(), layers.Dense(200, activation="relu"), layers.Dropout(0.4),
        layers.Dense(5, activation="softmax"),
    ])  # fmt: skip


def recurrent() -> Any:
    """Masks and both directions."""
    return keras.Sequential([
        keras.Input((24, 24, 3)), layers.Reshape((24, 72)), layers.Masking(), layers.Bidirectional(layers.LSTM(64, return_sequences=True)),
        layers.GRU(32, dropout=0.2), layers.Dense(5, activation="softmax"),
    ])  # fmt: skip


def tiny() -> Any:
    """So little work that its batch is not cut."""
    return keras.Sequential([
        keras.Input((24, 24, 3)), layers.AveragePooling2D(8), layers.Flatten(), layers.BatchNormalization(), layers.Dropout(0.3),
        layers.Dense(5, activation="softmax"),
    ])  # fmt: skip


def whole() -> Any:
    """A layer of the user's own that needs the whole batch."""

    class Centred(layers.Layer):
        """(samples, 5) -> the same, less the mean over samples."""

        def output_shape(self, input_shape: Any) -> Any:
            return input_shape

        def forward(self, ctx: Any, x: Any) -> Any:
            return x - x.mean(axis=0)

        def backward(self, ctx: Any, gradient: Any) -> Any:
            return gradient - gradient.mean(axis=0)

    return keras.Sequential([
        keras.Input((24, 24, 3)), layers.Conv2D(8, 3, activation="relu"), layers.Flatten(), layers.Dense(5), Centred(), layers.Softmax()
    ])  # fmt: skip


NETS = {net.__name__: net for net in (convolutions, recurrent, tiny, whole)}


def data() -> tuple[Any, Any]:
    """150 pictures of 5 classes; their last batch is small."""
    random = np.random.default_rng(0)
    y = random.integers(0, 5, 150)
    x = random.standard_normal((150, 24, 24, 3)) + 0.3 * y[:, None, None, None]
    x[:, 20:] = 0
    return x.astype(np.float32), y


def main() -> None:
    name, out, *options = sys.argv[1:]
    alone = int(options[1]) if options else 0
    keras.set_random_seed(7)
    if not alone:
        keras.distribution.data_parallel()
    x, y = data()
    model = NETS[name]()
    model.compile(keras.optimizers.SGD(0.01, momentum=0.9, clipnorm=1.0), "sparse_categorical_crossentropy", metrics=["accuracy"])
    size = EACH * (alone or 1)
    history = model.fit(x, y, batch_size=size, epochs=2, validation_split=0.2, class_weight={0: 2.0}, verbose=2)
    kept = {f"weight {number}": weight for number, weight in enumerate(model.get_weights())}
    kept |= {f"log {name}": np.array(values) for name, values in history.history.items()}
    rank, _ = (0, 1) if alone else keras.distribution.data_parallel()
    schedules = [one for one in model._ready_engine()._schedules.values() if one.whole.mode.backward]
    kept["groups"] = np.array(schedules[0].own_groups)
    np.savez(f"{out}{rank}.npz", **kept)


if __name__ == "__main__":
    main()
