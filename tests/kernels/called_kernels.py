"""Kernels for test_entry_points.py: in a file, because machine code is kept by the file it comes from."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tinyseq.kernels.jit.kernel import kernel

Floats = NDArray[np.float32]


class Pair(NamedTuple):
    """Integers."""

    first: int
    second: int


class Mixed(NamedTuple):
    """Anything, also arrays."""

    array: Floats
    pair: Pair
    factor: float


@kernel
def gather(out: NDArray[np.float64], x: Any, pair: Pair, mixed: Mixed, flag: bool, factor: Any, nothing: None, whole: int) -> None:
    """Writes down everything that came in."""
    out[0] = x[0, 0] + 10 * x[x.shape[0] - 1, x.shape[1] - 1]
    out[1] = pair.first
    out[2] = pair.second
    out[3] = mixed.array[0]
    out[4] = mixed.pair.second
    out[5] = mixed.factor
    out[6] = 1 if flag else 0
    out[7] = factor
    out[8] = 1 if nothing is None else 0
    out[9] = whole


@kernel
def first(x: Any) -> int:
    """x[0] as an integer."""
    return int(x[0])


@kernel
def is_first(x: Any, number: int) -> bool:
    """Whether it is that."""
    return bool(x[0] == number)


@kernel
def half(x: Any) -> float:
    """No integer."""
    return float(x[0] / 2)


@kernel(often=True)
def first_often(x: Any) -> int:
    """As first."""
    return int(x[0])


@kernel
def too_much(size: int) -> int:
    """Asks for so many numbers."""
    return int(np.empty(size).size)
