"""Normalization kernels against their definitions and difference quotients."""

from typing import Any

import numpy as np
import pytest

from tests.kernels.guards import garbage, guarded
from tinyseq.kernels import normalization as kernels
from tinyseq.kernels.reference import normalization as reference

SHAPES = [(11, 5, 1), (3, 4, 7), (1, 2, 9), (6, 33, 1)]


@pytest.mark.parametrize("shape", SHAPES)
def test_batch_statistics_and_their_use_give_the_definition(shape: tuple[int, int, int]) -> None:
    random = np.random.default_rng(0)
    x = random.normal(3, 2, shape).astype(np.float32)
    gamma, beta = random.normal(0, 1, (2, shape[1])).astype(np.float32)
    sums, count = np.zeros((2, shape[1])), shape[0] * shape[2]
    for start in range(shape[0]):  # in parts, as shards do
        kernels.moments(x, sums, start, start + 1)
    mean = sums[0] / count
    inverse = 1 / np.sqrt(sums[1] / count - mean**2 + 0.01)
    y = garbage(*shape)
    kernels.normalize(guarded(x), y, mean.astype(np.float32), (inverse * gamma).astype(np.float32), beta, 0, shape[0])
    expected = reference.batch_normalize_reference(x.astype(np.float64), gamma, beta, 0.01)
    np.testing.assert_allclose(y, expected, rtol=1e-5, atol=2e-6)


@pytest.mark.parametrize("channels", [1, 15, 16, 33, 64])
def test_numbers_are_normalized_alike_by_vectors_and_one_by_one(channels: int) -> None:
    x = np.random.default_rng(0).normal(3, 2, (5, channels, 1)).astype(np.float32)
    x[0, 0], x[1, 0], x[2, 0] = np.nan, np.inf, -np.inf
    mean, scale, shift = np.random.default_rng(1).normal(0, 1, (3, channels)).astype(np.float32)
    y, twin = garbage(*x.shape), garbage(*x.shape)
    y[:1] = y[4:] = 7
    kernels.normalize(guarded(x), y, guarded(mean), guarded(scale), guarded(shift), 1, 4)
    kernels.normalize_plain(x, twin, mean, scale, shift, 1, 4)
    np.testing.assert_array_equal(y[1:4], twin[1:4])
    np.testing.assert_array_equal(y[1:4], (x[1:4] - mean[:, None]) * scale[:, None] + shift[:, None])
    assert (y[:1] == 7).all() and (y[4:] == 7).all(), "nothing else is written"


def test_the_variance_is_right_a_thousand_deviations_away_from_zero() -> None:
    x = np.random.default_rng(1).normal(1000, 1, (4096, 3, 1)).astype(np.float32)
    sums = np.zeros((2, 3))
    kernels.moments(x, sums, 0, len(x))
    variance = sums[1] / 4096 - (sums[0] / 4096) ** 2
    np.testing.assert_allclose(variance, x.astype(np.float64).var((0, 2)), rtol=1e-6)


@pytest.mark.parametrize("shape", SHAPES[:3])
def test_the_batch_gradient_is_the_difference_quotient(shape: tuple[int, int, int]) -> None:
    random = np.random.default_rng(2)
    x, dy = random.normal(1, 2, shape).astype(np.float32), random.normal(0, 1, shape).astype(np.float32)
    gamma, count = random.normal(0, 1, shape[1]), shape[0] * shape[2]
    mean, inverse = x.mean((0, 2), np.float64), 1 / np.sqrt(x.var((0, 2), dtype=np.float64) + 0.1)
    sums = np.zeros((2, shape[1]))
    kernels.gradient_moments(dy, x, mean.astype(np.float32), sums, 0, shape[0])
    slope = gamma * inverse
    coefficients = np.stack([slope, -slope * inverse**2 * sums[1] / count, -slope * sums[0] / count]).astype(np.float32)
    dx = np.empty_like(x)
    kernels.normalize_gradient(dy, x, dx, mean.astype(np.float32), coefficients, 0, shape[0])
    np.testing.assert_allclose(dx, _quotient(x, dy, lambda v: reference.batch_normalize_reference(v, gamma, 0 * gamma, 0.1)),
                               rtol=1e-4, atol=1e-5)  # fmt: skip


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
        kernels.layer_normalize(x, y, gamma, beta, np.float32(0.1), kept, start, stop)
        kernels.layer_normalize_gradient(dy, x, dx, gamma, kept, dgamma, dbeta, start, stop)

    def definition(x: Any, gamma: Any = gamma, beta: Any = beta) -> Any:
        return reference.layer_normalize_reference(x.astype(np.float64), gamma, beta, 0.1)

    np.testing.assert_allclose(y, definition(x), rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(dx, _quotient(x, dy, definition), rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(dgamma, np.sum(dy * definition(x, np.ones(7), np.zeros(7)), 0), rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(dbeta, dy.sum(0), rtol=1e-5, atol=1e-6)
