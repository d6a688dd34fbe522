"""What programs written for Keras do in their own code: sizes of a batch, losses and regularizers of ops, build() of a model.

Expected numbers by hand or by differences; those of ops are recorded in tests/ops.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import tinyseq as keras
from tinyseq import layers, losses, ops, regularizers
from tinyseq.layers.formula import Formula

RANDOM = np.random.default_rng(4)
X = RANDOM.normal(size=(6, 4, 5)).astype("float32")


def model_of(function: Any, sizes: tuple[int, ...] = (4, 5)) -> Any:
    """A model whose only layer follows the function."""

    class Own(layers.Layer):
        def call(self, x: Any) -> Any:
            return function(x)

    inputs = keras.Input(sizes)
    return keras.Model(inputs, Own()(inputs))


def samples(x: Any) -> Any:
    return ops.shape(x)[0]


MASK = np.tril(np.ones((1, 4, 4), "float32"))
SIZES: dict[str, tuple[Any, Any]] = {
    "ones": (lambda x: ops.ones((samples(x), 4, 5)) * x, X),
    "zeros and full": (lambda x: x + ops.full((samples(x), 1, 5), 2.0) + ops.zeros((samples(x), 4, 1)), X + 2),
    "broadcast to the shape": (lambda x: x * ops.broadcast_to(np.arange(5, dtype="float32"), ops.shape(x)), X * np.arange(5)),
    "a mask for each sample": (lambda x: ops.matmul(ops.tile(MASK, [samples(x), 1, 1]), x), MASK @ X),
    "a mask by concatenated sizes": (
        lambda x: ops.matmul(
            ops.tile(MASK, ops.concatenate([ops.expand_dims(samples(x), -1), ops.convert_to_tensor([1, 1])], axis=0)), x
        ),
        MASK @ X,
    ),
    "a size that is left over": (lambda x: ops.reshape(x, (samples(x), -1, 10)), X.reshape(6, 2, 10)),
    "more samples and back": (lambda x: ops.reshape(ops.reshape(x, (samples(x) * 2, 10)) * 2, (samples(x), 4, 5)), X * 2),
    "the number itself": (lambda x: x / ops.cast(samples(x), "float32"), X / 6),
    "slices of the shape": (lambda x: ops.slice(x, (0, 1, 0), (samples(x), 2, 5)), X[:, 1:3]),
}


@pytest.mark.parametrize("name", SIZES)
def test_the_number_of_samples_is_a_size(name: str) -> None:
    function, expected = SIZES[name]
    model = model_of(function)
    np.testing.assert_allclose(model.predict(X, verbose=0), expected, rtol=1e-5)
    np.testing.assert_allclose(model.predict(X[:1], verbose=0)[..., :0], expected[:1, ..., :0])


def test_layers_between_learn_from_more_samples() -> None:
    """Steps as samples: Dense gets 24 rows, and learns as from (6, 4, 5)."""
    found = []
    for as_samples in (False, True):

        def own(x: Any, as_samples: bool = as_samples) -> Any:
            return ops.reshape(x, (samples(x) * 4, 5)) if as_samples else x

        dense = layers.Dense(3, kernel_initializer="ones")
        inputs = keras.Input((4, 5))

        class Own(layers.Layer):
            def __init__(self, dense: Any) -> None:
                super().__init__()
                self.dense = dense

            def call(self, x: Any, own: Any = own) -> Any:
                return ops.reshape(self.dense(own(x)), (samples(x), 4, 3))

        model = keras.Model(inputs, Own(dense)(inputs))
        model.compile(keras.optimizers.SGD(0.1), "mse")
        model.fit(X, np.ones((6, 4, 3)), epochs=2, batch_size=3, shuffle=False, verbose=0)
        found.append(model.get_weights()[0])
    np.testing.assert_allclose(found[0], found[1], rtol=1e-5)


@pytest.mark.parametrize(
    ("function", "words"),
    [
        (lambda x: x[:, 0] * (samples(x) + 1), "has no number yet: use it as a size"),
        (lambda x: ops.ones((3, samples(x))), "the number of samples can only be the first size"),
        (lambda x: x if samples(x) > 3 else x * 2, "has no number yet"),
    ],
)
def test_what_a_size_cannot_do_says_so(function: Any, words: str) -> None:
    with pytest.raises((NotImplementedError, ValueError), match=words):
        model_of(function)


def test_predict_returns_all_rows_of_an_output_with_more_of_them() -> None:
    model = model_of(lambda x: ops.reshape(x, (samples(x) * 4, 5)))
    np.testing.assert_array_equal(model.predict(X, batch_size=4, verbose=0), X.reshape(24, 5))


# ---------------------------------------------------------------------- losses

T, P = RANDOM.integers(0, 2, (4, 6)).astype("float32"), RANDOM.uniform(0.1, 0.9, (4, 6)).astype("float32")


def dice(t: Any, p: Any) -> Any:
    flat, other = ops.reshape(t, (-1,)), ops.reshape(p, (-1,))
    return 1 - (2 * ops.sum(flat * other) + 1) / (ops.sum(flat) + ops.sum(other) + 1)


FORMULAS = {
    "dice": dice,
    "a loss of ours and a formula": lambda t, p: losses.binary_crossentropy(t, p) + dice(t, p),
    "objects": lambda t, p: losses.MeanAbsoluteError()(t, p) + losses.Huber(0.1)(t, p) * 2,
    "numpy": lambda t, p: np.mean(np.square(t - p) * 3, axis=-1),
    "truth values": lambda t, p: ops.mean(ops.where(ops.equal(t, 1), -ops.log(p), -ops.log(1 - p)), axis=-1),
}


@pytest.mark.parametrize("name", FORMULAS)
def test_the_slopes_of_a_formula_are_those_of_differences(name: str) -> None:
    function = FORMULAS[name]
    value = np.asarray(function(T, P))
    found = Formula(name, function).slopes([T, P], value, np.ones_like)
    assert found is not None
    assert found[1] is not None
    for place in ((0, 0), (3, 5), (1, 2)):
        high, low = P.astype("float64"), P.astype("float64")
        high[place] += 1e-3
        low[place] -= 1e-3
        expected = (np.sum(function(T, high), dtype="float64") - np.sum(function(T, low), dtype="float64")) / 2e-3
        assert found[1][place] == pytest.approx(expected, rel=2e-3, abs=1e-5)


def test_a_loss_of_the_whole_batch_trains_a_large_output() -> None:
    """More numbers than differences may take, and a value that depends on all samples."""
    inputs = keras.Input((32, 32, 1))
    model = keras.Model(inputs, layers.Conv2D(1, 1, activation="sigmoid")(inputs))
    model.compile(keras.optimizers.SGD(1.0), lambda t, p: losses.binary_crossentropy(t, p) + dice(t, p))
    x = RANDOM.normal(size=(8, 32, 32, 1)).astype("float32")
    history = model.fit(x, (x > 0).astype("float32"), epochs=4, verbose=0, batch_size=8).history["loss"]
    assert history[-1] < history[0]


def test_a_formula_that_needs_numbers_goes_by_differences() -> None:
    def loss(t: Any, p: Any) -> Any:
        return np.mean(np.square(np.asarray(t) - np.asarray(p)), axis=-1)

    assert Formula("loss", loss).slopes([T, P], loss(T, P), np.ones_like) is None
    model = keras.Sequential([keras.Input((6,)), layers.Dense(6)])
    model.compile("sgd", loss)
    model.fit(P, T, verbose=0)


# ---------------------------------------------------------------------- regularizers


class Fourth(regularizers.Regularizer):
    def __init__(self, factor: float) -> None:
        self.factor = factor

    def __call__(self, x: Any) -> Any:
        return self.factor * ops.sum(ops.square(ops.square(x)))


@pytest.mark.parametrize("regularizer", [Fourth(0.1), lambda w: 0.1 * ops.sum(w**4)], ids=["class", "function"])
def test_a_regularizer_of_ops(regularizer: Any) -> None:
    """Weights 1, inputs 1, outputs 3, targets 0: the loss is 9 + 0.1 * 6, its slope 3 * 2 / 2 * ... + 0.4 for each weight."""
    model = keras.Sequential([keras.Input((3,)), layers.Dense(2, kernel_initializer="ones", kernel_regularizer=regularizer)])
    model.compile(keras.optimizers.SGD(0.1), "mse")
    history = model.fit(np.ones((4, 3)), np.zeros((4, 2)), verbose=0, batch_size=4).history
    assert history["loss"] == [pytest.approx(9.6)]
    np.testing.assert_allclose(model.get_weights()[0], np.full((3, 2), 1 - 0.1 * (3 + 0.4)), rtol=1e-5)
    np.testing.assert_allclose(model.get_weights()[1], [-0.3, -0.3], rtol=1e-5)


def test_an_activity_regularizer_of_ops() -> None:
    """Outputs 3 of 4 samples: 0.1 * 3^4 * 8 / 4, and its slope 0.4 * 27 / 4 for each output."""
    model = keras.Sequential([keras.Input((3,)), layers.Dense(2, kernel_initializer="ones", activity_regularizer=Fourth(0.1))])
    model.compile(keras.optimizers.SGD(0.1), "mse")
    history = model.fit(np.ones((4, 3)), np.zeros((4, 2)), verbose=0, batch_size=4).history
    assert history["loss"] == [pytest.approx(9 + 16.2)]
    np.testing.assert_allclose(model.get_weights()[1], np.full(2, -0.1 * (3 + 10.8)), rtol=1e-5)


def test_a_regularizer_without_slopes_says_so() -> None:
    model = keras.Sequential([keras.Input((3,)), layers.Dense(2, kernel_regularizer=lambda w: float(np.abs(np.asarray(w)).max()))])
    model.compile("sgd", "mse")
    with pytest.raises(NotImplementedError, match=r"write it with tinyseq\.ops, or define add_gradient"):
        model.fit(np.ones((4, 3)), np.zeros((4, 2)), verbose=0)


# ---------------------------------------------------------------------- models and layers


class Built(keras.Model):  # type: ignore[misc, unused-ignore]
    def __init__(self) -> None:
        super().__init__()
        self.times = 0

    def build(self, input_shape: Any) -> None:
        self.times += 1
        self.dense = layers.Dense(input_shape[-1])
        super().build(input_shape)

    def call(self, x: Any) -> Any:
        return self.dense(x) + x


def test_build_of_a_model_runs_once_before_call() -> None:
    fitted, built, called = Built(), Built(), Built()
    fitted.compile("sgd", "mse")
    fitted.fit(np.ones((4, 3)), np.ones((4, 3)), verbose=0)
    built.build((None, 3))
    built.predict(np.ones((4, 3)), verbose=0)
    called(np.ones((4, 3)))
    for model in (fitted, built, called):
        assert model.times == 1
        assert [weight.shape for weight in model.weights] == [(3, 3), (3,)]


def test_images_are_resized_in_the_middle_of_a_network() -> None:
    """Nearest neighbours of 2x2 in 4x4: each output counts four times, as with UpSampling2D."""
    found = []
    for layer in (layers.Resizing(4, 4, "nearest"), layers.UpSampling2D(2)):
        model = keras.Sequential([keras.Input((2, 2, 1)), layers.Conv2D(2, 1, kernel_initializer="ones"), layer])
        model.compile(keras.optimizers.SGD(0.1), "mse")
        model.fit(X[:, :2, :2, None], np.ones((6, 4, 4, 2)), verbose=0, shuffle=False)
        found.append(model.get_weights()[0])
    np.testing.assert_allclose(found[0], found[1], rtol=1e-5)


# ---------------------------------------------------------------------- words for mistakes of the first week


class Taped(keras.Model):  # type: ignore[misc, unused-ignore]
    def train_step(self, data: Any) -> Any:
        import tensorflow as tf  # type: ignore[import-not-found, unused-ignore]

        with tf.GradientTape() as tape:
            loss = self.compute_loss(y=data[1], y_pred=self(data[0]))
        self.optimizer.apply(tape.gradient(loss, self.trainable_variables), self.trainable_variables)
        return {"loss": loss}


def test_a_tape_is_refused_at_compile() -> None:
    inputs = keras.Input((3,))
    model = Taped(inputs, layers.Dense(1)(inputs))
    with pytest.raises(NotImplementedError, match=r"train_step uses tf\.GradientTape.*write in train_step found = self\.gradients\(x, y\)"):
        model.compile("sgd", "mse")


@pytest.mark.parametrize(
    ("x", "options", "words"),
    [
        (np.array([[1.0, "m"], [2.0, "f"]], dtype=object), {}, r"\[0, 1\] is 'm' \(column 1\): number the values of that column"),
        (np.array([[1.0, 2.0], [2.0, None]], dtype=object), {}, r"\[1, 1\] is None: fill it with a number"),
        (np.ones((2, 2)), {"callbacks": [keras.callbacks.EarlyStopping]}, r"call the class: EarlyStopping\(\.\.\.\)"),
    ],
)
def test_mistakes_of_the_first_week(x: Any, options: dict[str, Any], words: str) -> None:
    model = keras.Sequential([keras.Input((2,)), layers.Dense(1)])
    model.compile("sgd", "mse")
    with pytest.raises(TypeError, match=words):
        model.fit(x, np.ones((2, 1)), verbose=0, **options)
