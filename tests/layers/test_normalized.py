"""At prediction a layer and the BatchNormalization after it are one operator: its numbers are those of both, one after the other."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest

import tinyseq as keras
from tinyseq import layers
from tinyseq.engine import partition
from tinyseq.engine.plan import PREDICT, Plan
from tinyseq.layers.normalized import Normalized

LAYERS = {
    "winograd": (lambda: layers.Conv2D(40, 3, padding="same"), (13, 11, 24)),
    "without a bias": (lambda: layers.Conv2D(24, 3, use_bias=False), (13, 12, 16)),
    "strides": (lambda: layers.Conv2D(24, 3, strides=2), (21, 17, 3)),
    "phases": (lambda: layers.Conv2D(32, 4, strides=2, padding="same", use_bias=False), (32, 32, 32)),
    "1x1": (lambda: layers.Conv2D(21, 1, use_bias=False), (5, 7, 19)),
    "groups": (lambda: layers.Conv2D(12, 3, groups=3), (9, 7, 6)),
    "any size": (lambda: layers.Conv2D(16, 3, padding="same"), (None, None, 16)),
    "sequence": (lambda: layers.Conv1D(7, 3, padding="causal"), (9, 5)),
    "depthwise": (lambda: layers.DepthwiseConv2D(3, padding="same", use_bias=False), (9, 8, 16)),
    "twice depthwise": (lambda: layers.DepthwiseConv2D(3, depth_multiplier=2), (9, 8, 5)),
    "separable": (lambda: layers.SeparableConv2D(11, 3, use_bias=False), (9, 8, 6)),
    "separable sequence": (lambda: layers.SeparableConv1D(11, 3), (9, 6)),
    "dense": (lambda: layers.Dense(9), (13,)),
    "dense steps": (lambda: layers.Dense(9, use_bias=False), (4, 13)),
}  # fmt: skip
NORMALIZATIONS: dict[str, dict[str, Any]] = {"plain": {}, "without scale": {"scale": False}, "without center": {"center": False}}
ACTIVATIONS: dict[str, Any] = {"": None, "relu": layers.ReLU, "relu6": lambda: layers.ReLU(max_value=6)}


def model_of(layer: Any, shape: Any, options: Any, activation: Any) -> Any:
    """(a model of the layer, a normalization and an activation, the same that also returns what is between)."""
    x = keras.Input(shape)
    between = layer(x)
    y = layers.BatchNormalization(epsilon=0.01, **options)(between)
    z = y if activation is None else activation()(y)
    random = np.random.default_rng(3)
    model, both = keras.Model(x, z), keras.Model(x, [between, y, z])
    model.set_weights([random.uniform(0.2, 1.5, weight.shape) * random.choice([1, -1], weight.shape)
                       if "variance" not in weight.name else random.uniform(0.1, 4, weight.shape) for weight in model.weights])  # fmt: skip
    return model, both


def joined(model: Any, x: Any) -> list[Any]:
    """The joined operators of its prediction."""
    return [op.layer for op in Plan(model.graph, (x.shape,), PREDICT).ops if isinstance(op.layer, Normalized)]


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("normalization", NORMALIZATIONS)
@pytest.mark.parametrize("name", LAYERS)
def test_prediction_is_that_of_both_layers(name: str, normalization: str, activation: str) -> None:
    make, shape = LAYERS[name]
    model, both = model_of(make(), shape, NORMALIZATIONS[normalization], ACTIVATIONS[activation])
    x = np.random.default_rng(4).normal(0, 1, (3, *(size or 14 for size in shape))).astype(np.float32)
    assert len(joined(model, x)) == 1 and not joined(both, x)
    _, normalized, expected = both.predict(x, verbose=0)
    scale = np.abs(normalized).max()
    assert np.abs(model.predict(x, verbose=0) - expected).max() <= 1e-5 * scale
    for weight in model.weights:  # new weights are packed anew
        weight.assign(np.abs(weight.numpy()) * np.float32(0.75))
    _, normalized, expected = both.predict(x, verbose=0)
    assert np.abs(model.predict(x, verbose=0) - expected).max() <= 1e-5 * np.abs(normalized).max()
    again = copy.deepcopy(model)
    np.testing.assert_array_equal(again.predict(x, verbose=0), model.predict(x, verbose=0))


def test_channels_first_is_joined_over_its_channels() -> None:
    layer = layers.Conv2D(8, 3, data_format="channels_first")
    model, both = model_of(layer, (5, 9, 8), {"axis": 1}, layers.ReLU)
    x = np.random.default_rng(4).normal(0, 1, (3, 5, 9, 8)).astype(np.float32)
    expected = both.predict(x, verbose=0)[2]
    assert len(joined(model, x)) == 1
    np.testing.assert_allclose(model.predict(x, verbose=0), expected, atol=1e-5 * np.abs(expected).max())


@pytest.mark.parametrize("kind", ["training", "two readers", "activation", "axis", "own forward", "evaluates in training"])
def test_what_is_not_the_same_is_not_joined(kind: str) -> None:
    class Mine(layers.Dense):
        def forward(self, ctx: Any, *inputs: Any) -> Any:
            return 2 * super().forward(ctx, *inputs)

    x = keras.Input((6, 5))
    layer = Mine(4) if kind == "own forward" else layers.Dense(4, activation="tanh" if kind == "activation" else None)
    between = layer(x)
    y = layers.BatchNormalization(axis=1 if kind == "axis" else -1)(between, training=kind == "training" or None)
    model = keras.Model(x, layers.Add()([between, y]) if kind == "two readers" else y)
    data = np.random.default_rng(4).normal(0, 1, (3, 6, 5)).astype(np.float32)
    if kind == "evaluates in training":
        assert len(joined(model, data)) == 1
        assert not np.allclose(model(data, training=True), model.predict(data, verbose=0))
        return
    assert not joined(model, data)
    model.predict(data, verbose=0)


def test_a_layer_with_two_normalizations_predicts_by_each() -> None:
    layer, x = layers.Dense(4), keras.Input((5,))
    models = [keras.Model(x, layers.BatchNormalization(beta_initializer=start)(layer(x))) for start in ("zeros", "ones")]
    data = np.random.default_rng(4).normal(0, 1, (3, 5)).astype(np.float32)
    for _ in range(2):
        first, second = (model.predict(data, verbose=0) for model in models)
        np.testing.assert_allclose(second, first + 1, atol=1e-6)


def test_the_bits_of_a_prediction_do_not_depend_on_how_many_samples_are_together(monkeypatch: pytest.MonkeyPatch) -> None:
    def predicted() -> tuple[Any, list[int]]:
        keras.utils.set_random_seed(3)
        inputs = x = keras.Input((20, 20, 32))
        for filters in (256, 64, 48):
            x = layers.Conv2D(filters, 3, padding="same", activation="relu")(x)
        model = keras.Model(inputs, layers.GlobalAveragePooling2D()(layers.SeparableConv2D(256, 3)(x)))
        found = model.predict(np.random.default_rng(1).normal(0, 1, (8, 20, 20, 32)).astype(np.float32), verbose=0)
        return found, [shard.stop - shard.start for one in model._ready_engine()._schedules.values() for shard in one.shards]

    monkeypatch.setattr(partition, "together", lambda plan: 1)
    alone, one = predicted()
    for count in (3, 8):
        monkeypatch.setattr(partition, "together", lambda plan, count=count: count)
        found, sizes = predicted()
        assert max(sizes) > max(one)
        np.testing.assert_array_equal(found, alone)


def test_samples_are_together_where_their_arrays_are_smaller_than_the_weights() -> None:
    inputs = keras.Input((4, 4, 512))
    deep = keras.Model(inputs, layers.Conv2D(512, 3, padding="same")(inputs))  # 9.4 MB of weights, 64 KiB a sample and layer
    assert partition.together(Plan(deep.graph, ((8, 4, 4, 512),), PREDICT)) >= 8
    inputs = keras.Input((128, 128, 32))
    wide = keras.Model(inputs, layers.Conv2D(32, 3, padding="same")(inputs))
    assert partition.together(Plan(wide.graph, ((8, 128, 128, 32),), PREDICT)) == 1
