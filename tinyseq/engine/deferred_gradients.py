"""Weight gradients of large Dense layers, computed for the whole batch after its groups have joined.

One set of gradients for each group would cost more than the layer: 8 sets of (9216, 128) are 38 MiB to clear, to add into
and to add up. Instead each piece leaves the layer's input and the gradient before its activation here, and one product over
the whole batch follows, split over threads by rows of the kernel: the same numbers whatever the number of threads.
"""

from __future__ import annotations

import math
from typing import Any

from numpy.typing import NDArray

from tinyseq.engine import own, threads
from tinyseq.engine.chores import Chores
from tinyseq.engine.context import Context
from tinyseq.engine.operator import Operator
from tinyseq.engine.plan import Op, Plan
from tinyseq.weights import memory

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


class LateOp:
    """One use of such a layer: what its pieces leave, (batch, ...), and the context of the product."""

    def __init__(self, plan: Plan, op: Op) -> None:
        self.layer = op.layer
        self.inputs = memory.empty(plan.shapes[op.inputs[0]])
        self.gradient = memory.empty(plan.shapes[op.outputs[0]])
        self.chores = Chores()
        context = self.context = Context(training=True)
        context.batch = len(self.inputs)
        context.inputs = (self.inputs,)
        context._input_gradients = (None,)
        context._weights = {weight.name: weight.value for weight in op.weights}
        buffers = op.layer.buffers((self.inputs.shape,), self.gradient.shape, True)
        context._scratch = {name: memory.empty(shape, dtype) for name, (shape, dtype) in buffers.backward.items()}

    @property
    def nbytes(self) -> int:
        """Bytes that it keeps."""
        return self.inputs.nbytes + self.gradient.nbytes + sum(a.nbytes for a in self.context._scratch.values())

    def run(self, gradients: dict[str, Array], fresh: bool) -> None:
        """Adds the weight gradients of the whole batch; if `fresh`, writes them, since nothing has been added yet."""
        context = self.context
        context.fresh = fresh
        context.parts = threads.get_num_threads()
        context._gradients = gradients
        if self.layer.replayable and not own.written_by_user(self.layer, "late_gradients"):
            self.chores.run(lambda: [self._compute], list(gradients.values()), worth=True, worth_waking=True)
        else:
            self._compute()

    def _compute(self) -> None:
        from tinyseq.kernels.runtime.recording import is_noting  # numba, which a plan does not need

        self.context.marks = is_noting()
        self.layer.late_gradients(self.context, self.gradient)
