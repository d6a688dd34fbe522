"""Transposed convolutions by Winograd's methods: the numbers of the direct one, for any number of threads."""

from typing import Any

import numpy as np
import pytest

import tinyseq as keras
from tests.layers.test_strided_winograd import after_a_step, assert_close
from tinyseq import layers
from tinyseq.kernels.convolution import phase_winograd, strided_winograd, winograd
from tinyseq.layers import methods

KINDS: dict[str, dict[str, Any]] = {
    "winograd": {"filters": 33, "kernel_size": 3, "padding": "same"},
    "folded": {"filters": 3, "kernel_size": 5, "strides": 2, "padding": "same"},
    "phases": {"filters": 33, "kernel_size": 4, "strides": 2, "padding": "same"},
}


def net(arguments: dict[str, Any]) -> Any:
    """A layer before the transposed one, so that its input's gradient is needed, and one behind it."""
    keras.set_random_seed(4)
    between = layers.Conv2D(33, 1), layers.Conv2DTranspose(**arguments, activation="relu"), layers.Conv2D(5, 1)
    model = keras.Sequential([keras.Input((20, 18, 3)), *between, layers.Flatten(), layers.Dense(4)])
    model.compile(keras.optimizers.SGD(0.01), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    return model


def pictures(count: int) -> Any:
    return np.random.default_rng(1).normal(size=(count, 20, 18, 3)).astype(np.float32)


@pytest.mark.parametrize("kind", KINDS)
def test_winograds_method_gives_the_numbers_of_the_direct_one(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    model = net(KINDS[kind])
    assert model.layers[1].method() == kind
    ours = after_a_step(model, pictures(3))
    for method in (winograd, strided_winograd, phase_winograd):
        monkeypatch.setattr(method, "wins", lambda *sizes: False)
    methods.fastest.cache_clear()
    model = net(KINDS[kind])
    assert model.layers[1].method() == "direct"
    assert_close(ours, after_a_step(model, pictures(3)))
    monkeypatch.undo()
    methods.fastest.cache_clear()


@pytest.mark.parametrize("kind", KINDS)
def test_the_number_of_threads_changes_no_bit(kind: str) -> None:
    found = []
    for threads in (1, 2):
        keras.set_num_threads(threads)
        model = net(KINDS[kind])
        found.append([*after_a_step(model, pictures(5)), model.predict_on_batch(pictures(1))])
    for one, two in zip(*found, strict=True):
        np.testing.assert_array_equal(one, two)
