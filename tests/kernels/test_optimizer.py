"""Optimizer kernels against their definitions, over several steps."""

import numpy as np
import pytest

from tinyseq.kernels import optimizer as kernels
from tinyseq.kernels.reference import optimizer as reference

F32 = np.float32
NOTHING = np.empty(0, np.float32)
SIZE = 37


def rates(rate: float, decay: float = 0) -> np.ndarray:
    """As an optimizer hands them over."""
    return np.array([rate, decay], F32)


def start() -> tuple[np.ndarray, list[np.ndarray]]:
    """Weights, and the gradients of five steps."""
    random = np.random.default_rng(0)
    return random.normal(0, 1, SIZE).astype(F32), [random.normal(0, 1, SIZE).astype(F32) for _ in range(5)]


@pytest.mark.parametrize("nesterov", [False, True])
def test_momentum_steps_are_those_of_the_definition(nesterov: bool) -> None:
    p, gradients = start()
    m, expected = np.zeros_like(p), [(float(value), 0.0) for value in p]
    for g in gradients:
        kernels.sgd_momentum(p, g, m, rates(0.1), F32(0.9), nesterov)
        expected = [
            reference.momentum_reference(v, float(s), w, 0.1, 0.9, nesterov) for (v, w), s in zip(expected, g, strict=True)
        ]
    np.testing.assert_allclose(p, [value for value, _ in expected], rtol=1e-5, atol=1e-6)


def test_plain_sgd_is_momentum_zero_and_decay_shrinks_by_its_rate() -> None:
    p, gradients = start()
    other, m = p.copy(), np.zeros_like(p)
    kernels.sgd(p, gradients[0], rates(0.1))
    kernels.sgd_momentum(other, gradients[0], m, rates(0.1), F32(0), False)
    np.testing.assert_allclose(p, other, rtol=1e-6)
    kernels.decay(other, rates(7, 0.25))
    np.testing.assert_allclose(other, 0.75 * p, rtol=1e-6)


def test_adam_steps_are_those_of_the_definition() -> None:
    p, gradients = start()
    m, v = np.zeros((2, SIZE), F32)
    expected = [(float(value), 0.0, 0.0) for value in p]
    for step, g in enumerate(gradients, 1):
        rate = rates(0.01 * np.sqrt(1 - 0.999**step) / (1 - 0.9**step))
        kernels.adam(p, g, m, v, rate, F32(1 - 0.9), F32(1 - 0.999), F32(1e-7))
        expected = [
            reference.adam_reference(a, float(s), b, c, step, 0.01, 0.9, 0.999, 1e-7)
            for (a, b, c), s in zip(expected, g, strict=True)
        ]
    np.testing.assert_allclose(p, [state[0] for state in expected], rtol=1e-6, atol=2e-7)


def test_amsgrad_divides_by_the_greatest_mean_square_so_far() -> None:
    p, m, v, most = np.zeros(1, F32), np.zeros(1, F32), np.full(1, 1, F32), np.full(1, 4, F32)
    kernels.adam_amsgrad(p, np.full(1, 2, F32), m, v, most, rates(1), F32(0.5), F32(0.5), F32(0))
    assert (m[0], v[0], most[0], p[0]) == (1, 2.5, 4, -0.5)


@pytest.mark.parametrize("centered", [False, True])
@pytest.mark.parametrize("momentum", [0.0, 0.5])
def test_rmsprop_steps_are_those_of_the_definition(centered: bool, momentum: float) -> None:
    p, gradients = start()
    plain, v_plain = p.copy(), np.zeros_like(p)
    v, mean, m = np.zeros((3, SIZE), F32)
    expected = [(float(value), 0.0, 0.0, 0.0) for value in p]
    constants = rates(0.01), F32(0.9), F32(1 - 0.9), F32(1e-7)
    for g in gradients:
        full = (v, mean if centered else NOTHING, m if momentum else NOTHING)
        kernels.rmsprop_full(p, g, *full, *constants, F32(momentum))
        kernels.rmsprop(plain, g, v_plain, *constants)
        expected = [
            reference.rmsprop_reference(a, float(s), b, c, d, 0.01, 0.9, 1e-7, momentum, centered)
            for (a, b, c, d), s in zip(expected, g, strict=True)
        ]
    np.testing.assert_allclose(p, [state[0] for state in expected], rtol=1e-6, atol=2e-7)
    if not centered and not momentum:
        np.testing.assert_allclose(plain, p, rtol=1e-6)
