"""Every layer tells its calls: nothing of a model with them is left to Python but what is listed, and the bits are the same."""

import pathlib
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import tinyseq as keras
from shapecheck.layers import HOME
from tests.engine.conftest import STEP
from tests.engine.test_program import STEPS, batches, statistics
from tinyseq import layers
from tinyseq.engine.operator import Operator, holds
from tinyseq.layers import by_numpy

SIZE = (7, 5, 18)


def after(*given: Any, size: tuple[int, ...] = SIZE) -> Any:
    """A chain of layers after one that learns, so that a gradient flows through them."""
    first = layers.Conv2D(18, 3, padding="same") if len(size) == 3 else layers.Dense(18)
    return keras.Sequential([keras.Input(size), first, *given, layers.Flatten(), layers.Dense(4)])


def joined(layer: Any, *makes: Any) -> Any:
    """What all of `makes` (layers) give of one input, joined."""
    inputs = keras.Input(SIZE)
    x = layers.Conv2D(18, 3, padding="same", activation="tanh")(inputs)
    return keras.Model(inputs, layers.Dense(4)(layers.Flatten()(layer([make(x) for make in makes]))))


def conv(filters: int = 18) -> Any:
    return layers.Conv2D(filters, 1)


def pooled() -> Any:
    """One number for each sample and channel, repeated where it is joined."""
    return layers.GlobalAveragePooling2D(keepdims=True)


def frozen(layer: Any) -> Any:
    layer.trainable = False
    return layer


def seen(x: Any) -> Any:
    """An image as a sequence of pixels."""
    return layers.Reshape((35, 18))(x)


def masked() -> Any:
    """A step is looked at where a number of its own is above 0, by steps that come after it."""
    inputs = keras.Input((6, 3))
    x = layers.Dense(5)(inputs)
    mask = layers.Reshape((6,))(layers.Dense(1, activation="relu")(x))
    y = layers.MultiHeadAttention(2, 5)(x, x, value_mask=mask, use_causal_mask=True)
    return keras.Model(inputs, layers.Dense(4)(layers.Flatten()(y)))


TOLD: dict[str, Callable[[], Any]] = {
    "ZeroPadding2D": lambda: after(layers.ZeroPadding2D(((1, 2), (0, 3)))),
    "ZeroPadding1D": lambda: after(layers.ZeroPadding1D((2, 1)), size=(6, 3)),
    "ZeroPadding3D": lambda: after(layers.Reshape((7, 5, 3, 6)), layers.ZeroPadding3D(((1, 0), (2, 1), (0, 2)))),
    "Cropping2D": lambda: after(layers.Cropping2D(((1, 2), (0, 3)))),
    "Cropping1D": lambda: after(layers.Cropping1D((2, 1)), size=(6, 3)),
    "Cropping3D": lambda: after(layers.Reshape((7, 5, 3, 6)), layers.Cropping3D(((1, 0), (2, 1), (0, 2)))),
    "UpSampling2D": lambda: after(layers.UpSampling2D((2, 3))),
    "UpSampling2D, bilinear": lambda: after(layers.UpSampling2D(2, interpolation="bilinear")),
    "Conv2DTranspose": lambda: after(layers.Conv2DTranspose(17, 4, strides=2, padding="same", activation="relu")),
    "Conv2DTranspose, by Winograd": lambda: after(layers.Conv2DTranspose(18, 3, activation="gelu")),
    "Conv1DTranspose": lambda: after(layers.Conv1DTranspose(5, 3, strides=3, activation="softmax"), size=(6, 3)),
    "Conv3D": lambda: after(layers.Reshape((7, 5, 3, 6)), layers.Conv3D(5, 3, padding="same", activation="relu")),
    "Conv3DTranspose": lambda: after(layers.Reshape((7, 5, 3, 6)), layers.Conv3DTranspose(5, 3, strides=2, activation="gelu")),
    "MaxPooling3D": lambda: after(layers.Reshape((7, 5, 3, 6)), layers.MaxPooling3D((3, 2, 2), strides=(2, 1, 1), padding="same")),
    "AveragePooling3D": lambda: after(layers.Reshape((7, 5, 3, 6)), layers.AveragePooling3D((2, 3, 2))),
    "GlobalPooling3D": lambda: after(layers.Reshape((7, 5, 3, 6)), layers.GlobalMaxPooling3D()),
    "UpSampling3D": lambda: after(layers.Reshape((7, 5, 3, 6)), layers.UpSampling3D((2, 1, 3))),
    "UpSampling2D, bicubic": lambda: after(layers.UpSampling2D((2, 3), interpolation="bicubic")),
    "UpSampling1D": lambda: after(layers.UpSampling1D(3), size=(6, 3)),
    "Permute": lambda: after(layers.Permute((3, 1, 2))),
    "RepeatVector": lambda: after(layers.RepeatVector(3), size=(6,)),
    "Reshape": lambda: after(layers.Reshape((5, -1)), layers.Permute((2, 1))),
    "LayerNormalization": lambda: after(layers.LayerNormalization()),
    "LayerNormalization, bare": lambda: after(layers.LayerNormalization(axis=(-2, -1), center=False, scale=False)),
    "LayerNormalization, RMS": lambda: after(layers.LayerNormalization(rms_scaling=True, axis=1)),
    "Attention": lambda: joined(layers.Attention(use_scale=True), seen, seen),
    "Attention, concat, dropout": lambda: joined(layers.Attention(score_mode="concat", dropout=0.3), seen, seen),
    "AdditiveAttention": lambda: joined(layers.AdditiveAttention(), seen, seen),
    "MultiHeadAttention": lambda: joined(layers.MultiHeadAttention(3, 5, dropout=0.2), seen, seen),
    "MultiHeadAttention, gate": lambda: joined(layers.MultiHeadAttention(2, 5, value_dim=3, use_gate=True), seen, seen),
    "MultiHeadAttention, axes": lambda: joined(layers.MultiHeadAttention(2, 5, attention_axes=1), conv(), conv()),
    "MultiHeadAttention, masked": masked,
    "GroupedQueryAttention": lambda: joined(layers.GroupQueryAttention(5, 4, 2, dropout=0.2), seen, seen),
    "AdaptiveMaxPooling2D": lambda: after(layers.AdaptiveMaxPooling2D((3, 4))),
    "AdaptiveAveragePooling2D": lambda: after(layers.AdaptiveAveragePooling2D((3, 4))),
    "EinsumDense": lambda: after(layers.EinsumDense("...x,xy->...y", 7, activation="relu", bias_axes="y")),
    "EinsumDense, turned": lambda: after(layers.EinsumDense("abcd,ce->abed", (7, 6, 18), bias_axes="e", activation="gelu")),
    "RMSNormalization": lambda: after(layers.RMSNormalization()),
    "UnitNormalization": lambda: after(layers.UnitNormalization(axis=[1, 2])),
    "GroupNormalization": lambda: after(layers.GroupNormalization(3)),
    "GroupNormalization, bare": lambda: after(layers.GroupNormalization(-1, axis=1, center=False, scale=False)),
    "BatchNormalization, renorm": lambda: after(layers.BatchNormalization(renorm=True), layers.ReLU()),
    "Identity": lambda: after(layers.Identity()),
    "ThresholdedReLU": lambda: after(layers.ThresholdedReLU(0.2)),
    "ActivityRegularization": lambda: after(layers.ActivityRegularization(0.1, 0.2)),
    "a penalty on the output": lambda: after(layers.Conv2D(6, 3, activation="relu", activity_regularizer="l1")),
    "Dot": lambda: joined(layers.Dot((3, 3)), conv(), conv()),
    "Dot, normalized": lambda: joined(layers.Dot((1, 1), normalize=True), conv(), conv(4)),
    "BatchNormalization, frozen": lambda: after(frozen(layers.BatchNormalization()), conv()),
    "BatchNormalization, frozen and bare": lambda: after(frozen(layers.BatchNormalization(center=False, scale=False))),
    "PReLU": lambda: after(layers.PReLU()),
    "PReLU, shared": lambda: after(layers.PReLU(shared_axes=[1, 2])),
    "Rescaling": lambda: after(layers.Rescaling(0.5, 0.25)),
    "Normalization": lambda: after(layers.Normalization(mean=[0.5] * 18, variance=[0.25] + [2.0] * 17)),
    "Normalization, inverted": lambda: after(layers.Normalization(mean=0.5, variance=2.0, invert=True)),
    "Normalization, adapted": lambda: after(layers.Normalization(axis=(1, -1))),
    "Concatenate": lambda: joined(layers.Concatenate(), conv(), conv(5), conv(7)),
    "Concatenate, rows": lambda: joined(layers.Concatenate(axis=1), conv(), conv()),
    "Add": lambda: joined(layers.Add(), conv(), conv(), conv()),
    "Subtract": lambda: joined(layers.Subtract(), conv(), conv()),
    "Average": lambda: joined(layers.Average(), conv(), conv(), conv()),
    "Multiply": lambda: joined(layers.Multiply(), conv(), conv(), conv(), conv()),
    "Maximum": lambda: joined(layers.Maximum(), conv(), conv(), conv()),
    "Minimum": lambda: joined(layers.Minimum(), conv(), conv()),
    "Add, repeated": lambda: joined(layers.Add(), conv(), pooled(), conv()),
    "Subtract, repeated": lambda: joined(layers.Subtract(), pooled(), conv()),
    "Average, repeated": lambda: joined(layers.Average(), conv(), pooled()),
    "Multiply, repeated": lambda: joined(layers.Multiply(), conv(), pooled()),
    "Maximum, repeated": lambda: joined(layers.Maximum(), pooled(), conv(), conv()),
    "BatchNormalization": lambda: after(layers.BatchNormalization(), conv(5), layers.BatchNormalization(center=False)),
    "BatchNormalization, few channels first": lambda: after(layers.BatchNormalization(axis=1), conv(5)),
    "Dropout": lambda: after(layers.Dropout(0.5), layers.SpatialDropout2D(0.5), layers.GaussianNoise(1.0)),
    "AlphaDropout": lambda: after(layers.AlphaDropout(0.5), layers.GaussianDropout(0.5), layers.Dropout(0.5, noise_shape=(None, 1, 5, 18))),
    "LayerNormalization, rows": lambda: after(layers.LayerNormalization(axis=1)),
    "LayerNormalization, first": lambda: keras.Sequential(
        [keras.Input(SIZE), layers.LayerNormalization(axis=1), layers.Flatten(), layers.Dense(4)]
    ),
    "PReLU, first": lambda: keras.Sequential([keras.Input(SIZE), layers.PReLU(), layers.Flatten(), layers.Dense(4)]),
    "Conv2D, frozen BatchNormalization that learns": lambda: after(conv(5), layers.BatchNormalization(momentum=0.5)),
    "Embedding": lambda: keras.Sequential([keras.Input((6,)), layers.Embedding(9, 5), layers.Flatten(), layers.Dense(4)]),
    "Multiply, one number": lambda: joined(layers.Multiply(), conv(), conv(1)),
    "SimpleRNN": lambda: after(layers.SimpleRNN(7, activation="gelu"), size=(6, 3)),
    "LSTM": lambda: after(layers.LSTM(7, return_sequences=True), layers.LSTM(5, go_backwards=True), size=(6, 3)),
    "LSTM, other activations": lambda: after(layers.LSTM(7, activation="relu", recurrent_activation="softsign"), size=(6, 3)),
    "GRU": lambda: after(layers.GRU(7, return_sequences=True), layers.GRU(5, dropout=0.5), size=(6, 3)),
    "GRU, reset before": lambda: after(layers.GRU(7, reset_after=False, recurrent_dropout=0.5), size=(6, 3)),
    "Bidirectional": lambda: after(
        layers.Bidirectional(layers.LSTM(5, return_sequences=True)), layers.Bidirectional(layers.GRU(4), merge_mode="mul"), size=(6, 3)
    ),
    "TimeDistributed": lambda: after(
        layers.TimeDistributed(layers.Dense(4)),
        layers.RNN([layers.GRUCell(3), layers.LSTMCell(4)]), size=(6, 3)
    ),
    "Masking": lambda: keras.Sequential(
        [keras.Input((6, 3)), layers.Masking(), layers.LSTM(5, return_sequences=True), layers.GRU(4), layers.Dense(4)]
    ),
    "Masking, mean": lambda: keras.Sequential([keras.Input((6, 3)), layers.Masking(), layers.GlobalAveragePooling1D(), layers.Dense(4)]),
    "ConvLSTM2D": lambda: keras.Sequential(
        [keras.Input((3, 5, 4, 2)), layers.ConvLSTM2D(3, 2, padding="same", recurrent_dropout=0.5), layers.Flatten(), layers.Dense(4)]
    ),
    "PReLU, shared channels": lambda: after(layers.PReLU(shared_axes=[3])),
}  # fmt: skip
"""In prediction and in training."""

BY_PYTHON = {"Rescaling, by arrays": lambda: after(layers.Rescaling([0.5] * 18, [0.25] * 18))}
"""What NumPy does in a layer (ctx.python)."""


def outcome(make: Callable[[], Any], by_python: bool) -> list[Any]:
    """Predictions, also of numbers that are not finite, and steps in between."""
    keras.utils.set_random_seed(1)
    model, found = make(), list[Any]()
    model.compile("sgd", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    for step, (x, y) in enumerate(batches(model, 5)):
        if model.layers[0].input_dtype == "int64":
            x = np.abs(10 * x).astype(np.int64) % 9
        found.append(model.train_on_batch(x, y))
        if x.dtype == np.float32:
            x[0, ..., 0], x[1, ..., 0] = np.nan, np.inf
        if step == 2:
            model.set_weights([weight + np.float32(0.5) for weight in model.get_weights()])
        found.append(model.predict_on_batch(x))
    assert (statistics(model)["python_stages"] > 0) == by_python
    return [*found, *model.get_weights()]


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("name", [*TOLD, *BY_PYTHON])
def test_a_model_is_told_whole(name: str, threads: int, monkeypatch: pytest.MonkeyPatch) -> None:
    keras.set_num_threads(threads)
    make = {**TOLD, **BY_PYTHON}[name]
    found = outcome(make, by_python=name in BY_PYTHON)
    monkeypatch.setattr(*STEP)
    for one, other in zip(found, outcome(make, by_python=True), strict=True):
        np.testing.assert_array_equal(one, other)


def test_at_most_five_layers_leave_something_to_python() -> None:
    files = [path.read_text("utf-8") for path in pathlib.Path(layers.__file__).parent.glob("*.py")]
    assert 0 < sum(text.count("ctx.python(") for text in files) <= 5


def test_the_layers_that_numpy_computes_are_listed() -> None:
    kinds = {name: getattr(layers, name) for name in HOME}
    found = [name for name, kind in kinds.items() if kind.forward is not Operator.forward and not holds(kind, "tells", "forward")]
    assert tuple(sorted(found)) == by_numpy.IN_EACH_STEP
    assert len(found) == 39


def test_every_class_of_ours_that_computes_says_that_it_tells() -> None:
    kinds = {kind for kind in vars(layers).values() if isinstance(kind, type) and issubclass(kind, layers.Layer)}
    bases = {base for kind in kinds for base in kind.__mro__ if base.__module__.startswith("tinyseq.layers.")}
    methods = ("forward", "backward", "partial", "combine", "apply", "update", "prepare", "late_gradients")
    silent = [base.__name__ for base in bases if set(methods) & set(vars(base)) and not vars(base).get("tells")]
    assert silent == []


def test_what_a_layer_makes_itself_is_only_read() -> None:
    """Constants of a program are shared by all that run it."""
    for make in (TOLD["UpSampling2D, bilinear"], TOLD["LayerNormalization, bare"], TOLD["BatchNormalization"]):
        model = make()
        model.compile("sgd", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
        [(x, y), *_] = batches(model, 5)
        model.train_on_batch(x, y)
        own = {id(weight.value) for weight in model.weights}
        packed = {id(array) for layer in model.layers for _, made in layer._prepared.values() for array in made.values()}
        [program] = [one for schedule in model._engine._schedules.values() for one in schedule.programs.values()]
        constants = [array for array in program._kept if array.base is None and id(array) not in own | packed]
        before = [array.copy() for array in constants]
        model.train_on_batch(x, y)
        assert constants
        for one, other in zip(constants, before, strict=True):
            np.testing.assert_array_equal(one, other)


def test_an_index_outside_of_the_table_is_told_with_its_numbers() -> None:
    model = keras.Sequential([keras.Input((3,)), layers.Embedding(5, 2), layers.Flatten(), layers.Dense(2)])
    right = np.array([[0, 4, 1], [2, 3, 0]])
    expected = model.predict_on_batch(right)
    assert statistics(model)["python_stages"] == 0
    with pytest.raises(ValueError, match=r"index 5 is outside of 0..4: make input_dim at least 6"):
        model.predict_on_batch(np.array([[0, 5, 1]]))
    np.testing.assert_array_equal(model.predict_on_batch(right), expected)


def test_moving_statistics_of_the_steps_before_are_used() -> None:
    """Training leaves them in place of the old ones: what a prediction has packed of them is made anew."""
    model = after(layers.BatchNormalization())
    model.compile("sgd", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    for x, y in batches(model, 6):
        for _ in range(STEPS):
            found = model.predict_on_batch(x)
        fresh = keras.Sequential.from_config(model.get_config())
        fresh.set_weights(model.get_weights())
        np.testing.assert_array_equal(found, fresh.predict_on_batch(x))
        model.train_on_batch(x, y)
