"""Xception: convolutions of each channel alone, then a mix of the channels.

Chollet (2017), "Xception: Deep Learning with Depthwise Separable Convolutions", fig. 5.
"""

from __future__ import annotations

from types import SimpleNamespace

from shapecheck.applications.architecture import Architecture, classifier

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def xception(layers: Any, x: Any, given: SimpleNamespace) -> Any:
    """(rows, columns, 3) -> (about rows/32, columns/32, 2048): entry flow, middle flow, exit flow."""
    x = entry(layers, x)
    x = halving_block(layers, x, (128, 128), "block2", begins_active=True)
    x = halving_block(layers, x, (256, 256), "block3")
    x = halving_block(layers, x, (728, 728), "block4")
    for number in range(5, 13):
        x = middle_block(layers, x, f"block{number}")
    x = halving_block(layers, x, (728, 1024), "block13")
    for number, width in enumerate((1536, 2048), 1):
        x = separable(layers, x, width, f"block14_sepconv{number}")
        x = layers.Activation("relu", name=f"block14_sepconv{number}_act")(x)
    return x


def entry(layers: Any, x: Any) -> Any:
    """Two ordinary convolutions, the first with stride 2."""
    for name, width, stride in (("block1_conv1", 32, (2, 2)), ("block1_conv2", 64, (1, 1))):
        x = layers.Conv2D(width, (3, 3), strides=stride, use_bias=False, name=name)(x)
        x = layers.BatchNormalization(axis=-1, name=f"{name}_bn")(x)
        x = layers.Activation("relu", name=f"{name}_act")(x)
    return x


def separable(layers: Any, x: Any, width: int, name: str) -> Any:
    """A separable convolution that keeps the sizes, normalized."""
    x = layers.SeparableConv2D(width, (3, 3), padding="same", use_bias=False, name=name)(x)
    return layers.BatchNormalization(axis=-1, name=f"{name}_bn")(x)


def halving_block(layers: Any, x: Any, widths: tuple[int, int], name: str, begins_active: bool = False) -> Any:
    """Two separable convolutions and a pool, added to the input projected to the same shape; `begins_active`: ReLU on x first."""
    residual = layers.Conv2D(widths[1], (1, 1), strides=(2, 2), padding="same", use_bias=False)(x)
    residual = layers.BatchNormalization(axis=-1)(residual)
    for number, width in enumerate(widths, 1):
        if number > 1 or not begins_active:
            x = layers.Activation("relu", name=f"{name}_sepconv{number}_act")(x)
        x = separable(layers, x, width, f"{name}_sepconv{number}")
    x = layers.MaxPooling2D((3, 3), strides=(2, 2), padding="same", name=f"{name}_pool")(x)
    return layers.Add()([x, residual])


def middle_block(layers: Any, x: Any, name: str) -> Any:
    """Three separable convolutions of 728 channels, added to their input."""
    residual = x
    for number in range(1, 4):
        x = layers.Activation("relu", name=f"{name}_sepconv{number}_act")(x)
        x = separable(layers, x, 728, f"{name}_sepconv{number}")
    return layers.Add()([x, residual])


Xception = Architecture(xception, "xception", size=299, least_size=71, head=classifier())
