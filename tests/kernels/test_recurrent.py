"""Recurrent layers against the float64 formulas: states, and gradients by central differences of the formulas."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tinyseq as keras
from shapecheck.shapes import Shape
from tests.data.computing import Given
from tinyseq import layers
from tinyseq.engine.engine import Engine
from tinyseq.engine.plan import Mode
from tinyseq.kernels.reference import recurrent as reference
from tinyseq.layers.calling import declare, lone_graph

Make = Callable[..., Any]
KINDS: dict[str, tuple[Make, Callable[..., Any]]] = {
    "SimpleRNN": (layers.SimpleRNN, reference.simple_rnn),
    "LSTM": (layers.LSTM, reference.lstm),
    "GRU": (layers.GRU, reference.gru),
    "GRU, reset before": (lambda units, **more: layers.GRU(units, reset_after=False, **more), reference.gru),
}


def made(kind: str, units: int, features: int, seed: int) -> Any:
    """A layer that returns all steps. Its weights keep the size of states: an error does not grow from step to step."""
    layer = KINDS[kind][0](units, return_sequences=True)
    declare(layer, (Shape((None, 1, features)),))
    random = np.random.default_rng(seed)
    layer.set_weights([random.standard_normal(weight.shape) / np.sqrt(weight.shape[0]) for weight in layer.weights])
    return layer


def of_reference(kind: str, x: Any, weights: list[Any]) -> Any:
    """The states of all samples."""
    return np.array([KINDS[kind][1](row.astype(np.float64), *weights) for row in x])


@pytest.mark.parametrize("kind", KINDS)
@given(sizes=st.tuples(st.integers(1, 19), st.integers(1, 5), st.integers(1, 9), st.integers(1, 70)), seed=st.integers(0, 99))
@settings(max_examples=12, deadline=None)
def test_states_are_those_of_the_formula(kind: str, sizes: tuple[int, int, int, int], seed: int) -> None:
    samples, steps, features, units = sizes
    layer = made(kind, units, features, seed)
    x = np.random.default_rng(seed).standard_normal((samples, steps, features)).astype(np.float32)
    expected = of_reference(kind, x, [weight.numpy().astype(np.float64) for weight in layer.weights])
    np.testing.assert_allclose(layer(x), expected, rtol=0, atol=3e-6)
    np.testing.assert_allclose(layer(x, training=True), expected, rtol=0, atol=3e-6)


@pytest.mark.parametrize("kind", KINDS)
def test_gradients_are_those_of_the_formula(kind: str) -> None:
    layer, random = made(kind, 6, 4, 1), np.random.default_rng(2)
    x = random.standard_normal((3, 5, 4)).astype(np.float32)
    g = random.standard_normal((3, 5, 6)).astype(np.float32)
    engine = Engine(lone_graph(layer, [Shape((None, 5, 4))]), "lone")
    weights = layer.trainable_weights
    step = engine.step([x], Mode(True, True, weights, True), Given([g]))
    values = [weight.numpy().astype(np.float64) for weight in weights]
    arrays, found = [x.astype(np.float64), *values], [step.inputs[0], *(step.gradients.of(weight) for weight in weights)]
    for array, gradient in zip(arrays, found, strict=True):
        assert gradient is not None
        for place in map(tuple, random.integers(0, array.shape, (8, array.ndim))):
            kept, ends = array[place], []
            for step_size in (1e-4, -1e-4):
                array[place] = kept + step_size
                ends.append(float((of_reference(kind, arrays[0], arrays[1:]) * g).sum()))
            array[place] = kept
            np.testing.assert_allclose(gradient[place], (ends[0] - ends[1]) / 2e-4, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("kind", KINDS)
def test_any_number_of_threads_gives_the_same_bits(kind: str) -> None:
    found = []
    for threads in (1, 2):
        keras.set_num_threads(threads)
        keras.utils.set_random_seed(3)
        recurrent = KINDS[kind][0](24, dropout=0.25)
        model = keras.Sequential([keras.Input((30, 40)), recurrent, layers.Dense(3)])
        model.compile("adam", "mse")
        random = np.random.default_rng(4)
        for samples in (5, 33, 70):
            x = random.standard_normal((samples, 30, 40)).astype(np.float32)
            model.train_on_batch(x, random.standard_normal((samples, 3)))
        found.append([*model.get_weights(), model.predict_on_batch(x)])
    for one, other in zip(*found, strict=True):
        np.testing.assert_array_equal(one, other)
