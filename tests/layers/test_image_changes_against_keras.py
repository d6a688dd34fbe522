"""The layers that change images against what Keras 3.15 made of the same images with the same draws: record_image_changes.py."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tinyseq
from tests.cases import IMAGE_CHANGES
from tests.data.image_changes import LINES, SHAPE, Line
from tinyseq import layers

KERAS: dict[str, Any] = json.loads((Path(__file__).parents[1] / "oracle" / "image_changes.json").read_text(encoding="utf-8"))
BIT_FOR_BIT = {"Equalization", "RandomInvert", "RandomPosterization", "RandomErasing", "RandomFlip", "CutMix"}
INTERPOLATED = {
    "RandomShear", "RandomPerspective", "RandomElasticTransform", "RandomRotation", "RandomTranslation", "RandomZoom", "RandAugment",
    "AugMix",
}  # fmt: skip
ALWAYS = {"AutoContrast", "ContrastLimitedAdaptiveHistogramEqualization"}
"""In prediction too."""
STILL = ALWAYS | {"Equalization", "MaxNumBoundingBoxes"}
"""Without random numbers."""
IDS = [line.key for line in LINES]


def unplain(value: Any) -> Any:
    if isinstance(value, list):
        return [unplain(one) for one in value]
    if isinstance(value, dict) and "bits" in value:
        size = int(np.prod(value["shape"]))
        return np.unpackbits(np.array(value["bits"], np.uint8))[:size].astype(bool).reshape(value["shape"])
    if isinstance(value, dict) and "array" in value:
        return np.array(value["array"], value["dtype"])
    return {key: unplain(one) for key, one in value.items()} if isinstance(value, dict) else value


@pytest.mark.parametrize("line", LINES, ids=IDS)
def test_a_change_with_the_draws_of_keras_is_its_change(line: Line) -> None:
    if line.key not in KERAS:
        pytest.fail(f"not recorded: {line.key}: run python -m tests.oracle.record_image_changes in a venv with keras and tensorflow")
    keras = {name: unplain(value) for name, value in KERAS[line.key].items()}
    ours = getattr(layers, line.layer)(**line.arguments).transform_images(line.images(), keras["draws"])
    assert ours.dtype == np.float32
    if line.layer in BIT_FOR_BIT and line.arguments.get("value_range", (0, 255)) == (0, 255):
        np.testing.assert_array_equal(ours, keras["output"])
        return
    most = max(map(abs, line.arguments.get("value_range", (0, 255))))
    away = np.abs(ours - keras["output"])
    if line.layer in INTERPOLATED:  # at a place halfway between two pixels, a rounding decides which one is seen
        assert np.mean(away > 2e-4 * most) <= 0.02
    else:
        assert away.max() <= 2e-5 * most


FIRST_LINES = {line.layer: line for line in reversed(LINES)}


@pytest.mark.parametrize("name", sorted(IMAGE_CHANGES - {"MaxNumBoundingBoxes"}))
def test_images_change_in_training_only_and_follow_the_seed(name: str) -> None:
    line, seeded = FIRST_LINES[name], {} if name in STILL else {"seed": 5}
    x = line.images()
    one, two = (getattr(layers, name)(**line.arguments, **seeded) for _ in range(2))
    calm = one(x, training=False)
    assert np.array_equal(calm, x) == (name not in ALWAYS)
    first = one(x, training=True)
    np.testing.assert_array_equal(first, two(x))
    several = [first, *(one(x, training=True) for _ in range(6))]
    assert any(not np.array_equal(x, other) for other in several)
    assert any(not np.array_equal(first, other) for other in several) == (name not in STILL), "each call draws anew"
    single = getattr(layers, name)(**line.arguments, **seeded)(x[0])
    assert single.shape == x.shape[1:]


@pytest.mark.parametrize("name", sorted(IMAGE_CHANGES))
def test_a_model_trains_behind_it_and_predicts_on_the_images_as_they_are(name: str) -> None:
    line = next(line for line in LINES if line.layer == name and "data_format" not in line.arguments)
    x = line.images()
    layer = getattr(layers, name)(**line.arguments)
    model = tinyseq.Sequential([tinyseq.Input(x.shape[1:]), layer, layers.Rescaling(1 / 255), layers.Flatten(), layers.Dense(1)])
    model.compile("sgd", "mse")
    model.fit(x, np.zeros((len(x), 1)), epochs=2, verbose=0)
    seen = tinyseq.Sequential([tinyseq.Input(x.shape[1:]), layer])
    expected = layer(x, training=False) if name in ALWAYS else x
    np.testing.assert_array_equal(seen.predict(x, verbose=0), expected)
    assert layer.get_config()["name"] == layer.name
    again = type(layer).from_config(json.loads(json.dumps(layer.get_config())))
    assert again.arguments().keys() == layer.arguments().keys()


def test_draws_of_a_seed_of_their_own_leave_those_of_the_layer_alone() -> None:
    x = FIRST_LINES["RandomHue"].images()
    asked, other = (layers.RandomHue(0.3, seed=5) for _ in range(2))
    one, two = (asked.get_random_transformation(x, seed=9)["factor"] for _ in range(2))
    np.testing.assert_array_equal(one, two)
    np.testing.assert_array_equal(asked(x), other(x))


@pytest.mark.parametrize("name", sorted(IMAGE_CHANGES - ALWAYS))
def test_gradients_outside_of_training_are_those_of_the_images_as_they_are(name: str) -> None:
    line = next(line for line in LINES if line.layer == name and "data_format" not in line.arguments)
    x = line.images()
    layer = getattr(layers, name)(**line.arguments)
    model = tinyseq.Sequential([tinyseq.Input(x.shape[1:]), layer, layers.Flatten(), layers.Dense(1)])
    found = tinyseq.gradients(model, x, loss=lambda p: p)
    np.testing.assert_array_equal(found.outputs, model.predict(x, verbose=0))
    np.testing.assert_allclose(found.weights[0][:, 0], x.reshape(len(x), -1).sum(0), rtol=1e-5)
    np.testing.assert_allclose(found.inputs, np.broadcast_to(model.get_weights()[0].reshape(x.shape[1:]), x.shape), rtol=1e-5)


@pytest.mark.parametrize("name", ["MixUp", "CutMix"])
def test_labels_are_mixed_as_their_images(name: str) -> None:
    """By hand: image i is full of i, its label one-hot: without a rectangle or weight of 0 both tell the same mixture."""
    x = np.broadcast_to(np.arange(4, dtype=np.float32).reshape(-1, 1, 1, 1), (4, 10, 10, 1))
    mixed = getattr(layers, name)(seed=3)({"images": x, "labels": np.eye(4, dtype=np.float32)}, training=True)
    shares = mixed["images"].mean((1, 2, 3))
    np.testing.assert_allclose(mixed["labels"].sum(1), 1, rtol=1e-6)
    if name == "MixUp":
        np.testing.assert_allclose(mixed["labels"] @ np.arange(4), shares, rtol=1e-5)
    else:
        assert np.abs(mixed["labels"] @ np.arange(4) - shares).max() < 0.75  # a rectangle covers whole pixels only
    with pytest.raises(NotImplementedError, match="'bounding_boxes' is not computed: leave it out"):
        getattr(layers, name)()({"images": x, "bounding_boxes": 1})


def test_bounding_boxes_are_cut_and_filled_up() -> None:
    boxes, labels = np.arange(12, dtype=np.float32).reshape(1, 3, 4), np.array([[5, 6, 7]])
    data = {"images": np.ones((1, 4, 4, 3), np.float32), "bounding_boxes": {"boxes": boxes, "labels": labels}}
    cut = layers.MaxNumBoundingBoxes(2)(data)["bounding_boxes"]
    np.testing.assert_array_equal(cut["labels"], [[5, 6]])
    np.testing.assert_array_equal(cut["boxes"], boxes[:, :2])
    filled = layers.MaxNumBoundingBoxes(4, fill_value=-1)(data)["bounding_boxes"]
    np.testing.assert_array_equal(filled["labels"], [[5, 6, 7, -1]])
    assert filled["boxes"].shape == (1, 4, 4)


def test_every_class_has_a_line() -> None:
    assert {line.layer for line in LINES} >= IMAGE_CHANGES
    assert set(KERAS) == set(IDS), "run python -m tests.oracle.record_image_changes"
    assert LINES[0].shape == SHAPE
