"""VGG: consecutive windows of 3, halved by pooling.

Simonyan & Zisserman (2015), "Very Deep Convolutional Networks for Large-Scale Image Recognition", table 1, columns D and E.
"""

from __future__ import annotations

from types import SimpleNamespace

from shapecheck.applications.architecture import Architecture, pooled

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

WIDTHS = (64, 128, 256, 512, 512)


def vgg(layers: Any, x: Any, given: SimpleNamespace) -> Any:
    """(rows, columns, 3) -> (rows/32, columns/32, 512)."""
    for block, (width, count) in enumerate(zip(WIDTHS, given.convolutions, strict=True), 1):
        for number in range(1, count + 1):
            x = layers.Conv2D(width, (3, 3), activation="relu", padding="same", name=f"block{block}_conv{number}")(x)
        x = layers.MaxPooling2D((2, 2), strides=(2, 2), name=f"block{block}_pool")(x)
    return x


def head(layers: Any, x: Any, given: SimpleNamespace) -> Any:
    """Three Dense layers on all positions: their weights fix the image size."""
    if not given.include_top:
        return pooled(layers, x, given)
    x = layers.Flatten(name="flatten")(x)
    x = layers.Dense(4096, activation="relu", name="fc1")(x)
    x = layers.Dense(4096, activation="relu", name="fc2")(x)
    return layers.Dense(given.classes, activation=given.classifier_activation, name="predictions")(x)


VGG16 = Architecture(vgg, "vgg16", head=head, convolutions=(2, 2, 3, 3, 3))
VGG19 = Architecture(vgg, "vgg19", head=head, convolutions=(2, 2, 4, 4, 4))
