"""One run: every row with every number of threads, then fresh processes; as a dictionary that JSON can hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from tests.benchmarks import process
from tests.benchmarks.machine import machine
from tests.benchmarks.measure import TOLERANCE
from tests.benchmarks.peak import peak_bandwidth, peak_flops
from tests.benchmarks.peers import skipped
from tests.benchmarks.rows import Row
from tests.benchmarks.start import measure_starts

PATIENCE = 600.0
"""Seconds after which a row that says nothing is given up."""


def measured(rows: Sequence[Row], threads: Iterable[int], seconds: float, peers: str = "") -> Iterator[dict[str, Any]]:
    """The run as it grows: the same dictionary after each row. Most threads first; fresh processes once, at the end."""
    counts = sorted(set(threads), reverse=True)
    peaks = {str(n): {"flops": peak_flops(n), "bandwidth": peak_bandwidth(n)} for n in counts}
    run: dict[str, Any] = {"machine": machine(), "peaks": peaks, "skipped": skipped(), "tolerance": TOLERANCE, "rows": []}
    given = {"seconds": seconds, "peers": peers}
    yield run
    for n in counts:
        names = [row.name for row in rows if not row.start]
        for name, record in process.in_order(names, n, given, PATIENCE):
            run["rows"].append(record if isinstance(record, dict) else broken(name, n, record))
            peaks[str(n)]["flops"] = max(peaks[str(n)]["flops"], run["rows"][-1].get("peak_flops", 0.0))
            yield run
        peaks[str(n)]["bandwidth"] = max(peaks[str(n)]["bandwidth"], peak_bandwidth(n))  # the machine may have been busy before
    starts = [row for row in rows if row.start]
    for record in measure_starts(starts, counts[0], seconds, peers) if starts else ():
        run["rows"].append(record)
        yield run


def broken(name: str, threads: int, words: str) -> dict[str, Any]:
    """The record of a row at which the process died."""
    empty: dict[str, Any] = {"seconds": {}, "best_seconds": {}, "operations": None, "multiply_adds": False, "bytes": None}
    return {"row": name, "threads": threads, **empty, "failed": {"the process": words}}
