"""Every rule of shapecheck against what Keras 3 answered to the lines of tests/cases.py and tests/data/refused.py."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

import tinyseq.layers
from shapecheck import layers
from shapecheck.diagnostics.base import ShapeError
from shapecheck.layers.base import Inference
from shapecheck.migration.recorded_names import KERAS as KERAS_NAMES
from shapecheck.shapes import Shape, Unknown
from tests.cases import CASES, COMPUTED, Case
from tests.data.refused import REFUSED

ORACLE = Path(__file__).parents[1] / "oracle"
KERAS = json.loads((ORACLE / "layers.json").read_text(encoding="utf-8"))
REFUSALS = json.loads((ORACLE / "refused.json").read_text(encoding="utf-8"))

NO_CASE = {"InputLayer", "SimpleRNNCell", "LSTMCell", "GRUCell", "StackedRNNCells"}
"""Rules that take no line of their own: an input has no input, a cell stands within an RNN."""
KERAS_2_ONLY = {"RandomWidth", "RandomHeight", "ThresholdedReLU", "LocallyConnected1D", "LocallyConnected2D"}
"""Layers that Keras 3 dropped: there is nothing to record."""
STRICTER = {"RandomFlip(mode='sideways') on (5, 7, 3)"}
"""Lines that Keras takes in silence and we refuse."""
HALVED = {
    "Activation(activation='glu') on (5, 6)": [None, 5, 3],
    "Activation(activation='glu') on (10,)": [None, 5],
    "EinsumDense(equation='...x,xy->...y', output_shape=(6,), bias_axes='y', activation='silu') on (2, 3, 5)": [None, 2, 3, 6],
}
"""Lines where Keras's symbolic shape is wrong: its own arrays (tests/oracle/compute.npz) have these."""
CANNOT_TELL = {"Lambda"}
"""Layers whose output follows from code that is not run: an unknown size is a right answer."""


def made(value: Any) -> Any:
    """("Dense", {"units": 3}) -> layers.Dense(units=3), also within a list; anything else as it is."""
    if isinstance(value, list):
        return [made(item) for item in value]
    if isinstance(value, tuple) and len(value) == 2 and isinstance(value[1], dict):
        rule = layers.find(value[0])
        assert rule is not None, f"no rule for {value[0]}"
        return rule(**{name: made(argument) for name, argument in value[1].items()})
    return value


def inferred(case: Case) -> Inference:
    """What our rule says of the line."""
    rule = made((case.layer, case.arguments))
    return rule.infer(tuple(Shape((case.batch, *shape)) for shape in case.inputs))


def recorded(answers: dict[str, Any], case: Case) -> Any:
    """What Keras answered to the line; fails with the command that records it."""
    if case.key not in answers:
        pytest.fail(f"not recorded: {case.key}: run python -m tests.oracle.record_layers in a venv with keras and tensorflow")
    return answers[case.key]


def with_rule(lines: list[Case]) -> list[Any]:
    """The lines whose class has a rule, under their own names."""
    return [pytest.param(line, id=line.key) for line in lines if layers.find(line.layer)]


@pytest.mark.parametrize("case", with_rule(CASES))
def test_shapes_and_weights_are_those_of_keras(case: Case) -> None:
    keras, ours = recorded(KERAS, case), inferred(case)
    outputs = [list(shape.dims or ()) for shape in ours.outputs]
    if case.layer in CANNOT_TELL and any(not shape.known for shape in ours.outputs):
        return
    assert outputs == ([HALVED[case.key]] if case.key in HALVED else keras["outputs"])
    assert [(weight.name.split("/")[-1], list(weight.shape), weight.trainable) for weight in ours.weights] == [
        (weight["name"], weight["shape"], weight["trainable"]) for weight in keras["weights"]
    ]
    assert sum(weight.size for weight in ours.weights) == keras["params"]  # type: ignore[misc]


@pytest.mark.parametrize("case", with_rule(REFUSED))
def test_what_must_not_pass_is_refused(case: Case) -> None:
    with pytest.raises(TypeError if case.arguments == {} and case.layer == "Dense" else ShapeError) as caught:
        inferred(case)
    assert str(caught.value)


@pytest.mark.parametrize("case", with_rule([case for case in CASES if len(case.inputs) == 1]))
def test_an_input_of_unknown_rank_never_becomes_a_wrong_fact(case: Case) -> None:
    rule = made((case.layer, case.arguments))
    for shape, keras in zip(rule.infer((Shape(None, why="a test"),)).outputs, recorded(KERAS, case)["outputs"], strict=False):
        if shape.dims is None:
            assert isinstance(shape.last, Unknown) or shape.last == keras[-1]
        else:
            assert all(
                isinstance(ours, Unknown) or ours is None or ours == size
                for ours, size in zip(shape.dims, keras, strict=True)
            )


def test_every_rule_has_a_line_and_every_line_a_rule() -> None:
    lines = {case.layer for case in CASES}
    rules = set(layers.HOME)
    assert not rules - lines - NO_CASE - KERAS_2_ONLY, "rules without a line in tests/cases.py"
    assert not lines - rules, "lines in tests/cases.py without a rule"
    assert lines >= COMPUTED - NO_CASE


def test_every_layer_of_keras_has_a_rule_or_is_named_with_the_reason() -> None:
    there = set(re.findall(r"(?m)^([A-Z]\w*)", KERAS_NAMES["layers"])) - {"Input", "InputSpec", "Layer", "Wrapper"}
    lost = {name for name in there if name not in layers.HOME and name not in layers.ALIASES}
    assert lost == set(tinyseq.layers.NOT_THERE)
    for name in lost:
        with pytest.raises(AttributeError, match=f"{name}.*{re.escape(tinyseq.layers.NOT_THERE[name])}"):
            getattr(tinyseq.layers, name)


def test_every_line_is_named_once_and_has_been_recorded() -> None:
    keys = [case.key for case in CASES]
    assert len(keys) == len(set(keys))
    again = "run python -m tests.oracle.record_layers in a venv with keras and tensorflow"
    assert set(keys) == set(KERAS), again
    assert {case.key for case in REFUSED} == set(REFUSALS), again


def test_where_we_are_stricter_than_keras_is_written_down() -> None:
    assert {key for key, answer in REFUSALS.items() if answer["accepts"]} == STRICTER
