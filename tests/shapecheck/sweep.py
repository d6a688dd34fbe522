"""Every Python file of whole folders through the checker: no crash, bounded time, exit code 2 only where something could not be read.

    python -m tests.shapecheck.sweep                 the standard library and the site-packages of this Python
    python -m tests.shapecheck.sweep FOLDER ...      these folders

Prints what went wrong, and figures: files, stacks, the slowest files in seconds of CPU, the peak of memory in MiB. Exit status 1 if
something went wrong.
"""

from __future__ import annotations

import sys
import sysconfig
import time
import traceback
from collections.abc import Iterable, Iterator
from pathlib import Path

from shapecheck.api import check_file, check_source
from shapecheck.reader.source import read_text
from shapecheck.report import json as json_report
from shapecheck.report import text
from shapecheck.report.counts import exit_code

SLOWEST = 2.0
"""Seconds of CPU that one reading of a file may take."""
STACK = "\nimport keras\nm = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3)])\n"
"""Put behind a file's text, so that files without a stack are not passed over unread."""


class Swept:
    """One file: what went wrong ("" if nothing did), the time it took, how many stacks it holds."""

    __slots__ = ("path", "seconds", "stacks", "wrong")

    def __init__(self, path: Path, seconds: float, stacks: int, wrong: str) -> None:
        self.path = path
        self.seconds = seconds
        self.stacks = stacks
        self.wrong = wrong


def sweep(path: Path) -> Swept:
    """Check one file as it is, print it in two formats, and read it once more with a stack behind it."""
    start = time.process_time()
    try:
        report = check_file(str(path))
        text.render(report)
        json_report.render(report)
        middle = time.process_time()
        check_source(read_text(path.read_bytes()) + STACK, str(path))
    except Exception:  # whatever it is, it is what is looked for
        return Swept(path, time.process_time() - start, 0, traceback.format_exc())
    seconds = max(middle - start, time.process_time() - middle)
    wrong = f"{seconds:.2f} s" if seconds > SLOWEST else _guessed(report.stacks)
    error = report.files[0].error or report.files[0].cut
    told = any(finding.severity != "note" for finding in report.findings)
    if not wrong and (bool(error) and not told) != (exit_code(report) == 2):
        wrong = f"exit code {exit_code(report)}, but the error is {error!r}"
    return Swept(path, seconds, len(report.stacks), wrong)


def _guessed(stacks: Iterable[object]) -> str:
    """A size below one that is called proved."""
    for stack in stacks:
        for row in stack.rows:  # type: ignore[attr-defined]
            if row.verdict == "proved" and any(isinstance(size, int) and size < 1 for size in row.output.dims or ()):
                return f"{row.name} is called proved with {row.output}"
    return ""


def files(folders: Iterable[Path]) -> Iterator[Path]:
    """Their Python files; site-packages inside a folder are not its own."""
    for folder in folders:
        for path in sorted(folder.rglob("*.py")):
            if path.is_file() and "site-packages" not in path.relative_to(folder).parts:
                yield path


def peak() -> int:
    """The most memory that this process has held, in MiB."""
    import resource

    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most // (1024 * 1024 if sys.platform == "darwin" else 1024)


def main() -> int:
    folders = [Path(name) for name in sys.argv[1:]] or [Path(sysconfig.get_path(name)) for name in ("stdlib", "purelib")]
    swept = []
    for path in files(folders):
        swept.append(sweep(path))
        if swept[-1].wrong:
            print(f"{path}: {swept[-1].wrong}", flush=True)
    slowest = sorted(swept, key=lambda one: -one.seconds)[:5]
    wrong = sum(bool(one.wrong) for one in swept)
    print(f"{len(swept)} files, {sum(one.stacks for one in swept)} stacks, {sum(one.seconds for one in swept):.0f} s, {wrong} wrong")
    print("slowest: " + ", ".join(f"{one.seconds:.2f} s {one.path.name}" for one in slowest))
    print(f"peak of memory: {peak()} MiB")
    return int(wrong > 0)


if __name__ == "__main__":
    raise SystemExit(main())
