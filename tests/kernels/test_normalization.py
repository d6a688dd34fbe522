"""Normalization kernels against their definitions and difference quotients."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.kernels.guards import garbage, guarded
from tinyseq.kernels.elementwise.bounds import BOUNDS
from tinyseq.kernels.normalization import batch_normalization as kernels
from tinyseq.kernels.normalization import batch_plain, batch_statistics, layer_normalization
from tinyseq.kernels.reference import normalization as reference

SHAPES = [(11, 5, 1), (3, 4, 7), (1, 2, 9), (6, 33, 1), (150, 16, 1), (67, 64, 1)]
"""The last two take more than one stretch of ROWS pixels."""


def test_batch_statistics_and_their_use_give_the_definition() -> None:
    for shape in SHAPES:
        random = np.random.default_rng(0)
        x = random.normal(3, 2, shape).astype(np.float32)
        gamma, beta = random.normal(0, 1, (2, shape[1])).astype(np.float32)
        shards = np.array_split(x, min(2, shape[0]))
        y = np.concatenate([_normalized(x, shard, shards, gamma, beta) for shard in shards])
        expected = reference.batch_normalize_reference(x.astype(np.float64), gamma, beta, 0.01)
        np.testing.assert_allclose(y, expected, rtol=1e-5, atol=2e-6)


def _normalized(x: Any, shard: Any, shards: list[Any], gamma: Any, beta: Any) -> Any:
    """One shard of x, by the statistics of all."""
    coefficients = _statistics(x, shards, gamma, beta)[1]
    y = garbage(*shard.shape)
    kernels.normalize(guarded(shard), y, guarded(coefficients), *BOUNDS[""], 0, len(shard))
    return y


def _statistics(x: Any, shards: list[Any], gamma: Any, beta: Any) -> tuple[Any, Any]:
    """(statistics, forward coefficients)."""
    channels = x.shape[1]
    partials = np.full((len(shards), 2, channels), np.nan)
    for shard, sums in zip(shards, partials, strict=True):
        kernels.moments(guarded(shard), sums)
    statistics, variance = np.empty((2, channels)), np.empty(channels)
    batch_statistics.combine(partials, x.size // channels, 0.01, statistics, variance)
    np.testing.assert_allclose(variance, x.var((0, 2), dtype=np.float64), rtol=1e-9)
    coefficients = np.empty((3, channels), np.float32)
    batch_statistics.forward_coefficients(statistics, gamma, beta, coefficients)
    return statistics, coefficients


@pytest.mark.parametrize("activation", ["", "relu", "relu6"])
@pytest.mark.parametrize("channels", [1, 15, 16, 33, 64])
def test_numbers_are_normalized_alike_by_vectors_and_one_by_one(channels: int, activation: str) -> None:
    x = np.random.default_rng(0).normal(3, 2, (5, channels, 1)).astype(np.float32)
    x[0, 0], x[1, 0], x[2, 0] = np.nan, np.inf, -np.inf
    coefficients = np.random.default_rng(1).normal(0, 3, (3, channels)).astype(np.float32)
    bounds = BOUNDS[activation]
    y, twin = garbage(*x.shape), garbage(*x.shape)
    y[:1] = y[4:] = 7
    kernels.normalize(guarded(x), y, guarded(coefficients), *bounds, 1, 4)
    batch_plain.normalize_plain(x, twin, coefficients, *bounds, 1, 4)
    np.testing.assert_array_equal(y[1:4], twin[1:4])
    mean, scale, shift = coefficients[:, :, None]
    np.testing.assert_array_equal(y[1:4], np.clip((x[1:4] - mean) * scale + shift, *bounds))
    assert (y[:1] == 7).all() and (y[4:] == 7).all(), "nothing else is written"


@pytest.mark.parametrize("activation", ["relu", "relu6"])
@pytest.mark.parametrize("shape", [(150, 16, 1), (7, 33, 1), (4, 5, 1), (3, 4, 7)])
def test_the_gradient_passes_where_the_activation_rises(shape: tuple[int, int, int], activation: str) -> None:
    random = np.random.default_rng(5)
    x, dy = random.normal(1, 2, (2, *shape)).astype(np.float32)
    x[0, 0] = np.nan
    coefficients = random.normal(0, 3, (3, shape[1])).astype(np.float32)
    mean, scale, shift = coefficients[:, :, None]
    z = (x - mean) * scale + shift
    passed = np.where((z > 0) & (z < (6 if activation == "relu6" else np.inf)), dy, 0)
    masked, sums, expected = guarded(dy), *np.full((2, 2, shape[1]), np.nan)
    kernels.bounded_gradient_moments(masked, guarded(x), guarded(coefficients), *BOUNDS[activation], sums)
    np.testing.assert_array_equal(masked, passed)
    kernels.gradient_moments(passed, x, coefficients[0], expected)
    np.testing.assert_allclose(sums, expected, rtol=1e-12, atol=1e-9)


@given(st.integers(1, 200), st.integers(1, 70), st.integers(0, 9))
@settings(deadline=None, max_examples=60)
def test_sums_and_gradients_are_alike_by_vectors_and_one_by_one(outer: int, channels: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    x, dy = random.normal(1, 2, (2, outer, channels, 1)).astype(np.float32)
    numbers = random.normal(0, 1, (4, channels)).astype(np.float32)
    for run, twin, arrays in (
        (kernels.moments, batch_plain.moments_plain, (x,)),
        (kernels.gradient_moments, batch_plain.gradient_moments_plain, (dy, x, numbers[0])),
    ):
        sums, expected = np.full((2, 2, channels), np.nan)
        run(*map(guarded, arrays), sums)
        twin(*arrays, expected)
        np.testing.assert_allclose(sums, expected, rtol=1e-12, atol=1e-9)
    dx, expected = garbage(*x.shape), garbage(*x.shape)
    dx[0] = 7
    kernels.normalize_gradient(guarded(dy), guarded(x), dx, guarded(numbers[0]), guarded(numbers[1:]), 1, outer)
    batch_plain.normalize_gradient_plain(dy, x, expected, numbers[0], numbers[1:], 1, outer)
    np.testing.assert_array_equal(dx[1:], expected[1:])
    assert (dx[0] == 7).all(), "nothing else is written"


def test_the_variance_is_right_a_thousand_deviations_away_from_zero() -> None:
    for channels in (3, 16):
        x = np.random.default_rng(1).normal(1000, 1, (4096, channels, 1)).astype(np.float32)
        sums = np.zeros((2, channels))
        kernels.moments(x, sums)
        variance = sums[1] / 4096 - (sums[0] / 4096) ** 2
        np.testing.assert_allclose(variance, x.astype(np.float64).var((0, 2)), rtol=1e-6)


def test_moving_statistics_move_by_what_momentum_leaves() -> None:
    mean, variance = np.array([1.0, -2.0], np.float32), np.array([4.0, 9.0], np.float32)
    batch_statistics.move(np.array([[3.0, 2.0], [0, 0]]), np.array([8.0, 1.0]), 0.75, mean, variance)
    np.testing.assert_array_equal([mean, variance], [[1.5, -1.0], [5.0, 7.0]])


@pytest.mark.parametrize("shape", [(11, 5, 1), (3, 4, 7), (1, 2, 9), (3, 18, 1)])
def test_the_batch_gradients_are_difference_quotients(shape: tuple[int, int, int]) -> None:
    random = np.random.default_rng(2)
    x, dy = random.normal(1, 2, shape).astype(np.float32), random.normal(0, 1, shape).astype(np.float32)
    gamma, beta = random.normal(0, 1, (2, shape[1])).astype(np.float32)
    shards = np.array_split(np.arange(shape[0]), min(2, shape[0]))
    statistics, forward = _statistics(x, [x[rows] for rows in shards], gamma, beta)
    partials, dgamma, dbeta = np.full((len(shards), 2, shape[1]), np.nan), *np.zeros((2, shape[1]), np.float32)
    for rows, sums in zip(shards, partials, strict=True):
        kernels.gradient_moments(dy[rows], x[rows], forward[0], sums)
        batch_statistics.beta_gradient(sums, dbeta)
        batch_statistics.gamma_gradient(sums, statistics[1], dgamma)
    coefficients = np.empty((3, shape[1]), np.float32)
    batch_statistics.backward_coefficients(partials, x.size // shape[1], statistics, gamma, coefficients)
    dx = np.empty_like(x)
    kernels.normalize_gradient(dy, x, dx, forward[0], coefficients, 0, shape[0])

    def definition(x: Any, gamma: Any = gamma, beta: Any = beta) -> Any:
        return reference.batch_normalize_reference(x.astype(np.float64), gamma, beta, 0.01)

    np.testing.assert_allclose(dx, _quotient(x, dy, definition), rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(dgamma, np.sum(dy * definition(x, gamma * 0 + 1, beta * 0), (0, 2)), rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(dbeta, dy.sum((0, 2)), rtol=1e-5, atol=1e-6)


def test_what_prediction_multiplies_with_is_gamma_over_the_moving_deviation() -> None:
    mean, variance, gamma, beta = np.array([[7, 8], [3, 0], [2, -1], [5, 6]], np.float32)
    forward, backward, inverse = *np.empty((2, 3, 2), np.float32), np.empty(2)
    batch_statistics.moving_coefficients(mean, variance, 1.0, gamma, beta, forward)
    batch_statistics.fixed_slope(forward, backward)
    batch_statistics.inverse_deviation(variance, 1.0, inverse)
    np.testing.assert_array_equal(forward, [mean, [1, -1], beta])
    np.testing.assert_array_equal(backward, [[0, 0], [1, -1], [0, 0]])
    np.testing.assert_array_equal(inverse, [0.5, 1.0])


def _quotient(x: Any, dy: Any, function: Any) -> Any:
    """The gradient of sum(dy function(x)) by central differences."""
    found = np.empty(x.shape)
    for place in np.ndindex(*x.shape):
        step = np.zeros(x.shape)
        step[place] = 1e-5
        found[place] = np.sum(dy * (function(x + step) - function(x - step))) / 2e-5
    return found


def test_layer_normalization_and_its_gradients_are_those_of_the_definition() -> None:
    random = np.random.default_rng(3)
    x, dy = random.normal(1, 2, (4, 7)).astype(np.float32), random.normal(0, 1, (4, 7)).astype(np.float32)
    gamma, beta = random.normal(0, 1, (2, 7)).astype(np.float32)
    y, kept, dx = np.empty_like(x), np.empty((2, 4), np.float32), np.empty_like(x)
    dgamma, dbeta = np.zeros((2, 7), np.float32)
    for start, stop in ((0, 3), (3, 4)):
        layer_normalization.layer_normalize(x, y, gamma, beta, np.float32(0.1), kept, start, stop)
        layer_normalization.layer_normalize_gradient(dy, x, dx, gamma, kept, dgamma, dbeta, start, stop)

    def definition(x: Any, gamma: Any = gamma, beta: Any = beta) -> Any:
        return reference.layer_normalize_reference(x.astype(np.float64), gamma, beta, 0.1)

    np.testing.assert_allclose(y, definition(x), rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(dx, _quotient(x, dy, definition), rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(dgamma, np.sum(dy * definition(x, np.ones(7), np.zeros(7)), 0), rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(dbeta, dy.sum(0), rtol=1e-5, atol=1e-6)
