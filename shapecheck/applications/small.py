"""Small networks for lessons, which Keras does not have: LeNet-5, DigitNet with weights inside tinyseq, a small Xception.

LeNet5: LeCun, Bottou, Bengio & Haffner (1998), "Gradient-based learning applied to document recognition", fig. 2, with the usual
full connections in its third layer and softmax at the end. DigitNet: the network of digit-recognizer-py 0.1.0. MiniXception: Arriaga,
Valdenegro-Toro & Ploeger (2017), "Real-time Convolutional Neural Networks for Emotion and Gender Classification", section 3.
"""

from __future__ import annotations

from types import SimpleNamespace

from shapecheck.applications.architecture import Architecture, flattened, pooled
from shapecheck.applications.refusals import check_stored, own_shape

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any


def arguments(weights: str | None, classes: int) -> Mapping[str, Any]:
    """Keras's arguments of most architectures, with the defaults of a small network."""
    return {
        "include_top": True, "weights": weights, "input_tensor": None, "input_shape": None, "pooling": None, "classes": classes,
        "classifier_activation": "softmax", "name": None,
    }  # fmt: skip


def grey_shape(self: Architecture, given: SimpleNamespace) -> Sequence[Any]:
    """(rows, columns, 1): grey pictures, unless input_shape says otherwise."""
    shape = own_shape(given, (self.size, self.size, 1), self.least_size)
    if given.weights == "mnist":
        check_stored(given, shape)
    return shape


def lenet5(layers: Any, x: Any, given: SimpleNamespace) -> Any:
    """(28, 28, 1) -> (5, 5, 16): two convolutions of 5x5, each halved by an average."""
    x = layers.Conv2D(6, 5, padding="same", activation="tanh", name="conv1")(x)
    x = layers.AveragePooling2D(2, name="pool1")(x)
    x = layers.Conv2D(16, 5, activation="tanh", name="conv2")(x)
    return layers.AveragePooling2D(2, name="pool2")(x)


def digit_net(layers: Any, x: Any, given: SimpleNamespace) -> Any:
    """(28, 28, 1), white ink from 0 to 255 on black -> (3, 3, 128): three convolutions of 3x3, each halved by its largest value."""
    x = layers.Rescaling(1 / (255 * DEVIATION), offset=-MEAN / DEVIATION, name="rescaling")(x)
    for number, width in enumerate((32, 64, 128), 1):
        x = layers.Conv2D(width, 3, padding="same", activation="relu", name=f"conv{number}")(x)
        x = layers.MaxPooling2D(2, name=f"pool{number}")(x)
    return x


MEAN, DEVIATION = 0.1307, 0.3081
"""Of the pixels of MNIST, from 0 to 1: the stored weights expect pictures less the mean, by the deviation."""


def mini_xception(layers: Any, x: Any, given: SimpleNamespace) -> Any:
    """(64, 64, 1) -> (4, 4, 128): two convolutions, four blocks of separable convolutions with a shortcut."""
    for number in (1, 2):
        x = layers.Conv2D(8, 3, use_bias=False, name=f"conv{number}")(x)
        x = layers.BatchNormalization(name=f"conv{number}_bn")(x)
        x = layers.Activation("relu", name=f"conv{number}_act")(x)
    for number, width in enumerate((16, 32, 64, 128), 1):
        x = separable_block(layers, x, width, f"block{number}")
    return x


def separable_block(layers: Any, x: Any, width: int, name: str) -> Any:
    """Two separable convolutions and a pool, added to the input projected to the same shape."""
    shortcut = layers.Conv2D(width, 1, strides=2, padding="same", use_bias=False, name=f"{name}_shortcut")(x)
    shortcut = layers.BatchNormalization(name=f"{name}_shortcut_bn")(shortcut)
    for number in (1, 2):
        x = layers.SeparableConv2D(width, 3, padding="same", use_bias=False, name=f"{name}_sepconv{number}")(x)
        x = layers.BatchNormalization(name=f"{name}_sepconv{number}_bn")(x)
        if number == 1:
            x = layers.Activation("relu", name=f"{name}_sepconv1_act")(x)
    x = layers.MaxPooling2D(3, strides=2, padding="same", name=f"{name}_pool")(x)
    return layers.Add(name=f"{name}_add")([x, shortcut])


def mini_xception_head(layers: Any, x: Any, given: SimpleNamespace) -> Any:
    """A convolution with a filter for each class, and its average over all places."""
    if not given.include_top:
        return pooled(layers, x, given)
    x = layers.Conv2D(given.classes, 3, padding="same", name="conv3")(x)
    x = layers.GlobalAveragePooling2D(name="avg_pool")(x)
    return layers.Activation(given.classifier_activation or "linear", name="predictions")(x)


LENET5_HEAD = flattened({"dense1": 120, "dense2": 84}, "tanh")
LeNet5 = Architecture(lenet5, "lenet5", 28, 12, arguments(None, 10), LENET5_HEAD, grey_shape)
DIGIT_NET_HEAD = flattened({"dense1": 256}, "relu")
DigitNet = Architecture(digit_net, "digit_net", 28, 8, arguments("mnist", 10), DIGIT_NET_HEAD, grey_shape, stored="mnist")
MiniXception = Architecture(mini_xception, "mini_xception", 64, 21, arguments(None, 7), mini_xception_head, grey_shape)
