"""Sigmoids and tanh of sixteen units at a time, with few divisions, which take longest: three sigmoids and a tanh need one.

    sigmoid(x) = 1 / (1 + exp(-x))        tanh(x) = P(x) / Q(x)        1 / a = b d q / (a b d q)

Formulas are those of kernels/elementwise/lanes.py and math.py. x is clipped to [-28, 28], beyond which a sigmoid is 0 or 1 within 1e-12,
so that products of three exponentials do not overflow. NaN stays.
"""

from typing import Any

import numpy as np

from tinyseq.kernels.elementwise import math
from tinyseq.kernels.elementwise.lanes import exp_parts
from tinyseq.kernels.jit.kernel import kernel
from tinyseq.kernels.matrix.lanes16 import bounded, multiply, multiply_add, power_of_two, splat, subtract

F32 = np.float32
FARTHEST = F32(28)
MINUS_LOG2_E = -math.LOG2_E
LAST = F32(7.90531110763549805)


@kernel(part=True)
def one_and_exp(x: Any) -> Any:
    """1 + exp(-x). By exp_parts, which needs six instructions less than math.exp, more constants stay in registers (gates of an LSTM: 0.65
    of the time; Xeon, AVX-512)."""
    power, shifted = exp_parts(bounded(x, splat(-FARTHEST), splat(FARTHEST)), MINUS_LOG2_E)
    return multiply_add(power, power_of_two(shifted), splat(F32(1)))


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

