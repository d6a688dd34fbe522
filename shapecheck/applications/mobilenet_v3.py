"""MobileNetV3: MobileNetV2's blocks with squeeze-and-excitation and hard-swish, in an order found by search.

Howard et al. (2019), "Searching for MobileNetV3", tables 1 (large) and 2 (small).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import SimpleNamespace

from shapecheck.applications.architecture import Architecture, pooled
from shapecheck.applications.blocks import divisible, halving_padding
from shapecheck.applications.refusals import check_least, same_sides, stored_width

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

Block = tuple[float, int, int, int, bool, bool]
"""Expansion, filters, window, stride, whether it has squeeze-and-excitation, whether it uses hard-swish."""
LARGE: tuple[Block, ...] = (
    (1, 16, 3, 1, False, False), (4, 24, 3, 2, False, False), (3, 24, 3, 1, False, False), (3, 40, 5, 2, True, False),
    (3, 40, 5, 1, True, False), (3, 40, 5, 1, True, False), (6, 80, 3, 2, False, True), (2.5, 80, 3, 1, False, True),
    (2.3, 80, 3, 1, False, True), (2.3, 80, 3, 1, False, True), (6, 112, 3, 1, True, True), (6, 112, 3, 1, True, True),
    (6, 160, 5, 2, True, True), (6, 160, 5, 1, True, True), (6, 160, 5, 1, True, True),
)  # fmt: skip
SMALL: tuple[Block, ...] = (
    (1, 16, 3, 2, True, False), (72 / 16, 24, 3, 2, False, False), (88 / 24, 24, 3, 1, False, False), (4, 40, 5, 2, True, True),
    (6, 40, 5, 1, True, True), (6, 40, 5, 1, True, True), (3, 48, 5, 1, True, True), (3, 48, 5, 1, True, True),
    (6, 96, 5, 2, True, True), (6, 96, 5, 1, True, True), (6, 96, 5, 1, True, True),
)  # fmt: skip
ARGUMENTS = {
    "input_shape": None, "alpha": 1.0, "minimalistic": False, "include_top": True, "weights": "imagenet", "input_tensor": None,
    "classes": 1000, "pooling": None, "dropout_rate": 0.2, "classifier_activation": "softmax", "include_preprocessing": True,
}  # fmt: skip


def mobilenet_v3(layers: Any, x: Any, given: SimpleNamespace) -> Any:
    """(rows, columns, 3) -> (rows/32, columns/32, six times the last block's channels)."""
    active = rectified if given.minimalistic else hard_swish
    if given.include_preprocessing:
        x = layers.Rescaling(scale=1 / 127.5, offset=-1.0)(x)
    x = layers.Conv2D(16, kernel_size=3, strides=(2, 2), padding="same", use_bias=False, name="conv")(x)
    x = active(layers, normalized(layers, x, "conv_bn"))
    for number, (expansion, width, window, stride, squeezes, hard) in enumerate(given.blocks):
        if given.minimalistic:
            window, squeezes, hard = 3, False, False
        width = divisible(width * given.alpha)
        x = block(layers, x, expansion, width, window, stride, squeezes, hard_swish if hard else rectified, number)
    x = layers.Conv2D(divisible(x.shape[-1] * 6), kernel_size=1, padding="same", use_bias=False, name="conv_1")(x)
    return active(layers, normalized(layers, x, "conv_1_bn"))


def rectified(layers: Any, x: Any) -> Any:
    """ReLU."""
    return layers.ReLU()(x)


def hard_swish(layers: Any, x: Any) -> Any:
    """x*relu6(x + 3)/6, section 5.2."""
    return layers.Activation("hard_swish")(x)


def normalized(layers: Any, x: Any, name: str) -> Any:
    """Normalized, with a slow moving average."""
    return layers.BatchNormalization(axis=-1, epsilon=1e-3, momentum=0.999, name=name)(x)


def squeezed(layers: Any, x: Any, width: int, name: str) -> Any:
    """Each channel times a factor from 0 to 1, computed from all channels' averages: Hu et al. (2018), section 3."""
    factor = layers.GlobalAveragePooling2D(keepdims=True, name=f"{name}_avg_pool")(x)
    factor = layers.Conv2D(divisible(width * 0.25), kernel_size=1, padding="same", name=f"{name}_conv")(factor)
    factor = layers.ReLU(name=f"{name}_relu")(factor)
    factor = layers.Conv2D(width, kernel_size=1, padding="same", name=f"{name}_conv_1")(factor)
    factor = layers.ReLU(6.0)(factor + 3.0) * (1 / 6)
    return layers.Multiply(name=f"{name}_mul")([x, factor])


def block(
    layers: Any, x: Any, expansion: float, width: int, window: int, stride: int, squeezes: bool,
    active: Callable[[Any, Any], Any], number: int,
) -> Any:  # fmt: skip
    """1x1 to more channels, a window on each channel, 1x1 to fewer; added to the input if the shape is the same."""
    before, channels = x, x.shape[-1]
    name = f"expanded_conv_{number}" if number else "expanded_conv"
    wide = divisible(channels * expansion)
    if number:
        x = layers.Conv2D(wide, kernel_size=1, padding="same", use_bias=False, name=f"{name}_expand")(x)
        x = active(layers, normalized(layers, x, f"{name}_expand_bn"))
    if stride == 2:
        x = layers.ZeroPadding2D(padding=halving_padding(x, window), name=f"{name}_depthwise_pad")(x)
    padding = "valid" if stride == 2 else "same"
    x = layers.DepthwiseConv2D(window, strides=stride, padding=padding, use_bias=False, name=f"{name}_depthwise")(x)
    x = active(layers, normalized(layers, x, f"{name}_depthwise_bn"))
    if squeezes:
        x = squeezed(layers, x, wide, f"{name}_squeeze_excite")
    x = layers.Conv2D(width, kernel_size=1, padding="same", use_bias=False, name=f"{name}_project")(x)
    x = normalized(layers, x, f"{name}_project_bn")
    return layers.Add(name=f"{name}_add")([before, x]) if stride == 1 and channels == width else x


def head(layers: Any, x: Any, given: SimpleNamespace) -> Any:
    """With a top: two 1x1 convolutions, of the averages and of the classes."""
    if not given.include_top:
        return pooled(layers, x, given, names=True)
    active = rectified if given.minimalistic else hard_swish
    width = divisible(given.features * given.alpha) if given.alpha > 1 else given.features
    x = layers.GlobalAveragePooling2D(keepdims=True)(x)
    x = active(layers, layers.Conv2D(width, kernel_size=1, padding="same", use_bias=True, name="conv_2")(x))
    if given.dropout_rate > 0:
        x = layers.Dropout(given.dropout_rate)(x)
    x = layers.Conv2D(given.classes, kernel_size=1, padding="same", name="logits")(x)
    return layers.Activation(given.classifier_activation, name="predictions")(layers.Flatten()(x))


def prepare(self: Architecture, given: SimpleNamespace) -> Sequence[Any]:
    """The input's shape: any size, also with the top, and any channels."""
    same_sides(given)
    if given.input_shape is None:
        sides = (None, None) if given.input_tensor is None else given.input_tensor.shape[2:0:-1]
        given.input_shape = (*sides, 3)
    if None not in given.input_shape[:2]:
        check_least(given, self.least_size)
    if given.weights == "imagenet":
        stored_width(given, (1.0,) if given.minimalistic else (0.75, 1.0))
    return tuple(given.input_shape)


def architecture(name: str, blocks: tuple[Block, ...], features: int) -> Architecture:
    """One of the two: its blocks, and the channels before the classes."""
    return Architecture(
        mobilenet_v3, name, arguments=ARGUMENTS, head=head, prepare=prepare, blocks=blocks, features=features
    )  # fmt: skip


MobileNetV3Small = architecture("MobileNetV3Small", SMALL, 1024)
MobileNetV3Large = architecture("MobileNetV3Large", LARGE, 1280)
