"""Every computing layer against what Keras 3 computed on TensorFlow (channels first: PyTorch): forward and gradients, line by line.

|difference| <= 1e-6 + tolerance * max(|reference|, its root mean square).
"""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from shapecheck import layers as rules
from tests.cases import CASES, COMPUTED, IMAGE_CHANGES, PREPROCESSED, SEQUENCES, Case
from tests.data import arrays
from tests.data.computing import Run, layer_class, layer_of

Array = NDArray[Any]

ORACLE = Path(__file__).parents[1] / "oracle"
KERAS: dict[str, Array] = {}
for name in ("compute.npz", "channels_first.npz"):
    with np.load(ORACLE / name) as recorded:
        KERAS |= dict(recorded)

RECORD = "run python -m tests.oracle.record_compute in a venv with keras and tensorflow, and record_channels_first with torch"

LOOSE = {"BatchNormalization", "LayerNormalization", "GroupNormalization", "RMSNormalization", "UnitNormalization"}
NO_LINE = {"ThresholdedReLU", "MultiHeadAttention", "GroupedQueryAttention"}
"""Keras 3 has it no more: see test_a_thresholded_relu_keeps_what_is_above_theta; and tests/layers/test_attention_against_keras.py."""
DIFFERS_IN_TRAINING = {
    "Dropout", "SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D", "GaussianNoise", "GaussianDropout", "AlphaDropout",
    "BatchNormalization",
}  # fmt: skip
"""Their gradients in inference mode are asked for by no optimizer."""


def computed(cases: list[Case]) -> list[Any]:
    """The lines whose layer can compute, under their own names."""
    apart = ("SpectralNormalization",)  # a wrapper: tests/layers/test_spectral.py
    return [pytest.param(case, id=case.key) for case in cases if case.computed and layer_class(case.layer) and case.layer not in apart]


def answers_of_keras(case: Case, training: bool) -> dict[str, Array]:
    """What Keras gave for the line: output, gradients, moving statistics."""
    start = f"{case.key}: {'training' if training else 'inference'}: "
    found = {name.removeprefix(start): array for name, array in KERAS.items() if name.startswith(start)}
    if not found:
        pytest.fail(f"not recorded: {case.key}: {RECORD}")
    return found


def tolerance_of(case: Case) -> float:
    """2e-5; statistics over a batch and Winograd's convolution round more."""
    if case.layer in LOOSE:
        return 5e-5
    by_winograd = case.layer == "Conv2D" and layer_of(case).method((1, *case.inputs[0])) != "direct"
    return 1e-4 if by_winograd else 2e-5


def assert_close(case: Case, what: str, ours: Array, keras: Array) -> None:
    """The tolerance of this module's first lines."""
    assert ours.shape == keras.shape, what
    tolerance = tolerance_of(case)
    scale = np.maximum(np.abs(keras), np.sqrt(np.mean(keras.astype(np.float64) ** 2)))
    excess = np.abs(ours.astype(np.float64) - keras) - (1e-6 + tolerance * scale)
    assert np.all(excess <= 0), (
        f"{what}: differs by up to {np.max(np.abs(ours - keras))}, allowed is {tolerance} of {scale.max()}"
    )


@pytest.mark.parametrize("case", computed(CASES))
def test_prediction_gives_the_numbers_of_keras(case: Case) -> None:
    assert_close(case, "output", Run(case, training=False).forward(), answers_of_keras(case, False)["output"])


@pytest.mark.parametrize("case", computed([case for case in CASES if case.layer not in DIFFERS_IN_TRAINING]))
def test_gradients_are_those_of_keras(case: Case) -> None:
    keras = answers_of_keras(case, False)
    run = Run(case, training=True)
    assert_close(case, "output", run.forward(), keras["output"])
    ours = run.backward(arrays.output_gradient(case, keras["output"].shape))
    for name, reference in keras.items():
        if name != "output":
            assert_close(case, f"gradient of {name}", ours[name], reference)


@pytest.mark.parametrize("case", computed([case for case in CASES if case.training]))
def test_a_training_step_gives_the_numbers_and_moving_statistics_of_keras(case: Case) -> None:
    keras = answers_of_keras(case, True)
    run = Run(case, training=True)
    assert_close(case, "output", run.forward(), keras["output"])
    ours = run.backward(arrays.output_gradient(case, keras["output"].shape))
    ours |= {name: array for name, array in run.weights.items() if name.startswith(("moving", "renorm"))}
    for name, reference in keras.items():
        if name != "output":
            assert_close(case, name, ours[name], reference)


@pytest.mark.parametrize("case", computed([case for case in CASES if case.layer == "BatchNormalization"]))
def test_a_frozen_batch_normalization_passes_the_gradient_of_its_moving_statistics(case: Case) -> None:
    layer = layer_of(case)
    layer.trainable = False
    keras = answers_of_keras(case, False)
    run = Run(case, training=True, layer=layer)
    before = {name: array.copy() for name, array in run.weights.items()}
    assert_close(case, "output", run.forward(), keras["output"])
    ours = run.backward(arrays.output_gradient(case, keras["output"].shape))
    assert_close(case, "input 0", ours["input 0"], keras["input 0"])
    assert all(np.array_equal(run.weights[name], array) for name, array in before.items())


def test_every_layer_that_computes_is_held_against_keras_and_no_other_says_so() -> None:
    assert {name for name in rules.HOME if layer_class(name) is not None} == COMPUTED | NO_LINE
    assert {case.layer for case in CASES if case.computed} | SEQUENCES | PREPROCESSED | IMAGE_CHANGES == COMPUTED


def test_the_recorded_numbers_are_those_of_the_lines() -> None:
    lines = {case.key for case in CASES if case.computed}
    assert {name.rsplit(": ", 2)[0] for name in KERAS} == lines, RECORD


def test_a_thresholded_relu_keeps_what_is_above_theta() -> None:
    """By hand; Konda et al. (2014): x where x > theta, slope 1 there, else 0 and slope 0."""
    case = Case("ThresholdedReLU", {"theta": 0.5}, [(4,)])
    run = Run(case, training=True)
    run.inputs[0][...] = np.array([[0.4, 0.5, 0.6, -1], [2, 0.51, 0.49, 0], [np.nan, 0.5, 9, -9]], np.float32)
    for ctx, shard in zip(run.contexts, run.shards, strict=True):
        ctx.inputs = (run.inputs[0][shard],)
    expected = np.array([[0, 0, 0.6, 0], [2, 0.51, 0, 0], [np.nan, 0, 9, 0]], np.float32)
    np.testing.assert_array_equal(run.forward(), expected)
    slopes = np.array([[0, 0, 1, 0], [1, 1, 0, 0], [0, 0, 1, 0]], np.float32)
    np.testing.assert_array_equal(run.backward(np.ones((3, 4), np.float32))["input 0"], slopes)
