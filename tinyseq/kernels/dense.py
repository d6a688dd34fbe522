"""Dense: y[m, u] = sum over k of x[m, k] w[k, u] + b[u], and its gradients, as products of register tiles.

Axes: x (rows, features), w (features, units), b (units), y (rows, units), all float32 and C-contiguous; rows are the
samples and all axes between batch and features. With dy the gradient of y:

    dx = dy w^T        dw += x^T dy        db += sum of dy's rows

`forward` and `input_gradient` take w and w^T as panels (see product.py), made once for each version of the weights by
`pack_forward` and `pack_backward`. The plain twins stand in dense_plain.py, the float64 formulas in reference/dense.py.
"""

import numpy as np
from numpy.typing import NDArray

from tinyseq.kernels import dense_plain
from tinyseq.kernels.compile import kernel
from tinyseq.kernels.product import FEW, aligned, multiply, pack, padded, steps
from tinyseq.kernels.tile import ADD, BIAS, COLUMNS, RELU

Floats = NDArray[np.float32]
NO_BIAS = np.zeros(1, np.float32)
HUGE = 1 << 24
"""Weights of more than so many numbers (64 MiB) are not kept twice. Where they lie, a power of two apart, they push each
other out of the cache: 784 x 512 units for 128 rows, 109 GFLOP/s in place, 175 as panels (Xeon, AVX-512)."""


def pack_forward(w: Floats) -> Floats:
    """w (features, units) as panels for `forward`; w itself (two axes) if it is huge and its width fits without packing."""
    features, units = w.shape
    if w.size > HUGE and units % COLUMNS == 0:
        return w
    return packed(w, features, units, units, 1)


def pack_backward(w: Floats) -> Floats:
    """w^T (units, features) as panels, for `input_gradient`."""
    features, units = w.shape
    return packed(w, units, features, 1, units)


def packed(matrix: Floats, depth: int, width: int, row: int, column: int) -> Floats:
    """A matrix with these distances between rows and between columns, as panels."""
    panels = aligned(depth * padded(width))
    pack(matrix.reshape(-1), 0, steps(depth, row), steps(width, column), panels, 0)
    return panels


def forward(x: Floats, panels: Floats, b: Floats | None, y: Floats, relu: bool, start: int, stop: int) -> None:
    """Rows start..stop-1 of y = x w + b; `panels` from `pack_forward`. relu leaves NaN as it is."""
    features, units = x.shape[1], y.shape[1]
    in_place = panels.ndim == 2
    flags = (RELU if relu else 0) | (0 if b is None else BIAS)
    multiply(
        x.reshape(-1), 0, steps(x.shape[0], features), start, stop, steps(features), features,
        panels.reshape(-1), 0, units if in_place else COLUMNS, COLUMNS if in_place else features * COLUMNS,
        y.reshape(-1), 0, steps(x.shape[0], units), units, NO_BIAS if b is None else b, 0, flags,
    )  # fmt: skip


def input_gradient(dy: Floats, panels: Floats, dx: Floats, start: int, stop: int) -> None:
    """Rows start..stop-1 of dx = dy w^T; `panels` from `pack_backward`."""
    units, features = dy.shape[1], dx.shape[1]
    multiply(
        dy.reshape(-1), 0, steps(dy.shape[0], units), start, stop, steps(units), units, panels, 0, COLUMNS,
        units * COLUMNS, dx.reshape(-1), 0, steps(dy.shape[0], features), features, NO_BIAS, 0, 0,
    )  # fmt: skip


def gradient_scratch(rows: int, units: int) -> int:
    """How many floats of scratch `weight_gradient` needs: dy as panels, where its width does not fit."""
    return 1 if units % COLUMNS == 0 else rows * padded(units)


def weight_gradient(x: Floats, dy: Floats, dw: Floats, scratch: Floats, start: int, stop: int) -> None:
    """dw[start:stop] += x^T dy. The tables of `forward` with their roles exchanged: features are rows, samples are taps."""
    rows, units = dy.shape
    features = x.shape[1]
    if rows <= FEW:  # a number of dw is read and written for so few products that registers save nothing
        dense_plain.dense_weight_gradient_plain(x, dy, dw, start, stop)
        return
    b, step, panel = dy.reshape(-1), units, COLUMNS
    if units % COLUMNS:
        pack(b, 0, steps(rows, units), steps(units), scratch, 0)
        b, step, panel = scratch, COLUMNS, rows * COLUMNS
    multiply(
        x.reshape(-1), 0, steps(features), start, stop, steps(rows, features), rows, b, 0, step, panel,
        dw.reshape(-1), 0, steps(features, units), units, NO_BIAS, 0, ADD,
    )  # fmt: skip


@kernel
def bias_gradient(dy: Floats, db: Floats) -> None:
    """db += the sum of dy's rows; dy (rows, units)."""
    rows, units = dy.shape
    for m in range(rows):
        for u in range(units):
            db[u] += dy[m, u]
