"""Chores: tasks that are the same in every step, on arrays that stay where they are.

Weights are packed anew after each step, sets of gradients are added up, and products over the whole batch are made. Each is
a few tasks of Python that call kernels. Python computes them at first; two times they are noted, as in program.py, and those
whose calls are the same in both are performed by threads in machine code from then on. A task that calls no kernel stays
with Python. Tasks may be begun anew where a kernel had not been loaded: those with a conditional call (noting.unless) must
write what they make, and not add to it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import accumulate, pairwise
from typing import Any

from tinyseq.engine import threads
from tinyseq.engine.program import NOTED, UNNOTED, may_note
from tinyseq.engine.stage import ALL, Stage, independent

Task = Callable[[], None]


class Chores:
    """One list of tasks, which must be independent of each other, and must do nothing but call kernels, or call none."""

    def __init__(self) -> None:
        self._restart((), ())

    def _restart(self, arrays: Sequence[Any], key: tuple[Any, ...]) -> None:
        self.arrays = arrays
        self.key = key
        self.runs = 0
        self.threads = threads.get_num_threads()
        self.notes: list[list[list[list[Any]]]] = []
        """Of each noted run, of each task, of each part that may be computed at the same time: the calls."""
        self.stage: Stage | None = None
        self.kept: list[Any] = []
        """Arrays whose addresses stand in its numbers."""
        self.by_python: list[int] = []
        """The numbers of the tasks that are left to Python."""

    def run(
        self, tasks: Callable[[], Sequence[Task]], arrays: Sequence[Any], worth: bool, worth_waking: bool, key: tuple[Any, ...] = ()
    ) -> None:  # fmt: skip
        """All tasks, once each. `arrays` are what they work on: other objects, or another `key`, and everything is noted anew.

        worth: whether they are worth a second thread that is awake; worth_waking: and one that is started by Python.
        """
        if not self._same(arrays, key):
            self._restart(list(arrays), key)
        if self.stage is not None:
            if self.by_python:
                given = tasks()
                for number in self.by_python:
                    given[number]()
            self.stage.perform(lambda _: self, ALL if worth else 1)
        elif UNNOTED <= self.runs < UNNOTED + NOTED and may_note():
            self._note(tasks())
        else:
            threads.run_all(tasks(), worth_waking)
        self.runs += 1

    def _same(self, arrays: Sequence[Any], key: tuple[Any, ...]) -> bool:
        """Whether what was noted holds."""
        same = key == self.key and len(arrays) == len(self.arrays) and self.threads == threads.get_num_threads()
        return same and all(one is mine for one, mine in zip(arrays, self.arrays, strict=True))

    def _note(self, tasks: Sequence[Task]) -> None:
        from tinyseq.kernels.runtime.recording import noting

        noted: list[list[list[Any]]] = []
        for task in tasks:
            with noting() as calls:
                task()
            noted.append(_between_marks(calls))
        self.notes.append(noted)
        if len(self.notes) == NOTED:
            self._perform_from_now_on(*self.notes)
            self.notes = []

    def _perform_from_now_on(self, first: list[list[list[Any]]], second: list[list[list[Any]]]) -> None:
        from tinyseq.kernels.runtime.replay import packed

        same = [bool(one) and _agree(one, other) for one, other in zip(first, second, strict=True)]
        self.by_python = [number for number, played in enumerate(same) if not played]
        taken = [calls for parts, played in zip(first, same, strict=True) if played for calls in parts]
        if not taken:
            return
        ends = list(accumulate((len(part) for part in taken), initial=0))
        made = [call for part in taken for call in part]
        kernels = [(call.kernel, call.signature) for call in made]
        self.stage = independent(kernels, *packed(made), list(pairwise(ends)), self.threads)
        self.kept = [array for call in made for _, array in call.arrays]


def _between_marks(calls: Sequence[Any]) -> list[list[Any]]:
    """The calls of a task as numbers, in the parts that may be computed at the same time; None for one that cannot be noted."""
    from tinyseq.kernels.runtime.recording import END, MARK
    from tinyseq.kernels.runtime.replay import bind

    parts: list[list[Any]] = [[]]
    for call in calls:
        if call is MARK or call is END:
            parts.append([])
        else:
            parts[-1].append(bind(*call))
    return [part for part in parts if part]


def _agree(one: Sequence[Sequence[Any]], other: Sequence[Sequence[Any]]) -> bool:
    """Whether two noted runs of a task made the same calls."""
    made = [[[call and call.made for call in part] for part in parts] for parts in (one, other)]
    return made[0] == made[1] and not any(None in part for part in made[0])
