"""Products of recurrent layers that are made for all steps at once.

    z[s, n] = x[n, t] . kernel + bias         dx[n, t] = dz[s, n] . kernel^T
    d kernel += sum over n, s of x[n, t] dz[s, n]^T         d recurrent_kernel += sum over n, s of h[s, n] dz[s, n]^T

x is (samples, steps, features); all that belongs to a step is (steps, samples, width), in the order in which steps are made, so that
one step's rows are neighbours. Step s reads position t = s, or t = steps - 1 - s if the layer goes backwards: the tables of rows
(matrix/matmul.py) say where, nothing is turned round in memory. Weights are panels.
"""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from tinyseq.kernels.jit.kernel import kernel
from tinyseq.kernels.matrix.matmul import multiply, multiply_planes, pack, pack_transposed, padded, steps
from tinyseq.kernels.matrix.register_tile import ADD, BIAS, COLUMNS
from tinyseq.kernels.movement.transposing import transpose
from tinyseq.kernels.runtime.calls import Calls, composed

Floats = NDArray[np.float32]
Offsets = NDArray[np.int64]
NO_BIAS = np.zeros(1, np.float32)
CHUNK, FEATURES = 256, 64
"""Rows and features that a weight gradient takes at a time, as in dense.py."""


@lru_cache(maxsize=256)
def by_step(samples: int, count: int, width: int, backwards: bool) -> Offsets:
    """Where the row of (n, t), n first, lies in an array (steps, samples, width). Shared: do not write to it."""
    order = np.arange(count - 1, -1, -1) if backwards else np.arange(count)
    found: Offsets = ((order[None, :] * samples + np.arange(samples)[:, None]) * width).reshape(-1).astype(np.int64)
    return found


def packed_size(depth: int, width: int) -> int:
    """Floats of a matrix (depth, width) as panels."""
    return depth * padded(width)


@composed
def pack_columns(calls: Calls, w: Floats, first: int, width: int, panels: Floats) -> None:
    """Columns first..first+width-1 of w as panels."""
    depth, whole = w.shape
    calls.call(pack, w.reshape(-1), first, steps(depth, whole), steps(width), panels, 0)


@composed
def pack_rows(calls: Calls, w: Floats, panels: Floats) -> None:
    """w^T as panels, for gradients."""
    calls.call(pack_transposed, w.reshape(-1), w.shape[1], w.shape[0], panels)


@composed
def pack_columns_back(calls: Calls, w: Floats, first: int, width: int, panels: Floats) -> None:
    """The transpose of columns first..first+width-1 of w as panels."""
    depth, whole = w.shape
    calls.call(pack, w.reshape(-1), first, steps(width), steps(depth, whole), panels, 0)


@composed
def input_product(
    calls: Calls, x: Floats, panels: Floats, bias: Floats | None, z: Floats, backwards: bool, start: int, stop: int
) -> None:  # fmt: skip
    """z of samples start..stop-1, for all steps."""
    samples, count, features = x.shape
    width = z.shape[2]
    calls.call(
        multiply_planes, 1, x.reshape(-1), 0, 0, steps(samples * count, features), start * count, stop * count, steps(features),
        features, panels, 0, 0, COLUMNS, features * COLUMNS, z.reshape(-1), 0, 0, by_step(samples, count, width, backwards), width,
        NO_BIAS if bias is None else bias, 0, -1, 0 if bias is None else BIAS,
    )  # fmt: skip


@composed
def input_gradient(calls: Calls, dz: Floats, panels: Floats, dx: Floats, backwards: bool, start: int, stop: int) -> None:
    """dx of samples start..stop-1, for all steps; panels of the transposed kernel."""
    samples, count, features = dx.shape
    width = dz.shape[2]
    calls.call(
        multiply_planes, 1, dz.reshape(-1), 0, 0, by_step(samples, count, width, backwards), start * count, stop * count, steps(width),
        width, panels, 0, 0, COLUMNS, width * COLUMNS, dx.reshape(-1), 0, 0, steps(samples * count, features), features, NO_BIAS,
        0, -1, 0,
    )  # fmt: skip


@composed
def kernel_gradient(
    calls: Calls, x: Floats, dz: Floats, dw: Floats, scratch: Floats, backwards: bool, start: int, stop: int
) -> None:  # fmt: skip
    """Rows start..stop-1 of dw += x^T dz over all samples and steps."""
    samples, count, _ = x.shape
    width = dz.shape[2]
    _correlate(calls, x, samples * count, dz, by_step(samples, count, width, backwards), width, dw, 0, scratch, start, stop)


@composed
def recurrent_gradient(
    calls: Calls, h: Floats, dz: Floats, begin: int, dw: Floats, first: int, width: int, scratch: Floats, start: int, stop: int
) -> None:  # fmt: skip
    """dw[start:stop, first : first + width] += h^T dz[..., begin : begin + width] over all steps; h (steps or more, samples, units)."""
    rows = dz.shape[0] * dz.shape[1]
    _correlate(calls, h, rows, dz.reshape(-1)[begin:], steps(rows, dz.shape[2]), width, dw, first, scratch, start, stop)


def _correlate(
    calls: Calls, x: Floats, rows: int, dz: Floats, places: Offsets, width: int, dw: Floats, first: int, scratch: Floats, start: int,
    stop: int,
) -> None:  # fmt: skip
    chunk = min(rows, CHUNK)
    calls.call(
        correlate, x.reshape(-1), rows, x.shape[-1], dz.reshape(-1), places, steps(width), dw.reshape(-1), first, dw.shape[1],
        steps(FEATURES, chunk), steps(chunk), steps(FEATURES, dw.shape[1]), scratch, start, stop,
    )  # fmt: skip


def gradient_scratch(rows: int, width: int) -> int:
    """Floats of scratch for `kernel_gradient` and `recurrent_gradient`: see `correlate`."""
    return min(rows, CHUNK) * (padded(width) + FEATURES)


@kernel
def correlate(
    x: Floats, rows: int, features: int, dz: Floats, places: Offsets, columns: Offsets, dw: Floats, dw0: int, step: int, lines: Offsets,
    taps: Offsets, outs: Offsets, scratch: Floats, start: int, stop: int,
) -> None:  # fmt: skip
    """dw[f, dw0 + j] += sum over rows r of x[r, f] dz[places[r] + j], f = start..stop-1; rows of dw lie `step` apart.

    scratch: a chunk of dz as panels, then of FEATURES features the rows side by side.
    """
    width, chunk = columns.size, taps.size
    across = chunk * ((width + COLUMNS - 1) // COLUMNS * COLUMNS)
    for first in range(0, rows, chunk):
        count = min(chunk, rows - first)
        pack(dz, 0, places[first : first + count], columns, scratch, 0)
        for f in range(start, stop, FEATURES):
            many = min(FEATURES, stop - f)
            transpose(x, first * features + f, features, count, many, scratch, across, chunk)
            multiply(
                scratch, across, lines, 0, many, taps, count, scratch, 0, COLUMNS, count * COLUMNS, dw, dw0 + f * step, outs, width,
                scratch, 0, ADD,
            )  # fmt: skip


@kernel
def add_columns(dz: Floats, first: int, sums: Floats) -> None:
    """sums[j] += the sum of dz[r, first + j] over all rows r."""
    rows, width = dz.shape[0] * dz.shape[1], dz.shape[2]
    flat = dz.reshape(-1)
    for r in range(rows):
        row = flat[r * width + first : r * width + first + sums.size]
        for j in range(sums.size):
            sums[j] += row[j]


@composed
def state_product(
    calls: Calls, h: Floats, panels: Floats, bias: Floats, z: Floats, first: int, width: int, add: bool
) -> None:  # fmt: skip
    """Columns first..first+width-1 of one step's z = h . recurrent_kernel + bias, or += if `add`; a bias of size 0 is none."""
    rows, units = h.shape
    flags = ADD if add else BIAS if bias.size else 0
    calls.call(
        multiply_planes, 1, h.reshape(-1), 0, 0, steps(rows, units), 0, rows, steps(units), units, panels, 0, 0, COLUMNS, units * COLUMNS,
        z.reshape(-1), first, 0, steps(rows, z.shape[1]), width, bias if bias.size else NO_BIAS, 0, -1, flags,
    )  # fmt: skip


@composed
def state_gradient(calls: Calls, dz: Floats, panels: Floats, dh: Floats, first: int, width: int, depth: int) -> None:
    """dh += dz[:, first : first + width] . rows depth..depth+width-1 of the transposed recurrent kernel."""
    rows, units = dh.shape
    packed = panels.size // padded(units)
    calls.call(
        multiply_planes, 1, dz.reshape(-1), first, 0, steps(rows, dz.shape[1]), 0, rows, steps(width), width, panels, depth * COLUMNS, 0,
        COLUMNS, packed * COLUMNS, dh.reshape(-1), 0, 0, steps(rows, units), units, NO_BIAS, 0, -1, ADD,
    )  # fmt: skip
