"""Dense in plain loops: y[m, u] = sum over k of x[m, k] w[k, u] + b[u]; the twin of the vector kernels in dense.py.

Axes: x (rows, features), w (features, units), b (units), y (rows, units); rows are the samples and all axes between batch
and features. The unit is innermost everywhere: w and y are contiguous along it, so LLVM vectorises that loop.
"""

import numpy as np
from numpy.typing import NDArray

from tinyseq.kernels.jit.kernel import kernel

F32 = np.float32
Floats = NDArray[np.float32]


@kernel(fastmath={"contract"})
def dense_plain(x: Floats, w: Floats, b: Floats, y: Floats, relu: bool, start: int, stop: int) -> None:
    """Rows start..stop-1 of y = x . w + b; `b` of size 0: no bias; relu keeps NaN."""
    features, units = w.shape
    for m in range(start, stop):
        for u in range(units):
            y[m, u] = b[u] if b.size > 0 else F32(0)
        for k in range(features):
            value = x[m, k]
            for u in range(units):
                y[m, u] += value * w[k, u]
        if relu:
            for u in range(units):
                y[m, u] = F32(0) if y[m, u] < F32(0) else y[m, u]


@kernel(fastmath={"contract"})
def dense_weight_gradient_plain(x: Floats, dy: Floats, dw: Floats, start: int, stop: int) -> None:
    """dw += x^T . dy over all rows, for features start..stop-1."""
    rows, units = dy.shape
    for m in range(rows):
        for k in range(start, stop):
            value = x[m, k]
            for u in range(units):
                dw[k, u] += value * dy[m, u]


@kernel()
def bias_gradient(dy: Floats, db: Floats) -> None:
    """db += the sum of dy's rows."""
    rows, units = dy.shape
    for m in range(rows):
        for u in range(units):
            db[u] += dy[m, u]
