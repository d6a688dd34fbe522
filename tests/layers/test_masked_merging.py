"""Multiply, Maximum and Minimum of inputs with masks: numbers and gradients of keras 3.15 (tests/oracle/record_masked_merging.py)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tinyseq as keras
from tinyseq import layers

RECORDED = np.load(Path(__file__).parents[1] / "oracle" / "masked_merging.npz")
CASES = [key for key in RECORDED.files if key.endswith(")")]


class Weighted(keras.losses.Loss):
    """The sum of outputs times targets."""

    def rows(self, t: Any, p: Any) -> Any:
        return (p * t).sum(1)

    def slopes(self, t: Any, p: Any, weight: Any, g: Any) -> None:
        g[...] = t * weight[:, None]


@pytest.mark.parametrize("case", CASES)
def test_a_step_that_is_left_out_does_not_count(case: str) -> None:
    name, _, which = case.partition(" ")
    masked = [word.strip("(),") == "1" for word in which.split()]
    inputs = [keras.Input((4, 2)) for _ in masked]
    given = [layers.Masking()(i) if has else i for i, has in zip(inputs, masked, strict=True)]
    model = keras.Model(inputs, getattr(layers, name)()(given))
    x = list(RECORDED["x"])
    np.testing.assert_array_equal(model.predict(x), RECORDED[case])
    found = keras.gradients(model, x, RECORDED["weight"], loss=Weighted(reduction="sum")).inputs
    np.testing.assert_allclose(np.stack(found), RECORDED[f"{case} gradients"], rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("name", ["Multiply", "Maximum", "Minimum"])
def test_the_mask_goes_on_where_all_inputs_have_one(name: str) -> None:
    """LSTM leaves out steps that all inputs leave out: the same as without these steps."""
    keras.set_random_seed(1)
    a, b = keras.Input((4, 2)), keras.Input((4, 2))
    joined = getattr(layers, name)()([layers.Masking()(a), layers.Masking()(b)])
    model = keras.Model([a, b], layers.LSTM(3)(joined))
    x = np.ones((2, 2, 4, 2), "float32")
    x[:, :, 2:] = 0
    short = keras.Model([a, b], layers.LSTM(3)(joined))
    short.set_weights(model.get_weights())
    late = np.concatenate([np.zeros((2, 2, 2, 2), "float32"), np.ones((2, 2, 2, 2), "float32")], 2)
    np.testing.assert_allclose(model.predict(list(x)), short.predict(list(late)), rtol=1e-6)


def test_a_gradient_is_summed_over_the_features_along_which_an_input_was_repeated() -> None:
    """By hand: y = a b, so that the gradient of b is the sum of a over the features; 0 where both leave the step out."""
    a, b = keras.Input((3, 2)), keras.Input((3, 1))
    model = keras.Model([a, b], layers.Multiply()([layers.Masking()(a), layers.Masking()(b)]))
    x = [np.array([[[2, 3], [0, 0], [0, 0]]], np.float32), np.array([[[5], [7], [0]]], np.float32)]
    found = keras.gradients(model, x, loss=lambda p: p)
    np.testing.assert_array_equal(found.outputs, [[[10, 15], [7, 7], [0, 0]]])
    np.testing.assert_array_equal(found.inputs[0], [[[5, 5], [0, 0], [0, 0]]])
    np.testing.assert_array_equal(found.inputs[1], [[[5], [2], [0]]])


def test_an_operator_drops_masks_where_its_layer_keeps_them() -> None:
    """Keras 3.15: x + y of masked tensors has no mask, Add()([x, y]) has theirs. LSTM(2) of ones on steps of 4.5, two of them masked."""
    i = keras.Input((4,), dtype="int32")
    x = layers.Embedding(10, 3, mask_zero=True, embeddings_initializer="ones")(i)
    half = layers.Embedding(10, 3, mask_zero=True, embeddings_initializer=keras.initializers.Constant(0.5))(i)
    x = layers.Dense(3, kernel_initializer="ones", bias_initializer="ones")(x)
    last = [layers.LSTM(2, kernel_initializer="ones", recurrent_initializer="ones") for _ in range(4)]
    joined = [x + half, x - half, x * half, layers.Add()([x, half])]
    with pytest.warns(UserWarning, match="does not support masking"):
        found = keras.Model(i, [one(z) for one, z in zip(last, joined, strict=True)])(np.array([[1, 2, 0, 0]]))
    np.testing.assert_allclose([float(np.asarray(one)[0, 0]) for one in found], [0.99933, 0.99933, 0.99898, 0.96403], atol=1e-5)
