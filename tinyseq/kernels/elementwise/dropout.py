"""Dropout and its relatives: noise only in training.

    keep = uniform >= rate;  y = x scale where keep, else `dropped`     (Srivastava et al. 2014: scale 1 / (1 - rate))

Arrays are flat float32, `keep` uint8; `draw` makes keep.
"""

import numpy as np
from numpy.typing import NDArray

from tinyseq.kernels.jit.kernel import kernel

F32 = np.float32
Floats = NDArray[np.float32]
Mask = NDArray[np.uint8]


@kernel()
def draw(uniform: Floats, rate: F32, keep: Mask) -> None:
    """keep = 1 where the uniform number in [0, 1) is at least rate."""
    for i in range(keep.size):
        keep[i] = np.uint8(uniform[i] >= rate)


@kernel()
def drop(x: Floats, keep: Mask, scale: F32, y: Floats) -> None:
    """y = x scale where kept, else 0 (also where x is NaN or inf). Also backward, from dy to dx."""
    for i in range(y.size):
        y[i] = x[i] * scale if keep[i] else F32(0)


@kernel()
def drop_to(x: Floats, keep: Mask, dropped: F32, scale: F32, shift: F32, y: Floats) -> None:
    """y = (x or `dropped`) scale + shift: alpha dropout keeps mean and variance (Klambauer et al. 2017)."""
    for i in range(y.size):
        y[i] = (x[i] if keep[i] else dropped) * scale + shift
