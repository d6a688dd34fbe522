"""EfficientNet: one network that is made wider, deeper and larger together.

Tan & Le (2019), "EfficientNet: Rethinking Model Scaling for Convolutional Neural Networks", table 1 (B0) and section 3.3.
"""

from __future__ import annotations

from math import ceil, sqrt
from types import SimpleNamespace

from shapecheck.applications.architecture import Architecture, classifier
from shapecheck.applications.blocks import SCALED_NORMAL, SCALED_UNIFORM, divisible, halving_padding, squeezed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

STAGES = (
    (3, 1, 32, 16, 1, 1), (3, 2, 16, 24, 6, 2), (5, 2, 24, 40, 6, 2), (3, 3, 40, 80, 6, 2), (5, 3, 80, 112, 6, 1),
    (5, 4, 112, 192, 6, 2), (3, 1, 192, 320, 6, 1),
)  # fmt: skip
"""Window, blocks, channels before and after, expansion, stride of each stage of B0."""
DROPPED = 0.2
"""The probability with which the last block's branch is dropped in training; proportionally less for earlier blocks."""
DEVIATIONS = (0.229, 0.224, 0.225)
"""Standard deviations of ImageNet's channels. The stored weights expect a second division, by the square root of these."""


def efficientnet(layers: Any, x: Any, given: SimpleNamespace) -> Any:
    """(rows, columns, 3) -> (rows/32, columns/32, 1280*width); takes pixels from 0 to 255."""
    x = layers.Rescaling(1 / 255)(x)
    x = layers.Normalization(axis=3)(x)
    if given.weights == "imagenet":
        x = layers.Rescaling([1 / sqrt(deviation) for deviation in DEVIATIONS])(x)
    x = layers.ZeroPadding2D(padding=halving_padding(x, 3), name="stem_conv_pad")(x)
    x = convolved(layers, x, divisible(32 * given.width), 3, "stem_conv", strides=2, padding="valid")
    x = active(layers, x, "stem_")
    repeats = [ceil(given.depth * stage[1]) for stage in STAGES]
    done = 0
    for number, ((window, _, before, after, expansion, stride), count) in enumerate(zip(STAGES, repeats, strict=True), 1):
        for place in range(count):
            width = divisible((after if place else before) * given.width)
            name = f"block{number}{chr(ord('a') + place)}_"
            drop = DROPPED * done / sum(repeats)
            shape = (window, 1 if place else stride)
            x = block(layers, x, width, divisible(after * given.width), expansion, shape, drop, name)
            done += 1
    x = convolved(layers, x, divisible(1280 * given.width), 1, "top_conv")
    return active(layers, x, "top_")


def convolved(layers: Any, x: Any, width: int, window: int, name: str, strides: int = 1, padding: str = "same") -> Any:
    """A convolution without bias."""
    return layers.Conv2D(
        width, window, strides=strides, padding=padding, use_bias=False, kernel_initializer=SCALED_NORMAL, name=name
    )(x)  # fmt: skip


def active(layers: Any, x: Any, prefix: str) -> Any:
    """Normalized, then x*sigmoid(x)."""
    x = layers.BatchNormalization(axis=3, name=f"{prefix}bn")(x)
    return layers.Activation("swish", name=f"{prefix}activation")(x)


def block(
    layers: Any, x: Any, before: int, after: int, expansion: int, shape: tuple[int, int], drop: float, name: str
) -> Any:  # fmt: skip
    """MobileNetV2's block with squeeze-and-excitation; shape: window and stride; its branch is dropped in training with probability
    `drop`."""
    first, (window, stride) = x, shape
    width = before * expansion
    if expansion != 1:
        x = active(layers, convolved(layers, x, width, 1, f"{name}expand_conv"), f"{name}expand_")
    if stride == 2:
        x = layers.ZeroPadding2D(padding=halving_padding(x, window), name=f"{name}dwconv_pad")(x)
    padding = "valid" if stride == 2 else "same"
    x = layers.DepthwiseConv2D(
        window, strides=stride, padding=padding, use_bias=False, depthwise_initializer=SCALED_NORMAL, name=f"{name}dwconv"
    )(x)  # fmt: skip
    x = active(layers, x, name)
    x = squeezed(layers, x, max(1, before // 4), width, name)
    x = convolved(layers, x, after, 1, f"{name}project_conv")
    x = layers.BatchNormalization(axis=3, name=f"{name}project_bn")(x)
    if stride == 1 and before == after:
        if drop > 0:
            x = layers.Dropout(drop, noise_shape=(None, 1, 1, 1), name=f"{name}drop")(x)
        x = layers.Add(name=f"{name}add")([x, first])
    return x


def architecture(number: int, width: float, depth: float, size: int, dropout_rate: float) -> Architecture:
    """B0 scaled in width and depth."""
    return Architecture(
        efficientnet, f"efficientnetb{number}", size=size, decisive=("weights",), file_by_name=True,
        head=classifier(dropout="top_dropout", names=True, kernel_initializer=SCALED_UNIFORM),
        width=width, depth=depth, dropout_rate=dropout_rate,
    )  # fmt: skip


EfficientNetB0 = architecture(0, 1.0, 1.0, 224, 0.2)
EfficientNetB1 = architecture(1, 1.0, 1.1, 240, 0.2)
EfficientNetB2 = architecture(2, 1.1, 1.2, 260, 0.3)
EfficientNetB3 = architecture(3, 1.2, 1.4, 300, 0.3)
EfficientNetB4 = architecture(4, 1.4, 1.8, 380, 0.4)
EfficientNetB5 = architecture(5, 1.6, 2.2, 456, 0.4)
EfficientNetB6 = architecture(6, 1.8, 2.6, 528, 0.5)
EfficientNetB7 = architecture(7, 2.0, 3.1, 600, 0.5)
