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
from tinyseq.pipelines.dataset import Dataset

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


def test_both_parts_of_a_split() -> None:
    assert folders.splits(keras) == KERAS["splits"]


def test_batches_are_split_by_their_samples_and_shuffled_once_by_a_seed() -> None:
    numbers = Dataset(lambda: iter(np.arange(10.0)), 10).batch(4)
    assert [[batch.tolist() for batch in part] for part in utils.split_dataset(numbers, 0.5)] == [[[0, 1, 2, 3], [4]], [[5, 6, 7, 8], [9]]]
    mixed = [np.concatenate([list(part) for part in utils.split_dataset(np.arange(10.0), 0.5, shuffle=True, seed=1)]) for _ in range(2)]
    np.testing.assert_array_equal(*mixed)
    assert sorted(mixed[0]) == list(range(10)) != list(mixed[0])


def test_samples_in_dictionaries_become_batches_and_samples_again() -> None:
    made = [({"a": np.full(2, i), "b": np.array(-i)}, np.array(i)) for i in range(5)]
    batches = Dataset(lambda: iter(made), 5).batch(2)
    assert (len(batches), len(batches.batch(9, drop_remainder=True))) == (3, 0)
    x, y = next(iter(batches))
    assert (x["a"].shape, x["b"].tolist(), y.tolist()) == ((2, 2), [0, -1], [0, 1])
    again = [(sample["b"].tolist(), target.tolist()) for sample, target in batches.unbatch()]
    assert again == [(-i, i) for i in range(5)]


def numbers(count: int = 6) -> Dataset:
    return Dataset(lambda: iter(range(count)), count)


def test_methods_of_a_dataset() -> None:
    for made, expected in (
        (numbers().take(2), [0, 1]), (numbers().take(-1), [0, 1, 2, 3, 4, 5]), (numbers().skip(4), [4, 5]),
        (numbers(2).repeat(2), [0, 1, 0, 1]), (numbers().map(lambda x: x * 2), [0, 2, 4, 6, 8, 10]), (numbers().shuffle(1), None),
    ):  # fmt: skip
        assert len(made) == len(list(made))
        assert expected is None or list(made) == expected
    assert list(numbers().filter(lambda x: x % 2)) == [1, 3, 5]
    with pytest.raises(TypeError, match="has no known length"):
        len(numbers().filter(bool))
    with pytest.raises(AttributeError, match=r"interleave.*write a generator in Python"):
        numbers().interleave  # noqa: B018


def test_shuffle_mixes_anew_in_each_pass_or_always_alike() -> None:
    for again, alike in ((None, False), (False, True)):
        made = numbers(40).shuffle(40, seed=1, reshuffle_each_iteration=again)
        first, second = list(made), list(made)
        assert sorted(first) == list(range(40)) != first
        assert (first == second) == alike
    near = list(numbers(100).shuffle(4, seed=1))
    assert min(place - number for place, number in enumerate(near)) >= -4


def test_cache_keeps_a_whole_pass_only() -> None:
    made: list[int] = []
    kept = numbers().map(lambda x: made.append(x) or x).cache()  # type: ignore[func-returns-value]
    assert next(iter(kept)) == 0
    assert [list(kept), list(kept)] == [list(range(6))] * 2
    assert made == [0, *range(6)]


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
    "a series that ends behind its rows": (
        lambda p: utils.timeseries_dataset_from_array(np.ones(5), None, 2, end_index=9),
        "write 0 <= start_index < end_index <= 5",
    ),
    "a window whose rows are too far apart": (
        lambda p: utils.timeseries_dataset_from_array(np.ones(5), None, 3, sampling_rate=3),
        "reaches over 7 rows, there are 5",
    ),
    "parts with samples in common": (lambda p: utils.split_dataset(np.ones(10), 0.6, 0.6), "have none in common"),
    "a dictionary": (lambda p: utils.split_dataset({"a": np.ones(4)}, 0.5), "pass a tuple of its arrays"),
    "two channels": (lambda p: utils.array_to_img(np.ones((4, 4, 2))), "got 2 channels"),
    "a batch": (lambda p: utils.array_to_img(np.ones((1, 4, 4, 3))), r"write x\[0\] of a batch"),
}


@pytest.mark.parametrize("name", WRONG)
def test_mistakes_say_what_to_do(name: str, place: Path) -> None:
    call, words = WRONG[name]
    with pytest.raises((ValueError, NotADirectoryError, TypeError), match=words):
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
