"""Gradients of the weights: one set for each group of the batch, added up in the order of the groups.

For a large Dense layer, one set for each group would cost more than the layer itself: 8 sets of (9216, 128) are 38 MiB to clear, to add
into and to add up. Its gradients are deferred: each shard keeps the layer's input and the gradient before its activation, and one
product over the whole batch follows, split over threads by rows of the kernel: the same numbers whatever the number of threads.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tinyseq.engine.context import Context
from tinyseq.engine.operator import Operator, Place
from tinyseq.engine.plan import Op, Plan
from tinyseq.kernels.alignment import aligned
from tinyseq.kernels.runtime.calls import Calls
from tinyseq.weights.weight import Weight

Array = NDArray[Any]

LINE = 16
"""Floats in a cache line: each set begins at one."""
SUM_UNIT = 1 << 14
"""Floats that one task adds up: 64 KiB of each set."""


class Slots:
    """The offset of each weight's gradient in a flat set."""

    def __init__(self, weights: Sequence[Weight], late: Sequence[Weight]) -> None:
        """`late`: weights with only one set, because their gradients are computed after all groups."""
        self.weights = list(weights)
        self.late = list(late)
        ids = {id(weight) for weight in late}
        self.grouped = [weight for weight in weights if id(weight) not in ids]
        self.size = sum(weight.size for weight in self.grouped)
        self.row = -(-self.size // LINE) * LINE
        self.late_size = sum(weight.size for weight in late)

    def same(self, other: Slots) -> bool:
        """Whether both are for the same weights."""
        mine, theirs = ([id(w) for w in (*one.weights, *one.late)] for one in (self, other))
        return mine == theirs and len(self.late) == len(other.late)

    def of_groups(self, row: Array) -> dict[int, Array]:
        """The gradients in a set, by the weights' ids."""
        return _cut(row, self.grouped)

    def of_late(self, flat: Array) -> dict[int, Array]:
        """The late ones."""
        return _cut(flat, self.late)


def _cut(flat: Array, weights: Sequence[Weight]) -> dict[int, Array]:
    views, start = {}, 0
    for weight in weights:
        views[id(weight)] = flat[start : start + weight.size].reshape(weight.shape)
        start += weight.size
    return views


class Gradients:
    """The sets of a step, (groups, numbers); `of(weight)` is the sum after the step."""

    def __init__(self, slots: Slots, groups: int) -> None:
        self.slots = slots
        self.sets = aligned(groups * slots.row).reshape(groups, slots.row)
        self.late = np.empty(slots.late_size, np.float32)
        self._views = slots.of_groups(self.sets[0]) | slots.of_late(self.late)

    def of(self, weight: Weight) -> Array:
        """The gradient of a weight."""
        return self._views[id(weight)]


def add_sets(calls: Calls, sets: Array, groups: int, start: int, stop: int) -> None:
    """sets[0, start:stop] = the sum of the first `groups` sets."""
    from tinyseq.kernels.movement.copying import add_rows  # numba, which a plan does not need

    calls.call(add_rows, sets, groups, start, stop)


def late_layers(plan: Plan, groups: int) -> set[Operator]:
    """The layers for which keeping input and gradient takes less memory than a set of gradients for each group."""
    if groups < 2 or not plan.mode.backward:
        return set()
    cost: dict[Operator, int] = {}
    unbatched = {op.layer for op in plan.ops if op.rows is not None}
    for op in plan.ops:
        if op.layer.late and op.trained and op.layer not in unbatched:
            kept = math.prod(plan.shapes[op.inputs[0]]) + math.prod(plan.shapes[op.outputs[0]])
            cost[op.layer] = cost.get(op.layer, 0) + kept
    return {layer for layer, kept in cost.items() if groups * sum(w.size for w in layer._weights) > 2 * kept}


def late_scratch(plan: Plan, op: Op) -> dict[str, Place]:
    """The scratch of the product."""
    return op.layer.buffers((plan.shapes[op.inputs[0]],), plan.shapes[op.outputs[0]], True).backward


def add_deferred(context: Context, index: int, op: Op, arrays: Mapping[Any, Array], late: Mapping[int, Array], fresh: bool) -> None:
    """Adds the weight gradients of the whole batch; if `fresh`, writes them, since nothing has been added yet."""
    inputs = arrays["late_input", index]
    context.batch, context.inputs, context._input_gradients, context.fresh = len(inputs), (inputs,), (None,), fresh
    context._weights = {weight.name: weight.value for weight in op.weights}
    context._gradients = {weight.name: late[id(weight)] for weight in op.trained}
    context._scratch = {key[2]: array for key, array in arrays.items() if key[:2] == ("late_scratch", index)}
    op.layer.late_gradients(context, arrays["late_gradient", index])
