"""SC324, SC325, SC429, SC431: said where Keras raises, and nowhere else (recorded by tests/oracle/record_own_functions.py)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from shapecheck import check_source
from tests.data.own_functions import FUNCTIONS, HEAD, ITERATORS, LOADED, SCRIPTS, TAKEN_APART

RECORDED = json.loads((Path(__file__).parent.parent / "oracle" / "own_functions.json").read_text("utf-8"))
CODES = {**dict.fromkeys(TAKEN_APART, "SC429"), **dict.fromkeys(FUNCTIONS, "SC324"), **dict.fromkeys(ITERATORS, "SC325"),
         **dict.fromkeys(LOADED, "SC431")}  # fmt: skip


@pytest.mark.parametrize("name", SCRIPTS)
def test_said_where_keras_raises_and_nowhere_else(name: str) -> None:
    found = [finding.code for finding in check_source(HEAD + SCRIPTS[name], "script.py").findings if finding.severity == "error"]
    assert found == ([] if RECORDED[name] == "ok" else [CODES[name]])


def repaired(text: str) -> str:
    """The text after the first repair of its only error."""
    report = check_source(text, "script.py")
    (finding,) = [one for one in report.findings if one.severity == "error"]
    assert finding.repairs and finding.repairs[0].proved
    lines = text.splitlines(keepends=True)
    for place, new in sorted(finding.repairs[0].edits, key=lambda one: (one[0].line, one[0].column), reverse=True):
        assert place.line == place.end_line
        line = lines[place.line - 1]
        lines[place.line - 1] = line[: place.column - 1] + new + line[place.end_column - 1 :]
    return "".join(lines)


PAIRS = {
    "a function that makes a loss": "the loss that it makes",
    "zip": "a generator over zip",
    "keras: own loss": "keras: own loss, passed",
    "keras: own layer": "keras: own layer, passed",
    "h5: Lambda of a lambda": "h5: Lambda of a lambda, allowed",
}


@pytest.mark.parametrize("name", PAIRS)
def test_the_repair_is_what_keras_accepts(name: str) -> None:
    assert RECORDED[name] != "ok" and RECORDED[PAIRS[name]] == "ok"
    assert repaired(HEAD + SCRIPTS[name]) == HEAD + SCRIPTS[PAIRS[name]]


def test_a_model_that_is_not_trained_may_have_any_loss() -> None:
    text = FUNCTIONS["one argument"].rpartition("m.fit")[0]
    assert not check_source(HEAD + text, "script.py").findings


def test_numpy_computes_where_nothing_is_compiled() -> None:
    text = FUNCTIONS["NumPy on tensors"].replace('"sgd", f', '"sgd", f, run_eagerly=True')
    assert not check_source(HEAD + text, "script.py").findings


def test_a_scope_makes_names_known() -> None:
    text = LOADED["keras: own layer"].replace("again =", 'with keras.saving.custom_object_scope({"Own": Own}):\n    again =')
    assert not check_source(HEAD + text, "script.py").findings
