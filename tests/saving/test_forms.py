"""The forms of a saved model besides one .keras file: a folder, an open file, several files of weights; what layers save themselves."""

from __future__ import annotations

import io
import json
import os
import zipfile
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

import tinyseq
from shapecheck.model_files.bounded_json import DamagedFile
from tinyseq import Input, Sequential, layers, models, saving
from tinyseq.saving.mismatch import DoesNotFit

X = np.linspace(-1, 1, 24, dtype=np.float32).reshape(8, 3)


def net() -> Any:
    return Sequential([Input((3,)), layers.Dense(5, name="first"), layers.Dense(4, name="second")])


def trained() -> Any:
    model = net()
    model.compile("adam", "mse")
    model.fit(X, X @ np.ones((3, 4), np.float32), epochs=1, verbose=0)
    return model


def outputs(model: Any) -> Any:
    return model.predict(X, verbose=0)


# ---------------------------------------------------------------------- folders and open files


def test_a_folder_has_the_members_of_the_file_and_loads_with_the_state_of_the_optimizer(tmp_path: Path) -> None:
    model = trained()
    for _ in range(2):  # the second takes the place of the first
        model.save(tmp_path / "net", zipped=False)
        assert sorted(os.listdir(tmp_path)) == ["net"]
        assert sorted(os.listdir(tmp_path / "net")) == ["config.json", "metadata.json", "model.weights.h5"]
    again = models.load_model(tmp_path / "net")
    np.testing.assert_array_equal(outputs(again), outputs(model))
    assert again.optimizer.iterations == model.optimizer.iterations == 1


def test_a_folder_of_something_else_is_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("all of it")
    with pytest.raises(ValueError, match="is not a folder that save"):
        net().save(tmp_path / "mine", zipped=False)
    assert (tmp_path / "mine" / "thesis.txt").read_text() == "all of it"
    net().save(tmp_path / "net", zipped=False)
    with pytest.raises(FileExistsError, match="overwrite=True"):
        net().save(tmp_path / "net", zipped=False, overwrite=False)
    with pytest.raises(ValueError, match=r"should not end in .keras"):
        net().save(tmp_path / "net.keras", zipped=False)


def test_a_folder_that_cannot_be_written_leaves_the_old_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model = net()
    model.save(tmp_path / "net", zipped=False)
    before = {path.name: path.read_bytes() for path in (tmp_path / "net").iterdir()}

    def full(*_: Any) -> None:
        raise OSError("no space left")

    monkeypatch.setattr("tinyseq.saving.keras_file.os.fsync", full)
    with pytest.raises(OSError, match="no space"):
        net().save(tmp_path / "net", zipped=False)
    assert {path.name: path.read_bytes() for path in (tmp_path / "net").iterdir()} == before
    assert os.listdir(tmp_path) == ["net"]


def test_a_folder_with_links_or_files_of_nobody_is_refused(tmp_path: Path) -> None:
    net().save(tmp_path / "net", zipped=False)
    (tmp_path / "net" / "notes.txt").write_text("?")
    with pytest.raises(DamagedFile, match=r"holds 'notes.txt': a model has"):
        models.load_model(tmp_path / "net")
    (tmp_path / "net" / "notes.txt").unlink()
    (tmp_path / "net" / "assets").mkdir()
    (tmp_path / "net" / "assets" / "words.txt").symlink_to("/etc/hostname")
    with pytest.raises(DamagedFile, match="is a link"):
        models.load_model(tmp_path / "net")
    (tmp_path / "net" / "assets" / "words.txt").unlink()
    assert models.load_model(tmp_path / "net").count_params() == 44


def test_an_open_file_is_written_and_read(tmp_path: Path) -> None:
    model, memory = trained(), io.BytesIO()
    model.save(memory)
    memory.seek(0)
    np.testing.assert_array_equal(outputs(models.load_model(memory)), outputs(model))
    with pytest.raises(ValueError, match=r"source.seek\(0\)"):
        models.load_model(memory)
    model.save(tmp_path / "net.h5")
    with open(tmp_path / "net.h5", "rb") as file:
        np.testing.assert_array_equal(outputs(models.load_model(file)), outputs(model))
    with open(tmp_path / "net.h5", encoding="latin-1") as wrong, pytest.raises(TypeError, match="open it with"):
        models.load_model(wrong)
    model.save(tmp_path / "deep" / "er" / "net.h5")  # as in Keras, which makes folders for this form alone
    assert (tmp_path / "deep" / "er" / "net.h5").exists()


# ---------------------------------------------------------------------- several files


@pytest.mark.parametrize(("size", "files"), [(1, 1), (200 / 2**30, 3), (100 / 2**30, 7)])
def test_weights_over_several_files_load_and_take_the_place_of_old_ones(size: float, files: int, tmp_path: Path) -> None:
    model = trained()
    model.save_weights(tmp_path / "net.weights.json", max_shard_size=size)
    names = {name for name in os.listdir(tmp_path) if name != "net.weights.json"}
    assert names == {f"net_{number:05}.weights.h5" for number in range(files)}
    assert all((tmp_path / name).stat().st_size for name in names)
    listed = json.loads((tmp_path / "net.weights.json").read_text())
    assert listed["metadata"]["total_size"] == 4 * 44 * 3 + 8 + 4  # weights, two averages each, the step and the rate
    every = [name for found in listed["weight_map"].values() for name in (found if isinstance(found, list) else [found])]
    assert {*every} == names
    for shard in names:
        with h5py.File(tmp_path / shard) as file:
            numbers: list[int] = []
            file.visititems(lambda _, found, numbers=numbers: numbers.append(found.nbytes) if isinstance(found, h5py.Dataset) else None)
            assert sum(numbers) <= size * 2**30
    other = net()
    other.compile("adam", "mse")
    other.load_weights(tmp_path / "net.weights.json")
    np.testing.assert_array_equal(outputs(other), outputs(model))
    assert other.optimizer.iterations == 1
    fresh = net()
    fresh.save_weights(tmp_path / "net.weights.json", max_shard_size=size)
    other.load_weights(tmp_path / "net.weights.json")
    np.testing.assert_array_equal(outputs(other), outputs(fresh))
    left = {*os.listdir(tmp_path)} - {"net.weights.json"}
    now = {name for found in json.loads((tmp_path / "net.weights.json").read_text())["weight_map"].values() for name in np.ravel(found)}
    assert now <= left <= now | {"net_00000.weights.h5"}, "Keras opens the first one in any case"


def test_a_failure_between_the_files_leaves_the_old_weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old, path = net(), tmp_path / "net.weights.json"
    old.save_weights(path, max_shard_size=100 / 2**30)
    written: list[str] = []
    from tinyseq.saving import write_shards

    def failing(target: str, write: Any) -> None:
        written.append(target)
        if len(written) == 3:
            raise OSError("no space left")
        whole(target, write)

    whole = write_shards.write_whole
    monkeypatch.setattr(write_shards, "write_whole", failing)
    with pytest.raises(OSError, match="no space"):
        net().save_weights(path, max_shard_size=100 / 2**30)
    again = net()
    again.load_weights(path)
    np.testing.assert_array_equal(outputs(again), outputs(old))


def test_sizes_and_names_of_several_files_are_checked(tmp_path: Path) -> None:
    model = net()
    with pytest.raises(ValueError, match=r"layers/dense/0 alone takes 5.59e-08 GB: pass a larger one"):
        model.save_weights(tmp_path / "net.weights.json", max_shard_size=50 / 2**30)
    for size in (0, -1, float("nan"), True, "5"):
        with pytest.raises(ValueError, match="expected gigabytes"):
            model.save_weights(tmp_path / "net.weights.json", max_shard_size=size)
    with pytest.raises(ValueError, match=r"pass the name of their list, '.*net.weights.json'"):
        model.save_weights(tmp_path / "net.weights.h5", max_shard_size=5)
    with pytest.raises(ValueError, match="max_shard_size=5"):
        model.save_weights(tmp_path / "net.weights.json")
    assert os.listdir(tmp_path) == []


# ---------------------------------------------------------------------- arguments


def test_layers_to_skip_are_neither_written_nor_read(tmp_path: Path) -> None:
    model, path = trained(), tmp_path / "net.weights.h5"
    model.save_weights(path, objects_to_skip=[model.layers[0], model.optimizer])
    with h5py.File(path) as file:
        assert "0" not in file.get("layers/dense/vars", {}) and "optimizer" not in file and len(file["layers/dense_1/vars"]) == 2
    other = net()
    first = other.layers[0].get_weights()
    with pytest.raises(DoesNotFit):
        other.load_weights(path)
    other.load_weights(path, objects_to_skip=[other.layers[0]])
    np.testing.assert_array_equal(other.layers[0].get_weights()[0], first[0])
    np.testing.assert_array_equal(other.layers[1].get_weights()[0], model.layers[1].get_weights()[0])
    model.save_weights(path)
    other.load_weights(path, objects_to_skip=[other.layers[1]])
    np.testing.assert_array_equal(other.layers[0].get_weights()[0], model.layers[0].get_weights()[0])
    with pytest.raises(TypeError, match="expected layers"):
        other.load_weights(path, objects_to_skip=["first"])
    with pytest.raises(ValueError, match="only supports"):
        other.save_weights(tmp_path / "net.npz", objects_to_skip=[])


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda model, path: model.save(path / "m.keras", random_arg=1), "are not supported: save.. has no argument 'random_arg'"),
        (lambda model, path: saving.save_model(model, path / "m.keras", zippd=False), "did you mean zipped"),
        (lambda model, path: model.save(path / "m", save_format="keras"), "argument is deprecated"),
        (lambda model, path: model.save(path / "m.keras", save_format="h5"), "is saved in the form 'keras'"),
        (lambda model, path: model.load_weights(path / "m.keras", bad=1), "Invalid keyword arguments"),
        (lambda model, path: models.load_model(path / "none.keras"), "File not found: .*none.keras does not exist"),
        (lambda model, path: models.load_model(path / "none.pkl"), "File format not supported"),
        (lambda model, path: model.load_weights(path / "none.pkl"), "File format not supported"),
        (lambda model, path: Sequential([layers.Dense(2)]).save_weights(path / "m.npz"), "saving a model that has not yet been built"),
    ],
)
def test_errors_are_of_the_type_that_keras_raises(call: Any, words: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=words):
        call(net(), tmp_path)
    assert os.listdir(tmp_path) == []


# ---------------------------------------------------------------------- what layers save themselves


@saving.register_keras_serializable(package="forms")
class Keeping(layers.Layer):
    """A layer that keeps a table and a text beside its weight."""

    def build(self, input_shape: Any) -> None:
        self.factor = self.add_weight(name="factor", shape=(input_shape[-1],), initializer="ones")
        self.table, self.words = np.arange(3, dtype=np.float64) / 7, "old"

    def call(self, x: Any) -> Any:
        return x * self.factor

    def save_own_variables(self, store: Any) -> None:
        super().save_own_variables(store)
        store["table"] = self.table

    def load_own_variables(self, store: Any) -> None:
        self.table = np.array(store.pop("table"))
        super().load_own_variables(store)

    def save_assets(self, folder: str) -> None:
        os.makedirs(os.path.join(folder, "deep"))
        with open(os.path.join(folder, "deep", "words.txt"), "w", encoding="utf-8") as file:
            file.write(self.words)

    def load_assets(self, folder: str) -> None:
        with open(os.path.join(folder, "deep", "words.txt"), encoding="utf-8") as file:
            self.words = file.read()


def keeping() -> Any:
    model = Sequential([Input((3,)), layers.Dense(3), Keeping()])
    model.layers[1].factor.assign([1.0, 2.0, 3.0])
    model.layers[1].table, model.layers[1].words = np.arange(5) / 3, "नमस्ते"
    return model


@pytest.mark.parametrize("zipped", (True, False))
def test_own_variables_and_files_come_back(zipped: bool, tmp_path: Path) -> None:
    model = keeping()
    path = tmp_path / ("m.keras" if zipped else "m")
    model.save(path, zipped=zipped)
    again = models.load_model(path)
    np.testing.assert_array_equal(outputs(again), outputs(model))
    assert again.layers[1].words == "नमस्ते"
    np.testing.assert_array_equal(again.layers[1].table, model.layers[1].table)
    assert again.layers[1].table.dtype == np.float64
    model.save_weights(tmp_path / "m.weights.h5")
    other = Sequential([Input((3,)), layers.Dense(3), Keeping()])
    other.load_weights(tmp_path / "m.weights.h5")
    np.testing.assert_array_equal(other.layers[1].factor.numpy(), [1, 2, 3])
    assert other.layers[1].words == "old"


def test_files_that_no_layer_takes_are_refused(tmp_path: Path) -> None:
    keeping().save(tmp_path / "m.keras")
    with zipfile.ZipFile(tmp_path / "m.keras", "a") as archive:
        assert "assets/layers/keeping/deep/words.txt" in archive.namelist()
        archive.writestr("assets/layers/dense/words.txt", "x")
    with pytest.raises(DamagedFile, match=r"holds 'assets/layers/dense/words.txt'"):
        models.load_model(tmp_path / "m.keras")


def test_an_error_in_save_own_variables_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model = keeping()
    monkeypatch.setattr(Keeping, "save_own_variables", lambda self, store: store.update({"../x": np.ones(3)}))
    with pytest.raises(ValueError, match="cannot be in a file"):
        model.save(tmp_path / "m.keras")
    assert os.listdir(tmp_path) == []


def test_the_store_of_a_layer_holds_its_weights_by_number() -> None:
    dense, store = layers.Dense(2), {}
    dense.build((None, 3))
    dense.save_own_variables(store)
    assert {key: np.shape(value) for key, value in store.items()} == {"0": (3, 2), "1": (2,)}
    dense.load_own_variables({"0": np.ones((3, 2)), "1": np.zeros(2)})
    assert tinyseq.ops.sum(dense.kernel.numpy()) == 6
    with pytest.raises(ValueError, match="received 0 variables"):
        dense.load_own_variables({})
