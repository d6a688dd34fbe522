"""Functions of tinyseq.ops and of spectrograms as kernels, against NumPy in float64; slopes against central differences."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tinyseq import kernels
from tinyseq.layers.tensor_functions import by_kernels

F32 = np.float32
NUMPY: dict[str, Callable[[Any], Any]] = {
    "log": np.log, "log1p": np.log1p, "sqrt": np.sqrt, "rsqrt": lambda x: 1 / np.sqrt(x), "square": np.square,
    "reciprocal": lambda x: 1 / x, "abs": np.abs, "sin": np.sin, "cos": np.cos,
}  # fmt: skip
PAIRS: dict[str, Callable[[Any, Any], Any]] = {
    "add": np.add, "subtract": np.subtract, "multiply": np.multiply, "divide": np.divide, "maximum": np.maximum, "minimum": np.minimum,
}  # fmt: skip
SIZES = (1, 7, 64, 1003)


def numbers(size: int, seed: int) -> Any:
    return np.random.default_rng(seed).uniform(0.2, 3.0, size).astype(F32)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", by_kernels.UNARY)
def test_a_function_of_one_array_and_its_slope(name: str, size: int) -> None:
    x, g, y, dx = numbers(size, 1), numbers(size, 2), np.empty(size, F32), np.empty(size, F32)
    getattr(kernels.functions, by_kernels.UNARY[name])(x, y)
    getattr(kernels.functions, by_kernels.UNARY[name] + "_slope")(g, x, y, dx)
    exact, step = x.astype(np.float64), 1e-5
    np.testing.assert_allclose(y, NUMPY[name](exact), rtol=1e-6, atol=1e-6)
    difference = (NUMPY[name](exact + step) - NUMPY[name](exact - step)) / (2 * step)
    np.testing.assert_allclose(dx, g * difference, rtol=2e-5, atol=2e-6)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", by_kernels.BINARY)
def test_a_function_of_two_arrays_and_both_slopes(name: str, size: int) -> None:
    (room, kernel), *slopes = by_kernels.BINARY[name]
    a, b, g, y, d = numbers(size, 1), numbers(size, 2), numbers(size, 3), np.empty(size, F32), np.empty(size, F32)
    getattr(getattr(kernels, room), kernel)(a, b, y)
    exact = a.astype(np.float64), b.astype(np.float64)
    np.testing.assert_allclose(y, PAIRS[name](*exact), rtol=1e-6)
    for side, slope in enumerate(slopes):
        getattr(kernels.functions, slope)(g, a, b, y, d)
        more, less = ([one + sign * 1e-5 * (place == side) for place, one in enumerate(exact)] for sign in (1, -1))
        np.testing.assert_allclose(d, g * (PAIRS[name](*more) - PAIRS[name](*less)) / 2e-5, rtol=2e-5, atol=2e-6)


@pytest.mark.parametrize("name", ["maximum", "minimum"])
def test_of_equal_numbers_the_left_one_has_the_gradient(name: str) -> None:
    a, g, d = np.ones(3, F32), np.full(3, 5, F32), np.empty(3, F32)
    for slope, wanted in zip(by_kernels.BINARY[name][1:], (5, 0), strict=True):
        getattr(kernels.functions, slope)(g, a, a, a, d)
        np.testing.assert_array_equal(d, wanted)


@pytest.mark.parametrize("mode", [kernels.spectrum.LOG, kernels.spectrum.MAGNITUDE])
def test_a_power_below_the_least_has_no_gradient(mode: int) -> None:
    small, g, d_real, d_imag = np.full(2, 1e-4, F32), np.ones(2, F32), np.empty(2, F32), np.empty(2, F32)
    kernels.spectrum.slopes(mode, 2, small, small, g, d_real, d_imag)
    np.testing.assert_array_equal([d_real, d_imag], 0)


@pytest.mark.parametrize(("outer", "size", "inner"), [(1, 1, 1), (3, 5, 1), (2, 7, 6), (1, 100_003, 1), (4, 9, 13)])
def test_sums_along_an_axis_are_added_in_float64(outer: int, size: int, inner: int) -> None:
    x, y = numbers(outer * size * inner, 1), np.empty(outer * inner, F32)
    kernels.functions.sum_along(x, outer, size, inner, 1 / size, y)
    exact = x.reshape(outer, size, inner).mean(1, dtype=np.float64)
    np.testing.assert_allclose(y.reshape(outer, inner), exact, rtol=1.2e-7)
    dx = np.empty_like(x)
    kernels.functions.spread_along(y, outer, size, inner, 0.5, dx)
    np.testing.assert_array_equal(dx.reshape(outer, size, inner), np.broadcast_to(0.5 * y.reshape(outer, 1, inner), (outer, size, inner)))


def test_numbers_that_are_not_finite_stay_so() -> None:
    x = np.array([0.0, -1.0, np.inf, -np.inf, np.nan], F32)
    for name, function in NUMPY.items():
        y = np.empty_like(x)
        getattr(kernels.functions, by_kernels.UNARY[name])(x, y)
        with np.errstate(all="ignore"):
            np.testing.assert_allclose(y, function(x), rtol=2e-7, err_msg=name)


@pytest.mark.parametrize("mode", range(4))
def test_a_spectrum_and_its_slopes(mode: int) -> None:
    bins, size = 5, 5 * 21
    real, imag = (numbers(size, seed) - F32(1.5) for seed in (1, 2))
    g, y, dr, di = numbers(size, 3), *(np.empty(size, F32) for _ in range(3))
    weights = np.tile([1, 2, 2, 2, 1], 21)

    def shown(r: Any, i: Any) -> Any:
        power = r**2 + i**2
        return (0.5 * np.log(power), np.sqrt(power), weights * power, np.arctan2(i, r))[mode]

    kernels.spectrum.show(mode, bins, real, imag, y)
    kernels.spectrum.slopes(mode, bins, real, imag, g, dr, di)
    r, i = real.astype(np.float64), imag.astype(np.float64)
    np.testing.assert_allclose(y, shown(r, i), rtol=2e-6, atol=2e-6)
    np.testing.assert_allclose(dr, g * (shown(r + 1e-6, i) - shown(r - 1e-6, i)) / 2e-6, rtol=2e-5, atol=2e-5)
    np.testing.assert_allclose(di, g * (shown(r, i + 1e-6) - shown(r, i - 1e-6)) / 2e-6, rtol=2e-5, atol=2e-5)


def test_silence_has_the_least_power_and_no_slope() -> None:
    zeros, one = np.zeros(3, F32), np.ones(3, F32)
    for mode, value in ((0, 0.5 * np.log(1e-7)), (1, np.sqrt(1e-7)), (3, 0.0)):
        y, dr, di = (np.empty(3, F32) for _ in range(3))
        kernels.spectrum.show(mode, 3, zeros, zeros, y)
        kernels.spectrum.slopes(mode, 3, zeros, zeros, one, dr, di)
        np.testing.assert_allclose(y, value, rtol=1e-6)
        np.testing.assert_array_equal([dr, di], 0)
