"""Layers that move, join and normalize are played: nothing of a model with them is left to Python, and the bits are the same."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

import tinyseq as keras
from tests.engine.test_replay import STEPS, batches, engine_replays
from tinyseq import layers

SIZE = (7, 5, 18)


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    before = keras.get_num_threads()
    keras.set_num_threads(1)
    yield
    keras.set_num_threads(before)


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


PLAYED: dict[str, Callable[[], Any]] = {
    "ZeroPadding2D": lambda: after(layers.ZeroPadding2D(((1, 2), (0, 3)))),
    "ZeroPadding1D": lambda: after(layers.ZeroPadding1D((2, 1)), size=(6, 3)),
    "ZeroPadding3D": lambda: after(layers.Reshape((7, 5, 3, 6)), layers.ZeroPadding3D(((1, 0), (2, 1), (0, 2)))),
    "Cropping2D": lambda: after(layers.Cropping2D(((1, 2), (0, 3)))),
    "Cropping1D": lambda: after(layers.Cropping1D((2, 1)), size=(6, 3)),
    "Cropping3D": lambda: after(layers.Reshape((7, 5, 3, 6)), layers.Cropping3D(((1, 0), (2, 1), (0, 2)))),
    "UpSampling2D": lambda: after(layers.UpSampling2D((2, 3))),
    "UpSampling2D, bilinear": lambda: after(layers.UpSampling2D(2, interpolation="bilinear")),
    "UpSampling1D": lambda: after(layers.UpSampling1D(3), size=(6, 3)),
    "Permute": lambda: after(layers.Permute((3, 1, 2))),
    "RepeatVector": lambda: after(layers.RepeatVector(3), size=(6,)),
    "Reshape": lambda: after(layers.Reshape((5, -1)), layers.Permute((2, 1))),
    "LayerNormalization": lambda: after(layers.LayerNormalization()),
    "LayerNormalization, bare": lambda: after(layers.LayerNormalization(axis=(-2, -1), center=False, scale=False)),
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
}  # fmt: skip
"""Played in prediction and in training."""

PREDICTED: dict[str, Callable[[], Any]] = {
    "BatchNormalization": lambda: after(layers.BatchNormalization(), conv(5), layers.BatchNormalization(center=False)),
    "BatchNormalization, few channels first": lambda: after(layers.BatchNormalization(axis=1), conv(5)),
    "Dropout": lambda: after(layers.Dropout(0.5), layers.SpatialDropout2D(0.5), layers.GaussianNoise(1.0)),
    "Multiply, one number": lambda: joined(layers.Multiply(), conv(), conv(1)),
    "PReLU, shared channels": lambda: after(layers.PReLU(shared_axes=[3])),
}  # fmt: skip
"""Played in prediction only: statistics of the whole batch, random numbers, sums of whole lines."""


def predictions(make: Callable[[], Any], whole: bool) -> list[Any]:
    keras.utils.set_random_seed(1)
    model, found = make(), []
    for step, (x, _) in enumerate(batches(model, 3)):
        x[0, ..., 0], x[1, ..., 0] = np.nan, np.inf
        if step == 2:
            model.set_weights([weight + np.float32(0.5) for weight in model.get_weights()])
        found.append(model.predict_on_batch(x))
    [replay] = engine_replays(model)
    assert (replay.program is not None) == whole
    assert replay.program is None or replay.program.whole
    return found


@pytest.mark.parametrize("name", [*PLAYED, *PREDICTED])
def test_a_prediction_is_played_whole(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    make = {**PLAYED, **PREDICTED}[name]
    found = predictions(make, whole=True)
    monkeypatch.setenv("TINYSEQ_REPLAY", "0")
    for one, other in zip(found, predictions(make, whole=False), strict=True):
        np.testing.assert_array_equal(one, other)


def trained(make: Callable[[], Any], whole: bool) -> list[Any]:
    keras.utils.set_random_seed(1)
    model = make()
    model.compile("sgd", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    losses = [model.train_on_batch(x, y) for x, y in batches(model, 5)]
    programs = [replay.program for replay in engine_replays(model)]
    assert all((program is not None) == whole for program in programs)
    assert all(program is None or program.whole for program in programs)
    assert np.isfinite(losses).all()
    return [np.array(losses), *model.get_weights()]


@pytest.mark.parametrize("name", PLAYED)
def test_a_step_is_played_whole(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    found = trained(PLAYED[name], whole=True)
    monkeypatch.setenv("TINYSEQ_REPLAY", "0")
    for one, other in zip(found, trained(PLAYED[name], whole=False), strict=True):
        np.testing.assert_array_equal(one, other)


def test_moving_statistics_of_the_steps_before_are_used() -> None:
    """Training leaves them in place of the old ones, where a prediction that is played would not look again."""
    model = after(layers.BatchNormalization())
    model.compile("sgd", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    for x, y in batches(model, 6):
        for _ in range(STEPS):
            found = model.predict_on_batch(x)
        fresh = keras.Sequential.from_config(model.get_config())
        fresh.set_weights(model.get_weights())
        np.testing.assert_array_equal(found, fresh.predict_on_batch(x))
        model.train_on_batch(x, y)
