"""Convolutions of a ConvLSTM, over any number of axes, as products whose left matrix is only addressed (matrix/register_tile.py).

    z[places[r] + j] (+)= bias[j] + sum over k of x[rows[r] + taps[k]] w[k, j]

Rows are (image, position): where the window of that position begins in x, which is padded with zeros; taps are the window's numbers,
counted from there. Gradients use the same tables with their roles exchanged, or backwards.
"""

from functools import lru_cache
from math import prod
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tinyseq.kernels.jit.kernel import kernel
from tinyseq.kernels.matrix.matmul import multiply, multiply_planes, pack, padded, steps
from tinyseq.kernels.matrix.register_tile import ADD, BIAS, COLUMNS
from tinyseq.kernels.runtime.calls import Calls, composed

Floats = NDArray[np.float32]
Offsets = NDArray[np.int64]
Sizes = tuple[int, ...]
NO_BIAS = np.zeros(1, np.float32)
CHUNK = 256
"""Rows that a gradient takes at a time."""


class Windows(NamedTuple):
    """Sizes of padded images, zeros before them on each axis, positions, and the tables."""

    padded: Sizes
    before: Sizes
    positions: Sizes
    rows: Offsets
    taps: Offsets


@lru_cache(maxsize=64)
def windows(images: int, sizes: Sizes, channels: int, kernel_size: Sizes, strides: Sizes, dilation: Sizes, same: bool) -> Windows:
    """Of a convolution over `images` images (*sizes, channels). The tables are shared: do not write to them."""
    extents = tuple((k - 1) * d + 1 for k, d in zip(kernel_size, dilation, strict=True))
    if same:
        positions = tuple(-(-size // s) for size, s in zip(sizes, strides, strict=True))
        missing = tuple(max((p - 1) * s + e - n, 0) for p, s, e, n in zip(positions, strides, extents, sizes, strict=True))
    else:
        positions = tuple((n - e) // s + 1 for n, s, e in zip(sizes, strides, extents, strict=True))
        missing = (0,) * len(sizes)
    whole = tuple(n + m for n, m in zip(sizes, missing, strict=True))
    axes = [prod(whole[axis + 1 :]) * channels for axis in range(len(whole))]
    rows = np.arange(images, dtype=np.int64) * (prod(whole) * channels)
    for count, stride, step in zip(positions, strides, axes, strict=True):
        rows = rows[..., None] + np.arange(count) * (stride * step)
    taps = np.zeros((), np.int64)
    for count, rate, step in zip(kernel_size, dilation, axes, strict=True):
        taps = taps[..., None] + np.arange(count) * (rate * step)
    taps = taps[..., None] + np.arange(channels)
    return Windows(whole, tuple(m // 2 for m in missing), positions, rows.reshape(-1), taps.reshape(-1))


@lru_cache(maxsize=64)
def places(samples: int, count: int, positions: int, width: int, backwards: bool) -> Offsets:
    """Where the row of (sample, t, position) lies in an array (steps, samples * positions, width). Shared: do not write to it."""
    order = np.arange(count - 1, -1, -1) if backwards else np.arange(count)
    first = (order[None, :, None] * samples + np.arange(samples)[:, None, None]) * positions + np.arange(positions)
    found: Offsets = (first * width).reshape(-1).astype(np.int64)
    return found


@composed
def convolve(calls: Calls, x: Floats, tables: Windows, panels: Floats, bias: Floats | None, z: Floats, where: Offsets, add: bool) -> None:
    """z (+)= the convolution of padded images x; where: the rows of z, (..., width)."""
    rows, depth, width = tables.rows.size, tables.taps.size, z.shape[-1]
    flags = (ADD if add else 0) | (0 if bias is None else BIAS)
    calls.call(
        multiply_planes, 1, x.reshape(-1), 0, 0, tables.rows, 0, rows, tables.taps, depth, panels, 0, 0, COLUMNS, depth * COLUMNS,
        z.reshape(-1), 0, 0, where, width, NO_BIAS if bias is None else bias, 0, -1, flags,
    )  # fmt: skip


@composed
def kernel_gradient(calls: Calls, x: Floats, tables: Windows, dz: Floats, where: Offsets, dw: Floats, scratch: Floats) -> None:
    """dw (numbers of a window, width) += of all rows; scratch: gradient_scratch floats."""
    width = dw.shape[1]
    calls.call(
        correlate_windows, x.reshape(-1), tables.rows, tables.taps, dz.reshape(-1), where, steps(width), dw.reshape(-1),
        steps(dw.shape[0], width), scratch,
    )  # fmt: skip


@composed
def input_gradient(
    calls: Calls, dz: Floats, where: Offsets, panels: Floats, tables: Windows, dx: Floats, columns: Floats
) -> None:  # fmt: skip
    """dx, of padded images, += ; panels: of the transposed kernel; columns (CHUNK, numbers of a window): scratch."""
    width = dz.shape[-1]
    calls.call(
        spread, dz.reshape(-1), where, steps(width), panels, tables.rows, tables.taps, dx.reshape(-1), columns,
        steps(len(columns), columns.shape[1]),
    )  # fmt: skip


def gradient_scratch(width: int) -> int:
    """Floats that kernel_gradient needs."""
    return CHUNK * padded(width)


@kernel
def correlate_windows(
    x: Floats, rows: Offsets, taps: Offsets, dz: Floats, where: Offsets, columns: Offsets, dw: Floats, outs: Offsets, scratch: Floats
) -> None:
    """dw[k, j] += sum over r of x[rows[r] + taps[k]] dz[where[r] + j]: the tables of `convolve` with their roles exchanged."""
    width = columns.size
    for first in range(0, rows.size, CHUNK):
        count = min(CHUNK, rows.size - first)
        pack(dz, 0, where[first : first + count], columns, scratch, 0)
        multiply(
            x, 0, taps, 0, taps.size, rows[first : first + count], count, scratch, 0, COLUMNS, count * COLUMNS, dw, 0, outs, width,
            scratch, 0, ADD,
        )  # fmt: skip


@kernel
def spread(
    dz: Floats, where: Offsets, units: Offsets, panels: Floats, rows: Offsets, taps: Offsets, dx: Floats, columns: Floats, outs: Offsets
) -> None:
    """dx[rows[r] + taps[k]] += sum over j of dz[where[r] + j] w[k, j], CHUNK rows at a time."""
    depth, width = units.size, taps.size
    flat = columns.reshape(-1)
    for first in range(0, rows.size, CHUNK):
        count = min(CHUNK, rows.size - first)
        multiply(
            dz, 0, where[first : first + count], 0, count, units, depth, panels, 0, COLUMNS, depth * COLUMNS, flat, 0, outs, width, flat,
            0, 0,
        )  # fmt: skip
        for r in range(count):
            begin = rows[first + r]
            for k in range(width):
                dx[begin + taps[k]] += columns[r, k]
