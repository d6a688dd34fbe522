"""Losses and metrics of an output with open axes, as in Keras 3.15 (numbers recorded from it)."""

from typing import Any

import numpy as np
import pytest

import tinyseq as keras
from tinyseq import layers

RANDOM = np.random.default_rng(0)
ONE_HOT = np.eye(5)[RANDOM.integers(0, 5, (8, 9))].astype("float32")
LABELS = RANDOM.integers(0, 5, (8, 9))
YES = RANDOM.integers(0, 2, (8, 9, 1)).astype("float32")
RANDOM.random(8)
WEIGHTS = RANDOM.random((8, 9)).astype("float32")
X = np.random.default_rng(1).normal(size=(8, 9, 3)).astype("float32")


def _model(units: int, loss: str, **options: Any) -> Any:
    constant = keras.initializers.Constant(0.1)
    x = keras.Input((None, 3))
    h = layers.Dense(4, activation="tanh", kernel_initializer="ones")(x)
    model = keras.Model(x, layers.Dense(units, "softmax" if units > 1 else "sigmoid", kernel_initializer=constant)(h))
    model.compile("sgd", loss, **options)
    return model


@pytest.mark.parametrize(("units", "loss", "y", "history"), [
    (5, "categorical_crossentropy", ONE_HOT, {"accuracy": [0.1528, 0.1944], "loss": [1.6097, 1.6093]}),
    (5, "sparse_categorical_crossentropy", LABELS, {"accuracy": [0.1528, 0.2222], "loss": [1.6095, 1.6085]}),
    (5, "sparse_categorical_crossentropy", LABELS[..., None], {"accuracy": [0.1528, 0.2222], "loss": [1.6095, 1.6085]}),
    (1, "binary_crossentropy", YES, {"accuracy": [0.5139, 0.5139], "loss": [0.7011, 0.7008]}),
    (1, "binary_crossentropy", YES[..., 0], {"accuracy": [0.5139, 0.5139], "loss": [0.7011, 0.7008]}),
])  # fmt: skip
def test_accuracy_of_an_output_of_any_length(units: int, loss: str, y: Any, history: dict[str, Any]) -> None:
    found = _model(units, loss, metrics=["accuracy"]).fit(X, y, epochs=2, batch_size=3, shuffle=False, verbose=0).history
    assert found == {name: pytest.approx(values, abs=6e-5) for name, values in history.items()}


@pytest.mark.parametrize(("loss", "y", "accuracy", "weighted", "validated"), [
    ("categorical_crossentropy", ONE_HOT, [0.1667, 0.2083], [0.194, 0.2473], [0.8643, 0.8638]),
    ("sparse_categorical_crossentropy", LABELS, [0.1667, 0.2083], [0.1621, 0.2446], [0.8643, 0.8639]),
])  # fmt: skip
def test_weights_of_steps_of_an_output_of_any_length(loss: str, y: Any, accuracy: Any, weighted: Any, validated: Any) -> None:
    model = _model(5, loss, metrics=["accuracy"], weighted_metrics=["accuracy"])
    options = {"epochs": 2, "batch_size": 3, "shuffle": False, "verbose": 0}
    found = model.fit(X, y, sample_weight=WEIGHTS, validation_data=(X, y, WEIGHTS), **options).history
    assert found["accuracy"] == pytest.approx(accuracy, abs=6e-5)
    assert found["weighted_accuracy"] == pytest.approx(weighted, abs=6e-5)
    assert found["loss"] == pytest.approx([0.8648, 0.8643], abs=6e-5)
    assert found["val_loss"] == pytest.approx(validated, abs=6e-5)


def test_batches_of_other_lengths_follow_each_other() -> None:
    model = _model(5, "categorical_crossentropy", metrics=["accuracy"])
    for steps in (9, 4, 7):
        assert 0 <= model.train_on_batch(X[:, :steps], ONE_HOT[:, :steps])[1] <= 1


@pytest.mark.parametrize("steps", [8, 10])
def test_targets_of_another_length_than_the_output_are_refused(steps: int) -> None:
    x = keras.Input((None, 3))
    model = keras.Model(x, layers.Dense(5)(x))
    model.compile("sgd", "mse")
    with pytest.raises(ValueError, match=rf"targets have shape \(8, {steps}, 5\), predictions \(8, 9, 5\)"):
        model.fit(X, np.ones((8, steps, 5), "float32"), verbose=0)
