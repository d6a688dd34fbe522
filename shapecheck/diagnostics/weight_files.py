"""SC4, fourth part: weight files that the same script saved with other shapes."""

from __future__ import annotations

from shapecheck.diagnostics.base import Diagnostic, diagnostic
from shapecheck.shapes import Shape


@diagnostic("SC424")
class OtherWeights(Diagnostic):
    """load_weights() reads a file that this script saved from a model with other weight shapes.

    Weights are matched layer by layer: both models need the same layers with the same sizes.

    Bad:
        first = keras.Sequential([keras.Input((4,)), layers.Dense(3)])
        first.save_weights("first.weights.h5")
        second = keras.Sequential([keras.Input((4,)), layers.Dense(2)])
        second.load_weights("first.weights.h5")

    Good:
        first = keras.Sequential([keras.Input((4,)), layers.Dense(3)])
        first.save_weights("first.weights.h5")
        second = keras.Sequential([keras.Input((4,)), layers.Dense(3)])
        second.load_weights("first.weights.h5")
    """

    def __init__(self, layer: str, wanted: Shape, saved: Shape, path: str, line: int) -> None:
        self.layer = layer
        self.wanted = wanted
        self.saved = saved
        self.path = path
        self.line = line

    def message(self) -> str:
        return f"{self.layer} has weights of shape {self.wanted}, the file {self.path!r} (line {self.line}) has {self.saved}"

    def help(self) -> str:
        return "build both models with the same sizes, or load a file saved from this model"
