"""exp of sixteen numbers at a time, for kernels that need more registers or other limits than math.exp leaves them.

    exp(x) = 2**n 2**f        n + f = x / ln 2, |f| <= 1/2

n and f come from one constant, without ln 2 in two pieces as in math.exp: f is then wrong by 2e-8 of x / ln 2, so that exp(x) is within
1e-7 of the right number near 0, and within 2e-6 of it at -87.
"""

from typing import Any

import numpy as np

from tinyseq.kernels.elementwise import math
from tinyseq.kernels.jit.kernel import kernel
from tinyseq.kernels.matrix.lanes16 import multiply_add, splat, subtract

F32 = np.float32
P0, P1, P2 = F32(2.65529006e-3), F32(1.935108378e-2), F32(1.110142618e-1)  # 2 * 2**f within 7.5e-8 of it for |f| <= 1/2, fitted by
P3, P4, P5 = F32(4.804423980e-1), F32(1.386293946), F32(2.0)  # least squares, whose weights grow where the error is great


@kernel(part=True)
def exp_parts(x: Any, log2_e: F32) -> Any:
    """(2 * 2**f, n + 1.5 * 2**23) of exp(x), for log2_e = math.LOG2_E, or of exp(-x), for its negative. |x| <= 87.

    exp(x) is the first times lanes16.power_of_two of the second. NaN stays in the first."""
    shifted = multiply_add(x, splat(log2_e), splat(math.ROUND))
    rest = multiply_add(x, splat(log2_e), subtract(splat(math.ROUND), shifted))
    power = multiply_add(splat(P0), rest, splat(P1))
    power = multiply_add(power, rest, splat(P2))
    power = multiply_add(power, rest, splat(P3))
    power = multiply_add(power, rest, splat(P4))
    return multiply_add(power, rest, splat(P5)), shifted
