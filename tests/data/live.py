"""A small network, its data and its optimizers, for models that go on training on the other side. Used by a recorder and a test."""

from __future__ import annotations

from typing import Any

import numpy as np

OPTIMIZERS: dict[str, tuple[str, dict[str, Any]]] = {
    "sgd": ("SGD", {"learning_rate": 0.05, "momentum": 0.9, "nesterov": True}),
    "adam": ("Adam", {"learning_rate": 0.01, "amsgrad": True}),
    "rmsprop": ("RMSprop", {"learning_rate": 0.01, "centered": True, "momentum": 0.5}),
    "adagrad": ("Adagrad", {"learning_rate": 0.1}),
    "nadam": ("Nadam", {"learning_rate": 0.01}),
    "lion": ("Lion", {"learning_rate": 0.01}),
}


def network(keras: Any) -> Any:
    """A frozen layer, a normalization, a nested model."""
    layers = keras.layers
    start = keras.Input((3,), name="start")
    stack = [keras.Input((4,)), layers.Dense(4, activation="tanh", name="a"), layers.BatchNormalization(name="b")]
    inner = keras.Sequential(stack, name="inner")
    frozen = layers.Dense(4, activation="relu", name="frozen")
    model = keras.Model(start, layers.Dense(1, name="last")(inner(frozen(start))), name="net")
    frozen.trainable = False
    random = np.random.default_rng(5)
    model.set_weights([random.uniform(0.1, 0.9, array.shape).astype(np.float32) for array in model.get_weights()])
    return model


def data() -> tuple[Any, Any]:
    """Eight samples."""
    random = np.random.default_rng(6)
    return random.normal(size=(8, 3)).astype(np.float32), random.normal(size=(8, 1)).astype(np.float32)
