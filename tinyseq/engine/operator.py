"""Operator: the interface between engine and layers. Shapes come from the rule; here are arrays, computation and gradients.

The engine knows layers only by this class, and layers know the engine only by the Context that it passes.
"""

from __future__ import annotations

from typing import Any

from numpy.typing import NDArray

from shapecheck.graph import Graph
from shapecheck.layers.base import Rule
from tinyseq.declared import holds
from tinyseq.engine.context import Context
from tinyseq.engine.pooled_gradient import Handed
from tinyseq.kernels.runtime.calls import Calls
from tinyseq.weights.weight import Weight

Array = NDArray[Any]
Sizes = tuple[int, ...]
Place = tuple[Sizes, Any]
"""(shape, dtype) of an array to be."""


class Buffers:
    """The arrays that a layer needs for one shard: {name: (shape, dtype)}.

    saved: lives from forward to backward. forward, backward: scratch during that call, with garbage at its start.
    For statistics of the whole batch: partial, each shard's part; shared, one for all shards. Both exist for the whole step.
    """

    __slots__ = ("backward", "forward", "partial", "saved", "shared")

    def __init__(
        self,
        saved: dict[str, Place] | None = None,
        forward: dict[str, Place] | None = None,
        backward: dict[str, Place] | None = None,
        partial: dict[str, Place] | None = None,
        shared: dict[str, Place] | None = None,
    ) -> None:
        self.saved = saved or {}
        self.forward = forward or {}
        self.backward = backward or {}
        self.partial = partial or {}
        self.shared = shared or {}


class Operator(Rule):
    """A function from arrays to arrays with trainable weights."""

    needs_input: bool = True
    """backward reads ctx.inputs: the planner keeps them until then. Set False otherwise."""
    needs_output: bool = True
    """backward reads ctx.output."""
    shardable: bool = False
    """Every sample is computed separately, so that the batch can be split. True for rules of shapecheck; your own layer
    must declare it."""
    random: bool = False
    """forward draws from ctx.random when training."""
    changes_before_step: bool = False
    """before_step changes its weights before each step of training."""
    batched: bool = True
    """Whether the first axis of its outputs is the batch; False for weights and constants, and for what follows from them alone."""
    late: bool = False
    """Weight gradients may be computed for the whole batch after its shards: see late_gradients."""
    least_samples: int = 1
    """A group of the batch has at least so many samples: with fewer, a layer that reads its weights at every step waits for them."""
    fixes_batch: bool = False
    """It takes batches of one size only: it keeps something of each sample for the next batch."""
    supports_masking: bool = False
    """The mask of its (first) input is that of its (first) output, as in Keras."""
    takes_mask: bool = False
    """forward and backward look at ctx.mask, the mask of the first input."""
    wraps_mask: bool = False
    """Of a layer with layers inside: the mask of its input is that of its output, whatever they do with it."""
    tells: bool = False
    """Set by the class that defines forward, backward, prepare ...: these only tell their kernel calls (ctx.call,
    ctx.split, ctx.require, ctx.python), with arrays of ctx, and with constants that kernels only read. They run once, when a program
    is built; then all arrays are but addresses, without numbers. Without it, Python runs the methods of the class in every
    step."""
    leaves_activation: bool = False
    """With ctx.logits, forward and backward leave the layer's own activation to the loss."""
    crops: bool = False
    """forward and backward compute only as many rows and columns of an image as the output has: the last ones may be omitted
    if nothing reads them."""
    turns: bool = False
    """With data_format="channels_first" it computes with channels last: see engine/channels.py."""
    either_data_format: bool = False
    """forward and backward take tensors as they are declared, with data_format="channels_first" too."""
    infers_when_frozen: bool = False
    """With trainable = False, it behaves in training as at inference, as in Keras."""
    differentiable: bool = True
    """False: no gradient passes through (a rounding, an index)."""
    takes_strings: bool = False
    """Whether its input may be strings, which are numbers in a plan: tinyseq/engine/strings.py."""
    advice_for_sizes: str = ""
    """What to write if the size of its output is not known."""
    input_dtype: str = "float32"
    """The dtype of the input: "float32", or "int64" (an Embedding's indices). The engine casts."""
    output_dtype: str = "float32"
    activity_penalty: Any = None
    """A regularizer (weights/regularizers.py) of the output that is added to the loss; None: none."""
    _has_rule: bool = False
    """Its shapes come from one of shapecheck's rules."""

    def __init__(self, **options: Any) -> None:
        self._weights: list[Weight] = []
        self._seed: tuple[int, ...] = ()
        """The seed of its random numbers."""
        self._draws = 0
        """How often it drew random numbers."""
        self._prepared: dict[bool, tuple[tuple[int, ...] | None, dict[str, Array]]] = {}
        """The arrays that `prepare` filled, without and with those for backward, and the weight versions (None: not filled yet)."""
        super().__init__(**options)

    def derived(self, weights: dict[str, Sizes], training: bool) -> dict[str, int]:
        """How many floats each array has that is derived from weights of these shapes (packed, transformed filters), by name.

        `training`: backward needs its arrays too (a late layer only those for the gradient of its input).
        """
        return {}

    def prepare(self, calls: Calls, weights: dict[str, Array], derived: dict[str, Array]) -> None:
        """Fills the arrays of `derived`, or some of them, once for each version of the weights: by calls.call."""

    def buffers(self, inputs: tuple[Sizes, ...], output: Sizes, training: bool) -> Buffers:
        """The arrays of forward and backward besides weights, inputs and output; shapes with the shard's batch."""
        return Buffers()

    def turned(self) -> bool:
        """Whether forward and backward see arrays with channels last although the tensors' shapes are declared channels first."""
        return self.turns and getattr(self, "data_format", None) == "channels_first"

    def turnable(self, shapes: tuple[Sizes, ...]) -> bool:
        """Whether they may, for inputs of these declared shapes: every axis is that of channels or treated as all others. Then
        ctx.turned is True."""
        return False

    def absorbs(self, activation: str) -> bool:
        """Whether forward and backward apply "relu" or "relu6" to the output themselves if it is in ctx.absorbed."""
        return False

    def absorbable(self) -> str:
        """"relu" or "relu6" if this layer is nothing else, so that the layer before may apply it (Plan._absorb); else ""."""
        return ""

    def with_normalization(self, normalization: Operator, activation: str) -> Operator | None:
        """One operator that predicts what this layer, the BatchNormalization after it and its activation ("", "relu", "relu6") do."""
        return None

    def normalizes_channels(self, axes: int, turned: bool) -> bool:
        """Whether this is a BatchNormalization over the last axis of arrays with so many axes; turned: as ctx.turned."""
        return False

    def reads(self, x: Sizes, output: Sizes) -> Sizes:
        """How much of an input of shape x forward and backward look at, from its beginning on."""
        return x

    def hands_back(self, x: Sizes, output: Sizes) -> Handed | None:
        """For max pooling: where its gradient goes, if it need not be written out for an input of shape x."""
        return None

    def handed_buffers(self, x: Sizes, output: Sizes, handed: Handed) -> Buffers | None:
        """As `buffers`, for a backward that takes the gradient of max pooling after it as `handed` says (see ctx.handed);
        None: this layer needs it written out."""
        return None

    def view(self, training: bool) -> bool:
        """True if the output is the input's own memory in another shape (Flatten): neither forward nor backward is called."""
        return False

    def forward(self, ctx: Context, *inputs: Any) -> Any:
        """Writes into ctx.output and returns it; your own layer may return any new array."""
        raise no_forward(self)

    def backward(self, ctx: Context, *gradients: Any) -> Any:
        """Adds weight gradients into ctx.gradient(name), writes input gradients into ctx.input_gradient(i) or returns
        them (an array, or a tuple with one for each input)."""
        raise NotImplementedError(
            f"{self.name}: {type(self).__name__} has no backward, so a model with it can predict but not train: write "
            f"backward(self, ctx, gradient)"
        )

    def gradient_cost(self, x: Sizes) -> int:
        """One number in a set of weight gradients, cleared, added to and added up, takes as long as so many multiply-adds.

        `x`: the shape of the input. The engine splits the batch into fewer groups, each with its own set, if sets are expensive.
        """
        return 10

    def late_gradients(self, ctx: Context, gradient: Array) -> None:
        """Adds the gradient of the whole batch into ctx.gradient(name): ctx.inputs and `gradient` hold, for all samples, the
        inputs and what `backward` left in its gradient argument. During that backward ctx.gradient(name) was None.
        If ctx.fresh, these gradients contain garbage instead: overwrite them."""
        raise NotImplementedError

    # Layers that look over the whole batch (batch statistics) do it in three steps, because the batch is split into shards:
    # partial on every shard, combine once, apply on every shard. The same in backward.

    def synchronized(self, training: bool) -> bool:
        """True if this call uses partial, combine, apply instead of forward."""
        return False

    def partial(self, ctx: Context, *inputs: Any) -> None:
        """Writes this shard's part of the statistics into ctx.partial(name)."""
        raise NotImplementedError

    def combine(self, ctx: Context) -> None:
        """Once for the whole batch: from ctx.partials(name), which has the parts of all shards in order, to ctx.shared(name).
        ctx.inputs have the shapes of the whole batch, but no numbers."""
        raise NotImplementedError

    def apply(self, ctx: Context, *inputs: Any) -> Any:
        """The output of this shard, from ctx.shared(name)."""
        raise NotImplementedError

    def update(self, ctx: Context) -> None:
        """Once, after the rest has succeeded: moving statistics, in place in ctx.weight(name), from ctx.shared(name)."""

    def backward_partial(self, ctx: Context, *gradients: Any) -> None:
        """As `partial`, for backward. Weight gradients of this shard are added here or in backward_apply."""
        raise NotImplementedError

    def backward_combine(self, ctx: Context) -> None:
        """As `combine`, for backward."""
        raise NotImplementedError

    def backward_apply(self, ctx: Context, *gradients: Any) -> Any:
        """As `apply`, for backward: writes the input gradients of this shard."""
        raise NotImplementedError

    def with_masks(self, masks: tuple[bool, ...]) -> tuple[Any, tuple[int, ...]] | None:
        """(the layer that takes masks as inputs, whose masks it takes), where inputs have masks; None: it takes none so."""
        return None

    def masking(self, masked: tuple[bool, ...], outputs: int) -> tuple[Any, ...] | None:
        """Of each output, where its mask comes from: the number of an input (its mask), an operator that makes it, or None: it has
        none. `masked`: which inputs have one. None for all: this layer knows nothing of masks, which is reported if it destroys one."""
        return (0, *(None,) * (outputs - 1)) if self.supports_masking else None

    def inside(self, inputs: tuple[Sizes, ...]) -> Graph | None:
        """For inputs of these shapes, the layers that compute in place of this one (of a wrapper); None: it computes itself."""
        return None

    def before_step(self) -> None:
        """Before each step of training, with changes_before_step: new values for weights."""

    def check_compute(self) -> None:
        """Raises NotImplementedError for an argument that the rule accepts but `forward` does not support."""


def changing(operator: Any) -> list[Any]:
    """The operators in this one, itself too, that change weights before each step of training."""
    found, waiting, seen = [], [operator], set()
    while waiting:
        one = waiting.pop()
        if id(one) not in seen:
            seen.add(id(one))
            waiting += getattr(one, "children", ())
            if getattr(one, "changes_before_step", False):
                found.append(one)
    return found


def told(operator: Operator, method: str) -> bool:
    """Whether the class that defines this method of a layer sets `tells`."""
    return holds(type(operator), "tells", method)


def written_by_user(operator: Operator, method: str) -> bool:
    """True if the class that defines the method does not say that it tells its calls: Python runs it in every step."""
    return not told(operator, method)


def of_the_package(operator: Operator, method: str) -> bool:
    """True if a class of this package defines the method: it may write gradients to their places, and return nothing."""
    return next(kind for kind in type(operator).__mro__ if method in vars(kind)).__module__.partition(".")[0] == "tinyseq"


def reads_only(operator: Operator) -> bool:
    """True for a layer with read-only arrays: one defined by the user, not a subclass of a built-in layer."""
    return written_by_user(operator, "forward") and not type(operator)._has_rule


def no_forward(operator: Operator) -> NotImplementedError:
    """The error for a layer without forward(): why, and one edit."""
    kind = type(operator).__name__
    if type(operator)._has_rule:
        return NotImplementedError(
            f"{operator.name}: {kind} has a shape rule, but its forward is not written yet: it can be checked and summarised, not "
            f"run. Leave it out, or write a subclass of {kind} with forward(self, ctx, x) and backward(self, ctx, gradient)"
        )
    return NotImplementedError(
        f"{operator.name}: {kind} computes nothing yet: write call(self, x) with tinyseq.ops, or forward(self, ctx, x)"
    )
