"""A frozen base is computed once for each fit: its outputs are kept, and each step begins there. The numbers are the same bits.

It ends before the first layer that training changes: one with a weight that trains, moving statistics, random numbers, or a forward
written in Python. At most MOST_BYTES, and a quarter of the free memory, are taken; where the outputs need more, every step computes
them. They are computed anew if one of the frozen weights is set during the fit, and not if a callback changes the arrays of x in place.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from shapecheck.languages import say
from shapecheck.memory import human
from tinyseq.engine import frozen
from tinyseq.engine.operator import changing
from tinyseq.engine.plan import Mode, Plan
from tinyseq.training import overrides
from tinyseq.training.data import Arrays, Batch, Streamed, Taken
from tinyseq.training.logging_switch import show
from tinyseq.training.network import Network
from tinyseq.weights import memory
from tinyseq.weights.weight import Weight

if TYPE_CHECKING:
    from tinyseq.training.step_state import StepState

Array = NDArray[Any]
Shapes = tuple[tuple[int, ...], ...]

MOST_BYTES = 1 << 30
"""The most that the outputs of one fit may take."""
SHARE = 4
"""At most one part in so many of the free memory."""


class Kept:
    """The outputs of the base for one data set. `there`: for which of its rows."""

    def __init__(self, samples: int, plan: Plan, mode: Mode) -> None:
        self.base, self.rest = mode.of_part("base"), mode.of_part("rest")
        self.arrays = [np.empty((samples, *plan.shapes[tensor][1:]), plan.dtypes[tensor]) for tensor in plan.outputs]
        self.there = np.zeros(samples, bool)
        self.weights: list[Weight] = list({id(weight): weight for op in plan.ops for weight in op.weights}.values())
        self.versions = self.now()

    def now(self) -> list[int]:
        """The versions of the base's weights."""
        return [weight.version for weight in self.weights]


class FrozenBase:
    """The frozen base of a model during one fit.

    Arguments:
        model: the model that trains
        data: the arrays that it trains on and is validated with; batches of others begin at the model's inputs
        says: whether to print once what is kept
    """

    def __init__(self, model: Network, data: Sequence[Arrays | Streamed | None], says: bool) -> None:
        self.model = model
        self.data = [one for one in data if isinstance(one, Arrays)]
        self.says = says
        self._state: StepState | None = None
        self._kept: dict[tuple[int, Mode], Kept | None] = {}
        """By data set and mode; None: there is no base, or it takes too much memory."""
        self._bytes = 0

    def begin(self, batch: Batch, state: StepState, mode: Mode) -> tuple[list[Array], Mode, Shapes | None]:
        """What the engine is given for a batch: the base's outputs and the rest of the model, or the inputs and all of it."""
        if not isinstance(batch, Taken) or (kept := self._find(batch, state, mode)) is None:
            return batch.inputs, mode, None
        source, rows = batch.source, batch.rows
        shapes = tuple((batch.size, *array.shape[1:]) for array in source.inputs)
        if not kept.there[rows].all():
            outputs = self.model._ready_engine().run(batch.inputs, kept.base, shapes=shapes)
            for array, output in zip(kept.arrays, outputs, strict=True):
                array[rows] = output
            kept.there[rows] = True
            return outputs, kept.rest, shapes
        return [np.ascontiguousarray(array[rows]) for array in kept.arrays], kept.rest, shapes

    def _find(self, batch: Taken, state: StepState, mode: Mode) -> Kept | None:
        if not any(batch.source is one for one in self.data) or state.masked:
            return None
        if state is not self._state:  # compiled again by a callback
            self._state, self._kept, self._bytes = state, {}, 0
        key = (id(batch.source), mode)
        if key not in self._kept:
            self._kept[key] = self._make(batch, state, mode)
        kept = self._kept[key]
        if kept is not None and kept.versions != kept.now():
            kept.there[:] = False
            kept.versions = kept.now()
        return kept

    def _make(self, batch: Taken, state: StepState, mode: Mode) -> Kept | None:
        """Room for the outputs of the base, if there is one."""
        if not any(layer._weights for layer in state.frozen):
            return None
        shapes = tuple((batch.size, *array.shape[1:]) for array in batch.source.inputs)
        seen = Mode(mode.training, mode.backward, state.weights, logits=mode.logits, frozen=state.frozen, whole=mode.whole).unjoined()
        graph = self.model._built_graph("numbers")
        if not frozen.frozen_base(Plan(graph, shapes, seen)):
            return None
        plan = Plan(graph, shapes, seen.of_part("base"))
        need = batch.source.samples * sum(plan.bytes_of(tensor) for tensor in plan.outputs) // batch.size
        if self._bytes + need > self._room():
            self._say(say(
                "training", "frozen.large", "the outputs of the frozen layers need {size}, more than is kept: each step computes them",
                size=human(need),
            ))  # fmt: skip
            return None
        self._bytes += need
        names = [str(op.layer.name) for op in plan.ops if op.weights]
        self._say(_once(names, human(need)))
        return Kept(batch.source.samples, plan, seen)

    def _room(self) -> int:
        free = memory.available()
        return MOST_BYTES if free is None else min(MOST_BYTES, (free + self._bytes) // SHARE)

    def _say(self, words: str) -> None:
        """Once in a fit."""
        if self.says:
            self.says = False
            show(f"{self.model.name}: {words}")


def _once(names: Sequence[str], size: str) -> str:
    if len(names) > 1:
        return say(
            "training", "frozen",
            "the outputs of {count} frozen layers ({first} to {last}) are computed once for this fit ({size}); "
            "fit(..., keep_frozen=False) computes them in every step",
            count=len(names), first=names[0], last=names[-1], size=size,
        )  # fmt: skip
    return say(
        "training", "frozen.one",
        "the outputs of the frozen layer {layer} are computed once for this fit ({size}); "
        "fit(..., keep_frozen=False) computes them in every step",
        layer=names[0], size=size,
    )  # fmt: skip


def frozen_base(model: Any, data: Sequence[Arrays | Streamed | None], epochs: int, wanted: bool, says: bool) -> FrozenBase | None:
    """For a fit of so many epochs; None if nothing would be used twice, or if every step must see the model's own inputs."""
    own_step = overrides.own(model, "train_step") or overrides.own(model, "test_step")
    return FrozenBase(model, data, says) if wanted and epochs > 1 and not own_step and not changing(model) else None
