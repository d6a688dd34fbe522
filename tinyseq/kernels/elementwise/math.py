"""exp, expm1, log1p, tanh, sigmoid and erf of one float32, without a branch, so that LLVM computes 8 or 16 at a time.

Error below 2e-6 of the value (tests/kernels/test_activation.py). NaN returns NaN, and infinities return the limits.
exp: Cody & Waite (1980), Software Manual for the Elementary Functions, ch. 6, with Cephes's polynomial (expf, Moshier);
tanh and erf: the rational approximations of Eigen's MathFunctionsImpl.h (minimax over the range where float32 differs
from +-1). A result of exp below 2.4e-38 becomes 0.
"""

import numpy as np

from tinyseq.kernels.jit.kernel import kernel

CONTRACT = frozenset({"contract"})  # a*b+c in one step: faster and closer to the truth
F32 = np.float32
I32 = np.int32

ONE = F32(1)
HALF = F32(0.5)
LOG2_E = F32(1.44269504)
LN2_HIGH = F32(0.693359375)  # ln 2 in two pieces: n * LN2_HIGH is exact for the n that occur
LN2_LOW = F32(-2.12194440e-4)
ROUND = F32(12582912.0)  # 1.5 * 2**23: adding it leaves the rounded integer in the low bits
EXP_LEAST = F32(-86.6)
EXP_MOST = F32(88.72283)
E0, E1, E2 = F32(1.9875691500e-4), F32(1.3981999507e-3), F32(8.3334519073e-3)
E3, E4, E5 = F32(4.1665795894e-2), F32(1.6666665459e-1), F32(5.0000001201e-1)


@kernel(fastmath=CONTRACT)
def _power_of_two(shifted: F32) -> F32:
    """2**(n-1) for `shifted` = n + ROUND: n's bits moved to the exponent's place. No cast of a NaN to an integer."""
    bits = I32((F32(shifted).view(I32) + I32(126)) << I32(23))
    return bits.view(F32)


@kernel(fastmath=CONTRACT)
def _exp_less_one_of_rest(rest: F32) -> F32:
    """exp(rest) - 1 for |rest| <= ln(2) / 2."""
    polynomial = ((((E0 * rest + E1) * rest + E2) * rest + E3) * rest + E4) * rest + E5
    return polynomial * rest * rest + rest


@kernel(fastmath=CONTRACT)
def exp(x: F32) -> F32:
    """exp(x) = 2**n * exp(x - n ln 2)."""
    clipped = EXP_LEAST if x < EXP_LEAST else x
    clipped = EXP_MOST if clipped > EXP_MOST else clipped
    shifted = clipped * LOG2_E + ROUND
    n = shifted - ROUND
    rest = (clipped - n * LN2_HIGH) - n * LN2_LOW
    value = (_exp_less_one_of_rest(rest) + ONE) * _power_of_two(shifted) * F32(2)
    value = F32(0) if x < EXP_LEAST else value
    return F32(np.inf) if x > EXP_MOST else value


@kernel(fastmath=CONTRACT)
def expm1(x: F32) -> F32:
    """exp(x) - 1, without losing digits near 0."""
    clipped = F32(-20) if x < F32(-20) else x
    clipped = EXP_MOST if clipped > EXP_MOST else clipped
    shifted = clipped * LOG2_E + ROUND
    n = shifted - ROUND
    rest = (clipped - n * LN2_HIGH) - n * LN2_LOW
    half_scale = _power_of_two(shifted)
    value = (_exp_less_one_of_rest(rest) * half_scale + (half_scale - HALF)) * F32(2)
    return F32(np.inf) if x > EXP_MOST else value


@kernel(fastmath=CONTRACT)
def log1p_of_unit(x: F32) -> F32:
    """log(1 + x) for x in [0, 1]: 2 atanh(z), z = x / (2 + x) <= 1/3, by its series up to z**13."""
    z = x / (F32(2) + x)
    s = z * z
    series = F32(1 / 13)
    series = series * s + F32(1 / 11)
    series = series * s + F32(1 / 9)
    series = series * s + F32(1 / 7)
    series = series * s + F32(1 / 5)
    series = series * s + F32(1 / 3)
    return F32(2) * (z * s * series + z)


@kernel(fastmath=CONTRACT)
def sigmoid(x: F32) -> F32:
    """1 / (1 + exp(-x))."""
    return ONE / (ONE + exp(-x))


@kernel(fastmath=CONTRACT)
def softplus(x: F32) -> F32:
    """log(1 + exp(x)) = max(x, 0) + log1p(exp(-|x|))."""
    small = exp(-abs(x))
    return (F32(0) if x < F32(0) else x) + log1p_of_unit(small)


@kernel(fastmath=CONTRACT)
def tanh(x: F32) -> F32:
    """tanh(x) = x P(x^2) / Q(x^2), x clipped to [-7.9053, 7.9053], beyond which float32 has only +-1."""
    least, most = F32(-7.90531110763549805), F32(7.90531110763549805)
    clipped = least if x < least else x
    clipped = most if clipped > most else clipped
    s = clipped * clipped
    p = F32(-2.76076847742355e-16)
    p = p * s + F32(2.00018790482477e-13)
    p = p * s + F32(-8.60467152213735e-11)
    p = p * s + F32(5.12229709037114e-08)
    p = p * s + F32(1.48572235717979e-05)
    p = p * s + F32(6.37261928875436e-04)
    p = p * s + F32(4.89352455891786e-03)
    q = F32(1.19825839466702e-06)
    q = q * s + F32(1.18534705686654e-04)
    q = q * s + F32(2.26843463243900e-03)
    q = q * s + F32(4.89352518554385e-03)
    value = clipped * p / q
    return x if abs(x) < F32(0.0004) else value


@kernel(fastmath=CONTRACT)
def erf(x: F32) -> F32:
    """erf(x) = x P(x^2) / Q(x^2), x clipped to [-4, 4], beyond which float32 has only +-1."""
    clipped = F32(-4) if x < F32(-4) else x
    clipped = F32(4) if clipped > F32(4) else clipped
    s = clipped * clipped
    p = F32(-2.72614225801306e-10)
    p = p * s + F32(2.77068142495902e-08)
    p = p * s + F32(-2.10102402082508e-06)
    p = p * s + F32(-5.69250639462346e-05)
    p = p * s + F32(-7.34990630326855e-04)
    p = p * s + F32(-2.95459980854025e-03)
    p = p * s + F32(-1.60960333262415e-02)
    q = F32(-1.45660718464996e-05)
    q = q * s + F32(-2.13374055278905e-04)
    q = q * s + F32(-1.68282697438203e-03)
    q = q * s + F32(-7.37332916720468e-03)
    q = q * s + F32(-1.42647390514189e-02)
    return clipped * p / q
