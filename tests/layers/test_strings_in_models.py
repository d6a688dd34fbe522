"""Models that begin with strings: their numbers are those of the same layers called on arrays; no string stays behind."""

from __future__ import annotations

import gc
from typing import Any

import numpy as np
import pytest

from tinyseq import Input, Model, Sequential, layers
from tinyseq.engine import strings

TEXTS = np.array([["The cat sat."], ["a dog sat down"], ["dog, dog"], ["nothing known here"]])


def lengths() -> Any:
    """Indices of words, and their sum as the one output."""
    words = layers.TextVectorization(output_sequence_length=5, vocabulary=["sat", "dog", "cat", "the"])
    return words, Sequential([Input((1,), dtype="string"), words, layers.Rescaling(0.5)])


@pytest.mark.parametrize("kind", (np.str_, object, "bytes"))
def test_a_model_of_strings_computes_what_its_layers_compute_on_arrays(kind: Any) -> None:
    words, model = lengths()
    given = np.char.encode(TEXTS) if kind == "bytes" else TEXTS.astype(kind)
    expected = words(TEXTS) * np.float32(0.5)
    assert expected[1].tolist() == [0.5, 1.5, 1.0, 0.5, 0.0]  # a: unknown, dog, sat, down: unknown, no fifth word
    np.testing.assert_array_equal(model.predict(given, verbose=0), expected)
    np.testing.assert_array_equal(model(given), expected)
    np.testing.assert_array_equal(model.predict(given, batch_size=3, verbose=0), expected)


def test_a_model_learns_from_strings_as_from_their_numbers() -> None:
    def trained(first: list[Any], x: Any) -> Any:
        model = Sequential([*first, layers.Embedding(4, 3, embeddings_initializer="ones"), layers.Flatten(), layers.Dense(1, "sigmoid")])
        model.layers[-1].set_weights([np.arange(6, dtype=np.float32).reshape(6, 1) / 10, np.zeros(1, np.float32)])
        model.compile("adam", "binary_crossentropy")
        model.fit(x, np.array([0.0, 1, 1]), epochs=3, batch_size=2, shuffle=False, verbose=0, validation_data=(x, np.array([0.0, 1, 1])))
        return model.get_weights()

    words = np.array([["a", "b"], ["b", "z"], ["c", "a"]])
    lookup = layers.StringLookup(vocabulary=["a", "b", "c"])
    as_strings = trained([Input((2,), dtype="string"), lookup], words)
    for mine, theirs in zip(as_strings, trained([Input((2,), dtype="int64")], lookup(words)), strict=True):
        np.testing.assert_array_equal(mine, theirs)


def test_two_inputs_of_strings_and_numbers_and_one_that_is_hashed() -> None:
    name, size = Input((2,), dtype="string", name="name"), Input((1,), name="size")
    bins = layers.Hashing(11)
    model = Model([name, size], layers.Concatenate()([layers.Rescaling(1.0)(bins(name)), size]))
    words = np.array([["red", "green"], ["", "grün"]])
    found = model.predict({"name": words, "size": np.array([[1.5], [2.5]])}, verbose=0)
    np.testing.assert_array_equal(found[:, :2], bins(words))
    assert found[:, 2].tolist() == [1.5, 2.5]


def test_strings_are_let_go_with_the_data() -> None:
    _, model = lengths()
    model.predict(TEXTS, verbose=0)
    for number in range(50):
        model.predict(np.char.add(TEXTS, str(number)), verbose=0)
    gc.collect()
    before = len(strings._TABLES)
    for number in range(50):
        model.predict(np.char.add(TEXTS, str(number)), verbose=0)
    gc.collect()
    assert len(strings._TABLES) <= before + 1


REFUSED = (
    (lambda: lengths()[1].predict(np.ones((2, 1)), verbose=0), TypeError, "takes strings, got an array of float64"),
    (lambda: lengths()[1].predict("abc", verbose=0), TypeError, r"expected an array of strings, got str: write \['abc'\]"),
    (lambda: Sequential([Input((1,), dtype="string"), layers.Dense(1)]).predict(TEXTS), ValueError, "has strings: put a StringLookup"),
    (lambda: Sequential([Input((1,)), layers.StringLookup(vocabulary=["a"])]).predict(np.ones((2, 1))), ValueError, "dtype='string'"),
    (lambda: Sequential([Input((1,), dtype="string"), layers.TextVectorization(vocabulary=["a"])]).predict(TEXTS), ValueError,
     "write output_sequence_length=100"),
    (lambda: Sequential([Input((1,)), layers.StringLookup(vocabulary=["a"], invert=True)]).predict(np.ones((2, 1))), NotImplementedError,
     "call the layer on its output"),
)  # fmt: skip


@pytest.mark.parametrize(("attempt", "kind", "says"), REFUSED)
def test_what_is_no_string_and_what_takes_none_is_refused(attempt: Any, kind: type[Exception], says: str) -> None:
    with pytest.raises(kind, match=says):
        attempt()
