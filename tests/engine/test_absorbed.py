"""A relu after BatchNormalization or Add becomes part of it, and nobody can tell but by the time it takes."""

from typing import Any

import numpy as np
import pytest

import tinyseq as keras
from tests.engine.test_cropping import plan_of
from tinyseq import layers
from tinyseq.engine.plan import Plan


class OwnReLU(layers.ReLU):
    """A user's own, of which the engine does not know what it does."""

    def forward(self, ctx: Any, *inputs: Any) -> Any:
        return super().forward(ctx, *inputs)


def residual(relu: Any = layers.ReLU, axis: int = -1, trainable: bool = True) -> Any:
    """Conv, BN, relu, and around a second BN a shortcut that is wider than what it is added to, relu."""
    keras.utils.set_random_seed(5)
    inputs = keras.Input((5, 7, 3))
    x = layers.Conv2D(17, 3, use_bias=False)(inputs)
    x = relu()(layers.BatchNormalization(axis=axis)(x))
    normalization = layers.BatchNormalization()
    normalization.trainable = trainable
    x = relu()(layers.Add()([x, normalization(layers.Conv2D(17, 1)(x))]))
    x = layers.Activation("relu6")(layers.Add()([x, layers.GlobalAveragePooling2D(keepdims=True)(x), x]))
    return keras.Model(inputs, layers.Dense(4, activation="softmax")(layers.Flatten()(x)))


def names(model: Any) -> list[str]:
    return [type(op.layer).__name__ + (f"+{op.absorbed}" if op.absorbed else "") for op in plan_of(model).ops]


def trained(model: Any) -> list[Any]:
    """Losses, weights and predictions of a few steps, in several shards."""
    random = np.random.default_rng(0)
    x, y = random.normal(0, 2, (11, 5, 7, 3)).astype(np.float32), random.integers(0, 4, 11)
    model.compile("sgd", "sparse_categorical_crossentropy")
    losses = [model.train_on_batch(x, y) for _ in range(5)]
    return [np.array(losses), *model.get_weights(), model.predict(x, verbose=0)]


def apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on every relu is computed by itself."""
    monkeypatch.setattr(Plan, "_absorb", lambda self: None)


def test_a_relu_that_alone_reads_a_normalization_or_a_sum_is_no_operation_of_its_own() -> None:
    found = names(residual())
    assert found[1] == "BatchNormalization+relu"
    assert [name for name in found if name.startswith("Add")] == ["Add+relu", "Add+relu6"]
    assert not {"ReLU", "Activation"} & set(found)


@pytest.mark.parametrize("options", [{}, {"axis": 1}, {"trainable": False}], ids=["plain", "axis 1", "frozen"])
def test_what_is_absorbed_gives_the_bits_of_what_is_computed_by_itself(options: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    together = trained(residual(**options))
    apart(monkeypatch)
    assert "ReLU" in names(residual(**options))
    for one, other in zip(together, trained(residual(**options)), strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("activation", ["relu", "relu6"])
def test_a_frozen_normalization_with_its_relu_passes_the_gradient(activation: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def model() -> Any:
        keras.utils.set_random_seed(6)
        frozen = layers.BatchNormalization()
        frozen.trainable = False
        return keras.Sequential([keras.Input((5, 7, 3)), layers.Conv2D(17, 3), frozen, layers.Activation(activation), layers.Flatten(),
                                 layers.Dense(4, activation="softmax")])  # fmt: skip

    assert f"BatchNormalization+{activation}" in names(model())
    together = trained(model())
    apart(monkeypatch)
    for one, other in zip(together, trained(model()), strict=True):
        np.testing.assert_array_equal(one, other)


def test_a_relu_stays_by_itself_where_somebody_else_reads_what_it_reads_or_it_is_not_ours() -> None:
    inputs = keras.Input((6,))
    x = layers.BatchNormalization()(inputs)
    twice = keras.Model(inputs, layers.Concatenate()([layers.ReLU()(x), x]))
    shown = keras.Model(inputs, [layers.ReLU()(x), x])
    leaky = keras.Sequential([keras.Input((6,)), layers.BatchNormalization(), layers.ReLU(negative_slope=0.1)])
    for model in (twice, shown, leaky):
        assert {"BatchNormalization", "ReLU"} <= set(names(model))
    assert names(residual(OwnReLU)).count("OwnReLU") == 2
