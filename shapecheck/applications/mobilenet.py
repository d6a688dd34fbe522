"""MobileNet: depthwise convolutions, then 1x1, with a width multiplier.

Howard et al. (2017), "MobileNets: Efficient Convolutional Neural Networks for Mobile Vision Applications", table 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace

from shapecheck.applications.architecture import Architecture, pooled
from shapecheck.applications.refusals import image_shape, stored_width, trained_size
from shapecheck.diagnostics.arguments import ConflictingArguments
from shapecheck.diagnostics.base import ShapeError
from shapecheck.languages import Phrase

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

BLOCKS = (
    (64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2), (512, 1), (512, 1), (512, 1), (512, 1), (512, 1), (1024, 2), (1024, 1),
)  # fmt: skip
"""Filters and stride of each block."""
SIZES = (128, 160, 192, 224)
"""Image sizes with stored weights."""
ARGUMENTS = {
    "input_shape": None, "alpha": 1.0, "depth_multiplier": 1, "dropout": 0.001, "include_top": True, "weights": "imagenet",
    "input_tensor": None, "pooling": None, "classes": 1000, "classifier_activation": "softmax",
}  # fmt: skip


def mobilenet(layers: Any, x: Any, given: SimpleNamespace) -> Any:
    """(rows, columns, 3) -> (rows/32, columns/32, 1024*alpha)."""
    width = int(32 * given.alpha)
    x = layers.Conv2D(width, (3, 3), padding="same", use_bias=False, strides=(2, 2), name="conv1")(x)
    x = normalized(layers, x, "conv1")
    for number, (width, stride) in enumerate(BLOCKS, 1):
        x = block(layers, x, int(width * given.alpha), stride, number, given.depth_multiplier)
    return x


def normalized(layers: Any, x: Any, name: str) -> Any:
    """Normalized, then ReLU6."""
    x = layers.BatchNormalization(axis=-1, name=f"{name}_bn")(x)
    return layers.ReLU(6.0, name=f"{name}_relu")(x)


def block(layers: Any, x: Any, width: int, stride: int, number: int, multiplier: int) -> Any:
    """A window of 3 on each channel, then 1x1 over all."""
    if stride > 1:
        x = layers.ZeroPadding2D(((0, 1), (0, 1)), name=f"conv_pad_{number}")(x)
    padding = "valid" if stride > 1 else "same"
    x = layers.DepthwiseConv2D(
        (3, 3), padding=padding, depth_multiplier=multiplier, strides=(stride, stride), use_bias=False, name=f"conv_dw_{number}"
    )(x)  # fmt: skip
    x = normalized(layers, x, f"conv_dw_{number}")
    x = layers.Conv2D(width, (1, 1), padding="same", use_bias=False, strides=(1, 1), name=f"conv_pw_{number}")(x)
    return normalized(layers, x, f"conv_pw_{number}")


def head(layers: Any, x: Any, given: SimpleNamespace) -> Any:
    """With a top: the classes by a 1x1 convolution."""
    if not given.include_top:
        return pooled(layers, x, given)
    x = layers.GlobalAveragePooling2D(keepdims=True)(x)
    x = layers.Dropout(given.dropout, name="dropout")(x)
    x = layers.Conv2D(given.classes, (1, 1), padding="same", name="conv_preds")(x)
    x = layers.Reshape((given.classes,), name="reshape_2")(x)
    return layers.Activation(given.classifier_activation, name="predictions")(x)


def prepare(self: Architecture, given: SimpleNamespace) -> Sequence[Any]:
    """The input's shape; weights are stored for a few widths and sizes, and the model is named after both."""
    shape = image_shape(given, trained_size(given.input_shape, SIZES), self.least_size)
    if given.weights == "imagenet":
        if given.depth_multiplier != 1:
            facts = (
                "depth_multiplier",
                given.depth_multiplier,
                "weights",
                "imagenet",
                Phrase("architectures", "weights_are_stored_only_for", "weights are stored only for 1"),
            )
            fixes = (("depth_multiplier", "1"), ("weights", "None"))
            raise ShapeError(
                ConflictingArguments(
                    *facts, Phrase("architectures", "write_depth_multiplier_1", "write depth_multiplier=1, or weights=None"), fixes
                )
            )
        stored_width(given, (0.25, 0.50, 0.75, 1.0))
    if given.name is None:
        given.name = f"mobilenet_{given.alpha:0.2f}_{named_size(given, shape, SIZES)}"
    return shape


def named_size(given: SimpleNamespace, shape: Sequence[Any], sizes: Sequence[int]) -> Any:
    """The image size in the model's name: with stored weights, 224 if none are stored for its size."""
    rows, columns = shape[:2]
    return 224 if given.weights == "imagenet" and (rows != columns or rows not in sizes) else rows


MobileNet = Architecture(mobilenet, None, arguments=ARGUMENTS, head=head, prepare=prepare)
