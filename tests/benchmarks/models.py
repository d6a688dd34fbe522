"""The models that are measured, as data: one description, built by every framework with the same weights."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]
Shape = tuple[int, ...]


@dataclass(frozen=True)
class Conv:
    """A convolution without padding, with bias: (h, w, c) -> ((h - window) // stride + 1, ..., filters)."""

    filters: int
    window: int
    stride: int = 1
    relu: bool = True


@dataclass(frozen=True)
class Pool:
    """The greatest number of each window; windows do not overlap."""

    window: int


@dataclass(frozen=True)
class GlobalMax:
    """(h, w, c) -> (c,)."""


@dataclass(frozen=True)
class Flatten:
    """(h, w, c) -> (h * w * c,)."""


@dataclass(frozen=True)
class Dense:
    """(features,) -> (units,), with bias."""

    units: int
    relu: bool = True


@dataclass(frozen=True)
class Words:
    """Whole numbers below `size` -> rows of a table: (steps,) -> (steps, width)."""

    size: int
    width: int


@dataclass(frozen=True)
class Recurrent:
    """"LSTM" or "GRU": (steps, features) -> (units,), or (steps, units); both: forwards and backwards, side by side."""

    kind: str
    units: int
    both: bool = False
    sequences: bool = False

    @property
    def gates(self) -> int:
        """Products side by side in a kernel."""
        return 4 if self.kind == "LSTM" else 3


Part = Conv | Pool | GlobalMax | Flatten | Dense | Words | Recurrent


@dataclass(frozen=True)
class Net:
    """A stack of parts over inputs of one shape (batch axis left out, channels last)."""

    name: str
    shape: Shape
    parts: tuple[Part, ...]

    @property
    def comparable(self) -> Net:
        """Itself: nothing is drawn by chance."""
        return self

    @property
    def shapes(self) -> list[Shape]:
        """The input's shape, then what comes out of each part."""
        found = [self.shape]
        for part in self.parts:
            found.append(shape_after(part, found[-1]))
        return found

    def steps(self) -> Iterator[tuple[Part, Shape, Shape]]:
        """Each part with the shapes that go in and come out."""
        shapes = self.shapes
        return zip(self.parts, shapes[:-1], shapes[1:], strict=True)

    def weights(self) -> list[Array]:
        """Kernel, bias, kernel, bias ...: what every contender starts from. Kernels are (h, w, in, out) or (in, out).

        Normal with deviation sqrt(2 / inputs), He et al. (2015), eq. 10, so that numbers keep their size through the stack.
        """
        random = np.random.default_rng(1)
        found: list[Array] = []
        for part, given, _ in self.steps():
            if isinstance(part, (Conv, Dense)):
                shape = kernel_shape(part, given)
                kernel = random.standard_normal(shape, dtype=np.float32) * np.float32(math.sqrt(2 / math.prod(shape[:-1])))
                found += [kernel, random.standard_normal(shape[-1], dtype=np.float32) * np.float32(0.1)]
            elif isinstance(part, Words):
                found.append(random.standard_normal((part.size, part.width), dtype=np.float32))
            elif isinstance(part, Recurrent):
                for shape in recurrent_shapes(part, given[-1]) * (2 if part.both else 1):
                    deviation = 1 / math.sqrt(shape[0]) if len(shape) == 2 and shape[0] > 2 else 0.1
                    found.append(random.standard_normal(shape, dtype=np.float32) * np.float32(deviation))
        return found

    @property
    def over_steps(self) -> bool:
        """Whether it has recurrent parts, which not every contender builds."""
        return any(isinstance(part, Recurrent) for part in self.parts)

    def data(self, batch: int) -> Array:
        """Numbers in [0, 1), all different: a maximum is at one place, where frameworks cannot disagree."""
        shape = (batch, *self.shape)
        if isinstance(self.parts[0], Words):
            return np.random.default_rng(batch).integers(0, self.parts[0].size, shape).astype(np.int32)  # type: ignore[return-value]
        size = math.prod(shape)
        return (np.random.default_rng(batch).permutation(size) / size).astype(np.float32).reshape(shape)

    def labels(self, batch: int) -> NDArray[np.int64]:
        """A class for each sample."""
        return np.random.default_rng(batch).integers(0, self.shapes[-1][-1], batch)


def kernel_shape(part: Conv | Dense, given: Shape) -> Shape:
    """The shape of a part's kernel, for inputs of shape `given`."""
    if isinstance(part, Conv):
        return part.window, part.window, given[-1], part.filters
    return given[0], part.units


def recurrent_shapes(part: Recurrent, features: int) -> list[Shape]:
    """kernel, recurrent_kernel, bias of one direction, as Keras has them."""
    width = part.gates * part.units
    return [(features, width), (part.units, width), (width,) if part.kind == "LSTM" else (2, width)]


def shape_after(part: Part, given: Shape) -> Shape:
    """What comes out of a part."""
    match part:
        case Conv(filters, window, stride):
            rows, columns = ((size - window) // stride + 1 for size in given[:2])
            return rows, columns, filters
        case Pool(window):
            return given[0] // window, given[1] // window, given[2]
        case GlobalMax():
            return (given[2],)
        case Flatten():
            return (math.prod(given),)
        case Dense(units):
            return (units,)
        case Words(_, width):
            return (*given, width)
        case Recurrent(_, units, both, sequences):
            width = 2 * units if both else units
            return (given[0], width) if sequences else (width,)


GUIDE = Net(
    "guide convnet 250x250x3",
    (250, 250, 3),
    (
        Conv(32, 5, 2), Conv(32, 3), Pool(3), Conv(32, 3), Conv(32, 3), Pool(3), Conv(32, 3), Conv(32, 3), Pool(2),
        GlobalMax(), Dense(10, relu=False),
    ),
)  # fmt: skip
"""The convnet that the guide "The Sequential model" builds up, with a classifier on top."""

MNIST = Net(
    "MNIST convnet 28x28x1",
    (28, 28, 1),
    (Conv(32, 3), Conv(64, 3), Pool(2), Flatten(), Dense(128), Dense(10, relu=False)),
)
MLP = Net("dense 784-512-512-10", (784,), (Dense(512), Dense(512), Dense(10, relu=False)))
TINY = Net("model(x), dense 4-64-64-3", (4,), (Dense(64), Dense(64), Dense(3, relu=False)))


LSTM = Net("LSTM 128 on 50x64", (50, 64), (Recurrent("LSTM", 128), Dense(10, relu=False)))
GRU = Net("GRU 128 on 50x64", (50, 64), (Recurrent("GRU", 128), Dense(10, relu=False)))
SENTIMENT = Net(
    "words, LSTM 64 both ways, twice",
    (200,),
    (Words(20_000, 128), Recurrent("LSTM", 64, both=True, sequences=True), Recurrent("LSTM", 64, both=True), Dense(2, relu=False)),
)
"""20,000 words as 128 numbers each, 200 steps."""


def conv_layer(size: int, channels: int, filters: int, window: int = 3, stride: int = 1, relu: bool = True) -> Net:
    """One convolution over size x size images."""
    strided = f" stride {stride}" if stride > 1 else ""
    name = f"conv {window}x{window}{strided} {channels}->{filters} on {size}x{size}"
    return Net(name, (size, size, channels), (Conv(filters, window, stride, relu),))


def pool_layer(size: int, channels: int, window: int) -> Net:
    """One max-pooling over size x size images."""
    return Net(f"max-pool {window}x{window} on {size}x{size}x{channels}", (size, size, channels), (Pool(window),))
