"""How much a row computes and how much it must move at least: for GFLOP/s, and for the place of a row in the roofline.

Operations are those of the definition: a convolution counts window * window * channels multiply-adds for each number that
it gives, two operations each, also where Winograd's method does fewer. Bias and relu are left out. A max-pooling counts one
comparison for each number that it looks at, and only where it stands alone: these are no multiply-adds, and no fraction of a
peak is made of them.

Bytes are what each layer must at least read and write once if nothing stays in a cache between layers:
forward x, w -> y; weight gradient x, dy -> dw; input gradient dy, w -> dx; Adam reads w, g, m, v and writes w, m, v.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from tests.benchmarks.cases import Task
from tests.benchmarks.models import Conv, Dense, Flatten, Net, Part, Pool, Recurrent, Shape, Words, kernel_shape, recurrent_shapes


@dataclass(frozen=True)
class Counts:
    """Of one call: operations, whether they are multiply-adds, and bytes."""

    operations: float
    multiply_adds: bool
    bytes: float

    @property
    def intensity(self) -> float:
        """Operations for each byte."""
        return self.operations / self.bytes


def counts(net: Net, task: Task, batch: int) -> Counts:
    """What one call of this task does."""
    multiplies = any(isinstance(part, (Conv, Dense, Recurrent)) for part in net.parts)
    operations = moved = 0.0
    first = True
    for part, given, out in net.steps():
        if isinstance(part, Flatten):
            continue  # the same numbers, where they lie
        weights = weight_count(part, given)
        passes = passes_of(task, weights > 0, first)
        operations += passes * batch * work(part, given, out) if multiplies == (weights > 0) else 0
        moved += 4 * passes * (batch * (math.prod(given) + math.prod(out)) + weights)
        moved += 28 * weights if task == "train" else 0
        first = first and not weights
    return Counts(operations, multiplies, moved)


def passes_of(task: Task, has_weights: bool, first: bool) -> int:
    """How often a part's work is done: forward, for its weights' gradient, for its input's (of the first layer: not needed)."""
    if task != "train":
        return 1
    return 1 + has_weights + (not first)


def weight_count(part: Part, given: Shape) -> int:
    """Numbers in kernel and bias."""
    if isinstance(part, Words):
        return part.size * part.width
    if isinstance(part, Recurrent):
        return sum(map(math.prod, recurrent_shapes(part, given[-1]))) * (2 if part.both else 1)
    if not isinstance(part, (Conv, Dense)):
        return 0
    shape = kernel_shape(part, given)
    return math.prod(shape) + shape[-1]


def work(part: Part, given: Shape, out: Shape) -> int:
    """Operations for one sample."""
    match part:
        case Conv() | Dense():
            return 2 * math.prod(out[:-1]) * math.prod(kernel_shape(part, given))
        case Recurrent(_, units, both):
            return 2 * given[0] * part.gates * units * (given[-1] + units) * (2 if both else 1)
        case Pool(window):
            return math.prod(out) * window * window
        case _:
            return 0
