"""The pieces of a batch dealt out to threads, in machine code: each thread takes the next task until none is left.

A task is a row of pieces (one piece of a prediction; the pieces of a group in training, which add to one set of gradients).
A piece is a program: calls that were noted (replay.py), in which the addresses are those of the piece's samples, and of the
memory of the thread that computes it.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tinyseq.kernels.jit.kernel import kernel
from tinyseq.kernels.movement.copying import clear
from tinyseq.kernels.runtime.atomics import add_now, read_now, write_now
from tinyseq.kernels.runtime.replay import play

Numbers = NDArray[np.int64]

NEXT, STUCK = 0, 8
"""Places on the board, in different lines of the cache: the next task; 0, or why no further task may begin: 1 + the number of a
call whose kernel has no door yet, -1 after an exception."""
BOARD = 16


class Score(NamedTuple):
    """What does not change from run to run."""

    tasks: Numbers
    """(tasks, 2): the first piece, and one after the last."""
    programs: Numbers
    """(pieces, 5): first and last call, where the program's numbers begin, first and last of its moves."""
    calls: Numbers
    """As `play` takes them."""
    moves: Numbers
    """(moves, 3): place among a program's numbers, whose array, bytes from its start."""
    parts: Numbers
    """(pieces, 1 + outsiders): where the piece's part of each outsider begins, in bytes. First the address of its block of memory,
    or 0, which is that of the thread."""


@kernel
def perform(
    score: Any, board: Numbers, starts: Numbers, blocks: Numbers, numbers: Numbers, gradients: Any, me: int, most: int
) -> int:  # fmt: skip
    """Takes up to `most` tasks; 1 if there are more, else 0.

    starts (1 + outsiders): where these begin, after a 0. blocks (threads): memory. numbers (threads, numbers of all programs).
    gradients (tasks or 0, size): a set for each task, cleared first.
    """
    mine = numbers[me]
    for _ in range(most):
        task = add_now(board, NEXT, 1)
        if task >= score.tasks.shape[0] or read_now(board, STUCK) != 0:
            return 0
        if gradients.shape[0] > 0:
            clear(gradients[task], 0, gradients.shape[1])
        for piece in range(score.tasks[task, 0], score.tasks[task, 1]):
            first, last, base = score.programs[piece, 0], score.programs[piece, 1], score.programs[piece, 2]
            for move in range(score.programs[piece, 3], score.programs[piece, 4]):
                whose = score.moves[move, 1]
                start = starts[whose] + score.parts[piece, whose]
                if whose == 0 and start == 0:
                    start = blocks[me]
                mine[base + score.moves[move, 0]] = start + score.moves[move, 2]
            stop = play(score.calls, mine, first, last, 1)
            if stop != last:
                write_now(board, STUCK, -1 if stop < 0 else stop + 1)
                return 0
    return int(read_now(board, NEXT) < score.tasks.shape[0])
