"""Weighted: an operator with weights. The weights of a layer, and which of them train."""

from __future__ import annotations

from functools import partial
from inspect import cleandoc
from typing import Any

import numpy as np

from shapecheck import layers as rules
from shapecheck.graph import Graph
from shapecheck.layers.base import Inference, WeightSpec
from shapecheck.layers.descriptions import description
from shapecheck.nodes import Node
from shapecheck.shapes import Shape
from tinyseq.did_you_mean import missing
from tinyseq.documented import complete
from tinyseq.engine.engine import Engine
from tinyseq.engine.operator import Array, Operator
from tinyseq.layers.checks import at_the_layer, check
from tinyseq.weights import constraints, names, regularizers, seeds
from tinyseq.weights.weight import Weight, assign_all

LEFT_OUT = {"bias": "use_bias", "gamma": "scale", "beta": "center"}
"""Weights that a layer does not have where this argument is False: then they are None, as in Keras."""

HIDDEN = {
    "_call_graph", "_graph", "_nodes", "_engines", "_original", "_twins", "_weights", "_entries", "_engine", "_prepared", "_step_state",
}  # fmt: skip
"""Attributes in which layers are not parts of the owner."""


class Weighted(Operator):
    """An operator whose weights are declared at its first use, in the order of its rule or of its build()."""

    graph: Graph | None = None
    """For a model: its inner layers, which the engine runs instead."""
    _writes_build: bool = False
    """Its class defines build(), which adds the weights."""

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        cls._has_rule = any(rules.find(base.__name__) is base for base in cls.__mro__)
        if cls._has_rule and not any("shardable" in vars(base) for base in cls.__mro__ if base is not Operator):
            cls.shardable = True
        if not hasattr(cls.__init__, "__wrapped__") or "__init__" in vars(cls):
            type.__setattr__(cls, "__init__", at_the_layer(cls.__init__))
        if (rule := rules.find(cls.__name__)) in cls.__mro__:
            complete(cls, _without_examples(rule.__doc__), partial(description, cls.__name__))

    def __init__(self, **options: Any) -> None:
        if options.get("name") is None:
            options["name"] = names.give(type(self).__name__)
        self._weights_for: tuple[Shape, ...] | None = None
        """The input shapes that the weights were declared for."""
        self._nodes: list[Node] = []
        """Where it is used in models."""
        self._building = False
        self._added_losses: list[Any] = []
        """The penalty that it added to the loss in the last call on arrays."""
        self._engines: dict[Any, Engine] = {}
        """Engines for running it alone, by input shape."""
        super().__init__(**options)
        self._seed = seeds.next_seed()

    @property
    def trainable(self) -> bool:
        """Whether training changes the weights; setting it also sets all inner layers.

        As in Keras, training uses its value at the first step after compile(): set it, then call compile(), then fit().
        `trainable_weights` and the summary change at once. A change between two calls of fit has no effect, and fit warns.
        """
        original = getattr(self, "_original", None)  # of a call with options: see call_options.py
        return self._trainable if original is None else bool(original.trainable)

    @trainable.setter
    def trainable(self, value: bool) -> None:
        if not isinstance(value, (bool, np.bool_)) and value not in (0, 1):
            raise TypeError(f"{self.name}: trainable={value!r}: expected True or False, for example trainable=False")
        self._trainable = bool(value)
        seeds.structure_changed()
        for child in self.children:
            child.trainable = value

    @property
    def activity_penalty(self) -> Any:
        """The regularizer of its output, from its argument activity_regularizer."""
        regularizer = getattr(self, "activity_regularizer", None)
        if isinstance(regularizer, regularizers.OrthogonalRegularizer):
            words = "activity_regularizer=OrthogonalRegularizer(...) compares samples: write kernel_regularizer="
            raise NotImplementedError(f"{self.name}: {words}")
        return None if regularizer is None else regularizers.get(regularizer)

    @property
    def losses(self) -> list[Any]:
        """The penalties of this layer and its inner layers in the last call on arrays, then those on trained weights."""
        found = list(self._added_losses)
        waiting = list(self.children)
        while waiting:
            child = waiting.pop(0)
            found += getattr(child, "_added_losses", [])
            waiting = [*child.children, *waiting]
        weights = [weight for weight in self.trainable_weights if weight.regularizer is not None] if self.built else []
        return found + [np.float32(regularizers.get(weight.regularizer).penalty(weight.value)) for weight in weights]

    @property
    def built(self) -> bool:
        """True once the weights exist."""
        return self._weights_for is not None

    @built.setter
    def built(self, value: bool) -> None:
        self._set_built(value)

    def _set_built(self, value: bool) -> None:
        """As build() of Keras's layers ends: True changes nothing, because the layer itself knows when build() has run."""
        if not value and self.built:
            self._unbuild()

    @property
    def weights(self) -> list[Weight]:
        """All weights: [] until the layer is built."""
        return list(self._weights)

    @property
    def trainable_weights(self) -> list[Weight]:
        """The weights that training changes."""
        return self._opened() if self.trainable else []

    def _opened(self) -> list[Weight]:
        """The weights that a model with this layer trains. As in Keras, a layer decides about its own weights only: what is opened inside
        a frozen base trains, although the base's own `trainable_weights` are []."""
        return [weight for weight in self._weights if weight.trainable] if self.trainable else []

    @property
    def non_trainable_weights(self) -> list[Weight]:
        """The weights that training does not change: those of frozen layers, and moving statistics."""
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
        """Sets all weights, in the order of `weights`. Raises ValueError (and changes nothing) if a shape differs.

        Arguments:
            values: one array for each weight
        """
        assign_all(self.weights, values, str(self.name))

    def save_own_variables(self, store: Any) -> None:
        """Puts the weights into `store`, as they are in a file: by "0", "1" ... A layer of your own may put in what it likes.

        Arguments:
            store: a dictionary of arrays
        """
        for number, weight in enumerate(self.weights):
            store[str(number)] = weight.value

    def load_own_variables(self, store: Any) -> None:
        """Sets the weights from what save_own_variables put into `store`. ValueError, and nothing changes, if it does not fit.

        Arguments:
            store: a dictionary of arrays
        """
        if len(store) != len(self.weights):
            raise ValueError(
                f"Layer '{self.name}' was never built, or has other weights: expected {len(self.weights)} variables, but received "
                f"{len(store)} variables during loading. Expected: {[weight.name for weight in self.weights]}"
            )
        assign_all(self.weights, [store[str(number)] for number in range(len(store))], str(self.name))

    def count_params(self) -> int:
        """The number of values in the weights. Raises ValueError if the layer is not built."""
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
        regularizer: Any = None,
        constraint: Any = None,
        **options: Any,
    ) -> Weight:
        """A new weight of your own layer, for its build(). Its memory is taken at its first use.

        Arguments:
            shape: sizes; an int means (int,)
            initializer: how it starts: a name, or an initializer of tinyseq.initializers
            dtype: weights are float32: TypeError for another one
            trainable: False: training leaves it alone
            name: its name in this layer; None: weight_0, weight_1 ...
            regularizer: its penalty in the loss: a name, or a regularizer of tinyseq.regularizers
            constraint: its bounds after each step: a name, or a constraint of tinyseq.constraints
            options: accepted for compatibility with Keras: autocast, aggregation and the like have no effect on float32 weights
        """
        sizes = (shape,) if isinstance(shape, int) else tuple(int(size) for size in shape)
        spec = WeightSpec(name or f"weight_{len(self._weights)}", sizes, initializer, trainable)
        if any(weight.name == spec.name for weight in self._weights):
            raise ValueError(f"{self.name}: has two weights named {spec.name!r}: pass another name= to add_weight")
        if dtype is not None and str(getattr(dtype, "name", dtype)) != "float32" and dtype is not np.float32:
            raise TypeError(f"{self.name}: add_weight: dtype={dtype!r}: weights are float32: leave dtype out")
        weight = self._add(spec)
        weight.regularizer = regularizers.get(regularizer) if regularizer is not None else weight.regularizer
        weight.constraint = constraints.get(constraint) if constraint is not None else weight.constraint
        return weight

    def _add(self, spec: WeightSpec) -> Weight:
        """A weight with its own seed, derived from the layer's, independent of the order of use."""
        weight = Weight(spec, f"{self.name}/{spec.name}", (*self._seed, len(self._weights)))
        last = spec.name.rpartition("/")[2]  # query/kernel, but kernel_regularizer
        stems = (last, last.removesuffix("_kernel"))  # depthwise_kernel, but depthwise_regularizer
        weight.regularizer = next((found for stem in stems if (found := getattr(self, f"{stem}_regularizer", None))), None)
        constraint = next((found for stem in stems if (found := getattr(self, f"{stem}_constraint", None))), None)
        weight.constraint = None if constraint is None else constraints.get(constraint)
        self._weights.append(weight)
        return weight

    def build(self, *input_shape: Any, **shapes: Any) -> None:
        """Adds the weights for inputs of this shape.

        Arguments:
            input_shape: sizes, batch axis first, None for any size; several, or a list of them, for several inputs
            shapes: the same by name
        """
        raise NotImplementedError

    def _check(self) -> None:
        """Refuses, before the layer is used, arguments that cannot be computed."""
        check(self)

    def _unbuild(self) -> None:
        """Undoes `declare`."""
        self._weights = []
        self._weights_for = None
        self._nodes = []
        self._engines = {}
        self._prepared = {}

    def _declare(self, shapes: tuple[Shape, ...], inference: Inference) -> None:
        """Makes the weights, without memory."""
        if not self._writes_build:
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

    def __setattr__(self, name: str, value: Any) -> None:
        own = self.__dict__
        if name not in own and not isinstance(value, Weight) and any(weight.name == name for weight in own.get("_weights", ())):
            raise AttributeError(f"{self.name}: {name} is a weight and cannot be replaced: write layer.{name}.assign(values)")
        super().__setattr__(name, value)

    def __getattr__(self, name: str) -> Any:
        if not name.startswith("_"):
            for weight in self.__dict__.get("_weights", ()):
                if weight.name == name:
                    return weight
            if self.__dict__.get(LEFT_OUT.get(name, name)) is False:
                return None
        raise missing(self, name)


def _without_examples(doc: str | None) -> str:
    """A rule's docstring for the layer, without its examples, which run in the rule's file."""
    return "\n\n".join(part for part in cleandoc(doc or "").split("\n\n") if not part.startswith(">>>"))
