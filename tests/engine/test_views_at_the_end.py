"""Models that end in layers which only show their input in another shape, or pass it on: their output is the caller's array."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import tinyseq as keras
from tinyseq import layers

RUNS = 6


def functional(make: Callable[[Any], Any], shape: tuple[int, ...] = (6, 6, 2)) -> Any:
    inputs = keras.Input(shape)
    return keras.Model(inputs, make(inputs))


def two_views(x: Any) -> list[Any]:
    hidden = layers.Conv2D(4, 3)(x)
    return [layers.Flatten()(hidden), layers.Reshape((4, 16))(hidden)]


def view_and_reader(x: Any) -> list[Any]:
    flat = layers.Flatten()(layers.Conv2D(4, 3)(x))
    return [flat, layers.Dense(2)(flat)]


CASES: dict[str, Callable[[], Any]] = {
    "dense_reshape": lambda: keras.Sequential([keras.Input((6, 6, 2)), layers.Flatten(), layers.Dense(8), layers.Reshape((2, 4))]),
    "conv_flatten": lambda: functional(lambda x: layers.Flatten()(layers.Conv2D(4, 3, activation="relu")(x))),
    "pool_flatten": lambda: functional(lambda x: layers.Flatten()(layers.MaxPooling2D(2)(x))),
    "conv_dropout": lambda: functional(lambda x: layers.Dropout(0.5)(layers.Conv2D(4, 3)(x))),
    "two_views_in_a_row": lambda: functional(lambda x: layers.Reshape((16, 4))(layers.Flatten()(layers.Conv2D(4, 3)(x)))),
    "two_views_of_one": lambda: functional(two_views),
    "view_and_reader": lambda: functional(view_and_reader),
    "hidden_and_view": lambda: functional(lambda x: (lambda h: [h, layers.Flatten()(h)])(layers.Conv2D(4, 3)(x))),
    "view_twice": lambda: functional(lambda x: (lambda f: [f, f])(layers.Flatten()(layers.Conv2D(4, 3)(x)))),
    "output_twice": lambda: functional(lambda x: (lambda h: [h, h])(layers.Conv2D(4, 3)(x))),
    "view_of_the_input": lambda: functional(lambda x: layers.Reshape((12, 6))(layers.Flatten()(x))),
    "under_normalization": lambda: functional(lambda x: layers.Flatten()(layers.BatchNormalization()(layers.Conv2D(4, 3)(x)))),
}


def by_layers(model: Any, x: Any) -> list[Any]:
    """The outputs, one layer after the other, each called alone."""
    values = {model.inputs[0].node: x}
    for node in model._built_graph("numbers").nodes:
        if node not in values:
            given = [values[tensor.node] for tensor in node.inputs]
            values[node] = node.rule(*given) if given else x
    return [values[tensor.node] for tensor in model.outputs]


@pytest.mark.parametrize("name", CASES)
def test_predictions(name: str) -> None:
    model = CASES[name]()
    for seed in range(RUNS):
        x = np.random.default_rng(seed).standard_normal((5, 6, 6, 2), np.float32)
        found = model.predict_on_batch(x)
        found = found if isinstance(found, list) else [found]
        for one, expected in zip(found, by_layers(model, x), strict=True):
            np.testing.assert_allclose(one, np.reshape(expected, one.shape), rtol=1e-5, atol=1e-6)
        np.testing.assert_array_equal(model.predict(x, batch_size=2, verbose=0)[0], found[0] if len(found) > 1 else found[0][0])


@pytest.mark.parametrize("name", [name for name in CASES if name != "view_of_the_input"])
def test_training_follows_the_slope(name: str) -> None:
    """A step of SGD changes the loss by the rate times the square of the gradient: what it took off the weights."""
    model = CASES[name]()
    model.compile(keras.optimizers.SGD(learning_rate=1e-3), "mse")
    rng = np.random.default_rng(0)
    for _ in range(RUNS):
        x = rng.standard_normal((5, 6, 6, 2), np.float32)
        shapes = model.output_shape if isinstance(model.output_shape, list) else [model.output_shape]
        zeros = [np.zeros((5, *shape[1:]), np.float32) for shape in shapes]
        y = zeros if len(zeros) > 1 else zeros[0]
        if name in ("conv_dropout", "under_normalization"):
            model.train_on_batch(x, y)
            continue
        weights = model.get_weights()
        before = model.test_on_batch(x, y)
        model.train_on_batch(x, y)
        moved = sum(float(np.sum((new - old).astype(np.float64) ** 2)) for new, old in zip(model.get_weights(), weights, strict=True))
        after = model.test_on_batch(x, y)
        before, after = (value[0] if isinstance(value, list) else value for value in (before, after))
        np.testing.assert_allclose(before - after, moved / 1e-3, rtol=0.05)


def test_the_head_taken_off() -> None:
    model = keras.Sequential([keras.Input((6, 6, 2)), layers.Conv2D(4, 3), layers.Flatten(), layers.Dense(3)])
    x = np.ones((2, 6, 6, 2), np.float32)
    model.predict(x, verbose=0)
    model.pop()
    np.testing.assert_allclose(model.predict(x, verbose=0), np.reshape(model.layers[0](x), (2, -1)), rtol=1e-6)


@pytest.mark.parametrize("normalized", [False, True])
def test_an_output_given_twice_trains_as_one_that_counts_twice(normalized: bool) -> None:
    def weights(twice: bool) -> list[Any]:
        keras.utils.set_random_seed(4)
        inputs = keras.Input((6, 6, 2))
        x = layers.Conv2D(4, 3)(inputs)
        x = layers.BatchNormalization()(x) if normalized else x
        x = layers.Dense(3)(x)
        model = keras.Model(inputs, [x, x] if twice else x)
        model.compile(keras.optimizers.SGD(0.01), "mse", loss_weights=None if twice else 2.0)
        data = np.random.default_rng(0).standard_normal((5, 6, 6, 2), np.float32)
        target = np.zeros((5, 4, 4, 3), np.float32)
        for _ in range(RUNS):
            model.train_on_batch(data, [target, target] if twice else target)
        return list(model.get_weights())

    for one, other in zip(weights(True), weights(False), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-6)
