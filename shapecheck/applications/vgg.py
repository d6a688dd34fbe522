"""VGG: consecutive windows of 3, halved by pooling.

Simonyan & Zisserman (2015), "Very Deep Convolutional Networks for Large-Scale Image Recognition", table 1, columns D and E.
"""

from __future__ import annotations

from types import SimpleNamespace

from shapecheck.applications.architecture import Architecture, flattened

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


HEAD = flattened({"fc1": 4096, "fc2": 4096}, "relu")
VGG16 = Architecture(vgg, "vgg16", head=HEAD, convolutions=(2, 2, 3, 3, 3))
VGG19 = Architecture(vgg, "vgg19", head=HEAD, convolutions=(2, 2, 4, 4, 4))
