"""A net that needs every kernel with intrinsics: tiles, both kinds of Winograd, depthwise, pooling and normalization by vectors."""

import numpy as np
from numpy.typing import NDArray

import tinyseq as keras
from tinyseq import layers, optimizers


def results() -> dict[str, NDArray[np.float32]]:
    """A prediction, and the weights after a training step, then a prediction of these."""
    keras.utils.set_random_seed(3)
    model = keras.Sequential(
        [
            keras.Input((13, 12, 3)),
            layers.Conv2D(16, 3, activation="relu"),
            layers.MaxPooling2D(2, strides=1),
            layers.BatchNormalization(),
            layers.DepthwiseConv2D(3, padding="same", activation="relu"),
            layers.Conv2D(18, 3, strides=2, padding="same"),
            layers.AveragePooling2D(2, strides=1),
            layers.Dropout(0.3, seed=5),
            layers.Flatten(),
            layers.Dense(33, activation="tanh"),
            layers.Dense(5, activation="softmax"),
        ]
    )
    model.compile(optimizers.SGD(0.1), "sparse_categorical_crossentropy")
    random = np.random.default_rng(0)
    x, y = random.random((7, 13, 12, 3)).astype(np.float32), np.arange(7) % 5
    found = {"before": model.predict(x, verbose=0)}
    model.train_on_batch(x, y)
    found |= {f"weight {number}": value for number, value in enumerate(model.get_weights())}
    return {**found, "after": model.predict(x, verbose=0)}


def save(file: str) -> None:
    """The results into a file."""
    np.savez(file, **results())  # type: ignore[arg-type]
