"""Replay: what a workspace computes, noted while Python has it computed, and then played without Python.

A layer that says `replayable` does nothing in forward and backward but call kernels, with arrays of its context; and so do
the losses that kernels compute. So from the fourth run on, their calls need not be worked out again: they stand in a list of
numbers (kernels/runtime/replay.py), in which only the addresses of the caller's arrays are written anew. Two runs are noted, and a
step's calls are taken only if they are the same in both. An array that is made for one run alone lies elsewhere in the next:
such a step stays with Python. A run in which one array serves twice (the target is the input, say) is not noted, since nobody
could tell whose address is whose.

`outsiders` are the arrays of a run that are not the workspace's own: inputs, outputs, a set of gradients, what late layers
leave, what the loss reads and writes.

A workspace's own arrays all lie in one block of memory, so a program can be played in any other block too: see team.py.

Who puts a print or a breakpoint into a layer's forward sees the first runs only; with the environment variable
TINYSEQ_REPLAY=0 all of them.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from itertools import accumulate, chain, pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tinyseq.engine.stage import Stage, independent
from tinyseq.kernels.runtime.recording import NO_MEMORY

if TYPE_CHECKING:
    from tinyseq.engine.workspace import Step
    from tinyseq.kernels.runtime.replay import Bound

Array = NDArray[Any]
Moved = tuple[int, int, int]
"""(place among a call's numbers, whose array, bytes from its start): an address that can differ from run to run."""
Note = tuple["Bound", tuple[Moved, ...]]
"""A call, whose numbers are 0 where an address is moved, and whose arrays are without the moved ones: these are not kept. All
others are: what was made for the first noted run alone must still lie there during the second."""
Kind = tuple[Any, ...] | None
"""What computes the loss, if it can be played."""

UNNOTED = 1
"""Runs before the first that is noted: kernels may have to be compiled, and much is run only once."""
NOTED = 2
"""Runs that are noted."""
BLOCK = 0
"""Whose array: the workspace's block, or the outsider of the number before."""
FORWARD, LOSS, BACKWARD = range(3)
"""The passes of a run."""


def in_order(steps: Sequence[Step], which: int) -> list[int]:
    """The numbers of the steps that take part in a pass, in its order; the loss counts as one, 0."""
    if which == LOSS:
        return [0]
    return [i for i in reversed(range(len(steps))) if steps[i].op.backward] if which == BACKWARD else list(range(len(steps)))


def take(step: Step, which: int) -> None:
    """One step, by Python."""
    if which == BACKWARD:
        step.backward()
    else:
        step.forward()


class Replay:
    """The runs of one workspace, step by step by Python at first. `begin`, `forward`, in training `loss` and `backward`,
    `end`."""

    def __init__(self, steps: Sequence[Step], block: Array) -> None:
        self.steps = steps
        self.block = block
        self._moving: Sequence[Array] = ()
        """Whose addresses are looked for: the block, the outsiders."""
        self._noting = False
        """This run is noted."""
        self._passed_over = False
        """This run would have been noted, but for an array that serves twice: it does not count."""
        self._restart(1, None)

    def _restart(self, parts: int, kind: Kind) -> None:
        self.runs = 0
        self.parts = parts
        """Into how many parts a step may be split: it then calls kernels from several threads."""
        self.kind = kind
        self.notes: list[dict[tuple[int, int], list[Note] | None]] = []
        """Of each noted run, the calls of each step (pass, number); None: they cannot be played."""
        self.program: Program | None = None

    def ready(self, parts: int, kind: Kind) -> bool:
        """True if the next run leaves nothing to Python but the loss: the steps' contexts need not know of it."""
        program = self.program
        return program is not None and program.whole and self._same(parts, kind)

    def begin(self, outsiders: Sequence[Array], parts: int, kind: Kind) -> None:
        """A run begins with these arrays. They are C-contiguous, and of the same number and shapes every time."""
        if not self._same(parts, kind):
            self._restart(parts, kind)
        due = self.program is None and UNNOTED <= self.runs < UNNOTED + NOTED
        self._passed_over = due and not apart(outsiders)
        self._noting = due and not self._passed_over and may_note()
        if self._noting:
            self._moving = [self.block, *outsiders]
            self.notes.append({})
        elif self.program is not None:
            self.program.move(outsiders)

    def forward(self) -> None:
        """All steps."""
        self._run(FORWARD)

    def loss(self, compute: Callable[[], None]) -> None:
        """`compute`: by Python."""
        if self.program is not None and self.program.plays_loss:
            self.program.run(LOSS)
        elif self._noting and self.program is None:
            self._note(LOSS, 0, compute, playable=self.kind is not None)
        else:
            compute()

    def backward(self) -> None:
        """All steps that go backward, the last one first."""
        self._run(BACKWARD)

    def _run(self, which: int) -> None:
        if self.program is not None:
            self.program.run(which)
            return
        for number in in_order(self.steps, which):
            step = self.steps[number]
            if self._noting:
                playable = step.replayable(which == BACKWARD)
                step.context.unplayable, step.context.marks = False, playable
                self._note(which, number, lambda step=step: take(step, which), playable)  # type: ignore[misc]
                step.context.marks = False
            else:
                take(step, which)

    def end(self) -> None:
        """A run has ended well."""
        self._moving = ()
        if self.program is None and not self._passed_over:
            self.runs += 1
            if self.runs == UNNOTED + NOTED and len(self.notes) == NOTED:
                self.program = Program(self.steps, self.block, self.kind, self.notes)
                self.notes = []

    def _same(self, parts: int, kind: Kind) -> bool:
        """Whether what was noted holds for a run of these."""
        return parts == self.parts and kind == self.kind and (self.program is None or self.program.prepared_still())

    def _note(self, which: int, number: int, compute: Callable[[], None], playable: bool) -> None:
        from tinyseq.kernels.runtime.recording import END, MARK, noting
        from tinyseq.kernels.runtime.replay import bind

        with noting() as calls:
            compute()
        step = None if which == LOSS else self.steps[number]
        if step is not None:
            playable = playable and not step.context.unplayable and bool(calls or step.op.view)
        found: list[Note] | None = None
        if playable:
            bound = [call if call is MARK or call is END else bind(*call) for call in calls]
            found = None if None in bound else [self._movable(one) for one in bound]
        self.notes[-1][which, number] = found

    def _movable(self, call: Any) -> Note:
        if not hasattr(call, "arrays"):
            return call, ()  # a mark
        moved: list[Moved] = []
        own: list[tuple[int, Array]] = []
        for place, array in call.arrays:
            inside = self._whose(call.numbers[place])
            if inside is not None:
                moved.append((place, *inside))
            elif array.size:
                own.append((place, array))
                continue
            call.numbers[place] = 0
        return call._replace(arrays=own), tuple(moved)

    def _whose(self, address: int) -> tuple[int, int] | None:
        """(whose array lies there, bytes from its start)."""
        for whose, array in enumerate(self._moving):
            start = array.ctypes.data
            if start <= address < start + array.nbytes:
                return whose, address - start
        return None


class Program:
    """What `forward`, `loss` and `backward` do in every further run."""

    def __init__(
        self, steps: Sequence[Step], block: Array, kind: Kind, notes: Sequence[dict[tuple[int, int], list[Note] | None]]
    ) -> None:
        from tinyseq.kernels.jit.entry_points import compiled
        from tinyseq.kernels.runtime.replay import packed, play

        self.play, self.compiled = play, compiled
        self.kind = kind
        self.passes: tuple[list[Any], ...] = ([], [], [])
        """Of each pass: steps that Python runs, (first, last) of calls that are played, and stages where several threads play
        the parts of a split."""
        self.plays_loss = False
        taken: list[Note] = []
        for which, parts in enumerate(self.passes):
            for number in in_order(steps, which):
                calls = _agreed([note.get((which, number)) for note in notes])
                if calls is None:
                    parts += [] if which == LOSS else [steps[number]]
                    continue
                for stretch in _stretches(calls):
                    begin = len(taken)
                    ends = [begin + end for end in accumulate(map(len, stretch), initial=0)]
                    taken += chain.from_iterable(stretch)
                    last = parts[-1] if parts else None
                    if len(stretch) > 1:
                        parts.append(list(pairwise(ends)))
                    elif isinstance(last, tuple):
                        parts[-1] = (last[0], len(taken))
                    else:
                        parts.append((begin, len(taken)))
        self.plays_loss = bool(self.passes[LOSS])
        self.whole = all(isinstance(part, (tuple, list)) for parts in self.passes for part in parts)
        """No step is left to Python."""
        self.calls, self.numbers = packed(call for call, _ in taken)
        self.kernels = [(call.kernel, call.signature) for call, _ in taken]
        self.arrays = [array for call, _ in taken for _, array in call.arrays]
        """What must not go away."""
        self.prepared = [
            (step.layer, kind, step.context._prepared)
            for step in steps
            for kind, found in step.layer._prepared.items()
            if found[1] is step.context._prepared
        ]
        self.moves = np.array(
            [
                (int(start) + place, whose, offset)
                for start, (_, places) in zip(self.calls[:, 1], taken, strict=True)
                for place, whose, offset in places
            ],
            np.int64,
        ).reshape(-1, 3)
        """(place among the numbers, whose array, bytes from its start)."""
        inside = self.moves[:, 1] == BLOCK
        self.numbers[self.moves[inside, 0]] = block.ctypes.data + self.moves[inside, 2]
        self._places, self._whose, self._offsets = self.moves[~inside].T.copy()
        self._whose -= BLOCK + 1
        for parts in self.passes:
            parts[:] = [self._stage(part) if isinstance(part, list) else part for part in parts]

    def _stage(self, ranges: Sequence[tuple[int, int]]) -> Stage:
        """For calls first..last-1 of each range at the same time."""
        return independent(self.kernels, self.calls, self.numbers, ranges, len(ranges), shared=True)

    def prepared_still(self) -> bool:
        """Whether what `prepare` made still lies where it lay."""
        for layer, kind, made in self.prepared:
            found = layer._prepared.get(kind)
            if found is None or found[1] is not made:
                return False
        return True

    def move(self, outsiders: Sequence[Array]) -> None:
        """These are the arrays of the next run."""
        starts = np.array([address(array) for array in outsiders], np.int64)
        self.numbers[self._places] = starts[self._whose] + self._offsets

    def run(self, which: int) -> None:
        """MemoryError if a kernel could get none: kernels raise nothing else."""
        for part in self.passes[which]:
            if isinstance(part, tuple):
                self._play(*part)
            elif isinstance(part, Stage):
                part.perform(lambda _: self)
            else:
                take(part, which)

    def _play(self, first: int, last: int) -> None:
        stop = self.play(self.calls, self.numbers, first, last, 1)
        while stop != last:
            if stop < 0:
                raise MemoryError(NO_MEMORY)
            self.calls[stop, 0] = self.compiled(*self.kernels[stop])
            stop = self.play(self.calls, self.numbers, stop, last, 0)


def may_note() -> bool:
    """Whether calls are noted at all."""
    from tinyseq.kernels.runtime.replay import can_play  # numba, which a plan does not need

    return os.environ.get("TINYSEQ_REPLAY") != "0" and can_play()


def apart(arrays: Sequence[Array]) -> bool:
    """Whether no two of them share memory."""
    places = sorted((address(array), array.nbytes) for array in arrays if array.nbytes)
    return all(start + size <= following for (start, size), (following, _) in pairwise(places))


def address(array: Array) -> int:
    """Where an array begins. As array.ctypes.data, but sooner."""
    return array.__array_interface__["data"][0]  # type: ignore[no-any-return]


def _stretches(calls: Sequence[Note]) -> list[list[list[Note]]]:
    """The calls of a step as stretches, one after the other: of one part, or of several that may be computed at the same time."""
    from tinyseq.kernels.runtime.recording import END, MARK

    found: list[list[list[Note]]] = [[[]]]
    inside = False
    for call in calls:
        what: Any = call[0]
        if what is MARK:
            found += [] if inside else [[]]
            found[-1].append([])
            inside = True
        elif what is END:
            found.append([[]])
            inside = False
        else:
            found[-1][-1].append(call)
    return [stretch for stretch in found if any(stretch)]


def _agreed(notes: Sequence[list[Note] | None]) -> list[Note] | None:
    """The calls of one step if all runs noted the same."""
    first = notes[0]
    for other in notes[1:]:
        if first is None or other is None or [_key(note) for note in first] != [_key(note) for note in other]:
            return None
    return first


def _key(note: Note) -> tuple[Any, ...]:
    call, moved = note
    return (call.made, moved) if hasattr(call, "made") else (call[0],)
