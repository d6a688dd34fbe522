"""Sequential: a stack of layers with one input and one output; a chain of the nodes that a functional Model connects."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from shapecheck.diagnostics.base import ShapeError
from shapecheck.diagnostics.members import (
    DuplicateName,
    InputShapeContradicts,
    SameLayerTwice,
    SeveralInputs,
    SeveralOutputs,
)
from shapecheck.diagnostics.stack import KINDS, ClassNotInstance, NotALayer, SecondInput
from shapecheck.graph import Graph, chain
from shapecheck.languages import Phrase
from shapecheck.layers.base import Inference, Rule, shape_argument
from shapecheck.layers.core import InputLayer as InputRule
from shapecheck.propagate import mismatch, propagate
from shapecheck.shapes import Shape
from tinyseq.did_you_mean import spelled
from tinyseq.error_repairs import at_node, explained, followed
from tinyseq.inputs import Entry, numbers
from tinyseq.layers.base import Layer
from tinyseq.layers.calling import commit, draft
from tinyseq.layers.core import InputLayer, input_tensor
from tinyseq.layers.symbolic import SymbolicTensor
from tinyseq.model import Model
from tinyseq.saving.config import MODELS, layer_config, layer_from_config


class Sequential(Model):
    """The layers one after the other.

    >>> from tinyseq import Input, layers
    >>> model = Sequential([Input(shape=(4,)), layers.Dense(2, activation="relu"), layers.Dense(3)])
    >>> model.output_shape, model.count_params()
    ((None, 3), 19)

    `add` is atomic: a refused layer raises ShapeError (a ValueError) and does not change the model.

    Arguments:
        layers: the layers from the input to the output; the first may be an Input
        trainable: False: no weight in it changes in training
        name: the model's name; None: an automatic one
    """

    _stacked = True
    @spelled
    def __init__(self, layers: Iterable[Any] | None = None, trainable: bool = True, name: str | None = None) -> None:
        self._stack: list[Layer] = []
        self._tensors: list[SymbolicTensor] = []
        """The input tensor, then the output of each layer; empty while the input shape is not known."""
        super().__init__(name, trainable)
        if layers is not None and (not hasattr(layers, "__iter__") or isinstance(layers, (Mapping, set, frozenset))):
            raise TypeError(f"{self.name}: expected a list of layers, got {_what(layers)}: write Sequential([...])")
        rest = list(layers or ())
        while rest:
            layer = rest.pop(0)
            try:
                self.add(layer)
            except ShapeError as error:
                raise followed(error, rest) from None
        if not trainable:
            self.trainable = False

    # ------------------------------------------------------------------ the stack

    @spelled
    def add(self, layer: Any, rebuild: bool = True) -> None:
        """Adds a layer. Raises ShapeError (and changes nothing) if it does not fit.

        Arguments:
            layer: a layer, a model of one input, or an Input before all layers
            rebuild: accepted for compatibility with Keras, no effect
        """
        if isinstance(layer, SymbolicTensor) and isinstance(layer.node.rule, InputRule):
            layer = layer.node.rule
        if isinstance(layer, InputLayer):
            self._add_input(layer)
            return
        self._admit(layer)
        first = not self._tensors and not self._stack
        tensors = self._begin_at(layer) if first else list(self._tensors)
        if tensors:
            self._compare_declared(layer, tensors[-1].shape_accepted)
            tensors.append(self._draft(layer, tensors[-1]))
            commit(layer, tensors[-1].node)
        self._stack.append(layer)
        self._set_tensors(tensors)

    def pop(self, rebuild: bool = True) -> Layer:
        """Removes the last layer and returns it. IndexError if there is none.

        Arguments:
            rebuild: accepted for compatibility with Keras, no effect
        """
        if not self._stack:
            raise IndexError(f"{self.name}: there are no layers in the model to pop")
        layer = self._stack.pop()
        if self._tensors:
            node = self._tensors[-1].node
            layer._nodes = [other for other in layer._nodes if other is not node]
            self._set_tensors(self._tensors[:-1])
        else:
            self._changed()
        return layer

    def _add_input(self, layer: InputLayer) -> None:
        if self._tensors and not self._stack:
            raise ValueError(
                f"Sequential model '{self.name}' has already been configured to use input shape {self._tensors[0].shape}. You "
                f"cannot add a different Input layer to it: remove one Input"
            )
        if self._stack:
            raise ShapeError(SecondInput(), str(layer.name))
        self._set_tensors([input_tensor(layer)])

    def _admit(self, layer: Any) -> None:
        """Raises for a value that cannot be in a stack."""
        if isinstance(layer, type) and issubclass(layer, Rule):
            raise ShapeError(ClassNotInstance(layer.__name__), str(self.name))
        if not isinstance(layer, Layer):
            raise NotALayerError(NotALayer(_what(layer)), str(self.name))
        if any(layer is other for other in self._stack):
            raise ShapeError(SameLayerTwice(type(layer).__name__), str(layer.name))
        if any(layer.name == other.name for other in self._stack):
            raise ShapeError(DuplicateName(str(layer.name)), str(layer.name))
        if layer is self:
            raise ValueError(f"{self.name}: a model cannot contain itself: create a new model")
        if layer.several_inputs:
            raise ShapeError(SeveralInputs(type(layer).__name__), str(layer.name))
        layer._check()

    def _begin_at(self, layer: Layer) -> list[SymbolicTensor]:
        """The input tensor, if the first layer declares its shape."""
        if isinstance(layer, Model) and layer.graph is not None:
            accepted: Shape | None = layer.inputs[0].shape_accepted
        else:
            accepted = layer.declared_input
        if accepted is None or accepted.dims is None:
            return []
        return [input_tensor(InputLayer(batch_shape=accepted.dims))]

    def _compare_declared(self, layer: Layer, given: Shape) -> None:
        declared = layer.declared_input
        if declared is None or declared.dims is None or given.dims is None:
            return
        if mismatch(declared, given) is not None:
            refusal = ShapeError(InputShapeContradicts(declared, given), str(layer.name))
            raise explained(refusal, layer, self._tensors[-1:]) if self._tensors else refusal

    def _draft(self, layer: Layer, tensor: SymbolicTensor) -> SymbolicTensor:
        outputs = draft(layer, [tensor])
        if len(outputs) != 1:
            raise ShapeError(SeveralOutputs(len(outputs)), str(layer.name))
        return outputs[0]

    def _set_tensors(self, tensors: list[SymbolicTensor]) -> None:
        self._tensors = tensors
        self._graph = None
        self._changed()

    # ------------------------------------------------------------------ structure

    @property
    def graph(self) -> Graph | None:  # type: ignore[override]
        """The chain; None while the input shape is unknown."""
        if self._graph is None and self._tensors:
            self._graph = Graph([self._tensors[0]], [self._tensors[-1]], self.name)
        return self._graph

    def _parts(self) -> Sequence[Rule]:
        stack: Sequence[Rule] = self.__dict__.get("_stack", ())
        return stack

    @property
    def several_inputs(self) -> bool:  # type: ignore[override]
        """Always False: a stack has one input."""
        return False

    @property
    def built(self) -> bool:
        """True once the weights exist."""
        return bool(self._tensors)

    @built.setter
    def built(self, value: bool) -> None:
        self._set_built(value)

    def build(self, input_shape: Any = None) -> None:
        """Makes the weights for inputs of this shape.

        Arguments:
            input_shape: sizes, batch axis first, None for any size: (None, 28, 28, 1)
        """
        if self._tensors:
            return
        if input_shape is None:
            raise ValueError(f"{self.name}: build needs the shape of the input, for example build((None, 4))")
        self._build_for(Shape(shape_argument("input_shape", input_shape)))

    def _build_for(self, shape: Shape) -> None:
        """All layers for this input, or none of them."""
        accepted = Shape((None, *(shape.dims or ())[1:]))
        self._try(shape)
        tensors = [input_tensor(InputLayer(batch_shape=accepted.dims))]
        for layer in self._stack:
            self._compare_declared(layer, tensors[-1].shape_accepted)
            tensors.append(self._draft(layer, tensors[-1]))
        for layer, tensor in zip(self._stack, tensors[1:], strict=True):
            commit(layer, tensor.node)
        self._shown = (shape,)
        self._set_tensors(tensors)

    def _unbuild(self) -> None:
        super()._unbuild()
        self._shown = None
        self._set_tensors([])

    def _try(self, shape: Shape) -> None:
        """Raises the error for this shape before any layer is changed."""
        if not self._stack:
            raise ValueError(f"{self.name}: has no layers yet: add one, for example model.add(layers.Dense(3))")
        self.infer((shape,))

    def infer(self, inputs: tuple[Shape, ...]) -> Inference:
        if self.graph is not None:
            return super().infer(inputs)
        graph = chain(self._stack, input_shape=inputs[0])
        table = propagate(graph)
        try:
            return table.as_inference()
        except ShapeError as error:
            raise at_node(error, graph, table.broken[0].node) from None

    def _declare(self, shapes: tuple[Shape, ...], inference: Inference) -> None:
        if not self._tensors:
            self._build_for(shapes[0])

    # ------------------------------------------------------------------ numbers

    def _ready_entries(self, value: Any, whole: bool = True) -> list[Entry]:
        if not self._tensors and isinstance(value, Mapping):
            raise TypeError(f"{self.name}: got a dictionary, but its input has no name yet: pass the array itself")
        if not self._tensors:
            sizes = numbers(value, str(self.name)).shape
            if 0 in sizes:
                raise ValueError(f"{self.name}: got no values (shape {sizes}): pass at least 1 sample")
            self._build_for(Shape(sizes if whole else (None, *sizes[1:])))
        return super()._ready_entries(value, whole)

    # ------------------------------------------------------------------ copies

    def arguments(self) -> dict[str, Any]:
        return {}

    def get_config(self) -> dict[str, Any]:
        """Name and layers, the input first if it is known."""
        first = [self._tensors[0].node.rule] if self._tensors else []
        return {"name": self.name, "trainable": self.trainable, "layers": [layer_config(x) for x in (*first, *self.layers)]}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Any:
        """A fresh stack of these layers.

        Arguments:
            config: what get_config returned
        """
        model = Sequential(name=config.get("name"))
        for entry in config["layers"]:
            model.add(layer_from_config(entry))
        return model

    def _register(self) -> None:
        for layer, tensor in zip(self._stack, self._tensors[1:], strict=False):
            if tensor.node not in layer._nodes:
                layer._nodes.append(tensor.node)
        if self._tensors:
            first = self._tensors[0].node
            if isinstance(first.rule, Layer) and first not in first.rule._nodes:
                first.rule._nodes.append(first)


class NotALayerError(ShapeError, TypeError):
    """Both a ValueError, as Keras 3 raises, and a TypeError, as Keras 2 did."""


def _what(value: Any) -> str:
    if value is None:
        return "None"
    if isinstance(value, Layer):
        return KINDS["layer"]
    if type(value) in (list, tuple, str, int, dict):
        return KINDS[type(value).__name__]
    if callable(value) and not isinstance(value, type):
        return KINDS["function"]
    return Phrase("SC408", "kind.type", "of type {kind}", kind=type(value).__name__)


MODELS["Sequential"] = Sequential
