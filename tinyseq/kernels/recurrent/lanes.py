"""Sigmoids and tanh of sixteen units at a time, with few divisions, which take longest: three sigmoids and a tanh need one.

    sigmoid(x) = 1 / (1 + exp(-x))        tanh(x) = P(x) / Q(x)        1 / a = b d q / (a b d q)

Formulas and constants are those of kernels/elementwise/math.py. x is clipped to [-28, 28], beyond which a sigmoid is 0 or 1 within 1e-12,
so that products of three exponentials do not overflow. NaN stays.
"""

from typing import Any

import numpy as np

from tinyseq.kernels.elementwise import math
from tinyseq.kernels.jit.kernel import kernel
from tinyseq.kernels.matrix.lanes16 import add, bounded, multiply, multiply_add, power_of_two, splat, subtract

F32 = np.float32
FARTHEST = F32(28)
LOG2_E, ROUND, LN2_HIGH, LN2_LOW = -math.LOG2_E, math.ROUND, -math.LN2_HIGH, -math.LN2_LOW
E0, E1, E2, E3, E4, E5 = math.E0, math.E1, math.E2, math.E3, math.E4, math.E5
LAST = F32(7.90531110763549805)


@kernel(part=True)
def one_and_exp(x: Any) -> Any:
    """1 + exp(-x)."""
    clipped = bounded(x, splat(-FARTHEST), splat(FARTHEST))
    shifted = multiply_add(clipped, splat(LOG2_E), splat(ROUND))
    n = subtract(shifted, splat(ROUND))
    rest = multiply_add(n, splat(LN2_HIGH), subtract(splat(F32(0)), clipped))
    rest = multiply_add(n, splat(LN2_LOW), rest)
    series = multiply_add(splat(E0), rest, splat(E1))
    series = multiply_add(series, rest, splat(E2))
    series = multiply_add(series, rest, splat(E3))
    series = multiply_add(series, rest, splat(E4))
    series = multiply_add(series, rest, splat(E5))
    series = multiply_add(series, multiply(rest, rest), add(rest, splat(F32(1))))
    scale = power_of_two(shifted)
    return multiply_add(series, add(scale, scale), splat(F32(1)))


@kernel(part=True)
def tanh_parts(x: Any) -> Any:
    """(P, Q) of tanh(x) = P / Q."""
    clipped = bounded(x, splat(-LAST), splat(LAST))
    s = multiply(clipped, clipped)
    p = multiply_add(splat(F32(-2.76076847742355e-16)), s, splat(F32(2.00018790482477e-13)))
    p = multiply_add(p, s, splat(F32(-8.60467152213735e-11)))
    p = multiply_add(p, s, splat(F32(5.12229709037114e-08)))
    p = multiply_add(p, s, splat(F32(1.48572235717979e-05)))
    p = multiply_add(p, s, splat(F32(6.37261928875436e-04)))
    p = multiply_add(p, s, splat(F32(4.89352455891786e-03)))
    q = multiply_add(splat(F32(1.19825839466702e-06)), s, splat(F32(1.18534705686654e-04)))
    q = multiply_add(q, s, splat(F32(2.26843463243900e-03)))
    q = multiply_add(q, s, splat(F32(4.89352518554385e-03)))
    return multiply(clipped, p), q


@kernel(part=True)
def less_square(x: Any) -> Any:
    """1 - x x."""
    return subtract(splat(F32(1)), multiply(x, x))


@kernel(part=True)
def bell(x: Any) -> Any:
    """x (1 - x): the slope of a sigmoid x."""
    return subtract(x, multiply(x, x))

