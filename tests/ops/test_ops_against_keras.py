"""tinyseq.ops and the operators of tensors against what Keras computed: on arrays, in a graph, and the gradients (2e-5)."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tinyseq as keras
from tests.data import ops_lines
from tinyseq import activations, ops
from tinyseq.engine.differentiation import pull_back

with np.load(Path(__file__).parents[1] / "oracle" / "ops.npz") as recorded:
    KERAS = dict(recorded)
LINE = pytest.mark.parametrize("line", ops_lines.LINES)


def theirs(line: str, what: str) -> Any:
    if f"{line}: {what}" not in KERAS:
        pytest.fail(f"not recorded: {line}: run python -m tests.oracle.record_ops in a venv with keras and tensorflow")
    return KERAS[f"{line}: {what}"]


def close(ours: Any, expected: Any) -> None:
    assert ours.shape == expected.shape
    scale = np.maximum(np.abs(expected), np.sqrt(np.mean(np.square(expected, dtype=np.float64)))) if expected.size else 1
    assert np.all(np.abs(ours.astype(np.float64) - expected) <= 2e-6 + 2e-5 * scale)


@LINE
def test_on_arrays_the_numbers_are_those_of_keras(line: str) -> None:
    found, expected = eval(line, {"ops": ops, "activations": activations}, ops_lines.arrays()), theirs(line, "value")
    assert found.dtype.kind == expected.dtype.kind, "floats, integers or truth values"
    close(found, expected)


@LINE
def test_in_a_graph_numbers_and_gradients_are_those_of_keras(line: str) -> None:
    names = ops_lines.used(line)
    arrays = [ops_lines.arrays()[name] for name in names]
    inputs = [keras.Input(array.shape[1:], name=name) for name, array in zip(names, arrays, strict=True)]
    output = eval(line, {"ops": ops, "activations": activations}, dict(zip(names, inputs, strict=True)))
    model, expected = keras.Model(inputs, output), theirs(line, "value")
    assert len(output.shape) == expected.ndim
    assert all(ours in (None, size) for ours, size in zip(output.shape, expected.shape, strict=True))
    close(np.asarray(model(arrays if len(arrays) > 1 else arrays[0])), expected)
    again = type(model).from_config(model.get_config())
    close(np.asarray(again(arrays if len(arrays) > 1 else arrays[0])), expected)
    if expected.dtype.kind != "f":
        return
    found = pull_back(model._ready_engine(), arrays, [ops_lines.gradient(expected.shape)])
    for name, change in zip(names, found.inputs, strict=True):
        close(np.zeros_like(theirs(line, name)) if change is None else change, theirs(line, name))


@LINE
def test_the_same_bits_by_two_threads(line: str) -> None:
    names = ops_lines.used(line)
    arrays = [np.concatenate([ops_lines.arrays()[name]] * 4) for name in names]
    found = []
    for threads in (1, 2):
        keras.set_num_threads(threads)
        inputs = [keras.Input(array.shape[1:]) for array in arrays]
        model = keras.Model(inputs, eval(line, {"ops": ops, "activations": activations}, dict(zip(names, inputs, strict=True))))
        found.append(np.asarray(model(arrays if len(arrays) > 1 else arrays[0])))
    np.testing.assert_array_equal(*found)
