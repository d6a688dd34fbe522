"""A team: all pieces of a schedule, played by several threads without Python (kernels/sharing.py).

A workspace notes what it computes and makes a program of it (replay.py); a team puts the programs of all pieces into one
table of numbers. For a run it needs a block of memory for each thread and the addresses of the caller's arrays, and hands the
whole run over at once: no thread waits for Python's lock, nor for a thread that has not begun.

All that a run writes it writes anew, so a run can be made again from its start. That is done where it met a kernel that is
seldom needed, and has not been loaded yet.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tinyseq.engine import threads
from tinyseq.engine.replay import BACKWARD, FORWARD, NO_MEMORY, Program, address

if TYPE_CHECKING:
    from tinyseq.engine.schedule import Piece, Schedule
    from tinyseq.engine.workspace import Arena, Arenas

Array = NDArray[Any]

ALL = 1 << 40
"""As many tasks as there are."""
STOPPED = -2
"""On the board: no further task, because of an exception in Python."""


class Team:
    """What the runs of one schedule need. For one run at a time."""

    def __init__(
        self, schedule: Schedule, programs: Sequence[Program], arrays: Sequence[Array], sets: Array | None = None,
        since: int = FORWARD,
    ) -> None:  # fmt: skip
        """programs: one a piece. arrays: as `run` takes them, `sets` of gradients, one a group, among them. `since`: the pass
        to begin with, FORWARD or BACKWARD."""
        from tinyseq.kernels import playing, sharing

        self.programs, self.sets = programs, sets
        self.count = threads.get_num_threads()
        tasks = [[piece] for piece in schedule.pieces] if sets is None else schedule.by_group()
        self.threads = min(self.count, len(tasks))
        self.room = max(piece.plan.placement.total for piece in schedule.pieces)
        table = _Table(programs, since)
        self.kernels, self.compiled = table.kernels, playing.compiled
        self.calls = table.calls
        self.numbers = np.tile(table.numbers, (self.threads, 1))
        self.board = np.zeros(sharing.BOARD, np.int64)
        self.stuck = self.board[sharing.STUCK :][:1]
        self.blocks = np.zeros(self.threads, np.int64)
        self.starts = np.zeros(1 + len(arrays), np.int64)
        """Where the arrays begin."""
        self.parts = np.array([[0, *(_offset(array, schedule, piece, sets) for array in arrays)] for piece in schedule.pieces])
        rows = np.array([(task[0].index, task[-1].index + 1) for task in tasks], np.int64)
        score = sharing.Score(rows, table.programs, table.calls, table.moves, self.parts)
        given = [
            (score, self.board, self.starts, self.blocks, self.numbers, _NO_SETS if sets is None else sets, me, ALL if me else 1)
            for me in range(self.threads)
        ]
        signature = tuple([sharing.perform.typeof_pyval(value) for value in given[0]])  # type: ignore[attr-defined]
        playing.compiled(sharing.perform, signature)
        bound = [one for one in (playing.bind(sharing.perform, each, False) for each in given) if one is not None]
        self.door = playing.door(bound[0].result, signature)
        self.entries = np.array([one.numbers for one in bound], np.int64)
        """The call of `perform` by each thread, as numbers."""
        self._keep = given

    def fits(self, programs: Sequence[Program], sets: Array | None) -> bool:
        """Whether it can make a run of these."""
        return self.count == threads.get_num_threads() and self.sets is sets and self.programs is programs

    def run(self, arenas: Arenas, arrays: Sequence[Array]) -> None:
        """One run on these arrays, C-contiguous, of the shapes it was made for. MemoryError if a kernel could get none."""
        for place, array in enumerate(arrays, 1):
            self.starts[place] = address(array)
        leased: list[Arena] = []

        def ready(parties: int) -> Any:
            while len(leased) < parties:
                arena = arenas.lease()
                leased.append(arena)
                arena.make_room(self.room)
                self.blocks[len(leased) - 1] = arena.start
            return self, leased, arrays

        try:
            self._until_done(ready)
        finally:
            for arena in reversed(leased):
                arenas.give_back(arena)

    def _until_done(self, ready: Any) -> None:
        while True:
            self.board[...] = 0
            threads.together(self.threads - 1, self.door, self.entries, ready, self._stop)
            stuck = int(self.stuck[0])
            if stuck == 0:
                return
            if stuck < 0:
                raise MemoryError(NO_MEMORY)
            self.numbers[:, self.calls[stuck - 1, 1]] = self.compiled(*self.kernels[stuck - 1])

    def _stop(self) -> None:
        self.stuck[0] = STOPPED


class _Table:
    """Several programs in one, for sharing.Score: those that are the same take their place once."""

    def __init__(self, programs: Sequence[Program], since: int) -> None:
        each = list(dict.fromkeys(programs))
        self.kernels = [kernel for program in each for kernel in program.kernels]
        self.numbers = np.concatenate([program.numbers for program in each])
        self.moves = np.concatenate([program.moves for program in each])
        calls, numbers, moves = (
            dict(zip(each, accumulate(sizes, initial=0), strict=False))
            for sizes in (
                [len(program.calls) for program in each],
                [len(program.numbers) for program in each],
                [len(program.moves) for program in each],
            )
        )
        self.calls = np.concatenate([program.calls + np.array([0, numbers[program], 0]) for program in each])
        first = {program: program.passes[BACKWARD][0][0] if since == BACKWARD else 0 for program in each}  # type: ignore[index]
        self.programs = np.array(
            [
                (calls[one] + first[one], calls[one] + len(one.calls), numbers[one], moves[one], moves[one] + len(one.moves))
                for one in programs
            ],
            np.int64,
        )


def _offset(array: Array, schedule: Schedule, piece: Piece, sets: Array | None) -> int:
    """Where a piece's part of an array begins, in bytes."""
    return array.strides[0] * piece.group if array is sets else array.nbytes // schedule.batch * piece.start


_NO_SETS = np.empty((0, 0), np.float32)
