"""Runs a program of kernel calls on several threads in machine code: each takes the next task until none is left.

A task is a row of units, made one after the other by one thread (the shards of a group of the batch, which add to one set of
gradients). A unit is a range of calls (tape.py) for one shard of the batch: the addresses in it are moved to that shard's part of
the caller's arrays, and to a block of memory. A task waits at its gate until so many tasks are done: so every thread has finished
one stage of a program before any begins the next, without Python in between.
"""

from typing import Any, NamedTuple

import numpy as np
from numba import types
from numba.extending import intrinsic
from numpy.typing import NDArray

from tinyseq.kernels.jit.entry_points import ENTRY_POINT, RAISED
from tinyseq.kernels.jit.kernel import kernel
from tinyseq.kernels.matrix.simd import arguments
from tinyseq.kernels.runtime.atomics import add_now, read_now, swap_now
from tinyseq.kernels.runtime.spin_wait import wait

Numbers = NDArray[np.int64]

ALWAYS, UNLESS, REQUIRED = 0, 1, 2
"""When a call is made: always; only if the one before returned 0; always, and the run stops if it returns 0."""

NEXT, DONE, STATE = 0, 8, 16
"""Places on the board, in different lines of the cache: the next task, how many are done, and whether the run goes on:"""
GOING, STOPPED, FAILED, REFUSED = 0, -1, -2, -3
"""... it does; it was stopped from outside; a kernel raised an exception; a required call returned 0."""
END = 24
"""The first task that is not of this run."""
BOARD = 32

FINISHED, MORE = 0, 1
"""Results of `perform`: no task is left (or the run stopped); it returned only to check for Ctrl-C."""
BREATH = 32
"""Calls after which the calling thread returns to check for Ctrl-C."""


class Score(NamedTuple):
    """The tables that do not change from run to run."""

    tasks: Numbers
    """(tasks, 3): the first unit, one after the last, and how many tasks must be done before it begins."""
    units: Numbers
    """(units, 5): first and last call, first and last move, and the shard, a row of `parts`."""
    calls: Numbers
    """(calls, 3): address of the entry point, where its numbers begin, when it is made."""
    moves: Numbers
    """(moves, 3): place among the numbers, whose array, bytes from its start. Number 0 is the block of memory."""
    parts: Numbers
    """(shards, arrays): where the shard's part of each array begins, in bytes. Of number 0: which block, or -1 for the thread's."""


@intrinsic  # type: ignore[untyped-decorator]
def call(typing: Any, function: Any, numbers: Any, start: Any) -> Any:
    """function(&numbers[start]), where function is the address of an entry point."""

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        address, data, start = arguments(context, builder, signature, values)
        return builder.call(builder.inttoptr(address, ENTRY_POINT.as_pointer()), [builder.gep(data, [start])])

    return types.int64(types.int64, numbers, types.int64), generate


@intrinsic  # type: ignore[untyped-decorator]
def number(typing: Any, array: Any, place: Any) -> Any:
    """array[place], counted through all axes of a C-contiguous array. Numba compiles an index for places from the end, too: with indices
    `perform` takes 0.78 s of CPU to compile, so 0.60 (minimum of five on a busy Zen 3)."""

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        data, place = arguments(context, builder, signature, values)
        return builder.load(builder.gep(data, [place]))

    return types.int64(array, types.int64), generate


@kernel
def play(calls: Numbers, numbers: Numbers, first: int, last: int) -> int:
    """Makes calls first..last-1. GOING, or FAILED or REFUSED."""
    done = 1
    for i in range(first, last):
        when = number(calls, 3 * i + 2)
        if when == UNLESS and done != 0:
            continue
        done = call(number(calls, 3 * i), numbers, number(calls, 3 * i + 1))
        if done == RAISED:
            return FAILED
        if done == 0 and when == REQUIRED:
            return REFUSED
    return GOING


@kernel(part=True)
def next_task(tasks: Numbers, board: Numbers, me: int) -> int:
    """The number of a task that this thread has taken; -1: there is none left, or the run stopped. Waits at the gate; the
    calling thread also for the last task of others."""
    looks, end = 0, number(board, END)
    while read_now(board, STATE) == GOING:
        task = read_now(board, NEXT)
        ends = task >= end
        if ends and me != 0:
            return -1
        if read_now(board, DONE) >= (end if ends else number(tasks, 3 * task + 2)):
            if ends:
                return -1
            if swap_now(board, NEXT, task, task + 1):
                return task  # type: ignore[no-any-return]
        else:
            looks += 1
            wait(looks)
    return -1


@kernel
def perform(score: Score, board: Numbers, starts: Numbers, blocks: Numbers, numbers: Numbers, me: int) -> int:
    """Takes tasks until none is left; the calling thread, number 0, comes back in between.

    starts (arrays): where these begin. blocks: memory, of each thread or of each shard. numbers: (threads, numbers).
    """
    tasks, units, calls, moves, parts = score
    mine, arrays, made = numbers[me], parts.shape[1], 0
    while me != 0 or made < BREATH:
        task = next_task(tasks, board, me)
        if task < 0:
            return FINISHED
        for unit in range(number(tasks, 3 * task), number(tasks, 3 * task + 1)):
            first, last, shard = number(units, 5 * unit), number(units, 5 * unit + 1), number(units, 5 * unit + 4)
            which = number(parts, shard * arrays)
            block = number(blocks, me if which < 0 else which)
            for m in range(number(units, 5 * unit + 2), number(units, 5 * unit + 3)):  # writes the addresses of the unit's shard
                place, whose, offset = number(moves, 3 * m), number(moves, 3 * m + 1), number(moves, 3 * m + 2)
                mine[place] = offset + (block if whose == 0 else number(starts, whose) + number(parts, shard * arrays + whose))
            state = play(calls, mine, first, last)
            if state != GOING:
                swap_now(board, STATE, GOING, state)
                return FINISHED
            made += last - first
        add_now(board, DONE, 1)
    return MORE
