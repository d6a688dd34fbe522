"""Code of the user's own in Keras's style: call() of layers and models, Lambda, overrides. Numbers by hand or by NumPy."""

from typing import Any

import numpy as np
import pytest

import tinyseq as keras
from tinyseq import layers, ops
from tinyseq.engine.differentiation import pull_back

X = np.random.default_rng(0).normal(size=(8, 5)).astype(np.float32)


class Scale(layers.Layer):
    """x times a weight, plus the sum of the weight."""

    def build(self, input_shape: Any) -> None:
        self.factor = self.add_weight(shape=(input_shape[-1],), initializer="ones", name="factor")

    def call(self, x: Any) -> Any:
        return x * self.factor + ops.sum(self.factor * 2.0)


class Block(layers.Layer):
    def __init__(self, units: int, **options: Any) -> None:
        super().__init__(**options)
        self.inner = layers.Dense(units, activation="tanh")
        self.drop = layers.Dropout(0.5)
        self.outer = layers.Dense(5)

    def call(self, x: Any, training: bool | None = None) -> Any:
        h = self.inner(x)
        if training:
            h = self.drop(h, training=training)
        return x + self.outer(h)


class Net(keras.Model):
    def __init__(self) -> None:
        super().__init__()
        self.blocks = [Block(7), Block(6)]
        self.scale = Scale()
        self.last = layers.Dense(2)

    def call(self, x: Any, training: bool = False) -> Any:
        for block in self.blocks:
            x = block(x, training=training)
        return self.last(self.scale(x))


def test_the_weight_of_a_followed_layer_gets_its_gradient() -> None:
    layer = Scale()
    inputs = keras.Input((5,))
    model = keras.Model(inputs, layer(inputs))
    g = np.ones((8, 5), np.float32)
    found = pull_back(model._ready_engine(), [X], [g], model.weights)
    np.testing.assert_allclose(found.outputs[0], X + 10, rtol=1e-6)
    np.testing.assert_allclose(found.weights[0], X.sum(0) + 2 * 40, rtol=1e-5)
    np.testing.assert_allclose(found.inputs[0], g)


@pytest.mark.parametrize("threads", [1, 2])
def test_a_model_of_layers_and_call_predicts_as_numpy_and_trains(threads: int) -> None:
    keras.set_num_threads(threads)
    keras.utils.set_random_seed(1)
    net = Net()
    x = X
    found = net(x)
    for block in net.blocks:
        w, b, v, c = (weight.numpy() for weight in block.weights)
        x = x + np.tanh(x @ w + b) @ v + c
    expected = (x + 10) @ net.last.kernel.numpy() + net.last.bias.numpy()
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-5)
    assert len(net.weights) == len(net.trainable_weights) == 11
    assert [layer.name for layer in net.layers] == [layer.name for layer in [*net.blocks, net.scale, net.last]]
    net.compile(keras.optimizers.Adam(0.05), "mse")
    history = net.fit(X, X[:, :2], epochs=60, verbose=0).history["loss"]
    assert history[-1] < history[0] / 4
    assert not np.array_equal(net(X, training=True), net(X, training=True)), "dropout drops in training"
    np.testing.assert_array_equal(net(X), net(X))


def test_the_summary_has_a_row_for_each_layer() -> None:
    net, lines = Net(), list[str]()
    net.build((None, 5))
    net.summary(print_fn=lines.append)
    text = "\n".join(lines)
    assert all(word in text for word in ("block", "scale", "dense", "Total params: 170"))


def test_several_inputs_and_outputs_by_list_and_by_name() -> None:
    class Both(keras.Model):
        def call(self, inputs: Any) -> Any:
            a, b = inputs
            return [a + b, a - b]

    class Named(keras.Model):
        def call(self, inputs: Any) -> Any:
            return inputs["a"] * inputs["b"]

    total, rest = Both()([X, 2 * X])
    np.testing.assert_allclose(total, 3 * X, rtol=1e-6)
    np.testing.assert_allclose(rest, -X, rtol=1e-6)
    np.testing.assert_allclose(Named()({"a": X, "b": X}), X * X, rtol=1e-6)


def test_what_cannot_be_followed_names_its_line() -> None:
    class Chooses(keras.Model):
        def call(self, x: Any) -> Any:
            if ops.mean(x) > 0:
                return x
            return -x

    class Converts(layers.Layer):
        def call(self, x: Any) -> Any:
            return ops.exp(np.linalg.svd(x)[1])

    with pytest.raises(NotImplementedError, match=r"test_followed_code.py:\d+: if ops.mean\(x\) > 0:.* write ops.where"):
        Chooses()(X)
    with pytest.raises(NotImplementedError, match=r"test_followed_code.py:\d+: return ops.exp\(np.linalg.svd.* compute it of arrays"):
        Converts()(X)


def test_a_failed_call_leaves_the_layer_as_it_was() -> None:
    layer = Scale()
    with pytest.raises((ValueError, NotImplementedError)):
        layer(np.ones((2, 0)))
    assert not layer.built
    assert layer.weights == []
    np.testing.assert_allclose(layer(X), X + 10, rtol=1e-6)


def test_call_of_a_subclass_of_a_layer_is_honoured() -> None:
    class Doubled(layers.Dense):
        def call(self, x: Any) -> Any:
            return super().call(x) * 2.0

    layer = Doubled(3, use_bias=False, kernel_initializer="ones")
    np.testing.assert_allclose(layer(np.ones((1, 4))), [[8, 8, 8]])
    model = keras.Sequential([keras.Input((4,)), layer])
    found = pull_back(model._ready_engine(), [np.ones((2, 4), np.float32)], [np.ones((2, 3), np.float32)], model.weights)
    np.testing.assert_allclose(found.weights[0], np.full((4, 3), 4.0))


def test_call_of_a_sequential_is_refused() -> None:
    with pytest.raises(NotImplementedError, match=r"Own: call\(\) of a Sequential is not computed: make it a subclass of Model"):

        class Own(keras.Sequential):
            def call(self, x: Any) -> Any:
                return x


def test_call_with_a_backward_runs_on_arrays() -> None:
    class Cubes(layers.Layer):
        def compute_output_shape(self, input_shape: Any) -> Any:
            return input_shape

        def call(self, x: Any) -> Any:
            return x**3

        def backward(self, ctx: Any, gradient: Any) -> Any:
            return gradient * 3 * ctx.inputs[0] ** 2

    inputs = keras.Input((5,))
    model = keras.Model(inputs, Cubes()(inputs))
    found = pull_back(model._ready_engine(), [X], [np.ones_like(X)])
    np.testing.assert_allclose(found.outputs[0], X**3, rtol=1e-5)
    np.testing.assert_allclose(found.inputs[0], 3 * X**2, rtol=1e-5)


@pytest.mark.parametrize(
    ("function", "gradient"),
    [(lambda x: x**2, lambda x: 2 * x), (lambda x: np.exp(-x), lambda x: -np.exp(-x)), (lambda x: ops.sin(x) * 2, lambda x: 2 * np.cos(x))],
)
def test_a_lambda_that_can_be_followed_has_a_gradient(function: Any, gradient: Any) -> None:
    inputs = keras.Input((5,))
    model = keras.Model(inputs, layers.Lambda(function)(inputs))
    assert model.output_shape == (None, 5)
    found = pull_back(model._ready_engine(), [X], [np.ones_like(X)])
    np.testing.assert_allclose(found.outputs[0], np.asarray(function(X)), rtol=1e-5)
    np.testing.assert_allclose(found.inputs[0], gradient(X), rtol=1e-5, atol=1e-6)


def test_a_lambda_of_numpy_code_finds_its_shape_and_says_that_it_has_no_gradient() -> None:
    own = layers.Lambda(lambda x, k: np.linalg.norm(np.asarray(x), axis=1, keepdims=True) * k, arguments={"k": 2}, name="own")
    model = keras.Sequential([keras.Input((5,)), own])
    assert model.output_shape == (None, 1)
    np.testing.assert_allclose(model.predict(X), 2 * np.linalg.norm(X, axis=1, keepdims=True), rtol=1e-5)
    trained = keras.Sequential([keras.Input((5,)), layers.Dense(5), layers.Lambda(lambda x: np.asarray(x).copy(), name="own")])
    trained.compile("sgd", "mse")
    with pytest.raises(NotImplementedError, match=r"own: its function runs NumPy code, which has no gradient here"):
        trained.fit(X, X, verbose=0)
    frozen = keras.Sequential([keras.Input((5,)), layers.Lambda(lambda x: np.asarray(x) * 2), layers.Dense(1)])
    frozen.compile("sgd", "mse")
    assert np.isfinite(frozen.fit(X, X[:, :1], verbose=0).history["loss"][0])


def test_a_lambda_over_the_whole_batch_sees_the_whole_batch() -> None:
    keras.set_num_threads(2)
    x = np.random.default_rng(1).normal(size=(64, 6)).astype(np.float32)
    model = keras.Sequential([keras.Input((6,)), layers.Lambda(lambda x: x - np.mean(np.asarray(x), axis=0))])
    np.testing.assert_allclose(model(x), x - x.mean(0), rtol=1e-5, atol=1e-6)


def test_a_lambda_whose_output_shape_is_wrong_is_refused() -> None:
    with pytest.raises(ValueError, match=r"output_shape=\(4,\), but its function makes \(None, 5\)"):
        layers.Lambda(lambda x: x * 2, output_shape=(4,))(keras.Input((5,)))


def test_operations_are_no_layers_of_the_model() -> None:
    inputs = keras.Input((5,))
    model = keras.Model(inputs, 1 - layers.Dense(3)(inputs) * 2)
    assert [type(layer).__name__ for layer in model.layers] == ["InputLayer", "Dense"]


def test_training_at_a_call_on_tensors_holds_whatever_the_model_does() -> None:
    inputs = keras.Input((5,))
    base = keras.Sequential([keras.Input((5,)), layers.BatchNormalization(), layers.Dropout(0.5)])
    still = keras.Model(inputs, base(inputs, training=False))
    always = keras.Model(inputs, layers.Dropout(0.5)(inputs, training=True))
    for model in (still, type(still).from_config(still.get_config())):
        np.testing.assert_allclose(model(X, training=True), X / np.sqrt(1.001), rtol=1e-5)
    assert (always(X) == 0).any()
    assert not np.array_equal(always(X), always(X))
    assert (type(always).from_config(always.get_config())(X) == 0).any()
    still.compile("sgd", "mse")
    before = base.get_weights()
    still.fit(X, X + 1, verbose=0)
    after = base.get_weights()
    assert not np.array_equal(before[1], after[1]), "beta learns"
    np.testing.assert_array_equal(before[2], after[2])  # moving statistics stay


def test_add_loss_is_in_the_loss_and_in_the_gradients() -> None:
    """By hand: outputs w x, loss mean((w x)^2) + 0.5 mean(|w x|) + w^2, once for the batch however it is cut."""

    class Own(layers.Layer):
        def build(self, input_shape: Any) -> None:
            self.w = self.add_weight(shape=(1,), initializer="ones", name="w")

        def call(self, x: Any) -> Any:
            y = x * self.w
            self.add_loss(0.5 * ops.mean(ops.abs(y)))
            self.add_loss(ops.sum(ops.square(self.w)))
            return y

    x = np.arange(1.0, 65.0).reshape(64, 1) / 64
    for threads in (1, 2):
        keras.set_num_threads(threads)
        model = keras.Sequential([keras.Input((1,)), Own()])
        model.compile(keras.optimizers.SGD(0.1), "mse")
        expected = (x**2).mean() + 0.5 * x.mean() + 1
        assert model.evaluate(x, 0 * x, batch_size=64, verbose=0) == pytest.approx(expected, rel=1e-6)
        assert [float(value) for value in model.losses] == []
        model(x)
        np.testing.assert_allclose(model.losses, [0.5 * x.mean(), 1], rtol=1e-6)
        assert model.train_on_batch(x, 0 * x) == pytest.approx(expected, rel=1e-6)
        slope = 2 * (x**2).mean() + 0.5 * x.mean() + 2
        np.testing.assert_allclose(model.get_weights()[0], [1 - 0.1 * slope], rtol=1e-5)


def test_add_loss_outside_of_a_followed_call_is_refused() -> None:
    with pytest.raises(NotImplementedError, match=r"add_loss\(\) takes a tensor, in call\(\) of a layer or model"):
        layers.Dense(2).add_loss(3.0)
