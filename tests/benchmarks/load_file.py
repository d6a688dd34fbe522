"""How long load_model takes beside h5py, which reads the same arrays: `python -m tests.benchmarks.load_file [MEGABYTES]`.

Files are in the system's cache, everything is imported, and a first load has run before. Both take turns; of each the least processor and
wall time of ROUNDS counts. h5py reads every data set into a new array of its own; of a .keras file, the .h5 inside, unpacked before.

    .keras  load_model 0.095 s of CPU, h5py 0.083: 1.14 (wall 0.703, 0.572: 1.23)
    .h5     load_model 0.044 s of CPU, h5py 0.048: 0.93 (wall 0.309, 0.306: 1.01)

Zen 3, 100 MB, beside other processes that took most of both cores. Of 20 MB, .keras 1.52 and .h5 0.97 by CPU: fixed costs count.
"""

from __future__ import annotations

import io
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

import tinyseq
from tinyseq import layers

ROUNDS = 9


def model(megabytes: int) -> Any:
    """Dense layers of 4 MB each."""
    return tinyseq.Sequential([tinyseq.Input((1024,)), *(layers.Dense(1024) for _ in range(max(1, megabytes * 10**6 // (4 << 20))))])


def arrays_of(source: Any) -> list[Any]:
    """All data sets of an .h5 file, by h5py."""
    import h5py

    found: list[Any] = []
    with h5py.File(source, "r") as file:
        file.visititems(lambda _, item: found.append(item[()]) if isinstance(item, h5py.Dataset) else None)
    return found


def least(calls: dict[str, Callable[[], Any]]) -> dict[str, tuple[float, float]]:
    """(CPU seconds, wall seconds) of each call."""
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in calls}
    for _ in range(ROUNDS):
        for name, call in calls.items():
            cpu, wall = time.process_time(), time.perf_counter()
            kept = call()
            found[name].append((time.process_time() - cpu, time.perf_counter() - wall))
            del kept
    return {name: (min(cpu for cpu, _ in times), min(wall for _, wall in times)) for name, times in found.items()}


def main(megabytes: int) -> None:
    """A line for each format."""
    made = model(megabytes)
    with tempfile.TemporaryDirectory() as folder:
        for ending in (".keras", ".h5"):
            path = Path(folder) / f"model{ending}"
            made.save(path)
            source: Any = path
            if ending == ".keras":
                with zipfile.ZipFile(path) as archive:
                    source = io.BytesIO(archive.read("model.weights.h5"))
            again = tinyseq.models.load_model(path)
            assert all(np.array_equal(a, b) for a, b in zip(again.get_weights(), made.get_weights(), strict=True))
            assert sum(array.nbytes for array in arrays_of(source) if array.dtype == np.float32) >= 4 * made.count_params()
            load, read = partial(tinyseq.models.load_model, path), partial(arrays_of, source)
            times = least({"load_model": load, "h5py": read})
            (ours, our_wall), (theirs, their_wall) = times["load_model"], times["h5py"]
            print(
                f"{ending:7} load_model {ours:.3f} s of CPU, h5py {theirs:.3f}: {ours / theirs:.2f} "
                f"(wall {our_wall:.3f}, {their_wall:.3f}: {our_wall / their_wall:.2f})", flush=True,
            )  # fmt: skip


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100)
