"""Conv3D and Conv3DTranspose by Winograd's method: the numbers of the direct one, for any number of threads."""

from typing import Any

import numpy as np
import pytest

import tinyseq as keras
from tests.layers.test_strided_winograd import after_a_step, assert_close
from tinyseq import kernels, layers

KINDS = {"Conv3D": layers.Conv3D, "Conv3DTranspose": layers.Conv3DTranspose}


def net(kind: str, size: int | None = 9, data_format: str = "channels_last") -> Any:
    """A layer before the one in question, so that its input's gradient is needed, and one behind it."""
    keras.set_random_seed(4)
    same = {"data_format": data_format}
    sizes = (5, size, 8)
    between = [
        layers.Conv3D(18, 1, **same), KINDS[kind](17, 3, padding="same", activation="relu", **same), layers.GlobalAveragePooling3D(**same),
    ]  # fmt: skip
    model = keras.Sequential([keras.Input((*sizes, 2) if data_format == "channels_last" else (2, *sizes)), *between, layers.Dense(4)])
    model.compile(keras.optimizers.SGD(0.5), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    return model


def pictures(count: int, *shape: int) -> Any:
    return np.random.default_rng(1).normal(size=(count, *(shape or (5, 9, 8, 2)))).astype(np.float32)


@pytest.mark.parametrize("data_format", ["channels_last", "channels_first"])
@pytest.mark.parametrize("kind", KINDS)
def test_winograds_method_has_the_numbers_of_the_direct_one(kind: str, data_format: str, monkeypatch: pytest.MonkeyPatch) -> None:
    x = pictures(3, *((5, 9, 8, 2) if data_format == "channels_last" else (2, 5, 9, 8)))
    model = net(kind, data_format=data_format)
    assert model.layers[1].method() is kernels.volume_winograd
    ours = after_a_step(model, x)
    monkeypatch.setattr(kernels.volume_winograd, "wins", lambda v: False)
    model = net(kind, data_format=data_format)
    assert model.layers[1].method() is kernels.volume
    assert_close(ours, after_a_step(model, x))


@pytest.mark.parametrize("kind", KINDS)
def test_unknown_sizes_are_computed_directly(kind: str) -> None:
    several, one = net(kind, None), net(kind)
    assert several.layers[1].method() is kernels.volume
    one.set_weights(several.get_weights())
    assert_close(after_a_step(several, pictures(2)), after_a_step(one, pictures(2)))


@pytest.mark.parametrize("kind", KINDS)
def test_the_number_of_threads_changes_no_bit(kind: str) -> None:
    found = []
    for threads in (1, 2):
        keras.set_num_threads(threads)
        model = net(kind)
        found.append([*after_a_step(model, pictures(5)), model.predict_on_batch(pictures(1))])
    for one, two in zip(*found, strict=True):
        np.testing.assert_array_equal(one, two)
