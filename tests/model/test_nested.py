"""Nested inputs, outputs, losses and metrics, against Keras 3.15's numbers, names and structures."""

from __future__ import annotations

import copy
import json
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tinyseq
from tests.oracle import nested_models

RECORDED = json.loads((Path(__file__).parents[1] / "oracle" / "nested.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", RECORDED["outputs"])
def test_losses_metrics_and_predictions_are_keras(name: str) -> None:
    found, wanted = nested_models.run(tinyseq, name), RECORDED["outputs"][name]
    assert found["evaluated"] == pytest.approx(wanted["evaluated"], rel=2e-5)
    assert sorted(found["history"]) == sorted(wanted["history"])
    for key, values in wanted["history"].items():
        assert found["history"][key] == pytest.approx(values, rel=2e-5)
    for key in ("predicted", "called", "connected"):
        assert found[key] == wanted[key]


def test_nested_inputs_are_taken_as_the_model_has_them() -> None:
    assert nested_models.inputs(tinyseq)[1] == RECORDED["inputs"]


def test_a_call_of_ones_own_returns_its_structure() -> None:
    assert nested_models.shapes(nested_models.Caller.made(tinyseq).predict(nested_models.X, verbose=0)) == RECORDED["call"]


def test_files_configurations_and_copies_keep_the_structure(tmp_path: Path) -> None:
    model = nested_models.inputs(tinyseq)[0]
    data = [nested_models.A, {"u": nested_models.B, "v": [nested_models.C]}]
    model.save(tmp_path / "nested.keras")
    others = [tinyseq.models.load_model(tmp_path / "nested.keras"), tinyseq.models.clone_model(model), copy.deepcopy(model)]
    others.append(pickle.loads(pickle.dumps(model)))
    for other in others:
        assert nested_models.shapes(other.predict(data, verbose=0)) == RECORDED["inputs"][0]
        assert nested_models.shapes(other.output) == nested_models.shapes(model.output)
        assert nested_models.shapes(other.input) == nested_models.shapes(model.input)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"loss": {"a": ["mse"], "b": {"c": "mse"}}}, r"loss\['a'\]: expected the structure \[\*, \*\]"),
        ({"loss": {"a": ["mse", "mse"], "x": "mse"}}, r"loss: expected the structure"),
        ({"loss": "mse", "metrics": {"b": ["mae"]}}, r"metrics\['b'\]: expected the structure {'c': \*}"),
    ],
)
def test_another_structure_is_refused_with_its_place(change: dict[str, Any], words: str) -> None:
    x, (p, q, r) = nested_models.ends(tinyseq)
    model = tinyseq.Model(x, {"a": [p, q], "b": {"c": r}})
    with pytest.raises(ValueError, match=words):
        model.compile("sgd", **change)


def test_targets_and_weights_have_the_structure_of_the_outputs() -> None:
    x, (p, q, r) = nested_models.ends(tinyseq)
    model = tinyseq.Model(x, {"a": [p, q], "b": {"c": r}})
    model.compile("sgd", "mse")
    targets = {"a": [nested_models.ONES, nested_models.PAIRS], "b": {"c": nested_models.ZEROS}}
    with pytest.raises(ValueError, match=r"y\['b'\]: expected the structure {'c': \*}"):
        model.fit(nested_models.X, {**targets, "b": nested_models.ZEROS}, verbose=0)
    none = np.zeros(4, "float32")
    weights = {"a": [none, none], "b": {"c": none}}
    assert model.fit(nested_models.X, targets, sample_weight=weights, verbose=0).history["loss"] == [0.0]
    found = tinyseq.gradients(model, nested_models.X, targets)
    assert found.loss == pytest.approx(model.evaluate(nested_models.X, targets, verbose=0)[0], rel=1e-6)
