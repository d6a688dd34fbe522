"""Rows and columns behind the last pooling window are not computed, and nobody can tell."""

from typing import Any

import numpy as np
import pytest

import tinyseq as keras
from tinyseq import layers
from tinyseq.engine.plan import Mode, Plan


class OwnConv2D(layers.Conv2D):
    """A user's own, of which the engine does not know what it does."""

    def forward(self, ctx: Any, *inputs: Any) -> Any:
        return super().forward(ctx, *inputs)


class OwnPooling2D(layers.MaxPooling2D):
    def forward(self, ctx: Any, *inputs: Any) -> Any:
        return super().forward(ctx, *inputs)


class OwnConv1D(layers.Conv1D):
    def forward(self, ctx: Any, *inputs: Any) -> Any:
        return super().forward(ctx, *inputs)


def plan_of(model: Any, batch: int = 3) -> Plan:
    """How it trains."""
    shape = (batch, *tuple(model.inputs[0].shape)[1:])
    return Plan(model.graph, (shape,), Mode(training=True, backward=True, trained=model.trainable_weights))


def convnet(pool: Any, conv: Any = layers.Conv2D, image: Any = (35, 37, 3), **options: Any) -> Any:
    """A convolution before a pooling whose gradient goes on to one before it."""
    keras.utils.set_random_seed(3)
    kind = layers.Conv1D if len(image) == 2 else layers.Conv2D
    return keras.Sequential(
        [
            keras.Input(image),
            kind(16, 3, padding="same", activation="relu"),
            conv(16, **{"kernel_size": 3, "activation": "tanh", **options}),
            pool,
            layers.Flatten(),
            layers.Dense(5, activation="softmax"),
        ]
    )


POOLS = {
    "3x3": (lambda: layers.MaxPooling2D(3), (33, 33)),
    "2x2": (lambda: layers.MaxPooling2D(2), (32, 34)),
    "3x3 by 2": (lambda: layers.MaxPooling2D(3, strides=2), (33, 35)),
    "average 2x4": (lambda: layers.AveragePooling2D((2, 4)), (32, 32)),
    "2x2 by 5": (lambda: layers.AveragePooling2D(2, strides=5), (32, 32)),
    "same": (lambda: layers.MaxPooling2D(3, padding="same"), (33, 35)),
}


@pytest.mark.parametrize("pool", POOLS)
def test_the_image_before_pooling_has_what_windows_read(pool: str) -> None:
    make, read = POOLS[pool]
    plan, whole = plan_of(convnet(make())), plan_of(convnet(make(), OwnConv2D))
    assert (3, *read, 16) in plan.shapes
    assert (3, 33, 35, 16) in whole.shapes
    assert plan.placement.total <= whole.placement.total


CONVOLUTIONS: dict[str, dict[str, Any]] = {
    "winograd": {},
    "relu": {"activation": "relu"},
    "same": {"padding": "same"},
    "direct": {"kernel_size": (2, 4)},
    "folded": {"kernel_size": 5, "strides": 2},
    "strides": {"strides": (3, 2)},
    "dilation": {"dilation_rate": 2},
    "groups": {"groups": 4},
}


@pytest.mark.parametrize("pool", POOLS)
@pytest.mark.parametrize("name", CONVOLUTIONS)
def test_predictions_and_steps_are_those_of_whole_images(pool: str, name: str) -> None:
    model, whole = (convnet(POOLS[pool][0](), conv, **CONVOLUTIONS[name]) for conv in (layers.Conv2D, OwnConv2D))
    same_numbers(model, whole, np.random.default_rng(0).standard_normal((5, 35, 37, 3), np.float32))


@pytest.mark.parametrize("strides", [1, 2])
def test_sequences_likewise(strides: int) -> None:
    model, whole = (
        convnet(layers.MaxPooling1D(4), conv, (31, 2), strides=strides) for conv in (layers.Conv1D, OwnConv1D)
    )
    assert (3, 28 if strides == 1 else 12, 16) in plan_of(model).shapes
    same_numbers(model, whole, np.random.default_rng(0).standard_normal((5, 31, 2), np.float32))


def same_numbers(model: Any, whole: Any, x: Any) -> None:
    """Predictions, and weights after a step of each."""
    np.testing.assert_allclose(model.predict(x, verbose=0), whole.predict(x, verbose=0), atol=1e-6)
    for one in (model, whole):
        one.compile("sgd", "sparse_categorical_crossentropy")
        one.train_on_batch(x, np.arange(5))
    for got, wanted in zip(model.get_weights(), whole.get_weights(), strict=True):
        np.testing.assert_allclose(got, wanted, atol=1e-5)


def test_a_pooling_of_the_users_own_sees_the_whole_image() -> None:
    assert (3, 33, 35, 16) in plan_of(convnet(OwnPooling2D(2))).shapes


def test_what_somebody_else_reads_too_is_whole() -> None:
    inputs = keras.Input((16, 16, 3))
    image = layers.Conv2D(16, 3)(inputs)
    pooled = layers.MaxPooling2D(3)(image)
    both = keras.Model(inputs, [image, pooled])
    added = keras.Model(inputs, [pooled, layers.GlobalAveragePooling2D()(image)])
    x = np.ones((2, 16, 16, 3), np.float32)
    assert both.predict(x, verbose=0)[0].shape == (2, 14, 14, 16)
    assert both.predict(x, verbose=0)[1].shape == (2, 4, 4, 16)
    for model in (both, added):
        assert (3, 14, 14, 16) in plan_of(model).shapes
    assert (3, 12, 12, 16) in plan_of(keras.Model(inputs, pooled)).shapes


def test_scratch_suits_the_tiles_of_the_cropped_image() -> None:
    """25x25 outputs go by tiles of 4, the 24x24 of them that are pooled by tiles of 6, which need more."""
    from tinyseq.kernels.convolution import winograd

    plan = plan_of(convnet(layers.AveragePooling2D(2), image=(25, 25, 3), padding="same"))
    [op] = [op for op in plan.ops if plan.shapes[op.outputs[0]][1:] == (24, 24, 16)]
    g = op.layer.geometry((3, 25, 25, 16))
    cropped = g._replace(rows=24, columns=24)
    assert (winograd.tile_for(16, 25, 25), winograd.tile_for(16, 24, 24)) == (4, 6)
    assert op.buffers.backward["scratch"][0][0] >= winograd.weight_gradient_scratch(cropped)
    assert op.buffers.forward["scratch"][0][0] >= winograd.forward_scratch(cropped)
