"""Dense: y[m, u] = sum over k of x[m, k] w[k, u] + b[u], and its gradients, as products of register tiles.

Axes: x (rows, features), w (features, units), b (units), y (rows, units), all float32 and C-contiguous; rows are the
samples and all axes between batch and features. With dy the gradient of y:

    dx = dy w^T        dw += x^T dy        db += sum of dy's rows

`forward` and `input_gradient` take w and w^T as panels (see matmul.py), made once for each version of the weights by
`pack_forward` and `pack_backward`. The plain twins are in dense_plain.py, the float64 formulas in reference/dense.py.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tinyseq.kernels import dense_plain
from tinyseq.kernels.alignment import aligned
from tinyseq.kernels.jit.kernel import kernel
from tinyseq.kernels.matrix.matmul import FEW, multiply, multiply_planes, pack, pack_transposed, padded, steps
from tinyseq.kernels.matrix.register_tile import ADD, BIAS, COLUMNS, RELU
from tinyseq.kernels.matrix.simd import LANES
from tinyseq.kernels.movement.copying import clear_all
from tinyseq.kernels.movement.transposing import transpose
from tinyseq.kernels.runtime.calls import Calls, composed

Floats = NDArray[np.float32]
Offsets = NDArray[np.int64]
NO_BIAS = np.zeros(1, np.float32)
HUGE = 1 << 24
"""Weights of more than so many numbers (64 MiB) are not kept twice. In place, a power of two apart, they evict each other
from the cache: 784 x 512 units for 128 rows, 109 GFLOP/s in place, 175 as panels (Xeon, AVX-512)."""
CHUNK = 256
"""Samples that a weight gradient takes at a time, so that its panels of dy stay in the caches ..."""
FEATURES = 64
"""... and features, whose samples are laid side by side: in x they are a row apart, 36 KB for 9216 features, and all fall on
the same few lines of the first-level cache (128 samples, 9216 x 128 weights: 1.1 times as fast so; Zen 4)."""

TINY = 1 << 14
"""Weights of up to so many numbers are packed in plain loops: the last layer of a convnet then needs little compilation
(0.3 s of a first prediction otherwise)."""
SMALL = 16 if LANES == 4 else FEW
"""Up to so many samples the weight gradient reads and writes each number of dw for so few products that registers save
nothing (784 x 128 weights, SSE: 5 samples 61 us by tiles, 43 in plain loops; 9 to 16 samples 0.83 to 1 of the plain loops' speed)."""


def in_place(features: int, units: int) -> bool:
    """Whether `forward` reads such weights in place: they are huge, and their width fits without packing."""
    return features * units > HUGE and units % COLUMNS == 0


def packed_sizes(features: int, units: int, training: bool) -> dict[str, int]:
    """Floats of the weights as panels: for "forward", unless they are read in place, and in training "backward"."""
    forward = {} if in_place(features, units) else {"forward": features * padded(units)}
    return forward | ({"backward": units * padded(features)} if training else {})


@composed
def pack_into(calls: Calls, w: Floats, panels: dict[str, Floats]) -> None:
    """Fills arrays of `packed_sizes`."""
    if "forward" in panels:
        calls.call(pack_forward, w, panels["forward"])
    if "backward" in panels:
        calls.call(pack_backward, w, panels["backward"])


def panels_for(w: Floats, packed: Callable[[str], Floats]) -> Floats:
    """What `forward` reads: w itself if it is huge, else packed("forward")."""
    return w if in_place(*w.shape) else packed("forward")


@composed
def pack_forward(calls: Calls, w: Floats, into: Floats | None = None) -> Floats:
    """w (features, units) as panels for `forward`; w itself (two axes) if it is read in place.

    `into`: an earlier result for weights of this shape, which is overwritten.
    """
    features, units = w.shape
    if in_place(*w.shape):
        return w
    panels = aligned(features * padded(units)) if into is None else into
    if w.size > TINY:
        calls.call(pack, w.reshape(-1), 0, steps(features, units), steps(units), panels, 0)
        return panels
    calls.call(pack_few, w, panels)
    return panels


@kernel
def pack_few(w: Floats, panels: Floats) -> None:
    """Like pack, in plain loops."""
    features, units = w.shape
    flat, line = w.reshape(w.size), 0
    for first in range(0, units, COLUMNS):
        for k in range(features):
            for j in range(COLUMNS):
                panels[line + j] = flat[k * units + first + j] if first + j < units else np.float32(0)
            line += COLUMNS


@composed
def pack_backward(calls: Calls, w: Floats, into: Floats | None = None) -> Floats:
    """w^T (units, features) as panels, for `input_gradient`; `into` as above."""
    features, units = w.shape
    panels = aligned(units * padded(features)) if into is None else into
    calls.call(pack_transposed, w.reshape(-1), units, features, panels)
    return panels


@composed
def forward(calls: Calls, x: Floats, panels: Floats, b: Floats | None, y: Floats, relu: bool, start: int, stop: int) -> None:
    """Rows start..stop-1 of y = x w + b; `panels` from `pack_forward`. relu leaves NaN as it is."""
    features, units = x.shape[1], y.shape[1]
    in_place = panels.ndim == 2
    flags = (RELU if relu else 0) | (0 if b is None else BIAS)
    calls.call(
        multiply_planes, 1, x.reshape(-1), 0, 0, steps(x.shape[0], features), start, stop, steps(features), features,
        panels.reshape(-1), 0, 0, units if in_place else COLUMNS, COLUMNS if in_place else features * COLUMNS,
        y.reshape(-1), 0, 0, steps(x.shape[0], units), units, NO_BIAS if b is None else b, 0, -1, flags,
    )  # fmt: skip


@composed
def input_gradient(calls: Calls, dy: Floats, panels: Floats, dx: Floats, start: int, stop: int) -> None:
    """Rows start..stop-1 of dx = dy w^T; `panels` from `pack_backward`."""
    units, features = dy.shape[1], dx.shape[1]
    calls.call(
        multiply_planes, 1, dy.reshape(-1), 0, 0, steps(dy.shape[0], units), start, stop, steps(units), units, panels, 0, 0, COLUMNS,
        units * COLUMNS, dx.reshape(-1), 0, 0, steps(dy.shape[0], features), features, NO_BIAS, 0, -1, 0,
    )  # fmt: skip


def gradient_scratch(rows: int, units: int) -> int:
    """How many floats of scratch `weight_gradient` needs: CHUNK samples of dy as panels, and of FEATURES features of x."""
    return min(rows, CHUNK) * (padded(units) + FEATURES)


class Tables(NamedTuple):
    """Offsets of the product of `weight_gradient`: samples and units in dy, features and samples of x side by side, features in dw."""

    samples: Offsets
    columns: Offsets
    lines: Offsets
    taps: Offsets
    outs: Offsets


@composed
def weight_gradient(calls: Calls, x: Floats, dy: Floats, dw: Floats, scratch: Floats, start: int, stop: int, add: bool = True) -> None:
    """dw[start:stop] += x^T dy, or = if not `add`: dw is then only written, which saves clearing and reading it.

    The tables of `forward` with their roles exchanged: features are rows, samples are taps.
    """
    rows, units = dy.shape
    features = x.shape[1]
    if rows <= SMALL:
        if not add:
            calls.call(clear_all, dw[start:stop])
        calls.call(dense_plain.dense_weight_gradient_plain, x, dy, dw, start, stop)
        return
    chunk = min(rows, CHUNK)
    tables = Tables(steps(chunk, units), steps(units), steps(FEATURES, chunk), steps(chunk), steps(FEATURES, units))
    calls.call(
        correlate, x.reshape(-1), rows, features, dy.reshape(-1), tables, dw.reshape(-1), scratch, start, stop, ADD if add else 0
    )  # fmt: skip


@kernel
def correlate(
    x: Floats, rows: int, features: int, dy: Floats, t: Tables, dw: Floats, scratch: Floats, start: int, stop: int, flags: int
) -> None:  # fmt: skip
    """dw[start:stop] += x^T dy, or = (flags: ADD, or 0). scratch: a chunk of dy as panels, then of FEATURES features the
    samples side by side."""
    samples, columns, lines, taps, outs = t
    units, chunk = columns.size, taps.size
    across = chunk * ((units + COLUMNS - 1) // COLUMNS * COLUMNS)
    for first in range(0, rows, chunk):
        count = min(chunk, rows - first)
        pack(dy, first * units, samples[:count], columns, scratch, 0)
        for f in range(start, stop, FEATURES):
            many = min(FEATURES, stop - f)
            transpose(x, first * features + f, features, count, many, scratch, across, chunk)
            multiply(
                scratch, across, lines, 0, many, taps, count, scratch, 0, COLUMNS, count * COLUMNS, dw, f * units, outs,
                units, scratch, 0, flags,
            )  # fmt: skip
        flags = ADD


@kernel
def bias_gradient(dy: Floats, db: Floats) -> None:
    """db += the sum of dy's rows; dy (rows, units)."""
    rows, units = dy.shape
    fours = rows // 4 * 4
    for m in range(0, fours, 4):  # row by row, each sum would wait for the previous one
        for u in range(units):
            db[u] += (dy[m, u] + dy[m + 1, u]) + (dy[m + 2, u] + dy[m + 3, u])
    for m in range(fours, rows):
        for u in range(units):
            db[u] += dy[m, u]
