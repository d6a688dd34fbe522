"""Telling: the kernel calls of a layer are recorded while it runs once, on arrays that are only addresses."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tinyseq.engine.context import Context, Run
from tinyseq.engine.layout import WHOLE, Layout
from tinyseq.kernels.runtime.tape import Tape
from tinyseq.kernels.runtime.work_queue import ALWAYS, REQUIRED, UNLESS

if TYPE_CHECKING:
    from tinyseq.engine.partition import Shard

Array = NDArray[Any]
Python = Callable[[Any], None]
"""A Python function of an AtWork (parallel.py)."""
Item = tuple[int, int, int, int] | Python
"""First and last call, first and last move; or a function."""
Task = list[Item]

SPLIT_FLOPS = 400_000
"""Work with fewer floating point operations for each lane of a register is not split."""


class Teller:
    """Records calls as tasks: lists of items, each of which one thread makes without a break."""

    def __init__(self, tape: Tape, layout: Layout, threads: int = 1) -> None:
        self.tape = tape
        self.layout = layout
        self.threads = threads
        """The number of parts into which work is split."""
        self.stages: list[list[Task]] = [[[]]]
        """Stages, one after the other; the tasks of each may run at the same time."""
        self.shard: Shard | None = None
        self._calls = self._moves = 0

    def watch(self, shard: Shard | None, block: Array | None) -> dict[Any, Array]:
        """From now on calls are recorded for that shard, or for the whole batch; returns placeholders for its arrays."""
        self.shard = shard
        self.tape.unwatch()
        if block is not None:
            self.tape.watch(block, 0)
        for key in self.layout.places:
            self._watch(key)
        return self.layout.parts(self.layout.stand_ins, shard)

    def _watch(self, key: Any) -> None:
        place = self.layout.places[key]
        self.tape.watch(self.layout.stand_ins[key], place.number, -place.offset(self.shard, self.layout.batch))

    def room(self, key: Any, like: Array) -> Array:
        """Another array of the whole batch, with the shape of an existing one."""
        if key not in self.layout.places:
            self.layout.add(key, like.shape, like.dtype, WHOLE)
            self._watch(key)
        return self.layout.stand_ins[key]

    def begin_task(self) -> None:
        """The following calls are independent of the other tasks of this stage."""
        self.end_item()
        self.stages[-1].append([])

    def begin_stage(self) -> None:
        """The following calls run after all previous ones."""
        self.end_item()
        self.stages.append([[]])

    def end_item(self) -> None:
        """Ends the present item."""
        calls, moves = len(self.tape.calls), len(self.tape.moves)
        if calls > self._calls:
            self.stages[-1][-1].append((self._calls, calls, self._moves, moves))
        self._calls, self._moves = calls, moves

    def python(self, function: Python) -> None:
        """Adds a Python function between kernel calls."""
        self.end_item()
        self.stages[-1][-1].append(function)

    def taken(self) -> list[list[Task]]:
        """The stages so far that are not empty."""
        self.end_item()
        found = [[task for task in stage if task] for stage in self.stages]
        self.stages = [[[]]]
        return [stage for stage in found if stage]

    # ------------------------------------------------------------------ as Calls

    def call(self, function: Callable[..., Any], *args: Any) -> Any:
        """A kernel, or a function composed of kernels."""
        body = getattr(function, "body", None)
        if body is not None:
            return body(self, *args)
        self.tape.add(function, args, ALWAYS)
        return None

    def call_unless(self, kernel: Callable[..., Any], *args: Any) -> None:
        """A kernel that is called only if the call before returned 0."""
        self.tape.add(kernel, args, UNLESS)


class Telling(Context):
    """The context of a layer that tells its calls."""

    __slots__ = ("index", "teller")

    teller: Teller
    index: int
    """Of the operation."""

    def call(self, function: Callable[..., Any], *args: Any) -> Any:
        return self.teller.call(function, *args)

    def call_unless(self, kernel: Callable[..., Any], *args: Any) -> None:
        self.teller.call_unless(kernel, *args)

    def require(self, kernel: Callable[..., Any], *args: Any, otherwise: Callable[[], Exception]) -> None:
        self.teller.tape.add(kernel, args, REQUIRED)

    def python(self, function: Callable[..., None], *args: Any) -> None:
        index, backward = self.index, self.going_back
        self.teller.python(lambda at_work: at_work.workspace.steps[index].python(function, args, backward))

    def split(self, run: Run, units: int, flops: float) -> None:
        parts = min(self.teller.threads, units)
        if parts < 2 or not worth_splitting(flops):
            run(0, units, 0)
            return
        cuts = [units * part // parts for part in range(parts + 1)]
        self.teller.begin_stage()
        for part in range(parts):
            if part:
                self.teller.begin_task()
            run(cuts[part], cuts[part + 1], part)
        self.teller.begin_stage()

    def scratch(self, name: str, part: int = 0) -> Array:
        first = self._scratch[name]
        return first if part == 0 else self.teller.room(("scratch", self.index, name, first.size, part), first)


def worth_splitting(flops: float) -> bool:
    """Whether two threads are faster than one for so many floating point operations."""
    from tinyseq.kernels.matrix.simd import LANES  # numba

    return flops >= SPLIT_FLOPS * LANES


def without_numbers(shape: Sequence[int]) -> Array:
    """A placeholder array of that shape."""
    return np.broadcast_to(np.float32(0), shape)
