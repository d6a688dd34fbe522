"""A stage: tasks that consist of noted calls, and the threads that perform them in machine code (kernels/runtime/work_queue.py)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tinyseq.engine import threads
from tinyseq.kernels.runtime.recording import NO_MEMORY

Array = NDArray[Any]

ALL = 1 << 40
"""As many tasks as there are."""
STOPPED = -2
"""On the board: no further task, because of an exception in Python."""


class Table(NamedTuple):
    """The programs of all tasks: see sharing.Score."""

    kernels: Sequence[Any]
    """(kernel, signature) of each call."""
    calls: Array
    numbers: Array
    moves: Array
    programs: Array
    """One a piece."""


class Stage:
    """For one performance at a time, by up to `count` threads."""

    def __init__(
        self, table: Table, tasks: Array, parts: Array, sets: Array | None, count: int, shared: bool = False
    ) -> None:  # fmt: skip
        """tasks, parts: as in sharing.Score. `sets` of gradients, one a task, which begin with zeros. `shared`: all threads read
        table.numbers itself, since nothing is moved in them."""
        from tinyseq.kernels.jit import entry_points
        from tinyseq.kernels.runtime import replay, work_queue

        self.table = table
        self.parts = parts
        self.count = min(count, len(tasks))
        self.numbers = table.numbers.reshape(1, -1) if shared else np.tile(table.numbers, (self.count, 1))
        self.board = np.zeros(work_queue.BOARD, np.int64)
        self.stuck = self.board[work_queue.STUCK :][:1]
        self.blocks = np.zeros(self.count, np.int64)
        """The address of each thread's memory."""
        self.starts = np.zeros(parts.shape[1], np.int64)
        """Those of the arrays of which pieces take their parts, from number 1 on."""
        score = work_queue.Score(tasks, table.programs, table.calls, table.moves, parts)
        sets = _NO_SETS if sets is None else sets
        self._given = [  # arrays whose addresses stand in `entries`: they must not go away
            (score, self.board, self.starts, self.blocks, self.numbers, sets, 0 if shared else me, ALL if me else 1)
            for me in range(self.count)
        ]
        signature = tuple([work_queue.perform.typeof_pyval(value) for value in self._given[0]])  # type: ignore[attr-defined]
        self.compiled = entry_points.compiled
        self.door = self.compiled(work_queue.perform, signature)
        bound = [one for one in (replay.bind(work_queue.perform, each, False) for each in self._given) if one is not None]
        self.entries = np.array([one.numbers for one in bound], np.int64)
        """The call of `perform` by each thread, as numbers."""

    def perform(self, ready: Callable[[int], Any], most: int = ALL) -> None:
        """All tasks, by `most` threads at most. `ready(threads)` comes before, and may come again: see threads.together.

        Tasks may be begun anew from the first one. MemoryError if a kernel could get none.
        """
        while True:
            self.board[...] = 0
            threads.together(min(self.count, most) - 1, self.door, self.entries, ready, self._stop)
            stuck = int(self.stuck[0])
            if stuck == 0:
                return
            if stuck < 0:
                raise MemoryError(NO_MEMORY)
            kernel, signature = self.table.kernels[stuck - 1]
            self.table.calls[stuck - 1, 0] = self.compiled(kernel, signature)

    def _stop(self) -> None:
        self.stuck[0] = STOPPED


def independent(
    kernels: Sequence[Any], calls: Array, numbers: Array, ranges: Sequence[tuple[int, int]], count: int, shared: bool = False
) -> Stage:  # fmt: skip
    """Of tasks that move no address: each the calls first..last-1 of a range."""
    size = len(ranges)
    programs = np.zeros((size, 5), np.int64)
    programs[:, :2] = ranges
    table = Table(kernels, calls, numbers, np.zeros((0, 3), np.int64), programs)
    rows = np.stack([np.arange(size), np.arange(1, size + 1)], 1)
    return Stage(table, rows, np.zeros((size, 1), np.int64), None, count, shared)


_NO_SETS = np.empty((0, 0), np.float32)
