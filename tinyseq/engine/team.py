"""A team: all pieces of a schedule, played by several threads without Python.

A workspace notes what it computes and makes a program of it (program.py); a team puts the programs of all pieces into one
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
from tinyseq.engine.program import BACKWARD, FORWARD, Program, address
from tinyseq.engine.stage import Stage, Table

if TYPE_CHECKING:
    from tinyseq.engine.partition import Piece, Schedule
    from tinyseq.engine.workspace import Arena, Arenas

Array = NDArray[Any]


class Team:
    """What the runs of one schedule need. For one run at a time."""

    def __init__(
        self, schedule: Schedule, programs: Sequence[Program], arrays: Sequence[Array], sets: Array | None = None,
        since: int = FORWARD,
    ) -> None:  # fmt: skip
        """programs: one a piece. arrays: as `run` takes them, `sets` of gradients, one a group, among them. `since`: the pass
        to begin with, FORWARD or BACKWARD."""
        self.programs, self.sets = programs, sets
        self.count = threads.get_num_threads()
        self.room = max(piece.plan.placement.total for piece in schedule.pieces)
        tasks = [[piece] for piece in schedule.pieces] if sets is None else schedule.by_group()
        rows = np.array([(task[0].index, task[-1].index + 1) for task in tasks], np.int64)
        parts = [[0, *(_part(array, schedule, piece, sets) for array in arrays)] for piece in schedule.pieces]
        self.stage = Stage(table_of(programs, since), rows, np.array(parts, np.int64), sets, self.count)

    def fits(self, programs: Sequence[Program], sets: Array | None) -> bool:
        """Whether it can make a run of these."""
        return self.count == threads.get_num_threads() and self.sets is sets and self.programs is programs

    def run(self, arenas: Arenas, arrays: Sequence[Array]) -> None:
        """One run on these arrays, C-contiguous, of the shapes it was made for. MemoryError if a kernel could get none."""
        starts, blocks = self.stage.starts, self.stage.blocks
        for place, array in enumerate(arrays, 1):
            starts[place] = address(array)
        leased: list[Arena] = []

        def ready(parties: int) -> Any:
            while len(leased) < parties:
                arena = arenas.lease()
                leased.append(arena)
                arena.make_room(self.room)
                blocks[len(leased) - 1] = arena.start
            return self, leased, arrays

        try:
            self.stage.perform(ready)
        finally:
            for arena in reversed(leased):
                arenas.give_back(arena)


def table_of(programs: Sequence[Program], since: int = FORWARD) -> Table:
    """Several programs in one table: those that are the same take their place once."""
    each = list(dict.fromkeys(programs))
    calls, numbers, moves = (
        dict(zip(each, accumulate(sizes, initial=0), strict=False))
        for sizes in (
            [len(program.calls) for program in each],
            [len(program.numbers) for program in each],
            [len(program.moves) for program in each],
        )
    )
    first = {program: program.passes[BACKWARD][0][0] if since == BACKWARD else 0 for program in each}
    rows = [
        (calls[one] + first[one], calls[one] + len(one.calls), numbers[one], moves[one], moves[one] + len(one.moves))
        for one in programs
    ]
    return Table(
        kernels=[kernel for program in each for kernel in program.kernels],
        calls=np.concatenate([program.calls + np.array([0, numbers[program], 0]) for program in each]),
        numbers=np.concatenate([program.numbers for program in each]),
        moves=np.concatenate([program.moves for program in each]),
        programs=np.array(rows, np.int64),
    )


def _part(array: Array, schedule: Schedule, piece: Piece, sets: Array | None) -> int:
    """Where a piece's part of an array begins, in bytes."""
    return array.strides[0] * piece.group if array is sets else array.nbytes // schedule.batch * piece.start
