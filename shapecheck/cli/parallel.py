"""Files read one after another, or with -j N by several processes: for each file only printable text or plain data and counts
are kept, never the report itself."""

from __future__ import annotations

import gc
from importlib import import_module

from shapecheck.cli.files import filtered, read_files
from shapecheck.findings import Report
from shapecheck.languages import current, speak
from shapecheck.report.counts import tally
from shapecheck.report.text import joined, last_line, parts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any


FORMATS = ("text", "concise", "json", "github", "gitlab", "junit")
"""Formats in which the output of one file can follow that of another. The modules of all but the first two have `piece` and `together`."""
CHUNK = 8
"""Files that a process reads at a time."""


def one(work: tuple[str, dict[str, str]]) -> tuple[Any, dict[str, int]]:
    """A file read, filtered and formatted."""
    result = _drawn(work)
    gc.collect(0)  # names and functions of the file refer to each other: they go now, while they are few and near
    return result


def _drawn(work: tuple[str, dict[str, str]]) -> tuple[Any, dict[str, int]]:
    path, options = work
    report = read_files([path], options)
    filtered(report, options)
    name = options.get("--format", "text")
    if "--statistics" in options:
        return None, tally(report)
    if name in ("text", "concise"):
        return parts(report, name == "concise"), tally(report)
    return import_module(f"shapecheck.report.{name}").piece(report), tally(report)


def run(paths: list[str], options: dict[str, str], processes: int) -> tuple[str, dict[str, int]]:
    """Everything printed, in the order of the paths, and the counts of all."""
    total = tally(Report([]))
    pieces: list[Any] = []
    for piece, counts in _results([(path, options) for path in paths], processes):
        pieces.append(piece)
        for name, count in counts.items():
            total[name] = total.get(name, 0) + count
    name = options.get("--format", "text")
    return statistics(total, name) if "--statistics" in options else _together(pieces, name, total), total


def statistics(counts: dict[str, int], name: str) -> str:
    """--statistics: counts alone, as text or JSON."""
    from shapecheck.report.statistics import document, render

    if name != "json":
        return render(counts)
    return str(import_module("shapecheck.report.json").written({"version": 1, "statistics": document(counts)}))


def _results(work: list[tuple[str, dict[str, str]]], processes: int) -> Iterator[tuple[Any, dict[str, int]]]:
    if processes < 2 or len(work) < 2:
        yield from map(one, work)
        return
    from multiprocessing import Pool

    with Pool(min(processes, len(work)), _begin, (current(),)) as pool:
        yield from pool.imap(one, work, CHUNK if len(work) > CHUNK * processes else 1)


def _begin(language: str) -> None:
    """What each process does first: Ctrl-C goes to every process of a terminal, the first one hears it and ends these."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    speak(language)


def _together(pieces: list[Any], name: str, total: dict[str, int]) -> str:
    if name not in ("text", "concise"):
        return str(import_module(f"shapecheck.report.{name}").together(pieces, total))
    return joined([*(part for parts in pieces for part in parts), last_line(total)], name == "concise")
