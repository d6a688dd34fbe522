"""What a contender is given, and what it gives back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from tests.benchmarks.models import Array, Net
from tests.benchmarks.normalized import Built

Task = Literal["predict", "train", "weight gradient", "input gradient"]


@dataclass(frozen=True)
class Case:
    """One task on one net and batch, with the data that all contenders share."""

    net: Net | Built
    task: Task
    batch: int
    threads: int
    model_file: Path | None = None
    """The net as an ONNX file, if there is one already."""

    @cached_property
    def weights(self) -> list[Array]:
        """As Net.weights."""
        return self.net.weights()

    @cached_property
    def x(self) -> Array:
        """The inputs, channels last."""
        return self.net.data(self.batch)

    @cached_property
    def y(self) -> NDArray[np.int64]:
        """The labels."""
        return self.net.labels(self.batch)

    @cached_property
    def dy(self) -> Array:
        """The gradient of the output, where the gradient of one layer is measured."""
        shape = (self.batch, *self.net.shapes[-1])
        return np.random.default_rng(self.batch).standard_normal(shape, dtype=np.float32)


@dataclass(frozen=True)
class Contender:
    """`run` is timed. `result` is called once before, and gives numbers that can be compared:

    outputs or gradients as a float array in the layout of tinyseq (channels last; kernels (h, w, in, out)), or, where a
    training step is measured, the losses of STEPS steps, each before its step.
    """

    run: Callable[[], Any]
    result: Callable[[], Any]


Make = Callable[[Case], Contender]

STEPS = 3
"""Training steps that are compared: the second loss depends on the first gradients, the third also on Adam's averages."""

RATE, BETA1, BETA2, EPSILON = 1e-3, 0.9, 0.999, 1e-10
"""Adam's constants. Epsilon is smaller than anybody's default, because PyTorch adds it to another term than Keras does:
with 1e-7 the MNIST net's third losses would be 0.5% apart."""


def losses(step: Callable[[], Any]) -> Array:
    """The losses of STEPS training steps."""
    return np.array([float(step()) for _ in range(STEPS)], np.float32)
