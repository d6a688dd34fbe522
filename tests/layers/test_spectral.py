"""SpectralNormalization against Keras 3.15: prediction, a call in training, what it leaves in the weights, gradients, fit and files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tinyseq
from tests.cases import CASES, Case
from tests.data import arrays
from tests.saving import matrix
from tinyseq import ops

with np.load(Path(__file__).parents[1] / "oracle" / "compute.npz") as recorded:
    KERAS = {key: recorded[key] for key in recorded.files if key.startswith("SpectralNormalization")}
LINES = [case for case in CASES if case.layer == "SpectralNormalization" and case.computed]


def model_of(case: Case) -> tuple[Any, Any]:
    return matrix.ours(case), arrays.inputs(case)[0]


@pytest.mark.parametrize("case", LINES, ids=lambda case: case.key)
def test_prediction_reads_the_kernel_as_it_is(case: Case) -> None:
    model, x = model_of(case)
    before = model.get_weights()
    np.testing.assert_allclose(model.predict(x, verbose=0), KERAS[f"{case.key}: inference: output"], rtol=2e-5, atol=2e-5)
    for one, other in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("case", LINES, ids=lambda case: case.key)
def test_gradients_are_those_of_keras(case: Case) -> None:
    model, x = model_of(case)
    wanted = KERAS[f"{case.key}: inference: output"]
    g = arrays.output_gradient(case, wanted.shape)
    start, factor = tinyseq.Input(x.shape[1:]), tinyseq.Input(g.shape[1:])
    found = tinyseq.gradients(tinyseq.Model([start, factor], ops.multiply(model(start), factor)), [x, g], loss=lambda p: p)
    np.testing.assert_allclose(found.inputs[0], KERAS[f"{case.key}: inference: input 0"], rtol=2e-5, atol=2e-5)
    for weight, gradient in zip(model.trainable_weights, found.weights, strict=True):
        np.testing.assert_allclose(gradient, KERAS[f"{case.key}: inference: {weight.name}"], rtol=2e-5, atol=2e-5)


@pytest.mark.parametrize("case", LINES, ids=lambda case: case.key)
def test_a_call_in_training_divides_the_kernel_first(case: Case) -> None:
    model, x = model_of(case)
    output = model(x, training=True)
    np.testing.assert_allclose(output, KERAS[f"{case.key}: training: output"], rtol=2e-5, atol=2e-5)
    layer = model.layers[1]
    np.testing.assert_allclose(layer.weights[1].value, KERAS[f"{case.key}: training: vector_u"], rtol=2e-5, atol=2e-5)
    np.testing.assert_allclose(model.predict(x, verbose=0), output, rtol=1e-5, atol=1e-5)


def test_training_keeps_the_greatest_singular_value_near_1() -> None:
    x = np.random.default_rng(0).normal(size=(64, 6)).astype("float32")
    wrapped = tinyseq.layers.SpectralNormalization(tinyseq.layers.Dense(4), power_iterations=20)
    model = tinyseq.Sequential([tinyseq.Input((6,)), wrapped])
    model.compile(tinyseq.optimizers.SGD(1e-4), "mse")
    model.fit(x, x[:, :4], epochs=2, batch_size=16, verbose=0)
    assert np.linalg.svd(wrapped.layer.kernel.numpy())[1][0] == pytest.approx(1, abs=0.01)
    zeros = tinyseq.layers.SpectralNormalization(tinyseq.layers.Dense(4, kernel_initializer="zeros"))
    zeros(x, training=True)
    assert not zeros.layer.kernel.numpy().any()


def test_a_layer_without_a_kernel_is_refused() -> None:
    with pytest.raises(ValueError, match="a layer with a kernel"):
        tinyseq.Sequential([tinyseq.Input((6,)), tinyseq.layers.SpectralNormalization(tinyseq.layers.ReLU())])
