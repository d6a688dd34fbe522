"""The architectures of shapecheck join layers that compute as they join rules: tinyseq's own layers, to Keras's parameters and names."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tinyseq as keras
from shapecheck.applications import HOME, find
from shapecheck.applications.joining import RuleLayers
from shapecheck.naming import snake_case
from tests.oracle.application_weights import NETS, OUTPUTS, pictures, values
from tinyseq import applications
from tinyseq.applications import imagenet
from tinyseq.applications.building import ComputingLayers, _files
from tinyseq.datasets.download import DownloadError
from tinyseq.engine.differentiation import pull_back
from tinyseq.layers import residual

RECORDED = json.loads((Path(__file__).parent / "oracle" / "applications.json").read_text(encoding="utf-8"))["built"]


NETWORKS = ("VGG16", "ResNet50V2", "InceptionV3", "Xception", "MobileNet", "MobileNetV2", "DenseNet121", "EfficientNetB0")


@pytest.mark.parametrize("network", NETWORKS)
def test_layers_that_compute_are_joined_by_the_same_function(network: str) -> None:
    architecture = find(network)
    assert architecture is not None
    arguments = {"include_top": False, "weights": None, "input_shape": (131, 97, 3)}
    model = architecture.build(ComputingLayers(), **arguments)
    rules = architecture.build(RuleLayers(), **arguments)
    recorded = RECORDED[f"{network}(include_top=False, weights=None, input_shape=(131, 97, 3))"]
    assert (model.count_params(), list(model.output_shape)) == (recorded["params"], recorded["output"])
    assert _names(rules.children) == _names(model.layers)


def _names(layers: Any) -> set[tuple[str, str]]:
    """Class and name of every layer; not of those whose names are counted in a process, and so differ from run to run."""
    kinds = {(type(layer).__name__, str(layer.name)) for layer in layers}
    return {(kind, name) for kind, name in kinds if not name.startswith(snake_case(kind))}


@pytest.mark.parametrize("name", HOME)
def test_every_architecture_is_built_to_kerass_parameters(name: str) -> None:
    build = getattr(applications, name)
    rules = find(name)
    assert rules is not None
    expected = rules.build(RuleLayers(), weights=None)
    assert build(weights=None).count_params() == sum(row.params for row in _rows(expected))


def _rows(graph: Any) -> Any:
    from shapecheck.propagate import propagate

    return propagate(graph).rows


@pytest.mark.parametrize("name", NETS)
def test_outputs_are_kerass_with_the_same_weights(name: str) -> None:
    size = NETS[name]
    model = getattr(applications, name)(weights=None, include_top=False, pooling="avg", input_shape=(size, size, 3))
    unnamed = [layer.gamma for layer in model.layers if isinstance(layer, residual.LayerScale)]  # "variable" in Keras
    names = ["variable" if any(weight is one for one in unnamed) else weight.name for weight in model.weights]
    model.set_weights(values([weight.shape for weight in model.weights], names))
    with np.load(OUTPUTS) as recorded:
        expected = recorded[name]
    found = model.predict(pictures(size, name), verbose=0)
    assert np.abs(expected).max() > 0.1 and np.abs(expected[0] - expected[1]).max() > 1e-3 * np.abs(expected).max()
    assert np.abs(found - expected).max() <= 2e-5 * np.abs(expected).max()


@pytest.mark.parametrize("train", [True, False])
def test_scaled_branches_are_the_formula_with_its_gradients(train: bool) -> None:
    random = np.random.default_rng(2)
    x, y, g = (random.normal(0, 1, (5, 3, 4)).astype(np.float32) for _ in range(3))
    left, right = keras.Input((3, 4)), keras.Input((3, 4))
    scaled = residual.LayerScale(0.5, 4, name="scaled")
    scaled.trainable = train
    model = keras.Model([left, right], residual.CustomScaleLayer(0.25)([left, scaled(right)]))
    assert scaled.gamma.numpy().tolist() == [0.5] * 4
    gamma = np.array([0.5, -2, 0, 3], np.float32)
    scaled.gamma.assign(gamma)
    np.testing.assert_allclose(model.predict([x, y], verbose=0), x + 0.25 * gamma * y, rtol=1e-6, atol=1e-6)
    found = pull_back(model._ready_engine(), [x, y], [g], model.trainable_weights)
    np.testing.assert_array_equal(found.inputs[0], g)
    np.testing.assert_allclose(found.inputs[1], 0.25 * gamma * g, rtol=1e-6, atol=1e-6)
    assert len(found.weights) == int(train)
    if train:
        np.testing.assert_allclose(found.weights[0], 0.25 * (g * y).sum((0, 1)), rtol=1e-5)


@pytest.mark.parametrize("name", ["ConvNeXtTiny", "InceptionResNetV2"])
def test_layers_of_one_architecture_are_in_its_files(name: str) -> None:
    model = getattr(applications, name)(weights=None, include_top=False, input_shape=(96, 96, 3))
    again = keras.models.model_from_json(model.to_json())
    assert (again.count_params(), again.output_shape) == (model.count_params(), model.output_shape)
    other = model.to_json().replace("keras.src.applications", "mine")
    with pytest.raises(ValueError, match="is not known: pass it"):
        keras.models.model_from_json(other)


@pytest.mark.parametrize("family", applications.MODULES)
def test_preprocess_input_is_kerass(family: str) -> None:
    x = np.array([[[[0.0, 127.5, 255.0], [10.0, 20.0, 30.0]]]])
    module = getattr(applications, family)
    found = module.preprocess_input(x)
    by_hand = {
        "caffe": [[255 - 103.939, 127.5 - 116.779, -123.68], [30 - 103.939, 20 - 116.779, 10 - 123.68]],
        "tf": [[-1, 0, 1], [10 / 127.5 - 1, 20 / 127.5 - 1, 30 / 127.5 - 1]],
        "torch": [
            [-0.485 / 0.229, (0.5 - 0.456) / 0.224, (1 - 0.406) / 0.225],
            [(10 / 255 - 0.485) / 0.229, (20 / 255 - 0.456) / 0.224, (30 / 255 - 0.406) / 0.225],
        ],
        "as it is": x[0, 0].tolist(),
    }
    np.testing.assert_allclose(found[0, 0], by_hand[imagenet.MODES.get(family, "as it is")], rtol=1e-5, atol=1e-5)
    with pytest.raises(ValueError, match="expected pictures"):
        module.preprocess_input(np.ones((4, 4)))


def test_weights_come_from_the_cache_or_a_path_and_say_where_they_belong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    monkeypatch.setattr("tinyseq.datasets.download._fetch", _no_network)
    with pytest.raises(DownloadError, match=r"xception_weights_tf_dim_ordering_tf_kernels_notop\.h5"):
        applications.Xception(include_top=False)
    with pytest.raises(DownloadError, match="downloads nothing unchecked"):
        applications.MobileNetV2(include_top=False, input_shape=(96, 96, 3))
    model = applications.MobileNetV2(weights=None, include_top=False, input_shape=(96, 96, 3), alpha=0.35)
    path = tmp_path / "models" / _files()["MobileNetV2 (0.35, 96)"]["no top"][0]  # type: ignore[operator]
    path.parent.mkdir(exist_ok=True)
    model.save_weights(path)
    again = applications.MobileNetV2(include_top=False, input_shape=(96, 96, 3), alpha=0.35)
    np.testing.assert_array_equal(model.get_weights()[0], again.get_weights()[0])
    other = applications.MobileNetV2(weights=str(path), include_top=False, input_shape=(96, 96, 3), alpha=0.35)
    np.testing.assert_array_equal(model.get_weights()[0], other.get_weights()[0])


def _no_network(origin: str, part: Path) -> None:
    raise OSError("no network")


ABOVE = {"EfficientNetV2B2": 3e-5, "EfficientNetV2B3": 1e-4, "InceptionResNetV2": 1e-4}
"""Architectures whose end is further than 1e-5 from Keras's in float32, of those that were recorded without a seed and without float64."""
SEEDED = 9
"""How many are recorded against Keras in float64."""


def test_the_recorded_architectures_err_no_more_than_three_times_as_much_as_keras() -> None:
    """Recorded by python -m tests.oracle.compare_architectures. The truth is Keras in float64; errors are shares of a layer's greatest.

    EfficientNetV2M loses most: 1e-3 at block7e_se_expand, by us and by Keras. With Winograd's points 1 and 2 instead of 5/8 and 3/2 our
    error was 2.6 times Keras's in the median of EfficientNetV2B3's layers, and 1.2 times with direct convolutions only.
    """
    recorded = json.loads((Path(__file__).parent / "oracle" / "architectures.json").read_text(encoding="utf-8"))
    assert len(recorded) >= 33
    seeded = {name: found for name, found in recorded.items() if "keras worst" in found}
    assert len(seeded) >= SEEDED and {"EfficientNetV2M", "MobileNetV2"} <= seeded.keys()
    for name, found in seeded.items():
        assert found["end"] <= 3 * found["keras end"] and found["worst"] <= 3 * found["keras worst"] and found["median ratio"] <= 2, name
        assert found["greatest output"] > 0.1 and found["spread"] > 50 * found["end"], name
    for name in recorded.keys() - seeded.keys():
        found = recorded[name]
        assert found["end"] <= ABOVE.get(name, 1e-5) and found["worst"] <= ABOVE.get(name, 3e-5), name
        assert found["greatest output"] > 0.1 and found["spread"] > 50 * found["end"], name
