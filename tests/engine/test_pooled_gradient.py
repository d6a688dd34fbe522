"""The gradient that max pooling hands to the convolution before it: the same numbers, less memory, only where it may."""

from typing import Any

import numpy as np
import pytest

import tinyseq as keras
from tinyseq import layers
from tinyseq.engine.plan import Mode, Plan
from tinyseq.kernels.matrix.simd import LANES

ROUNDING = 1e-7
"""Of weights after one step. In the next steps a near-tie of pooling or relu may fall otherwise, and then they differ by more."""


class OwnPooling(layers.MaxPooling2D):
    """The same, but with a backward of the user's own: that one must be called."""

    calls = 0

    def backward(self, ctx: Any, *gradients: Any) -> Any:
        OwnPooling.calls += 1
        super().backward(ctx, *gradients)
        return ctx.input_gradient()


def convnet(pooling: Any = layers.MaxPooling2D, pool: int = 3, **options: Any) -> Any:
    """Two convolutions, each before a pooling."""
    keras.utils.set_random_seed(3)
    options = {"activation": "relu", **options}
    return keras.Sequential(
        [
            keras.Input((26, 28, 3)),
            layers.Conv2D(LANES, 3, activation="relu"),
            layers.Conv2D(32, 3, **options),
            pooling(pool),
            layers.Conv2D(16, 3, **{"padding": "same", **options}),
            pooling(2),
            layers.GlobalAveragePooling2D(),
            layers.Dense(5, activation="softmax"),
        ]
    )


def data(count: int = 12) -> tuple[Any, Any]:
    """(pictures, labels)"""
    return np.random.default_rng(0).standard_normal((count, 26, 28, 3), np.float32), np.arange(count) % 5


def trained(model: Any, steps: int = 1) -> list[Any]:
    """The weights after some steps."""
    model.compile("sgd", "sparse_categorical_crossentropy")
    for _ in range(steps):
        model.train_on_batch(*data())
    return list(model.get_weights())


def plan_of(model: Any, batch: int = 4) -> Plan:
    """How it trains."""
    shape = (batch, *tuple(model.inputs[0].shape)[1:])
    return Plan(model.graph, (shape,), Mode(training=True, backward=True, trained=model.trainable_weights))


def handed(plan: Plan) -> list[str]:
    """The kinds of layers that take a pooling's gradient as it is."""
    return [type(op.layer).__name__ for op in plan.ops if op.handed is not None]


@pytest.mark.parametrize("pool", [2, 3])
@pytest.mark.parametrize("activation", ["relu", "tanh", None])
@pytest.mark.parametrize("padding", ["valid", "same"])
def test_training_gives_the_numbers_of_a_gradient_written_out(pool: int, activation: str | None, padding: str) -> None:
    options = {"pool": pool, "activation": activation, "padding": padding}
    model = convnet(**options)
    assert handed(plan_of(model)) == ["Conv2D", "Conv2D"]
    OwnPooling.calls = 0
    for got, wanted in zip(trained(model), trained(convnet(OwnPooling, **options)), strict=True):
        np.testing.assert_allclose(got, wanted, rtol=0, atol=ROUNDING)
    assert OwnPooling.calls > 0


def test_the_gradient_of_the_pooled_image_takes_no_memory() -> None:
    model, own = plan_of(convnet()), plan_of(convnet(OwnPooling))
    assert handed(own) == []
    image = next(op.outputs[0] for op in model.ops if op.handed is not None)
    assert ("gradient", image) in own.lifetimes.intervals
    assert ("gradient", image) not in model.lifetimes.intervals
    assert model.placement.total < own.placement.total


def test_weights_are_not_packed_for_a_gradient_that_reads_them_where_they_are() -> None:
    def packed(pooling: Any) -> list[str]:
        model = convnet(pooling)
        trained(model)
        return sorted({name for layer in model.layers for _, made in layer._prepared.values() for name in made if "backward" in name})

    assert packed(layers.MaxPooling2D) == ["backward", "direct_backward"]  # of Dense, and of the first convolution
    assert packed(OwnPooling) != packed(layers.MaxPooling2D)


def test_so_does_training_a_wide_net_whose_windows_are_taken_in_pairs() -> None:
    found = []
    for pooling in (layers.MaxPooling2D, OwnPooling):
        keras.utils.set_random_seed(5)
        stack = [layers.Conv2D(64, 3, activation="relu"), layers.Conv2D(128, 3, padding="same", activation="relu"), pooling(2)]
        model = keras.Sequential([keras.Input((26, 28, 3)), *stack, layers.GlobalAveragePooling2D(), layers.Dense(5, activation="softmax")])
        assert handed(plan_of(model)) == (["Conv2D"] if pooling is layers.MaxPooling2D else [])
        found.append(trained(model))
    for got, wanted in zip(*found, strict=True):
        np.testing.assert_allclose(got, wanted, rtol=0, atol=ROUNDING)


def test_numbers_do_not_depend_on_threads() -> None:
    keras.set_num_threads(1)
    one = trained(convnet(), steps=3)
    keras.set_num_threads(3)
    for got, wanted in zip(trained(convnet(), steps=3), one, strict=True):
        np.testing.assert_array_equal(got, wanted)


def test_a_pooling_that_ends_the_model_hands_its_gradient_back_too() -> None:
    def ending(pooling: Any) -> Any:
        keras.utils.set_random_seed(1)
        inner = layers.Conv2D(LANES, 3, padding="same")  # so that the convolution before the pooling reads no array of the caller's
        stack = [inner, layers.Conv2D(16, 3, activation="relu"), pooling(3)]
        return keras.Sequential([keras.Input((14, 14, LANES)), *stack])

    x = np.random.default_rng(1).standard_normal((6, 14, 14, LANES), np.float32)
    found = []
    for pooling in (layers.MaxPooling2D, OwnPooling):
        model = ending(pooling)
        assert handed(plan_of(model)) == (["Conv2D"] if pooling is layers.MaxPooling2D else [])
        model.compile("sgd", "mse")
        for step in range(2):  # the caller's arrays differ from step to step
            model.train_on_batch(x + step, np.ones((6, 4, 4, 16), np.float32))
        found.append(model.get_weights())
    for got, wanted in zip(*found, strict=True):
        np.testing.assert_allclose(got, wanted, rtol=0, atol=ROUNDING)


def test_an_image_that_two_layers_read_gets_its_gradient_written_out() -> None:
    image = keras.Input((14, 14, LANES))
    shared = layers.Conv2D(16, 3, activation="relu")(image)
    both = layers.Concatenate()([layers.MaxPooling2D(3)(shared), layers.AveragePooling2D(3)(shared)])
    model = keras.Model(image, layers.GlobalAveragePooling2D()(both))
    assert handed(plan_of(model)) == []


def test_an_image_that_the_model_puts_out_gets_its_gradient_written_out() -> None:
    image = keras.Input((14, 14, LANES))
    shared = layers.Conv2D(16, 3, activation="relu")(image)
    model = keras.Model(image, [shared, layers.MaxPooling2D(3)(shared)])
    assert handed(plan_of(model)) == []


def test_a_global_pooling_over_an_image_of_three_by_three_spreads_its_gradient() -> None:
    stack = [layers.Conv2D(16, 3), layers.GlobalMaxPooling2D()]
    assert handed(plan_of(keras.Sequential([keras.Input((5, 5, LANES)), *stack]))) == []


@pytest.mark.parametrize(
    "options",
    [
        {"activation": "gelu"},  # its slope reads its input, which is known everywhere but not kept where it was chosen
        {"activation": "softmax"},
        {"strides": 2},
        {"dilation_rate": 2},
    ],
)
def test_a_convolution_that_cannot_take_it_gets_it_written_out(options: dict[str, Any]) -> None:
    model = keras.Sequential([keras.Input((20, 20, LANES)), layers.Conv2D(16, 3, **options), layers.MaxPooling2D(2)])
    assert handed(plan_of(model)) == []


def test_layers_of_batch_statistics_after_the_pooling_change_nothing() -> None:
    found = []
    for pooling in (layers.MaxPooling2D, OwnPooling):
        keras.utils.set_random_seed(2)
        stack = [layers.Conv2D(16, 3, activation="relu"), pooling(3), layers.BatchNormalization(), layers.Conv2D(16, 3), pooling(2)]
        model = keras.Sequential([keras.Input((26, 26, LANES)), *stack, layers.Flatten(), layers.Dense(3, activation="softmax")])
        assert len(handed(plan_of(model))) == (2 if pooling is layers.MaxPooling2D else 0)
        model.compile("sgd", "sparse_categorical_crossentropy")
        model.train_on_batch(np.random.default_rng(4).standard_normal((12, 26, 26, LANES), np.float32), np.arange(12) % 3)
        found.append(model.get_weights())
    for got, wanted in zip(*found, strict=True):
        np.testing.assert_allclose(got, wanted, rtol=1e-6, atol=ROUNDING)


def test_a_frozen_convolution_hands_on_to_what_lies_below() -> None:
    found = []
    for pooling in (layers.MaxPooling2D, OwnPooling):
        model = convnet(pooling)
        model.layers[1].trainable = False
        found.append(trained(model))
    for got, wanted in zip(*found, strict=True):
        np.testing.assert_allclose(got, wanted, rtol=0, atol=ROUNDING)


def test_prediction_after_training_and_training_after_prediction_see_no_leftovers() -> None:
    model, x = convnet(), data()[0]
    trained(model)
    first = model.predict(x, verbose=0)
    model.compile("sgd", "sparse_categorical_crossentropy")
    before = model.get_weights()
    model.train_on_batch(*data())
    model.set_weights(before)
    np.testing.assert_array_equal(model.predict(x, verbose=0), first)
