"""Losses and metrics of an output with open axes, as in Keras (tests/oracle/open_axes.json)."""

import json
from pathlib import Path

import numpy as np
import pytest

import tinyseq as keras
from tests.data import open_axes
from tests.data.open_axes import ONE_HOT, X
from tinyseq import layers

KERAS = json.loads((Path(__file__).parents[1] / "oracle" / "open_axes.json").read_text(encoding="utf-8"))


def same(ours: dict[str, list[float]], theirs: dict[str, list[float]]) -> None:
    assert ours == {name: pytest.approx(values, abs=2e-6) for name, values in theirs.items()}


@pytest.mark.parametrize("name", open_axes.CASES)
def test_accuracy_of_an_output_of_any_length(name: str) -> None:
    same(open_axes.history(keras, name), KERAS[name])


@pytest.mark.parametrize("name", open_axes.WEIGHTED)
def test_weights_of_steps_of_an_output_of_any_length(name: str) -> None:
    same(open_axes.weighted(keras, name), KERAS[f"{name}, weighted"])


def test_batches_of_other_lengths_follow_each_other() -> None:
    model = open_axes.model(keras, 5, "categorical_crossentropy", metrics=["accuracy"])
    for steps in (9, 4, 7):
        assert 0 <= model.train_on_batch(X[:, :steps], ONE_HOT[:, :steps])[1] <= 1


@pytest.mark.parametrize("steps", [8, 10])
def test_targets_of_another_length_than_the_output_are_refused(steps: int) -> None:
    x = keras.Input((None, 3))
    model = keras.Model(x, layers.Dense(5)(x))
    model.compile("sgd", "mse")
    with pytest.raises(ValueError, match=rf"targets have shape \(8, {steps}, 5\), predictions \(8, 9, 5\)"):
        model.fit(X, np.ones((8, steps, 5), "float32"), verbose=0)
