"""What is done once for the whole batch: packed weights, sums, deferred gradients, the optimizer's update."""

import copy
from typing import Any

import numpy as np
import pytest

import tinyseq as keras
from tests.engine.conftest import STEP
from tests.engine.test_program import statistics
from tinyseq import layers
from tinyseq.engine.context import Context
from tinyseq.kernels.movement import copying


@pytest.mark.parametrize("frozen", [False, True])
def test_weights_are_packed_whatever_changes(frozen: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Steps, other weights in between, and layers that do not train."""

    def outcome() -> list[Any]:
        keras.utils.set_random_seed(1)
        model = keras.Sequential(
            [
                keras.Input((20, 20, 16)), layers.Conv2D(32, 3, activation="relu"), layers.Conv2D(32, 5, strides=2),
                layers.Flatten(), layers.Dense(200, activation="relu"), layers.Dense(4),
            ]
        )  # fmt: skip
        model.layers[0].trainable = not frozen
        model.compile("sgd", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
        rng, found = np.random.default_rng(0), []
        for step in range(12):
            x, y = rng.standard_normal((8, 20, 20, 16), np.float32), rng.integers(0, 4, 8)
            found += [model.train_on_batch(x, y), model.predict_on_batch(x)]
            if step in (6, 9):
                model.set_weights([weight * np.float32(1.1) for weight in model.get_weights()])
                found.append(model.predict_on_batch(x))
        return [*found, *model.get_weights()]

    found = outcome()
    monkeypatch.setattr(*STEP)
    for one, other in zip(found, outcome(), strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("base", [keras.optimizers.SGD, keras.optimizers.Adam, keras.optimizers.RMSprop])
def test_a_rate_that_a_subclass_hands_on_holds(base: Any) -> None:
    class Slower(base):  # type: ignore[misc]
        def update(self, p: Any, g: Any, kept: Any, rate: float) -> None:
            super().update(p, g, kept, rate / 4)

    def outcome(optimizer: Any) -> list[Any]:
        keras.utils.set_random_seed(1)
        model = keras.Sequential([keras.Input((6,)), layers.Dense(4)])
        model.compile(optimizer, "mse")
        rng = np.random.default_rng(0)
        for _ in range(4):
            model.train_on_batch(rng.random((8, 6), np.float32), rng.random((8, 4), np.float32))
        return model.get_weights()

    for found, expected in zip(outcome(Slower(0.04)), outcome(base(0.01)), strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-7)


def test_what_a_subclass_does_beside_the_kernel_is_done_every_time() -> None:
    class Bounded(keras.optimizers.SGD):
        def update(self, p: Any, g: Any, kept: Any, rate: float) -> None:
            super().update(p, g, kept, rate)
            np.clip(p, -0.1, 0.1, out=p)

    model = keras.Sequential([keras.Input((6,)), layers.Dense(4)])
    model.compile(Bounded(1.0), "mse")
    rng = np.random.default_rng(0)
    for _ in range(4):
        model.train_on_batch(rng.random((8, 6), np.float32), 9 + rng.random((8, 4), np.float32))
        assert max(np.abs(weight).max() for weight in model.get_weights()) <= np.float32(0.1)


def test_late_gradients_that_are_split_are_whole() -> None:
    """784 x 512 weights, 64 samples: a task for each thread."""
    before = keras.get_num_threads()
    keras.set_num_threads(2)
    try:
        keras.utils.set_random_seed(1)
        model = keras.Sequential([keras.Input((784,)), layers.Dense(512, use_bias=False), layers.Dense(1)])
        model.compile(keras.optimizers.SGD(0.01), "mse")
        rng = np.random.default_rng(0)
        for _ in range(4):
            x, y = rng.random((64, 784), np.float32), rng.random((64, 1), np.float32)
            first, second, bias = model.get_weights()
            hidden = x @ first
            slope = 2 * (hidden @ second + bias - y) / len(y)
            model.train_on_batch(x, y)
            np.testing.assert_allclose(model.get_weights()[0], first - 0.01 * (x.T @ (slope @ second.T)), rtol=1e-4, atol=1e-6)
        assert statistics(model)["parts"] == [2]
        assert statistics(model)["groups"] == [4]
    finally:
        keras.set_num_threads(before)


def test_a_rate_that_changes_is_taken_also_by_a_copy(monkeypatch: pytest.MonkeyPatch) -> None:
    def outcome() -> list[Any]:
        keras.utils.set_random_seed(1)
        model = keras.Sequential([keras.Input((6,)), layers.Dense(4)])
        model.compile(keras.optimizers.AdamW(0.01, weight_decay=0.1), "mse")
        rng = np.random.default_rng(0)
        for step in range(14):
            if step == 8:
                model.optimizer.learning_rate = 0.05
            if step == 11:
                model.optimizer.beta_1 = 0.5
            model.train_on_batch(rng.random((8, 6), np.float32), rng.random((8, 4), np.float32))
            assert statistics(model)["programs"] == 1 + (step >= 11 and not stepping), "another rate needs no other program"
        twin = copy.deepcopy(model.optimizer)
        assert twin.iterations == 14
        twin.apply([np.ones_like(weight.value) for weight in model.weights], model.weights)
        return model.get_weights()

    stepping = False
    found = outcome()
    stepping = True
    monkeypatch.setattr(*STEP)
    for one, other in zip(found, outcome(), strict=True):
        np.testing.assert_array_equal(one, other)


def test_what_a_user_derives_is_left_to_python() -> None:
    class Scaled(layers.Layer):
        """Its derived weights come from a kernel and from numpy."""

        def output_shape(self, input_shape: Any) -> Any:
            return input_shape

        def build(self, input_shape: Any) -> None:
            self.add_weight(name="factor", shape=(4,), initializer="ones")

        def derived(self, weights: Any, training: bool) -> dict[str, int]:
            return {"factor": 4}

        def prepare(self, calls: Any, weights: Any, derived: Any) -> None:
            copying.copy_all(weights["factor"], derived["factor"])
            derived["factor"] += 1

        def forward(self, ctx: Any, x: Any) -> Any:
            return x * ctx.prepared("factor")

    model = keras.Sequential([keras.Input((4,)), Scaled()])
    x = np.ones((2, 4), np.float32)
    for step in range(4):
        model.set_weights([np.full(4, step, np.float32)])
        np.testing.assert_array_equal(model.predict_on_batch(x), np.full((2, 4), step + 1))


def test_late_gradients_of_few_samples_are_written_not_added() -> None:
    """So few that the product is computed in plain loops, on what was cleared before."""
    keras.utils.set_random_seed(1)
    context = Context(training=True)
    rng = np.random.default_rng(0)
    x, dy = rng.standard_normal((2, 300), np.float32), rng.standard_normal((2, 64), np.float32)
    context.inputs, context.fresh = (x,), True
    layer = layers.Dense(64)
    keras.Sequential([keras.Input((300,)), layer])
    context._weights = {weight.name: weight.value for weight in layer.weights}
    context._gradients = {name: np.full_like(value, 7) for name, value in context._weights.items()}
    context._scratch = {"panels": np.empty(layer.buffers(((2, 300),), (2, 64), True).backward["panels"][0], np.float32)}
    layer.late_gradients(context, dy)
    np.testing.assert_allclose(context._gradients["kernel"], x.T @ dy, rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(context._gradients["bias"], dy.sum(0), rtol=1e-4, atol=1e-5)
