"""What scripts written for Keras do beside the guide's way: measured once in Keras 3.15, and refused or honoured here ever since."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import tinyseq as keras
from tinyseq import constraints, initializers, layers, losses, regularizers

X, Y = np.ones((8, 2), "float32"), np.ones((8, 1), "float32")


class Passing(keras.Model):  # type: ignore[misc, unused-ignore]
    """A functional model of a class of one's own."""

    def __init__(self, units: int, **options: Any) -> None:
        x = keras.Input((2,))
        super().__init__(inputs=x, outputs=layers.Dense(units)(x), **options)
        self.units = units


class Positional(keras.Model):  # type: ignore[misc, unused-ignore]
    def __init__(self, inputs: Any, outputs: Any) -> None:
        super().__init__(inputs, outputs)
        self.seen = 0

    def train_step(self, data: Any) -> dict[str, float]:
        self.seen += 1
        found = self.gradients(*data)
        self.optimizer.apply(found.weights, self.trainable_weights)
        return {"loss": found.loss}


def test_a_subclass_may_be_a_functional_model() -> None:
    one, other = Passing(3, name="one"), Passing(4)
    assert (one.name, one.units, one.output_shape, other.output_shape) == ("one", 3, (None, 3), (None, 4))
    assert [type(layer).__name__ for layer in one.layers] == ["InputLayer", "Dense"]
    x = keras.Input((2,))
    model = Positional(x, layers.Dense(1)(x))
    model.compile("sgd", "mse")
    history = model.fit(X, Y, epochs=3, batch_size=8, verbose=0).history["loss"]
    assert model.seen == 3
    assert history[2] < history[0]


def test_a_call_beside_inputs_and_outputs_is_refused() -> None:
    class Both(keras.Model):  # type: ignore[misc, unused-ignore]
        def call(self, x: Any) -> Any:
            return x

    x = keras.Input((2,))
    with pytest.raises(NotImplementedError, match=r"call\(\) in a model of inputs and outputs"):
        Both(inputs=x, outputs=layers.Dense(1)(x))


def test_build_may_end_with_built_true() -> None:
    class Own(layers.Layer):
        def build(self, input_shape: Any) -> None:
            self.factor = self.add_weight(name="factor", shape=(input_shape[-1],), initializer="ones")
            self.built = True

        def call(self, x: Any) -> Any:
            return x * self.factor

    layer = Own()
    assert not layer.built
    assert np.array_equal(layer(X), X)
    assert layer.built
    layer.built = False
    assert layer.weights == []


def test_none_is_none() -> None:
    for get in (losses.get, constraints.get, regularizers.get, initializers.get):
        assert get(None) is None


def test_an_array_is_an_initializer() -> None:
    table = np.arange(6, dtype="float32").reshape(3, 2)
    layer = layers.Embedding(3, 2, embeddings_initializer=initializers.Constant(table))
    assert np.array_equal(layer(np.array([[1]])), table[None, 1:2])
    assert np.array_equal(initializers.get(table)((3, 2)), table)
    with pytest.raises(ValueError, match=r"value has the shape \(3, 2\), the weight \(4, 2\)"):
        layers.Embedding(4, 2, embeddings_initializer=initializers.Constant(table))(np.array([[1]]))
    with pytest.raises(TypeError, match="Constant: value='a'"):
        initializers.Constant("a")


def test_several_targets_for_one_output_are_counted() -> None:
    model = keras.Sequential([keras.Input((2,)), layers.Dense(1)])
    model.compile("sgd", "mse")
    with pytest.raises(ValueError, match="a list of 2 arrays for a model of 1 output"):
        model.fit(X, [Y, Y], verbose=0)


def test_schedules_are_found_where_keras_has_them() -> None:
    from tinyseq.optimizers.schedules import CosineDecay

    assert CosineDecay is keras.optimizers.schedules.CosineDecay


def test_a_normalization_shows_what_it_found() -> None:
    data = np.arange(24, dtype="float32").reshape(4, 3, 2)
    layer = layers.Normalization(axis=-1)
    assert layer.mean is None
    layer.adapt(data)
    assert layer.mean.shape == (1, 1, 2)
    assert np.allclose(layer.mean[0, 0], data.mean((0, 1)))
    assert np.allclose(layer.variance[0, 0], data.var((0, 1)))
    given = layers.Normalization(axis=(1, 2), mean=[1.0, 2.0], variance=[1.0, 1.0])
    given.build((None, 3, 2, 5))
    assert given.mean.shape == (1, 3, 2, 1)
    assert given.get_config()["mean"] == [1.0, 2.0]


def test_an_activation_without_a_kernel_is_refused_with_a_way_out() -> None:
    with pytest.raises(NotImplementedError, match=r"Lambda\(activations.sparsemax\)"):
        layers.Activation("sparsemax")(X)
    assert np.allclose(layers.Lambda(keras.activations.sparsemax)(np.array([[1.0, 2.0, 3.0]], "float32")), [[0, 0, 1]])


REFUSED = {
    "brightness": lambda: layers.RandomBrightness(1.1),
    "range": lambda: layers.RandomBrightness(0.1, value_range=[1]),
    "translation": lambda: layers.RandomTranslation((-1.1, 0.0), 0.0),
    "tokens": lambda: layers.IntegerLookup(max_tokens=1),
    "dtype": lambda: layers.IntegerLookup(vocabulary_dtype="int32"),
    "method": lambda: layers.IntegerLookup(vocabulary=[1], oov_method="x"),
    "axis": lambda: layers.LayerNormalization(axis={"axis": -1}),
    "length": lambda: layers.UnitNormalization(axis="a"),
    "size": lambda: layers.MultiHeadAttention(2, 16, output_shape=8.0),
    "window": lambda: layers.MultiHeadAttention(2, 4, sliding_window=0),
    "array": lambda: layers.Add()(X),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_keras_refuses_where_it_is_written_is_refused_there(name: str) -> None:
    with pytest.raises(ValueError, match=r"expected|takes a list|is not known"):
        REFUSED[name]()


def test_an_orthogonal_regularizer_is_the_mean_cosine() -> None:
    """By hand: (1, 0) and (1, 1) are at 45 degrees; the columns (1, 1) and (0, 1) too; a third row (0, 2) is at 90 and 45."""
    half = 0.5**0.5
    assert regularizers.OrthogonalRegularizer(0.5)([[1, 0], [1, 1]]) == pytest.approx(0.5 * half)
    assert regularizers.get("orthogonal_regularizer")([[1, 0], [1, 1], [0, 2]]) == pytest.approx(0.01 * 2 * half / 3)
    made = regularizers.OrthogonalRegularizer(2.0, mode="columns")
    assert made([[1, 0], [1, 1]]) == pytest.approx(2 * half)
    assert type(made).from_config(made.get_config()).mode == "columns"
    model = keras.Sequential([keras.Input((2,)), layers.Dense(3, kernel_regularizer=made)])
    model.compile("sgd", "mse")
    for one in model.check_gradients(X[:2] + np.eye(2, dtype="float32"), np.ones((2, 3))):
        assert one.backward == pytest.approx(one.difference, rel=1e-3, abs=1e-4)
    for wrong in (lambda: regularizers.OrthogonalRegularizer(mode="x"), lambda: made(np.ones((2, 2, 2)))):
        with pytest.raises(ValueError, match=r"mode|rank 2"):
            wrong()
    with pytest.raises(NotImplementedError, match="kernel_regularizer"):
        keras.Sequential([keras.Input((2,)), layers.Dense(3, activity_regularizer=made)]).predict(X)


def test_what_is_left_out_is_named_with_its_reason() -> None:
    with pytest.raises(AttributeError, match=r"FeatureSpace.*Discretization"):
        keras.utils.FeatureSpace  # type: ignore[attr-defined]  # noqa: B018
    with pytest.raises(NotImplementedError, match="RandomWidth is of Keras 2 only"):
        layers.RandomWidth(0.2)(np.ones((1, 4, 4, 3), "float32"))


def test_every_layer_says_its_dtypes() -> None:
    layer = layers.Dense(2)
    assert (layer.compute_dtype, layer.variable_dtype, layer.dtype_policy.name) == ("float32", "float32", "float32")


def test_an_array_starts_a_variable_of_a_metric_with_all_its_digits() -> None:
    metric = keras.metrics.MeanIoU(2)
    start = np.array([[2**53 - 1, 18729665], [1, 0]])
    assert np.array_equal(metric.add_variable((2, 2), start, "int64").numpy(), start)


def test_reduce_lr_forgets_its_best_value_and_a_checkpoint_without_its_value_is_written(tmp_path: Any) -> None:
    slower = keras.callbacks.ReduceLROnPlateau(monitor="loss", patience=1)
    slower.best, slower.wait = 0.5, 3
    slower.on_train_begin()
    assert slower.best is None and slower.wait == 0
    model = keras.Sequential([keras.Input((2,)), layers.Dense(1)])
    model.compile("sgd", "mse")
    best = keras.callbacks.ModelCheckpoint(str(tmp_path / "m.keras"), monitor="unknown", save_best_only=True, mode="min", verbose=1)
    with pytest.warns(UserWarning, match="which is not available"):
        model.fit(X, Y, epochs=1, verbose=0, callbacks=[best])
    assert (tmp_path / "m.keras").exists()
