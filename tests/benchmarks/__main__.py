"""`python -m tests.benchmarks`: tinyseq against what is installed of the big frameworks, in one interleaved run.

Numbers are compared before anything is timed. A ratio is the peer's time over ours: above 1 we are faster.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from pathlib import Path
from typing import Any

from tests.benchmarks.machine import cores
from tests.benchmarks.peers import skipped
from tests.benchmarks.report.figures import Figures, figures
from tests.benchmarks.report.markdown import markdown
from tests.benchmarks.report.ratio_chart import ratio_chart
from tests.benchmarks.report.roofline import roofline
from tests.benchmarks.report.table import heading, opening, row_lines, table
from tests.benchmarks.rows import Row, chosen
from tests.benchmarks.run import measured

SECONDS, QUICK = 8.0, 1.0
"""Seconds of timing a row and number of threads; making and comparing the contenders comes on top."""


def options(arguments: list[str] | None = None) -> argparse.Namespace:
    """What the command line says."""
    plain = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser("python -m tests.benchmarks", description=__doc__, formatter_class=plain)
    parser.add_argument("--rows", type=pattern, default="", metavar="PATTERN", help="only rows whose name holds this regular expression")
    parser.add_argument("--peers", type=pattern, default="", metavar="PATTERN", help="only peers whose name holds this regular expression")
    most = min(2, cores())
    parser.add_argument("--threads", type=counts, metavar="N,N", help=f"numbers of threads (1,{most}; with --quick {most})")
    parser.add_argument("--quick", action="store_true", help=f"{QUICK:g} s a row instead of {SECONDS:g}, one number of threads")
    parser.add_argument("--seconds", type=float, help="seconds a row")
    parser.add_argument("--list", action="store_true", help="print the rows' names and the peers that are missing, measure nothing")
    parser.add_argument("--from", dest="recorded", type=recorded, metavar="FILE", help="measure nothing: report what a JSON file holds")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write what was measured")
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="write tables for a README")
    parser.add_argument("--charts", type=Path, metavar="DIR", help="write roofline.png and ratios.png")
    found = parser.parse_args(arguments)
    found.threads = found.threads or ([most] if found.quick else [1, most])
    found.seconds = found.seconds or (QUICK if found.quick else SECONDS)
    return found


def pattern(text: str) -> str:
    """A regular expression, unchanged. argparse words the error of anything else."""
    try:
        re.compile(text)
    except re.error as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no regular expression ({error})") from None
    return text


def counts(text: str) -> list[int]:
    """ "1,2" as numbers of threads."""
    if not re.fullmatch(r"[1-9]\d*(,[1-9]\d*)*", text):
        raise argparse.ArgumentTypeError(f"{text!r}: write numbers from 1 on with commas between, 1,2 say")
    return [int(word) for word in text.split(",")]


def recorded(text: str) -> dict[str, Any]:
    """A run from the JSON file of that name."""
    try:
        found = json.loads(Path(text).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise argparse.ArgumentTypeError(f"{text!r} holds no run: {error}") from None
    if not isinstance(found, dict) or "rows" not in found:
        raise argparse.ArgumentTypeError(f"{text!r} holds no run: give a file that --json has written")
    return found


def measure_and_print(rows: list[Row], chosen_options: argparse.Namespace) -> dict[str, Any]:
    """Prints the table row by row, as it is measured."""
    run: dict[str, Any] = {}
    threads = None
    for run in measured(rows, chosen_options.threads, chosen_options.seconds, chosen_options.peers):
        if not run["rows"]:
            print("\n".join(opening(run)), flush=True)
            continue
        last = run["rows"][-1]
        if last["threads"] != threads:
            threads = last["threads"]
            print(f"\n{heading(threads)}")
        print("\n".join(row_lines(Figures(last, run["peaks"][str(threads)]))), flush=True)
        if chosen_options.json:  # each time: a run that is broken off has not been for nothing
            chosen_options.json.write_text(json.dumps(run, indent=1), encoding="utf-8")
    return run


def main(arguments: list[str] | None = None) -> int:
    """0, or 1 if a row of ours was not timed."""
    chosen_options = options(arguments)
    try:
        rows = chosen(chosen_options.rows)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    if chosen_options.list:
        print("\n".join([*(row.name for row in rows), *(f"skipped: {n}, {why}" for n, why in skipped().items())]))
        return 0
    if chosen_options.recorded:
        run = chosen_options.recorded
        print(table(run))
    else:
        run = measure_and_print(rows, chosen_options)
    write(run, chosen_options)
    return int(any("tinyseq" not in record["seconds"] for record in run["rows"]))


def write(run: dict[str, Any], chosen_options: argparse.Namespace) -> None:
    """The files that were asked for."""
    if chosen_options.json:
        chosen_options.json.write_text(json.dumps(run, indent=1), encoding="utf-8")
    if chosen_options.markdown:
        chosen_options.markdown.write_text(markdown(run), encoding="utf-8")
    if chosen_options.charts:
        chosen_options.charts.mkdir(parents=True, exist_ok=True)
        if any(row.rate for row in figures(run)):
            roofline(run).savefig(chosen_options.charts / "roofline.png")
        if any(row.ratio for row in figures(run)):
            ratio_chart(run).savefig(chosen_options.charts / "ratios.png")


if __name__ == "__main__":
    raise SystemExit(main())
