"""Layer: a shape rule that can also compute. Its weights and its calls; what the engine asks of it is engine/operator.py.

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

from shapecheck import layers as rules
from shapecheck.layers.base import Inference, WeightSpec, argument_names
from shapecheck.shapes import Shape
from tinyseq.did_you_mean import missing
from tinyseq.engine.operator import Array, Operator
from tinyseq.layers.checks import at_the_layer
from tinyseq.weights import names, seeds
from tinyseq.weights.weight import Weight

if TYPE_CHECKING:
    from shapecheck.nodes import Node
    from tinyseq.engine.engine import Engine


class Layer(Operator):
    """Something that takes arrays to arrays, and whose weights can learn. See the module's first lines."""

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        cls._has_rule = _of_a_rule(cls)
        if cls._has_rule and not any("shardable" in vars(base) for base in cls.__mro__ if base is not Operator):
            cls.shardable = True
        if not hasattr(cls.__init__, "__wrapped__") or "__init__" in vars(cls):
            type.__setattr__(cls, "__init__", at_the_layer(cls.__init__))
        if "build" in vars(cls) and not getattr(cls, "builds_itself", False):
            type.__setattr__(cls, "build", _declaring(cls.build))

    def __init__(self, **options: Any) -> None:
        if options.get("name") is None:
            options["name"] = names.give(type(self).__name__)
        self._weights_for: tuple[Shape, ...] | None = None
        self._nodes: list[Node] = []
        self._building = False
        self._engines: dict[Any, Engine] = {}
        super().__init__(**options)
        self._seed = seeds.next_seed()

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
    return any(rules.find(base.__name__) is base for base in cls.__mro__)


def _declaring(own: Any) -> Any:
    """A user's build(): called from outside it declares the weights, as every layer's does; from inside it runs."""

    @wraps(own)
    def build(self: Layer, input_shape: Any) -> None:
        if self._building:
            own(self, input_shape)
        else:
            Layer.build(self, input_shape)

    return build
