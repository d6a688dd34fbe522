"""A run of a program: its addresses, and the threads that make its calls."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tinyseq.engine import threads
from tinyseq.engine.context import Refused
from tinyseq.engine.partition import WAKING_WORK
from tinyseq.engine.program import Program, Stage, Unit, with_gradients
from tinyseq.engine.workspace import Arena, Arenas, Workspace
from tinyseq.kernels.jit.entry_points import address, entry_of
from tinyseq.kernels.runtime import work_queue
from tinyseq.kernels.runtime.calls import NO_MEMORY

if TYPE_CHECKING:
    from tinyseq.engine.partition import Shard

Array = NDArray[Any]

LOADING_WORK = 500_000_000
"""Multiply-adds (8 ms of one thread) from which on a process's first run is worth a second thread: to load what hands work over
takes 9 ms."""


class AtWork:
    """What Python computes on: a shard of the batch with its workspace, or (None) the whole batch."""

    def __init__(self, run: Run, shard: Shard | None, workspace: Workspace | None) -> None:
        self.run = run
        self.shard = shard
        self.workspace: Any = workspace
        self.parts: Mapping[Any, Array] = run.arrays
        if shard is not None and workspace is not None:
            schedule = run.program.schedule
            self.parts = with_gradients(schedule, run.program.layout.parts(run.arrays, shard))
            workspace.bind(self.parts, schedule.batch, shard.index, run.draws)

    def loss(self) -> None:
        """The loss of the shard."""
        outputs = [self.parts["output", number] for number in range(len(self.workspace.plan.outputs))]
        self.run.loss(self.shard, outputs, self.workspace.output_gradients)

    def add_again(self, number: int, tensor: int) -> None:
        """An output that is listed twice gets the sum of its gradients."""
        target = self.workspace.gradient(tensor)
        np.add(target, self.parts["again", number], out=target)

    def hand_over(self, key: Any, gradient_of: int | None) -> None:
        """An output that is an input, a view, or listed twice; or the gradient of an input."""
        workspace = self.workspace
        value = workspace.values[workspace.plan.outputs[key[1]]] if gradient_of is None else workspace.gradient(gradient_of)
        np.copyto(self.parts[key], value)


class Run:
    """One run at a time of a program, by up to `count` threads."""

    def __init__(self, program: Program, count: int, arenas: Arenas) -> None:
        self.program = program
        self.count = count
        self.arenas = arenas
        self.numbers = np.tile(program.numbers, (count, 1))
        self.board = np.zeros(work_queue.BOARD, np.int64)
        self.starts = np.zeros(1 + len(program.layout.places), np.int64)
        """Where each array begins."""
        self.blocks = np.zeros(max(count, len(program.schedule.shards)), np.int64)
        """The address of each thread's memory, or each shard's."""
        self.own = program.layout.own()
        for key, array in self.own.items():
            self.starts[program.layout.places[key].number] = address(array)
        for layer in program.schedule.drawing:
            self.own["drawn", id(layer)][:, 1] = range(len(program.schedule.shards))
        self.arrays: dict[Any, Array] = {}
        self.draws: dict[int, int] = {}
        self.loss: Any = None
        self._rows = list(range(count))
        """Call numbers that no Python thread uses at the moment."""
        self._arenas: list[Arena] = []
        self.entry: Any = None
        """The entry of `perform`, and where the numbers of each thread's call begin."""
        self.numbers_of: list[int] = []
        self._entries = np.empty((0, 0), np.int64)
        self._first = True
        """This is its first run."""

    def bind(self, given: dict[Any, Array], draws: dict[int, int], loss: Any) -> None:
        """The caller's arrays of this run, C-contiguous, of the shapes that the program was made for."""
        self.arrays = {**self.own, **given} if self.own else given
        for number, key in self.program.given:
            self.starts[number] = address(given[key])
        self.draws, self.loss = draws, loss
        for layer in self.program.schedule.drawing:
            self.arrays["drawn", id(layer)][:, 0] = draws[id(layer)]

    def added_losses(self) -> list[tuple[Any, float]]:
        """(operator, what it added to the loss) of each operation that does: the shares of all shards, in their order."""
        ops = self.program.schedule.whole.ops
        found = [(op.layer, self.own["partial", number, "loss"]) for number, op in enumerate(ops) if "loss" in op.buffers.partial]
        return [(layer, float(sum(share.item() for share in shares))) for layer, shares in found]

    def lease(self, number: int) -> None:
        """Allocates so many blocks of memory."""
        while len(self._arenas) < number:
            arena = self.arenas.lease()
            self._arenas.append(arena)
            arena.make_room(self.program.room)
            self.blocks[len(self._arenas) - 1] = arena.start

    def rest(self) -> None:
        """Lets go of the caller's arrays and of memory, until the next run."""
        self.arrays, self.loss, self._first = {}, None, False
        while self._arenas:
            self.arenas.give_back(self._arenas.pop())
        self.program.runs.append(self)

    def perform(self, parts: Sequence[tuple[int, int] | Stage]) -> None:
        """Runs some stages. MemoryError if a kernel could not allocate memory."""
        if self.program.own_blocks:
            self.lease(len(self.program.schedule.shards))
        for part in parts:
            if isinstance(part, tuple):
                self.play(*part, self.count)
            else:
                threads.run_all([partial(self._interpret, task) for task in part], self.program.schedule.work >= WAKING_WORK)

    # ------------------------------------------------------------------ machine code

    def play(self, begin: int, end: int, most: int) -> None:
        """Tasks begin..end-1, by `most` threads at most."""
        wanted = min(most, self.program.threads_for(begin, end)) - 1
        if self.entry is None:  # a first run by Python alone plays nothing, and weights are packed in a later one
            self._enter()
        if self._first and not threads.hands_over() and self.program.schedule.work < LOADING_WORK:
            wanted = 0
        board = self.board
        board[work_queue.NEXT] = board[work_queue.DONE] = begin
        board[work_queue.END], board[work_queue.STATE] = end, work_queue.GOING
        threads.together(self, wanted)
        self._ended(int(board[work_queue.STATE]))

    def begin(self, count: int) -> Any:
        """Before so many threads begin; what must not go away meanwhile."""
        if not self.program.own_blocks:
            self.lease(count)
        return self, self.arrays, list(self._arenas)

    def _enter(self) -> None:
        """How each thread calls the kernel `perform`, as numbers."""
        given = (self.program.score, self.board, self.starts, self.blocks, self.numbers)
        entry = entry_of(work_queue.perform, (*given, 0))
        rows = []
        for me in range(self.count):
            numbers: list[int] = []
            for write, value in zip(entry.writers, (*given, me), strict=True):
                write(value, numbers, [])
            rows.append(numbers)
        self._entries = np.array(rows, np.int64)
        self.numbers_of = [address(row) for row in self._entries]
        self.entry = entry

    def stop(self) -> None:
        """No thread begins another task."""
        self.board[work_queue.STATE] = work_queue.STOPPED

    def _ended(self, state: int) -> None:
        if state == work_queue.REFUSED:
            raise Refused
        if state != work_queue.GOING:
            raise self.program.late_error() or MemoryError(NO_MEMORY)

    # ------------------------------------------------------------------ Python

    def _interpret(self, task: Sequence[Unit]) -> None:
        """A task of a stage that includes Python."""
        own = self.program.own_blocks
        arena = None if own else self.arenas.lease()
        row = self._rows.pop()
        at_work: AtWork | None = None
        try:
            for shard, item in task:
                if at_work is None or at_work.shard is not shard:
                    workspace = None
                    if shard is not None:
                        place = self._arenas[shard.index] if own else arena
                        workspace = place.workspace(shard.plan)  # type: ignore[union-attr]
                    at_work = AtWork(self, shard, workspace)
                if callable(item):
                    item(at_work)
                else:
                    block = at_work.workspace.block.ctypes.data if shard is not None else 0
                    self._play_item(item, shard, block, self.numbers[row])
        finally:
            self._rows.append(row)
            if arena is not None:
                self.arenas.give_back(arena)

    def _play_item(self, item: tuple[int, int, int, int], shard: Shard | None, block: int, numbers: Array) -> None:
        score = self.program.score
        first, last, begin, end = item
        starts = self.starts + score.parts[-1 if shard is None else shard.index]
        starts[0] = block
        place, whose, offset = score.moves[begin:end].T
        numbers[place] = starts[whose] + offset
        self._ended(work_queue.play(score.calls, numbers, first, last))
