"""Conv2D layers whose strides are folded: the numbers of the direct method, in any place and on any number of threads."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

import tinyseq as keras
from tinyseq import layers
from tinyseq.kernels.convolution import strided_winograd
from tinyseq.layers import convolution

FILTERS = 33
"""More than two vectors of any processor, and no multiple of any."""


def net(size: tuple[int | None, int | None] = (61, 58), padding: str = "same") -> Any:
    """A layer before the folded one, so that its input's gradient is needed, and one behind it."""
    keras.set_random_seed(4)
    model = keras.Sequential(
        [
            keras.Input((*size, 3)), layers.Conv2D(3, 1), layers.Conv2D(FILTERS, 5, strides=2, padding=padding, activation="relu"),
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
    """A call from which on nothing is folded."""

    def change() -> None:
        monkeypatch.setattr(strided_winograd, "wins", lambda g: False)
        convolution.fastest.cache_clear()

    yield change
    monkeypatch.undo()
    convolution.fastest.cache_clear()


@pytest.mark.parametrize("padding", ["same", "valid"])
def test_prediction_and_a_training_step_are_those_of_the_direct_method(padding: str, directly: Any) -> None:
    x = pictures(6)
    model = net(padding=padding)
    assert model.layers[1].method((6, 61, 58, 3)) == "folded"
    folded = after_a_step(model, x)
    directly()
    model = net(padding=padding)
    assert model.layers[1].method((6, 61, 58, 3)) == "direct"
    assert_close(folded, after_a_step(model, x))


def test_an_image_of_unknown_size_is_folded_if_it_is_large(directly: Any) -> None:
    images = [pictures(2), pictures(2, 9, 11)]
    model = net((None, None))
    assert [model.layers[1].method(x.shape) for x in images] == ["folded", "direct"]
    folded = [after_a_step(model, x) for x in images]
    directly()
    model = net((None, None))
    for x, found in zip(images, folded, strict=True):
        assert_close(found, after_a_step(model, x))


def test_threads_do_not_change_a_bit() -> None:
    one, several = pictures(1, 131, 125), pictures(9, 131, 125)
    found = []
    for count in (1, 2, 3):
        keras.set_num_threads(count)
        found.append([net((131, 125)).predict(one, verbose=0), *after_a_step(net((131, 125)), several)])
    for other in found[1:]:
        assert all(np.array_equal(mine, theirs) for mine, theirs in zip(found[0], other, strict=True))
