"""Arguments of tinyseq.ops that once were taken and not followed. Numbers by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

import tinyseq as keras
from tinyseq import ops
from tinyseq.engine.differentiation import pull_back

MATRIX = np.array([[1, -2], [3, 4]], np.float32)


def test_the_norm_of_a_matrix_is_not_that_of_its_numbers_in_a_row() -> None:
    """Columns sum to 4 and 6, rows to 3 and 7."""
    assert ops.norm(MATRIX, 1) == 6
    assert ops.norm(MATRIX, math.inf) == 7
    assert ops.norm(MATRIX, 1, keepdims=True).shape == (1, 1)
    np.testing.assert_allclose(ops.norm(MATRIX), math.sqrt(30), rtol=1e-6)
    np.testing.assert_array_equal(ops.norm(np.stack([MATRIX, 2 * MATRIX]), 1, axis=(-2, -1)), [6, 12])
    np.testing.assert_array_equal(ops.norm(MATRIX, 1, axis=1), [3, 7])
    with pytest.raises(NotImplementedError, match=r"ord=2 over two axes is not computed: take 1, math\.inf or 'fro', or one axis"):
        ops.norm(MATRIX, 2)
    with pytest.raises(ValueError, match="ord=1 is for one axis or two, got 3"):
        ops.norm(MATRIX[None], 1)


def test_numbers_become_the_dtype_that_was_asked_for() -> None:
    assert ops.cast(MATRIX, "float64").dtype == np.float64
    assert ops.cumsum(MATRIX, 1, dtype="float64").dtype == np.float64
    whole = ops.full_like(np.array([1, 2]), 2.5)
    assert whole.dtype.kind == "i"
    assert whole.tolist() == [2, 2]
    for rounded in (ops.floor, ops.ceil):
        assert rounded(np.array([1, 2])).dtype == np.float32


def test_a_size_of_minus_1_is_up_to_the_end() -> None:
    np.testing.assert_array_equal(ops.slice(MATRIX, (0, 1), (2, -1)), [[-2], [4]])
    x = keras.Input((3,))
    assert ops.slice(x, (0, 1), (-1, -1)).shape == (None, 2)


def test_diagonals_beside_the_main_one_of_tensors_are_those_of_arrays() -> None:
    x = np.arange(24, dtype="float32").reshape(2, 3, 4)
    for offset in (-2, -1, 0, 1, 3):
        inputs = keras.Input((3, 4))
        model = keras.Model(inputs, [ops.diagonal(inputs, offset, 1, 2), ops.trace(inputs, offset, 1, 2)])
        for found, expected in zip(model(x), (np.diagonal(x, offset, 1, 2), np.trace(x, offset, 1, 2)), strict=True):
            np.testing.assert_array_equal(found, expected)
    with pytest.raises(ValueError, match=r"offset=4 of shape .* leaves no diagonal: choose one nearer to 0"):
        ops.diagonal(keras.Input((3, 4)), 4, 1, 2)
    with pytest.raises(ValueError, match="axes 1 and 2 need a known size"):
        ops.diagonal(keras.Input((None, None)), 1, 1, 2)


def test_numbers_are_rounded_to_decimals() -> None:
    x = np.array([[1.25, -0.374, 166.0]], "float32")
    inputs = keras.Input((3,))
    model = keras.Model(inputs, [ops.round(inputs, 1), ops.round(inputs, decimals=-1)])
    for found in ([ops.round(x, 1), ops.round(x, decimals=-1)], model(x)):
        np.testing.assert_allclose(found[0], [[1.2, -0.4, 166]], rtol=1e-6)
        np.testing.assert_allclose(found[1], [[0, 0, 170]], rtol=1e-6)


def test_great_numbers_and_infinity_stay_what_they_are() -> None:
    """As in Keras: logaddexp of equal infinities, hypot of numbers whose squares overflow, its slope where both are 0."""
    most = np.float32(np.inf)
    np.testing.assert_array_equal(ops.logaddexp(np.array([most, -most, most]), np.array([most, -most, -most])), [most, -most, most])
    np.testing.assert_allclose(ops.hypot(np.array([3e30, 0], "float32"), np.array([4e30, 0], "float32")), [5e30, 0], rtol=1e-6)
    inputs = keras.Input((2,))
    model = keras.Model(inputs, ops.hypot(inputs[:, :1], inputs[:, 1:]))
    (slope,) = pull_back(model._ready_engine(), [np.array([[0, 0], [3, 4]], "float32")], [np.ones((2, 1), "float32")]).inputs
    np.testing.assert_allclose(slope, [[0, 0], [0.6, 0.8]], rtol=1e-6)
