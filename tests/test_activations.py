"""tinyseq.activations in layers, by name and as configurations. The numbers of each are in tests/ops."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import tinyseq as keras
from tinyseq import activations, layers, ops
from tinyseq.engine.differentiation import pull_back

FUNCTIONS = [name for name in activations.__all__ if name not in ("get", "serialize", "deserialize")]


def _output(activation: Any) -> Any:
    x = np.random.default_rng(5).normal(0, 2, (6, 4)).astype("float32")
    keras.set_random_seed(3)
    return np.asarray(keras.Sequential([keras.Input((4,)), layers.Dense(6, activation=activation)])(x))


@pytest.mark.parametrize("name", [name for name in FUNCTIONS if name not in ("glu", "sparsemax", "threshold")])
def test_a_layer_takes_the_function_as_its_name_and_computes_what_the_function_does(name: str) -> None:
    function = getattr(activations, name)
    by_name = _output(name)
    np.testing.assert_array_equal(_output(function), by_name)
    np.testing.assert_allclose(by_name, np.asarray(function(_output(None))), rtol=2e-5, atol=2e-6)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_names_and_functions_are_found_from_each_other(name: str) -> None:
    function = getattr(activations, name)
    assert activations.get(name) is function is activations.get(function) is activations.deserialize(name)
    assert activations.serialize(function) == {"swish": "silu", "hard_swish": "hard_silu"}.get(name, name)
    assert activations.get({"class_name": "function", "config": name}) is function


def test_a_layer_is_an_activation_too() -> None:
    layer = layers.LeakyReLU(negative_slope=0.25)
    again = activations.deserialize(activations.serialize(layer))
    assert activations.get(layer) is layer
    assert (type(again), again.negative_slope) == (layers.LeakyReLU, 0.25)


def test_what_is_unknown_is_refused() -> None:
    assert activations.get(None) is activations.linear
    with pytest.raises(ValueError, match="identifier: 'rleu': did you mean 'relu'"):
        activations.get("rleu")
    with pytest.raises(ValueError, match="identifier: 3: write a name"):
        activations.get(3)
    with pytest.raises(ValueError, match="activation mine cannot be serialized"):
        activations.serialize(mine)
    assert activations.deserialize("mine", {"mine": mine}) is mine


def mine(x: Any) -> Any:
    return x


def test_a_layer_names_the_way_for_what_it_does_not_compute() -> None:
    for function in (activations.glu, activations.sparsemax, activations.threshold):
        with pytest.raises(NotImplementedError, match="is not computed inside a layer"):
            _output(function)


def test_sparsemax_is_the_papers() -> None:
    """By hand: two of [1, 0.5, -1] are in the support, which lies (1.5 - 1) / 2 above 0; a lead of 1 takes all."""
    x = np.array([[1.0, 0.5, -1.0], [2.0, 0.5, 1.0], [0.2, 0.2, 0.2]], np.float32)
    expected = [[0.75, 0.25, 0], [1, 0, 0], [1 / 3, 1 / 3, 1 / 3]]
    np.testing.assert_allclose(activations.sparsemax(x), expected, atol=1e-6)
    np.testing.assert_allclose(activations.sparsemax(x.T, axis=0), np.transpose(expected), atol=1e-6)
    inside = keras.Input((3,))
    model = keras.Model(inside, activations.sparsemax(inside))
    np.testing.assert_allclose(np.asarray(model(x)), expected, atol=1e-6)
    found = pull_back(model._ready_engine(), [x[:1]], [np.array([[1.0, 0, 0]], np.float32)])
    np.testing.assert_allclose(found.inputs[0], [[0.5, -0.5, 0]], atol=1e-6)  # less the mean over the support


def test_sparsemax_needs_a_known_size() -> None:
    with pytest.raises(ValueError, match="the size of axis -1 of"):
        activations.sparsemax(keras.Input((None,)))


def test_a_model_with_functions_is_saved_and_loaded(tmp_path: Any) -> None:
    model = keras.Sequential([keras.Input((4,)), layers.Dense(6, activation=activations.gelu), layers.Activation(ops.softmax)])
    model.save(tmp_path / "a.keras")
    again = keras.models.load_model(tmp_path / "a.keras")
    x = np.ones((2, 4), np.float32)
    np.testing.assert_array_equal(np.asarray(again(x)), np.asarray(model(x)))


def test_a_function_that_is_only_named_like_an_activation_is_refused() -> None:
    def swish(x: Any) -> Any:
        return ops.multiply(x, ops.sigmoid(ops.multiply(x, 3.0)))

    for function in (swish, ops.gelu):  # ops.gelu is the approximation by tanh
        with pytest.raises(NotImplementedError, match="cannot be computed: name one"):
            keras.Sequential([keras.Input((4,)), layers.Activation(function)])
        with pytest.raises(NotImplementedError, match=r"put your own layer after this one|write activation='gelu'"):
            _output(function)
    np.testing.assert_array_equal(_output(ops.relu), _output("relu"))
