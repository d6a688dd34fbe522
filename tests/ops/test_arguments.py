"""Arguments of tinyseq.ops that once were taken and not followed. Numbers by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

import tinyseq as keras
from tinyseq import ops

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
