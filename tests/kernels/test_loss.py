"""Loss kernels against their definitions, and their gradients against difference quotients of the definitions."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tinyseq.kernels.losses import crossentropy as kernels
from tinyseq.kernels.losses import regression
from tinyseq.kernels.reference import loss as reference

RANDOM = np.random.default_rng(0)
Z = RANDOM.normal(0, 3, (4, 5)).astype(np.float32)
P = RANDOM.uniform(0.05, 0.95, (4, 5)).astype(np.float32)
T = RANDOM.dirichlet(np.ones(5), 4).astype(np.float32)
BITS = RANDOM.integers(0, 2, (4, 5)).astype(np.float32)
LABELS = np.array([4, 0, 2, 2])
ONE_HOT = np.eye(5, dtype=np.float32)[LABELS]
WEIGHT = np.array([1, 0.5, 0, 2], np.float32)
DELTA = np.float32(1.5)


def sparse_reference(p: Any, t: Any) -> Any:
    """Keras's: log of the held probabilities, then softmax."""
    return reference.softmax_crossentropy_reference(np.log(p), t)


PROBLEMS: dict[str, tuple[Any, Any, Any, Any, Callable[..., float]]] = {
    "softmax_crossentropy": (kernels, Z, T, T, reference.softmax_crossentropy_reference),
    "softmax_sparse_crossentropy": (kernels, Z, LABELS, ONE_HOT, reference.softmax_crossentropy_reference),
    "sigmoid_crossentropy": (kernels, Z, BITS, BITS, reference.sigmoid_crossentropy_reference),
    "binary_crossentropy": (kernels, P, BITS, BITS, reference.binary_crossentropy_reference),
    "categorical_crossentropy": (kernels, P, T, T, reference.categorical_crossentropy_reference),
    "sparse_categorical_crossentropy": (kernels, P, LABELS, ONE_HOT, sparse_reference),
    "squared": (regression, Z, T, T, reference.squared_reference),
    "absolute": (regression, Z, T, T, reference.absolute_reference),
    "log_cosh": (regression, Z, T, T, reference.log_cosh_reference),
    "huber": (regression, Z, T, T, lambda p, t: reference.huber_reference(p, t, float(DELTA))),
}


@pytest.mark.parametrize("name", PROBLEMS)
def test_a_loss_and_its_gradient_are_those_of_the_definition(name: str) -> None:
    module, p, target, dense, definition = PROBLEMS[name]
    extra = (DELTA,) if name == "huber" else ()
    loss, g = np.empty(4, np.float32), np.empty_like(p)
    for start, stop in ((0, 1), (1, 4)):
        getattr(module, name)(p, target, *extra, loss, start, stop)
        getattr(module, f"{name}_gradient")(p, target, *extra, WEIGHT, g, start, stop)
    rows, dense = p.astype(np.float64), dense.astype(np.float64)
    np.testing.assert_allclose(loss, [definition(*pair) for pair in zip(rows, dense, strict=True)], rtol=1e-5, atol=1e-6)
    for n, k in np.ndindex(*p.shape):
        step = np.zeros(5)
        step[k] = 1e-6
        slope = (definition(rows[n] + step, dense[n]) - definition(rows[n] - step, dense[n])) / 2e-6
        assert g[n, k] == pytest.approx(WEIGHT[n] * slope, rel=1e-4, abs=1e-5)


def test_fused_losses_stay_finite_where_probabilities_would_round_to_zero() -> None:
    z = np.array([[200, -200, 0]], np.float32)
    loss, g = np.empty(1, np.float32), np.empty_like(z)
    kernels.softmax_sparse_crossentropy(z, np.array([1]), loss, 0, 1)
    kernels.softmax_sparse_crossentropy_gradient(z, np.array([1]), np.ones(1, np.float32), g, 0, 1)
    assert loss[0] == 400
    np.testing.assert_array_equal(g, [[1, -1, 0]])
    kernels.sigmoid_crossentropy(z, np.array([[0, 1, 0]], np.float32), loss, 0, 1)
    assert loss[0] == pytest.approx((200 + 200 + np.log(2)) / 3)


def test_a_nan_prediction_gives_a_nan_loss() -> None:
    p = np.array([[0.5, np.nan]], np.float32)
    for name in ("softmax_crossentropy", "sigmoid_crossentropy", "binary_crossentropy", "categorical_crossentropy"):
        loss = np.zeros(1, np.float32)
        getattr(kernels, name)(p, np.ones_like(p), loss, 0, 1)
        assert np.isnan(loss[0]), name


def test_a_held_probability_has_no_gradient() -> None:
    p, t, g = np.array([[1.0, 0.0]], np.float32), np.array([[0.0, 1.0]], np.float32), np.empty((1, 2), np.float32)
    with np.errstate(all="ignore"):  # heard only without compilation
        kernels.binary_crossentropy_gradient(p, t, np.ones(1, np.float32), g, 0, 1)
    np.testing.assert_array_equal(g, [[0, 0]])
