"""Gradients of a graph's outputs, for any use: not of a loss, but of sum(output * g) for arrays g that the caller has."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tinyseq.engine.engine import Engine
from tinyseq.engine.plan import Mode
from tinyseq.weights.weight import Weight

if TYPE_CHECKING:
    from collections.abc import Callable

Array = NDArray[Any]


class Gradients(NamedTuple):
    """Outputs, gradients of the weights in their order, gradients of the inputs (None where none flows)."""

    outputs: list[Array]
    weights: list[Array]
    inputs: list[Array | None]


class Given:
    """In place of a loss: the gradients of the outputs, from a function of (outputs, first row, last row + 1)."""

    kernels: tuple[Any, ...] | None = None

    def __init__(self, function: Callable[[Sequence[Array], int, int], Sequence[Array]]) -> None:
        self.function = function
        self.arrays: list[Array] = []
        self.rows: list[Array] = []

    def __call__(self, shard: Any, outputs: Sequence[Array], gradients: Sequence[Array]) -> None:
        for place, value in zip(gradients, self.function(outputs, shard.start, shard.stop), strict=True):
            place[...] = value

    def tell(self, calls: Any, arrays: Sequence[Array], outputs: Sequence[Array], gradients: Sequence[Array]) -> None:
        raise NotImplementedError


def pull_back(
    engine: Engine, inputs: Sequence[Array], given: Sequence[Array], weights: Sequence[Weight] = (), training: bool = False
) -> Gradients:
    """The gradients of sum(output * g) over all outputs and their g in `given`. No weight and no moving statistic changes."""
    arrays = [np.asarray(g, np.float32) for g in given]
    loss = Given(lambda ys, start, stop: [g if g.shape == y.shape else g[start:stop] for g, y in zip(arrays, ys, strict=True)])
    mode = Mode(training=training, backward=True, trained=weights, input_gradients=True)
    step = engine.step(inputs, mode, loss)
    found = Gradients(step.outputs, [step.gradients.of(weight).copy() for weight in weights], step.inputs)
    step.drop()
    return found
