"""A model pickles and copies whole: the copy goes on training with the same bits, and shares nothing with the original."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tinyseq as keras
from tinyseq import layers

X = np.random.default_rng(0).standard_normal((40, 6)).astype(np.float32)
Y = (X[:, 0] > 0).astype(np.int64)


class Scale(layers.Layer):
    """(..., channels) -> the same, each channel times a number that is learnt."""

    def output_shape(self, input_shape: Any) -> Any:
        return input_shape

    def build(self, input_shape: Any) -> None:
        self.add_weight(name="factor", shape=(input_shape[-1],), initializer="ones")

    def forward(self, ctx: Any, x: Any) -> Any:
        return x * ctx.weight("factor")

    def backward(self, ctx: Any, gradient: Any) -> Any:
        ctx.gradient("factor")[...] += (gradient * ctx.inputs[0]).sum(axis=0)
        return gradient * ctx.weight("factor")


def squared(y: Any, p: Any) -> Any:
    """A metric of the user's own."""
    return (y.ravel() - p[:, 1]) ** 2


def by_joblib(model: Any, folder: Path) -> Any:
    joblib = pytest.importorskip("joblib", reason="no joblib: python -m pip install joblib")
    joblib.dump(model, folder / "model.joblib")
    return joblib.load(folder / "model.joblib")


COPIES: dict[str, Callable[[Any, Path], Any]] = {
    "pickle": lambda model, _: pickle.loads(pickle.dumps(model)),
    "deepcopy": lambda model, _: copy.deepcopy(model),
    "joblib": by_joblib,
}


def trained() -> Any:
    """With moving statistics, draws of dropout, an optimizer in its middle, metrics that have counted, own objects."""
    model = keras.Sequential([
        keras.Input((6,)), layers.Dense(8, activation="relu"), layers.BatchNormalization(), layers.Dropout(0.3), Scale(),
        layers.Dense(2, activation="softmax"),
    ])  # fmt: skip
    schedule = keras.optimizers.schedules.ExponentialDecay(0.01, 5, 0.9)
    metrics = ["accuracy", keras.metrics.SparseCategoricalAccuracy(name="counted"), squared]
    model.compile(keras.optimizers.Adam(schedule, clipnorm=1.0), "sparse_categorical_crossentropy", metrics=metrics)
    model.fit(X, Y, epochs=2, batch_size=8, verbose=0)
    return model


def history(model: Any) -> Any:
    return model.fit(X, Y, epochs=2, batch_size=8, shuffle=False, validation_split=0.2, verbose=0).history


@pytest.mark.parametrize("how", COPIES)
def test_a_copy_goes_on_training_with_the_same_bits_and_shares_nothing(how: str, tmp_path: Path) -> None:
    model = trained()
    other = COPIES[how](model, tmp_path)
    np.testing.assert_array_equal(other.predict(X), model.predict(X))
    before = model.get_weights()
    found = history(other)
    for kept, now in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(kept, now)
    assert found == history(model)
    assert int(other.optimizer.iterations) == int(model.optimizer.iterations) == 18
    for one, same in zip(model.get_weights(), other.get_weights(), strict=True):
        np.testing.assert_array_equal(one, same)


def test_a_metric_that_has_counted_before_begins_the_first_epoch_with_nothing() -> None:
    metric = keras.metrics.MeanSquaredError(name="mse")
    metric.update_state(np.zeros(1000), np.full(1000, 9.0))
    model = keras.Sequential([keras.Input((6,)), layers.Dense(1)])
    model.compile(keras.optimizers.SGD(0.0), "mse", metrics=[metric])
    logs = model.fit(X, Y[:, None], verbose=0).history
    assert logs["mse"] == pytest.approx(logs["loss"], rel=1e-6)


@pytest.mark.parametrize("how", ["pickle", "deepcopy"])
def test_a_layer_that_is_used_twice_stays_one_layer(how: str, tmp_path: Path) -> None:
    inputs, dense = keras.Input((6,)), layers.Dense(6)
    model = keras.Model(inputs, layers.Add()([dense(inputs), dense(dense(inputs))]))
    other = COPIES[how](model, tmp_path)
    assert len(other.weights) == 2
    assert other.layers[1] is not model.layers[1]
    np.testing.assert_array_equal(other.predict(X), model.predict(X))


def test_a_metric_that_another_model_has_used_begins_anew() -> None:
    x, y = np.ones((8, 2), np.float32), np.ones((8, 1), np.float32)
    metric = keras.metrics.MeanAbsoluteError(name="error")
    found = []
    for target in (y, y + 5):
        model = keras.Sequential([keras.Input((2,)), layers.Dense(1, kernel_initializer="zeros")])
        model.compile("sgd", "mse", metrics=[metric])
        found.append(model.train_on_batch(x, target, return_dict=True)["error"])
    assert found == [1, 6]
