"""The process that measures rows with one number of threads: `python -m tests.benchmarks.worker`, started by process.py."""

from __future__ import annotations

import contextlib
import sys

from tests.benchmarks.measure import measure
from tests.benchmarks.messages import job, tell
from tests.benchmarks.peak import peak_flops
from tests.benchmarks.rows import all_rows

PEAK_SECONDS = 0.1
"""The peak is looked for after each row again: on a busy machine it is seldom seen."""


def main() -> None:
    """Measures the rows of the job."""
    todo = job()
    rows = {row.name: row for row in all_rows()}
    for name in todo["rows"]:
        with contextlib.redirect_stdout(sys.stderr):
            found = measure(rows[name], todo["threads"], todo["seconds"], todo["peers"])
            found["peak_flops"] = peak_flops(todo["threads"], PEAK_SECONDS)
        tell(found)


if __name__ == "__main__":
    main()
