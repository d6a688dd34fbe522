"""What a layer sees during one call: its arrays. Nothing of a call is kept on the layer, so threads can share layers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tinyseq.engine import threads
from tinyseq.engine.pooled_gradient import Handed
from tinyseq.weights import memory

Array = NDArray[Any]
Run = Callable[[int, int, int], None]
"""run(start, stop, part): work units start..stop-1, with the scratch of `part`."""

SPLIT_FLOPS = 1_500_000
"""Work below so many floating point operations for each lane of a register is not split: a hand-over costs 26-120 us
(3x3 convolution of 32 channels, 4 images of 20x20: 87 us at once, 111 in two halves; Zen 4, 16 lanes)."""

PLAYED_FLOPS = 400_000
"""The same where no Python stands between (engine/stage.py)."""


class Context:
    """The arrays of one layer in one call on one shard of the batch.

    Arrays are C-contiguous float32 (integers int64). `output`, scratch and saved arrays hold garbage at the start of
    forward; what forward leaves in saved arrays, backward finds there. Made once for a workspace and used for many calls.
    """

    __slots__ = (
        "_gradients", "_input_gradients", "_prepared", "_random", "_saved", "_scratch", "_weights", "absorbed", "asked", "batch", "draw",
        "fresh", "handed", "inputs", "layer", "logits", "marks", "output", "outputs", "parts", "seed", "shard", "strict", "training",
        "unplayable",
    )  # fmt: skip

    def __init__(self, training: bool = False) -> None:
        self.training = training
        self.logits = False
        """True if this is the last layer and the loss works on its logits: leave the activation out."""
        self.absorbed = ""
        """The activation, "relu" or "relu6", that forward is to apply and backward to differentiate: see Operator.absorbs."""
        self.layer = ""
        """The layer's name."""
        self.strict = False
        """True: `gradient` refuses names that the layer has no weight for, and notes in `asked` for which it was called."""
        self.asked: set[str] = set()
        self.inputs: tuple[Array, ...] = ()
        self.output: Array = _NOTHING
        self.outputs: tuple[Array, ...] = ()
        """All outputs, of a layer that has several; `output` is the first."""
        self.batch = 0
        """Samples in the whole batch; a shard sees only its part of them."""
        self.shard = 0
        self.parts = 1
        """How many parts `split` may make."""
        self.unplayable = False
        """True once something was done that the engine cannot note and play again (engine/program.py): work was split over
        threads, or numpy did it."""
        self.marks = False
        """True while calls are noted: the parts of a split are computed one after the other, with marks between them."""
        self.fresh = False
        """In late_gradients: nothing has been added to the gradients yet, they hold garbage."""
        self.handed: Handed | None = None
        """In backward: the gradient is that of the max pooling after this layer, as engine/pooled_gradient.py says."""
        self._weights: dict[str, Array] = {}
        self._prepared: dict[str, Array] = {}
        self._saved: dict[str, Array] = {}
        self._scratch: dict[str, Array] = {}
        self._gradients: dict[str, Array] = {}
        self._input_gradients: tuple[Array | None, ...] = ()
        self.seed: tuple[int, ...] = ()
        self.draw = 0
        """How often the layer drew before."""
        self._random: np.random.Generator | None = None

    def weight(self, name: str) -> Array:
        """The weight of that name. KeyError, with the names there are, if there is none."""
        try:
            return self._weights[name]
        except KeyError:
            raise _unknown_weight(self.layer, name, list(self._weights)) from None

    def prepared(self, name: str) -> Array:
        """What the layer's `prepare` made under that name."""
        return self._prepared[name]

    def saved(self, name: str) -> Array:
        """An array that lives from forward to backward."""
        return self._saved[name]

    def scratch(self, name: str, part: int = 0) -> Array:
        """An array of this one call; every part of a split work has its own."""
        if part == 0:
            return self._scratch[name]
        key = f"{name}/{part}"
        found = self._scratch.get(key)
        if found is None:
            first = self._scratch[name]
            found = self._scratch[key] = memory.empty(first.shape, first.dtype)
        return found

    def gradient(self, name: str) -> Array | None:
        """Where to add (+=) the gradient of a weight; None: the weight is frozen, compute nothing."""
        found = self._gradients.get(name)
        if self.strict:
            if found is None and name not in self._weights:
                raise _unknown_weight(self.layer, name, list(self._weights))
            self.asked.add(name)
        return found

    def input_gradient(self, i: int = 0) -> Array | None:
        """Where to write the gradient of input i; None: nobody needs it."""
        return self._input_gradients[i]

    @property
    def random(self) -> np.random.Generator:
        """Random numbers of this layer, call and shard: the same whatever the number of threads."""
        if self._random is None:
            self._random = np.random.Generator(np.random.Philox(np.random.SeedSequence((*self.seed, self.draw, self.shard))))
        return self._random

    def split(self, run: Run, units: int, flops: float) -> None:
        """run(0, units, 0), or the same range in parts over threads if this call is not one of several shards.

        The parts follow from `units` and the number of threads: a unit's numbers must not depend on its part.
        """
        if self.parts == 1 or units < 2 or not worth_splitting(flops, self.marks):
            run(0, units, 0)
            return
        parts = min(self.parts, units)
        cuts = [units * part // parts for part in range(parts + 1)]
        for name in list(self._scratch):  # made here: two threads must not make the same one
            if "/" not in name:
                for part in range(1, parts):
                    self.scratch(name, part)
        tasks = [_part(run, cuts[part], cuts[part + 1], part) for part in range(parts)]
        if self.marks:
            _marked(tasks)
        else:
            self.unplayable = True
            threads.run(tasks)


def _marked(tasks: Sequence[Callable[[], None]]) -> None:
    """One after the other, with marks between what is noted."""
    from tinyseq.kernels.runtime.recording import END, MARK, mark

    for task in tasks:
        mark(MARK)
        task()
    mark(END)


def worth_splitting(flops: float, played: bool = False) -> bool:
    """Whether two threads do so many floating point operations sooner than one."""
    from tinyseq.kernels.matrix.simd import LANES  # numba, which kernels have loaded by now

    return flops >= (PLAYED_FLOPS if played else SPLIT_FLOPS) * LANES


def _unknown_weight(layer: str, name: str, known: Sequence[str]) -> KeyError:
    """The layer has no weight of that name."""
    have = "its weights are " + ", ".join(map(repr, known)) if known else "it has none: add_weight in build() makes them"
    return KeyError(f"{layer}: has no weight {name!r}: {have}")


def _part(run: Run, start: int, stop: int, part: int) -> Callable[[], None]:
    return lambda: run(start, stop, part)


_NOTHING: Array = np.empty(0, np.float32)
