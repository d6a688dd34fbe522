"""MobileNetV2: narrow between blocks, wide inside them.

Sandler et al. (2018), "MobileNetV2: Inverted Residuals and Linear Bottlenecks", table 2.
"""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace

from shapecheck.applications.architecture import Architecture, classifier
from shapecheck.applications.blocks import divisible, halving_padding
from shapecheck.applications.mobilenet import named_size
from shapecheck.applications.refusals import image_shape, same_sides, stored_width, trained_size

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

BLOCKS = (
    (16, 1), (24, 2), (24, 1), (32, 2), (32, 1), (32, 1), (64, 2), (64, 1), (64, 1), (64, 1), (96, 1), (96, 1), (96, 1),
    (160, 2), (160, 1), (160, 1), (320, 1),
)  # fmt: skip
"""Filters and stride of each block."""
SIZES = (96, 128, 160, 192, 224)
"""Image sizes with stored weights."""
ARGUMENTS = {
    "input_shape": None, "alpha": 1.0, "include_top": True, "weights": "imagenet", "input_tensor": None, "pooling": None,
    "classes": 1000, "classifier_activation": "softmax",
}  # fmt: skip


def mobilenet_v2(layers: Any, x: Any, given: SimpleNamespace) -> Any:
    """(rows, columns, 3) -> (rows/32, columns/32, 1280), or 1280*alpha where alpha is above 1."""
    width = divisible(32 * given.alpha)
    x = layers.Conv2D(width, kernel_size=3, strides=(2, 2), padding="same", use_bias=False, name="Conv1")(x)
    x = layers.ReLU(6.0, name="Conv1_relu")(normalized(layers, x, "bn_Conv1"))
    for number, (width, stride) in enumerate(BLOCKS):
        x = block(layers, x, divisible(int(width * given.alpha)), stride, number)
    width = divisible(1280 * given.alpha) if given.alpha > 1 else 1280
    x = layers.Conv2D(width, kernel_size=1, use_bias=False, name="Conv_1")(x)
    return layers.ReLU(6.0, name="out_relu")(normalized(layers, x, "Conv_1_bn"))


def normalized(layers: Any, x: Any, name: str) -> Any:
    """Normalized, with a slow moving average."""
    return layers.BatchNormalization(axis=-1, epsilon=1e-3, momentum=0.999, name=name)(x)


def block(layers: Any, x: Any, width: int, stride: int, number: int) -> Any:
    """1x1 to six times the channels, a window of 3 on each, 1x1 back to fewer; added to the input if the shape is the same."""
    before, channels = x, x.shape[-1]
    name = f"block_{number}" if number else "expanded_conv"
    if number:
        x = layers.Conv2D(6 * channels, kernel_size=1, padding="same", use_bias=False, name=f"{name}_expand")(x)
        x = layers.ReLU(6.0, name=f"{name}_expand_relu")(normalized(layers, x, f"{name}_expand_BN"))
    if stride == 2:
        x = layers.ZeroPadding2D(padding=halving_padding(x, 3), name=f"{name}_pad")(x)
    padding = "valid" if stride == 2 else "same"
    x = layers.DepthwiseConv2D(kernel_size=3, strides=stride, use_bias=False, padding=padding, name=f"{name}_depthwise")(x)
    x = layers.ReLU(6.0, name=f"{name}_depthwise_relu")(normalized(layers, x, f"{name}_depthwise_BN"))
    x = layers.Conv2D(width, kernel_size=1, padding="same", use_bias=False, name=f"{name}_project")(x)
    x = normalized(layers, x, f"{name}_project_BN")
    return layers.Add(name=f"{name}_add")([before, x]) if channels == width and stride == 1 else x


def prepare(self: Architecture, given: SimpleNamespace) -> Sequence[Any]:
    """The input's shape; weights are stored for a few widths and sizes, and the model is named after both."""
    same_sides(given)
    shown = given.input_shape
    if shown is None and given.input_tensor is not None:
        shown = given.input_tensor.shape[1:]
    shape = image_shape(given, trained_size(shown, SIZES), self.least_size)
    if given.weights == "imagenet":
        stored_width(given, (0.35, 0.50, 0.75, 1.0, 1.3, 1.4))
    if given.name is None:
        given.name = f"mobilenetv2_{given.alpha:0.2f}_{named_size(given, shape, SIZES)}"
    return shape


MobileNetV2 = Architecture(mobilenet_v2, None, arguments=ARGUMENTS, head=classifier(average=None), prepare=prepare)
