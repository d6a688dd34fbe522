"""Lookup layers that adapt: their arguments, data and inputs, of numbers and of words. Used by a recorder and a test."""

from __future__ import annotations

from typing import Any

import numpy as np

CASES: dict[str, tuple[str, dict[str, Any]]] = {
    "int": ("IntegerLookup", {}),
    "masked": ("IntegerLookup", {"mask_token": 0, "num_oov_indices": 2}),
    "multi_hot": ("IntegerLookup", {"output_mode": "multi_hot"}),
    "tf_idf": ("IntegerLookup", {"output_mode": "tf_idf"}),
    "words": ("StringLookup", {}),
    "words_masked": ("StringLookup", {"mask_token": "", "num_oov_indices": 3}),
    "words_count": ("StringLookup", {"output_mode": "count"}),
    "words_tf_idf": ("StringLookup", {"output_mode": "tf_idf"}),
    "texts": ("TextVectorization", {"output_sequence_length": 6}),
    "texts_cut": ("TextVectorization", {"output_sequence_length": 2, "ngrams": 2, "standardize": "lower"}),
    "texts_multi_hot": ("TextVectorization", {"output_mode": "multi_hot"}),
    "texts_tf_idf": ("TextVectorization", {"output_mode": "tf_idf", "max_tokens": 6}),
    "hashes": ("Hashing", {"num_bins": 11, "mask_value": "blue"}),
}
WORDS = np.array([["red", "green", "blue"], ["green", "green", "blue"]])
TEXTS = np.array([["The red cat, the green dog."], ["A dog sat down"], ["green dog"]])
LEARN = {"IntegerLookup": np.array([[1, 5, 7], [5, 5, 7]]), "StringLookup": WORDS, "TextVectorization": TEXTS}
ASK_TEXTS = np.array([["the Dog and the cat"], ["green, green grass"], ["down"], [""]])
ASK_WORDS = np.array([["red", "green", "grün"], ["blue", "", "green"]])
ASK = {"IntegerLookup": np.array([[1, 5, 9], [7, 0, 5]]), "StringLookup": ASK_WORDS, "TextVectorization": ASK_TEXTS, "Hashing": ASK_WORDS}
"""What a model is asked, by the class of its lookup."""


def model(keras: Any, name: str) -> Any:
    """A lookup that has learnt, and before it another, so that places are counted."""
    kind, arguments = CASES[name]
    second = getattr(keras.layers, kind)(**arguments)
    if kind in LEARN:
        second.adapt(LEARN[kind])
    if kind == "IntegerLookup":
        first = keras.layers.IntegerLookup(output_mode="multi_hot")
        first.adapt(np.array([[3, 4]]))
    else:
        first = keras.layers.StringLookup(output_mode="multi_hot")
        first.adapt(np.array([["cat", "dog", "green"]]))
    asked = ASK[kind]
    start = keras.Input(asked.shape[1:], dtype="int64" if asked.dtype.kind == "i" else "string")
    return keras.Model(start, [first(start), second(start)])


def ask(name: str) -> Any:
    """The input of the model of that name."""
    return ASK[CASES[name][0]]
