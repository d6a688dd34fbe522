"""The printed table: two lines a row, at most 100 columns wide."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from typing import Any

from tests.benchmarks.report.figures import Figures, figures, head, milliseconds, peaks, versions

WIDTH = 100
NAME = 60


def table(run: dict[str, Any]) -> str:
    """The whole run."""
    lines = opening(run)
    for threads in sorted({row.threads for row in figures(run)}, reverse=True):
        lines += ["", heading(threads)]
        for row in figures(run):
            if row.threads == threads:
                lines += row_lines(row)
    return "\n".join([*lines, "", *closing(run)])


def opening(run: dict[str, Any]) -> list[str]:
    """Machine, peaks, versions, and who is not here."""
    lines = [head(run), peaks(run), versions(run)]
    lines += [f"skipped: {name}, {reason}" for name, reason in run["skipped"].items()]
    return wrapped(lines, "")


def closing(run: dict[str, Any]) -> list[str]:
    """How to read it."""
    text = (
        "Milliseconds are medians; a ratio is the peer's time over ours, above 1 we are faster, in brackets of the fastest calls. "
        "GFLOP/s count the operations of the definition, also where Winograd's method does fewer; peak: of the measured "
        f"multiply-adds a second. Numbers were compared before timing, tolerance {run['tolerance']:g} of the greatest."
    )
    return wrapped([text], "")


def heading(threads: int) -> str:
    """The first line of a block."""
    title = f"{threads} thread{'s' * (threads > 1)}"
    return f"{title:{NAME}}{'ms':>9}{'ratio':>7}{'[best]':>8}{'GFLOP/s':>9}{'peak':>6}"


def row_lines(row: Figures) -> list[str]:
    """Ours in the first line, the peers below, fastest first, and who failed."""
    if row.ours is None:
        return [row.row, *wrapped([f"NOT TIMED: {name}: {reason}" for name, reason in row.failed.items()], "    ")]
    ratio = "-" if row.ratio is None else f"{row.ratio:.2f}"
    best = "" if row.best_of is None else f"[{row.best_of:.2f}]"
    flops = "" if row.flops is None else f"{row.flops / 1e9:.0f}"
    fraction = "" if row.fraction is None else f"{row.fraction:.0%}"
    first = f"{row.row:{NAME}}{milliseconds(row.ours):>9}{ratio:>7}{best:>8}{flops:>9}{fraction:>6}"
    return [first, *wrapped(below(row), "    ")]


def below(row: Figures) -> Iterable[str]:
    """The peers' times with our ratio to each, and what else is to be said."""
    yield ", ".join(f"{name} {milliseconds(row.peers[name])} ({ratio:.2f})" for name, ratio in row.ratios.items())
    if row.processor_seconds:
        yield f"processor seconds: {busy(row)}"
    if row.disturbed:
        yield f"other processes kept {row.disturbed:.1f} cores busy meanwhile"
    for name, cores in row.crowded.items():
        yield f"{name} kept {cores:.1f} cores busy"
    for name, reason in row.failed.items():
        yield f"failed: {name}: {reason}"


def busy(row: Figures) -> str:
    """Processor seconds of each contender, where they were measured apart."""
    return ", ".join(f"{name} {seconds:.2f}" for name, seconds in row.processor_seconds.items())


def wrapped(lines: Iterable[str], indent: str) -> list[str]:
    """Lines broken at WIDTH."""
    found = []
    for line in lines:
        found += textwrap.wrap(line, WIDTH, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False)
    return found
