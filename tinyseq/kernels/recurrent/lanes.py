"""Sigmoids and tanh of sixteen units at a time, with few divisions, which take longest: three sigmoids and a tanh need one.

    sigmoid(x) = 1 / (1 + exp(-x))        tanh(x) = P(x) / Q(x)        1 / a = b d q / (a b d q)

Formulas and constants are those of kernels/elementwise/math.py. x is clipped to [-28, 28], beyond which a sigmoid is 0 or 1 within 1e-12,
so that products of three exponentials do not overflow. NaN stays.
"""

from typing import Any

import numpy as np

from tinyseq.kernels.elementwise import math
from tinyseq.kernels.jit.kernel import kernel
from tinyseq.kernels.matrix.lanes16 import bounded, multiply, multiply_add, power_of_two, splat, subtract

F32 = np.float32
FARTHEST = F32(28)
LOG2_E = F32(-1.44269504)  # of 1/e: exp(-x) is needed
P0, P1, P2 = F32(2.65529006e-3), F32(1.935108378e-2), F32(1.110142618e-1)  # 2 * 2**f within 7.5e-8 of it for |f| <= 1/2, fitted by
P3, P4, P5 = F32(4.804423980e-1), F32(1.386293946), F32(2.0)  # least squares, whose weights grow where the error is great
LAST = F32(7.90531110763549805)


@kernel(part=True)
def one_and_exp(x: Any) -> Any:
    """1 + exp(-x) = 1 + 2**n 2**f, with n + f = -x / ln 2 and |f| <= 1/2.

    n and f come from one constant, without ln 2 in two pieces as in math.exp: f is then wrong by 2e-8 of x, and so is exp(-x), which moves
    a sigmoid by less than 1e-8. Of three sigmoids and a tanh more constants then stay in registers (gates of an LSTM: 0.65 of the time;
    Xeon, AVX-512).
    """
    clipped = bounded(x, splat(-FARTHEST), splat(FARTHEST))
    shifted = multiply_add(clipped, splat(LOG2_E), splat(math.ROUND))
    rest = multiply_add(clipped, splat(LOG2_E), subtract(splat(math.ROUND), shifted))
    power = multiply_add(splat(P0), rest, splat(P1))
    power = multiply_add(power, rest, splat(P2))
    power = multiply_add(power, rest, splat(P3))
    power = multiply_add(power, rest, splat(P4))
    power = multiply_add(power, rest, splat(P5))
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

