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

    The sum:
        saved (4, 3) + (3,), wanted (4, 2) + (2,): 15 numbers for 10 places

    Which repair, and when:
        the same layers and sizes                if the file belongs to this model
        skip_mismatch=True                       if only the last layer differs: it keeps its own weights (transfer learning)
        load first, then add a new last layer    the clearer form of the same

    A question:
        The last layer has 10 units in the file and 2 here. Which weights can be used? (All but the last layer's.)
    """

    def __init__(self, layer: str, wanted: Shape, saved: Shape, path: str, line: int) -> None:
        self.layer = layer
        self.wanted = wanted
        self.saved = saved
        self.path = path
        self.line = line

    def message(self) -> str:
        return self.say(
            "message",
            "{layer} has weights of shape {wanted}, the file {path!r} (line {line}) has {saved}",
            layer=self.layer, wanted=self.wanted, path=self.path, line=self.line, saved=self.saved,
        )  # fmt: skip

    def help(self) -> str:
        return self.say("help", "build both models with the same sizes, or load a file saved from this model")
