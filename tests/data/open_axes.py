"""Training of a model whose output has an open axis: losses, accuracy, weights of steps, with Keras and with us."""

from __future__ import annotations

from typing import Any

import numpy as np

RANDOM = np.random.default_rng(0)
ONE_HOT = np.eye(5)[RANDOM.integers(0, 5, (8, 9))].astype("float32")
LABELS = RANDOM.integers(0, 5, (8, 9))
YES = RANDOM.integers(0, 2, (8, 9, 1)).astype("float32")
RANDOM.random(8)
WEIGHTS = RANDOM.random((8, 9)).astype("float32")
X = np.random.default_rng(1).normal(size=(8, 9, 3)).astype("float32")
CASES: dict[str, tuple[int, str, Any]] = {
    "one-hot": (5, "categorical_crossentropy", ONE_HOT),
    "labels": (5, "sparse_categorical_crossentropy", LABELS),
    "labels in columns": (5, "sparse_categorical_crossentropy", LABELS[..., None]),
    "yes in columns": (1, "binary_crossentropy", YES),
    "yes": (1, "binary_crossentropy", YES[..., 0]),
}
"""Name -> units, loss, targets."""
WEIGHTED = ("one-hot", "labels")
"""Cases that are trained with weights of steps, too."""
OPTIONS: dict[str, Any] = {"epochs": 2, "batch_size": 3, "shuffle": False, "verbose": 0}


def model(keras: Any, units: int, loss: str, **options: Any) -> Any:
    """A model of any number of steps, compiled, with constant weights."""
    x = keras.Input((None, 3))
    h = keras.layers.Dense(4, activation="tanh", kernel_initializer="ones")(x)
    h = keras.layers.Dense(units, "softmax" if units > 1 else "sigmoid", kernel_initializer=keras.initializers.Constant(0.1))(h)
    found = keras.Model(x, h)
    found.compile("sgd", loss, **options)
    return found


def history(keras: Any, name: str) -> dict[str, list[float]]:
    """Loss and accuracy of two epochs of a case."""
    units, loss, y = CASES[name]
    found: dict[str, list[float]] = model(keras, units, loss, metrics=["accuracy"]).fit(X, y, **OPTIONS).history
    return found


def weighted(keras: Any, name: str) -> dict[str, list[float]]:
    """The same with a weight for each step, in training and validation."""
    units, loss, y = CASES[name]
    made = model(keras, units, loss, metrics=["accuracy"], weighted_metrics=["accuracy"])
    found: dict[str, list[float]] = made.fit(X, y, sample_weight=WEIGHTS, validation_data=(X, y, WEIGHTS), **OPTIONS).history
    return found
