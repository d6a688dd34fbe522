"""Kernel calls as numbers, made again and again without Python (work_queue.py).

A kernel called from Python finds out what each argument is, lets go of Python's lock, computes, and takes the lock again. Two
threads that do so a hundred times in a step stand in each other's way: one that finds the lock taken goes to sleep, and to be
woken takes longer than many a kernel (guide's convnet, 8 pictures, 2 threads: 40 sleeps a step each). The calls of a model are
the same in every step, though; only some arrays lie elsewhere. So they are written down once:

    tape = Tape()
    tape.watch(x, whose=1)           # x will lie elsewhere in each run
    tape.add(kernel, (x, y, 3))      # the numbers that the kernel's entry point takes (jit/entry_points.py)

An array in memory that is watched becomes a move: its address is written anew before each run. Any other stays where it is, and
is kept.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tinyseq.kernels.jit.entry_points import address, entry_for, entry_point, is_flat, kind_of, writer
from tinyseq.kernels.runtime.work_queue import ALWAYS, UNLESS

Array = NDArray[Any]


class Tape:
    """The calls that were added, in their order."""

    def __init__(self) -> None:
        self.calls: list[tuple[int, int, int]] = []
        """Address of the entry point (0: not loaded), where its numbers begin, when it is made: see work_queue.py."""
        self.numbers: list[int] = []
        self.moves: list[tuple[int, int, int]] = []
        """(place among the numbers, whose array, bytes from its start)."""
        self.kernels: list[tuple[Any, tuple[Any, ...]]] = []
        """The kernel and the signature of each call."""
        self.kept: list[Array] = []
        """Arrays whose addresses are among the numbers."""
        self._watched: list[tuple[int, int, int, int]] = []
        """(first address, address after the last, whose, bytes before its first one), in order."""

    def watch(self, array: Array, whose: int, before: int = 0) -> None:
        """The array's addresses become moves; `before`: bytes of that memory which come before it."""
        if array.nbytes:
            insort(self._watched, (start := address(array), start + array.nbytes, whose, before))

    def unwatch(self) -> None:
        """Nothing is watched any more."""
        self._watched = []

    def add(self, kernel: Any, given: tuple[Any, ...], when: int = ALWAYS) -> None:
        """One call. A kernel that is called only if the one before failed is loaded when it is needed."""
        kinds = tuple(map(kind_of, given))
        entry = kernel.entries.get(kinds)
        signature = entry.signature if entry else tuple([kernel.typeof_pyval(value) for value in given])
        if entry is None and (when != UNLESS or signature in kernel.overloads):
            entry = kernel.entries[kinds] = entry_for(kernel, given)
        if not (entry.address if entry else all(map(is_flat, signature))):
            raise TypeError(f"{kernel.__name__} takes or returns what a program cannot hand over: arrays, numbers and tuples of them only")
        begin, arrays = len(self.numbers), list[tuple[int, Array]]()
        for write, value in zip(entry.writers if entry else map(writer, signature), given, strict=True):
            write(value, self.numbers, arrays)
        self.calls.append((entry.address if entry else 0, begin, when))
        self.kernels.append((kernel, signature))
        for place, array in arrays:
            self._array(place, array)

    def _array(self, place: int, array: Array) -> None:
        start = self.numbers[place]
        found = bisect_right(self._watched, (start, 1 << 63, 0, 0)) - 1
        if array.size and found >= 0 and start < self._watched[found][1]:
            first, _, whose, before = self._watched[found]
            self.moves.append((place, whose, start - first + before))
        else:
            self.kept.append(array)

    def load(self, call: int) -> int:
        """The address of the entry point of a call's kernel, which is loaded now."""
        return entry_point(*self.kernels[call])


def packed(rows: Sequence[tuple[int, ...]], width: int) -> NDArray[np.int64]:
    """Rows of `width` numbers as an array."""
    return np.array(rows, np.int64).reshape(-1, width)
