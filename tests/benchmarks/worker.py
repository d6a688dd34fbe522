"""The process that measures rows with one number of threads: `python -m tests.benchmarks.worker`, started by process.py."""

from __future__ import annotations

import contextlib
import sys

from tests.benchmarks.measure import measure
from tests.benchmarks.process import job, tell
from tests.benchmarks.rows import all_rows


def main() -> None:
    """Measures the rows of the job."""
    todo = job()
    rows = {row.name: row for row in all_rows()}
    for name in todo["rows"]:
        with contextlib.redirect_stdout(sys.stderr):
            found = measure(rows[name], todo["threads"], todo["seconds"], todo["peers"])
        tell(found)


if __name__ == "__main__":
    main()
