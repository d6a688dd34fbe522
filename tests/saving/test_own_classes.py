"""Models of registered classes are saved and loaded as these classes, in the places where Keras 3.15 keeps their weights."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

import tinyseq as keras
from tinyseq import layers, models, saving

X = np.linspace(-1, 1, 24, dtype=np.float32).reshape(8, 3)


@saving.register_keras_serializable(package="classes")
class Scale(layers.Layer):
    """Factors around a layer: the one that does not train comes last in a file, though it was added first."""

    def __init__(self, factor: float = 2.0, **options: Any) -> None:
        super().__init__(**options)
        self.times = factor
        self.inner = layers.Dense(3)

    def build(self, input_shape: Any) -> None:
        self.still = self.add_weight(shape=(1,), name="still", initializer="ones", trainable=False)
        self.moving = self.add_weight(shape=(input_shape[-1],), name="moving", initializer="ones")
        self.inner.build(input_shape)

    def call(self, x: Any) -> Any:
        return self.inner(x * self.still * self.moving) * self.times


@saving.register_keras_serializable(package="classes")
class Net(keras.Model):
    """Layers in attributes before and after `layers` in the alphabet, in lists of lists, in a dictionary, and behind an underscore."""

    def __init__(self, width: int = 4, **options: Any) -> None:
        super().__init__(**options)
        self.first = layers.Dense(width)
        self.out_layer = layers.Dense(2)
        self.blocks = [[layers.Dense(4)], (layers.Dense(4),)]
        self.named = {"a": Scale(3.0), "b": layers.BatchNormalization()}
        self._last = layers.Dense(3)

    def call(self, x: Any, training: bool = False) -> Any:
        x = self.first(x)
        for block in self.blocks:
            for layer in block:
                x = layer(x)
        x = self.named["b"](self.named["a"](x), training=training)
        return self.out_layer(self._last(x))


PLACES = {
    "blocks/container/dense": [(4, 4), (4,)],
    "blocks/container_1/dense": [(4, 4), (4,)],
    "first": [(3, 4), (4,)],
    "layers/batch_normalization": [(3,), (3,), (3,), (3,)],
    "layers/dense_1": [(3, 2), (2,)],
    "layers/dense_4": [(3, 3), (3,)],
    "layers/scale": [(4,), (1,)],
    "layers/scale/inner": [(4, 3), (3,)],
}
"""Where Keras 3.15.1 keeps the weights of this class, read from the file that it wrote."""


@saving.register_keras_serializable(package="classes")
class Two(keras.Model):
    """Several inputs."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.a, self.b = layers.Dense(2), layers.Dense(2)

    def call(self, x: Any) -> Any:
        return self.a(x[0]) + self.b(x[1])


@saving.register_keras_serializable(package="classes")
class Named(Two):
    """Inputs by name."""

    def call(self, x: Any) -> Any:
        return self.a(x["left"]) + self.b(x["right"])


@saving.register_keras_serializable(package="classes")
class Stack(keras.Sequential):
    """A Sequential with a method."""

    def two(self) -> int:
        return 2


@saving.register_keras_serializable(package="classes")
class Ends(keras.Model):
    """A functional model that makes its layers."""

    def __init__(self, width: int = 3, **options: Any) -> None:
        x = keras.Input((3,))
        super().__init__(inputs=x, outputs=layers.Dense(width)(x), **options)
        self.width = width

    def get_config(self) -> dict[str, Any]:
        return {"width": self.width, "name": self.name}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Any:
        return cls(**config)


def nested() -> Any:
    x = keras.Input((3,))
    return keras.Model(x, layers.Dense(2)(Net(name="inside")(x)))


CASES: dict[str, tuple[Any, Any, int, str]] = {
    "net": (lambda: Net(width=4), X, 2, "Net"),
    "two": (Two, [X, 2 * X], 2, "Two"),
    "named": (Named, {"left": X, "right": 2 * X}, 2, "Named"),
    "stack": (lambda: Stack([keras.Input((3,)), layers.Dense(4), layers.Dense(2)]), X, 2, "Stack"),
    "ends": (lambda: Ends(5), X, 5, "Ends"),
    "nested": (nested, X, 2, "Functional"),
}


@pytest.mark.parametrize("name", CASES)
def test_the_class_comes_back_with_weights_settings_and_the_state_of_the_optimizer(name: str, tmp_path: Path) -> None:
    make, x, units, kind = CASES[name]
    model = make()
    model.compile("adam", "mse")
    model.fit(x, np.ones((8, units), np.float32), epochs=2, verbose=0)
    model.save(tmp_path / "m.keras")
    again = models.load_model(tmp_path / "m.keras")
    assert type(again).__name__ == kind and (kind == "Functional" or type(again) is type(model))
    np.testing.assert_allclose(again.predict(x, verbose=0), model.predict(x, verbose=0), atol=1e-6)
    assert again.compiled is True and again.optimizer.iterations == 2
    for one in (model, again):
        one.fit(x, np.ones((8, units), np.float32), epochs=1, shuffle=False, verbose=0)
    np.testing.assert_allclose(again.predict(x, verbose=0), model.predict(x, verbose=0), atol=1e-6)
    model.save_weights(tmp_path / "m.weights.h5")
    other = make()
    other.predict(x, verbose=0)
    other.load_weights(tmp_path / "m.weights.h5")
    np.testing.assert_allclose(other.predict(x, verbose=0), model.predict(x, verbose=0), atol=1e-6)


def test_weights_are_where_keras_keeps_them(tmp_path: Path) -> None:
    model = Net()
    model.predict(X, verbose=0)
    model.save_weights(tmp_path / "m.weights.h5")
    found: dict[str, list[Any]] = {}
    with h5py.File(tmp_path / "m.weights.h5") as file:
        paths: list[str] = []
        file.visit(paths.append)
        for path in paths:
            if isinstance(file[path], h5py.Dataset):
                found.setdefault(path.rpartition("/vars/")[0], []).append(file[path].shape)
    assert found == PLACES


def test_arguments_that_a_class_does_not_store_are_saved_and_others_are_asked_for() -> None:
    assert Scale(5.0).get_config()["factor"] == Net(width=7).get_config()["width"] - 2 == 5

    class Holding(layers.Layer):
        def __init__(self, inner: Any, **options: Any) -> None:
            super().__init__(**options)
            self.part = inner

        def call(self, x: Any) -> Any:
            return self.part(x)

    with pytest.raises(NotImplementedError, match=r"get_config does not find its argument inner"):
        Holding(layers.Dense(2)).get_config()


def test_a_class_that_is_not_registered_loads_without_it(tmp_path: Path) -> None:
    class Plain(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.z, self.a = layers.Dense(4), layers.Dense(2)

        def call(self, x: Any) -> Any:
            return self.a(self.z(x))

    model = Plain()
    expected = model.predict(X, verbose=0)
    model.save(tmp_path / "m.keras")
    again = models.load_model(tmp_path / "m.keras")
    assert type(again).__name__ == "Functional"
    np.testing.assert_allclose(again.predict(X, verbose=0), expected, atol=1e-6)
    other = Plain()
    other.predict(X, verbose=0)
    other.load_weights(tmp_path / "m.keras")
    np.testing.assert_allclose(other.predict(X, verbose=0), expected, atol=1e-6)


def test_a_model_without_weights_is_saved_with_a_warning(tmp_path: Path) -> None:
    for model in (Net(width=6), keras.Sequential([layers.Dense(2)])):
        with pytest.warns(UserWarning, match="has not yet been built"):
            model.save(tmp_path / "m.keras")
        again = models.load_model(tmp_path / "m.keras")
        assert not again.built and type(again) is type(model)
        assert again.predict(X, verbose=0).shape == (8, 2)


def test_a_compile_of_ones_own_is_not_called_from_a_file_unless_it_says_how(tmp_path: Path) -> None:
    @saving.register_keras_serializable(package="classes")
    class Compiling(keras.Sequential):
        def compile(self, rate: float) -> None:  # type: ignore[override]
            self.rate = rate
            super().compile("sgd", "mse")

    model = Compiling([keras.Input((3,)), layers.Dense(1)])
    model.compile(0.5)
    model.save(tmp_path / "m.keras")
    with pytest.warns(UserWarning, match=r"because the model's `compile\(\)` method is custom"):
        assert models.load_model(tmp_path / "m.keras").compiled is False
    Compiling.get_compile_config = lambda self: {"rate": self.rate}  # type: ignore[assignment, method-assign, return-value]
    Compiling.compile_from_config = lambda self, config: self.compile(config["rate"])  # type: ignore[method-assign]
    model.save(tmp_path / "m.keras")
    assert json.loads(zipfile.ZipFile(tmp_path / "m.keras").read("config.json"))["compile_config"] == {"rate": 0.5}
    assert models.load_model(tmp_path / "m.keras").rate == 0.5


def test_an_input_shape_that_is_none_is_refused(tmp_path: Path) -> None:
    model = Net()
    model.predict(X, verbose=0)
    model.save(tmp_path / "m.keras")
    with zipfile.ZipFile(tmp_path / "m.keras") as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
    for shape in ("3", [None, "3"], [None, 2.5], {"a": 3}):
        config = {**json.loads(content["config.json"]), "build_config": {"input_shape": shape}}
        with zipfile.ZipFile(tmp_path / "bad.keras", "w") as archive:
            for name, data in {**content, "config.json": json.dumps(config).encode()}.items():
                archive.writestr(name, data)
        with pytest.raises(ValueError, match="build_config has the input_shape"):
            models.load_model(tmp_path / "bad.keras")


def test_lists_of_arrays_inside_a_list_are_taken_one_after_the_other() -> None:
    a, b = keras.Input((3,)), keras.Input((3,))
    model = keras.Model([a, b], layers.Add()([a, 2 * b]))
    with pytest.warns(UserWarning, match="structure of `inputs` doesn't match"):
        np.testing.assert_allclose(model(([X], X)), 3 * X, atol=1e-6)


def test_weights_that_a_call_does_not_use_keep_their_place_in_the_optimizer() -> None:
    class Spare(layers.Layer):
        def build(self, input_shape: Any) -> None:
            self.spare = self.add_weight(shape=(2,), name="spare")
            self.used = self.add_weight(shape=(3,), name="used")

        def call(self, x: Any) -> Any:
            return x * self.used

    model = keras.Sequential([keras.Input((3,)), Spare(), layers.Dense(1)])
    model.compile("adam", "mse")
    with pytest.warns(UserWarning, match="spare"):
        model.fit(X, X[:, :1], verbose=0)
    assert [np.shape(one.value) for one in model.optimizer.variables] == [(), (), (2,), (2,), (3,), (3,), (3, 1), (3, 1), (1,), (1,)]
