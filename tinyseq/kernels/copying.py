"""Copying and clearing parts of flat arrays.

Plain loops, which numba compiles ten times as fast as slices, with unsigned indices: a signed one might be negative, would
be tested for that in every round, and a loop with such a test is not made into vectors (2.6 bytes a cycle instead of 26).
"""

import numpy as np
from numpy.typing import NDArray

from tinyseq.kernels.compile import kernel

Floats = NDArray[np.float32]


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


@kernel
def copy_all(source: Floats, target: Floats) -> None:
    """target[:] = source, both flat: as numpy does it, but as a kernel, so that it can be played (see playing.py)."""
    copy(source, 0, target, 0, source.size)


@kernel
def add_all(source: Floats, target: Floats) -> None:
    """target += source, both flat."""
    for i in range(source.size):
        target[np.uintp(i)] += source[np.uintp(i)]
