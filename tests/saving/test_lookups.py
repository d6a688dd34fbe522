"""What lookups learnt from adapt() is read from the assets of Keras's files, and written so that Keras reads it."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import h5py
import numpy as np
import pytest

from tests.data import lookups
from tinyseq import Input, Sequential, layers, models

ARCHIVE = Path(__file__).parents[1] / "oracle" / "lookups.zip"


@pytest.mark.parametrize("name", lookups.CASES)
def test_what_keras_learnt_is_read(name: str, tmp_path: Path) -> None:
    with zipfile.ZipFile(ARCHIVE) as archive:
        (tmp_path / "model.keras").write_bytes(archive.read(f"{name}.keras"))
        with np.load(io.BytesIO(archive.read(f"{name}.npz"))) as outputs:
            expected = [outputs[key] for key in outputs.files]
    found = models.load_model(tmp_path / "model.keras").predict(lookups.ask(name), verbose=0)
    for mine, theirs in zip(found, expected, strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=1e-6)


def test_keras_has_read_what_we_learnt() -> None:
    with zipfile.ZipFile(ARCHIVE) as archive:
        read = json.loads(archive.read("read.json"))
    assert read.keys() == lookups.CASES.keys()
    assert max(read.values()) < 1e-6


def changed(folder: Path, name: str, content: bytes) -> Path:
    """Keras's file of a lookup with one more member, or another vocabulary."""
    path = folder / "model.keras"
    with zipfile.ZipFile(ARCHIVE) as archive, zipfile.ZipFile(path, "w") as new:
        with zipfile.ZipFile(io.BytesIO(archive.read("int.keras"))) as old:
            for one in old.namelist():
                if one != name:
                    new.writestr(one, old.read(one))
        new.writestr(name, content)
    return path


OTHERS = ("assets/layers/../../etc/vocabulary.txt", "assets/other.txt", "assets/layers//vocabulary.txt", "vocabulary.txt")


@pytest.mark.parametrize("name", OTHERS)
def test_other_members_are_refused_by_name(name: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"a model has .* and vocabularies only"):
        models.load_model(changed(tmp_path, name, b"1\n2"))


@pytest.mark.parametrize(("content", "why"), ((b"-1\nx", "not a whole number"), (b"-1\n\xff", "not text in UTF-8")))
def test_a_damaged_vocabulary_is_refused(content: bytes, why: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=why):
        models.load_model(changed(tmp_path, "assets/layers/integer_lookup_1/vocabulary.txt", content))


def test_factors_of_words_are_where_keras_writes_them(tmp_path: Path) -> None:
    """Keras's own file, texts_tf_idf.keras of the recorded ones, has them twice."""

    def places(data: bytes) -> list[str]:
        found: list[str] = []
        with zipfile.ZipFile(io.BytesIO(data)) as archive, h5py.File(io.BytesIO(archive.read("model.weights.h5"))) as file:
            file.visit(lambda path: found.append(path) if path.endswith("idf_weights") else None)
        return found

    words = layers.TextVectorization(output_mode="tf_idf", vocabulary=["a", "b"], idf_weights=[0.5, 1.5])
    Sequential([Input((1,), dtype="string"), words]).save(tmp_path / "m.keras")
    with zipfile.ZipFile(ARCHIVE) as recorded:
        expected = places(recorded.read("texts_tf_idf.keras"))
    assert len(expected) == 2 and places((tmp_path / "m.keras").read_bytes()) == expected
