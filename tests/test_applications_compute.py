"""The architectures of shapecheck join layers that compute as they join rules: tinyseq's own layers, to Keras's parameters and names."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import tinyseq
from shapecheck.applications import find
from shapecheck.applications.joining import RuleLayers
from shapecheck.naming import snake_case

RECORDED = json.loads((Path(__file__).parent / "oracle" / "applications.json").read_text(encoding="utf-8"))["built"]


class Computing:
    """tinyseq's layers by their names."""

    Input = staticmethod(tinyseq.Input)

    def __getattr__(self, name: str) -> Any:
        return getattr(tinyseq.layers, name)

    def Model(self, inputs: list[Any], output: Any, name: str) -> Any:
        return tinyseq.Model(inputs[0], output, name=name)


NETWORKS = ("VGG16", "ResNet50V2", "InceptionV3", "Xception", "MobileNet", "MobileNetV2", "DenseNet121", "EfficientNetB0")


@pytest.mark.parametrize("network", NETWORKS)
def test_layers_that_compute_are_joined_by_the_same_function(network: str) -> None:
    architecture = find(network)
    assert architecture is not None
    arguments = {"include_top": False, "weights": None, "input_shape": (131, 97, 3)}
    model = architecture.build(Computing(), **arguments)
    rules = architecture.build(RuleLayers(), **arguments)
    recorded = RECORDED[f"{network}(include_top=False, weights=None, input_shape=(131, 97, 3))"]
    assert (model.count_params(), list(model.output_shape)) == (recorded["params"], recorded["output"])
    assert _names(rules.children) == _names(model.layers)


def _names(layers: Any) -> set[tuple[str, str]]:
    """Class and name of every layer; not of those whose names are counted in a process, and so differ from run to run."""
    kinds = {(type(layer).__name__, str(layer.name)) for layer in layers}
    return {(kind, name) for kind, name in kinds if not name.startswith(snake_case(kind))}
