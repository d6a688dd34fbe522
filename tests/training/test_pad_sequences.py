"""pad_sequences: the arrays were printed by keras.utils.pad_sequences of Keras 3.15."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tinyseq.utils import pad_sequences

SEQUENCES = [[1, 2, 3], [4], [], [5, 6, 7, 8]]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, [[0, 1, 2, 3], [0, 0, 0, 4], [0, 0, 0, 0], [5, 6, 7, 8]]),
        ({"maxlen": 2}, [[2, 3], [0, 4], [0, 0], [7, 8]]),
        ({"maxlen": 6, "padding": "post"}, [[1, 2, 3, 0, 0, 0], [4, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0], [5, 6, 7, 8, 0, 0]]),
        ({"maxlen": 2, "truncating": "post"}, [[1, 2], [0, 4], [0, 0], [5, 6]]),
        ({"maxlen": 3, "padding": "post", "truncating": "post", "value": 9, "dtype": "float32"},
         [[1.0, 2.0, 3.0], [4.0, 9.0, 9.0], [9.0, 9.0, 9.0], [5.0, 6.0, 7.0]]),
    ],
)
def test_rows_are_those_of_keras(options: dict[str, Any], expected: list[Any]) -> None:
    found = pad_sequences(SEQUENCES, **options)
    assert found.tolist() == expected
    assert found.dtype == options.get("dtype", "int32")


def test_steps_may_be_vectors() -> None:
    found = pad_sequences([[[1, 2]], [[3, 4], [5, 6]]], dtype="float32")
    assert found.tolist() == [[[0, 0], [1, 2]], [[3, 4], [5, 6]]]


@pytest.mark.parametrize(
    ("sequences", "options", "words"),
    [
        ([1, 2], {}, "sequence 0 is 1, not a list"),
        ([[1]], {"padding": "left"}, "padding='left': expected 'pre' or 'post'"),
        ([[1]], {"truncating": "left"}, "truncating='left': expected 'pre' or 'post'"),
        ([[1]], {"value": "pad"}, "pass dtype=object"),
        ([[[1, 2]], [[1, 2, 3]]], {}, r"sequence 1 have the shape \(3,\), those of others \(2,\)"),
    ],
)
def test_what_is_no_list_of_sequences_is_refused(sequences: Any, options: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        pad_sequences(sequences, **options)


def test_nothing_is_kept_of_sequences_cut_to_no_length() -> None:
    assert pad_sequences(SEQUENCES, maxlen=0).shape == (4, 0) == np.empty((4, 0)).shape
