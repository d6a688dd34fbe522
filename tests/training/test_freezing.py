"""trainable = False: what it holds still, from when on, and that a model warns where it has no effect.

The patterns of what moves are those of Keras 3.15, run on the same models (TensorFlow, no run_eagerly).
"""

import warnings
from typing import Any

import numpy as np
import pytest

import tinyseq as keras
from tinyseq import layers

X = np.random.default_rng(0).random((8, 4), np.float32)
Y = np.zeros((8, 2), np.float32)
WITHOUT_EFFECT = "has no effect yet: call model.compile"


def stack(nested: bool) -> Any:
    """a, then b; a alone, or in a model inside."""
    a, b = layers.Dense(3, name="a"), layers.Dense(2, name="b")
    first = keras.Sequential([keras.Input((4,)), a], name="inner") if nested else a
    model = keras.Sequential([keras.Input((4,)), first, b], name="outer")
    model.compile("sgd", "mse")
    return model


def moved(model: Any, step: str) -> str:
    """The layers whose kernel a training step changes."""
    before = [weight.numpy() for weight in model.weights]
    model.fit(X, Y, verbose=0) if step == "fit" else model.train_on_batch(X, Y)
    changed = [(old != new.numpy()).any() for old, new in zip(before, model.weights, strict=True)]
    return "".join(name for name, there in zip("ab", changed[::2], strict=True) if there)


@pytest.mark.parametrize("nested", [False, True])
@pytest.mark.parametrize("step", ["fit", "train_on_batch"])
def test_freezing_counts_from_the_next_compile_on_and_says_so_once(nested: bool, step: str) -> None:
    model = stack(nested)
    assert moved(model, step) == "ab"
    model.layers[0].trainable = False
    assert len(model.trainable_weights) == 2
    with pytest.warns(UserWarning, match=f"outer: trainable of a was changed after compile.*{WITHOUT_EFFECT}") as told:
        assert moved(model, step) == "ab"
    assert [warning.filename for warning in told] == [__file__]
    assert moved(model, step) == "ab"  # no second warning: they are errors here
    model.compile("sgd", "mse")
    assert moved(model, step) == "b"
    model.layers[0].trainable = True
    with pytest.warns(UserWarning, match="trainable of a was changed"):
        assert moved(model, step) == "b"
    model.compile("sgd", "mse")
    assert moved(model, step) == "ab"
    model.trainable = False
    with pytest.warns(UserWarning, match="trainable of a, b was changed"):
        assert moved(model, step) == "ab"


@pytest.mark.parametrize("nested", [False, True])
def test_freezing_before_the_first_step_is_in_force_without_a_word(nested: bool) -> None:
    model = stack(nested)
    model.evaluate(X, Y, verbose=0)
    model.layers[0].trainable = False
    assert moved(model, "fit") == "b"


def test_a_change_that_was_taken_back_is_no_change() -> None:
    model = stack(False)
    assert moved(model, "fit") == "ab"
    model.layers[0].trainable = False
    model.layers[0].trainable = True
    assert moved(model, "fit") == "ab"


def test_a_base_frozen_for_another_model_is_frozen_there_and_told_where_it_trained() -> None:
    model = stack(True)
    assert moved(model, "fit") == "ab"
    inner = model.layers[0]
    inner.trainable = False
    head = keras.Sequential([inner, layers.Dense(2)])
    head.compile("sgd", "mse")
    assert moved(head, "fit") == "b"
    with pytest.warns(UserWarning, match="outer: trainable of a was changed"):
        model.fit(X, Y, verbose=0)


@pytest.mark.parametrize("step", ["fit", "train_on_batch"])
def test_a_model_of_which_nothing_trains_says_so_once_after_compile(step: str) -> None:
    """The order of old GANs: the discriminator is compiled, then frozen for the other model, and then trained, in vain."""
    model = stack(True)
    model.trainable = False
    with pytest.warns(UserWarning, match="outer: no weight can change, because all layers are frozen: set trainable = True") as told:
        assert moved(model, step) == ""
    assert [warning.filename for warning in told] == [__file__]
    assert moved(model, step) == ""


def test_a_callback_that_freezes_is_told_at_the_next_epoch() -> None:
    model = stack(False)

    class Freeze(keras.callbacks.Callback):
        def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
            model.layers[0].trainable = False

    with pytest.warns(UserWarning, match=WITHOUT_EFFECT) as told:
        model.fit(X, Y, epochs=3, verbose=0, callbacks=[Freeze()])
    assert len(told) == 1


@pytest.mark.parametrize("affine", [True, False])
def test_moving_statistics_stand_still_when_their_weights_do(affine: bool) -> None:
    normal = layers.BatchNormalization(center=affine, scale=affine)
    model = keras.Sequential([keras.Input((4,)), normal, layers.Dense(2)])
    found = []
    for trainable, compiles in ((True, True), (False, False), (False, True), (True, False), (True, True)):
        normal.trainable = trainable
        if compiles:
            model.compile("sgd", "mse")
        before = normal.get_weights()
        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("always")
            model.fit(X, Y, verbose=0)
        assert [WITHOUT_EFFECT in str(warning.message) for warning in told] == ([] if compiles else [True])
        found.append("".join("-+"[int((old != new).any())] for old, new in zip(before, normal.get_weights(), strict=True)))
    assert found == [mark * (4 if affine else 2) for mark in "++--+"]
