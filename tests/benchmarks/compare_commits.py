"""Two commits of tinyseq against each other: `python -m tests.benchmarks.compare_commits OLD [NEW]`.

OLD and NEW are commits, or folders with a checkout; NEW is this checkout if it is left out. Each commit gets a folder (git
worktree) and, for each run and number of threads, a process of its own. The two take turns at the same row, in changing order, so
that a machine that slows down slows down for both. Fresh processes to their first prediction take turns, too: warm (machine code
on disk) and cold. A ratio is the time of OLD over that of NEW, the median over all turns of all runs: above 1, NEW is faster.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from tests.benchmarks.process import ROOT, environment
from tests.benchmarks.turns import MARK

Key = tuple[str, int]
"""Row and number of threads."""
Round = list[list[float]]
"""(wall, processor) seconds of OLD and of NEW."""

SECONDS = 0.1
"""Of a turn; half as many come before, which warm up."""
START = "fresh process to first prediction, "


@contextmanager
def checkout(commit: str, within: Path) -> Iterator[Path]:
    """The folder of a commit: a worktree that is removed afterwards, or the folder itself if it is one."""
    if Path(commit).is_dir():
        yield Path(commit).resolve()
        return
    folder = within / re.sub(r"\W", "_", commit)
    git("worktree", "add", "--detach", str(folder), commit)
    try:
        yield folder
    finally:
        git("worktree", "remove", "--force", str(folder))


def git(*words: str) -> None:
    """A command of git in this checkout. RuntimeError with git's words if it fails."""
    found = subprocess.run(["git", "-C", str(ROOT), *words], capture_output=True, text=True)
    if found.returncode:
        raise RuntimeError(f"git {' '.join(words)}: {found.stderr.strip()}")


class Side:
    """The process of one commit."""

    def __init__(self, folder: Path, threads: int) -> None:
        text = (Path(__file__).parent / "turns.py").read_text(encoding="utf-8")
        variables = {**environment(threads), "PYTHONPATH": str(folder)}
        self.process = subprocess.Popen(
            [sys.executable, "-c", text], cwd=folder, env=variables, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def ask(self, **question: Any) -> Any:
        """Its answer. RuntimeError if it ends without one."""
        assert self.process.stdin is not None and self.process.stdout is not None
        print(json.dumps(question), file=self.process.stdin, flush=True)
        for line in self.process.stdout:
            if line.startswith(MARK):
                return json.loads(line.removeprefix(MARK))
        raise RuntimeError(f"the process ended at {question}: what it said is above")

    def end(self) -> None:
        """Waits until it is gone."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait()


def rows_in_turns(folders: Sequence[Path], threads: int, pattern: str, rounds: int) -> Iterator[tuple[Key, list[Round]]]:
    """Each row that both have, and its rounds."""
    sides = [Side(folder, threads) for folder in folders]
    try:
        theirs = [side.ask(rows=True) for side in sides]
        for row in theirs[1]:
            if row not in theirs[0] or not re.search(pattern, row, re.IGNORECASE):
                continue
            for side in sides:
                side.ask(row=row, threads=threads)
            yield (row, threads), [in_turn(number, lambda which: sides[which].ask(seconds=SECONDS)) for number in range(rounds)]
    finally:
        for side in sides:
            side.end()


def in_turn(number: int, measure: Any) -> Round:
    """What OLD and NEW give, NEW first in every other round."""
    found: Round = [[], []]
    for which in (0, 1) if number % 2 == 0 else (1, 0):
        found[which] = measure(which)
    return found


def starts_in_turns(folders: Sequence[Path], start: str, rounds: int, within: Path) -> list[Round]:
    """Fresh processes, `start` "warm" or "cold"."""
    caches = [within / f"{start}_{which}" for which in range(2)]

    def measure(which: int) -> list[float]:
        if start == "cold":
            shutil.rmtree(caches[which], ignore_errors=True)
        return first_prediction(folders[which], caches[which])

    if start == "warm":
        in_turn(0, measure)
    return [in_turn(number, measure) for number in range(rounds)]


def first_prediction(folder: Path, cache: Path) -> list[float]:
    """(wall, processor) seconds of a process."""
    job = json.dumps({"name": "tinyseq", "threads": 2, "model_file": ""})
    variables = {**environment(2), "PYTHONPATH": str(folder), "NUMBA_CACHE_DIR": str(cache)}
    before, begin = os.times(), time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.first_prediction"],
        input=job, text=True, cwd=folder, env=variables, stdout=subprocess.DEVNULL, check=True,
    )  # fmt: skip
    wall, after = time.perf_counter() - begin, os.times()
    return [wall, after.children_user + after.children_system - before.children_user - before.children_system]


def ratio(rounds: Sequence[Round], what: int) -> float:
    """OLD over NEW, of wall (0) or processor (1) seconds."""
    return statistics.median(old[what] / new[what] for old, new in rounds)


def line(key: Key, rounds: Sequence[Round]) -> str:
    """A row of the table."""
    old, new = (1000 * statistics.median(one[which][0] for one in rounds) for which in range(2))
    return f"{ratio(rounds, 0):6.3f} {ratio(rounds, 1):6.3f} {old:10.3f} {new:10.3f} {key[1] or '':>7}  {key[0]}"


def summary(found: dict[Key, list[Round]]) -> str:
    """Over all rows."""
    ratios = {key: ratio(rounds, 0) for key, rounds in found.items()}
    slow = sum(one < 0.97 for one in ratios.values())
    return f"median {statistics.median(ratios.values()):.3f}, slowest {min(ratios.values()):.3f}, {slow} of {len(ratios)} rows below 0.97"


def options(arguments: list[str] | None = None) -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser("python -m tests.benchmarks.compare_commits", description=__doc__)
    parser.add_argument("old", metavar="OLD")
    parser.add_argument("new", metavar="NEW", nargs="?", default=str(ROOT))
    parser.add_argument("--rows", default="", metavar="PATTERN", help="only rows whose name holds this regular expression")
    parser.add_argument("--threads", type=int, nargs="+", default=[2, 1], metavar="N", help="numbers of threads (2 1)")
    parser.add_argument("--runs", type=int, default=2, help="how often new processes are started (2)")
    parser.add_argument("--rounds", type=int, default=9, help="turns of a row in a run, and fresh processes of each kind (9)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write what was measured")
    return parser.parse_args(arguments)


def main(arguments: list[str] | None = None) -> int:
    """Prints the table, pooled over the runs."""
    chosen = options(arguments)
    found: dict[Key, list[Round]] = defaultdict(list)
    with ExitStack() as stack:
        within = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        folders = [stack.enter_context(checkout(commit, within)) for commit in (chosen.old, chosen.new)]
        for _ in range(chosen.runs):
            for threads in chosen.threads:
                for key, rounds in rows_in_turns(folders, threads, chosen.rows, chosen.rounds):
                    found[key] += rounds
                    print(line(key, found[key]), flush=True)
            for start in ("warm", "cold"):
                if re.search(chosen.rows, START + start, re.IGNORECASE):
                    found[START + start, 0] += starts_in_turns(folders, start, chosen.rounds if start == "warm" else 1, within)
    print("\n  wall    cpu     old ms     new ms threads  row", *[line(*item) for item in found.items()], summary(found), sep="\n")
    if chosen.json:
        chosen.json.write_text(json.dumps([[*key, rounds] for key, rounds in found.items()]), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
