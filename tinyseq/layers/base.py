"""Layer: a shape rule that can also compute. Weights, calls and the contract between a layer and the engine.

A layer of the house is `class Dense(rules.Dense, Layer)`: the rule says arguments, shapes and weights, the class here adds
`forward` and `backward`. A layer of your own is a subclass of Layer with

    output_shape(self, input_shape)   # or Keras's compute_output_shape; tuples, batch axis first (None: any size)
    build(self, input_shape)          # only if it has weights: self.add_weight(name="scale", shape=(input_shape[-1],))
    forward(self, ctx, x)             # returns the output (or writes it into ctx.output and returns that)
    backward(self, ctx, gradient)     # adds into ctx.gradient(name), returns the gradient of x (or ctx.input_gradient())

What it is given, x and gradient, is read-only: others need it too. To work in place, copy first.
"""

from __future__ import annotations

from copy import deepcopy
from functools import wraps
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from shapecheck.layers.base import Inference, Rule, WeightSpec, argument_names
from shapecheck.shapes import Shape
from tinyseq.did_you_mean import missing
from tinyseq.layers.checks import at_the_layer
from tinyseq.weights import names, seeds
from tinyseq.weights.weight import Weight

if TYPE_CHECKING:
    from shapecheck.nodes import Node
    from tinyseq.engine.context import Context
    from tinyseq.engine.engine import Engine
    from tinyseq.engine.pooled_gradient import Handed

Array = NDArray[Any]
Sizes = tuple[int, ...]
Place = tuple[Sizes, Any]
"""(shape, dtype) of an array to be."""


class Buffers:
    """Which arrays a layer wants for one shard: {name: (shape, dtype)}.

    saved: lives from forward to backward. forward, backward: scratch during that one call, garbage at its start.
    """

    __slots__ = ("backward", "forward", "saved")

    def __init__(
        self,
        saved: dict[str, Place] | None = None,
        forward: dict[str, Place] | None = None,
        backward: dict[str, Place] | None = None,
    ) -> None:
        self.saved = saved or {}
        self.forward = forward or {}
        self.backward = backward or {}


class Layer(Rule):
    """Something that takes arrays to arrays, and whose weights can learn. See the module's first lines."""

    needs_input: bool = True
    """backward reads ctx.inputs: the planner keeps them until then. Say False where it does not."""
    needs_output: bool = True
    """backward reads ctx.output."""
    shardable: bool = False
    """Every sample is computed for itself, so that the batch can be cut. True for rules of shapecheck; a layer of your
    own says so itself."""
    random: bool = False
    """forward draws from ctx.random when training."""
    late: bool = False
    """Weight gradients may be computed for the whole batch after its pieces: see late_gradients."""
    replayable: bool = False
    """forward and backward do nothing but call kernels, with arrays of ctx and what follows from shapes and arguments: the
    engine notes the calls and makes them again without Python (engine/program.py). Where that is not so after all, they set
    ctx.unplayable."""
    crops: bool = False
    """forward and backward compute only as many rows and columns of an image as the output has: its last ones may be left out
    where nobody reads them."""
    infers_when_frozen: bool = False
    """With trainable = False, training is to it as inference, as in Keras."""
    differentiable: bool = True
    """False: no gradient goes through (a rounding, an index)."""
    input_dtype: str = "float32"
    """What forward takes: "float32", or "int64" (an Embedding's indices). The engine casts."""
    output_dtype: str = "float32"
    _has_rule: bool = False
    """Its shapes come from one of shapecheck's rules."""

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        cls._has_rule = _of_a_rule(cls)
        if cls._has_rule and not any("shardable" in vars(base) for base in cls.__mro__ if base is not Layer):
            cls.shardable = True
        if not hasattr(cls.__init__, "__wrapped__") or "__init__" in vars(cls):
            type.__setattr__(cls, "__init__", at_the_layer(cls.__init__))
        if "build" in vars(cls) and not getattr(cls, "builds_itself", False):
            type.__setattr__(cls, "build", _declaring(cls.build))

    def __init__(self, **options: Any) -> None:
        if options.get("name") is None:
            options["name"] = names.give(type(self).__name__)
        self._weights: list[Weight] = []
        self._weights_for: tuple[Shape, ...] | None = None
        self._nodes: list[Node] = []
        self._building = False
        self._engines: dict[Any, Engine] = {}
        self._seed = seeds.next_seed()
        self._draws = 0
        self._prepared: dict[bool, tuple[tuple[int, ...], dict[str, Array]]] = {}
        super().__init__(**options)

    # ------------------------------------------------------------------ the contract with the engine

    def derived(self, weights: dict[str, Sizes], training: bool) -> dict[str, int]:
        """How many floats each array has that is derived from weights of these shapes (packed, transformed filters), by name.

        `training`: what backward needs is wanted too (of a late layer: what the gradient of its input needs).
        """
        return {}

    def prepare(self, weights: dict[str, Array], derived: dict[str, Array]) -> None:
        """Fills the arrays that `derived` asked for, or some of them, once for each version of the weights.

        For layers of this package: each of them by kernels alone, or by none, since such calls are noted (engine/chores.py).
        """

    def buffers(self, inputs: tuple[Sizes, ...], output: Sizes, training: bool) -> Buffers:
        """What forward and backward want besides weights, inputs and output; shapes with the shard's batch."""
        return Buffers()

    def reads(self, x: Sizes, output: Sizes) -> Sizes:
        """How much of an input of shape x forward and backward look at, from its beginning on."""
        return x

    def hands_back(self, x: Sizes, output: Sizes) -> Handed | None:
        """Of max pooling: where its gradient goes, if it need not be written out for an input of shape x."""
        return None

    def handed_buffers(self, x: Sizes, output: Sizes, handed: Handed) -> Buffers | None:
        """As `buffers`, for a backward that takes the gradient of max pooling after it as `handed` says (see ctx.handed);
        None: this layer wants it written out."""
        return None

    def view(self, training: bool) -> bool:
        """True if the output is the input's own memory in another shape (Flatten): neither forward nor backward is called."""
        return False

    def forward(self, ctx: Context, *inputs: Any) -> Any:
        """Writes into ctx.output and returns it; a layer of your own may return any new array."""
        from tinyseq.layers.user_layer import no_forward

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

        `x`: the shape of the input. The engine cuts the batch into fewer groups, each with its own set, where sets are dear.
        """
        return 10

    def late_gradients(self, ctx: Context, gradient: Array) -> None:
        """Adds into ctx.gradient(name) what the whole batch gives: ctx.inputs and `gradient` hold, for all samples, the
        inputs and what `backward` left in its gradient argument. During that backward ctx.gradient(name) was None.
        If ctx.fresh, these gradients hold garbage instead: write into them."""
        raise NotImplementedError

    # Layers that look over the whole batch (batch statistics) do it in three steps, because the batch is cut in shards:
    # partial on every shard, combine once, apply on every shard. The same in backward.

    def synchronized(self, training: bool) -> bool:
        """True if this call goes by partial, combine, apply instead of forward."""
        return False

    def partial(self, ctx: Context, *inputs: Any) -> Array:
        """What this shard adds to the statistics: float64, of any shape, the same on every shard."""
        raise NotImplementedError

    def combine(self, partials: list[Array], batch: int) -> Array:
        """Statistics of the whole batch from the partial ones, in shard order (their sum, if not overridden)."""
        total = partials[0].copy()
        for partial in partials[1:]:
            total += partial
        return total

    def apply(self, ctx: Context, combined: Array, *inputs: Any) -> Any:
        """The output of this shard, from the statistics of the whole batch; saves what backward needs."""
        raise NotImplementedError

    def update(self, ctx: Context, combined: Array) -> None:
        """Once after `combine` in forward: moving statistics, in place in ctx.weight(name)."""

    def backward_partial(self, ctx: Context, *gradients: Any) -> Array:
        """As `partial`, for backward. Weight gradients of this shard are added here or in backward_apply."""
        raise NotImplementedError

    def backward_apply(self, ctx: Context, combined: Array, *gradients: Any) -> Any:
        """As `apply`, for backward: writes the input gradients of this shard. `combined` comes from combine too."""
        raise NotImplementedError

    def check_compute(self) -> None:
        """Raises NotImplementedError naming an argument that the rule accepts but `forward` does not honour."""

    # ------------------------------------------------------------------ shapes, for a layer of the user's own

    def infer(self, inputs: tuple[Shape, ...]) -> Inference:
        """From output_shape or compute_output_shape, and the weights that build() adds."""
        from tinyseq.layers.user_layer import infer

        return infer(self, inputs)

    # ------------------------------------------------------------------ weights

    @property
    def trainable(self) -> bool:
        """Whether training changes the weights; setting it reaches all layers inside.

        As in Keras, training goes by what it was at the first step after compile(): set it, then call compile(), then fit().
        `trainable_weights` and the summary change at once. Set between two calls of fit, it is not in force: fit warns.
        """
        return self._trainable

    @trainable.setter
    def trainable(self, value: bool) -> None:
        if not isinstance(value, (bool, np.bool_)) and value not in (0, 1):
            raise TypeError(f"{self.name}: trainable={value!r}: expected True or False: write trainable=False, say")
        self._trainable = bool(value)
        seeds.structure_changed()
        for child in self.children:
            child.trainable = value

    @property
    def built(self) -> bool:
        """True once the weights exist."""
        return self._weights_for is not None

    @property
    def weights(self) -> list[Weight]:
        """All weights: [] until the layer is built."""
        return list(self._weights)

    @property
    def trainable_weights(self) -> list[Weight]:
        """The weights that training changes."""
        return [weight for weight in self._weights if weight.trainable] if self.trainable else []

    @property
    def non_trainable_weights(self) -> list[Weight]:
        """The weights that training leaves alone: of frozen layers, and moving statistics."""
        return [weight for weight in self._weights if not (weight.trainable and self.trainable)]

    @property
    def variables(self) -> list[Weight]:
        """Keras's other name for `weights`."""
        return self.weights

    trainable_variables = trainable_weights
    non_trainable_variables = non_trainable_weights

    def get_weights(self) -> list[Array]:
        """Copies of all weights, in the order of `weights`."""
        return [weight.numpy() for weight in self.weights]

    def set_weights(self, values: Any) -> None:
        """Sets all weights, in the order of `weights`. Raises ValueError (and changes nothing) if a shape differs."""
        from tinyseq.weights.weight import assign_all

        assign_all(self.weights, values, str(self.name))

    def count_params(self) -> int:
        """How many numbers the weights hold. Raises ValueError if the layer is not built."""
        if not self.built:
            raise ValueError(
                f"You tried to call `count_params` on layer {self.name}, but the layer isn't built. You can build it "
                f"manually via: `{self.name}.build(input_shape)`."
            )
        return sum(weight.size for weight in self.weights)

    def add_weight(
        self,
        shape: Any = (),
        initializer: Any = "glorot_uniform",
        dtype: Any = None,
        trainable: bool = True,
        name: str | None = None,
        **options: Any,
    ) -> Weight:
        """A weight of the user's own layer, in build(). Its memory is taken at its first use."""
        sizes = (shape,) if isinstance(shape, int) else tuple(int(size) for size in shape)
        spec = WeightSpec(name or f"weight_{len(self._weights)}", sizes, initializer, trainable)
        if any(weight.name == spec.name for weight in self._weights):
            raise ValueError(f"{self.name}: has two weights named {spec.name!r}: pass another name= to add_weight")
        return self._add(spec)

    def _add(self, spec: WeightSpec) -> Weight:
        """A weight with a seed of its own, which follows from the layer's: not from what is used first."""
        weight = Weight(spec, f"{self.name}/{spec.name}", (*self._seed, len(self._weights)))
        stems = (spec.name, spec.name.removesuffix("_kernel"))  # depthwise_kernel, but depthwise_regularizer
        weight.regularizer = next((found for stem in stems if (found := getattr(self, f"{stem}_regularizer", None))), None)
        weight.constraint = next((found for stem in stems if (found := getattr(self, f"{stem}_constraint", None))), None)
        self._weights.append(weight)
        return weight

    def build(self, input_shape: Any) -> None:
        """Declares the weights for inputs of this shape (batch axis included; None: any size). Allocates nothing."""
        if not self._building:  # else a layer of the user's own says super().build(), as in Keras
            from tinyseq.layers.user_layer import build_from_argument

            build_from_argument(self, input_shape)

    def _check(self) -> None:
        """Before the layer is used: everything asked for can be had."""
        from tinyseq.layers.checks import check

        check(self)

    def _unbuild(self) -> None:
        """As it was before `declare`."""
        self._weights = []
        self._weights_for = None
        self._nodes = []
        self._engines = {}
        self._prepared = {}

    def _declare(self, shapes: tuple[Shape, ...], inference: Inference) -> None:
        """Makes the weights, without memory."""
        if type(self).build is Layer.build:
            for spec in inference.weights:
                self._add(spec)
            return
        given: Any = shapes[0].dims if len(shapes) == 1 else [shape.dims for shape in shapes]
        self._weights = []
        self._building = True
        try:
            self.build(given)
        finally:
            self._building = False

    # ------------------------------------------------------------------ calls

    def __call__(self, *inputs: Any, training: bool | None = None, mask: Any = None) -> Any:
        """On tensors of a model under construction: the tensors that come out. On arrays: the arrays that come out."""
        from tinyseq.layers.calling import call

        if mask is not None:
            raise NotImplementedError(f"{self.name}: mask= is not computed yet: leave it out")
        return call(self, inputs, bool(training))

    def _compute(self, given: list[Any], training: bool) -> Any:
        """The outputs for arrays, by an engine of this layer alone."""
        from tinyseq.layers.eager import compute

        return compute(self, given, training)

    @property
    def input(self) -> Any:
        """The tensor (or list of tensors) that this layer takes in the one model that it stands in."""
        from tinyseq.layers.calling import input_of

        return input_of(self)

    @property
    def output(self) -> Any:
        """The tensor (or list of tensors) that this layer gives in the one model that it stands in."""
        from tinyseq.layers.calling import output_of

        return output_of(self)

    def arguments(self) -> dict[str, Any]:
        """The arguments by name, but those that a layer of your own keeps under other names, or not at all."""
        kept = {name: self.renamed.get(name, name) for name in argument_names(type(self))}
        return {name: getattr(self, attribute) for name, attribute in kept.items() if hasattr(self, attribute)}

    def get_config(self) -> dict[str, Any]:
        """The arguments that make this layer again: type(layer)(**config)."""
        lost = next((name for name in argument_names(type(self)) if name not in self.arguments()), None)
        if lost is not None:
            advice = f"write self.{lost} = {lost} in __init__, or a get_config of its own"
            raise NotImplementedError(f"{self.name}: its argument {lost} is not kept: {advice}")
        config: dict[str, Any] = {"name": self.name, "trainable": self.trainable, **self.arguments()}
        if self.declared_input is not None and self.declared_input.dims is not None and "shape" not in config:
            config["batch_input_shape"] = self.declared_input.dims
        return config

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Layer:
        """A new layer with these arguments and fresh weights."""
        return cls(**config)

    def __setattr__(self, name: str, value: Any) -> None:
        own = self.__dict__
        if name not in own and not isinstance(value, Weight) and any(weight.name == name for weight in own.get("_weights", ())):
            raise AttributeError(f"{self.name}: {name} is a weight and stays the same object: write layer.{name}.assign(values)")
        super().__setattr__(name, value)

    def __getattr__(self, name: str) -> Any:
        if not name.startswith("_"):
            for weight in self.__dict__.get("_weights", ()):
                if weight.name == name:
                    return weight
        raise missing(self, name)

    def __copy__(self) -> Any:
        """As deepcopy: a copy that shares weights would learn with the original. Keras's copy.copy shares nothing either."""
        return deepcopy(self)

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_engines": {}, "_prepared": {}, "_nodes": []}

    def __repr__(self) -> str:
        return f"<{type(self).__name__} name={self.name}, built={self.built}>"


def _of_a_rule(cls: type[Layer]) -> bool:
    """True if the layer's shape rule is one of shapecheck's families."""
    return any(b.__module__.startswith("shapecheck.layers.") and b.__module__ != Rule.__module__ for b in cls.__mro__)


def _declaring(own: Any) -> Any:
    """A user's build(): called from outside it declares the weights, as every layer's does; from inside it runs."""

    @wraps(own)
    def build(self: Layer, input_shape: Any) -> None:
        if self._building:
            own(self, input_shape)
        else:
            Layer.build(self, input_shape)

    return build


def as_array(value: Any, dtype: Any = np.float32) -> Array:
    """C-contiguous, of that dtype; the same array if it is so already."""
    return np.ascontiguousarray(value, dtype)
