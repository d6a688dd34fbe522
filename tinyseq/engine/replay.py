"""Replay: what a workspace computes, noted while Python has it computed, and then played without Python.

A layer that says `replayable` does nothing in forward and backward but call kernels, with arrays of its context. So from
the fourth run on, its calls need not be worked out again: they stand in a list of numbers (kernels/playing.py), in which
only the addresses of the caller's arrays are written anew. Two runs are noted, and a step's calls are taken only if they
are the same in both. An array that is made for one run alone lies elsewhere in the next: such a step stays with Python.

`outsiders` are the arrays of a run that are not the workspace's own: inputs, outputs, a set of gradients, what late layers
leave.

Who puts a print or a breakpoint into a layer's forward sees the first runs only; with the environment variable
TINYSEQ_REPLAY=0 all of them.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from tinyseq.engine.workspace import Step
    from tinyseq.kernels.playing import Bound

Array = NDArray[Any]
Moved = tuple[int, int, int]
"""(place among a call's numbers, which outsider, bytes from its start): an address that differs from run to run."""
Note = tuple["Bound", tuple[Moved, ...]]
"""A call, whose numbers are 0 where an address is moved, and whose arrays are without the outsiders: these are not kept. All
others are: what was made for the first noted run alone must still lie there during the second."""

UNNOTED = 1
"""Runs before the first that is noted: kernels may have to be compiled, and much is run only once."""
NOTED = 2
"""Runs that are noted."""


def in_order(steps: Sequence[Step], backward: bool) -> list[int]:
    """The numbers of the steps that take part in a pass, in its order."""
    return [i for i in reversed(range(len(steps))) if steps[i].op.backward] if backward else list(range(len(steps)))


def take(step: Step, backward: bool) -> None:
    """One step, by Python."""
    if backward:
        step.backward()
    else:
        step.forward()


class Replay:
    """The runs of one workspace, step by step by Python at first. `begin`, `forward`, in training `backward`, `end`."""

    def __init__(self, steps: Sequence[Step]) -> None:
        self.steps = steps
        self._outsiders: Sequence[Array] = ()
        self._noting = False
        """This run is noted."""
        self._restart(1)

    def _restart(self, parts: int) -> None:
        self.runs = 0
        self.parts = parts
        """Into how many parts a step may be split: it then calls kernels from several threads."""
        self.prepared: list[Any] = []
        self.notes: list[dict[tuple[int, bool], list[Note] | None]] = []
        """Of each noted run, the calls of each step (number, whether backward); None: they cannot be played."""
        self.program: Program | None = None

    def ready(self, parts: int) -> bool:
        """True if the next run leaves nothing to Python: the steps' contexts need not know of it."""
        program = self.program
        return program is not None and program.whole and self.parts == parts and self._prepared_still()

    def begin(self, outsiders: Sequence[Array], parts: int) -> None:
        """A run begins with these arrays. They are C-contiguous, and of the same number and shapes every time."""
        if parts != self.parts or not self._prepared_still():
            self._restart(parts)
        self._outsiders = outsiders
        self._noting = self.program is None and self._notes_now()
        if self._noting:
            self.notes.append({})
        elif self.program is not None:
            self.program.move(outsiders)

    def forward(self) -> None:
        """All steps."""
        self._run(backward=False)

    def backward(self) -> None:
        """All steps that go backward, the last one first."""
        self._run(backward=True)

    def _run(self, backward: bool) -> None:
        if self.program is not None:
            self.program.run(backward)
            return
        for number in in_order(self.steps, backward):
            if self._noting:
                self._noted(number, backward)
            else:
                take(self.steps[number], backward)

    def end(self) -> None:
        """A run has ended well."""
        self._outsiders = ()
        if self.program is None:
            self.runs += 1
            if self.runs == UNNOTED + NOTED and len(self.notes) == NOTED:
                self.program = Program(self.steps, *self.notes)
                self.notes = []
                self.prepared = [
                    (step.layer, kind, step.context._prepared)
                    for step in self.steps
                    for kind, found in step.layer._prepared.items()
                    if found[1] is step.context._prepared
                ]

    def _notes_now(self) -> bool:
        from tinyseq.kernels.playing import can_play  # numba, which a plan does not need

        return UNNOTED <= self.runs < UNNOTED + NOTED and os.environ.get("TINYSEQ_REPLAY") != "0" and can_play()

    def _prepared_still(self) -> bool:
        """Whether what `prepare` made still lies where it lay."""
        for layer, kind, made in self.prepared:
            found = layer._prepared.get(kind)
            if found is None or found[1] is not made:
                return False
        return True

    def _noted(self, number: int, backward: bool) -> None:
        from tinyseq.kernels.noting import noting
        from tinyseq.kernels.playing import bind

        step = self.steps[number]
        step.context.unplayable = False
        with noting() as calls:
            take(step, backward)
        found: list[Note] | None = None
        if step.replayable(backward) and not step.context.unplayable and (calls or step.op.view):
            bound = [bind(*call) for call in calls]
            found = [self._without_outsiders(one) for one in bound if one is not None]
            if len(found) < len(calls):
                found = None
        self.notes[-1][number, backward] = found

    def _without_outsiders(self, call: Bound) -> Note:
        moved: list[Moved] = []
        own: list[tuple[int, Array]] = []
        for place, array in call.arrays:
            inside = self._outsider_at(call.numbers[place])
            if inside is not None:
                moved.append((place, *inside))
            elif array.size:
                own.append((place, array))
                continue
            call.numbers[place] = 0
        return call._replace(arrays=own), tuple(moved)

    def _outsider_at(self, address: int) -> tuple[int, int] | None:
        """(which outsider lies there, bytes from its start)."""
        for which, outsider in enumerate(self._outsiders):
            start = outsider.ctypes.data
            if start <= address < start + outsider.nbytes:
                return which, address - start
        return None


class Program:
    """What `forward` and `backward` do in every further run."""

    def __init__(self, steps: Sequence[Step], *notes: dict[tuple[int, bool], list[Note] | None]) -> None:
        from tinyseq.kernels.playing import compiled, packed, play

        self.play, self.compiled = play, compiled
        self.passes: dict[bool, list[Step | tuple[int, int]]] = {False: [], True: []}
        """Forward and backward: steps that Python runs, and (first, last) of calls that are played."""
        taken: list[Note] = []
        for backward, parts in self.passes.items():
            for number in in_order(steps, backward):
                calls = _agreed([note[number, backward] for note in notes])
                begin = len(taken)
                taken += calls or []
                last = parts[-1] if parts else None
                if calls is None:
                    parts.append(steps[number])
                elif isinstance(last, tuple):
                    parts[-1] = (last[0], len(taken))
                elif calls:
                    parts.append((begin, len(taken)))
        self.whole = all(isinstance(part, tuple) for parts in self.passes.values() for part in parts)
        """Nothing is left to Python."""
        self.calls, self.numbers = packed(call for call, _ in taken)
        self.kernels = [(call.kernel, call.signature) for call, _ in taken]
        self.arrays = [array for call, _ in taken for _, array in call.arrays]
        """What must not go away."""
        moved = [
            (int(start) + place, which, offset)
            for start, (_, places) in zip(self.calls[:, 1], taken, strict=True)
            for place, which, offset in places
        ]
        self._places, self._whose, self._offsets = np.array(moved, np.int64).reshape(-1, 3).T.copy()

    def move(self, outsiders: Sequence[Array]) -> None:
        """These are the arrays of the next run."""
        starts = np.array([array.__array_interface__["data"][0] for array in outsiders], np.int64)
        self.numbers[self._places] = starts[self._whose] + self._offsets

    def run(self, backward: bool) -> None:
        """MemoryError if a kernel could get none: kernels raise nothing else."""
        for part in self.passes[backward]:
            if isinstance(part, tuple):
                self._play(*part)
            else:
                take(part, backward)

    def _play(self, first: int, last: int) -> None:
        stop = self.play(self.calls, self.numbers, first, last, 1)
        while stop != last:
            if stop < 0:
                raise MemoryError("a kernel could get no memory: make the batch smaller, or use a machine with more memory")
            self.numbers[self.calls[stop, 1]] = self.compiled(*self.kernels[stop])
            stop = self.play(self.calls, self.numbers, stop, last, 0)


def _agreed(notes: Sequence[list[Note] | None]) -> list[Note] | None:
    """The calls of one step if all runs noted the same."""
    first = notes[0]
    for other in notes[1:]:
        if first is None or other is None or [_key(note) for note in first] != [_key(note) for note in other]:
            return None
    return first


def _key(note: Note) -> tuple[Any, ...]:
    call, moved = note
    return call.kernel, call.signature, tuple(call.numbers), moved
