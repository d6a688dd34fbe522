"""Model([i], [o]): calls and predict return the one array, and output, input and files keep the lists, as in Keras."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tinyseq
from tests.data.lists_of_one import FORMS, ends

RECORDED: dict[str, Any] = json.loads((Path(__file__).parents[1] / "oracle" / "lists.json").read_text("utf-8"))
X = np.ones((4, 3), np.float32)


def shape_of(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: shape_of(one) for key, one in value.items()}
    return [shape_of(one) for one in value] if isinstance(value, list) else list(value.shape)


def made(form: str) -> Any:
    one = tinyseq.Input((3,), name="i")
    return tinyseq.Model(*ends(form, one, tinyseq.layers.Dense(2, name="d")(one)))


def seen(model: Any, form: str) -> dict[str, Any]:
    given = {"i": X} if "dictionary" in form else X
    config = json.loads(model.to_json())["config"]
    return {
        "predict": shape_of(model.predict(given, verbose=0)),
        "predict_on_batch": shape_of(model.predict_on_batch(given)),
        "call": shape_of(model(given)),
        "output_shape": list(model.output_shape),
        "input_shape": list(model.input_shape),
        "output": shape_of(model.output),
        "input": shape_of(model.input),
        "input_layers": config["input_layers"],
        "output_layers": config["output_layers"],
    }


@pytest.mark.parametrize("form", FORMS)
def test_a_list_of_one_is_unwrapped_where_keras_unwraps_it(form: str) -> None:
    assert seen(made(form), form) == RECORDED[form]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("way", ("json", "keras", "h5", "clone", "config"))
def test_the_form_is_kept_in_files_and_copies(form: str, way: str, tmp_path: Path) -> None:
    model = made(form)
    if way == "json":
        again = tinyseq.models.model_from_json(model.to_json())
    elif way == "clone":
        again = tinyseq.models.clone_model(model)
    elif way == "config":
        again = type(model).from_config(model.get_config())
    else:
        model.save(tmp_path / f"m.{way}")
        again = tinyseq.models.load_model(tmp_path / f"m.{way}")
    assert seen(again, form) == RECORDED[form]


@pytest.mark.parametrize("form", ("list, list", "tensor, list"))
def test_a_model_of_lists_of_one_trains_and_joins_another(form: str) -> None:
    model = made(form)
    outer = tinyseq.Sequential([tinyseq.Input((3,)), model, tinyseq.layers.Dense(1)])
    assert outer.predict(X, verbose=0).shape == (4, 1)
    model.compile("sgd", "mse")
    model.fit(X, np.zeros((4, 2), np.float32), verbose=0)
    assert isinstance(model.evaluate(X, np.zeros((4, 2), np.float32), verbose=0), float)
