"""Copying, clearing and adding arrays, and parts of flat ones.

Plain loops, which numba compiles ten times as fast as slices, with unsigned indices: a signed one might be negative, would
be tested in every iteration, and a loop with such a test is not vectorised (2.6 bytes a cycle instead of 26).
"""

import numpy as np
from numpy.typing import NDArray

from tinyseq.kernels.jit.kernel import kernel
from tinyseq.kernels.runtime.calls import Calls, composed

Floats = NDArray[np.float32]

BLOCK = 4096
"""Floats that stay in the nearest cache while others are added to them."""


@kernel(part=True)
def copy(source: Floats, source0: int, target: Floats, target0: int, count: int) -> None:
    """target[target0 : target0 + count] = source[source0 : source0 + count]; they do not overlap."""
    for i in range(count):
        target[np.uintp(target0 + i)] = source[np.uintp(source0 + i)]


@kernel(part=True)
def clear(target: Floats, start: int, stop: int) -> None:
    """target[start:stop] = 0."""
    for i in range(stop - start):
        target[np.uintp(start + i)] = np.float32(0)


@composed
def copy_all(calls: Calls, source: Floats, target: Floats) -> None:
    """target[...] = source, of equal size. Like NumPy, but by a kernel, so that a program can make the call."""
    calls.call(copy_flat, source.reshape(-1), target.reshape(-1))


@composed
def add_all(calls: Calls, source: Floats, target: Floats) -> None:
    """target += source, likewise."""
    calls.call(add_flat, source.reshape(-1), target.reshape(-1))


@kernel
def copy_flat(source: Floats, target: Floats) -> None:
    """copy_all of flat arrays."""
    copy(source, 0, target, 0, source.size)


@kernel
def add_flat(source: Floats, target: Floats) -> None:
    """add_all of flat arrays."""
    for i in range(source.size):
        target[np.uintp(i)] += source[np.uintp(i)]


@composed
def clear_all(calls: Calls, target: Floats) -> None:
    """target = 0, likewise."""
    calls.call(clear_flat, target.reshape(-1))


@kernel
def clear_flat(target: Floats) -> None:
    """clear_all of a flat array."""
    clear(target, 0, target.size)


@kernel
def add_rows(rows: Floats, count: int, start: int, stop: int) -> None:
    """rows[0, start:stop] = the sum of the first `count` rows, in their order, a piece of BLOCK numbers at a time."""
    total = rows[0]
    for first in range(start, stop, BLOCK):
        size = min(BLOCK, stop - first)
        for number in range(1, count):
            row = rows[number]
            for i in range(size):
                total[np.uintp(first + i)] += row[np.uintp(first + i)]
