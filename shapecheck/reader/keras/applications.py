"""keras.applications: the known networks by the shape that comes out of them without their top."""

from __future__ import annotations

from collections.abc import Callable

from shapecheck.layers.base import Inference, Rule, WeightSpec
from shapecheck.reader.source import Origin
from shapecheck.reader.values import Layer, plain, unknown
from shapecheck.shapes import Dim, Shape, Unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from shapecheck.reader.call import Call
    from shapecheck.reader.state import Reader

NETWORKS: dict[str, tuple[int, int, int, str]] = {
    "VGG16": (512, 14_714_688, 14_714_688, "fffff"),
    "VGG19": (512, 20_024_384, 20_024_384, "fffff"),
    "ResNet50": (2_048, 23_587_712, 23_534_592, "ccccc"),
    "ResNet101": (2_048, 42_658_176, 42_552_832, "ccccc"),
    "ResNet152": (2_048, 58_370_944, 58_219_520, "ccccc"),
    "ResNet50V2": (2_048, 23_564_800, 23_519_360, "ccccc"),
    "ResNet101V2": (2_048, 42_626_560, 42_528_896, "ccccc"),
    "ResNet152V2": (2_048, 58_331_648, 58_187_904, "ccccc"),
    "MobileNet": (1_024, 3_228_864, 3_206_976, "cffff"),
    "MobileNetV2": (1_280, 2_257_984, 2_223_872, "ccccc"),
    "MobileNetV3Small": (576, 939_120, 927_008, "ccccc"),
    "MobileNetV3Large": (960, 2_996_352, 2_971_952, "ccccc"),
    "DenseNet121": (1_024, 7_037_504, 6_953_856, "ccfff"),
    "DenseNet169": (1_664, 12_642_880, 12_484_480, "ccfff"),
    "DenseNet201": (1_920, 18_321_984, 18_092_928, "ccfff"),
    "EfficientNetB0": (1_280, 4_049_571, 4_007_548, "ccccc"),
    "EfficientNetB1": (1_280, 6_575_239, 6_513_184, "ccccc"),
    "EfficientNetB2": (1_408, 7_768_569, 7_700_994, "ccccc"),
    "EfficientNetB3": (1_536, 10_783_535, 10_696_232, "ccccc"),
    "EfficientNetB4": (1_792, 17_673_823, 17_548_616, "ccccc"),
    "EfficientNetB5": (2_048, 28_513_527, 28_340_784, "ccccc"),
    "EfficientNetB6": (2_304, 40_960_143, 40_735_704, "ccccc"),
    "EfficientNetB7": (2_560, 64_097_687, 63_786_960, "ccccc"),
    "EfficientNetV2B0": (1_280, 5_919_312, 5_858_704, "ccccc"),
    "EfficientNetV2B1": (1_280, 6_931_124, 6_860_052, "ccccc"),
    "EfficientNetV2B2": (1_408, 8_769_374, 8_687_086, "ccccc"),
    "EfficientNetV2B3": (1_536, 12_930_622, 12_821_406, "ccccc"),
    "EfficientNetV2S": (1_280, 20_331_360, 20_177_488, "ccccc"),
    "InceptionV3": (2_048, 21_802_784, 21_768_352, "v-v-vvv"),
    "InceptionResNetV2": (1_536, 54_336_736, 54_276_192, "v-v-vvv"),
    "Xception": (2_048, 20_861_480, 20_806_952, "v-cccc"),
    "NASNetMobile": (1_056, 4_269_716, 4_232_978, "vcccc"),
}
"""Without their top, for three channels: channels that come out, parameters, those that are trained (batch statistics are not),
and how each step makes the picture smaller. Measured in Keras 3.15."""
STEPS: dict[str, Callable[[int], int]] = {
    "c": lambda size: -(-size // 2),
    "f": lambda size: size // 2,
    "v": lambda size: (size - 3) // 2 + 1,
    "-": lambda size: size - 2,
}
"""Halved rounding up, rounding down, by a window of 3 without padding; a window of 3 without padding or stride."""
CHANGING = {"input_tensor", "alpha", "depth_multiplier", "minimalistic", "data_format", "penultimate_filters"}
"""Arguments that make another network of it."""
SMALL = frozenset(name for name in NETWORKS if name.startswith(("VGG", "Res", "MobileNet", "Dense", "NAS")) or name.endswith("B0"))
"""With their top they take pictures of 224x224."""
LEAST = {"Xception": 71, "InceptionV3": 75, "InceptionResNetV2": 75}
"""Smallest picture that Keras takes, where it is not 32."""


class Application(Rule):
    """A known network: (None, rows, columns, 3) -> (None, rows/32, columns/32, channels), or pooled, or classes."""

    several_inputs = False
    unseen = True

    def __init__(self, network: str, input_shape: Any, top: Any, pooling: Any, classes: Any, name: str | None = None) -> None:
        super().__init__(name=name)
        self.network = network
        self.top = top
        self.pooling = pooling
        self.classes = classes
        if isinstance(input_shape, (tuple, list)):
            self.declared_input = Shape((None, *input_shape))
        elif top is True:
            self.declared_input = Shape((None, 224, 224, 3)) if network in SMALL else None
        self.ordinary = True
        self.opened = False

    def infer(self, inputs: tuple[Shape, ...]) -> Inference:
        hidden = Unknown("multiply-adds", f"the multiply-adds of {self.network} are not counted")
        return Inference(self._output(inputs[0]), self._weights(inputs[0]), hidden)

    def _weights(self, shape: Shape) -> tuple[WeightSpec, ...]:
        known = NETWORKS.get(self.network)
        last = shape.sizes[-1] if shape.dims else None
        changed = not self.ordinary or self.opened or last != 3 or self.top not in (True, False)
        if known is None or changed or self._top_weights(known[0]) is None:
            return (WeightSpec("weights", (Unknown("weights", f"the weights of {self.network} are not counted"),)),)
        trained = known[2] + (self._top_weights(known[0]) or 0)
        still = known[1] - known[2]
        weights = (WeightSpec("weights", (trained,)),)
        return (*weights, WeightSpec("statistics", (still,), trainable=False)) if still else weights

    def _top_weights(self, channels: int) -> int | None:
        """A dense layer over the channels; VGG's three are for pictures of 224; None where it is another thing."""
        if self.top is not True:
            return 0
        if self.network.startswith(("VGG", "MobileNetV3")) or not isinstance(self.classes, int):
            return None
        return (channels + 1) * self.classes

    def _output(self, shape: Shape) -> Shape:
        why = f"the shape of {self.network} cannot be told"
        if self.top is True:
            return Shape((None, self.classes if isinstance(self.classes, (int, Unknown)) else Unknown("classes", why)))
        known = NETWORKS.get(self.network)
        if known is None or self.top is not False or not self.ordinary:
            return Shape(None, why=why)
        if self.pooling in ("avg", "max"):
            return Shape((None, known[0]))
        if self.pooling is not None or shape.rank != 4:
            return Shape(None, why=why)
        return Shape((None, *[self._reduced(size, known[3]) for size in shape.sizes[:2]], known[0]))

    def _reduced(self, size: Dim, steps: str) -> Dim:
        if not isinstance(size, int):
            return size
        if size < LEAST.get(self.network, 32):
            return Unknown("size", f"{self.network} does not take a picture of {size} pixels")
        for step in steps:
            size = STEPS[step](size)
        return size


def call(reader: Reader, parts: list[str], call: Call) -> Any:
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
    rule.ordinary = not call.hidden and not set(call.keywords) & CHANGING and len(call.args) <= 2
    if rule.declared_input is None and shape is None and rule.ordinary and top is False and last in NETWORKS:
        rule.declared_input = Shape((None, None, None, 3))  # pictures of any size
    return Layer(rule, last, Origin(call.unit, call.node, {k: n for k, n in call.nodes.items() if isinstance(k, str)}))
