"""Inception-ResNet V2: inception branches whose sum, scaled down, is added to their input.

Szegedy et al. (2017), "Inception-v4, Inception-ResNet and the Impact of Residual Connections on Learning", fig. 15 and 17 to 19.
"""

from __future__ import annotations

from types import SimpleNamespace

from shapecheck.applications.architecture import Architecture, classifier

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

BLOCKS: dict[str, tuple[tuple[tuple[int, Any], ...], ...]] = {
    "block35": (((32, 1),), ((32, 1), (32, 3)), ((32, 1), (48, 3), (64, 3))),
    "block17": (((192, 1),), ((128, 1), (160, (1, 7)), (192, (7, 1)))),
    "block8": (((192, 1),), ((192, 1), (224, (1, 3)), (256, (3, 1)))),
}
"""The branches of each residual block, their convolutions as (filters, window): figures 16, 17 and 19."""


def inception_resnet_v2(layers: Any, x: Any, given: SimpleNamespace) -> Any:
    """(299, 299, 3) -> (8, 8, 1536)."""
    x = mixed_5b(layers, stem(layers, x))
    for number in range(1, 11):
        x = residual_block(layers, x, "block35", number, 0.17)
    x = mixed_6a(layers, x)
    for number in range(1, 21):
        x = residual_block(layers, x, "block17", number, 0.1)
    x = mixed_7a(layers, x)
    for number in range(1, 10):
        x = residual_block(layers, x, "block8", number, 0.2)
    x = residual_block(layers, x, "block8", 10, 1.0, active=False)
    return convolved(layers, x, 1536, 1, name="conv_7b")


def convolved(
    layers: Any, x: Any, filters: int, window: Any, strides: int = 1, padding: str = "same", name: str | None = None
) -> Any:  # fmt: skip
    """A convolution without bias, normalized without scale, then ReLU."""
    x = layers.Conv2D(filters, window, strides=strides, padding=padding, use_bias=False, name=name)(x)
    x = layers.BatchNormalization(axis=3, scale=False, name=name and f"{name}_bn")(x)
    return layers.Activation("relu", name=name and f"{name}_ac")(x)


def branch(layers: Any, x: Any, *windows: tuple[int, Any]) -> Any:
    """Convolutions one after another, each (filters, window)."""
    for filters, window in windows:
        x = convolved(layers, x, filters, window)
    return x


def halved(layers: Any, x: Any, filters: int) -> Any:
    """A window of 3 with stride 2."""
    return convolved(layers, x, filters, 3, strides=2, padding="valid")


def stem(layers: Any, x: Any) -> Any:
    """(299, 299, 3) -> (35, 35, 192)."""
    x = halved(layers, x, 32)
    x = convolved(layers, x, 32, 3, padding="valid")
    x = convolved(layers, x, 64, 3)
    x = layers.MaxPooling2D(3, strides=2)(x)
    x = convolved(layers, x, 80, 1, padding="valid")
    x = convolved(layers, x, 192, 3, padding="valid")
    return layers.MaxPooling2D(3, strides=2)(x)


def mixed_5b(layers: Any, x: Any) -> Any:
    """(35, 35, 192) -> (35, 35, 320)."""
    branches = [branch(layers, x, (96, 1)), branch(layers, x, (48, 1), (64, 5)), branch(layers, x, (64, 1), (96, 3), (96, 3))]
    average = layers.AveragePooling2D(3, strides=1, padding="same")(x)
    return layers.Concatenate(axis=3, name="mixed_5b")([*branches, convolved(layers, average, 64, 1)])


def mixed_6a(layers: Any, x: Any) -> Any:
    """(35, 35, 320) -> (17, 17, 1088)."""
    branches = [halved(layers, x, 384), halved(layers, branch(layers, x, (256, 1), (256, 3)), 384)]
    branches.append(layers.MaxPooling2D(3, strides=2, padding="valid")(x))
    return layers.Concatenate(axis=3, name="mixed_6a")(branches)


def mixed_7a(layers: Any, x: Any) -> Any:
    """(17, 17, 1088) -> (8, 8, 2080)."""
    branches = [halved(layers, branch(layers, x, (256, 1)), 384), halved(layers, branch(layers, x, (256, 1)), 288)]
    branches.append(halved(layers, branch(layers, x, (256, 1), (288, 3)), 320))
    branches.append(layers.MaxPooling2D(3, strides=2, padding="valid")(x))
    return layers.Concatenate(axis=3, name="mixed_7a")(branches)


def residual_block(layers: Any, x: Any, kind: str, number: int, scale: float, active: bool = True) -> Any:
    """x plus `scale` times its branches, projected back to its number of channels (section 3.3: scaling keeps training stable)."""
    name = f"{kind}_{number}"
    branches = [branch(layers, x, *windows) for windows in BLOCKS[kind]]
    mixed = layers.Concatenate(axis=3, name=f"{name}_mixed")(branches)
    up = layers.Conv2D(x.shape[3], 1, padding="same", name=f"{name}_conv")(mixed)
    x = layers.CustomScaleLayer(scale)([x, up])
    return layers.Activation("relu", name=f"{name}_ac")(x) if active else x


InceptionResNetV2 = Architecture(inception_resnet_v2, "inception_resnet_v2", size=299, least_size=75, head=classifier())
