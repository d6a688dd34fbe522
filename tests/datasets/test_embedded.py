"""The data inside the package: what they are, and that they need neither network nor the package as loose files."""

import hashlib
import sys
import zipfile
from itertools import combinations, pairwise
from pathlib import Path

import numpy as np
import pytest

from tests.assets.make_digits import resembles_first_form
from tinyseq.datasets import devanagari, digits, photographs
from tinyseq.datasets.embedded import read

PACKAGE = Path(digits.__file__).parents[1]


def test_digits_are_1797_small_pictures_of_ink_from_0_to_16() -> None:
    (x_train, y_train), (x_test, y_test) = digits.load_data()
    assert (x_train.shape, y_train.shape, x_test.shape, y_test.shape) == ((1415, 8, 8), (1415,), (382, 8, 8), (382,))
    assert {a.dtype for a in (x_train, y_train, x_test, y_test)} == {np.dtype(np.uint8)}
    assert (x_train.min(), x_train.max(), set(y_test.tolist())) == (0, 16, set(range(10)))


def test_digits_hold_the_numbers_that_scikit_learn_publishes() -> None:
    """Recorded from sklearn.datasets.load_digits of scikit-learn 1.9.1."""
    data = read("digits.npz")
    assert int(data["images"].sum(dtype=np.int64)) == 561_718
    assert np.bincount(data["labels"]).tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]
    assert data["images"][0, :2].tolist() == [[0, 0, 5, 13, 9, 1, 0, 0], [0, 0, 13, 15, 10, 15, 5, 0]]


def test_no_filled_in_form_is_divided_between_training_and_test() -> None:
    data = read("digits.npz")
    starts, labels = data["form_starts"].tolist(), data["labels"]
    assert all(resembles_first_form(labels, start, stop) for start, stop in pairwise((*starts, 1797)))
    assert len(digits.load_data()[0][1]) in starts


def test_the_two_forms_most_alike_are_both_for_training() -> None:
    """Fourteen forms by thirteen people: the docstring of digits says how much may be known of who wrote two."""
    data = read("digits.npz")
    starts = [*data["form_starts"].tolist(), 1797]
    images, labels = data["images"].reshape(-1, 64).astype(np.float64), data["labels"]

    def between(one: int, other: int) -> float:
        """Mean over the digits: the median distance of a digit to the nearest of its kind on the other form."""
        found = []
        for digit in range(10):
            a, b = (images[s:e][labels[s:e] == digit] for s, e in ((starts[f], starts[f + 1]) for f in (one, other)))
            nearest = np.sqrt(((a[:, None] - b[None]) ** 2).sum(-1))
            found += [np.median(nearest.min(0)), np.median(nearest.min(1))]
        return float(np.mean(found))

    alike = sorted((between(i, j), i, j) for j in range(14) for i in range(j))
    assert alike[0][1:] == (9, 10)
    assert starts[11] == len(digits.load_data()[0][1])


def test_no_digit_stands_in_both_halves() -> None:
    (x_train, _), (x_test, _) = digits.load_data()
    assert not {x.tobytes() for x in x_train} & {x.tobytes() for x in x_test}


def test_the_photograph_is_in_colour_and_has_the_size_of_the_guide() -> None:
    picture = photographs.astronaut()
    assert (picture.shape, picture.dtype) == ((250, 250, 3), np.uint8)
    assert len({channel.tobytes() for channel in np.moveaxis(picture, 2, 0)}) == 3


def test_embedded_files_stay_small() -> None:
    sizes = {path.name: path.stat().st_size for path in (PACKAGE / "datasets" / "files").iterdir()}
    assert sizes.pop("digit_net.npz") < 750_000  # 390,410 weights in two bytes each
    assert all(size < 200_000 for size in sizes.values())


def test_devanagari_digits_are_white_on_black_and_each_family_has_as_many_of_each() -> None:
    (x_train, y_train), (x_test, y_test) = devanagari.load_data()
    assert (x_train.shape, y_train.shape, x_test.shape, y_test.shape) == ((900, 28, 28), (900,), (600, 28, 28), (600,))
    assert {a.dtype for a in (x_train, y_train, x_test, y_test)} == {np.dtype(np.uint8)}
    for labels in (y_train[:300], y_train[300:600], y_train[600:], y_test):
        assert np.bincount(labels).tolist() == [len(labels) // 10] * 10
    for x in (x_train, x_test):
        assert x.max() == 255 and (x[:, [0, -1]] == 0).mean() > 0.9 and 0.05 < (x > 0).mean() < 0.3
        assert len({picture.tobytes() for picture in x}) == len(x)
    by_digit = [x_test[y_test == digit].mean(axis=0) for digit in range(10)]
    assert min(np.abs(a - b).max() for a, b in combinations(by_digit, 2)) > 60


def test_two_calls_give_two_arrays_so_that_changing_one_spoils_nothing() -> None:
    digits.load_data()[0][0][:] = 99
    assert digits.load_data()[0][0].max() == 16


def test_the_data_are_read_from_inside_a_zip_file_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.writestr("zipped_data/__init__.py", "")
        archive.write(PACKAGE / "datasets" / "files" / "digits.npz", "zipped_data/files/digits.npz")
    monkeypatch.syspath_prepend(str(tmp_path / "all.zip"))
    from importlib.resources import files

    with (files("zipped_data") / "files" / "digits.npz").open("rb") as file:
        digest = hashlib.sha256(file.read()).hexdigest()
    sys.modules.pop("zipped_data")
    assert digest == hashlib.sha256((PACKAGE / "datasets" / "files" / "digits.npz").read_bytes()).hexdigest()
