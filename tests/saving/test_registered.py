"""Classes and functions that users register: files name them, and nothing in a file is imported. Against a file that Keras wrote."""

from __future__ import annotations

import base64
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tinyseq
from tinyseq import layers, ops, saving

RECORDED = json.loads((Path(__file__).parents[1] / "oracle" / "registered.json").read_text(encoding="utf-8"))


class Scaled(layers.Layer):
    """A layer inside, times a factor."""

    def __init__(self, inner: Any = None, factor: float = 2.0, **options: Any) -> None:
        super().__init__(**options)
        self.inner, self.factor = saving.deserialize_keras_object(inner), factor

    def call(self, x: Any) -> Any:
        return self.inner(x) * self.factor

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "factor": self.factor, "inner": saving.serialize_keras_object(self.inner)}


def double(x: Any) -> Any:
    return 2 * x


def own_error(t: Any, p: Any) -> Any:
    return ops.mean(ops.abs(t - p), axis=-1)


@pytest.fixture
def registered() -> Iterator[None]:
    """The three as the recorded Keras program registers them."""
    saving.register_keras_serializable(package="shop")(Scaled)
    saving.register_keras_serializable("shop", "twice")(double)
    saving.register_keras_serializable()(own_error)
    yield
    saving.get_custom_objects().clear()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "m.keras"
    path.write_bytes(base64.b64decode(RECORDED["file"]))
    return path


@pytest.mark.usefixtures("registered")
def test_names_are_keras_names() -> None:
    assert [saving.get_registered_name(one) for one in (Scaled, double, own_error)] == RECORDED["names"][:3]
    assert saving.get_registered_object("shop>Scaled") is Scaled
    assert saving.get_registered_object("Scaled") is None


@pytest.mark.usefixtures("registered")
def test_a_file_of_keras_with_registered_classes_loads(file: Path) -> None:
    model = saving.load_model(file)
    x = np.array(RECORDED["x"], "float32")
    assert np.allclose(model.predict(x, verbose=0), RECORDED["predicted"], atol=2e-6)
    assert model.evaluate(x, np.ones((5, 3)), verbose=0) == pytest.approx(RECORDED["loss"], abs=2e-6)


def test_what_is_not_registered_is_not_found(file: Path) -> None:
    with pytest.raises(ValueError, match="Scaled"):
        saving.load_model(file)


def test_a_scope_ends(file: Path) -> None:
    own = {"shop>Scaled": Scaled, "shop>twice": double, "Custom>own_error": own_error}
    with saving.custom_object_scope(own):
        assert saving.load_model(file).compiled
        with saving.CustomObjectScope({"other": double}):
            assert saving.get_registered_object("other") is double
        assert saving.get_registered_object("other") is None
    assert saving.get_registered_object("shop>Scaled") is None
    with pytest.raises(ValueError, match="Scaled"):
        saving.load_model(file)


@pytest.mark.usefixtures("registered")
def test_a_file_of_ours_has_the_registered_names_and_loads(tmp_path: Path) -> None:
    inner = saving.serialize_keras_object(layers.Dense(3, kernel_initializer=tinyseq.initializers.RandomNormal(stddev=0.5)))
    model = tinyseq.Sequential([tinyseq.Input((4,)), Scaled(inner, 3.0), layers.Lambda(double)])
    model.compile("sgd", loss=own_error)
    path = tmp_path / "ours.keras"
    model.save(path)
    ours, theirs = (json.loads(zipfile.ZipFile(one).read("config.json")) for one in (path, _written(tmp_path)))
    for mine, other in zip(ours["config"]["layers"], theirs["config"]["layers"], strict=True):
        assert (mine["class_name"], mine["registered_name"]) == (other["class_name"], other["registered_name"])
    assert ours["config"]["layers"][2]["config"]["function"] == theirs["config"]["layers"][2]["config"]["function"]
    assert ours["compile_config"]["loss"]["config"] == theirs["compile_config"]["loss"]["config"]
    x = np.array(RECORDED["x"], "float32")
    assert np.array_equal(saving.load_model(path).predict(x, verbose=0), model.predict(x, verbose=0))


def _written(folder: Path) -> Path:
    path = folder / "theirs.keras"
    path.write_bytes(base64.b64decode(RECORDED["file"]))
    return path


def test_a_file_imports_no_module_that_it_names(tmp_path: Path, file: Path) -> None:
    """The class is importable by the module in the file: still it is not found unless it is registered."""
    path = tmp_path / "named.keras"
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            text = old.read(name)
            new.writestr(name, text.replace(b'"__main__"', f'"{__name__}"'.encode()) if name == "config.json" else text)
    with pytest.raises(ValueError, match="Scaled"):
        saving.load_model(path)


@pytest.mark.usefixtures("registered")
def test_what_is_passed_comes_before_the_scope_and_that_before_what_is_registered(file: Path) -> None:
    """Keras 3.15's get_registered_object asks the scope first, and the arguments last; load_model puts its argument into a scope."""

    def other(x: Any) -> Any:
        return x

    def third(x: Any) -> Any:
        return x

    def function(**options: Any) -> Any:
        return saving.load_model(file, **options).layers[-1].function

    assert function() is double and function(custom_objects={"shop>twice": other}) is other
    with saving.custom_object_scope({"shop>twice": third}):
        assert function() is third and function(custom_objects={"shop>twice": other}) is other
        with saving.custom_object_scope({"another": other}):
            assert function() is third
        assert saving.get_registered_object("shop>twice", {"shop>twice": other}) is third
    assert saving.get_registered_object("shop>twice", {"shop>twice": other}) is double
    assert saving.get_registered_object("a", {"a": other}, {"a": third}) is other


@pytest.mark.usefixtures("registered")
def test_functions_of_old_files_have_no_package_and_those_of_keras_are_not_replaced() -> None:
    saving.register_keras_serializable("shop", "mean_squared_error")(double)

    def read(name: str) -> Any:
        return saving.deserialize_keras_object({"module": "builtins", "class_name": "function", "config": name, "registered_name": name})

    assert read("own_error") is own_error and read("twice") is double and read("shop>mean_squared_error") is double
    assert read("mean_squared_error") == "mean_squared_error" and read("wice") == "wice"


@pytest.mark.usefixtures("registered")
def test_damaged_objects_are_refused_with_a_sentence_before_memory_is_taken() -> None:
    def array(dtype: str) -> Any:
        return saving.deserialize_keras_object({"class_name": "__numpy__", "config": {"value": [1, 0], "dtype": dtype}})

    assert array("int32").dtype == np.int32 and array(">f4").tolist() == [1, 0]
    assert array("<U9").tolist() == ["1", "0"] and array("<U999999999").nbytes < 100
    for dtype in ("999999999f4", "(99999, 99999)f4", "f4,f4"):
        with pytest.raises(ValueError, match="has the dtype"):
            array(dtype)
    for name, config in (("Adam", 5), ("shop>Scaled", [3])):
        with pytest.raises(ValueError, match="expected a dictionary"):
            saving.deserialize_keras_object({"module": "x", "class_name": name, "config": config, "registered_name": name})


def test_parts_of_layers_are_found_by_their_registered_names(tmp_path: Path) -> None:
    class Level(tinyseq.initializers.Initializer):
        def __init__(self, level: float = 0.0) -> None:
            self.level = level

        def __call__(self, shape: Any, dtype: Any = None) -> Any:
            return np.full(shape, self.level, np.float32)

        def get_config(self) -> dict[str, Any]:
            return {"level": self.level}

    model = tinyseq.Sequential([tinyseq.Input((2,)), layers.Dense(1, kernel_initializer=saving.register_keras_serializable("a")(Level)(3))])
    assert model.get_weights()[0].tolist() == [[3.0], [3.0]]
    model.save(tmp_path / "m.keras")
    try:
        assert saving.load_model(tmp_path / "m.keras").layers[0].kernel_initializer.level == 3
    finally:
        saving.get_custom_objects().clear()
    with pytest.raises(ValueError, match="Level"):
        saving.load_model(tmp_path / "m.keras")


def test_objects_go_to_dictionaries_and_back() -> None:
    for one in (layers.Dense(3, activation="relu"), tinyseq.optimizers.Adam(0.5), tinyseq.losses.Huber(0.3), tinyseq.initializers.Zeros()):
        again = saving.deserialize_keras_object(json.loads(json.dumps(saving.serialize_keras_object(one))))
        assert type(again) is type(one)
        assert again.get_config() == one.get_config()
    layer = layers.Dense(2)
    assert saving.deserialize_keras_object(layer) is layer
    assert saving.deserialize_keras_object(saving.serialize_keras_object(["a", 3, None])) == ["a", 3, None]


def test_mistakes_are_refused(file: Path, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="safe_mode"):
        saving.load_model(file, safe_mode=False)
    model = tinyseq.Sequential([tinyseq.Input((2,)), layers.Dense(1)])
    for save, path in ((saving.save_weights, tmp_path / "w.npz"), (saving.save_model, tmp_path / "m.keras")):
        save(model, path)
        with pytest.raises(FileExistsError, match="overwrite=True"):
            save(model, path, overwrite=False)
    with pytest.raises(ValueError, match=r"get_config"):
        saving.register_keras_serializable("a")(type("Bare", (), {}))
    with pytest.raises(TypeError, match="parentheses"):
        saving.register_keras_serializable(double)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="safe_mode"):
        saving.deserialize_keras_object({}, safe_mode=False)
    with pytest.raises(AttributeError, match="KerasFileEditor"):
        saving.KerasFileEditor  # type: ignore[attr-defined]  # noqa: B018
    assert tinyseq.utils.register_keras_serializable is saving.register_keras_serializable  # type: ignore[attr-defined]


def _everywhere(value: Any, name: str, new: dict[str, str]) -> Any:
    """A configuration with other words for each object of that class."""
    if isinstance(value, list):
        return [_everywhere(one, name, new) for one in value]
    if not isinstance(value, dict):
        return value
    changed = {**value, **new} if value.get("class_name") == name else value
    return {key: _everywhere(one, name, new) for key, one in changed.items()}


@pytest.mark.parametrize("stack", ["Sequential", "functional", "wrapped", "inside a layer of one's own"])
@pytest.mark.parametrize("words", [{"registered_name": "shop>twice"}, {"class_name": "twice", "registered_name": "shop>twice"},
                                   {"registered_name": "shop>Tool"}, {"class_name": "function", "config": "shop>twice"}])  # fmt: skip
@pytest.mark.usefixtures("registered")
def test_a_function_or_another_class_in_a_layers_place_is_refused_and_not_called(stack: str, words: dict[str, str]) -> None:
    if "inside" in stack and words.get("class_name") == "function":
        pytest.skip("a class of one's own may hold a function: what it does with it is its own")
    ran: list[Any] = []

    class Tool:
        def __init__(self, *given: Any, **named: Any) -> None:
            ran.append((given, named))

        def get_config(self) -> dict[str, Any]:
            return {}

    def twice(*given: Any, **named: Any) -> Any:
        ran.append((given, named))
        return given[0] if given else None

    saving.register_keras_serializable("shop")(Tool)
    saving.register_keras_serializable("shop")(twice)
    inputs, dense = tinyseq.Input((4, 3)), layers.Dense(3)
    chain = tinyseq.Sequential([inputs, layers.TimeDistributed(dense) if stack == "wrapped" else dense])
    functional = tinyseq.Model(inputs, Scaled(dense)(inputs) if "inside" in stack else dense(inputs))
    model: Any = chain if stack in ("Sequential", "wrapped") else functional
    config = json.loads(model.to_json())
    changed = _everywhere(config, "Dense", words)
    assert changed != config and tinyseq.models.model_from_json(json.dumps(config)).count_params() == 12
    with pytest.raises(ValueError) as refused:
        tinyseq.models.model_from_json(json.dumps(changed))
    assert not ran
    if "class_name" not in words or words["class_name"] != "function":
        assert "where a layer is expected" in str(refused.value) and "custom_objects=" in str(refused.value)
