"""Products of many small matrices: C[o, i] (+)= A[o, i] B[o, i] for all o < outer, i < inner, as attention and Dot need them.

Each matrix may lie in memory with any steps: one head of many, transposed, or repeated (a step of 0). `product` takes NumPy views with
four axes (outer, inner, rows, columns), from which the steps come; of C's, the last axis lies without gaps. B is packed into panels
(matmul.py) pair by pair, and the register tile does the rest.
"""

import numpy as np
from numpy.typing import NDArray

from tinyseq.kernels.jit.kernel import kernel
from tinyseq.kernels.matrix.matmul import multiply, pack, padded, steps
from tinyseq.kernels.matrix.register_tile import ADD, COLUMNS
from tinyseq.kernels.movement.strided_copy import begin
from tinyseq.kernels.movement.transposing import transpose
from tinyseq.kernels.runtime.calls import Calls, composed

Floats = NDArray[np.float32]
Offsets = NDArray[np.int64]


def panel_size(depth: int, columns: int) -> int:
    """How many floats `product` needs as scratch for B of that many rows and columns."""
    return max(depth, 1) * padded(columns)


@composed
def product(
    calls: Calls, a: Floats, a_seen: Floats, b: Floats, b_seen: Floats, c: Floats, c_placed: Floats, panels: Floats, add: bool = False
) -> None:  # fmt: skip
    """c_placed = a_seen @ b_seen, or += if `add`: views (outer, inner, rows, columns) of a, b and c, which are C-contiguous."""
    outer, inner, rows, columns = c_placed.shape
    depth = a_seen.shape[3]
    assert c_placed.strides[3] == 4 or columns == 1, "a row of the result must lie without gaps"
    a_steps, b_steps, c_steps = ([step // 4 for step in view.strides] for view in (a_seen, b_seen, c_placed))
    calls.call(
        multiply_pairs, outer, inner, a.reshape(-1), begin(a_seen, a), a_steps[0], a_steps[1], steps(rows, a_steps[2]),
        steps(depth, a_steps[3]), b.reshape(-1), begin(b_seen, b), b_steps[0], b_steps[1], steps(depth, b_steps[2]),
        steps(columns, b_steps[3]), c.reshape(-1), begin(c_placed, c), c_steps[0], c_steps[1], steps(rows, c_steps[2]),
        panels.reshape(-1), ADD if add else 0,
    )  # fmt: skip


@kernel(part=True)
def pack_any(b: Floats, place: int, depths: Offsets, columns: Offsets, panels: Floats) -> None:
    """B as panels; after its last column they keep what they contained. Columns without gaps, as those of K^T, are exchanged by squares of
    vectors (128 x 16 x 128: the product then takes 0.8 of the time; Xeon, AVX-512)."""
    depth, width = depths.size, columns.size
    step = columns[1] - columns[0] if width > 1 else 1
    if step == 1 or depth < 2 or depths[1] - depths[0] != 1:
        pack(b, place, depths, columns, panels, 0)
    else:
        for first in range(0, width, COLUMNS):
            transpose(
                b, place + first * step, step, min(COLUMNS, width - first), depth, panels, first * depth, COLUMNS
            )  # fmt: skip


@kernel
def multiply_pairs(
    outer: int, inner: int, a: Floats, a0: int, a_outer: int, a_inner: int, rows: Offsets, taps: Offsets, b: Floats, b0: int,
    b_outer: int, b_inner: int, depths: Offsets, columns: Offsets, c: Floats, c0: int, c_outer: int, c_inner: int, outs: Offsets,
    panels: Floats, flags: int,
) -> None:  # fmt: skip
    """C (+)= A B of all pairs; `flags`: ADD or 0. B, where it is the same for the next pair, is packed once."""
    depth, packed = depths.size, np.int64(-1)
    for o in range(outer):
        for i in range(inner):
            place = b0 + o * b_outer + i * b_inner
            if place != packed:
                pack_any(b, place, depths, columns, panels)
                packed = np.int64(place)
            multiply(
                a, a0 + o * a_outer + i * a_inner, rows, 0, rows.size, taps, depth, panels, 0, COLUMNS, depth * COLUMNS,
                c, c0 + o * c_outer + i * c_inner, outs, columns.size, panels, 0, flags,
            )  # fmt: skip
