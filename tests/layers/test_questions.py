"""What a layer answers without computing: compute_output_shape, compute_output_spec, compute_mask, build. As keras 3.15."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import tinyseq as keras
from tinyseq import layers

SHAPES: list[tuple[Any, Any, Any]] = [
    (layers.Dense(3), ((None, 4),), (None, 3)),
    (layers.Conv2D(2, 3, strides=2), ((5, 9, 9, 1),), (5, 4, 4, 2)),
    (layers.Embedding(10, 4), ((None, 7),), (None, 7, 4)),
    (layers.Add(), ([(2, 3), (2, 3)],), (2, 3)),
    (layers.Concatenate(), ([(None, 3), (None, 5)],), (None, 8)),
    (layers.LSTM(3, return_sequences=True, return_state=True), ((None, 5, 2),), [(None, 5, 3), (None, 3), (None, 3)]),
    (layers.MultiHeadAttention(2, 4), ((None, 5, 8), (None, 6, 8)), (None, 5, 8)),
    (keras.Sequential([layers.Dense(3), layers.Dense(2)]), ((None, 4),), (None, 2)),
]


@pytest.mark.parametrize(("layer", "given", "expected"), SHAPES, ids=[type(layer).__name__ for layer, _, _ in SHAPES])
def test_the_shape_that_comes_out(layer: Any, given: Any, expected: Any) -> None:
    assert layer.compute_output_shape(*given) == expected
    assert not layer.built


def test_shapes_by_name() -> None:
    layer = layers.MultiHeadAttention(2, 4)
    assert layer.compute_output_shape(query_shape=(None, 5, 8), value_shape=(None, 6, 8)) == (None, 5, 8)
    layer.build(query_shape=(None, 5, 8), value_shape=(None, 6, 8))
    assert layer.built and layer.count_params() == 4 * 72


def test_a_tensor_without_numbers() -> None:
    found = layers.Conv1D(3, 2).compute_output_spec(keras.Input((8, 2)))
    assert (found.shape, found.dtype) == ((None, 7, 3), "float32")
    assert layers.Dense(3).compute_output_spec(np.ones((2, 4), "float32")).shape == (2, 3)


def test_a_shape_that_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match=r"is larger than|SC1"):
        layers.Conv2D(2, 9).compute_output_shape((None, 4, 4, 1))


def test_a_layer_of_whole_numbers_is_built_without_a_shape() -> None:
    layer = layers.Embedding(5, 2)
    layer.build()
    assert layer.embeddings.shape == (5, 2)
    with pytest.raises(TypeError, match=r"build\(\) needs the shape of the input, for example dense.*\.build\(\(None, 4\)\)"):
        layers.Dense(3).build()


ON, OFF = np.array([[True, True, False]]), np.array([[True, False, False]])
X = np.ones((1, 3, 2))


def test_masks_that_come_out() -> None:
    both = [X, X]
    np.testing.assert_array_equal(layers.Dense(2).compute_mask(X, ON), ON)
    np.testing.assert_array_equal(layers.Add().compute_mask(both, [ON, OFF]), ON | OFF)
    assert layers.Add().compute_mask(both, [ON, None]) is None and layers.Add().compute_mask(both) is None
    np.testing.assert_array_equal(layers.Concatenate(1).compute_mask(both, [ON, None]), [[1, 1, 0, 1, 1, 1]])
    np.testing.assert_array_equal(layers.Concatenate().compute_mask(both, [ON, None]), [[1, 1, 1]])
    np.testing.assert_array_equal(layers.Attention().compute_mask(both, [OFF, ON]), OFF)
    np.testing.assert_array_equal(layers.Masking(0.0).compute_mask(np.array([[[0, 0], [0, 1]]])), [[0, 1]])
    np.testing.assert_array_equal(layers.Embedding(5, 2, mask_zero=True).compute_mask(np.array([[0, 3]])), [[0, 1]])
    assert layers.Embedding(5, 2).compute_mask(np.array([[0, 3]])) is None
    assert layers.LSTM(2).compute_mask(X, ON) is None
    np.testing.assert_array_equal(layers.LSTM(2, return_sequences=True).compute_mask(X, ON), ON)


def test_masks_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="`mask` should be a list"):
        layers.Add().compute_mask([X, X], ON)
    with pytest.raises(ValueError, match="should have the same length: got 2 inputs and 1 masks"):
        layers.Add().compute_mask([X, X], [ON])
    with pytest.raises(TypeError, match="does not support masking"):
        layers.Flatten().compute_mask(X, ON)


def test_what_supports_masks_says_so() -> None:
    names = "Dense Add Maximum Concatenate Dot Masking LSTM GRU SimpleRNN BatchNormalization Attention MultiHeadAttention Softmax"
    arguments: dict[str, tuple[Any, ...]] = dict.fromkeys(("Dense", "LSTM", "GRU", "SimpleRNN"), (2,))
    arguments |= {"Dot": (1,), "MultiHeadAttention": (2, 2)}
    assert all(getattr(layers, name)(*arguments.get(name, ())).supports_masking for name in names.split())
    assert layers.Embedding(5, 2, mask_zero=True).supports_masking and not layers.Embedding(5, 2).supports_masking
    assert not layers.Flatten().supports_masking and not layers.Conv1D(2, 2).supports_masking


def test_the_input_by_name() -> None:
    layer = layers.Dense(3)
    np.testing.assert_array_equal(layer(inputs=X), layer(X))
    with pytest.raises(TypeError, match=r"a call has no argument 'input' here: write dense.*\(x\)"):
        layer(input=X)
    with pytest.raises(TypeError, match="a call has no argument 'inputs' here"):
        layer(X, inputs=X)


def test_a_weight_that_is_left_out_is_none() -> None:
    dense, norm = layers.Dense(3, use_bias=False), layers.BatchNormalization(scale=False, center=False)
    dense(X)
    norm(X)
    assert dense.bias is None and norm.gamma is None and norm.beta is None
    with pytest.raises(AttributeError):
        layers.Dense(3).bias  # noqa: B018


def test_several_shapes_of_compute_output_shape_are_several_tensors() -> None:
    class Pair(layers.Layer):
        def compute_output_shape(self, input_shape: Any) -> Any:
            return input_shape, (*input_shape[:-1], 7)

        def call(self, x: Any) -> Any:
            raise RuntimeError("shapes need no call")

    found = Pair().compute_output_spec(keras.Input((3,)))
    assert isinstance(found, tuple) and [one.shape for one in found] == [(None, 3), (None, 7)]


def test_a_weight_has_its_constraint_as_an_object() -> None:
    for layer in (layers.Dense(2, kernel_constraint="non_neg"), layers.Dense(2, kernel_constraint=keras.constraints.NonNeg())):
        layer.build((None, 3))
        assert isinstance(layer.kernel.constraint, keras.constraints.NonNeg) and layer.bias.constraint is None


def test_wrappers_say_that_they_pass_masks() -> None:
    assert layers.TimeDistributed(layers.Dense(2)).supports_masking and layers.Bidirectional(layers.LSTM(2)).supports_masking
