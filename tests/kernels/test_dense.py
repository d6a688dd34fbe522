"""Dense kernels against the definition, on sizes that do not divide by anything."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.kernels.guards import garbage, guarded
from tinyseq.kernels import dense, dense_plain
from tinyseq.kernels.reference.dense import dense_gradients_reference, dense_reference

SIZES = st.tuples(st.integers(1, 19), st.integers(1, 40), st.sampled_from([1, 3, 10, 16, 32, 33, 64, 70]))


def problem(rows: int, features: int, units: int, seed: int) -> Any:
    random = np.random.default_rng(seed)
    shapes = (rows, features), (features, units), (units,), (rows, units)
    return [guarded(random.standard_normal(shape)) for shape in shapes]


def backward(x: Any, w: Any, dy: Any, dw: Any) -> Any:
    """dx; adds to dw."""
    dx = garbage(*x.shape)
    dense.input_gradient(dy, dense.pack_backward(w), dx, 0, len(x))
    dense.weight_gradient(x, dy, dw, garbage(dense.gradient_scratch(*dy.shape)), 0, len(w))
    return dx


@settings(max_examples=40, deadline=None, derandomize=True)
@given(SIZES, st.booleans(), st.booleans(), st.integers(0, 99))
def test_dense_is_its_definition(sizes: tuple[int, int, int], biased: bool, relu: bool, seed: int) -> None:
    x, w, b, _ = problem(*sizes, seed)
    y, plain = garbage(sizes[0], sizes[2]), garbage(sizes[0], sizes[2])
    cut = sizes[0] // 2
    for start, stop in ((0, cut), (cut, sizes[0])):
        dense.forward(x, dense.pack_forward(w), b if biased else None, y, relu, start, stop)
    np.testing.assert_allclose(y, dense_reference(x, w, b if biased else None, relu), atol=2e-5)
    dense_plain.dense_plain(x, w, b if biased else b[:0], plain, relu, 0, sizes[0])
    np.testing.assert_allclose(y, plain, atol=2e-5)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(SIZES, st.integers(0, 99))
def test_the_gradients_of_dense_are_their_definition(sizes: tuple[int, int, int], seed: int) -> None:
    x, w, b, dy = problem(*sizes, seed)
    expected_dx, expected_dw, expected_db = dense_gradients_reference(x, w, dy)
    dw, db = guarded(np.ones(w.shape)), guarded(np.ones(b.shape))
    np.testing.assert_allclose(backward(x, w, dy, dw), expected_dx, atol=5e-5)
    np.testing.assert_allclose(dw, 1 + expected_dw, atol=5e-5)
    dense.bias_gradient(dy, db)
    np.testing.assert_allclose(db, 1 + expected_db, atol=5e-5)


def test_a_product_deeper_than_a_block_is_summed_over_all_blocks() -> None:
    x, w, b, dy = problem(3, 5000, 33, 1)
    y = garbage(3, 33)
    dense.forward(x, dense.pack_forward(w), b, y, True, 0, 3)
    np.testing.assert_allclose(y, np.maximum(x.astype(np.float64) @ w + b, 0), atol=1e-3)
    dw = guarded(np.zeros(w.shape))
    dx = backward(x, w, dy, dw)
    np.testing.assert_allclose((dx.astype(np.float64) * x).sum(), (dw.astype(np.float64) * w).sum(), rtol=1e-4)


def test_huge_weights_are_used_where_they_lie(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dense, "HUGE", 0)
    x, w, b, _ = problem(9, 7, 64, 3)
    panels, y = dense.pack_forward(w), garbage(9, 64)
    assert panels is w
    dense.forward(x, panels, b, y, False, 0, 9)
    np.testing.assert_allclose(y, dense_reference(x, w, b, False), atol=2e-5)


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_relu_keeps_what_is_not_a_number(value: float) -> None:
    x, w, b, _ = problem(5, 4, 33, 2)
    x[2, 1], w[1] = value, 1
    y = garbage(5, 33)
    dense.forward(x, dense.pack_forward(w), b, y, True, 0, 5)
    assert (np.isnan(y[2]) if np.isnan(value) else y[2] == np.inf).all()
    assert np.isfinite(np.delete(y, 2, 0)).all()


def test_a_weight_gradient_takes_its_samples_chunk_by_chunk_and_its_features_in_parts() -> None:
    x, w, _, dy = problem(2 * dense.CHUNK + 9, 2 * dense.FEATURES + 5, 35, 8)
    dw, scratch = guarded(np.ones(w.shape)), garbage(dense.gradient_scratch(*dy.shape))
    for start, stop in ((0, 70), (70, len(w))):
        dense.weight_gradient(x, dy, dw, scratch, start, stop)
    np.testing.assert_allclose(dw, 1 + x.astype(np.float64).T @ dy, atol=1e-3)


@pytest.mark.parametrize("rows", [0, 1, 2, 3, 16, 17, 300])
def test_a_weight_gradient_can_be_written_instead_of_added(rows: int) -> None:
    rng = np.random.default_rng(rows)
    x, dy = rng.standard_normal((rows, 70), np.float32), rng.standard_normal((rows, 40), np.float32)
    dw = np.full((70, 40), np.nan, np.float32)
    scratch = np.empty(dense.gradient_scratch(rows, 40), np.float32)
    for start, stop in ((0, 33), (33, 70)):
        dense.weight_gradient(x, dy, dw, scratch, start, stop, add=False)
    np.testing.assert_allclose(dw, x.T @ dy, rtol=1e-4, atol=1e-4)
