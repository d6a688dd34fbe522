"""Weight gradients of large Dense layers, computed for the whole batch after its groups have joined.

One set of gradients for each group would cost more than the layer: 8 sets of (9216, 128) are 38 MiB to clear, to add into
and to add up. Instead each piece leaves the layer's input and the gradient before its activation, and one product over
the whole batch follows, split over threads by rows of the kernel: the same numbers whatever the number of threads.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from numpy.typing import NDArray

from tinyseq.engine.context import Context
from tinyseq.engine.operator import Operator, Place
from tinyseq.engine.plan import Op, Plan

Array = NDArray[Any]


def late_layers(plan: Plan, groups: int) -> set[Operator]:
    """The layers for which keeping input and gradient is less than a set of gradients for each group."""
    if groups < 2 or not plan.mode.backward:
        return set()
    cost: dict[Operator, int] = {}
    for op in plan.ops:
        if op.layer.late and op.trained:
            kept = math.prod(plan.shapes[op.inputs[0]]) + math.prod(plan.shapes[op.outputs[0]])
            cost[op.layer] = cost.get(op.layer, 0) + kept
    return {layer for layer, kept in cost.items() if groups * sum(w.size for w in layer._weights) > 2 * kept}


def late_scratch(plan: Plan, op: Op) -> dict[str, Place]:
    """What the product needs beside input and gradient."""
    return op.layer.buffers((plan.shapes[op.inputs[0]],), plan.shapes[op.outputs[0]], True).backward


def compute(context: Context, index: int, op: Op, arrays: Mapping[Any, Array], late: Mapping[int, Array], fresh: bool) -> None:
    """Adds the weight gradients of the whole batch; if `fresh`, writes them, since nothing has been added yet."""
    inputs = arrays["late_input", index]
    context.batch, context.inputs, context._input_gradients, context.fresh = len(inputs), (inputs,), (None,), fresh
    context._weights = {weight.name: weight.value for weight in op.weights}
    context._gradients = {weight.name: late[id(weight)] for weight in op.trained}
    context._scratch = {key[2]: array for key, array in arrays.items() if key[:2] == ("late_scratch", index)}
    op.layer.late_gradients(context, arrays["late_gradient", index])
