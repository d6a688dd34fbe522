"""Source texts of whole stacks: our tables against Keras's, and our findings against what Keras refuses."""

import json
from pathlib import Path
from typing import Any

import pytest

from shapecheck import check_source
from shapecheck.findings import FileReport
from tests.shapecheck.expected import main_stack

ORACLE = Path(__file__).parent.parent / "oracle"
GOOD: dict[str, Any] = json.loads((ORACLE / "stacks.json").read_text("utf-8"))
MUTANTS: dict[str, Any] = json.loads((ORACLE / "mutants.json").read_text("utf-8"))

UNREADABLE = {"dense autoencoder 1: another Reshape", "dense autoencoder 2: another Reshape"}
"""Mutants whose brackets do not match: no stack can be read from them."""
STRICTER = {
    "separable net 2: strides with dilation": "Keras builds it; TensorFlow refuses it when data comes",
    "selu net 2: a rate above one": "a rate of 5.1 is outside [0, 1]; keras.layers.AlphaDropout refuses it, this recording did not",
}
"""Mutants that Keras builds, and that are errors here all the same."""
FLOOR = 400
"""Of the 407 mutants that Keras refuses, so many get an error at the layer at which Keras stops."""


def checked(source: str) -> FileReport:
    return check_source(source, "stack.py").files[0]


def errors(source: str) -> list[tuple[str, int | None]]:
    return [(finding.code, finding.layer) for finding in checked(source).findings if finding.severity == "error"]


@pytest.mark.parametrize("name", GOOD)
def test_the_table_of_a_good_stack_is_keras_s_table(name: str) -> None:
    rows = [row for row in main_stack(checked(GOOD[name]["source"])).rows if row.node.inputs]
    ours = [(list(row.output), row.params, row.trainable_params, row.verdict) for row in rows]
    keras = [(layer["output_shape"], layer["params"], layer["trainable_params"], "proved") for layer in GOOD[name]["layers"]]
    assert ours == keras


@pytest.mark.parametrize("name", GOOD)
def test_a_good_stack_gives_neither_error_nor_warning(name: str) -> None:
    assert [finding.diagnostic.message() for finding in checked(GOOD[name]["source"]).findings if finding.severity != "note"] == []


@pytest.mark.parametrize("name", [name for name, said in MUTANTS.items() if said["builds"] and said["layers"]])
def test_a_mutant_that_keras_builds_gives_no_error_and_keras_s_shapes(name: str) -> None:
    if name in STRICTER:
        assert errors(MUTANTS[name]["source"])
        return
    assert errors(MUTANTS[name]["source"]) == []
    rows = [row for row in main_stack(checked(MUTANTS[name]["source"])).rows if row.node.inputs and row.output.known]
    assert [list(row.output) for row in rows] == [layer["output_shape"] for layer in MUTANTS[name]["layers"]][: len(rows)]


def test_mutants_that_keras_refuses_are_found_at_the_layer_at_which_keras_stops() -> None:
    refused = {name: said for name, said in MUTANTS.items() if not said["builds"]}
    right = {name for name, said in refused.items() if any(layer == said["layer"] for _, layer in errors(said["source"]))}
    assert len(refused) == 407
    assert len(right) >= FLOOR, sorted(set(refused) - right)


def test_layers_behind_a_broken_one_are_not_reached_and_never_proved() -> None:
    for said in MUTANTS.values():
        for stack in checked(said["source"]).stacks:
            verdicts = [row.verdict for row in stack.rows]
            if "broken" in verdicts:
                assert set(verdicts[verdicts.index("broken") + 1 :]) <= {"not-reached", "broken"}


def test_no_size_below_one_is_ever_called_proved() -> None:
    for said in [*GOOD.values(), *MUTANTS.values()]:
        for stack in checked(said["source"]).stacks:
            for row in stack.rows:
                sizes = [size for size in row.output.dims or () if isinstance(size, int)]
                assert row.verdict != "proved" or all(size >= 1 for size in sizes), row
