"""ResNet: each block adds its result to its input. Version 2 normalizes before it convolves.

He et al. (2016), "Deep Residual Learning for Image Recognition", table 1, columns 50, 101 and 152 layers; and "Identity
Mappings in Deep Residual Networks", fig. 4 (e).
"""

from __future__ import annotations

from types import SimpleNamespace

from shapecheck.applications.architecture import Architecture, classifier

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

WIDTHS = (64, 128, 256, 512)
EPSILON = 1.001e-5
"""Of every normalization, as in the weights that Keras took from Caffe."""


def resnet(layers: Any, x: Any, given: SimpleNamespace) -> Any:
    """(rows, columns, 3) -> (rows/32, columns/32, 2048)."""
    x = layers.ZeroPadding2D(padding=((3, 3), (3, 3)), name="conv1_pad")(x)
    x = layers.Conv2D(64, 7, strides=2, name="conv1_conv")(x)
    if not given.normalized_first:
        x = normalized(layers, x, "conv1")
    x = layers.ZeroPadding2D(padding=((1, 1), (1, 1)), name="pool1_pad")(x)
    x = layers.MaxPooling2D(3, strides=2, name="pool1_pool")(x)
    for stage, (width, count) in enumerate(zip(WIDTHS, given.blocks, strict=True), 2):
        for number in range(1, count + 1):
            name = f"conv{stage}_block{number}"
            if given.normalized_first:
                stride = 2 if number == count and stage < 5 else 1
                x = block_v2(layers, x, width, stride, widen=number == 1, name=name)
            else:
                stride = 2 if number == 1 and stage > 2 else 1
                x = block(layers, x, width, stride, widen=number == 1, name=name)
    return normalized(layers, x, "post") if given.normalized_first else x


def normalized(layers: Any, x: Any, name: str) -> Any:
    """Normalized, then ReLU."""
    x = layers.BatchNormalization(axis=3, epsilon=EPSILON, name=f"{name}_bn")(x)
    return layers.Activation("relu", name=f"{name}_relu")(x)


def block(layers: Any, x: Any, width: int, stride: int, widen: bool, name: str) -> Any:
    """A bottleneck of windows 1, 3, 1, added to its input; `widen`: the input is projected to as many channels."""
    shortcut = x
    if widen:
        shortcut = layers.Conv2D(4 * width, 1, strides=stride, name=f"{name}_0_conv")(x)
        shortcut = layers.BatchNormalization(axis=3, epsilon=EPSILON, name=f"{name}_0_bn")(shortcut)
    x = layers.Conv2D(width, 1, strides=stride, name=f"{name}_1_conv")(x)
    x = normalized(layers, x, f"{name}_1")
    x = layers.Conv2D(width, 3, padding="same", name=f"{name}_2_conv")(x)
    x = normalized(layers, x, f"{name}_2")
    x = layers.Conv2D(4 * width, 1, name=f"{name}_3_conv")(x)
    x = layers.BatchNormalization(axis=3, epsilon=EPSILON, name=f"{name}_3_bn")(x)
    x = layers.Add(name=f"{name}_add")([shortcut, x])
    return layers.Activation("relu", name=f"{name}_out")(x)


def block_v2(layers: Any, x: Any, width: int, stride: int, widen: bool, name: str) -> Any:
    """Like `block`, but normalized before each convolution, so that the sum reaches the next block unchanged."""
    first = normalized(layers, x, f"{name}_preact")
    shortcut = x
    if widen:
        shortcut = layers.Conv2D(4 * width, 1, strides=stride, name=f"{name}_0_conv")(first)
    elif stride > 1:
        shortcut = layers.MaxPooling2D(1, strides=stride)(x)
    x = layers.Conv2D(width, 1, strides=1, use_bias=False, name=f"{name}_1_conv")(first)
    x = normalized(layers, x, f"{name}_1")
    x = layers.ZeroPadding2D(padding=((1, 1), (1, 1)), name=f"{name}_2_pad")(x)
    x = layers.Conv2D(width, 3, strides=stride, use_bias=False, name=f"{name}_2_conv")(x)
    x = normalized(layers, x, f"{name}_2")
    x = layers.Conv2D(4 * width, 1, name=f"{name}_3_conv")(x)
    return layers.Add(name=f"{name}_out")([shortcut, x])


def architecture(name: str, blocks: tuple[int, ...], normalized_first: bool = False) -> Architecture:
    """One of the six: how many blocks each of the four stages has."""
    return Architecture(resnet, name, head=classifier(names=True), blocks=blocks, normalized_first=normalized_first)


ResNet50 = architecture("resnet50", (3, 4, 6, 3))
ResNet101 = architecture("resnet101", (3, 4, 23, 3))
ResNet152 = architecture("resnet152", (3, 8, 36, 3))
ResNet50V2 = architecture("resnet50v2", (3, 4, 6, 3), normalized_first=True)
ResNet101V2 = architecture("resnet101v2", (3, 4, 23, 3), normalized_first=True)
ResNet152V2 = architecture("resnet152v2", (3, 8, 36, 3), normalized_first=True)
