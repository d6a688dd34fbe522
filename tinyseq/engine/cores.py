"""How many threads this process may use: an environment variable, the cores it is bound to, the share of them that its container has."""

from __future__ import annotations

import math
import os
from collections.abc import Callable
from pathlib import Path

VARIABLES = ("TINYSEQ_NUM_THREADS", "NUMBA_NUM_THREADS", "OMP_NUM_THREADS")
"""The first that is set counts. joblib sets the last two for its workers: (cores / workers), or inner_max_num_threads."""


def budget() -> int:
    """The number of threads. ValueError if TINYSEQ_NUM_THREADS is no positive integer."""
    for name in VARIABLES:
        text = os.environ.get(name, "").strip()
        first = text.partition(",")[0].strip()  # OpenMP: one number for each level of nested threads
        if first.isdecimal() and int(first) > 0:
            return int(first)
        if text and name == VARIABLES[0]:
            raise ValueError(f"{name} must be a positive integer, got {text!r}: for example 2")
    return usable()


def usable() -> int:
    """The cores that this process may use at once."""
    limit = quota()
    return len(bound()) if limit == math.inf else max(1, min(len(bound()), math.ceil(limit)))


def bound() -> list[int]:
    """The numbers of the cores that this process is bound to."""
    return sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else list(range(os.cpu_count() or 1))


def quota(root: Path = Path("/")) -> float:
    """The processor time that Linux lets the control groups of this process use, in cores: the least of theirs; infinite if none is
    limited."""
    try:
        lines = (root / "proc/self/cgroup").read_text(encoding="utf-8").splitlines()
    except OSError:
        return math.inf
    least = math.inf
    for line in lines:
        _, controllers, path = line.split(":", 2)
        if not controllers:
            least = min(least, _least(root / "sys/fs/cgroup", path, _second))
        elif "cpu" in controllers.split(","):
            for place in (root / "sys/fs/cgroup/cpu", root / "sys/fs/cgroup" / controllers):
                least = min(least, _least(place, path, _first))
    return least


def _least(top: Path, path: str, read: Callable[[Path], float]) -> float:
    """Of a group and those above it, as far as they are seen from here."""
    parts = [part for part in path.split("/") if part]
    folders = [top.joinpath(*parts[:count]) for count in range(len(parts) + 1)]
    return min(read(folder) for folder in folders)


def _second(folder: Path) -> float:
    """Control groups of version 2: `cpu.max` has the quota and the period in microseconds, or "max"."""
    return _ratio(folder / "cpu.max", None)


def _first(folder: Path) -> float:
    """Version 1: two files; a quota of -1 means none."""
    return _ratio(folder / "cpu.cfs_quota_us", folder / "cpu.cfs_period_us")


def _ratio(file: Path, other: Path | None) -> float:
    try:
        words = file.read_text(encoding="utf-8").split()
        words += [] if other is None else other.read_text(encoding="utf-8").split()
        share, period = int(words[0]), int(words[1])
    except (OSError, ValueError, IndexError):
        return math.inf
    return share / period if share > 0 and period > 0 else math.inf
