"""Files of Keras 3.15 that we load, and files of ours that Keras 3.15 loaded when they were recorded: every layer, every format."""

from __future__ import annotations

import io
import json
import zipfile
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tinyseq
from tests.cases import COMPUTED, IMAGE_CHANGES, PREPROCESSED, Case
from tests.saving import call_cases, matrix

ORACLE = Path(__file__).parents[1] / "oracle"
RECORD = "run python -m tests.oracle.record_files in a venv with keras, tensorflow and this project's dependencies"
TRIED: dict[str, Any] = json.loads((ORACLE / "files.json").read_text(encoding="utf-8"))
RANDOM = {*IMAGE_CHANGES, *(layer for layer in PREPROCESSED if layer.startswith("Random"))}
LINES = [pytest.param(case, id=matrix.name(case)) for case in matrix.lines()]


@cache
def written_by_keras() -> tuple[zipfile.ZipFile, dict[str, Any]]:
    archive = zipfile.ZipFile(ORACLE / "keras_files.zip")
    with np.load(io.BytesIO(archive.read("outputs.npz"))) as recorded:
        return archive, dict(recorded)


def close(ours: Any, theirs: Any) -> bool:
    return bool(np.allclose(ours, theirs, rtol=1e-4, atol=1e-5))


def test_every_layer_that_computes_is_in_the_matrix() -> None:
    assert {matrix.name(case) for case in matrix.lines()} | matrix.LEFT_OUT.keys() == {*COMPUTED, *matrix.APART}
    assert len(set(matrix.LEFT_OUT.values())) <= 3


@pytest.mark.parametrize("kind", matrix.FORMATS)
@pytest.mark.parametrize("case", LINES)
def test_a_file_of_keras_loads(case: Case, kind: str, tmp_path: Path) -> None:
    archive, outputs = written_by_keras()
    refused = json.loads(archive.read("refused.json"))
    if f"{matrix.name(case)}.{kind}" in refused:
        assert matrix.name(case) in RANDOM, "only layers of images may be among those that Keras cannot write"
        return
    if f"{matrix.name(case)}.{kind}" not in archive.namelist():
        pytest.fail(f"not recorded: {matrix.name(case)}.{kind}: {RECORD}")
    path = tmp_path / f"model.{kind}"
    path.write_bytes(archive.read(f"{matrix.name(case)}.{kind}"))
    if kind == "weights.h5":
        model = matrix.ours(case)
        for weight in model.weights:
            weight.assign(np.zeros(weight.shape, np.float32))
        model.load_weights(path)
    else:
        model = tinyseq.models.load_model(path)
    assert close(matrix.outputs(model, case), outputs[matrix.name(case)])


@pytest.mark.parametrize("case", LINES)
def test_keras_has_loaded_the_file_that_we_write(case: Case) -> None:
    tried = TRIED.get(matrix.name(case))
    if tried is None or tried["fingerprint"] != matrix.fingerprint(matrix.ours(case)):
        pytest.fail(f"not tried in Keras: {matrix.name(case)}: {RECORD}")
    for kind in matrix.FORMATS if matrix.name(case) not in matrix.NOT_READ_BY_KERAS else ():
        assert isinstance(tried[kind], float) and tried[kind] < 2e-5, (kind, tried[kind])


@pytest.mark.parametrize("kind", ("npz", "safetensors", "weights.h5", "h5", "keras"))
def test_our_own_file_comes_back_to_the_bit(kind: str, tmp_path: Path) -> None:
    for case in matrix.lines():
        model = matrix.ours(case)
        path = tmp_path / f"{matrix.name(case)}.{kind}"
        if kind == "keras":
            model.save(path)
        else:
            model.save_weights(path)
        again = matrix.ours(case)
        for weight in again.weights:
            weight.assign(np.zeros(weight.shape, np.float32))
        again.load_weights(path)
        for old, new in zip(model.weights, again.weights, strict=True):
            np.testing.assert_array_equal(old.value, new.value)


@pytest.mark.parametrize("name", call_cases.CASES)
def test_what_a_call_says_besides_its_inputs_is_in_the_file(name: str, tmp_path: Path) -> None:
    model, x = call_cases.CASES[name](tinyseq), call_cases.inputs()
    model.save(tmp_path / "model.keras")
    again = tinyseq.models.load_model(tmp_path / "model.keras")
    assert len(again.weights) == len(model.weights)
    np.testing.assert_array_equal(again.predict(x, verbose=0), model.predict(x, verbose=0))
    tried = TRIED.get(f"call: {name}")
    assert tried is not None and tried["fingerprint"] == matrix.fingerprint(model), RECORD
    assert tried["keras"] < 2e-5


def test_a_pipeline_of_a_keras_file_predicts_as_at_inference(tmp_path: Path) -> None:
    """Keras writes training=True for a Pipeline, the default of its call(): with it, a batch would be normalized by its own mean."""
    path = tmp_path / "model.keras"
    path.write_bytes(zipfile.ZipFile(ORACLE / "model_files.zip").read("pipelines.keras"))
    model = tinyseq.models.load_model(path)
    x = np.random.default_rng(1).normal(size=(3, 4, 5)).astype(np.float32)
    one_by_one = np.concatenate([model.predict(x[sample : sample + 1], verbose=0) for sample in range(3)])
    np.testing.assert_allclose(model.predict(x, verbose=0), one_by_one, rtol=1e-4, atol=1e-6)
