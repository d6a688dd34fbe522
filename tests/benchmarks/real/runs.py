"""One experiment by one library: it is trained with each seed, and the figures are written into results.json beside those of the others.

    python -m tests.benchmarks.real.NAME FILE [SEED ...]                      by tinyseq
    PEER=keras python -m tests.benchmarks.real.NAME FILE [SEED ...]           by Keras, in an environment that has it

Weights, order of the samples and dropout come from the seed, and are not the same numbers in both: compare with the scatter over seeds.
"""

from __future__ import annotations

import importlib
import json
import os
import platform
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

RESULTS = Path(__file__).with_name("results.json")
SEEDS = (1, 2, 3)


class Split(NamedTuple):
    """Samples and targets to train on, and those that are held out."""

    x: Any
    y: Any
    held_x: Any
    held_y: Any


def shuffled(x: Any, y: Any, train: int, held: int, seed: int) -> Split:
    """`train` samples in an order of the seed, and `held` others."""
    order = np.random.default_rng(seed).permutation(len(x))
    first, last = order[:train], order[train : train + held]
    return Split(x[first], y[first], x[last], y[last])


def trained(keras: Any, network: Callable[[Any], Any], data: Split, seed: int, **options: Any) -> dict[str, Any]:
    """The measured values on what is held out, and the seconds of fit; the kernels are compiled before."""
    keras.utils.set_random_seed(seed)
    model = network(keras)
    size = options.get("batch_size", 32)
    model.train_on_batch(data.x[:size], data.y[:size])  # compiles
    keras.utils.set_random_seed(seed)
    model = network(keras)
    cpu, wall = time.process_time(), time.perf_counter()
    model.fit(data.x, data.y, verbose=0, **options)
    spent = time.process_time() - cpu, time.perf_counter() - wall
    measured = model.evaluate(data.held_x, data.held_y, verbose=0, return_dict=True)
    found = {name: round(float(value), 4) for name, value in measured.items()}
    return {"seed": seed, **found, "CPU seconds": round(spent[0], 1), "seconds": round(spent[1], 1)}


def record(name: str, network: Callable[[Any], Any], data: Callable[[int], Split], **options: Any) -> None:
    """Trains with each seed of the command line, prints the figures and writes them down."""
    keras = importlib.import_module(os.environ.get("PEER", "tinyseq"))
    runs = []
    for seed in [int(text) for text in sys.argv[2:]] or SEEDS:
        runs.append(trained(keras, network, data(seed), seed, **options))
        print(name, keras.__name__, runs[-1], flush=True)
    results = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    results.setdefault(name, {})[keras.__name__] = runs
    results["machine"] = f"{platform.machine()}, two cores under the load of other work: compare CPU seconds"
    RESULTS.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
