"""Conv2D layers whose strides are folded, or computed phase by phase: the numbers of the direct method, in any place and on any number of
threads."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

import tinyseq as keras
from tinyseq import layers
from tinyseq.kernels.convolution import phase_winograd, strided_winograd
from tinyseq.layers import convolution

FILTERS = 33
"""More than two vectors of any processor, and no multiple of any."""


def net(size: tuple[int | None, int | None] = (61, 58), padding: str = "same", channels: int = 3, window: int = 5) -> Any:
    """A layer before the one in question, so that its input's gradient is needed, and one behind it."""
    keras.set_random_seed(4)
    model = keras.Sequential(
        [
            keras.Input((*size, 3)), layers.Conv2D(channels, 1),
            layers.Conv2D(FILTERS, window, strides=2, padding=padding, activation="relu"),
            layers.GlobalAveragePooling2D(), layers.Dense(4, activation="softmax"),
        ]
    )  # fmt: skip
    model.compile(keras.optimizers.SGD(0.5), "sparse_categorical_crossentropy")
    return model


def pictures(count: int, height: int = 61, width: int = 58) -> Any:
    return np.random.default_rng(1).normal(size=(count, height, width, 3)).astype(np.float32)


def after_a_step(model: Any, x: Any) -> Any:
    """(the prediction before, the weights after it)."""
    before = model.predict(x, verbose=0)
    model.train_on_batch(x, np.arange(len(x)) % 4)
    return [before, *model.get_weights()]


def assert_close(found: Any, expected: Any) -> None:
    for mine, other in zip(found, expected, strict=True):
        np.testing.assert_allclose(mine, other, atol=1e-5)


@pytest.fixture
def directly(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A call from which on strided convolutions are computed directly."""

    def change() -> None:
        for method in (strided_winograd, phase_winograd):
            monkeypatch.setattr(method, "wins", lambda g: False)
        convolution.fastest.cache_clear()

    yield change
    monkeypatch.undo()
    convolution.fastest.cache_clear()


@pytest.mark.parametrize("padding", ["same", "valid"])
@pytest.mark.parametrize(("method", "channels", "window"), [("folded", 3, 5), ("phases", FILTERS, 5), ("phases", FILTERS, 4)])
def test_prediction_and_a_training_step_are_those_of_the_direct_method(
    method: str, channels: int, window: int, padding: str, directly: Any
) -> None:
    x = pictures(6)
    model = net((61, 58), padding, channels, window)
    assert model.layers[1].method((6, 61, 58, channels)) == method
    found = after_a_step(model, x)
    directly()
    model = net((61, 58), padding, channels, window)
    assert model.layers[1].method((6, 61, 58, channels)) == "direct"
    assert_close(found, after_a_step(model, x))


def test_phases_are_left_to_layers_that_know_their_input() -> None:
    images = [pictures(2), pictures(2, 33, 40)]
    several, one = net((None, None), channels=FILTERS), net((33, 40), channels=FILTERS)
    assert {several.layers[1].method((2, *x.shape[1:3], FILTERS)) for x in images} <= {"folded", "direct"}
    assert one.layers[1].method((2, 33, 40, FILTERS)) == "phases"
    one.set_weights(several.get_weights())
    np.testing.assert_allclose(several.predict(images[1], verbose=0), one.predict(images[1], verbose=0), atol=1e-5)


def test_an_image_of_unknown_size_is_folded_if_it_is_large(directly: Any) -> None:
    images = [pictures(2), pictures(2, 9, 11)]
    model = net((None, None))
    assert [model.layers[1].method(x.shape) for x in images] == ["folded", "direct"]
    folded = [after_a_step(model, x) for x in images]
    directly()
    model = net((None, None))
    for x, found in zip(images, folded, strict=True):
        assert_close(found, after_a_step(model, x))


@pytest.mark.parametrize("channels", [3, FILTERS])
def test_threads_do_not_change_a_bit(channels: int) -> None:
    one, several = pictures(1, 131, 125), pictures(9, 131, 125)
    found = []
    for count in (1, 2, 3):
        keras.set_num_threads(count)
        first, second = (net((131, 125), channels=channels) for _ in range(2))
        found.append([first.predict(one, verbose=0), *after_a_step(second, several)])
    for other in found[1:]:
        assert all(np.array_equal(mine, theirs) for mine, theirs in zip(found[0], other, strict=True))
