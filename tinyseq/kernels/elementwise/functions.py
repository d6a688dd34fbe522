"""Functions of tinyseq.ops on flat float32 arrays of one size: y = f(x), y = f(a, b), and their slopes.

    log(x, y)                     y = log x
    log_slope(g, x, y, dx)        dx = g / x                 every slope gets the output's gradient, the input, the output
    quotient(a, b, y)             y = a / b
    quotient_slopes(g, a, b, y, da, db): da = g / b, db = -g y / b

NaN and infinities are as IEEE 754 and NumPy have them. Each kernel is compiled when it is first called.
"""

import math

import numpy as np
from numpy.typing import NDArray

from tinyseq.kernels.jit.kernel import kernel

F32 = np.float32
SUMS = frozenset({"contract", "reassoc", "nsz"})  # a sum in any order vectorises; NaN and inf stay
Floats = NDArray[np.float32]


@kernel
def log(x: Floats, y: Floats) -> None:
    """y = log x."""
    for i in range(y.size):
        y[np.uintp(i)] = np.log(x[np.uintp(i)])


@kernel
def log_slope(g: Floats, x: Floats, y: Floats, dx: Floats) -> None:
    """dx = g / x."""
    for i in range(g.size):
        j = np.uintp(i)
        dx[j] = g[j] / x[j]


@kernel
def log1p(x: Floats, y: Floats) -> None:
    """y = log(1 + x), without losing digits near 0."""
    for i in range(y.size):
        y[np.uintp(i)] = math.log1p(x[np.uintp(i)])


@kernel
def log1p_slope(g: Floats, x: Floats, y: Floats, dx: Floats) -> None:
    """dx = g / (1 + x)."""
    for i in range(g.size):
        j = np.uintp(i)
        dx[j] = g[j] / (F32(1) + x[j])


@kernel
def sqrt(x: Floats, y: Floats) -> None:
    """y = sqrt x."""
    for i in range(y.size):
        y[np.uintp(i)] = np.sqrt(x[np.uintp(i)])


@kernel
def sqrt_slope(g: Floats, x: Floats, y: Floats, dx: Floats) -> None:
    """dx = g / (2 y)."""
    for i in range(g.size):
        j = np.uintp(i)
        dx[j] = g[j] * (F32(0.5) / y[j])


@kernel
def rsqrt(x: Floats, y: Floats) -> None:
    """y = 1 / sqrt x."""
    for i in range(y.size):
        y[np.uintp(i)] = F32(1) / np.sqrt(x[np.uintp(i)])


@kernel
def rsqrt_slope(g: Floats, x: Floats, y: Floats, dx: Floats) -> None:
    """dx = -g y / (2 x)."""
    for i in range(g.size):
        j = np.uintp(i)
        dx[j] = g[j] * (F32(-0.5) * y[j] / x[j])


@kernel
def square(x: Floats, y: Floats) -> None:
    """y = x^2."""
    for i in range(y.size):
        j = np.uintp(i)
        y[j] = x[j] * x[j]


@kernel
def square_slope(g: Floats, x: Floats, y: Floats, dx: Floats) -> None:
    """dx = 2 g x."""
    for i in range(g.size):
        j = np.uintp(i)
        dx[j] = g[j] * (F32(2) * x[j])


@kernel
def reciprocal(x: Floats, y: Floats) -> None:
    """y = 1 / x."""
    for i in range(y.size):
        y[np.uintp(i)] = F32(1) / x[np.uintp(i)]


@kernel
def reciprocal_slope(g: Floats, x: Floats, y: Floats, dx: Floats) -> None:
    """dx = -g y^2."""
    for i in range(g.size):
        j = np.uintp(i)
        dx[j] = g[j] * (-y[j] * y[j])


@kernel
def absolute(x: Floats, y: Floats) -> None:
    """y = |x|."""
    for i in range(y.size):
        y[np.uintp(i)] = abs(x[np.uintp(i)])


@kernel
def absolute_slope(g: Floats, x: Floats, y: Floats, dx: Floats) -> None:
    """dx = g, -g, or 0 at 0; NaN where x is."""
    for i in range(g.size):
        j = np.uintp(i)
        sign = F32(1) if x[j] > 0 else F32(-1) if x[j] < 0 else x[j]
        dx[j] = g[j] * sign


@kernel
def sine(x: Floats, y: Floats) -> None:
    """y = sin x."""
    for i in range(y.size):
        y[np.uintp(i)] = np.sin(x[np.uintp(i)])


@kernel
def sine_slope(g: Floats, x: Floats, y: Floats, dx: Floats) -> None:
    """dx = g cos x."""
    for i in range(g.size):
        j = np.uintp(i)
        dx[j] = g[j] * np.cos(x[j])


@kernel
def cosine(x: Floats, y: Floats) -> None:
    """y = cos x."""
    for i in range(y.size):
        y[np.uintp(i)] = np.cos(x[np.uintp(i)])


@kernel
def cosine_slope(g: Floats, x: Floats, y: Floats, dx: Floats) -> None:
    """dx = -g sin x."""
    for i in range(g.size):
        j = np.uintp(i)
        dx[j] = -g[j] * np.sin(x[j])


@kernel
def quotient(a: Floats, b: Floats, y: Floats) -> None:
    """y = a / b."""
    for i in range(y.size):
        j = np.uintp(i)
        y[j] = a[j] / b[j]


# Slopes of functions of two arrays: one side of them each, since one may be a constant.


@kernel
def same(g: Floats, a: Floats, b: Floats, y: Floats, d: Floats) -> None:
    """d = g: of a sum."""
    for i in range(g.size):
        d[np.uintp(i)] = g[np.uintp(i)]


@kernel
def turned(g: Floats, a: Floats, b: Floats, y: Floats, d: Floats) -> None:
    """d = -g: of what is subtracted."""
    for i in range(g.size):
        d[np.uintp(i)] = -g[np.uintp(i)]


@kernel
def times_right(g: Floats, a: Floats, b: Floats, y: Floats, d: Floats) -> None:
    """d = g b: of the left factor."""
    for i in range(g.size):
        j = np.uintp(i)
        d[j] = g[j] * b[j]


@kernel
def times_left(g: Floats, a: Floats, b: Floats, y: Floats, d: Floats) -> None:
    """d = g a: of the right factor."""
    for i in range(g.size):
        j = np.uintp(i)
        d[j] = g[j] * a[j]


@kernel
def over_right(g: Floats, a: Floats, b: Floats, y: Floats, d: Floats) -> None:
    """d = g / b: of what is divided."""
    for i in range(g.size):
        j = np.uintp(i)
        d[j] = g[j] / b[j]


@kernel
def of_divisor(g: Floats, a: Floats, b: Floats, y: Floats, d: Floats) -> None:
    """d = -g y / b."""
    for i in range(g.size):
        j = np.uintp(i)
        d[j] = g[j] * (-y[j] / b[j])


@kernel
def where_left_is_greater(g: Floats, a: Floats, b: Floats, y: Floats, d: Floats) -> None:
    """d = g where a >= b, else 0."""
    for i in range(g.size):
        j = np.uintp(i)
        d[j] = g[j] if a[j] >= b[j] else F32(0)


@kernel
def where_right_is_greater(g: Floats, a: Floats, b: Floats, y: Floats, d: Floats) -> None:
    """d = g where a < b, else 0."""
    for i in range(g.size):
        j = np.uintp(i)
        d[j] = g[j] if a[j] < b[j] else F32(0)


@kernel
def where_left_is_less(g: Floats, a: Floats, b: Floats, y: Floats, d: Floats) -> None:
    """d = g where a <= b, else 0."""
    for i in range(g.size):
        j = np.uintp(i)
        d[j] = g[j] if a[j] <= b[j] else F32(0)


@kernel
def where_right_is_less(g: Floats, a: Floats, b: Floats, y: Floats, d: Floats) -> None:
    """d = g where a > b, else 0."""
    for i in range(g.size):
        j = np.uintp(i)
        d[j] = g[j] if a[j] > b[j] else F32(0)


@kernel
def choose(condition: Floats, a: Floats, b: Floats, y: Floats) -> None:
    """y = a where the condition is not 0, else b."""
    for i in range(y.size):
        j = np.uintp(i)
        y[j] = a[j] if condition[j] != 0 else b[j]


@kernel
def chosen(g: Floats, condition: Floats, left: bool, d: Floats) -> None:
    """d = g where a (`left`) or b was chosen, else 0."""
    for i in range(g.size):
        j = np.uintp(i)
        d[j] = g[j] if (condition[j] != 0) == left else F32(0)


# Sums along neighbouring axes: (outer, size, inner) -> (outer, inner), added in float64.


@kernel(fastmath=SUMS)
def sum_along(x: Floats, outer: int, size: int, inner: int, factor: float, y: Floats) -> None:
    """y[o, i] = factor sum of x[o, :, i]; four i at a time, so that a cache line is read once."""
    for o in range(outer):
        begin = o * size * inner
        whole = inner // 4 * 4
        for i in range(0, whole, 4):
            a, b, c, d = 0.0, 0.0, 0.0, 0.0
            for k in range(size):
                j = begin + k * inner + i
                a += np.float64(x[np.uintp(j)])
                b += np.float64(x[np.uintp(j + 1)])
                c += np.float64(x[np.uintp(j + 2)])
                d += np.float64(x[np.uintp(j + 3)])
            first = o * inner + i
            y[first], y[first + 1], y[first + 2], y[first + 3] = a * factor, b * factor, c * factor, d * factor
        for i in range(whole, inner):
            total = 0.0
            for k in range(size):
                total += np.float64(x[np.uintp(begin + k * inner + i)])
            y[o * inner + i] = total * factor


@kernel
def spread_along(g: Floats, outer: int, size: int, inner: int, factor: float, dx: Floats) -> None:
    """dx[o, k, i] = factor g[o, i]."""
    for o in range(outer):
        for k in range(size):
            first = (o * size + k) * inner
            for i in range(inner):
                dx[np.uintp(first + i)] = F32(factor) * g[np.uintp(o * inner + i)]
