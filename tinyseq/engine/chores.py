"""Chores: tasks that are the same in every step, on arrays that stay where they are.

Weights are packed anew after each step, sets of gradients are added up, and products over the whole batch are made. Each is
a few tasks of Python that call kernels. Python computes them at first; two times they are noted, as in replay.py, and those
whose calls are the same in both are performed by threads in machine code from then on. A task that calls no kernel stays
with Python.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from tinyseq.engine import threads
from tinyseq.engine.replay import NOTED, UNNOTED, may_note
from tinyseq.engine.stage import ALL, Stage, Table

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
        from tinyseq.kernels.noting import noting

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
        from tinyseq.kernels.playing import packed

        same = [bool(one) and _agree(one, other) for one, other in zip(first, second, strict=True)]
        self.by_python = [number for number, played in enumerate(same) if not played]
        taken = [calls for parts, played in zip(first, same, strict=True) if played for calls in parts]
        if not taken:
            return
        calls, numbers = packed(call for part in taken for call in part)
        ends = np.cumsum([len(part) for part in taken])
        count = len(taken)
        programs = np.zeros((count, 5), np.int64)
        programs[:, 0], programs[:, 1] = ends - [len(part) for part in taken], ends
        kernels = [(call.kernel, call.signature) for part in taken for call in part]
        table = Table(kernels, calls, numbers, np.zeros((0, 3), np.int64), programs)
        rows = np.stack([np.arange(count), np.arange(1, count + 1)], 1)
        self.stage = Stage(table, rows, np.zeros((count, 1), np.int64), None, self.threads)
        self.kept = [array for part in taken for call in part for _, array in call.arrays]


def _between_marks(calls: Sequence[Any]) -> list[list[Any]]:
    """The calls of a task as numbers, in the parts that may be computed at the same time; None for one that cannot be noted."""
    from tinyseq.kernels.noting import END, MARK
    from tinyseq.kernels.playing import bind

    parts: list[list[Any]] = [[]]
    for call in calls:
        if call is MARK or call is END:
            parts.append([])
        else:
            parts[-1].append(bind(*call))
    return [part for part in parts if part]


def _agree(one: Sequence[Sequence[Any]], other: Sequence[Sequence[Any]]) -> bool:
    """Whether two noted runs of a task made the same calls."""
    if [len(part) for part in one] != [len(part) for part in other]:
        return False
    pairs = [pair for mine, its in zip(one, other, strict=True) for pair in zip(mine, its, strict=True)]
    return all(
        mine is not None and its is not None
        and mine.kernel is its.kernel and mine.signature == its.signature and mine.numbers == its.numbers
        for mine, its in pairs
    )  # fmt: skip
