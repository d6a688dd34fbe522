"""Folders, pictures and series as batches, against what Keras found (tests/oracle/record_folders.py)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tinyseq as keras
from tests.data import folders
from tinyseq import layers, utils

KERAS = json.loads((Path(__file__).parents[1] / "oracle" / "folders.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("animals")
    folders.write(found)
    return found


@pytest.mark.parametrize("name", folders.CASES)
def test_files_of_a_folder(name: str, place: Path) -> None:
    arguments = folders.CASES[name]
    made = utils.text_dataset_from_directory(place, batch_size=4, verbose=False, **arguments)
    ordered = not arguments.get("shuffle", True)
    assert [folders.told(one, ordered) for one in (made if isinstance(made, list) else [made])] == KERAS[name]


@pytest.mark.parametrize("name", folders.SERIES)
def test_windows_of_a_series(name: str) -> None:
    assert folders.series(keras, folders.SERIES[name]) == KERAS["series"][name]


def test_pictures_of_a_folder(place: Path) -> None:
    np.testing.assert_allclose(folders.pictures(keras, place), KERAS["pictures"], atol=0.01)


def test_a_model_learns_from_a_folder(place: Path) -> None:
    train, held = utils.image_dataset_from_directory(
        place, validation_split=0.3, subset="both", seed=1, image_size=(8, 8), batch_size=4, verbose=False
    )
    model = keras.Sequential([keras.Input((8, 8, 3)), layers.Rescaling(1 / 255), layers.Flatten(), layers.Dense(2, "softmax")])
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    history = model.fit(train.cache().prefetch(2), epochs=2, validation_data=held, verbose=0).history
    assert sorted(history) == ["accuracy", "loss", "val_accuracy", "val_loss"]
    assert model.predict(held.map(lambda x, y: x), verbose=0).shape == (3, 2)
    for x, y in train.take(1):
        assert (x.numpy().shape, y.numpy().dtype) == ((4, 8, 8, 3), np.int32)


def test_pictures_there_and_back(tmp_path: Path) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (6, 5, 3)).astype("uint8")
    utils.save_img(tmp_path / "a.png", pixels, scale=False)
    np.testing.assert_array_equal(utils.img_to_array(utils.load_img(tmp_path / "a.png")), pixels)
    assert utils.img_to_array(utils.load_img(tmp_path / "a.png", target_size=(3, 4), color_mode="grayscale")).shape == (3, 4, 1)
    assert utils.array_to_img(pixels[..., :1] / 255).size == (5, 6)


WRONG: dict[str, tuple[Any, str]] = {
    "no folder": (lambda p: utils.image_dataset_from_directory(p / "none"), "is no folder"),
    "no files": (lambda p: utils.image_dataset_from_directory(p / "cat"), "no files ending in"),
    "a split without a seed": (
        lambda p: utils.text_dataset_from_directory(p, validation_split=0.2, subset="training"),
        "pass seed=123, the same in both calls",
    ),
    "a subset without a split": (lambda p: utils.text_dataset_from_directory(p, subset="training"), "needs validation_split="),
    "three for binary": (
        lambda p: utils.text_dataset_from_directory(p, label_mode="binary", labels=[0] * 3),
        "3 labels for 11 files",
    ),
    "a window that is too long": (lambda p: utils.timeseries_dataset_from_array(np.ones(5), None, 9), "sequence_length=9 of 5 rows"),
    "two channels": (lambda p: utils.array_to_img(np.ones((4, 4, 2))), "got 2 channels"),
    "a batch": (lambda p: utils.array_to_img(np.ones((1, 4, 4, 3))), r"write x\[0\] of a batch"),
}


@pytest.mark.parametrize("name", WRONG)
def test_mistakes_say_what_to_do(name: str, place: Path) -> None:
    call, words = WRONG[name]
    with pytest.raises((ValueError, NotADirectoryError), match=words):
        call(place)


def test_names_that_are_gone_say_what_to_write() -> None:
    for module, name, words in (
        (keras.preprocessing.image, "ImageDataGenerator", "image_dataset_from_directory"),
        (keras.preprocessing.sequence, "TimeseriesGenerator", "timeseries_dataset_from_array"),
        (keras.preprocessing, "text", "TextVectorization"),
        (utils, "FeatureSpace", "one Input for each column"),
    ):
        with pytest.raises(AttributeError, match=words):
            getattr(module, name)
