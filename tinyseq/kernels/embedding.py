"""Embedding: y[n] = table[index[n]]. index: flat int64 in 0..rows-1, table: (rows, size) float32."""

import numpy as np
from numpy.typing import NDArray

from tinyseq.kernels.jit.kernel import kernel

Floats = NDArray[np.float32]
Integers = NDArray[np.int64]


@kernel
def all_inside(index: Integers, rows: int) -> bool:
    """Whether each index is in 0..rows-1."""
    inside = True
    for n in range(index.size):
        inside &= 0 <= index[n] < rows
    return inside


@kernel()
def look_up(table: Floats, index: Integers, y: Floats) -> None:
    """y[n] = table[index[n]]; y: (n, size)."""
    for n in range(index.size):
        row, out = table[index[n]], y[n]
        for i in range(row.size):
            out[i] = row[i]


@kernel()
def look_up_gradient(dy: Floats, index: Integers, dtable: Floats) -> None:
    """dtable[index[n]] += dy[n]: a row looked up twice gets both."""
    for n in range(index.size):
        row, up = dtable[index[n]], dy[n]
        for i in range(row.size):
            row[i] += up[i]
