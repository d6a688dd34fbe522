"""Gradients of the weights: one set for each group of the batch, added up in the order of the groups."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tinyseq.engine.chores import Chores
from tinyseq.engine.plan import Op
from tinyseq.weights import memory
from tinyseq.weights.weight import Weight

Array = NDArray[Any]

LINE = 16
"""Numbers in a line of the cache: each set begins with one."""
SUM_UNIT = 1 << 14
"""Numbers that one task adds up: 64 KiB of each set."""


class Gradients:
    """Flat float32 arrays, one a group, the rows of `sets`; `of(weight)` is the sum after `reduce`."""

    def __init__(self, weights: Sequence[Weight], groups: int, late: Sequence[Weight] = ()) -> None:
        """`late`: weights among them that have one set only, because theirs come after all groups: see deferred_gradients.py."""
        self.weights = list(weights)
        self.late = list(late)
        self._late_ids = {id(weight) for weight in late}
        self._grouped = [weight for weight in weights if id(weight) not in self._late_ids]
        self.size = sum(weight.size for weight in self._grouped)
        row = -(-self.size // LINE) * LINE
        self.sets = memory.aligned(4 * groups * row).view(np.float32).reshape(groups, row)
        self.flat = list(self.sets)
        self._views = [self._cut(flat, self._grouped) for flat in self.flat]
        self._late_flat = np.empty(sum(weight.size for weight in late), np.float32)
        self._views[0] |= self._cut(self._late_flat, self.late)
        self._sums: dict[int, Chores] = {}
        """By the number of groups."""
        self._by_op: dict[tuple[int, Op], dict[str, Array]] = {}

    def _cut(self, flat: Array, weights: Sequence[Weight]) -> dict[int, Array]:
        views, start = {}, 0
        for weight in weights:
            views[id(weight)] = flat[start : start + weight.size].reshape(weight.shape)
            start += weight.size
        return views

    def clear(self, group: int) -> None:
        """Zeros, before the first piece of a group."""
        self.flat[group].fill(0)

    def of_op(self, group: int, op: Op) -> dict[str, Array]:
        """Where an operation adds its gradients, by name."""
        key = (group, op)
        found = self._by_op.get(key)
        if found is None:
            if len(self._by_op) > 4096:
                self._by_op.clear()
            views = self._views[group]
            found = {weight.name: views[id(weight)] for weight in op.trained if id(weight) not in self._late_ids}
            self._by_op[key] = found
        return found

    def of_late(self, op: Op) -> dict[str, Array]:
        """Where an operation adds its late gradients, by name."""
        return {weight.name: self._views[0][id(weight)] for weight in op.trained}

    def reduce(self, groups: int) -> None:
        """flat[0] becomes the sum of the first `groups` sets, in their order."""
        if groups == 1:
            return
        chores = self._sums.setdefault(groups, Chores())
        large = self.size > SUM_UNIT
        chores.run(lambda: self._sum_tasks(groups), [self.sets], worth=large, worth_waking=large)

    def _sum_tasks(self, groups: int) -> list[Callable[[], None]]:
        from tinyseq.kernels.movement.copying import add_rows  # numba, which a plan does not need

        starts = range(0, self.size, SUM_UNIT)
        return [partial(add_rows, self.sets, groups, start, min(start + SUM_UNIT, self.size)) for start in starts]

    def of(self, weight: Weight) -> Array:
        """The gradient of a weight, after `reduce`."""
        return self._views[0][id(weight)]
