"""The guide's second blueprint timed: a frozen base, a new head, 200 pictures, 5 epochs. CPU and wall seconds of the whole fit.

    python -m tests.benchmarks.frozen_base [Xception|MobileNetV2] [ROWS]
    KERAS_BACKEND=tensorflow PEER=keras python tests/benchmarks/frozen_base.py Xception 150        the same by Keras, in its own venv

Each line is one fit of a fresh model in a warm process: the base is fresh too, because its weights do not change the time.
"""

from __future__ import annotations

import importlib
import os
import sys
import time
from typing import Any

import numpy as np

PICTURES, EPOCHS, ROUNDS = 200, 5, 2


def model(keras: Any, name: str, rows: int) -> Any:
    """A frozen base and ten new units."""
    base = getattr(keras.applications, name)(include_top=False, weights=None, input_shape=(rows, rows, 3), pooling="avg")
    base.trainable = False
    made = keras.Sequential([base, keras.layers.Dense(10, activation="softmax")])
    made.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
    return made


def timed(keras: Any, name: str, rows: int, **options: Any) -> tuple[float, float]:
    """(CPU seconds, wall seconds) of one fit."""
    random = np.random.default_rng(0)
    x, y = random.random((PICTURES, rows, rows, 3), dtype=np.float32), random.integers(0, 10, PICTURES)
    made = model(keras, name, rows)
    cpu, wall = time.process_time(), time.perf_counter()
    made.fit(x, y, epochs=EPOCHS, verbose=0, **options)
    return time.process_time() - cpu, time.perf_counter() - wall


def main() -> None:
    name, rows = (*sys.argv[1:], *("Xception", "150")[len(sys.argv) - 1 :])[:2]
    keras = importlib.import_module(os.environ.get("PEER", "tinyseq"))
    ways: list[dict[str, Any]] = [{}] if keras.__name__ == "keras" else [{"keep_frozen": True}, {"keep_frozen": False}]
    timed(keras, name, int(rows))  # compiles
    for _ in range(ROUNDS):
        for options in ways:
            cpu, wall = timed(keras, name, int(rows), **options)
            print(f"{keras.__name__} {name} {rows}x{rows} {options or ''}: {cpu:.2f} s of CPU, {wall:.2f} s", flush=True)


if __name__ == "__main__":
    main()
