"""Weights that call() does not use have no gradient: fit goes on without them, and says so; those of a loss alone have one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tinyseq as keras
from tinyseq import layers


class WithSpare(layers.Layer):
    """A Dense, and a weight that it does not use."""

    def __init__(self, units: int, **options: Any) -> None:
        super().__init__(**options)
        self.units = units
        self.inner = layers.Dense(units, name="dense")

    def build(self, input_shape: Any) -> None:
        self.spare = self.add_weight(name="spare", shape=(2,), initializer="ones")
        self.inner.build(input_shape)

    def call(self, x: Any) -> Any:
        return self.inner(x)


class OfTheLoss(layers.Layer):
    """A weight that only a term of the loss depends on."""

    def build(self, input_shape: Any) -> None:
        self.w = self.add_weight(name="w", shape=(3,), initializer="ones")

    def call(self, x: Any) -> Any:
        self.add_loss(keras.ops.sum(keras.ops.square(self.w)))
        return x * 2


@pytest.mark.parametrize("optimizer", ("adam", "sgd", "nadam"))
def test_fit_leaves_a_weight_without_gradient_as_it_was_and_names_it(optimizer: str) -> None:
    model = keras.Sequential([keras.Input((4,)), WithSpare(1, name="first")])
    model.compile(optimizer, "mse")
    before = [array.copy() for array in model.get_weights()]
    with pytest.warns(UserWarning, match=r"Gradients do not exist for first/spare: call\(\) does not use it") as caught:
        model.fit(np.ones((2, 4)), np.full((2, 1), 9.0), verbose=0)
    assert caught[0].filename == __file__, "the warning is at the user's own line"
    spare = [name for name, weight in enumerate(model.weights) if weight.name == "spare"]
    for place, (old, new) in enumerate(zip(before, model.get_weights(), strict=True)):
        assert np.array_equal(old, new) == (place in spare)


def test_a_weight_of_a_term_of_the_loss_alone_trains() -> None:
    model = keras.Sequential([keras.Input((3,)), OfTheLoss(), layers.Dense(1)])
    model.compile("sgd", "mse")
    model.fit(np.ones((4, 3)), np.ones((4, 1)), verbose=0)
    np.testing.assert_allclose(model.layers[0].get_weights()[0], 1 - 0.01 * 2, rtol=1e-6)


class Holding(keras.Model):
    """Layers whose weights have equal paths, and a list that holds itself."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.itself: list[Any] = [WithSpare(3, name="one"), WithSpare(2, name="two")]
        self.itself.append(self.itself)

    def call(self, x: Any) -> Any:
        return self.itself[1](self.itself[0](x))


@pytest.mark.parametrize("ending", ("keras", "h5"))
def test_layers_of_equal_names_and_a_list_that_holds_itself_are_saved(ending: str, tmp_path: Path) -> None:
    model, x = Holding(), np.random.default_rng(1).normal(size=(2, 4)).astype(np.float32)
    expected = model(x)
    start = keras.Input((4,))
    whole = keras.Model(start, model(start)) if ending == "h5" else model
    whole.save(tmp_path / f"m.{ending}")
    again = keras.models.load_model(tmp_path / f"m.{ending}", custom_objects={"Holding": Holding, "WithSpare": WithSpare})
    np.testing.assert_array_equal(again(x), expected)
