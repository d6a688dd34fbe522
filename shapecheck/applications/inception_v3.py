"""Inception V3: branches of several windows side by side, large windows split into smaller ones.

Szegedy et al. (2016), "Rethinking the Inception Architecture for Computer Vision", table 1 and fig. 5 to 7.
"""

from __future__ import annotations

from types import SimpleNamespace

from shapecheck.applications.architecture import Architecture, classifier

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any



def inception_v3(layers: Any, x: Any, given: SimpleNamespace) -> Any:
    """(299, 299, 3) -> (8, 8, 2048)."""
    x = stem(layers, x)
    for number, pooled in enumerate((32, 64, 64)):
        x = block_a(layers, x, pooled, f"mixed{number}")
    x = reduction_a(layers, x, "mixed3")
    for number, width in enumerate((128, 160, 160, 192), 4):
        x = block_b(layers, x, width, f"mixed{number}")
    x = reduction_b(layers, x, "mixed8")
    for number in range(2):
        x = block_c(layers, x, number)
    return x


def convolved(
    layers: Any, x: Any, filters: int, rows: int, columns: int, strides: tuple[int, int] = (1, 1), padding: str = "same"
) -> Any:  # fmt: skip
    """A convolution without bias, normalized without scale, then ReLU."""
    x = layers.Conv2D(filters, (rows, columns), strides=strides, padding=padding, use_bias=False)(x)
    x = layers.BatchNormalization(axis=3, scale=False)(x)
    return layers.Activation("relu")(x)


def branch(layers: Any, x: Any, *windows: tuple[int, int, int]) -> Any:
    """Convolutions one after another, each (filters, rows, columns)."""
    for window in windows:
        x = convolved(layers, x, *window)
    return x


def pooled_branch(layers: Any, x: Any, filters: int) -> Any:
    """Averages of 3x3 positions, then 1x1."""
    x = layers.AveragePooling2D((3, 3), strides=(1, 1), padding="same")(x)
    return convolved(layers, x, filters, 1, 1)


def halved(layers: Any, x: Any, filters: int) -> Any:
    """A window of 3 with stride 2."""
    return convolved(layers, x, filters, 3, 3, strides=(2, 2), padding="valid")


def joined(layers: Any, branches: list[Any], name: str | None = None) -> Any:
    """The branches' channels side by side."""
    return layers.Concatenate(axis=3, name=name)(branches)


def stem(layers: Any, x: Any) -> Any:
    """(299, 299, 3) -> (35, 35, 192)."""
    x = halved(layers, x, 32)
    x = convolved(layers, x, 32, 3, 3, padding="valid")
    x = convolved(layers, x, 64, 3, 3)
    x = layers.MaxPooling2D((3, 3), strides=(2, 2))(x)
    x = convolved(layers, x, 80, 1, 1, padding="valid")
    x = convolved(layers, x, 192, 3, 3, padding="valid")
    return layers.MaxPooling2D((3, 3), strides=(2, 2))(x)


def block_a(layers: Any, x: Any, pooled: int, name: str) -> Any:
    """Fig. 5: a window of 5, and the same as two windows of 3."""
    ones = branch(layers, x, (64, 1, 1))
    fives = branch(layers, x, (48, 1, 1), (64, 5, 5))
    threes = branch(layers, x, (64, 1, 1), (96, 3, 3), (96, 3, 3))
    return joined(layers, [ones, fives, threes, pooled_branch(layers, x, pooled)], name)


def reduction_a(layers: Any, x: Any, name: str) -> Any:
    """(35, 35, 288) -> (17, 17, 768)."""
    threes = halved(layers, x, 384)
    double = halved(layers, branch(layers, x, (64, 1, 1), (96, 3, 3)), 96)
    return joined(layers, [threes, double, layers.MaxPooling2D((3, 3), strides=(2, 2))(x)], name)


def block_b(layers: Any, x: Any, width: int, name: str) -> Any:
    """Fig. 6: a window of 7x7 as 1x7 and 7x1, once and twice."""
    ones = branch(layers, x, (192, 1, 1))
    sevens = branch(layers, x, (width, 1, 1), (width, 1, 7), (192, 7, 1))
    double = branch(layers, x, (width, 1, 1), (width, 7, 1), (width, 1, 7), (width, 7, 1), (192, 1, 7))
    return joined(layers, [ones, sevens, double, pooled_branch(layers, x, 192)], name)


def reduction_b(layers: Any, x: Any, name: str) -> Any:
    """(17, 17, 768) -> (8, 8, 1280)."""
    threes = halved(layers, branch(layers, x, (192, 1, 1)), 320)
    sevens = halved(layers, branch(layers, x, (192, 1, 1), (192, 1, 7), (192, 7, 1)), 192)
    return joined(layers, [threes, sevens, layers.MaxPooling2D((3, 3), strides=(2, 2))(x)], name)


def block_c(layers: Any, x: Any, number: int) -> Any:
    """Fig. 7: 1x3 and 3x1 side by side."""
    ones = branch(layers, x, (320, 1, 1))
    threes = branch(layers, x, (384, 1, 1))
    threes = joined(layers, [branch(layers, threes, (384, 1, 3)), branch(layers, threes, (384, 3, 1))], f"mixed9_{number}")
    double = branch(layers, x, (448, 1, 1), (384, 3, 3))
    double = joined(layers, [branch(layers, double, (384, 1, 3)), branch(layers, double, (384, 3, 1))])
    return joined(layers, [ones, threes, double, pooled_branch(layers, x, 192)], f"mixed{9 + number}")


InceptionV3 = Architecture(inception_v3, "inception_v3", size=299, least_size=75, head=classifier())
