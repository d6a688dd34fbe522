"""Three nets with BatchNormalization, as nets of the last ten years have it: for Keras, and for tinyseq, which spells them alike.

    resnet    14 layers of 3x3 convolutions with shortcuts, 32x32 (He et al. 2016, section 4.2, with 2 blocks a stage)
    mobile    depthwise and 1x1 convolutions in turns, 64x64 (Howard et al. 2017)
    mlp       64-128-128, with Dropout
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

WIDE = ((32, 1), (64, 2), (64, 1), (128, 2), (128, 1))
"""(filters, stride) of each pair of convolutions of `mobile`."""


def normalized(layers: Any, x: Any, layer: Any, relu: bool = True) -> Any:
    """A layer without a bias, BatchNormalization, ReLU."""
    x = layers.BatchNormalization()(layer(x))
    return layers.ReLU()(x) if relu else x


def classified(keras: Any, inputs: Any, x: Any) -> Any:
    """The mean of each channel, and ten classes."""
    x = keras.layers.GlobalAveragePooling2D()(x)
    return keras.Model(inputs, keras.layers.Dense(10, activation="softmax")(x))


def resnet(keras: Any) -> Any:
    """Three stages of 16, 32 and 64 filters."""
    layers, inputs = keras.layers, keras.Input((32, 32, 3))

    def convolution(filters: int, size: int = 3, strides: int = 1) -> Any:
        return layers.Conv2D(filters, size, strides=strides, padding="same", use_bias=False)

    x = normalized(layers, inputs, convolution(16))
    for filters, stride in ((16, 1), (16, 1), (32, 2), (32, 1), (64, 2), (64, 1)):
        y = normalized(layers, x, convolution(filters, strides=stride))
        y = normalized(layers, y, convolution(filters), relu=False)
        shortcut = convolution(filters, 1, stride)(x) if stride > 1 else x
        x = layers.ReLU()(layers.Add()([shortcut, y]))
    return classified(keras, inputs, x)


def mobile(keras: Any) -> Any:
    """A convolution by 2, then five pairs."""
    layers, inputs = keras.layers, keras.Input((64, 64, 3))
    x = normalized(layers, inputs, layers.Conv2D(16, 3, strides=2, padding="same", use_bias=False))
    for filters, stride in WIDE:
        x = normalized(layers, x, layers.DepthwiseConv2D(3, strides=stride, padding="same", use_bias=False))
        x = normalized(layers, x, layers.Conv2D(filters, 1, use_bias=False))
    return classified(keras, inputs, x)


def mlp(keras: Any) -> Any:
    """Two hidden layers."""
    layers, inputs = keras.layers, keras.Input((64,))
    x = inputs
    for _ in range(2):
        x = layers.Dropout(0.3)(normalized(layers, x, layers.Dense(128)))
    return keras.Model(inputs, layers.Dense(10, activation="softmax")(x))


NETS: dict[str, Callable[[Any], Any]] = {"resnet": resnet, "mobile": mobile, "mlp": mlp}
