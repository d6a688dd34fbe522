"""Layer: a shape rule that can also compute. Its weights are in weighted.py; what the engine requires is in engine/operator.py.

A built-in layer is `class Dense(rules.Dense, Layer)`: the rule defines arguments, shapes and weights, the class here adds
`forward` and `backward`. A layer of your own is a subclass of Layer with

    output_shape(self, input_shape)   # or Keras's compute_output_shape; tuples, batch axis first (None: any size)
    build(self, input_shape)          # only if it has weights: self.add_weight(name="scale", shape=(input_shape[-1],))
    forward(self, ctx, x)             # returns the output (or writes it into ctx.output and returns that)
    backward(self, ctx, gradient)     # adds into ctx.gradient(name), returns the gradient of x (or ctx.input_gradient())

Its arguments x and gradient are read-only, because others need them too. To work in place, copy first.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from functools import wraps
from typing import Any

from shapecheck.layers.base import Inference, argument_names
from shapecheck.shapes import Shape
from tinyseq.engine.operator import Operator
from tinyseq.layers import calling, user_layer
from tinyseq.layers.eager import compute
from tinyseq.layers.questions import Questions, shapes_in
from tinyseq.weights.dtype_policy import DTypePolicy

CALL_WRITTEN: list[Callable[[type[Layer]], None]] = []
"""What is done with a class that writes call(): the package puts it here."""

PASS_MASKS = frozenset(
    """Dense Activation ReLU LeakyReLU PReLU ELU Softmax Identity Rescaling Normalization Dropout AlphaDropout GaussianDropout
    GaussianNoise ActivityRegularization BatchNormalization LayerNormalization GroupNormalization UnitNormalization
    SpatialDropout1D SpatialDropout2D SpatialDropout3D""".split()  # noqa: SIM905
)
"""The layers whose output has the mask of their input. Source: keras 3.15, supports_masking."""


class Layer(Questions):
    """A function from arrays to arrays with trainable weights. See the module's first lines."""

    supports_masking: bool = False
    _normalized: Any = None
    """What predicts this layer and the BatchNormalization after it: see layers/normalized.py."""
    _builds_itself: bool = False
    """build() does all that a call from outside expects (Sequential's)."""

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        if "supports_masking" not in vars(cls) and cls._has_rule and (cls.__name__ in PASS_MASKS or cls.masking is not Operator.masking):
            cls.supports_masking = True
        if "build" in vars(cls) and not cls._builds_itself:
            cls._writes_build = True
            type.__setattr__(cls, "build", _declaring(cls.build))
        if "call" in vars(cls):
            for adopt in CALL_WRITTEN:
                adopt(cls)

    def infer(self, inputs: tuple[Shape, ...]) -> Inference:
        """From output_shape or compute_output_shape, and the weights that build() adds."""
        return user_layer.infer(self, inputs)

    def build(self, *input_shape: Any, **shapes: Any) -> None:
        """Declares the weights for inputs of this shape. Takes no memory.

        Arguments:
            input_shape: sizes, batch axis first, None for any size; several, or a list of them, for several inputs; nothing for a layer
                whose weights do not depend on its input (Embedding)
            shapes: the same by name, as in query_shape=(None, 4, 8)
        """
        if not self._building:  # otherwise a user's layer calls super().build(), as in Keras
            calling.declare(self, shapes_in(input_shape, shapes) or (Shape(calling.smallest(self)),))

    # ------------------------------------------------------------------ calls

    def __call__(self, *inputs: Any, training: bool | None = None, mask: Any = None, **named: Any) -> Any:
        """On tensors of a model under construction: its output tensors. On arrays: its output arrays.

        Arguments:
            inputs: one tensor or array, or a list of them for a layer of several inputs
            training: True: behave as in training (dropout drops)
            mask: (samples, steps), False for a step that is left out, a tensor or an array as the input; None: that of the input, if it
                has one (of Masking, Embedding(mask_zero=True), or passed on from there)
            named: inputs=x in place of x
        """
        if named:
            inputs = calling.by_name(self, inputs, named)
        given = self._gathered(inputs)
        beside = calling.masks_beside(self, mask)
        if not beside:
            given = calling.followed(self, given)
        if calling.symbolic(self, [*given, *beside]):
            return calling.connect(calling.forced(self, given, training), given, beside)
        return self._compute([*given, *beside], bool(training), len(beside))

    def _gathered(self, inputs: tuple[Any, ...]) -> list[Any]:
        """The inputs of a call as a list."""
        return calling.gathered(self, inputs)

    def add_loss(self, loss: Any) -> None:
        """In call(): adds a tensor's sum to the loss of the model, each time the layer is used.

        Arguments:
            loss: a tensor made by layers and tinyseq.ops, one number or one for each sample
        """
        added = calling.ADDED.get()
        if added is None or not hasattr(loss, "shape_accepted"):
            raise NotImplementedError(
                f"{self.name}: add_loss() takes a tensor, in call() of a layer or model, made with layers and tinyseq.ops: got "
                f"{type(loss).__name__}{'' if added is not None else ' outside of a call() that is followed'}"
            )
        added.append((self, loss))

    def call(self, *inputs: Any) -> Any:
        """What the layer does with tensors, for super().call(x) in a subclass that writes call().

        Arguments:
            inputs: tensors
        """
        above = getattr(type(self), "_above", None)
        if above is None:
            return self(*inputs)
        plain = object.__new__(above)
        accepted = tuple(Shape((None, *tensor.shape[1:])) for tensor in inputs)
        plain.__dict__.update({**self.__dict__, "_engines": {}, "_prepared": {}, "_original": self, "_weights_for": accepted})
        return calling.connect(plain, list(inputs))

    def _compute(self, given: list[Any], training: bool, masks: int = 0) -> Any:
        """The outputs for arrays, by an engine of this layer alone; the last one is a mask if `masks` is 1."""
        return compute(self, given, training, masks)

    @property
    def input(self) -> Any:
        """The input tensor (or list of tensors) of this layer in the only model that uses it."""
        return calling.input_of(self)

    @property
    def output(self) -> Any:
        """The output tensor (or list of tensors) of this layer in the only model that uses it."""
        return calling.output_of(self)

    # ------------------------------------------------------------------ configuration and copies

    @property
    def dtype_policy(self) -> DTypePolicy:
        """The dtypes of weights and of values: float32."""
        return DTypePolicy()

    @property
    def compute_dtype(self) -> str:
        """The dtype of values."""
        return "float32"

    @property
    def variable_dtype(self) -> str:
        """The dtype of weights."""
        return "float32"

    def arguments(self) -> dict[str, Any]:
        """The arguments by name: as your own layer stores them; if it does not, as they were given, if they are numbers or texts."""
        kept = {name: self.renamed.get(name, name) for name in argument_names(type(self))}
        given = self.__dict__.get("_given_arguments", {})
        stored = {name: getattr(self, attribute) for name, attribute in kept.items() if hasattr(self, attribute)}
        return {name: stored.get(name, given.get(name)) for name in kept if name in stored or name in given}

    def get_config(self) -> dict[str, Any]:
        """The arguments that create this layer again: type(layer)(**config)."""
        lost = next((name for name in argument_names(type(self)) if name not in self.arguments()), None)
        if lost is not None:
            advice = f"write self.{lost} = {lost} in __init__, or define get_config"
            raise NotImplementedError(f"{self.name}: get_config does not find its argument {lost}: {advice}")
        config: dict[str, Any] = {"name": self.name, "trainable": self.trainable, **self.arguments()}
        if self.declared_input is not None and self.declared_input.dims is not None and "shape" not in config:
            config["batch_input_shape"] = self.declared_input.dims
        return config

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Layer:
        """A new layer with these arguments and fresh weights.

        Arguments:
            config: what get_config returned
        """
        return cls(**config)

    def __copy__(self) -> Any:
        """Like deepcopy: a copy that shares weights would learn with the original. Keras's copy.copy shares nothing either."""
        return deepcopy(self)

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_engines": {}, "_prepared": {}, "_nodes": [], "_normalized": None}

    def __repr__(self) -> str:
        return f"<{type(self).__name__} name={self.name}, built={self.built}>"


def _declaring(own: Any) -> Any:
    """A user's build(): called from outside it declares the weights, as every layer's does; from inside it runs."""

    @wraps(own)
    def build(self: Layer, input_shape: Any) -> None:
        if self._building:
            own(self, input_shape)
        else:
            Layer.build(self, input_shape)

    return build
