"""A layer that call() calls on a constant learns as in Keras (tests/oracle/layers_on_constants.json)."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tinyseq as keras
from tests.data import layers_on_constants
from tinyseq import layers, ops

KERAS = json.loads((Path(__file__).parents[1] / "oracle" / "layers_on_constants.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", list(layers_on_constants.LAYERS))
def test_layers_on_constants_learn_as_in_keras(name: str) -> None:
    ours, theirs = layers_on_constants.answers(keras, name), KERAS[name]
    assert (ours["shapes"], ours["trainable"]) == (theirs["shapes"], theirs["trainable"])
    np.testing.assert_allclose(ours["first"], theirs["first"], rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(ours["history"], theirs["history"], rtol=1e-4)
    for one, other in zip(ours["weights"], theirs["weights"], strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-3, atol=1e-5)
    np.testing.assert_allclose(ours["last"], theirs["last"], rtol=1e-3, atol=1e-5)


class Added(layers.Layer):
    """Adds a projected table of positions, which are a constant, or the second input."""

    def __init__(self, steps: int, width: int, given: bool) -> None:
        super().__init__()
        self.steps, self.given = steps, given
        self.positions, self.dense = layers.Embedding(steps, width), layers.Dense(width)

    def call(self, inputs: Any) -> Any:
        x, places = inputs if self.given else (inputs, ops.arange(self.steps))
        return x + self.dense(self.positions(places))


def _pair(steps: int, width: int) -> list[Any]:
    """Equal models: positions as a constant, and as an input."""
    made = []
    for given in (False, True):
        x, places = keras.Input((steps, width)), keras.Input((steps,), dtype="int64")
        h = layers.Dense(width, activation="tanh")(x)
        h = layers.Dense(width, activation="tanh")(Added(steps, width, given)([h, places] if given else h))
        made.append(keras.Model([x, places] if given else x, layers.Dense(1)(h)))
    made[1].set_weights(made[0].get_weights())
    return made


@pytest.mark.parametrize(("steps", "width", "samples"), [(64, 96, 64), (16, 16, 16)], ids=["in groups", "as many as samples"])
@pytest.mark.parametrize("frozen", [False, True])
def test_a_constant_learns_as_the_same_numbers_from_an_input(steps: int, width: int, samples: int, frozen: bool) -> None:
    random = np.random.default_rng(0)
    x, y = random.normal(size=(samples, steps, width)).astype("float32"), random.normal(size=(samples, steps, 1)).astype("float32")
    inputs = x, [x, np.tile(np.arange(steps), (samples, 1))]
    losses, models = [], _pair(steps, width)
    for model, given in zip(models, inputs, strict=True):
        for layer in model.layers[:-2] if frozen else ():
            layer.trainable = False
        model.compile(keras.optimizers.SGD(0.05), "mse")
        losses.append(model.fit(given, y, epochs=3, batch_size=samples, shuffle=False, verbose=0).history["loss"])
    np.testing.assert_allclose(*losses, rtol=1e-6)
    for one, other in zip(*(model.get_weights() for model in models), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-6)
    if samples != steps:
        assert [schedule.groups > 1 for schedule in models[0]._engine._schedules.values()] == [True]
