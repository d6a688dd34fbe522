"""A net with channels first is the same net as with channels last: the same bits, and arrays are turned only at its ends."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

import tinyseq as keras
from tinyseq import layers
from tinyseq.engine.plan import Mode, Plan


def net(first: bool) -> Any:
    """All kinds of layers that may pass on arrays with channels last, and what only BatchNormalization and Concatenate do by axis."""
    keras.set_random_seed(3)
    form, axis = ("channels_first", 1) if first else ("channels_last", -1)
    inputs = keras.Input((3, 16, 12) if first else (16, 12, 3))
    x = layers.Conv2D(8, 3, padding="same", data_format=form)(inputs)
    x = layers.ReLU()(layers.BatchNormalization(axis=axis)(x))
    y = layers.MaxPooling2D(data_format=form)(x)
    y = layers.Conv2D(8, 3, padding="same", activation="relu", data_format=form)(y)
    y = layers.Conv2DTranspose(8, 2, strides=2, data_format=form)(y)
    x = layers.Concatenate(axis=axis)([x, y])
    x = layers.Add()([layers.Conv2D(8, 1, data_format=form)(x), y])
    x = layers.AveragePooling2D(data_format=form)(x)
    model = keras.Model(inputs, layers.Dense(4, activation="softmax")(layers.Flatten(data_format=form)(x)))
    model.compile("adam", "sparse_categorical_crossentropy")
    return model


def test_the_bits_are_those_of_channels_last() -> None:
    x, y = np.random.default_rng(0).normal(size=(6, 16, 12, 3)).astype(np.float32), np.arange(6) % 4
    turned = np.ascontiguousarray(np.moveaxis(x, -1, 1))
    last, first = net(False), net(True)
    for _ in range(3):
        assert last.train_on_batch(x, y) == first.train_on_batch(turned, y)
    np.testing.assert_array_equal(last.predict_on_batch(x), first.predict_on_batch(turned))
    for one, other in zip(last.get_weights(), first.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)


def test_arrays_are_turned_only_where_the_order_changes() -> None:
    model = net(True)
    plan = Plan(model.graph, ((6, 3, 16, 12),), Mode(True, True, model.trainable_weights))
    assert [type(op.layer).__name__ for op in plan.ops].count("Turn") == 1
    ends = layers.Conv2D(4, 3, data_format="channels_first"), layers.MaxPooling2D(data_format="channels_first")
    inner = keras.Sequential([keras.Input((3, 8, 9)), ends[0], layers.Softmax(), ends[1]])
    plan = Plan(inner.graph, ((2, 3, 8, 9),), Mode())
    kinds = [type(op.layer).__name__ for op in plan.ops]
    assert kinds == ["Turn", "Conv2D", "Turn", "Softmax", "Turn", "MaxPooling2D", "Turn"]


@pytest.fixture
def formats() -> Iterator[None]:
    yield
    keras.backend.set_image_data_format("channels_last")


@pytest.mark.usefixtures("formats")
def test_the_backends_format_is_what_none_means() -> None:
    keras.backend.set_image_data_format("channels_first")
    assert keras.backend.image_data_format() == "channels_first"
    assert layers.Conv2D(4, 3).data_format == "channels_first"
    assert layers.Conv2D(4, 3, 1, "valid", None).data_format == "channels_first"
    assert layers.Conv2D(4, 3, data_format="channels_last").data_format == "channels_last"
    assert layers.Flatten().data_format == "channels_first"
    with pytest.raises(ValueError, match="expected 'channels_last' or 'channels_first'"):
        keras.backend.set_image_data_format("channels")


def test_a_softmax_inside_a_layer_of_channels_first_is_refused() -> None:
    layer = layers.Conv2D(4, 3, activation="softmax", data_format="channels_first")
    with pytest.raises(NotImplementedError, match=r"put Softmax\(axis=1\) after this layer"):
        layer(np.zeros((1, 3, 5, 5), np.float32))


def test_a_sigmoid_at_the_end_is_left_to_the_loss() -> None:
    found = []
    for first in (False, True):
        keras.set_random_seed(1)
        form = "channels_first" if first else "channels_last"
        layer = layers.Conv2D(2, 3, activation="sigmoid", data_format=form)
        model = keras.Sequential([keras.Input((3, 8, 6) if first else (8, 6, 3)), layer])
        model.compile("sgd", "binary_crossentropy")
        x, y = np.random.default_rng(0).normal(size=(4, 8, 6, 3)).astype(np.float32), np.random.default_rng(1).integers(0, 2, (4, 6, 4, 2))
        if first:
            x, y = np.moveaxis(x, -1, 1), np.moveaxis(y, -1, 1)
        model.train_on_batch(np.ascontiguousarray(x), np.ascontiguousarray(y))
        found.append(model.get_weights())
    for one, other in zip(*found, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-6)
