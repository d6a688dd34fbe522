"""`python -m tests.benchmarks [--threads N] [--rounds N] [--json FILE] [--only TEXT]`: a table, and the same as JSON.

Outputs are compared before anything is timed. A ratio is the peer's median time over ours: above 1 we are faster.
"""

from __future__ import annotations

import argparse
import json
import platform
from typing import Any

import numpy as np

import tinyseq
from tests.benchmarks.contenders import PEERS, compiled, installed
from tests.benchmarks.models import GUIDE, MLP, MNIST, Net, weights_of
from tests.benchmarks.timing import interleaved, medians

WORK: tuple[tuple[Net, int, bool], ...] = (
    (GUIDE, 1, False), (GUIDE, 8, False), (GUIDE, 32, False), (GUIDE, 8, True), (GUIDE, 32, True),
    (MNIST, 128, False), (MNIST, 128, True), (MLP, 128, False), (MLP, 128, True),
)  # fmt: skip


def contenders(net: Net, batch: int, train: bool, threads: int) -> dict[str, Any]:
    """Ours first, then every peer that is installed; outputs have been found equal."""
    tinyseq.set_num_threads(threads)
    tinyseq.set_random_seed(1)
    x, y = net.data(batch)
    model = compiled(tinyseq, net)
    weights = weights_of(model)
    expected = model.predict_on_batch(x)
    calls = {"tinyseq": (lambda: model.train_on_batch(x, y)) if train else (lambda: model.predict_on_batch(x))}
    for needs, make in PEERS:
        if all(installed(name) for name in needs):
            for name, call in make(net, weights, x, y, threads, False).items():
                got = np.asarray(call())
                scale = float(np.abs(expected).max())
                if not np.allclose(got, expected, atol=1e-3 * scale):
                    raise SystemExit(f"{name} gives other numbers than tinyseq on {net.name}: nothing is timed")
                if not train:
                    calls[name] = call
            if train:
                calls.update(make(net, weights, x, y, threads, True))
    return calls


def measure(net: Net, batch: int, train: bool, threads: int, rounds: int) -> dict[str, Any]:
    """One row of the table."""
    seconds = medians(interleaved(contenders(net, batch, train, threads), rounds))
    ours = seconds.pop("tinyseq")
    best = min(seconds, key=lambda name: seconds[name]) if seconds else None
    return {
        "work": f"{net.name}, {'train step' if train else 'predict'}, batch {batch}",
        "threads": threads,
        "tinyseq_ms": ours * 1e3,
        "peers_ms": {name: value * 1e3 for name, value in seconds.items()},
        "best_peer": best,
        "ratio_to_best": seconds[best] / ours if best else None,
    }


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--json", default=None)
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    rows = []
    for net, batch, train in WORK:
        title = f"{net.name}, {'train step' if train else 'predict'}, batch {batch}"
        if options.only in title:
            row = measure(net, batch, train, options.threads, options.rounds)
            rows.append(row)
            peers = "  ".join(f"{name} {value:.1f}" for name, value in sorted(row["peers_ms"].items(), key=lambda item: item[1]))
            ratio = f"{row['ratio_to_best']:.2f}" if row["best_peer"] else "-"
            print(f"{title:52} tinyseq {row['tinyseq_ms']:.2f} ms  ratio to best {ratio}  ({peers})", flush=True)
    if options.json:
        with open(options.json, "w", encoding="utf-8") as file:
            machine = {"machine": platform.processor() or platform.machine(), "python": platform.python_version()}
            json.dump({**machine, "rows": rows}, file, indent=1)


if __name__ == "__main__":
    main()
