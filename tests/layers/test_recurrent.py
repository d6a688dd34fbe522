"""Recurrent layers and their kin against what Keras computed on TensorFlow: all outputs, all gradients."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.cases import CASES, Case
from tests.data import arrays
from tests.data.computing import EngineRun
from tests.data.sequences import FAMILY, NETS, long_cases

Array = NDArray[Any]

with np.load(Path(__file__).parents[1] / "oracle" / "recurrent.npz") as recorded:
    KERAS: dict[str, Array] = dict(recorded)

RECORD = "run python -m tests.oracle.record_recurrent in a venv with keras and tensorflow"
LINES = [case for case in (*CASES, *long_cases()) if case.layer in FAMILY and case.known]


def answers(key: str) -> dict[str, Array]:
    """What Keras gave under this key."""
    found = {name.removeprefix(f"{key}: "): array for name, array in KERAS.items() if name.startswith(f"{key}: ")}
    if not found:
        pytest.fail(f"not recorded: {key}: {RECORD}")
    return found


def assert_close(what: str, ours: Array, keras: Array, tolerance: float) -> None:
    """|difference| <= 1e-6 + tolerance * max(|reference|, its root mean square)."""
    assert ours.shape == keras.shape, what
    scale = np.maximum(np.abs(keras), np.sqrt(np.mean(keras.astype(np.float64) ** 2)))
    excess = np.abs(ours.astype(np.float64) - keras) - (1e-6 + tolerance * scale)
    assert np.all(excess <= 0), f"{what}: differs by up to {np.max(np.abs(ours - keras))}, allowed is {tolerance} of {scale.max()}"


def tolerance_of(case: Case) -> float:
    """Errors grow from step to step."""
    return 1e-4 if any(shape and shape[0] == 50 for shape in case.inputs) else 2e-5


@pytest.mark.parametrize("case", [pytest.param(case, id=case.key) for case in LINES])
def test_outputs_and_gradients_are_those_of_keras(case: Case) -> None:
    keras, tolerance = answers(case.key), tolerance_of(case)
    run = EngineRun(case)
    outputs = run.forward()
    for number, output in enumerate(outputs):
        assert_close(f"output {number}", output, keras[f"output {number}"], tolerance)
    if getattr(run.layer, "stateful", False):
        run.layer.reset_state()
    gradients = [arrays.output_gradient(case, output.shape, number) for number, output in enumerate(outputs)]
    ours = {" ".join(name.split()[:2]): array for name, array in run.backward(gradients).items()}
    assert ours.keys() == {name for name in keras if not name.startswith("output")}
    for name, array in ours.items():
        assert_close(f"gradient of {name}", array, keras[name], tolerance)


def test_the_recorded_numbers_are_those_of_the_lines() -> None:
    assert {name.rsplit(": ", 1)[0] for name in KERAS} == {line.key for line in (*LINES, *NETS)}, RECORD
