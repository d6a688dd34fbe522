"""A fresh process to its first prediction: `python -m tests.benchmarks.first_prediction`, started and timed by start.py.

Loads one framework and what all share (NumPy and the model's description), makes the guide's net, predicts one image, says so.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np

from tests.benchmarks.cases import Case, Make
from tests.benchmarks.messages import job, tell
from tests.benchmarks.peers import PEERS
from tests.benchmarks.rows import all_rows

OURS = "tinyseq"


def main() -> None:
    """The process."""
    todo: Any = job()
    row = next(row for row in all_rows() if row.start)
    case = Case(row.net, row.task, row.batch, todo["threads"], Path(todo["model_file"]))
    output = np.asarray(maker(case, todo["name"])(case).result())
    clock = os.times()  # of all threads, and of compilers that were started and waited for
    tell({"output": output.tolist(), "busy": clock.user + clock.system + clock.children_user + clock.children_system})


def maker(case: Case, name: str) -> Make:
    """What makes the contender of that name; nothing of the others is loaded."""
    if name == OURS:
        from tests.benchmarks import ours

        return ours.contender
    return next(makers[name] for peer in PEERS if not peer.missing for makers in [peer.variants(case)] if name in makers)


if __name__ == "__main__":
    main()
