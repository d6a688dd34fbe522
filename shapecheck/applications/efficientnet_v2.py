"""EfficientNetV2: early stages fuse the expansion and the depthwise window into one convolution.

Tan & Le (2021), "EfficientNetV2: Smaller Models and Faster Training", table 4 (S) and section 3.3.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from types import SimpleNamespace

from shapecheck.applications.architecture import COMMON, Architecture, checked_shape, classifier
from shapecheck.applications.blocks import SCALED_NORMAL, SCALED_UNIFORM, ZERO, squeezed
from shapecheck.diagnostics.arguments import BadArgument
from shapecheck.diagnostics.base import ShapeError
from shapecheck.languages import Phrase

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

Stage = tuple[bool, int, int, int, int, int]
"""Whether it is fused; blocks, channels before and after, expansion, stride.

Windows are 3; blocks that are not fused use squeeze-and-excitation.
"""
BASE: tuple[Stage, ...] = (
    (True, 1, 32, 16, 1, 1), (True, 2, 16, 32, 4, 2), (True, 2, 32, 48, 4, 2), (False, 3, 48, 96, 4, 2), (False, 5, 96, 112, 6, 1),
    (False, 8, 112, 192, 6, 2),
)  # fmt: skip
STAGES: dict[str, tuple[Stage, ...]] = {
    **{f"efficientnetv2-b{number}": BASE for number in range(4)},
    "efficientnetv2-s": (
        (True, 2, 24, 24, 1, 1), (True, 4, 24, 48, 4, 2), (True, 4, 48, 64, 4, 2), (False, 6, 64, 128, 4, 2),
        (False, 9, 128, 160, 6, 1), (False, 15, 160, 256, 6, 2),
    ),
    "efficientnetv2-m": (
        (True, 3, 24, 24, 1, 1), (True, 5, 24, 48, 4, 2), (True, 5, 48, 80, 4, 2), (False, 7, 80, 160, 4, 2),
        (False, 14, 160, 176, 6, 1), (False, 18, 176, 304, 6, 2), (False, 5, 304, 512, 6, 1),
    ),
    "efficientnetv2-l": (
        (True, 4, 32, 32, 1, 1), (True, 7, 32, 64, 4, 2), (True, 7, 64, 96, 4, 2), (False, 10, 96, 192, 4, 2),
        (False, 19, 192, 224, 6, 1), (False, 25, 224, 384, 6, 2), (False, 7, 384, 640, 6, 1),
    ),
}  # fmt: skip
"""By the model's name: Keras looks them up by it, even if the user passes another name."""
DROPPED = 0.2
"""The probability with which the last block's branch is dropped in training; proportionally less for earlier blocks."""
MEANS = [0.485, 0.456, 0.406]
VARIANCES = [0.229**2, 0.224**2, 0.225**2]
"""Of ImageNet's channels, from 0 to 1."""
ARGUMENTS = {**{name: value for name, value in COMMON.items() if name != "name"}, "include_preprocessing": True}


def efficientnet_v2(layers: Any, x: Any, given: SimpleNamespace) -> Any:
    """(rows, columns, 3) -> (rows/32, columns/32, 1280*width)."""
    stages = STAGES[given.name]
    if given.include_preprocessing:
        x = rescaled(layers, x, given)
    x = convolved(layers, x, rounded(stages[0][2] * given.width), 3, "stem_conv", strides=2)
    x = active(layers, x, "stem_")
    planned = sum(count for _, count, *_ in stages)
    done = 0
    for number, (fused, count, before, after, expansion, stride) in enumerate(stages, 1):
        for place in range(ceil(given.depth * count)):
            widths = (rounded((after if place else before) * given.width), rounded(after * given.width))
            name = f"block{number}{chr(ord('a') + place)}_"
            make = fused_block if fused else block
            x = make(layers, x, widths, expansion, 1 if place else stride, DROPPED * done / planned, name)
            done += 1
    x = convolved(layers, x, rounded(1280 * given.width), 1, "top_conv")
    return active(layers, x, "top_")


def rounded(width: float) -> int:
    """The nearest multiple of 8, at least 8."""
    return max(8, int(width + 4) // 8 * 8)


def rescaled(layers: Any, x: Any, given: SimpleNamespace) -> Any:
    """Pixels from 0 to 255 as the network was trained on them: B0 to B3 normalized by channel, the others from -1 to 1."""
    if given.name.split("-")[-1].startswith("b") and given.input_shape[2] == 3:
        x = layers.Rescaling(scale=1 / 255)(x)
        return layers.Normalization(mean=MEANS, variance=VARIANCES, axis=3)(x)
    return layers.Rescaling(scale=1 / 128, offset=-1)(x)


def convolved(layers: Any, x: Any, width: int, window: int, name: str, strides: int = 1) -> Any:
    """A convolution without bias."""
    return layers.Conv2D(
        width, window, strides=strides, padding="same", use_bias=False, kernel_initializer=SCALED_NORMAL, name=name
    )(x)  # fmt: skip


def normalized(layers: Any, x: Any, name: str) -> Any:
    """Normalized, with a fast moving average."""
    return layers.BatchNormalization(axis=3, momentum=0.9, name=name)(x)


def active(layers: Any, x: Any, prefix: str) -> Any:
    """Normalized, then x*sigmoid(x)."""
    return layers.Activation("swish", name=f"{prefix}activation")(normalized(layers, x, f"{prefix}bn"))


def block(layers: Any, x: Any, widths: tuple[int, int], expansion: int, stride: int, drop: float, name: str) -> Any:
    """Fig. 2, left: 1x1 to more channels, a window on each channel, squeeze-and-excitation, 1x1 to fewer."""
    first, (before, after) = x, widths
    x = active(layers, convolved(layers, x, before * expansion, 1, f"{name}expand_conv"), f"{name}expand_")
    x = layers.DepthwiseConv2D(
        3, strides=stride, padding="same", use_bias=False, depthwise_initializer=SCALED_NORMAL, name=f"{name}dwconv2"
    )(x)  # fmt: skip
    x = squeezed(layers, active(layers, x, name), max(1, before // 4), before * expansion, name)
    x = normalized(layers, convolved(layers, x, after, 1, f"{name}project_conv"), f"{name}project_bn")
    return added(layers, x, first, before == after and stride == 1, drop, name)


def fused_block(layers: Any, x: Any, widths: tuple[int, int], expansion: int, stride: int, drop: float, name: str) -> Any:
    """Fig. 2, right: one convolution of window 3 and, if it expands, 1x1 to fewer channels."""
    first, (before, after) = x, widths
    if expansion == 1:
        x = active(layers, convolved(layers, x, after, 3, f"{name}project_conv", stride), f"{name}project_")
    else:
        x = active(layers, convolved(layers, x, before * expansion, 3, f"{name}expand_conv", stride), f"{name}expand_")
        x = normalized(layers, convolved(layers, x, after, 1, f"{name}project_conv"), f"{name}project_bn")
    return added(layers, x, first, before == after and stride == 1, drop, name)


def added(layers: Any, x: Any, first: Any, same: bool, drop: float, name: str) -> Any:
    """Added to its input if the shape is the same; dropped in training with probability `drop`."""
    if not same:
        return x
    if drop:
        x = layers.Dropout(drop, noise_shape=(None, 1, 1, 1), name=f"{name}drop")(x)
    return layers.Add(name=f"{name}add")([x, first])


def prepare(self: Architecture, given: SimpleNamespace) -> Sequence[Any]:
    """The input's shape; Keras looks up the blocks by the name."""
    if given.name not in STAGES:
        expected = Phrase("architectures", "one_of_the_names", "one of the names for which Keras 3 has blocks")
        raise ShapeError(
            BadArgument(
                "name",
                given.name,
                expected,
                Phrase("architectures", "remove_it_or_write", 'remove it, or write name="{name}"', name=self.arguments["name"]),
            )
        )
    return checked_shape(self, given)


def architecture(variant: str, width: float, depth: float, size: int) -> Architecture:
    """The blocks of the variant, scaled in width and depth."""
    return Architecture(
        efficientnet_v2, f"efficientnetv2-{variant}", size=size, arguments=ARGUMENTS, prepare=prepare, decisive=("name",),
        head=classifier(dropout="top_dropout", names=True, kernel_initializer=SCALED_UNIFORM, bias_initializer=ZERO),
        file_by_name=True, width=width, depth=depth, dropout_rate=0.2,
    )  # fmt: skip


EfficientNetV2B0 = architecture("b0", 1.0, 1.0, 224)
EfficientNetV2B1 = architecture("b1", 1.0, 1.1, 240)
EfficientNetV2B2 = architecture("b2", 1.1, 1.2, 260)
EfficientNetV2B3 = architecture("b3", 1.2, 1.4, 300)
EfficientNetV2S = architecture("s", 1.0, 1.0, 384)
EfficientNetV2M = architecture("m", 1.0, 1.0, 480)
EfficientNetV2L = architecture("l", 1.0, 1.0, 480)
