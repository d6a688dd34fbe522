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


TWO = (
    "import sys\nimport numpy as np\nimport keras\ni = keras.Input((4,))\n"
    "m = keras.Model(i, [keras.layers.Dense(2)(i), keras.layers.Dense(3)(i)])\n"
    "m.compile('sgd', ['mse'] * 2, metrics={metrics})\n"
)
FIT = "m.fit(np.ones((8, 4)), [np.ones((8, 2)), np.ones((8, 3))])\n"


def found(text: str) -> list[str]:
    return [one.code for one in check_source(text, "by_outputs.py").findings]


def test_a_fit_that_is_expected_to_fail_is_no_error() -> None:
    assert found(TWO.format(metrics="['mae'] * 3") + FIT) == ["SC321"]
    assert found(TWO.format(metrics="['mae'] * 3") + f"try:\n    {FIT}except ValueError:\n    pass\n") == []


def test_nothing_is_said_of_entries_that_the_file_does_not_tell() -> None:
    assert found(TWO.format(metrics="['mae', *sys.argv, 'mae']") + FIT) == []
    assert found(TWO.format(metrics="[['mae'], [*sys.argv], ['mae']]") + FIT) == []


def test_a_name_that_keras_may_count_is_no_other_name() -> None:
    """Keras counts on from models made before: dense_7 may be the first of these."""
    assert found(TWO.format(metrics="{'dense_7': 'mae'}") + FIT) == []
    assert found(TWO.format(metrics="{'other': 'mae'}") + FIT) == ["SC321"]


def test_keras_2_takes_any_number_of_metrics_for_all_outputs() -> None:
    assert [one.code for one in check_source(TWO.format(metrics="['mae'] * 3") + FIT, "by_outputs.py", 2).findings] == []
