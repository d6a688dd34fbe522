"""Markdown for the README: what was reached against the best peer, and against each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tests.benchmarks.report.figures import Figures, figures, head, milliseconds, peaks, versions
from tests.benchmarks.report.table import busy, closing


def markdown(run: dict[str, Any]) -> str:
    """Two tables for the highest number of threads, with the ratio for fewer beside."""
    rows = figures(run)
    most = max(row.threads for row in rows)
    fewer = sorted({row.threads for row in rows} - {most}, reverse=True)
    others = {(row.row, row.threads): row for row in rows}
    chosen = [row for row in rows if row.threads == most and row.ours is not None]
    beside = [f"ratio, {n} thread{'s' * (n > 1)}" for n in fewer]
    titles = ["work", "tinyseq, ms", "best peer, ms", "ratio", "of the fastest calls", *beside]
    first = [
        [row.row, milliseconds(row.ours or 0), best(row), ratio(row.ratio), ratio(row.best_of),
         *(ratio(found.ratio) if (found := others.get((row.row, n))) else "" for n in fewer), rate(row)]
        for row in chosen
    ]  # fmt: skip
    names = list(dict.fromkeys(name for row in chosen for name in row.ratios))
    second = [[row.row, *(ratio(row.ratios.get(name)) for name in names)] for row in chosen]
    parts = [
        f"{head(run)}; {most} thread{'s' * (most > 1)}. {peaks(run)}. {versions(run)}.",
        grid([*titles, "GFLOP/s (of peak)"], first),
        *(["Ratio to each peer:", grid(["work", *names], second)] if names else []),
        " ".join(closing(run)),
        *(f"{row.row}, processor seconds: {busy(row)}." for row in chosen if row.processor_seconds),
        *(f"{name}: {reason}." for name, reason in run["skipped"].items()),
        *(f"{row.row}: {name} failed, {reason}." for row in chosen for name, reason in row.failed.items()),
    ]
    return "\n\n".join(parts) + "\n"


def best(row: Figures) -> str:
    """The best peer and its time."""
    return f"{row.best_peer} {milliseconds(row.peers[row.best_peer])}" if row.best_peer else ""


def ratio(value: float | None) -> str:
    """Two digits; bold where we are not slower."""
    if value is None:
        return ""
    text = f"{value:.2f}"
    return f"**{text}**" if value >= 1 else text


def rate(row: Figures) -> str:
    """Operations a second and their fraction of the peak."""
    return f"{row.flops / 1e9:.0f} ({row.fraction:.0%})" if row.flops and row.fraction else ""


def grid(titles: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table of Markdown."""
    lines = [titles, ["---", *["---:"] * (len(titles) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
