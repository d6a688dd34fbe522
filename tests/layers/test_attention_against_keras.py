"""Calls of attention layers against what Keras computed: outputs, scores, gradients of inputs and weights (2e-5)."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tinyseq as keras
from tests.data.attention import BATCH, LINES, Line
from tinyseq import layers
from tinyseq.engine.differentiation import pull_back

with np.load(Path(__file__).parents[1] / "oracle" / "attention.npz") as recorded:
    KERAS = dict(recorded)

LINE = pytest.mark.parametrize("line", [pytest.param(line, id=line.key) for line in LINES])
RECORD = "run python -m tests.oracle.record_attention in a venv with keras and tensorflow"


def answers(line: Line) -> dict[str, Any]:
    found = {name.removeprefix(f"{line.key}: "): value for name, value in KERAS.items() if name.startswith(f"{line.key}: ")}
    return found or pytest.fail(f"not recorded: {line.key}: {RECORD}")


def close(what: str, ours: Any, theirs: Any) -> None:
    scale = np.maximum(np.abs(theirs), np.sqrt(np.mean(theirs.astype(np.float64) ** 2)))
    assert ours.shape == theirs.shape, what
    assert np.all(np.abs(ours - theirs) <= 1e-6 + 2e-5 * scale), f"{what}: differs by up to {np.abs(ours - theirs).max()}"


def call(layer: Any, line: Line, inputs: list[Any], masks: dict[str, Any]) -> list[Any]:
    options = {name: value for name, value in line.options.items() if not isinstance(value, tuple)}
    if isinstance(layer, (layers.MultiHeadAttention, layers.GroupQueryAttention)):
        found = layer(*inputs, **options, **masks)
    else:
        found = layer(inputs, mask=[masks.get("query_mask"), masks.get("value_mask")] if masks else None, **options)
    return list(found) if isinstance(found, (tuple, list)) else [found]


def model_of(line: Line) -> Any:
    """The call as a model: inputs and masks in, all outputs out."""
    inputs = [keras.Input(array.shape[1:]) for array in line.arrays()]
    masks = {name: keras.Input(array.shape[1:], name=name) for name, array in line.masks().items()}
    layer = getattr(layers, line.layer)(**line.arguments)
    model = keras.Model([*inputs, *masks.values()], call(layer, line, inputs, masks))
    model.set_weights(line.weights([weight.shape for weight in model.weights]))
    return model


@LINE
def test_a_call_on_arrays_gives_the_numbers_of_keras(line: Line) -> None:
    layer = getattr(layers, line.layer)(**line.arguments)
    call(layer, line, line.arrays(), line.masks())
    layer.set_weights(line.weights([weight.shape for weight in layer.weights]))
    for i, output in enumerate(call(layer, line, line.arrays(), line.masks())):
        close(f"output {i}", output, answers(line)[f"output {i}"])


@LINE
@pytest.mark.parametrize("threads", [1, 2])
def test_gradients_are_those_of_keras(line: Line, threads: int) -> None:
    keras.set_num_threads(threads)
    model, theirs = model_of(line), answers(line)
    given = line.gradients([theirs[f"output {i}"].shape for i in range(len(model.outputs))])
    arrays = [*line.arrays(), *(mask.astype(np.float32) for mask in line.masks().values())]
    found = pull_back(model._ready_engine(), arrays, given, model.weights)
    for i, output in enumerate(found.outputs):
        close(f"output {i}", output, theirs[f"output {i}"])
    for i in range(len(line.inputs)):
        close(f"input {i}", found.inputs[i], theirs[f"input {i}"])
    for i, (gradient, weight) in enumerate(zip(found.weights, model.weights, strict=True)):
        if weight.name == "key/bias":  # softmax does not change if all scores of a row grow alike: 0 but for rounding
            np.testing.assert_allclose(gradient, 0, atol=1e-5)
        else:
            close(f"weight {i}", gradient, theirs[f"weight {i}"])


@LINE
def test_a_model_keeps_its_calls_in_a_file(line: Line) -> None:
    model = model_of(line)
    again = type(model).from_config(model.get_config())
    again.set_weights(model.get_weights())
    arrays = [*line.arrays(), *line.masks().values()]
    for one, other in zip(model(arrays), again(arrays), strict=True):
        np.testing.assert_array_equal(one, other)


def test_a_layer_called_with_options_is_one_layer_of_the_model() -> None:
    inputs = keras.Input((5, 8))
    layer = layers.MultiHeadAttention(2, 3)
    x = layer(inputs, inputs, use_causal_mask=True)
    model = keras.Model(inputs, layer(x, x))
    assert [one for one in model.layers if isinstance(one, layers.MultiHeadAttention)] == [layer]
    assert len(model.weights) == 8
    layer.trainable = False
    assert model.trainable_weights == []
    x = np.ones((BATCH, 5, 8))
    assert model.predict(x).shape == (BATCH, 5, 8)


def test_a_query_masked_out_looks_at_all_alike() -> None:
    """As Keras's softmax where all is masked: 1 / steps each. By hand: values of equal rows."""
    layer = layers.MultiHeadAttention(2, 3)
    x = np.random.default_rng(0).normal(size=(2, 4, 8)).astype(np.float32)
    mask = np.array([[1, 1, 0, 1], [1, 1, 1, 1]])
    _, scores = layer(x, x, query_mask=mask, return_attention_scores=True)
    np.testing.assert_allclose(scores[0, :, 2], 0.25, rtol=1e-6)


@pytest.mark.parametrize("make", [lambda: layers.MultiHeadAttention(2, 3, dropout=0.5), lambda: layers.Attention(dropout=0.5)])
def test_dropout_drops_weights_in_training_and_their_gradients(make: Any) -> None:
    inputs = keras.Input((6, 8))
    layer = make()
    model = keras.Model(inputs, layer(inputs, inputs) if isinstance(layer, layers.MultiHeadAttention) else layer([inputs, inputs]))
    x = np.random.default_rng(1).normal(size=(4, 6, 8)).astype(np.float32)
    np.testing.assert_array_equal(model(x), model(x))
    assert not np.array_equal(model(x, training=True), model(x, training=True))
    g = np.random.default_rng(2).normal(size=(4, 6, 8)).astype(np.float32)

    def drawn(x: Any) -> Any:
        layer._draws = 7
        return pull_back(model._ready_engine(), [x], [g], (), training=True)

    step, found = np.zeros_like(x), drawn(x).inputs[0]
    step[1, 2, 3] = 1e-2
    change = ((drawn(x + step).outputs[0].astype(np.float64) - drawn(x - step).outputs[0]) * g).sum() / 2e-2
    assert found[1, 2, 3] == pytest.approx(change, rel=2e-2)


@pytest.mark.parametrize("kind", ["MultiHeadAttention", "GroupQueryAttention", "Attention", "AdditiveAttention"])
def test_gradients_outside_of_training_are_those_without_dropout(kind: str) -> None:
    x, found = np.random.default_rng(1).normal(size=(4, 6, 8)).astype(np.float32), []
    sizes: tuple[int, ...] = {"MultiHeadAttention": (2, 3), "GroupQueryAttention": (3, 4, 2)}.get(kind, ())
    for rate in (0.5, 0.0):
        keras.set_random_seed(2)
        inputs = keras.Input((6, 8))
        layer = getattr(layers, kind)(*sizes, dropout=rate)
        model = keras.Model(inputs, layer(inputs, inputs) if sizes else layer([inputs, inputs]))
        slopes = keras.gradients(model, x, loss=lambda p: p * p)
        found.append([slopes.inputs, *slopes.weights])
    assert np.abs(found[0][0]).max() > 0
    for ours, without in zip(*found, strict=True):
        np.testing.assert_array_equal(ours, without)


def test_what_is_not_computed_is_refused_by_name() -> None:
    x = np.ones((1, 2, 4))
    with pytest.raises(NotImplementedError, match="activity_regularizer"):
        layers.MultiHeadAttention(2, 3, activity_regularizer="l2")(x, x)
    with pytest.raises(NotImplementedError, match="flash_attention=True"):
        layers.MultiHeadAttention(2, 3, flash_attention=True)(x, x)
    with pytest.raises(ValueError, match="attention_mask of shape"):
        layers.MultiHeadAttention(2, 3)(x, x, attention_mask=np.ones((1, 3, 3)))
    with pytest.raises(ValueError, match="takes query and value"):
        layers.MultiHeadAttention(2, 3)(x)
    with pytest.raises(ValueError, match=r"write a list \[query mask, value mask\]"):
        layers.Attention()([x, x], mask=np.ones((1, 2)))


@pytest.mark.parametrize("kind", ["multi", "one"])
def test_masks_of_the_inputs_are_those_that_are_passed(kind: str) -> None:
    """Embedding(mask_zero=True) hides steps from the queries as query_mask and value_mask do."""
    words = np.array([[3, 1, 0, 0], [2, 2, 4, 0], [1, 0, 2, 3]])
    inputs = keras.Input((4,))
    embedding = layers.Embedding(5, 6, mask_zero=True)
    layer = layers.MultiHeadAttention(2, 3) if kind == "multi" else layers.Attention(use_scale=True)
    x = embedding(inputs)
    y = layer(x, x) if kind == "multi" else layer([x, x])
    model = keras.Model(inputs, y)
    values, mask = embedding(words), words != 0
    masks = {"query_mask": mask, "value_mask": mask} if kind == "multi" else {"mask": [mask, mask]}
    expected = layer([values, values], **masks)
    np.testing.assert_allclose(model(words), expected, rtol=1e-6, atol=1e-7)
    assert not np.allclose(expected, layer(values, values) if kind == "multi" else layer([values, values]))


def test_projections_start_with_the_fans_of_keras() -> None:
    """Keras 3.15 counts an EinsumDense's axes by the equation: 8 features in, 2 heads of 3 out, although (8, 2, 3) looks like a window."""
    x = keras.Input((5, 8))
    layer = layers.MultiHeadAttention(2, 3)
    layer(x, x)
    for kernel, fans in (("query/kernel", 8 + 6), ("attention_output/kernel", 6 + 8)):
        values = np.abs(next(weight for weight in layer.weights if weight.name == kernel).numpy())
        limit = np.sqrt(6 / fans)
        assert 0.8 * limit < values.max() <= limit
