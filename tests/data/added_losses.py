"""Models with penalties on outputs, built alike in Keras and in ours, and what is asked of both."""

from typing import Any

import numpy as np

RANDOM = np.random.default_rng(11)
X, Y = RANDOM.standard_normal((7, 5)).astype(np.float32), RANDOM.standard_normal((7, 2)).astype(np.float32)
LABELS = np.array([0, 1, 1, 0, 1, 0, 0])


def _dense(keras: Any) -> list[Any]:
    first = keras.layers.Dense(4, activation="tanh", activity_regularizer="l2", kernel_regularizer="l1")
    return [first, keras.layers.Dense(2, activity_regularizer=keras.regularizers.L1(0.03))]


def _layer(keras: Any) -> list[Any]:
    return [keras.layers.Dense(4), keras.layers.ActivityRegularization(l1=0.02, l2=0.05), keras.layers.Dense(2)]


def _softmax(keras: Any) -> list[Any]:
    penalty = keras.regularizers.L1L2(0.1, 0.2)
    return [keras.layers.Dense(4, activation="relu"), keras.layers.Dense(2, activation="softmax", activity_regularizer=penalty)]


def _last(keras: Any) -> list[Any]:
    return [keras.layers.Dense(2), keras.layers.ActivityRegularization(l2=0.4)]


MODELS = {"dense": _dense, "layer": _layer, "softmax": _softmax, "last": _last}


def answers(keras: Any, name: str) -> dict[str, Any]:
    """What a model answers, as plain numbers."""
    model = keras.Sequential([keras.Input((5,)), *MODELS[name](keras)])
    random = np.random.default_rng(5)
    model.set_weights([random.normal(0, 0.5, weight.shape).astype(np.float32) for weight in model.get_weights()])
    targets = LABELS if name == "softmax" else Y
    model.compile(keras.optimizers.SGD(0.1), "sparse_categorical_crossentropy" if name == "softmax" else "mse")
    model(X)
    found: dict[str, Any] = {"losses": [float(value) for value in model.losses]}
    found["evaluated"] = float(model.evaluate(X, targets, batch_size=7, verbose=0))
    history = model.fit(X, targets, batch_size=4, epochs=3, shuffle=False, verbose=0).history
    found["history"] = [float(value) for value in history["loss"]]
    found["weights"] = [weight.tolist() for weight in model.get_weights()]
    return found
