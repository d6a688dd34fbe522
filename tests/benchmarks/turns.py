"""Takes turns at one row, in the folder of one commit: the process that compare_commits.py starts in each.

Its text is handed to `python -c`, because older commits do not have this file. So it uses only what they have: the rows, ours.py
(which knows that commit's engine) and timing.py.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from typing import Any

from tests.benchmarks import ours
from tests.benchmarks.rows import all_rows
from tests.benchmarks.timing import CALLS, settle

MARK = "@turn "
"""Begins a line that is an answer."""


def turn(call: Any, seconds: float) -> list[float]:
    """Wall and processor seconds of a call: of the median call, and of all by their number; warm calls come before."""
    settle()
    calls(call, seconds / 2)
    busy = time.process_time()
    found = calls(call, seconds)
    return [statistics.median(found), (time.process_time() - busy) / len(found)]


def calls(call: Any, wanted: float) -> list[float]:
    """Wall seconds of each call that begins within `wanted` seconds."""
    found: list[float] = []
    end = time.perf_counter() + wanted
    while not found or (time.perf_counter() < end and len(found) < CALLS):
        begin = time.perf_counter()
        call()
        found.append(time.perf_counter() - begin)
    return found


def main() -> None:
    """Answers each line of its input: {"rows": true}, {"row": name, "threads": n}, {"seconds": s} for a turn at that row."""
    rows = {row.name: row for row in all_rows() if not row.start}
    run: Any = None
    for line in sys.stdin:
        asked = json.loads(line)
        answer: Any = True
        if "rows" in asked:
            answer = list(rows)
        elif "row" in asked:
            contender = ours.contender(rows[asked["row"]].case(asked["threads"]))
            contender.result()
            run = contender.run
        else:
            answer = turn(run, asked["seconds"])
        print(MARK + json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
