"""Activation kernels against their definitions, their slopes against differences, and what NaN and inf become."""

import math
from typing import Any

import numpy as np
import pytest
from numba import njit

from tests.kernels.guards import garbage, guarded
from tinyseq.kernels.elementwise import activation, bounds, piecewise, smooth
from tinyseq.kernels.elementwise import math as elementary
from tinyseq.kernels.reference import activation as reference
from tinyseq.layers.activation import READS_INPUT

X = np.concatenate([np.linspace(-12, 12, 4001), [0.5, -0.5, 1, -1, 3, -3, 6, 1e-6, -1e-6, 40, -40]]).astype(np.float32)
KINKS = (-3.0, -1.0, -0.5, 0.0, 0.5, 1.0, 3.0, 6.0)


def forward(name: str, x: Any) -> Any:
    y = np.array(x, np.float32)
    entry = activation.TABLE[name]
    with np.errstate(all="ignore"):  # heard only without compilation: inf - inf is what these tests are about
        entry.forward(y, 0, y.size, *entry.constants)
    return y


@pytest.mark.parametrize("name", reference.REFERENCES)
def test_an_activation_gives_the_numbers_of_its_definition(name: str) -> None:
    expected = np.array([reference.REFERENCES[name](float(x)) for x in X])
    np.testing.assert_allclose(forward(name, X), expected, rtol=3e-6, atol=1e-6)


@pytest.mark.parametrize("name", reference.REFERENCES)
def test_a_slope_is_the_difference_quotient(name: str) -> None:
    x = X[np.min(np.abs(X[:, None] - np.array(KINKS, np.float32)), axis=1) > 1e-3]
    x = x[np.abs(x) < 20]
    function, h = reference.REFERENCES[name], 1e-5
    expected = np.array([(function(float(v) + h) - function(float(v) - h)) / (2 * h) for v in x])
    entry = activation.TABLE[name]
    g = np.full_like(x, 2)
    entry.backward(g, forward(name, x) if entry.reads == "output" else x, 0, g.size, *entry.constants)
    np.testing.assert_allclose(g, 2 * expected, rtol=1e-5, atol=4e-6)


@pytest.mark.parametrize("name", reference.REFERENCES)
def test_nan_comes_out_as_nan_and_infinities_as_the_limits(name: str) -> None:
    y = forward(name, np.array([np.nan, np.inf, -np.inf, 1] * 9))
    assert np.isnan(y[0::4]).all() and np.isfinite(y[3::4]).all()
    at_plus = {"softsign": np.nan, "tanh_shrink": np.inf, "log_sigmoid": 0.0, "hard_tanh": 1.0, "tanh": 1.0, "relu6": 6.0}
    at_plus |= dict.fromkeys(("hard_sigmoid", "hard_sigmoid_of_keras_2", "sparse_sigmoid", "sigmoid"), 1.0)
    np.testing.assert_allclose(y[1], at_plus.get(name, np.inf), rtol=1e-6)
    at_minus = {"exponential": 0.0, "sigmoid": 0.0, "softplus": 0.0, "relu": 0.0, "elu": -1.0, "tanh": -1.0}
    if name in at_minus:
        np.testing.assert_allclose(y[2], at_minus[name], atol=1e-6)


@pytest.mark.parametrize("name", bounds.BOUNDS)
def test_bounds_are_the_activation_whose_name_they_have(name: str) -> None:
    x = np.concatenate([X, [np.nan, np.inf, -np.inf, 0, 6]]).astype(np.float32)
    g, y, total, dx = guarded(x[::-1]), *(garbage(x.size) for _ in range(3))
    bounds.bounded(guarded(x), y, *bounds.BOUNDS[name])
    bounds.add_bounded(guarded(x), guarded(x), total, *bounds.BOUNDS[name])
    bounds.bounded_gradient(g, guarded(y), dx, *bounds.BOUNDS[name])
    np.testing.assert_array_equal(y, forward(name, x) if name else x)
    np.testing.assert_array_equal(total, forward(name, x + x) if name else x + x)
    rises = np.isfinite(y) if not name else (y > 0) & (y < (6 if name == "relu6" else np.inf))
    np.testing.assert_array_equal(dx, np.where(rises, g, 0))


def test_the_planner_knows_which_activations_read_their_input() -> None:
    assert {name for name, entry in activation.TABLE.items() if entry.reads == "input"} | {"glu"} == READS_INPUT


@pytest.mark.parametrize("name, low, high", [("exp", -86, 88.7), ("expm1", -90, 88), ("tanh", -12, 12), ("sigmoid", -80, 80)])
def test_the_fast_functions_are_right_to_two_millionths(name: str, low: float, high: float) -> None:
    function = getattr(elementary, name)

    @njit(error_model="numpy")  # type: ignore[untyped-decorator,unused-ignore]
    def all_of(x: Any) -> Any:
        return np.array([function(value) for value in x])

    x = np.concatenate([np.linspace(low, high, 20001), np.geomspace(1e-20, 1, 99), -np.geomspace(1e-20, 1, 99)])
    x = x.astype(np.float32)
    true = {"exp": np.exp, "expm1": np.expm1, "tanh": np.tanh, "sigmoid": lambda v: 1 / (1 + np.exp(-v))}[name]
    expected = true(x.astype(np.float64))
    inside = expected != 0
    assert np.max(np.abs(all_of(x)[inside] / expected[inside] - 1)) < 2e-6


@pytest.mark.parametrize("name", ["softmax", "log_softmax"])
@pytest.mark.parametrize("shape", [(5, 7, 1), (3, 19, 4), (2, 1, 3)])
def test_softmax_along_any_axis_is_that_of_its_definition(name: str, shape: tuple[int, int, int]) -> None:
    x = np.random.default_rng(0).normal(0, 4, shape).astype(np.float32)
    y = x.copy()
    getattr(activation, name)(y.reshape(-1), shape[1], shape[2], 0, shape[0])
    rows = np.moveaxis(x, 1, 2).reshape(-1, shape[1])
    expected = np.stack([getattr(reference, f"{name}_reference")(row.astype(np.float64)) for row in rows])
    np.testing.assert_allclose(np.moveaxis(y, 1, 2).reshape(-1, shape[1]), expected, rtol=2e-6, atol=5e-7)


@pytest.mark.parametrize("name", ["softmax", "log_softmax"])
def test_the_gradient_of_softmax_is_the_difference_quotient(name: str) -> None:
    random = np.random.default_rng(1)
    x, dy = random.normal(0, 2, (2, 5, 3)).astype(np.float32), random.normal(0, 1, (2, 5, 3)).astype(np.float32)
    y, g = x.copy(), dy.copy()
    getattr(activation, name)(y.reshape(-1), 5, 3, 0, 2)
    getattr(activation, f"{name}_gradient")(g.reshape(-1), y.reshape(-1), 5, 3, 0, 2)
    definition = getattr(reference, f"{name}_reference")
    for place in np.ndindex(*x.shape):
        row = x[place[0], :, place[2]].astype(np.float64)
        step = np.zeros(5)
        step[place[1]] = 1e-5
        slope = (definition(row + step) - definition(row - step)) / 2e-5
        assert math.isclose(g[place], slope @ dy[place[0], :, place[2]], rel_tol=1e-4, abs_tol=1e-5)


def test_a_nan_spreads_over_its_row_of_a_softmax_only_and_large_numbers_are_no_trouble() -> None:
    x = np.array([[1, np.nan, 2], [1e30, 0, -1e30], [-np.inf, 0, 0]], np.float32)
    activation.softmax(x.reshape(-1), 3, 1, 0, 3)
    assert np.isnan(x[0]).all()
    np.testing.assert_array_equal(x[1:], [[1, 0, 0], [0, 0.5, 0.5]])


def test_glu_halves_its_row_and_sends_both_halves_their_gradient() -> None:
    random = np.random.default_rng(2)
    x, dy = random.normal(0, 1, (3, 10)).astype(np.float32), random.normal(0, 1, (3, 5)).astype(np.float32)
    y, dx = np.empty((3, 5), np.float32), np.empty_like(x)
    activation.glu(x.reshape(-1), y.reshape(-1), 5, 0, 3)
    activation.glu_gradient(dy.reshape(-1), x.reshape(-1), dx.reshape(-1), 5, 0, 3)
    np.testing.assert_allclose(y, [reference.glu_reference(row) for row in x.astype(np.float64)], rtol=2e-6, atol=5e-7)
    for n, i in np.ndindex(3, 10):
        step = np.zeros(10)
        step[i] = 1e-5
        slope = (reference.glu_reference(x[n] + step) - reference.glu_reference(x[n] - step)) / 2e-5
        assert math.isclose(dx[n, i], slope @ dy[n], rel_tol=1e-4, abs_tol=1e-5)


def test_a_bent_relu_is_keras_s_formula_in_each_of_its_pieces() -> None:
    y = np.array([-1, 0.5, 1, 3, np.nan, -np.inf], np.float32)
    piecewise.relu_bent(y, 0, 6, np.float32(2), np.float32(0.1), np.float32(0.5))
    np.testing.assert_allclose(y, [-0.15, 0, 1, 2, np.nan, -np.inf], rtol=1e-6)
    flat = np.array([-np.inf, 0.25, np.nan], np.float32)
    piecewise.relu_bent(flat, 0, 3, np.float32(np.inf), np.float32(0), np.float32(0.5))
    np.testing.assert_array_equal(flat, [0, 0, np.nan])


def test_both_elu_gradients_agree() -> None:
    x = np.linspace(-3, 3, 50).astype(np.float32)
    y, one, two = x.copy(), np.ones_like(x), np.ones_like(x)
    smooth.elu(y, 0, 50, np.float32(0.4))
    smooth.elu_gradient(one, y, 0, 50, np.float32(0.4))
    smooth.elu_gradient_of_input(two, x, 0, 50, np.float32(0.4))
    np.testing.assert_allclose(one, two, rtol=1e-5)
