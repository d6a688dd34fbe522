"""Penalties on outputs are in the loss, and in the gradients, as in Keras (tests/oracle/added_losses.json)."""

import json
from pathlib import Path

import numpy as np
import pytest

import tinyseq as keras
from tests.data import added_losses
from tinyseq import layers

KERAS = json.loads((Path(__file__).parents[1] / "oracle" / "added_losses.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", list(added_losses.MODELS))
@pytest.mark.parametrize("threads", [1, 2])
def test_penalties_on_outputs_give_the_losses_and_weights_of_keras(name: str, threads: int) -> None:
    keras.set_num_threads(threads)
    ours, theirs = added_losses.answers(keras, name), KERAS[name]
    for what in ("losses", "evaluated", "history"):
        np.testing.assert_allclose(ours[what], theirs[what], rtol=2e-5, err_msg=what)
    for one, other in zip(ours["weights"], theirs["weights"], strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-6)


def test_a_layer_alone_says_what_it_added_in_its_last_call() -> None:
    layer = layers.ActivityRegularization(l1=0.5, l2=0.25)
    assert layer.losses == []
    layer(np.array([[1.0, -2.0], [0.0, 4.0]]))
    assert layer.losses == [pytest.approx((0.5 * 7 + 0.25 * 21) / 2)]
    layer(np.array([[2.0, 0.0]]))
    assert layer.losses == [pytest.approx(2.0)]


def test_a_penalty_of_ones_own_is_computed_in_python() -> None:
    class Cubes(keras.regularizers.L1L2):
        def penalty(self, w: object) -> float:
            return float((np.asarray(w) ** 4).sum())

        def add_gradient(self, w: object, gradient: object) -> None:
            gradient += 4 * np.asarray(w) ** 3  # type: ignore[operator]

    model = keras.Sequential([keras.Input((2,)), layers.Dense(1, kernel_initializer="ones", activity_regularizer=Cubes())])
    model.compile(keras.optimizers.SGD(0.01), "mse")
    history = model.fit(np.array([[0.5, 0.5], [1.0, 0.0]]), np.ones((2, 1)), verbose=0)
    assert history.history["loss"] == [pytest.approx(1.0)]  # outputs of 1: squares 0, fourth powers 1
    np.testing.assert_allclose(model.get_weights()[0].ravel(), [1 - 0.01 * 4 * 0.75, 1 - 0.01 * 4 * 0.25], rtol=1e-6)
