"""What a layer sees during one call: its arrays, and the receiver of its kernel calls. No state of a call is stored on the layer,
so threads can share layers."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tinyseq.kernels.runtime.calls import AtOnce

if TYPE_CHECKING:
    from tinyseq.engine.pooled_gradient import Handed

Array = NDArray[Any]
Run = Callable[[int, int, int], None]
"""run(start, stop, part): work units start..stop-1, with the scratch of `part`."""

NOTHING: Array = np.empty(0, np.float32)


class Refused(Exception):
    """A call that must return True returned False: the run is repeated step by step, which reports the error."""


class Context(AtOnce):
    """The arrays of one layer in one call on one shard of the batch.

    Arrays are C-contiguous float32 (integers int64). `output`, scratch and saved arrays contain garbage at the start
    of forward; backward reads the saved arrays that forward wrote. Created once for a workspace and used for many calls.

    Kernels are called by `call`, `call_unless` and `split`. This class makes the calls at once; when a program is built, its
    child Telling (program.py) writes them down, and all arrays are but addresses.
    """

    __slots__ = (
        "_gradients", "_input_gradients", "_partial", "_partials", "_prepared", "_random", "_saved",
        "_scratch", "_shared", "_weights", "absorbed", "asked", "batch", "draw", "drawn", "fresh", "going_back", "handed", "inputs",
        "layer", "logits", "mask", "output",
        "output_gradients", "outputs", "seed", "shard", "strict", "training", "turned",
    )  # fmt: skip

    def __init__(self, training: bool = False) -> None:
        super().__init__()
        self.training = training
        self.logits = False
        """True if this is the last layer and the loss works on its logits: omit the activation."""
        self.absorbed = ""
        """The activation, "relu" or "relu6", that forward is to apply and backward to differentiate: see Operator.absorbs."""
        self.turned = False
        """The arrays of a `turnable` layer have the axis 1 of their tensors last."""
        self.layer = ""
        """The layer's name."""
        self.strict = False
        """True: `gradient` refuses names that the layer has no weight for, and notes in `asked` for which it was called."""
        self.asked: set[str] = set()
        self.inputs: tuple[Array, ...] = ()
        self.mask: Array | None = None
        """(samples, steps) uint8, 0 for a step that is left out; None: there is no mask."""
        self.output: Array = NOTHING
        self.outputs: tuple[Array, ...] = ()
        """All outputs of a layer that has several; `output` is the first."""
        self.output_gradients: tuple[Array, ...] = ()
        """The arguments of backward."""
        self.batch = 0
        """Samples in the whole batch; a shard sees only its part of them."""
        self.shard = 0
        self.fresh = False
        """In late_gradients: nothing has been added to the gradients yet, they contain garbage."""
        self.going_back = False
        """During backward."""
        self.handed: Handed | None = None
        """In backward: the gradient is that of the max pooling after this layer, as engine/pooled_gradient.py says."""
        self._weights: dict[str, Array] = {}
        self._prepared: dict[str, Array] = {}
        self._saved: dict[str, Array] = {}
        self._scratch: dict[str, Array] = {}
        self._partial: dict[str, Array] = {}
        self._partials: dict[str, Array] = {}
        self._shared: dict[str, Array] = {}
        self._gradients: dict[str, Array] = {}
        self._input_gradients: tuple[Array | None, ...] = ()
        self.seed: tuple[int, ...] = ()
        self.draw = 0
        """How often the layer has drawn random numbers before."""
        self.drawn: Array = NOTHING
        """(draw, shard) int64, for kernels that draw: kernels/elementwise/philox.py."""
        self._random: np.random.Generator | None = None

    # ------------------------------------------------------------------ arrays

    def weight(self, name: str) -> Array:
        """The weight of that name. KeyError, with the existing names, if there is none."""
        try:
            return self._weights[name]
        except KeyError:
            raise unknown_weight(self.layer, name, list(self._weights)) from None

    def prepared(self, name: str) -> Array:
        """The array that the layer's `prepare` filled under that name."""
        return self._prepared[name]

    def saved(self, name: str) -> Array:
        """An array that lives from forward to backward."""
        return self._saved[name]

    def scratch(self, name: str, part: int = 0) -> Array:
        """A scratch array of this call; every part of split work has its own."""
        return self._scratch[name]

    def partial(self, name: str) -> Array:
        """This shard's part of a statistic of the whole batch."""
        return self._partial[name]

    def partials(self, name: str) -> Array:
        """The parts of all shards, in order: (shards, ...). For combine."""
        return self._partials[name]

    def shared(self, name: str) -> Array:
        """An array of the whole batch: written by combine, read by all shards."""
        return self._shared[name]

    def gradient(self, name: str) -> Array | None:
        """Where to add (+=) the gradient of a weight; None: the weight is frozen, compute nothing."""
        found = self._gradients.get(name)
        if self.strict:
            if found is None and name not in self._weights:
                raise unknown_weight(self.layer, name, list(self._weights))
            self.asked.add(name)
        return found

    def input_gradient(self, i: int = 0) -> Array | None:
        """Where to write the gradient of input i; None: it is not needed."""
        return self._input_gradients[i]

    @property
    def random(self) -> np.random.Generator:
        """Random numbers of this layer, call and shard: the same for any number of threads. For layers defined by the user."""
        if self._random is None:
            self._random = np.random.Generator(np.random.Philox(np.random.SeedSequence((*self.seed, self.draw, self.shard))))
        return self._random

    # ------------------------------------------------------------------ calls

    def split(self, run: Run, units: int, flops: float) -> None:
        """run(0, units, 0), or the same range in parts for several threads if this call is not one of several shards.

        The parts follow from `units` and the number of threads: the results of a unit must not depend on its part.
        """
        run(0, units, 0)

    def require(self, kernel: Callable[..., Any], *args: Any, otherwise: Callable[[], Exception]) -> None:
        """A call that must return True; if not, the error `otherwise()` is raised, which may read the arrays."""
        if not self.call(kernel, *args):
            raise otherwise()

    def python(self, function: Callable[..., None], *args: Any) -> None:
        """function(ctx, *args), by Python in every step: it takes its arrays from ctx alone. It costs what a switch between machine
        code and Python costs, in each shard; layers that need it are listed in tests/engine/test_telling.py."""
        function(self, *args)


def unknown_weight(layer: str, name: str, known: list[str]) -> KeyError:
    """The layer has no weight of that name."""
    have = "its weights are " + ", ".join(map(repr, known)) if known else "it has none: call add_weight in build()"
    return KeyError(f"{layer}: has no weight {name!r}: {have}")
