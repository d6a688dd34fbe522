"""Lookup layers that adapt: their arguments, data and inputs. Used by a recorder and a test."""

from __future__ import annotations

from typing import Any

import numpy as np

CASES: dict[str, dict[str, Any]] = {
    "int": {},
    "masked": {"mask_token": 0, "num_oov_indices": 2},
    "multi_hot": {"output_mode": "multi_hot"},
    "tf_idf": {"output_mode": "tf_idf"},
}
LEARN = np.array([[1, 5, 7], [5, 5, 7]])
ASK = np.array([[1, 5, 9], [7, 0, 5]])


def model(keras: Any, name: str) -> Any:
    """A lookup that has learnt, and before it another, so that places are counted."""
    first, second = keras.layers.IntegerLookup(output_mode="multi_hot"), keras.layers.IntegerLookup(**CASES[name])
    first.adapt(np.array([[3, 4]]))
    second.adapt(LEARN)
    start = keras.Input((3,), dtype="int64")
    return keras.Model(start, [first(start), second(start)])
