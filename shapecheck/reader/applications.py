"""keras.applications: the known networks by the shape that comes out of them without their top."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shapecheck.layers.base import Inference, Rule, WeightSpec
from shapecheck.reader.source import Origin
from shapecheck.reader.values import Layer, plain, unknown
from shapecheck.shapes import Dim, Shape, Unknown

if TYPE_CHECKING:
    from shapecheck.reader.calls import Call
    from shapecheck.reader.interpreter import Interpreter

CHANNELS = {
    "VGG16": 512, "VGG19": 512, "ResNet50": 2048, "ResNet101": 2048, "ResNet152": 2048, "ResNet50V2": 2048,
    "ResNet101V2": 2048, "ResNet152V2": 2048, "MobileNetV2": 1280, "DenseNet121": 1024, "DenseNet169": 1664,
    "DenseNet201": 1920, "EfficientNetB0": 1280,
}  # fmt: skip
"""Channels of the last feature map, for networks that halve the picture five times (rounded up; VGG rounds down)."""


class Application(Rule):
    """A known network: (None, rows, columns, 3) -> (None, rows/32, columns/32, channels), or pooled, or classes."""

    several_inputs = False

    def __init__(self, network: str, input_shape: Any, top: Any, pooling: Any, classes: Any, name: str | None = None) -> None:
        super().__init__(name=name)
        self.network = network
        self.top = top
        self.pooling = pooling
        self.classes = classes
        if isinstance(input_shape, (tuple, list)):
            self.declared_input = Shape((None, *input_shape))
        elif top is True:
            self.declared_input = Shape((None, 224, 224, 3)) if network in CHANNELS else None

    def infer(self, inputs: tuple[Shape, ...]) -> Inference:
        hidden = Unknown("weights", f"the weights of {self.network} are not counted")
        weights = (WeightSpec("weights", (hidden,)),)
        return Inference(self._output(inputs[0]), weights, hidden)

    def _output(self, shape: Shape) -> Shape:
        why = f"the shape of {self.network} cannot be told"
        if self.top is True:
            return Shape((None, self.classes if isinstance(self.classes, (int, Unknown)) else Unknown("classes", why)))
        channels = CHANNELS.get(self.network)
        if channels is None or self.top is not False:
            return Shape(None, why=why)
        if self.pooling in ("avg", "max"):
            return Shape((None, channels))
        if self.pooling is not None or shape.rank != 4:
            return Shape(None, why=why)
        return Shape((None, *[self._reduced(size) for size in shape.sizes[:2]], channels))

    def _reduced(self, size: Dim) -> Dim:
        if not isinstance(size, int):
            return size
        return size // 32 if self.network.startswith("VGG") else -(-size // 32)


def call(self: Interpreter, parts: list[str], call: Call) -> Any:
    """keras.applications....NETWORK(...); preprocess_input gives back what it gets."""
    last = parts[-1]
    if last == "preprocess_input":
        return call.get(0, "x", unknown("x"))
    if not last[:1].isupper():
        return unknown(last)
    shape = plain(call.keywords.get("input_shape"))
    good = isinstance(shape, (tuple, list)) and all(d is None or isinstance(d, (int, Unknown)) for d in shape)
    top = call.get(0, "include_top", True)
    rule = Application(last, shape if good else None, top, call.keywords.get("pooling"), call.keywords.get("classes", 1000))
    return Layer(rule, last, Origin(call.unit, call.node, {k: n for k, n in call.nodes.items() if isinstance(k, str)}))
