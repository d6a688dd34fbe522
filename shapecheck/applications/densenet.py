"""DenseNet: every layer of a block sees the features of all before it.

Huang et al. (2017), "Densely Connected Convolutional Networks", table 1: growth rate 32, compression 0.5.
"""

from __future__ import annotations

from types import SimpleNamespace

from shapecheck.applications.architecture import Architecture, classifier

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

GROWTH = 32
EPSILON = 1.001e-5


def densenet(layers: Any, x: Any, given: SimpleNamespace) -> Any:
    """(rows, columns, 3) -> (rows/32, columns/32, channels): four dense blocks with three transitions between them."""
    x = layers.ZeroPadding2D(padding=((3, 3), (3, 3)))(x)
    x = layers.Conv2D(64, 7, strides=2, use_bias=False, name="conv1_conv")(x)
    x = normalized(layers, x, "conv1_")
    x = layers.ZeroPadding2D(padding=((1, 1), (1, 1)))(x)
    x = layers.MaxPooling2D(3, strides=2, name="pool1")(x)
    for stage, count in enumerate(given.blocks, 2):
        for number in range(1, count + 1):
            x = dense_layer(layers, x, f"conv{stage}_block{number}")
        if stage < 5:
            x = transition(layers, x, f"pool{stage}")
    return normalized(layers, x, "")


def normalized(layers: Any, x: Any, prefix: str) -> Any:
    """Normalized, then ReLU."""
    x = layers.BatchNormalization(axis=3, epsilon=EPSILON, name=f"{prefix}bn")(x)
    return layers.Activation("relu", name=f"{prefix}relu")(x)


def dense_layer(layers: Any, x: Any, name: str) -> Any:
    """(..., channels) -> (..., channels + 32): its new channels are appended to its input."""
    found = normalized(layers, x, f"{name}_0_")
    found = layers.Conv2D(4 * GROWTH, 1, use_bias=False, name=f"{name}_1_conv")(found)
    found = normalized(layers, found, f"{name}_1_")
    found = layers.Conv2D(GROWTH, 3, padding="same", use_bias=False, name=f"{name}_2_conv")(found)
    return layers.Concatenate(axis=3, name=f"{name}_concat")([x, found])


def transition(layers: Any, x: Any, name: str) -> Any:
    """(rows, columns, channels) -> (rows/2, columns/2, channels/2)."""
    x = normalized(layers, x, f"{name}_")
    x = layers.Conv2D(x.shape[3] // 2, 1, use_bias=False, name=f"{name}_conv")(x)
    return layers.AveragePooling2D(2, strides=2, name=f"{name}_pool")(x)


DenseNet121 = Architecture(densenet, "densenet121", head=classifier(names=True), blocks=(6, 12, 24, 16))
DenseNet169 = Architecture(densenet, "densenet169", head=classifier(names=True), blocks=(6, 12, 32, 32))
DenseNet201 = Architecture(densenet, "densenet201", head=classifier(names=True), blocks=(6, 12, 48, 32))
