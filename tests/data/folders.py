"""A folder of texts and pictures, and a series: read alike by Keras and by us."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

CASES: dict[str, dict[str, Any]] = {
    "all, in order": {"shuffle": False},
    "shuffled": {"seed": 7},
    "both parts": {"seed": 7, "validation_split": 0.3, "subset": "both"},
    "validation alone": {"seed": 3, "validation_split": 0.2, "subset": "validation"},
    "classes in another order": {"shuffle": False, "class_names": ["dog", "cat"]},
    "without labels": {"shuffle": False, "labels": None, "label_mode": None},
    "one-hot": {"seed": 7, "label_mode": "categorical"},
}
"""Name -> arguments of text_dataset_from_directory."""
SERIES: dict[str, dict[str, Any]] = {
    "plain": {"sequence_length": 4},
    "sampled": {"sequence_length": 3, "sampling_rate": 2, "sequence_stride": 2},
    "sampled, up to the last row": {"sequence_length": 3, "sampling_rate": 3},
    "a part": {"sequence_length": 3, "start_index": 2, "end_index": 12},
}


def write(folder: Path) -> None:
    """Six cats and five dogs, each a text and a picture."""
    from PIL import Image

    random = np.random.default_rng(0)
    for name, count in (("cat", 6), ("dog", 5)):
        (folder / name).mkdir(parents=True)
        for number in range(count):
            (folder / name / f"{number}.txt").write_text(f"{name} {number}", encoding="utf-8")
            pixels = random.integers(0, 256, (9, 12, 3)).astype("uint8")
            Image.fromarray(pixels).save(folder / name / f"{number}.png")


def told(dataset: Any, ordered: bool) -> dict[str, Any]:
    """Texts with their labels, classes and number of batches of a dataset."""
    found = []
    for item in dataset:
        x, y = item if isinstance(item, tuple) else (item, None)
        texts = [text.decode() if isinstance(text, bytes) else str(text) for text in np.asarray(x)]
        labels = [None] * len(texts) if y is None else np.asarray(y).tolist()
        found += [[text, label] for text, label in zip(texts, labels, strict=True)]
    return {
        "samples": found if ordered else sorted(found, key=str),
        "classes": getattr(dataset, "class_names", None),
        "batches": len(dataset),
    }


def series(keras: Any, arguments: dict[str, Any]) -> list[Any]:
    """Windows and targets of 16 rows."""
    rows = np.arange(32.0).reshape(16, 2)
    found = keras.utils.timeseries_dataset_from_array(rows, np.arange(16.0), batch_size=4, **arguments)
    return [[np.asarray(x).tolist(), np.asarray(y).tolist()] for x, y in found]


def pictures(keras: Any, folder: Path) -> list[Any]:
    """The mean of each channel of each picture, resized to 6x6."""
    found = keras.utils.image_dataset_from_directory(str(folder), shuffle=False, image_size=(6, 6), batch_size=4, verbose=False)
    return [np.asarray(picture).mean((0, 1)).round(3).tolist() for x, _ in found for picture in np.asarray(x)]


def splits(keras: Any) -> dict[str, Any]:
    """Both parts of ten numbers, of a tuple and of a list of arrays."""
    x = np.arange(10.0)
    found = {}
    for name, (data, sizes) in {
        "a share": (x, {"left_size": 0.75}), "a number": (x, {"left_size": 3}), "the right one": (x, {"right_size": 0.25}),
        "some left out": (x, {"left_size": 0.5, "right_size": 0.3}), "pairs": ((x, x * 2), {"left_size": 0.8}),
        "a list": ([x, x * 2], {"right_size": 2}),
    }.items():  # fmt: skip
        found[name] = [[np.asarray(one).tolist() for one in part] for part in keras.utils.split_dataset(data, **sizes)]
    return found
