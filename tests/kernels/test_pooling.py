"""Pooling kernels against their references, on windows that overlap, leave gaps, and hang over the edge."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.kernels.guards import garbage, guarded
from tinyseq.kernels.pooling import adaptive, small_windows, windows, windows_plain
from tinyseq.kernels.reference import pooling as reference

Drawn = tuple[Any, tuple[int, int, int, int, int, int], tuple[int, int]]


@st.composite
def problems(draw: Any) -> Drawn:
    """(x, window, (rows, columns))"""
    samples, height, width = (draw(st.integers(1, most)) for most in (2, 7, 6))
    channels = draw(st.sampled_from([1, 3, 16, 17, 37]))
    tall, wide = draw(st.integers(1, height)), draw(st.integers(1, width))
    down, right = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    if draw(st.booleans()):
        rows, columns = math.ceil(height / down), math.ceil(width / right)
        top = max((rows - 1) * down + tall - height, 0) // 2
        left = max((columns - 1) * right + wide - width, 0) // 2
    else:
        rows, columns, top, left = (height - tall) // down + 1, (width - wide) // right + 1, 0, 0
    seed = draw(st.integers(0, 1000))
    x = np.random.default_rng(seed).integers(-9, 9, (samples, height, width, channels)).astype(np.float32)
    return x, (tall, wide, down, right, top, left), (rows, columns)


def forward(x: Any, window: Any, out: Any, run: Any = windows.max_pool) -> Any:
    y = np.full((x.shape[0], *out, x.shape[3]), np.inf, np.float32)
    index = np.zeros(y.shape, windows.index_dtype(window))
    run(x, y, index, window, 0, len(x) * out[0])
    return y, index


@settings(max_examples=40, deadline=None)
@given(problems())
def test_max_pooling_and_its_gradient_are_those_of_the_definition(problem: Drawn) -> None:
    x, window, out = problem
    y, index = forward(x, window, out)
    np.testing.assert_array_equal(y, reference.max_pool_reference(x, out, window))
    alone = np.empty_like(y)
    windows.max_pool(x, alone, np.empty((0, 0, 0, 0), index.dtype), window, 0, len(x) * out[0])
    np.testing.assert_array_equal(alone, y)
    dy = np.arange(y.size, dtype=np.float32).reshape(y.shape)
    dx = np.full_like(x, np.nan)
    windows.max_pool_gradient(dy, index, dx, window, 0, len(x) * x.shape[1])
    np.testing.assert_array_equal(dx, reference.max_pool_gradient_reference(x, dy, window))


@settings(max_examples=40, deadline=None)
@given(problems())
def test_average_pooling_and_its_gradient_are_those_of_the_definition(problem: Drawn) -> None:
    x, window, out = problem
    y = np.full((x.shape[0], *out, x.shape[3]), np.nan, np.float32)
    windows.average_pool(x, y, window, 0, len(x) * out[0])
    np.testing.assert_allclose(y, reference.average_pool_reference(x, out, window), rtol=1e-6, atol=1e-6)
    dy = np.random.default_rng(1).standard_normal(y.shape, np.float32)
    dx = np.full_like(x, np.nan)
    windows.average_pool_gradient(dy, dx, window, 0, len(x) * x.shape[1])
    np.testing.assert_allclose(dx, reference.average_pool_gradient_reference(x, dy, window), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("channels", [3, 16, 21])
def test_a_nan_in_a_window_comes_out_of_it_wherever_it_stands(channels: int) -> None:
    for place in range(9):
        x = np.random.default_rng(2).standard_normal((1, 3, 3, channels), np.float32)
        x[0, place // 3, place % 3, 1] = np.nan
        y, index = forward(x, (3, 3, 1, 1, 0, 0), (1, 1))
        assert np.isnan(y[0, 0, 0, 1]) and not np.isnan(y[0, 0, 0, 2]) and index[0, 0, 0, 1] == place


def test_infinities_and_a_window_of_minus_infinity_alone_come_out_as_they_are() -> None:
    x = np.full((1, 2, 2, 16), -np.inf, np.float32)
    x[0, 1, 0, 5] = np.inf
    y, index = forward(x, (2, 2, 2, 2, 0, 0), (1, 1))
    assert y[0, 0, 0, 5] == np.inf and index[0, 0, 0, 5] == 2 and y[0, 0, 0, 4] == -np.inf


def test_a_window_of_more_than_256_places_keeps_its_index() -> None:
    x = np.random.default_rng(3).standard_normal((2, 20, 19, 18), np.float32)
    y, index = forward(x, (20, 19, 1, 1, 0, 0), (1, 1))
    assert index.dtype == np.int32
    np.testing.assert_array_equal(index[:, 0, 0], x.reshape(2, 380, 18).argmax(1))
    np.testing.assert_array_equal(y[:, 0, 0], x.max((1, 2)))


@settings(max_examples=20, deadline=None)
@given(problems())
def test_vector_kernels_and_their_plain_twins_give_the_same_bits(problem: Drawn) -> None:
    x, window, out = problem
    if x.shape[3] < 16:
        return
    y, index = forward(x, window, out)
    plain, plain_index = forward(x, window, out, windows_plain.max_pool_plain)
    assert y.tobytes() == plain.tobytes() and index.tobytes() == plain_index.tobytes()
    one, other = np.empty_like(x), np.empty_like(x)
    windows.average_pool_gradient(y, one, window, 0, len(x) * x.shape[1])
    windows_plain.average_pool_gradient_plain(y, other, window, 0, len(x) * x.shape[1])
    np.testing.assert_allclose(one, other, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("window", [(2, 2, 2, 2, 0, 0), (3, 3, 2, 2, 0, 0), (1, 3, 1, 1, 0, 0), (3, 2, 4, 3, 0, 0)])
@pytest.mark.parametrize("channels", [16, 21, 48])
def test_small_windows_are_those_of_the_plain_twin_and_touch_nothing_else(
    window: Any, channels: int, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    monkeypatch.setattr(small_windows, "WORTH", 1)
    tall, wide, down, right, _, _ = window
    x = np.random.default_rng(5).integers(-2, 2, (2, tall + 2 * down, wide + 3 * right, channels)).astype(np.float32)
    x[np.random.default_rng(6).uniform(size=x.shape) < 0.1] = np.nan
    y, twin, index = garbage(2, 3, 4, channels), garbage(2, 3, 4, channels), np.zeros((2, 3, 4, channels), np.uint8)
    twin_index = np.zeros_like(index)
    assert small_windows.small(x, y, window)
    assert not small_windows.small(x[:, :-1], y, window), "the last window would hang over the edge"
    x = guarded(x)
    windows_plain.max_pool_plain(x, twin, twin_index, window, 0, 6)
    windows.max_pool(x, y, index[:0], window, 0, 6)
    assert y.tobytes() == twin.tobytes()
    y.fill(np.inf)
    windows.max_pool(x, y, index, window, 1, 5)
    np.testing.assert_array_equal(y.reshape(6, -1)[1:5], twin.reshape(6, -1)[1:5])
    np.testing.assert_array_equal(index.reshape(6, -1)[1:5], twin_index.reshape(6, -1)[1:5])
    assert np.isinf(y.reshape(6, -1)[[0, 5]]).all()


def test_small_inputs_wait_for_no_kernel_of_their_own() -> None:
    window = (2, 2, 2, 2, 0, 0)
    for height, worth in ((128, True), (126, False)):
        x, y = np.zeros((1, height, 32, 16), np.float32), np.zeros((1, height // 2, 16, 16), np.float32)
        assert small_windows.small(x, y, window) == worth == (x.size >= small_windows.WORTH)


def test_rows_can_be_computed_in_parts() -> None:
    x = np.random.default_rng(4).standard_normal((2, 7, 5, 16), np.float32)
    window, out = (3, 2, 2, 1, 0, 0), (3, 4)
    whole, _ = forward(x, window, out)
    y = np.full_like(whole, np.nan)
    for start, stop in ((0, 2), (2, 5), (5, 6)):
        windows.max_pool(x, y, np.empty((0, 0, 0, 0), np.uint8), window, start, stop)
    np.testing.assert_array_equal(y, whole)


def test_a_gradient_in_parts_is_the_gradient() -> None:
    x = np.random.default_rng(2).standard_normal((2, 9, 7, 17)).astype(np.float32)
    window, out = (3, 2, 2, 1, 1, 0), (5, 6)
    y, index = forward(x, window, out)
    for run, given_arrays in ((windows.max_pool_gradient, (y, index)), (windows.average_pool_gradient, (y,))):
        whole, parts = np.full_like(x, np.nan), np.full_like(x, np.nan)
        run(*given_arrays, whole, window, 0, 18)
        for start, stop in ((0, 5), (5, 11), (11, 18)):
            run(*given_arrays, parts, window, start, stop)
        np.testing.assert_array_equal(parts, whole)


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 2), st.integers(1, 9), st.integers(1, 9), st.integers(1, 3), st.booleans(), st.integers(0, 1000))
def test_adaptive_pooling_and_its_gradient_are_those_of_the_definition(
    outer: int, size: int, count: int, inner: int, average: bool, seed: int
) -> None:
    x = np.random.default_rng(seed).integers(-9, 9, (outer, size, inner)).astype(np.float32)
    y, dx = np.full((outer, count, inner), np.nan, np.float32), np.full_like(x, np.nan)
    dy = np.arange(y.size, dtype=np.float32).reshape(y.shape)
    bounds = adaptive.parts(size, count)
    if average:
        adaptive.average(x, y, *bounds)
        adaptive.average_gradient(dy, dx, *bounds)
    else:
        index = np.full(y.shape, -1, np.int32)
        adaptive.greatest(x, y, index, *bounds)
        adaptive.greatest_gradient(dy, index, dx)
    np.testing.assert_allclose(y, reference.adaptive_reference(x, count, average), rtol=1e-6)
    np.testing.assert_allclose(dx, reference.adaptive_reference(x, count, average, dy), rtol=1e-5)
