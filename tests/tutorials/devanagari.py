"""From digits to Devanagari digits: does a base that was trained on other digits help? Ten seeds, every arm with the same budget.

    python -m tests.tutorials.devanagari [SEED ...]        writes devanagari.json (two minutes for each seed)

Trained on 300 pictures of two printed families, chosen on 300 of a third, tested on 600 of a family that imitates handwriting and is used
for nothing else. An arm is trained with each of RATES for EPOCHS epochs; the rate and the epoch with the best validation accuracy (then the
lowest validation loss) are kept, and only that model is tested. All arms have the same layers, pictures, orders and number of runs:

    pretrained frozen    DigitNet's convolutions with its stored weights, frozen; a new Dense(10)
    random frozen        the same convolutions with fresh weights, frozen
    from scratch         the same layers with fresh weights, all trained
    fine-tuned           the stored weights, all trained
    its own answer       DigitNet as it is: its answer 3 for a Devanagari 3, without any training
"""

from __future__ import annotations

import json
import platform
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

import tinyseq as keras
from tinyseq import applications, datasets, layers

RECORD = Path(__file__).with_name("devanagari.json")
SEEDS = range(1, 11)
RATES = (0.0003, 0.001, 0.003, 0.01, 0.03)
EPOCHS, PICTURES = 25, 300
ARMS = {"pretrained frozen": ("mnist", False), "random frozen": (None, False), "from scratch": (None, True), "fine-tuned": ("mnist", True)}
"""Stored weights, and whether the convolutions train."""


def network(weights: str | None, trains: bool) -> Any:
    """DigitNet's convolutions and a new last layer."""
    base = applications.DigitNet(weights=weights, include_top=False)
    base.trainable = trains
    return keras.Sequential([base, layers.Flatten(), layers.Dense(10, activation="softmax")])


def best(history: dict[str, list[float]]) -> tuple[float, float, int]:
    """(validation accuracy, minus validation loss, minus epoch) of the best epoch: larger is better."""
    pairs = zip(history["val_accuracy"], history["val_loss"], strict=True)
    return max((accuracy, -loss, -epoch) for epoch, (accuracy, loss) in enumerate(pairs))


class KeepBest(keras.callbacks.Callback):
    """Keeps the weights of the best epoch."""

    def __init__(self) -> None:
        super().__init__()
        self.best: tuple[float, float] = (-1.0, 0.0)
        self.weights: Any = None

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        found = (logs["val_accuracy"], -logs["val_loss"])
        if found > self.best:
            self.best, self.weights = found, self.model.get_weights()


def arm(name: str, seed: int, data: Any) -> dict[str, Any]:
    """The best of all rates and epochs on validation, and what it reads of the test pictures."""
    (x, y), validation, (x_test, y_test) = data
    runs = []
    begun = time.perf_counter()
    for rate in RATES:
        keras.utils.set_random_seed(seed)
        model, keeper = network(*ARMS[name]), KeepBest()
        model.compile(optimizer=keras.optimizers.Adam(rate), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
        start = time.perf_counter()
        history = model.fit(x, y, epochs=EPOCHS, validation_data=validation, callbacks=[keeper], verbose=0).history
        runs.append((best(history), rate, model, keeper.weights, time.perf_counter() - start))
    (accuracy, _, epoch), rate, model, weights, seconds = max(runs, key=lambda run: run[0])
    model.set_weights(weights)
    tested = model.evaluate(x_test, y_test, verbose=0)[1]
    return {
        "rate": rate, "epoch": 1 - epoch, "validation": round(accuracy, 4), "test": round(tested, 4),
        "seconds of its fit": round(seconds, 2), "seconds of all rates": round(time.perf_counter() - begun, 2),
    }  # fmt: skip


def one_seed(seed: int) -> dict[str, Any]:
    """Every arm with the pictures of one seed."""
    (x, y), test = datasets.devanagari.load_data()
    x, test = x[..., None], (test[0][..., None], test[1])
    rows = np.random.default_rng(seed).permutation(600)[:PICTURES]
    data = (x[rows], y[rows]), (x[600:], y[600:]), test
    found = {name: arm(name, seed, data) for name in ARMS}
    own = applications.DigitNet(weights="mnist").predict(test[0]).argmax(axis=1) == test[1]
    return {**found, "its own answer": {"test": round(float(own.mean()), 4)}}


def main() -> None:
    import numba

    record = json.loads(RECORD.read_text(encoding="utf-8")) if RECORD.exists() else {"seeds": {}}
    for seed in [int(text) for text in sys.argv[1:]] or SEEDS:
        record["seeds"][str(seed)] = found = one_seed(seed)
        record["seeds"] = dict(sorted(record["seeds"].items(), key=lambda item: int(item[0])))
        record["machine"] = f"{platform.machine()}, two cores that other work shared, numpy {np.__version__}, numba {numba.__version__}"
        RECORD.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
        print(seed, {name: tuple(arm.values()) for name, arm in found.items()}, flush=True)


if __name__ == "__main__":
    main()
