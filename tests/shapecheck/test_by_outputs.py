"""Arguments of compile() and fit() with entries for the outputs: what Keras refuses is found, and nothing else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from shapecheck import check_source
from tests.data.by_outputs import scripts

KERAS: dict[str, Any] = json.loads((Path(__file__).parent.parent / "oracle" / "by_outputs.json").read_text("utf-8"))
NOT_FOUND = ("one: metrics=(None, 'mae')", "stack: metrics=(None, 'mae')")
"""Scripts that Keras refuses for a reason that is not looked for: None among the metrics of one output."""


def test_every_script_is_recorded() -> None:
    assert set(scripts()) == set(KERAS)


@pytest.mark.parametrize("name", scripts())
def test_what_keras_refuses_is_an_error_and_nothing_else_is(name: str) -> None:
    findings = check_source(scripts()[name], "by_outputs.py").findings
    errors = [one.code for one in findings if one.severity == "error"]
    if not KERAS[name]:
        assert errors == []
    elif name not in NOT_FOUND:
        assert errors and set(errors) <= {"SC321", "SC309", "SC323"}, KERAS[name]


def test_outputs_without_a_loss_are_a_warning() -> None:
    (finding,) = check_source(scripts()["three: loss=['mse'] * 2"], "by_outputs.py").findings
    assert (finding.code, finding.severity) == ("SC322", "warning")
    assert finding.words == "the length of loss is 2, but the model has 3 outputs: those after it are not trained"
