"""The models that are measured, as data: one description, built by every framework with the same weights."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]


@dataclass(frozen=True)
class Net:
    """A stack: ("conv", filters, window, stride), ("pool", window), ("gmp",), ("flatten",), ("dense", units, relu)."""

    name: str
    shape: tuple[int, ...]
    stack: tuple[tuple[Any, ...], ...]
    classes: int = 10

    def data(self, batch: int) -> tuple[Array, NDArray[np.int64]]:
        """x in [0, 1) and labels, always the same ones."""
        random = np.random.default_rng(batch)
        return random.random((batch, *self.shape), dtype=np.float32), random.integers(0, self.classes, batch)


GUIDE = Net(
    "guide convnet 250x250x3",
    (250, 250, 3),
    (
        ("conv", 32, 5, 2), ("conv", 32, 3, 1), ("pool", 3), ("conv", 32, 3, 1), ("conv", 32, 3, 1), ("pool", 3),
        ("conv", 32, 3, 1), ("conv", 32, 3, 1), ("pool", 2), ("gmp",), ("dense", 10, False),
    ),
)  # fmt: skip
MNIST = Net(
    "MNIST convnet 28x28x1",
    (28, 28, 1),
    (("conv", 32, 3, 1), ("conv", 64, 3, 1), ("pool", 2), ("flatten",), ("dense", 128, True), ("dense", 10, False)),
)
MLP = Net("MLP 784-512-512-10", (784,), (("dense", 512, True), ("dense", 512, True), ("dense", 10, False)))


def weights_of(model: Any) -> list[Array]:
    """Kernel, bias, kernel, bias ... of our model: what every peer starts from."""
    return [np.asarray(weight) for weight in model.get_weights()]
