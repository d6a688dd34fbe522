"""Models whose inputs and outputs are dictionaries, as Keras 3.15 has them: outputs are in the order of the sorted keys."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tinyseq as keras
from tinyseq import layers
from tinyseq.model import Functional

X = {"aa": np.array([[1, 2, 3], [4, 5, 6]], np.float32), "bb": np.array([[1, 0], [0, 2]], np.float32)}
Y = {"left": np.array([[1], [2]], np.float32), "right": np.array([[1, 3], [5, 7]], np.float32)}


def model() -> Any:
    """left = the sum of aa, right = 2 bb, before training."""
    a, b = keras.Input((3,), name="aa"), keras.Input((2,), name="bb")
    left = layers.Dense(1, name="l", kernel_initializer="ones")(a)
    right = layers.Dense(2, name="r", kernel_initializer=keras.initializers.Identity(2.0))(b)
    return keras.Model({"bb": b, "aa": a}, {"right": right, "left": left})


def check(outputs: Any) -> None:
    assert list(outputs) == ["right", "left"]
    np.testing.assert_allclose(outputs["left"], [[6], [15]])
    np.testing.assert_allclose(outputs["right"], [[2, 0], [0, 4]])


def test_predictions_are_a_dictionary_with_the_keys_of_the_outputs() -> None:
    made = model()
    assert made.output_names == ["l", "r"]
    assert [tensor.shape for tensor in made.outputs] == [(None, 1), (None, 2)]
    assert list(made.output) == ["right", "left"]
    assert made.input_names == ["aa", "bb"]
    check(made.predict(X, verbose=0))
    check(made.predict_on_batch(X))
    check(made(X))
    check(made([X["aa"], X["bb"]]))
    check(made.predict([X["aa"], X["bb"]], verbose=0))


def test_losses_targets_and_logs_go_by_the_keys() -> None:
    """By hand: left errs by 5 and 13, right by 1, -3, -5, -3: mse 97, mae 3; 97 + 2 * 3 = 103, and 9 is mae of left."""
    made = model()
    made.compile("sgd", loss={"left": "mse", "right": "mae"}, loss_weights={"left": 1, "right": 2}, metrics={"left": ["mae"]})
    found = made.evaluate(X, Y, verbose=0, return_dict=True)
    assert found == pytest.approx({"loss": 103, "left_loss": 97, "right_loss": 3, "left_mae": 9})
    assert made.evaluate(X, [Y["left"], Y["right"]], verbose=0, return_dict=True) == pytest.approx(found)
    history = made.fit(X, Y, batch_size=2, verbose=0).history
    assert {key: values[0] for key, values in history.items()} == pytest.approx(found)
    assert made.evaluate(X, Y, verbose=0, return_dict=True)["right_loss"] < 3
    with pytest.raises(ValueError, match="y: unknown output 'l': use left, right"):
        made.fit(X, {"l": Y["left"], "r": Y["right"]}, verbose=0)
    with pytest.raises(ValueError, match="no data for input 'bb'"):
        made.predict({"aa": X["aa"]}, verbose=0)


def test_sample_weights_go_by_the_keys() -> None:
    made = model()
    made.compile("sgd", loss={"left": "mse", "right": "mae"})
    weights = {"left": np.array([1, 0]), "right": np.array([0, 0])}
    made.fit(X, Y, sample_weight=weights, verbose=0)
    np.testing.assert_allclose(made.get_layer("r").kernel.numpy(), [[2, 0], [0, 2]])
    assert made.get_layer("l").kernel.numpy()[0, 0] < 1


def test_a_file_and_a_configuration_keep_the_dictionaries(tmp_path: Path) -> None:
    made = model()
    made.save(tmp_path / "two.keras")
    check(keras.models.load_model(tmp_path / "two.keras").predict(X, verbose=0))
    again = type(made).from_config(made.get_config())
    assert list(again.output) == ["right", "left"]
    assert list(keras.models.clone_model(made).output) == ["right", "left"]


def test_inside_another_model_the_outputs_are_taken_by_their_keys(tmp_path: Path) -> None:
    made = model()
    a, b = keras.Input((3,), name="aa"), keras.Input((2,), name="bb")
    inside = made({"bb": b, "aa": a})
    assert list(inside) == ["right", "left"]
    whole = keras.Model([a, b], layers.Concatenate()([inside["left"], inside["right"]]))
    expected = [[6, 2, 0], [15, 0, 4]]
    np.testing.assert_allclose(whole.predict([X["aa"], X["bb"]], verbose=0), expected)
    whole.save(tmp_path / "whole.keras")
    np.testing.assert_allclose(keras.models.load_model(tmp_path / "whole.keras").predict([X["aa"], X["bb"]], verbose=0), expected)
    again = type(whole).from_config(whole.get_config())
    again.set_weights(whole.get_weights())
    np.testing.assert_allclose(again.predict([X["aa"], X["bb"]], verbose=0), expected)


def test_keys_that_are_not_names_are_told() -> None:
    a = keras.Input((3,), name="aa")
    with pytest.warns(UserWarning, match=r"the key 'a' is of the input named 'aa'.*write Input\(\.\.\., name='a'\)"):
        keras.Model({"a": a}, layers.Dense(1)(a))
    with pytest.raises(TypeError, match="outputs: the key 3 is no text"):
        keras.Model(a, {3: layers.Dense(1)(a)})


def test_a_predict_step_of_a_subclass_returns_the_dictionary() -> None:
    class Own(Functional):
        def predict_step(self, data: Any) -> Any:
            return self(data[0])

    made = model()
    own = Own(dict(zip(made.input_names, made.inputs, strict=True)), made.output)
    check(own.predict(X, verbose=0))
