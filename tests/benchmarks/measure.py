"""One row: contenders are made, their numbers compared, and those that agree are timed."""

from __future__ import annotations

import gc
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np

from tests.benchmarks import ours, peers
from tests.benchmarks.cases import Case, Contender, Make
from tests.benchmarks.machine import busy_seconds
from tests.benchmarks.normalized import Built
from tests.benchmarks.peers import numpy_peer
from tests.benchmarks.rows import Row
from tests.benchmarks.timing import Times, interleaved

TOLERANCE = 1e-3
"""Numbers may be apart by so much of the greatest one: float32 sums of a few thousand numbers in another order, and
Winograd's transforms, are ten times better; a wrong formula is far worse."""

Record = dict[str, Any]
"""A row as it stands in the JSON file."""


def measure(row: Row, threads: int, seconds: float, pattern: str = "") -> Record:
    """The record of one row."""
    begin = time.perf_counter()
    case = row.case(threads)
    makers = {ours.NAME: ours.contender, **peers.variants(case, pattern)}
    failed, agreed = agreeing(case, makers)
    with beside(row.busy), Others() as others:
        times = interleaved({name: contender.run for name, contender in agreed.items()}, seconds) if ours.NAME in agreed else {}
    agreed.clear()
    gc.collect()
    return {**record(row, threads, times, failed), "others": others.cores, "elapsed": round(time.perf_counter() - begin, 1)}


@contextmanager
def beside(busy: bool) -> Iterator[None]:
    """With another process that keeps one core busy, or without."""
    other = subprocess.Popen([sys.executable, "-c", "while True: pass"]) if busy else None
    try:
        yield
    finally:
        if other is not None:
            other.kill()
            other.wait()


class Others:
    """`cores`: how many cores other processes kept busy meanwhile; None where that cannot be known."""

    cores: float | None = None

    def __enter__(self) -> Others:
        self._before = self._now()
        return self

    def __exit__(self, *_: object) -> None:
        (busy, mine, wall), now = self._before, self._now()
        if busy is not None and now[0] is not None and now[2] > wall:
            self.cores = round(max(0.0, (now[0] - busy) - (now[1] - mine)) / (now[2] - wall), 2)

    def _now(self) -> tuple[float | None, float, float]:
        return busy_seconds(), time.process_time(), time.perf_counter()


def agreeing(case: Case, makers: Mapping[str, Make], expected: Any = None) -> tuple[dict[str, str], dict[str, Contender]]:
    """(why a contender is not timed, by name; the contenders that agree with NumPy)."""
    failed: dict[str, str] = {}
    agreed: dict[str, Contender] = {}
    if expected is None and isinstance(case.net, Built):  # NumPy has no such net: all are compared with ours
        expected = ours.contender(case).result()
    elif expected is None and case.net.over_steps:  # NumPy alone would be a page more: the first peer that can is what others agree with
        made = {name: _tried(lambda make=make: make(case))[0] for name, make in makers.items() if name != ours.NAME}  # type: ignore[misc]
        expected = next((contender.result() for contender in made.values() if contender is not None), None)
        if expected is None:
            expected = makers[ours.NAME](case).result()
    if expected is None:
        reference = numpy_peer.contender(case)
        expected = reference.result()
        agreed = {name: reference for name, make in makers.items() if make is numpy_peer.contender}
    for name, make in makers.items():
        if name in agreed:
            continue
        contender, reason = _tried(lambda make=make: compared(make(case), expected))  # type: ignore[misc]
        if contender is None:
            failed[name] = reason
        else:
            agreed[name] = contender
    return failed, agreed


def compared(contender: Contender, expected: Any) -> Contender:
    """The contender itself. ValueError if its numbers are others than expected."""
    got = np.asarray(contender.result())
    if got.shape != expected.shape:
        raise ValueError(f"gives shape {got.shape}, expected {expected.shape}")
    apart = float(np.abs(got - expected).max() / np.abs(expected).max())
    if not apart <= TOLERANCE:  # also NaN
        raise ValueError(f"gives other numbers: off by {apart:.1e} of the greatest")
    return contender


def _tried(make: Callable[[], Contender]) -> tuple[Contender | None, str]:
    """What a framework made, or why it could not: that stands in the table, and the others are measured."""
    try:
        return make(), ""
    except Exception as error:  # whatever a framework may raise
        lines = str(error).strip().splitlines() or [""]
        return None, f"{type(error).__name__}: {lines[0][:200]}"


def record(row: Row, threads: int, times: Mapping[str, Times], failed: Mapping[str, str]) -> Record:
    """A row for the JSON file: seconds, and what follows from them is left to the report."""
    counts = row.counts
    return {
        "row": row.name,
        "threads": threads,
        "operations": counts.operations if counts else None,
        "multiply_adds": bool(counts and counts.multiply_adds),
        "bytes": counts.bytes if counts else None,
        "seconds": {name: found.median for name, found in times.items()},
        "best_seconds": {name: found.best for name, found in times.items()},
        "cores": {name: round(found.cores, 2) for name, found in times.items()},
        "rounds": {name: len(found.turns) for name, found in times.items()},
        "failed": dict(failed),
    }
