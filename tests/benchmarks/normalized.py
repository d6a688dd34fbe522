"""Three nets with BatchNormalization, as nets of the last ten years have it: for Keras, and for tinyseq, which spells them alike.
For other frameworks `operations` lists what they consist of.

    resnet    14 layers of 3x3 convolutions with shortcuts, 32x32 (He et al. 2016, section 4.2, with 2 blocks a stage)
    mobile    depthwise and 1x1 convolutions in turns, 64x64 (Howard et al. 2017)
    mlp       64-128-128, with Dropout
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

WIDE = ((32, 1), (64, 2), (64, 1), (128, 2), (128, 1))
"""(filters, stride) of each pair of convolutions of `mobile`."""


def normalized(layers: Any, x: Any, layer: Any, relu: bool = True) -> Any:
    """A layer without a bias, BatchNormalization, ReLU."""
    x = layers.BatchNormalization()(layer(x))
    return layers.ReLU()(x) if relu else x


def classified(keras: Any, inputs: Any, x: Any) -> Any:
    """The mean of each channel, and ten classes."""
    x = keras.layers.GlobalAveragePooling2D()(x)
    return keras.Model(inputs, keras.layers.Dense(10)(x))


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


def mlp(keras: Any, dropout: float = 0.3) -> Any:
    """Two hidden layers."""
    layers, inputs = keras.layers, keras.Input((64,))
    x = inputs
    for _ in range(2):
        x = layers.Dropout(dropout)(normalized(layers, x, layers.Dense(128)))
    return keras.Model(inputs, layers.Dense(10)(x))


NETS: dict[str, Callable[[Any], Any]] = {"resnet": resnet, "mobile": mobile, "mlp": mlp}


@dataclass(frozen=True)
class Built:
    """One of them, with weights and data that all contenders share. As models.Net, but built by a function."""

    name: str
    build: Callable[[Any], Any]
    shape: tuple[int, ...]
    output: tuple[int, ...] = (10,)
    kind: str = "normalized"
    """"normalized": it consists of `operations`. Others are those of newer.py."""

    parts: ClassVar[tuple[Any, ...]] = ()
    over_steps: ClassVar[bool] = False

    @property
    def shapes(self) -> list[tuple[int, ...]]:
        """The input's shape and the output's."""
        return [self.shape, self.output]

    @property
    def comparable(self) -> Built:
        """Without what is drawn by chance."""
        return replace(self, build=lambda keras: mlp(keras, 0.0)) if self.build is mlp else self

    def weights(self) -> list[Any]:
        """In the order of get_weights, averages and deviations of BatchNormalization too."""
        import tinyseq

        random = np.random.default_rng(1)
        return [_numbers(random, weight.name, tuple(weight.shape)) for weight in self.build(tinyseq).weights]

    def data(self, batch: int) -> Any:
        """Normal numbers."""
        return np.random.default_rng(batch).standard_normal((batch, *self.shape), dtype=np.float32)

    def labels(self, batch: int) -> NDArray[np.int64]:
        """A class for each sample, or for each pixel or step of it."""
        return np.random.default_rng(batch).integers(0, self.output[-1], (batch, *self.output[:-1]))


def _numbers(random: np.random.Generator, name: str, shape: tuple[int, ...]) -> Any:
    """Numbers that keep their size through the net; half of a kernel of one channel each (depthwise) counts its window alone."""
    normal = random.standard_normal(shape, dtype=np.float32)
    if "kernel" in name:
        inputs = np.prod(shape[:2] if "depthwise" in name else shape[:-1])
        return normal * np.float32((2 / inputs) ** 0.5)
    if "gamma" in name or "variance" in name:
        return random.uniform(0.5, 1.5, shape).astype(np.float32)
    return normal * np.float32(0.1)


def operations(net: Built) -> Iterator[tuple[str, list[int], int, dict[str, Any]]]:
    """(kind, numbers of the inputs, of the output, arguments) of each layer in order; number 0 is the input of the net.

    `weights` among the arguments: the places of its arrays in `net.weights()`.
    """
    import tinyseq

    model = net.build(tinyseq)
    numbers = {model.inputs[0]: 0}
    places = {id(weight): place for place, weight in enumerate(model.weights)}
    for node in model.graph.nodes:
        rule: Any = node.rule
        if type(rule).__name__ == "InputLayer":
            continue
        numbers[node.tensor(0)] = len(numbers)
        wanted = {name: getattr(rule, name) for name in ("strides", "rate", "epsilon") if hasattr(rule, name)}
        inputs = [numbers[tensor] for tensor in node.inputs]
        yield type(rule).__name__, inputs, numbers[node.tensor(0)], {**wanted, "weights": [places[id(weight)] for weight in rule.weights]}


BUILT = (
    Built("ResNet-14 with BN 32x32x3", resnet, (32, 32, 3)),
    Built("MobileNet-like with BN 64x64x3", mobile, (64, 64, 3)),
    Built("dense 64-128-128-10, BN, Dropout", mlp, (64,)),
)
