"""Files that old versions of Keras wrote: each after a step of training, with the outputs of that version beside it."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from tinyseq import Input, Model, layers, models, ops
from tinyseq.__main__ import main
from tinyseq.saving.old_forms import HARD_SIGMOID

ARCHIVE = Path(__file__).parents[1] / "oracle" / "old_files.zip"
VERSIONS = ("1.2.2", "2.0.9", "2.3.1", "2.12.0", "2.21.0")
WITHOUT_STATE = {("sequence", "1.2.2")}
"""Keras 1 kept twelve arrays for an LSTM, and so did its optimizer."""


def file_of(version: str, name: str, folder: Path) -> tuple[Path, dict[str, Any]]:
    with zipfile.ZipFile(ARCHIVE) as archive:
        path = folder / "model.h5"
        path.write_bytes(archive.read(f"{version}-{name}.h5"))
        with np.load(io.BytesIO(archive.read(f"{version}-{name}.npz"))) as recorded:
            return path, dict(recorded)


@pytest.mark.filterwarnings("ignore:.*its averages start anew", "ignore:.*does not say on what Keras ran")
@pytest.mark.parametrize("name", ("convnet", "sequence", "branches"))
@pytest.mark.parametrize("version", VERSIONS)
def test_a_file_of_an_old_version_computes_what_it_did(version: str, name: str, tmp_path: Path) -> None:
    path, arrays = file_of(version, name, tmp_path)
    model = models.load_model(path)
    inputs = [arrays[key] for key in sorted(arrays) if key.startswith("input")]
    found = model.predict(inputs if len(inputs) > 1 else inputs[0], verbose=0)
    for number, output in enumerate(found if isinstance(found, list) else [found]):
        np.testing.assert_allclose(output, arrays[f"output{number}"], rtol=1e-5, atol=1e-6)
    assert model.optimizer is not None
    assert model.optimizer.iterations == (0 if (name, version) in WITHOUT_STATE else 1)


def test_a_state_that_cannot_be_read_is_reported(tmp_path: Path) -> None:
    path, _ = file_of("1.2.2", "sequence", tmp_path)
    with pytest.warns(UserWarning, match="what the optimizer remembers cannot be read"):
        models.load_model(path)


@pytest.mark.filterwarnings("ignore:.*its averages start anew", "ignore:.*does not say on what Keras ran")
def test_the_hard_sigmoid_of_old_files_is_the_old_one_and_is_not_saved_as_the_new(tmp_path: Path) -> None:
    path, _ = file_of("2.0.9", "sequence", tmp_path)
    model = models.load_model(path)
    assert model.layers[0].recurrent_activation is HARD_SIGMOID
    with pytest.raises(ValueError, match="the function hard_sigmoid_of_keras_2 cannot be written to a file"):
        model.save(tmp_path / "model.keras")


@pytest.mark.parametrize("name", ("2.21.0-operations.h5", "3.15.1-operations.keras"))
def test_functions_between_layers_are_followed(name: str, tmp_path: Path) -> None:
    """(x + Dense(x)) * 2.0 of tf.keras, and sums, slices and differences of Keras 3."""
    path = tmp_path / name
    with zipfile.ZipFile(ARCHIVE) as archive:
        path.write_bytes(archive.read(name))
        with np.load(io.BytesIO(archive.read(f"{name.rpartition('.')[0]}.npz"))) as recorded:
            x, y = recorded["x"], recorded["y"]
    np.testing.assert_allclose(models.load_model(path).predict(x, verbose=0), y, rtol=1e-5, atol=1e-6)


def test_functions_between_layers_are_saved(tmp_path: Path) -> None:
    x = Input((6,))
    model = Model(x, layers.Dense(2)(x * 2.0 + 1))
    model.save(tmp_path / "model.keras")
    data = np.ones((3, 6), np.float32)
    np.testing.assert_array_equal(
        models.load_model(tmp_path / "model.keras").predict(data, verbose=0), model.predict(data, verbose=0)
    )
    with pytest.raises(ValueError, match=r"operation .*: sum\(...\) cannot be saved"):
        Model(x, ops.sum(x, axis=1)).save(tmp_path / "sum.keras")


@pytest.mark.filterwarnings("ignore:.*its averages start anew", "ignore:.*does not say on what Keras ran")
def test_the_command_converts_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, arrays = file_of("1.2.2", "convnet", tmp_path)
    assert main(["convert", str(path), str(tmp_path / "new.keras")]) == 0
    assert "layers" in capsys.readouterr().out
    found = models.load_model(tmp_path / "new.keras").predict(arrays["input0"], verbose=0)
    np.testing.assert_allclose(found, arrays["output0"], rtol=1e-5, atol=1e-6)
    assert main(["convert", str(path), str(tmp_path / "new.keras")]) == 1
    assert "exists: add --overwrite, or name another file" in capsys.readouterr().err


def of_theano(path: Path, ordering: str) -> tuple[Any, Any]:
    """A file as Keras 1 on Theano wrote it, and the numbers of its kernel in today's order."""
    import h5py

    kernel = np.random.default_rng(3).normal(size=(3, 2, 4, 5)).astype(np.float32)
    first = ordering == "th"
    config = {
        "class_name": "Sequential",
        "config": [
            {
                "class_name": "Convolution2D",
                "config": {
                    "name": "c", "nb_filter": 5, "nb_row": 3, "nb_col": 2, "dim_ordering": ordering, "activation": "linear",
                    "batch_input_shape": [None, 4, 7, 6] if first else [None, 7, 6, 4],
                },
            }
        ],
    }  # fmt: skip
    turned = kernel[::-1, ::-1]
    with h5py.File(path, "w") as file:
        file.attrs["keras_version"], file.attrs["model_config"] = b"1.2.2", json.dumps(config).encode()
        top = file.create_group("model_weights")
        top.attrs["layer_names"] = [b"c"]
        group = top.create_group("c")
        group.attrs["weight_names"] = [b"c_W", b"c_b"]
        group["c_W"], group["c_b"] = turned.transpose(3, 2, 0, 1) if first else turned, np.zeros(5, np.float32)
    return path, kernel


@pytest.mark.parametrize("ordering", ("th", "tf"))
def test_convolutions_of_theano_are_turned_round_when_that_is_said(ordering: str, tmp_path: Path) -> None:
    path, kernel = of_theano(tmp_path / "model.h5", ordering)
    np.testing.assert_array_equal(models.load_model(path, backend="theano").get_weights()[0], kernel)
    with pytest.warns(UserWarning, match="If it was Theano, its convolutions are turned round"):
        np.testing.assert_array_equal(models.load_model(path).get_weights()[0], kernel[::-1, ::-1])


TRAINING = ARCHIVE.with_name("old_training.zip")
OPTIMIZERS = ("sgd", "adam", "rmsprop", "adagrad", "adadelta", "adamax", "nadam")
OTHERWISE = {
    ("2.3.1", "adam"): "counts a step before it reads the count: with one more they are equal to 1e-7",
    ("2.3.1", "nadam"): "counts a step before it reads the count: with one more they are equal to 1e-7",
    ("2.3.1", "adamax"): "counts a step before it reads the count: with one more they are equal to 1e-7",
    ("2.0.9", "adagrad"): "its next steps are up to 0.002 from those of 1.2.2, 2.3.1 and Keras 3; the reason is not known",
}
"""Where the old version computed another step than Keras 3, from the same state."""


def of_training(name: str, folder: Path) -> tuple[Path, dict[str, Any]]:
    with zipfile.ZipFile(TRAINING) as archive:
        path = folder / "model.h5"
        path.write_bytes(archive.read(f"{name}.h5"))
        with np.load(io.BytesIO(archive.read(f"{name}.npz"))) as recorded:
            return path, dict(recorded)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("version", ("1.2.2", "2.0.9", "2.3.1", "2.12.0"))
def test_training_goes_on_from_the_state_of_an_old_file(version: str, optimizer: str, tmp_path: Path) -> None:
    path, arrays = of_training(f"{version}-{optimizer}", tmp_path)
    model = models.load_model(path)
    assert model.optimizer is not None and model.optimizer.iterations in (1, 3)
    for _ in range(2):
        model.train_on_batch(arrays["x"], arrays["y"])
    near = 1e-2 if (version, optimizer) in OTHERWISE else 4e-5
    for number, array in enumerate(model.get_weights()):
        np.testing.assert_allclose(array, arrays[f"later{number}"], atol=near, rtol=near)


def test_nadam_of_an_old_file_says_that_a_new_file_does_not_keep_its_pace(tmp_path: Path) -> None:
    path, arrays = of_training("2.3.1-nadam", tmp_path)
    model = models.load_model(path)
    model.train_on_batch(arrays["x"], arrays["y"])
    with pytest.warns(UserWarning, match="Nadam comes from a file of Keras 1 or 2"):
        model.save(tmp_path / "model.keras")
    with h5py.File(path, "r+") as file:
        settings = json.loads(file.attrs["training_config"])
        settings["optimizer_config"]["config"]["schedule_decay"] = -3
        file.attrs["training_config"] = json.dumps(settings)
    with pytest.warns(UserWarning, match="schedule_decay in the file is -3, expected a number from 0 to 1"):
        assert models.load_model(path).optimizer is None


@pytest.mark.parametrize("ordering", ("th", "tf"))
def test_convolutions_that_theano_wrote_compute_what_they_did(ordering: str, tmp_path: Path) -> None:
    path, arrays = of_training(f"1.2.2-theano-{ordering}", tmp_path)
    found = models.load_model(path, backend="theano").predict(arrays["x"], verbose=0)
    np.testing.assert_allclose(found, arrays["y"], atol=2e-6)
    with pytest.warns(UserWarning, match="If it was Theano, its convolutions are turned round"):
        models.load_model(path)
