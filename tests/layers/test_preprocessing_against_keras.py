"""The preprocessing layers against what Keras 3.15 computed: tests/oracle/record_preprocessing.py."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tinyseq
from tests.cases import PREPROCESSED
from tests.data.preprocessing import LINES, PIXELS, SHAPE, Line, given_of, images
from tinyseq import layers
from tinyseq.engine.context import Context

KERAS: dict[str, Any] = json.loads((Path(__file__).parents[1] / "oracle" / "preprocessing.json").read_text(encoding="utf-8"))


def made(line: Line) -> Any:
    layer = getattr(layers, line.layer)(**line.arguments)
    if line.adapt is not None:
        layer.adapt(np.array(line.adapt))
    return layer


@pytest.mark.parametrize("line", LINES, ids=[line.key for line in LINES])
def test_a_call_on_an_array_gives_the_answer_of_keras(line: Line) -> None:
    layer = made(line)
    keras = KERAS[line.key]
    ours = np.asarray(layer(given_of(line)))
    if ours.dtype.kind == "U":
        assert ours.tolist() == keras["output"]
    else:
        np.testing.assert_allclose(ours, np.array(keras["output"]), rtol=1e-5, atol=1e-6)
    if line.layer == "Discretization":
        np.testing.assert_allclose(layer.bin_boundaries, keras["found"], rtol=1e-5)
    elif keras["found"] is not None:
        assert layer.get_vocabulary() == keras["found"]


NUMERIC = [
    line for line in LINES if line.adapt is None and np.ndim(line.given) == 2 and line.layer not in ("TextVectorization", "HashedCrossing")
    and np.array(line.given).dtype.kind != "U"
    and not (line.layer == "StringLookup" and line.arguments.get("invert"))
]  # fmt: skip


@pytest.mark.parametrize("line", NUMERIC, ids=[line.key for line in NUMERIC])
def test_a_model_gives_the_answer_of_keras(line: Line) -> None:
    given = np.array(line.given)
    dtype = "int64" if given.dtype.kind == "i" else "float32"
    model = tinyseq.Sequential([tinyseq.Input(given.shape[1:], dtype=dtype), made(line)])
    np.testing.assert_allclose(model.predict(given, verbose=0), np.array(KERAS[line.key]["output"]), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("line", PIXELS, ids=[line.key for line in PIXELS])
def test_images_and_their_gradients_are_those_of_keras(line: Line) -> None:
    x, keras, layer = images(line), KERAS[line.key], made(line)
    model = tinyseq.Sequential([tinyseq.Input(line.given[1:]), made(line)])
    y = layer(x)
    np.testing.assert_allclose(y, np.array(keras["output"]), rtol=2e-5, atol=2e-3)
    np.testing.assert_array_equal(model.predict(x, verbose=0), y)
    np.testing.assert_allclose(layer(x[0]), y[0], rtol=1e-6)
    ctx = Context()
    dx = np.full_like(x, np.nan)
    ctx._input_gradients = (dx,)
    layer.backward(ctx, 2 * y)
    np.testing.assert_allclose(dx, np.array(keras["gradient"]), rtol=1e-4, atol=1e-2)


RANDOM = {
    "RandomFlip": {}, "RandomRotation": {"factor": 0.2}, "RandomZoom": {"height_factor": 0.3, "width_factor": (-0.2, 0.1)},
    "RandomTranslation": {"height_factor": 0.3, "width_factor": 0.3}, "RandomContrast": {"factor": 0.5},
    "RandomBrightness": {"factor": 0.3}, "RandomCrop": {"height": 3, "width": 4},
}  # fmt: skip


@pytest.mark.parametrize("name", RANDOM)
def test_random_layers_change_images_in_training_only_and_follow_their_seed(name: str) -> None:
    x = np.random.default_rng(3).uniform(0, 255, (6, *SHAPE[1:])).astype(np.float32)
    one, two = (getattr(layers, name)(**RANDOM[name], seed=5) for _ in range(2))
    calm = one(x, training=False)
    if name == "RandomCrop":
        assert calm.shape == (6, 3, 4, 3)
    else:
        np.testing.assert_array_equal(calm, x)
    first = one(x, training=True)
    np.testing.assert_array_equal(first, two(x, training=True))
    assert not np.array_equal(first, one(x, training=True))
    assert not np.array_equal(first, calm)
    assert first.min() >= 0
    assert first.max() <= 255.001
    assert len({(first[i] - calm[i]).tobytes() for i in range(6)}) > 2, "each image has its own draw"


def test_a_random_layer_trains_before_the_first_weights_and_says_so_behind_them() -> None:
    x, y = np.ones((4, 5, 7, 3), np.float32), np.zeros((4, 1), np.float32)
    early = [layers.RandomFlip(), layers.Conv2D(2, 3), layers.Flatten(), layers.Dense(1)]
    model = tinyseq.Sequential([tinyseq.Input((5, 7, 3)), *early])
    model.compile("sgd", "mse")
    model.fit(x, y, verbose=0)
    late = tinyseq.Sequential([tinyseq.Input((5, 7, 3)), layers.Conv2D(2, 3), layers.RandomFlip(), layers.Flatten(), layers.Dense(1)])
    late.compile("sgd", "mse")
    with pytest.raises(NotImplementedError, match="put it before the first layer with weights"):
        late.fit(x, y, verbose=0)


def test_a_quarter_turn_a_whole_step_and_a_zoom_are_those_of_the_pixels() -> None:
    """By hand: values that need no interpolation."""
    x = np.arange(16, dtype=np.float32).reshape(1, 4, 4, 1)
    turned = layers.RandomRotation((0.25, 0.25))(x, training=True)
    np.testing.assert_allclose(turned[0, :, :, 0], np.rot90(x[0, :, :, 0]), atol=1e-4)
    moved = layers.RandomTranslation((0.25, 0.25), (-0.5, -0.5), fill_mode="constant", fill_value=-1.0)(x, training=True)
    expected = [[-1, -1, -1, -1], [2, 3, -1, -1], [6, 7, -1, -1], [10, 11, -1, -1]]
    np.testing.assert_allclose(moved[0, :, :, 0], expected, atol=1e-4)
    filled = {
        "nearest": [3, 3, 3, 3], "wrap": [2, 3, 0, 1], "reflect": [2, 3, 3, 2],
    }  # fmt: skip
    for mode, row in filled.items():
        moved = layers.RandomTranslation((0.0, 0.0), (-0.5, -0.5), fill_mode=mode)(x, training=True)
        expected_row = [2, 3, 3, 3] if mode == "nearest" else row
        np.testing.assert_allclose(moved[0, 0, :, 0], expected_row, atol=1e-4)
    far = layers.RandomZoom((1.0, 1.0), fill_mode="constant", interpolation="bilinear")(x, training=True)
    np.testing.assert_allclose(far[0, 1:3, 1:3, 0], [[2.5, 4.5], [10.5, 12.5]], atol=1e-4)


def test_contrast_and_brightness_are_the_formulas() -> None:
    """By hand: 100 and 200 have the mean 150; a factor of 1 + 0.5 makes them 75 and 225."""
    x = np.array([100, 200], np.float32).reshape(1, 1, 2, 1)
    contrast = layers.RandomContrast((-0.5, 0.5))(x, training=True)
    np.testing.assert_allclose(contrast.reshape(-1), [75, 225], rtol=1e-5)
    brightness = layers.RandomBrightness((0.1, 0.1))(x, training=True)
    np.testing.assert_allclose(brightness.reshape(-1), [125.5, 225.5], rtol=1e-5)


def test_every_preprocessing_class_has_a_line() -> None:
    assert {line.layer for line in [*LINES, *PIXELS]} | RANDOM.keys() == PREPROCESSED
    assert set(KERAS) == {line.key for line in [*LINES, *PIXELS]}, "run python -m tests.oracle.record_preprocessing"


def test_a_string_layer_in_a_model_says_what_to_do() -> None:
    model = tinyseq.Sequential([tinyseq.Input((2,), dtype="int64"), layers.StringLookup(vocabulary=["a"])])
    with pytest.raises(ValueError, match=r"begin the model with keras\.Input\(shape, dtype='string'\)"):
        model.predict(np.array([[1, 2]]), verbose=0)


def test_a_category_outside_is_refused_with_both_numbers() -> None:
    with pytest.raises(ValueError, match=r"category 6 is outside of 0\.\.5: make num_tokens"):
        layers.CategoryEncoding(6)([[6]])


def test_an_adapted_layer_comes_back_from_its_config() -> None:
    lookup = layers.StringLookup()
    lookup.adapt(np.array(["b", "a", "b"]))
    again = layers.StringLookup.from_config(json.loads(json.dumps(lookup.get_config())))
    assert again.get_vocabulary() == ["[UNK]", "b", "a"]
    binned = layers.Discretization(num_bins=2)
    binned.adapt(np.arange(10.0))
    model = tinyseq.Sequential([tinyseq.Input((3,)), binned])
    again = tinyseq.models.model_from_json(model.to_json()).layers[0]
    assert list(again.bin_boundaries) == binned.bin_boundaries
    assert layers.Discretization.from_config(binned.get_config()).bin_boundaries == binned.bin_boundaries


def test_what_has_no_vocabulary_or_two_says_so() -> None:
    with pytest.raises(ValueError, match="has no vocabulary yet: call adapt"):
        layers.StringLookup()(["a"])
    with pytest.raises(ValueError, match="already has its vocabulary"):
        layers.StringLookup(vocabulary=["a"]).adapt(["a"])
    with pytest.raises(ValueError, match="'b' is not in the vocabulary"):
        layers.StringLookup(vocabulary=["a"], num_oov_indices=0)(["b"])
