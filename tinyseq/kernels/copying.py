"""Copying and clearing parts of flat arrays. Plain loops: numba compiles them ten times as fast as slices, to the same code."""

import numpy as np
from numpy.typing import NDArray

from tinyseq.kernels.compile import kernel

Floats = NDArray[np.float32]


@kernel(part=True)
def copy(source: Floats, source0: int, target: Floats, target0: int, count: int) -> None:
    """target[target0 : target0 + count] = source[source0 : source0 + count]; they do not overlap."""
    for i in range(count):
        target[target0 + i] = source[source0 + i]


@kernel(part=True)
def clear(target: Floats, start: int, stop: int) -> None:
    """target[start:stop] = 0."""
    for i in range(start, stop):
        target[i] = np.float32(0)
