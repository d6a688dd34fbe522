"""Kernel calls as numbers, repeated without Python (work_queue.py).

A kernel called from Python determines the type of each argument, releases Python's lock, computes, and takes the lock again.
Two threads that do so a hundred times in a step block each other: one that finds the lock taken goes to sleep, and waking up takes longer
than many kernels (guide's convnet, 8 pictures, 2 threads: 40 sleeps a step each). But the calls of a model
are the same in every step, except that some arrays have other addresses. So they are recorded once:

    tape = Tape()
    tape.watch(x, whose=1)           # x will lie elsewhere in each run
    tape.add(kernel, (x, y, 3))      # the numbers that the kernel's entry point takes (jit/entry_points.py)

An array in watched memory becomes a move: its address is written again before each run. Any other array keeps its address and is
kept alive.
"""

from __future__ import annotations

import ctypes
from bisect import bisect_right, insort
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tinyseq.kernels.jit.entry_points import FUNCTION, RAISED, address, entry_for, entry_point, is_flat, kind_of, signature_for, writer
from tinyseq.kernels.runtime.work_queue import ALWAYS, UNLESS

Array = NDArray[Any]


class Tape:
    """The calls that were added, in their order."""

    def __init__(self) -> None:
        self.calls: list[tuple[int, int, int]] = []
        """Address of the entry point, where its numbers begin, when it is made: see work_queue.py."""
        self.numbers: list[int] = []
        self.moves: list[tuple[int, int, int]] = []
        """(place among the numbers, whose array, bytes from its start)."""
        self.kernels: list[tuple[Any, tuple[Any, ...]]] = []
        """The kernel and the signature of each call."""
        self.kept: list[Array] = []
        """Arrays whose addresses are among the numbers."""
        self.late: list[Late] = []
        """Kernels that are loaded when they are called."""
        self._watched: list[tuple[int, int, int, int]] = []
        """(first address, address after the last, whose, bytes before its first one), in order."""

    def watch(self, array: Array, whose: int, before: int = 0) -> None:
        """The array's addresses become moves; `before`: bytes of that memory which come before it."""
        if array.nbytes:
            insort(self._watched, (start := address(array), start + array.nbytes, whose, before))

    def unwatch(self) -> None:
        """Stops watching."""
        self._watched = []

    def add(self, kernel: Any, given: tuple[Any, ...], when: int = ALWAYS) -> None:
        """One call. A kernel that is called only if the one before failed is loaded when it is needed."""
        kinds = tuple(map(kind_of, given))
        entry = kernel.entries.get(kinds)
        signature = entry.signature if entry else signature_for(kernel, given, kinds)
        if entry is None and (when != UNLESS or signature in kernel.overloads):
            entry = kernel.entries[kinds] = entry_for(kernel, signature)
        if not (entry.address if entry else all(map(is_flat, signature))):
            raise TypeError(f"{kernel.__name__}: a program passes only arrays, numbers and tuples of them")
        begin, arrays = len(self.numbers), list[tuple[int, Array]]()
        for write, value in zip(entry.writers if entry else map(writer, signature), given, strict=True):
            write(value, self.numbers, arrays)
        if entry is None:
            self.late.append(Late(kernel, signature, len(self.calls)))
        self.calls.append((entry.address if entry else self.late[-1].address, begin, when))
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

    def packed_calls(self) -> NDArray[np.int64]:
        """The calls as an array, in which a kernel that is loaded later writes its address."""
        calls = packed(self.calls, 3)
        for late in self.late:
            late.calls = calls
        return calls


class Late:
    """The entry point of a kernel that is seldom needed: a function of Python, which loads the kernel and calls it, the first time."""

    def __init__(self, kernel: Any, signature: tuple[Any, ...], row: int) -> None:
        self.kernel = kernel
        self.signature = signature
        self.row = row
        """Of the call."""
        self.calls: NDArray[np.int64] | None = None
        self.error: BaseException | None = None
        """Why it could not be loaded."""
        self._function = FUNCTION(self._load)
        self.address = ctypes.cast(self._function, ctypes.c_void_p).value or 0

    def _load(self, numbers: int) -> int:
        try:
            address = entry_point(self.kernel, self.signature)
        except BaseException as error:  # Ctrl-C, too: it is raised where the program was started
            self.error = error
            return RAISED
        if self.calls is not None:
            self.calls[self.row, 0] = address
        return FUNCTION(address)(numbers)  # type: ignore[no-any-return]


def packed(rows: Sequence[tuple[int, ...]], width: int) -> NDArray[np.int64]:
    """Rows of `width` numbers as an array."""
    return np.array(rows, np.int64).reshape(-1, width)
