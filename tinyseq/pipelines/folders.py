"""Labelled files of a folder as batches: image_dataset_from_directory, text_dataset_from_directory.

Files are found, shuffled with the seed and split as Keras does it, so that the same files are for training and for validation.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from tinyseq.ops.image import resize
from tinyseq.pipelines.dataset import Dataset, batches_of
from tinyseq.pipelines.pictures import MODES, img_to_array, load_img

PICTURES = (".bmp", ".gif", ".jpeg", ".jpg", ".png")
TEXTS = (".txt",)


class Files:
    """The files of a folder, with the number of the class of each; labels None: without."""

    def __init__(self, paths: list[str], labels: list[Any] | None, class_names: list[str] | None) -> None:
        self.paths = paths
        self.labels = labels
        self.class_names = class_names


def _found(what: str, directory: Any, labels: Any, class_names: Any, ends: Sequence[str], follow_links: bool) -> Files:
    folder = Path(directory)
    if not folder.is_dir():
        raise NotADirectoryError(f"{what}: {str(directory)!r} is no folder: pass the folder that has a folder for each class")
    if labels == "inferred":
        there = sorted(one.name for one in folder.iterdir() if one.is_dir() and not one.name.startswith("."))
        names = there if class_names is None else list(class_names)
        if sorted(names) != there:
            raise ValueError(f"{what}: class_names={names}, but the folders in {str(directory)!r} are {there}: name each of them once")
        paths, numbers = [], []
        for number, name in enumerate(names):
            inside = _walk(folder / name, ends, follow_links)
            paths += inside
            numbers += [number] * len(inside)
        if not paths:
            raise ValueError(f"{what}: no files ending in {', '.join(ends)} in the folders {there} of {str(directory)!r}: check it")
        return Files(paths, numbers, names)
    if class_names is not None:
        raise ValueError(f"{what}: class_names= works with labels='inferred' only: leave it out")
    paths = _walk(folder, ends, follow_links)
    if labels is not None and len(labels) != len(paths):
        raise ValueError(f"{what}: {len(labels)} labels for {len(paths)} files in {str(directory)!r}: pass a label for each file")
    if not paths:
        raise ValueError(f"{what}: no files ending in {', '.join(ends)} in {str(directory)!r}: pass the folder that holds them")
    return Files(paths, None if labels is None else list(labels), None)


def _walk(folder: Path, ends: Sequence[str], follow_links: bool) -> list[str]:
    found = []
    for root, _, files in sorted(os.walk(folder, followlinks=follow_links), key=lambda place: place[0]):
        found += [os.path.join(root, name) for name in sorted(files) if name.lower().endswith(tuple(ends))]
    return found


def _labels(what: str, files: Files, label_mode: Any) -> Any:
    if label_mode not in (None, "int", "categorical", "binary"):
        raise ValueError(f"{what}: label_mode={label_mode!r}: write 'int', 'categorical', 'binary' or None")
    if label_mode is None or files.labels is None:
        return None
    numbers = np.asarray(files.labels)
    if label_mode == "binary":
        if files.class_names is not None and len(files.class_names) != 2:
            raise ValueError(f"{what}: label_mode='binary' needs 2 classes, found {len(files.class_names)}: write label_mode='int'")
        return numbers.astype("float32")[:, None]
    if label_mode == "categorical":
        count = len(files.class_names) if files.class_names is not None else int(numbers.max()) + 1
        return np.eye(count, dtype="float32")[numbers]
    return numbers.astype("int32")


def _checked_split(what: str, validation_split: Any, subset: Any, shuffle: bool, seed: Any) -> None:
    if validation_split is None:
        if subset is not None:
            raise ValueError(f"{what}: subset={subset!r} needs validation_split=, for example validation_split=0.2")
        return
    if not 0 < validation_split < 1:
        raise ValueError(f"{what}: validation_split={validation_split}: expected a share between 0 and 1, for example 0.2")
    if subset not in ("training", "validation", "both"):
        raise ValueError(f"{what}: subset={subset!r} with validation_split: write subset='training', 'validation' or 'both'")
    if shuffle and seed is None:
        raise ValueError(f"{what}: validation_split with shuffle=True and no seed mixes both parts: pass seed=123, the same in both calls")


def _parts(what: str, files: Files, split: Any, subset: Any, shuffle: bool, seed: Any) -> list[Files]:
    """The files in the order of the seed; of a split the parts that were asked for."""
    if shuffle:
        order = list(range(len(files.paths)))
        np.random.RandomState(seed).shuffle(order)
        labels = None if files.labels is None else [files.labels[i] for i in order]
        files = Files([files.paths[i] for i in order], labels, files.class_names)
    if split is None:
        return [files]
    held = int(split * len(files.paths))
    cut = len(files.paths) - held
    found = []
    for part, place in (("training", slice(cut)), ("validation", slice(cut, None))):
        if subset in (part, "both"):
            some = Files(files.paths[place], None if files.labels is None else files.labels[place], files.class_names)
            if not some.paths:
                raise ValueError(f"{what}: validation_split={split} leaves no file for {part} of {len(files.paths)}: choose another share")
            found.append(some)
    return found


def _dataset(what: str, files: Files, read: Callable[[str], Any], mode: Any, batch_size: int | None, shuffle: bool, seed: Any) -> Dataset:
    labels = _labels(what, files, mode)

    def some(numbers: Any) -> Any:
        x = np.stack([read(files.paths[number]) for number in numbers])
        return x if labels is None else (x, labels[numbers])

    found: Any = batches_of(some, len(files.paths), batch_size, shuffle, seed)
    found.file_paths = files.paths
    if files.class_names is not None:
        found.class_names = files.class_names
    return found  # type: ignore[no-any-return]


def _say(files: Files, parts: list[Files], split: Any, subset: Any, verbose: bool) -> None:
    if not verbose:
        return
    classes = "" if files.class_names is None else f" belonging to {len(files.class_names)} classes"
    print(f"Found {len(files.paths)} files{classes}.")
    if split is not None:
        names = ("training", "validation") if subset == "both" else (subset,)
        for name, part in zip(names, parts, strict=True):
            print(f"Using {len(part.paths)} files for {name}.")


def image_dataset_from_directory(
    directory: Any, labels: Any = "inferred", label_mode: str | None = "int", class_names: Any = None, color_mode: str = "rgb",
    batch_size: int | None = 32, image_size: Any = (256, 256), shuffle: bool = True, seed: int | None = None, **options: Any,
) -> Any:  # fmt: skip
    """The pictures of a folder, which has a folder for each class, as batches (x, y): x float32, 0 to 255.

    Arguments:
        directory: the folder
        labels: "inferred": by the folders; None: without; or a number for each file in the order of their names
        label_mode: "int", "categorical" (one-hot), "binary" (float32, 0 or 1) or None
        class_names: the folders in the order of their numbers; None: by name
        color_mode: "rgb", "rgba" or "grayscale"
        batch_size: pictures in a batch; None: one by one
        image_size: (height, width) to which pictures are resized
        shuffle: False: in the order of names
        seed: an integer for the same order and the same split in each run
        options: validation_split=0.2 with subset="training", "validation" or "both"; interpolation="bilinear",
            crop_to_aspect_ratio=False, pad_to_aspect_ratio=False, follow_links=False, verbose=True

    Returns a Dataset, with class_names and file_paths; for subset="both" two of them.
    """
    what = "image_dataset_from_directory"
    split, subset, way = options.pop("validation_split", None), options.pop("subset", None), options.pop("interpolation", "bilinear")
    crop, fill = options.pop("crop_to_aspect_ratio", False), options.pop("pad_to_aspect_ratio", False)
    follow, verbose = options.pop("follow_links", False), options.pop("verbose", True)
    _no_others(what, options)
    if color_mode not in MODES:
        raise ValueError(f"{what}: color_mode={color_mode!r}: write 'rgb', 'rgba' or 'grayscale'")
    height, width = (int(size) for size in image_size)

    def read(path: str) -> Any:
        picture = img_to_array(load_img(path, color_mode))
        if picture.shape[:2] == (height, width):
            return picture
        return resize(picture, (height, width), way, crop_to_aspect_ratio=crop, pad_to_aspect_ratio=fill)

    _checked_split(what, split, subset, shuffle, seed)
    seed = int(np.random.randint(1_000_000)) if seed is None else seed
    files = _found(what, directory, labels, class_names, PICTURES, follow)
    parts = _parts(what, files, split, subset, shuffle, seed)
    _say(files, parts, split, subset, verbose)
    found = [_dataset(what, part, read, label_mode, batch_size, shuffle and subset != "validation", seed) for part in parts]
    return found[0] if len(found) == 1 else found


def text_dataset_from_directory(
    directory: Any, labels: Any = "inferred", label_mode: str | None = "int", class_names: Any = None, batch_size: int | None = 32,
    max_length: int | None = None, shuffle: bool = True, seed: int | None = None, **options: Any,
) -> Any:  # fmt: skip
    """The text files of a folder, which has a folder for each class, as batches (x, y): x strings.

    Arguments:
        directory: the folder
        labels: "inferred": by the folders; None: without; or a number for each file in the order of their names
        label_mode: "int", "categorical" (one-hot), "binary" (float32, 0 or 1) or None
        class_names: the folders in the order of their numbers; None: by name
        batch_size: texts in a batch; None: one by one
        max_length: most characters of a text; None: all
        shuffle: False: in the order of names
        seed: an integer for the same order and the same split in each run
        options: validation_split=0.2 with subset="training", "validation" or "both"; follow_links=False, verbose=True

    Returns a Dataset, with class_names and file_paths; for subset="both" two of them.
    """
    what = "text_dataset_from_directory"
    split, subset = options.pop("validation_split", None), options.pop("subset", None)
    follow, verbose = options.pop("follow_links", False), options.pop("verbose", True)
    _no_others(what, options)
    _checked_split(what, split, subset, shuffle, seed)
    seed = int(np.random.randint(1_000_000)) if seed is None else seed
    files = _found(what, directory, labels, class_names, TEXTS, follow)
    parts = _parts(what, files, split, subset, shuffle, seed)
    _say(files, parts, split, subset, verbose)

    def read(path: str) -> Any:
        return np.array(Path(path).read_text(encoding="utf-8")[:max_length], dtype=object)

    found = [_dataset(what, part, read, label_mode, batch_size, shuffle and subset != "validation", seed) for part in parts]
    return found[0] if len(found) == 1 else found


def _no_others(what: str, options: dict[str, Any]) -> None:
    if options.pop("format", "tf") not in ("tf", None):
        raise NotImplementedError(f"{what}: format= of other libraries is not supported: leave it out")
    if options.pop("data_format", None) not in (None, "channels_last"):
        raise NotImplementedError(f"{what}: data_format='channels_first' is not supported: leave it out, and write Permute((3, 1, 2))")
    if options:
        raise TypeError(f"{what}: unknown arguments {sorted(options)}: leave them out")
