"""Fresh processes to their first prediction: wall time from the start of Python to the result, and processor time.

The process itself is first_prediction.py. Two of the contenders keep machine code on disk, tinyseq and torch.compile: for the
row "warm" they find what a process before them left, for the row "cold" an empty folder. The others keep nothing, and their
times stand in both rows.
"""

from __future__ import annotations

import re
import shutil
import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from tests.benchmarks.cases import Case
from tests.benchmarks.first_prediction import OURS
from tests.benchmarks.measure import TOLERANCE, Record
from tests.benchmarks.peers import PEERS, numpy_peer
from tests.benchmarks.process import Worker, environment
from tests.benchmarks.rows import Row

CACHES = {OURS: "NUMBA_CACHE_DIR", "torch.compile": "TORCHINDUCTOR_CACHE_DIR"}
"""Who keeps machine code on disk, and the variable that says where."""
PATIENCE = 300.0
Key = tuple[str, str]
"""(contender, "warm", "cold" or, if it keeps nothing, "")."""


def measure_starts(rows: Sequence[Row], threads: int, seconds: float, pattern: str = "") -> list[Record]:
    """The records of the rows: as measure.measure, with processor seconds too. All processes take turns."""
    case = rows[0].case(threads)
    with tempfile.TemporaryDirectory() as folder:
        runs = Runs(case, Path(folder))
        names = variants(case, pattern)
        keys = [(name, start) for name in names for start in ([row.start for row in rows] if name in CACHES else [""])]
        for key in keys:
            if key[1] == "warm":
                runs.once(key, count=False)
        begin = time.perf_counter()
        while True:
            for key in keys:
                runs.once(key)
            if time.perf_counter() - begin > seconds:
                break
        return [runs.record(row) for row in rows]


def variants(case: Case, pattern: str) -> list[str]:
    """Ours and the peers' ways to predict."""
    found = [name for peer in PEERS if not peer.missing for name in peer.variants(case)]
    return [OURS, *(name for name in found if re.search(pattern, name, re.IGNORECASE))]


class Runs:
    """What was measured of each contender, run by run."""

    def __init__(self, case: Case, folder: Path) -> None:
        self.case, self.folder = case, folder
        self.expected = numpy_peer.contender(case).result()
        self.model_file = folder / "net.onnx"
        if any("onnx" in peer.packages and not peer.missing for peer in PEERS):
            from tests.benchmarks.onnx_model import build

            self.model_file.write_bytes(build(case.net, case.weights, case.batch))
        self.wall: dict[Key, list[float]] = {}
        self.busy: dict[Key, list[float]] = {}
        self.failed: dict[Key, str] = {}

    def once(self, key: Key, count: bool = True) -> None:
        """One process."""
        if key in self.failed:
            return
        todo = {"name": key[0], "threads": self.case.threads, "model_file": str(self.model_file)}
        variables = {**environment(self.case.threads), **self.cache(*key)}
        begin = time.perf_counter()
        with Worker("tests.benchmarks.first_prediction", todo, variables) as worker:
            result = next(worker.results(PATIENCE), None)
            wall = time.perf_counter() - begin
            words = worker.last_words() if result is None else ""
        if result is None:
            self.failed[key] = words
        elif not np.allclose(result["output"], self.expected, atol=TOLERANCE * float(np.abs(self.expected).max())):
            self.failed[key] = "gives other numbers"
        elif count:
            self.wall.setdefault(key, []).append(wall)
            self.busy.setdefault(key, []).append(result["busy"])

    def cache(self, name: str, start: str) -> dict[str, str]:
        """The variable that names the folder for machine code: emptied for a cold start."""
        if not start:
            return {}
        folder = self.folder / f"{start}_{name}"  # no blank: torch.compile hands it to a shell
        if start == "cold":
            shutil.rmtree(folder, ignore_errors=True)
        return {CACHES[name]: str(folder)}

    def record(self, row: Row) -> Record:
        """For the JSON file."""
        keys = {name: (name, start) for name, start in [*self.wall, *self.failed] if start in ("", row.start)}
        wall = {name: self.wall[key] for name, key in keys.items() if key not in self.failed}
        return {
            "row": row.name, "threads": self.case.threads, "operations": None, "multiply_adds": False, "bytes": None,
            "seconds": {name: statistics.median(values) for name, values in wall.items()},
            "best_seconds": {name: min(values) for name, values in wall.items()},
            "processor_seconds": {name: statistics.median(self.busy[keys[name]]) for name in wall},
            "rounds": {name: len(values) for name, values in wall.items()},
            "failed": {name: self.failed[key] for name, key in keys.items() if key in self.failed},
        }  # fmt: skip
