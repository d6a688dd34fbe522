"""tinyseq.gradients, check_gradients, diagnose and fit(debug=True). Expected numbers by hand or by difference quotients."""

from typing import Any

import numpy as np
import pytest

import tinyseq as keras
from tinyseq import layers, ops

RANDOM = np.random.default_rng(4)
X, Y = RANDOM.normal(size=(6, 8, 8, 3)).astype(np.float32), np.arange(6) % 4


def convolutional() -> Any:
    keras.utils.set_random_seed(0)
    inputs = keras.Input((8, 8, 3))
    h = layers.Conv2D(5, 3, activation="tanh", name="conv")(inputs)
    h = layers.GlobalAveragePooling2D()(layers.BatchNormalization()(h))
    model = keras.Model(inputs, layers.Dense(4, activation="softmax")(h))
    model.compile("sgd", "sparse_categorical_crossentropy")
    return model


def test_gradients_are_by_hand_for_a_line() -> None:
    model = keras.Sequential([keras.Input((2,)), layers.Dense(1, kernel_initializer="ones", name="line")])
    x, y = np.array([[1.0, 2.0], [3.0, -1.0]]), np.array([[1.0], [1.0]])
    found = keras.gradients(model, x, y, loss="mse", of="line")  # outputs 3 and 2, errors 2 and 1
    assert found.loss == pytest.approx((4 + 1) / 2)
    np.testing.assert_allclose(found.weights[0], [[2 * 1 + 1 * 3], [2 * 2 - 1 * 1]])
    np.testing.assert_allclose(found.weights[1], [3])
    np.testing.assert_allclose(found.inputs, [[2, 2], [1, 1]])
    np.testing.assert_allclose(found.layers["line"], [[2], [1]])
    np.testing.assert_allclose(found.values["line"], [[3], [2]])


def test_a_class_score_has_gradients_of_images_and_of_feature_maps() -> None:
    """Saliency and Grad-CAM: the score's change along a step is what the gradient says."""
    model = convolutional()
    found = model.gradients(X, loss=lambda p: ops.log(p[:, 2]), of="conv")
    assert found.inputs.shape == X.shape
    assert found.layers["conv"].shape == found.values["conv"].shape == (6, 6, 6, 5)
    step = np.zeros_like(X)
    step[1] = RANDOM.normal(size=X.shape[1:]) * 1e-2

    def score(x: Any) -> float:
        return float(np.log(model(x)[:, 2].astype(np.float64)).sum())

    assert float((found.inputs * step).sum()) == pytest.approx((score(X + step) - score(X - step)) / 2, rel=1e-2)
    weights = found.layers["conv"].mean((1, 2), keepdims=True)
    assert np.maximum((found.values["conv"] * weights).sum(-1), 0).shape == (6, 6, 6)


def test_the_loss_of_compile_with_penalties_is_that_of_evaluate_and_a_step() -> None:
    inputs = keras.Input((5,))
    h = layers.Dense(4, kernel_regularizer="l2", activity_regularizer="l1", activation="tanh")(inputs)
    model = keras.Model(inputs, layers.Dense(2)(h))
    model.compile(keras.optimizers.SGD(1.0), "mse")
    x, y = RANDOM.normal(size=(7, 5)), RANDOM.normal(size=(7, 2))
    found = keras.gradients(model, x, y)
    assert found.loss == pytest.approx(model.evaluate(x, y, batch_size=7, verbose=0), rel=1e-6)
    before = model.get_weights()
    model.train_on_batch(x, y)
    for old, new, gradient in zip(before, model.get_weights(), found.weights, strict=True):
        np.testing.assert_allclose(old - new, gradient, rtol=1e-4, atol=1e-6)


def test_gradients_change_nothing_in_the_model() -> None:
    model = convolutional()
    before = model.get_weights()
    keras.gradients(model, X, Y, training=True)
    for one, other in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)


def test_a_model_that_is_compiled_before_it_is_built_is_looked_into() -> None:
    x = RANDOM.normal(size=(7, 5)).astype(np.float32)

    def net() -> Any:
        model = keras.Sequential([layers.Dense(3), layers.Dense(1)])
        model.compile("sgd", "mse", loss_weights=[10])
        return model

    model = net()
    found = model.gradients(x, x[:, :1]).loss
    assert found == pytest.approx(10 * np.mean((model.predict(x, verbose=0) - x[:, :1]) ** 2), rel=1e-5)
    assert net().check_gradients(x, x[:, :1])
    assert net().diagnose(x, x[:, :1]) == []


class Product(layers.Layer):
    """Its first half times its second, whose gradients have changed places."""

    def output_shape(self, input_shape: Any) -> Any:
        """Half as wide."""
        return (*input_shape[:-1], input_shape[-1] // 2)

    def forward(self, ctx: Any, x: Any) -> Any:
        """a b."""
        half = x.shape[-1] // 2
        return x[..., :half] * x[..., half:]

    def backward(self, ctx: Any, gradient: Any) -> Any:
        """Wrong: the gradient of a is gradient times b."""
        half = gradient.shape[-1]
        return np.concatenate([gradient * ctx.inputs[0][..., :half], gradient * ctx.inputs[0][..., half:]], axis=-1)


@pytest.mark.parametrize("seed", range(5))
def test_gradients_that_changed_places_are_found_with_one_row_of_four(seed: int) -> None:
    """Along a direction of equal steps, a swapped pair whose steps have the same sign sums up to the right number."""
    model = keras.Sequential([keras.Input((4,)), Product()])
    with pytest.raises(ValueError, match="backward is not the gradient of forward: product"):
        model.check_gradients(np.random.default_rng(seed).normal(size=(1, 4)))


def test_the_loss_of_compile_has_its_loss_weights() -> None:
    inputs = keras.Input((5,))
    model = keras.Model(inputs, [layers.Dense(1)(inputs), layers.Dense(2)(inputs)])
    model.compile("sgd", "mse", loss_weights=[1, 10])
    x, y = RANDOM.normal(size=(7, 5)), [RANDOM.normal(size=(7, 1)), RANDOM.normal(size=(7, 2))]
    whole, first, second = model.evaluate(x, y, batch_size=7, verbose=0)
    assert whole == pytest.approx(first + 10 * second, rel=1e-5)
    assert keras.gradients(model, x, y).loss == pytest.approx(whole, rel=1e-5)
    model.check_gradients(x, y)
    assert keras.gradients(model, x, y, loss="mse").loss == pytest.approx(first + second, rel=1e-5)


@pytest.mark.parametrize("nested", [False, True])
def test_in_training_a_layers_values_and_gradients_are_those_of_the_same_draw(nested: bool) -> None:
    """By hand: the output of Dropout(0.5) is its input twice, or 0; the gradient of its input 2 times that of its output, or 0."""
    drop: Any = keras.Sequential([keras.Input((8,)), layers.Dropout(0.5)], name="drop") if nested else layers.Dropout(0.5, name="drop")
    before, after = layers.Dense(8), layers.Dense(3)
    inputs = keras.Input((5,))
    model = keras.Model(inputs, after(drop(before(inputs))))
    x = RANDOM.normal(size=(7, 5)).astype(np.float32)
    found = model.gradients(x, loss=lambda p: p, of="drop", training=True)
    kept = found.values["drop"] != 0
    assert 0.2 < kept.mean() < 0.8
    np.testing.assert_allclose(found.outputs, found.values["drop"] @ after.kernel.numpy(), rtol=1e-4, atol=1e-5)
    slope = np.broadcast_to(after.kernel.numpy().sum(1), kept.shape)
    np.testing.assert_allclose(found.layers["drop"], slope, rtol=1e-5)
    np.testing.assert_allclose(found.inputs, 2 * kept * slope @ before.kernel.numpy().T, rtol=1e-4, atol=1e-5)
    again = model.gradients(x, loss=lambda p: p, of="drop", training=True)
    np.testing.assert_array_equal(found.values["drop"], again.values["drop"])


def test_several_outputs_have_a_loss_and_weights_each_and_one_of_them_may_be_looked_at() -> None:
    inputs = keras.Input((5,))
    left, right = layers.Dense(1, name="l"), layers.Dense(2, name="r")
    model = keras.Model(inputs, {"left": left(inputs), "right": right(inputs)})
    x, y = RANDOM.normal(size=(7, 5)).astype(np.float32), {"left": RANDOM.normal(size=(7, 1)), "right": RANDOM.normal(size=(7, 2))}
    p, rows = model.predict(x, verbose=0), np.arange(7) / 7
    expected = np.mean((p["left"] - y["left"])[:, 0] ** 2 * rows) + np.mean(np.abs(p["right"] - y["right"]))
    weights = {"left": rows, "right": np.ones(7)}
    assert model.gradients(x, y, {"left": "mse", "right": "mae"}, sample_weight=weights).loss == pytest.approx(expected, rel=1e-5)
    assert model.gradients(x, y, {"right": "mae"}).loss == pytest.approx(np.mean(np.abs(p["right"] - y["right"])), rel=1e-5)
    found = model.gradients(x, loss=lambda p: p["left"])
    kernels = [gradient for gradient in found.weights if gradient.ndim == 2]
    np.testing.assert_allclose(kernels[0][:, 0], x.sum(0), rtol=1e-5)
    assert not kernels[1].any()
    with pytest.raises(ValueError, match="loss: unknown output 'l': use left, right"):
        model.gradients(x, y, {"l": "mse"})
    with pytest.raises(ValueError, match="sample_weight weighs the losses of targets: pass y"):
        model.gradients(x, loss=lambda p: p["left"], sample_weight=rows)


def test_a_wrong_layer_or_loss_is_named() -> None:
    model = convolutional()
    with pytest.raises(ValueError, match="dense_99 is not in the model"):
        keras.gradients(model, X, Y, of=layers.Dense(3, name="dense_99"))
    with pytest.raises(ValueError, match=r"loss is a function of the outputs, for example loss=lambda p: p\[:, 0\]"):
        keras.gradients(model, X)


def test_every_backward_of_a_right_model_agrees_with_differences() -> None:
    model = convolutional()
    rows = model.check_gradients(X, Y)
    assert {row.layer for row in rows} == {*(layer.name for layer in model.layers[1:]), "loss"}
    assert max(row.error for row in rows) < 0.01


def test_a_wrong_backward_is_found_at_its_layer() -> None:
    class Wrong(layers.Layer):
        def output_shape(self, input_shape: Any) -> Any:
            return input_shape

        def forward(self, ctx: Any, x: Any) -> Any:
            return x**2

        def backward(self, ctx: Any, gradient: Any) -> Any:
            return gradient * ctx.inputs[0]  # without the 2

    model = keras.Sequential([keras.Input((5,)), layers.Dense(4), Wrong(name="mine"), layers.Dense(1)])
    with pytest.raises(ValueError, match=r"backward is not the gradient of forward: mine, input 0: backward"):
        model.check_gradients(RANDOM.normal(size=(3, 5)))


def test_a_run_that_goes_well_has_no_findings() -> None:
    assert convolutional().diagnose(X, Y) == []


def test_each_trouble_is_named_with_layer_place_and_figures() -> None:
    x = X.copy()
    x[2, 3, 4, 1] = np.nan
    [found] = convolutional().diagnose(x)
    assert (found.kind, found.layer, found.at) == ("nan", "input", (2, 3, 4, 1))

    dead = keras.Sequential([keras.Input((5,)), layers.Dense(6, activation="relu", name="first"), layers.Dense(1)])
    dead.layers[0].bias.assign(np.full(6, -100.0))
    [found] = dead.diagnose(X[:, 0, 0, :1] * np.ones((1, 5)))
    assert (found.kind, found.layer) == ("dead", "first")
    assert "6 of 6 units" in found.words

    wide = layers.Dense(6, activation="tanh", kernel_initializer="ones", name="full")
    full = keras.Sequential([keras.Input((5,)), wide, layers.Dense(1)])
    [found] = full.diagnose(np.full((3, 5), 50.0))
    assert (found.kind, found.layer) == ("saturated", "full")

    large = keras.Sequential([keras.Input((5,)), layers.Dense(4, kernel_initializer="ones", name="one"), layers.Dense(4, name="two")])
    large.layers[0].kernel.assign(np.full((5, 4), 1e31))
    assert large.diagnose(np.ones((2, 5)))[0].kind == "overflow"


def test_fit_with_debug_stops_at_the_first_nan_and_names_its_batch() -> None:
    model = keras.Sequential([keras.Input((3,)), layers.Dense(4), layers.Dense(1)])
    model.compile("sgd", "mse")
    x, y = np.ones((12, 3)), np.ones((12, 1))
    x[9, 1] = np.nan
    before = model.get_weights()
    with (
        pytest.warns(UserWarning, match="x holds 1 NaN"),
        pytest.raises(FloatingPointError, match=r"epoch 1, batch 2: input: NaN first at \(1, 1\)"),
    ):
        model.fit(x, y, batch_size=4, shuffle=False, verbose=0, debug=True)
    assert all(np.isfinite(weight).all() for weight in model.get_weights())
    assert not np.array_equal(before[0], model.get_weights()[0])


def test_fit_with_debug_warns_once_of_a_dead_layer() -> None:
    model = keras.Sequential([keras.Input((3,)), layers.Dense(4, activation="relu", name="hidden"), layers.Dense(1)])
    model.layers[0].bias.assign(np.full(4, -100.0))
    model.compile("sgd", "mse")
    with pytest.warns(UserWarning) as caught:
        model.fit(np.ones((8, 3)), np.ones((8, 1)), batch_size=4, epochs=2, verbose=0, debug=True)
    told = [str(one.message).partition(": ")[2] for one in caught]
    assert told[0].startswith("epoch 1, batch 0: hidden: 4 of 4 units of its relu are 0")
    assert all(words.startswith("epoch 1, batch 0: ") and "its mean |gradient| is 0" in words for words in told[1:])
    assert len(told) == len(set(told))
