"""Calling a layer: on tensors of a model under construction a node is made, on arrays numbers are computed."""

from __future__ import annotations

from collections.abc import Sequence
from contextvars import ContextVar
from typing import Any

import numpy as np

from shapecheck.diagnostics.base import ShapeError
from shapecheck.diagnostics.rank import InputMismatch
from shapecheck.graph import Graph
from shapecheck.layers.base import Inference, Rule
from shapecheck.nodes import Node, known_input
from shapecheck.shapes import Shape
from tinyseq.error_repairs import explained
from tinyseq.layers.symbolic import SymbolicTensor
from tinyseq.layers.weighted import Weighted
from tinyseq.weights.variable import FOLLOW
from tinyseq.weights.weight import Weight


def symbolic(layer: Weighted, given: Sequence[Any]) -> bool:
    """True for tensors of a model, False for arrays. TypeError for some of both."""
    tensors = [isinstance(value, SymbolicTensor) for value in given]
    if any(tensors) and not all(tensors):
        raise TypeError(f"{layer.name}: takes tensors of a model or arrays, not both at once")
    return all(tensors)


def followed(layer: Weighted, given: Sequence[Any]) -> list[Any]:
    """The inputs of a call. Arrays and weights on which call() of another layer calls a layer that has weights, or draws random numbers,
    become tensors: as numbers its output would be a constant, which does not learn."""
    follow = FOLLOW.get()
    if follow is None or not given or not all(_numbers(value) for value in given):
        return list(given)
    if not layer.built:
        declare(layer, tuple(Shape(np.shape(value.value if isinstance(value, Weight) else value)) for value in given))
    if not (layer.weights or _draws(layer) or any(isinstance(value, Weight) for value in given)):
        return list(given)
    return [follow("tensor", [value]) for value in given]


def _numbers(value: Any) -> bool:
    """Whether it is an array of numbers, or a weight."""
    if isinstance(value, Weight):
        return True
    return not isinstance(value, SymbolicTensor) and np.ndim(value) > 0 and np.asarray(value).dtype.kind in "biuf"


def _draws(layer: Any) -> bool:
    return bool(layer.random) or any(_draws(child) for child in layer.children)


def batched(tensor: Any) -> bool:
    """Whether a tensor has a batch axis."""
    return bool(getattr(tensor.node.rule, "batched", True))


def gathered(layer: Weighted, inputs: tuple[Any, ...]) -> list[Any]:
    """The inputs of layer(x), layer([a, b]) or layer(a, b), as a list."""
    if not inputs:
        raise TypeError(f"{layer.name}: needs its input, as in layer(x)")
    if len(inputs) > 1:
        if not layer.several_inputs:
            _one_input_only(layer, len(inputs))
        return list(inputs)
    (value,) = inputs
    if isinstance(value, (list, tuple)):
        if layer.several_inputs:
            return list(value)
        if any(isinstance(item, SymbolicTensor) for item in value):
            if len(value) == 1:
                return list(value)
            _one_input_only(layer, len(value))
        if len(value) > 1 and all(hasattr(item, "shape") and len(item.shape) > 1 for item in value):
            _one_input_only(layer, len(value))
    elif layer.several_inputs and layer.graph is None and (isinstance(value, SymbolicTensor) or (layer._has_rule and _is_array(value))):
        raise ValueError(f"{layer.name}: {type(layer).__name__} takes a list of inputs: write {layer.name}([a, b])")
    return [value]


def _is_array(value: Any) -> bool:
    return hasattr(value, "shape") and hasattr(value, "dtype")


def by_name(layer: Weighted, inputs: tuple[Any, ...], named: dict[str, Any]) -> tuple[Any, ...]:
    """The inputs of layer(inputs=x). TypeError for any other name."""
    wrong = next((name for name in named if name != "inputs"), None)
    if wrong is not None or inputs:
        advice = f"write {layer.name}(x), with training= and mask= by name"
        raise TypeError(f"{layer.name}: a call has no argument {wrong or 'inputs'!r} here: {advice}")
    return (named["inputs"],)


def _one_input_only(layer: Weighted, count: int) -> None:
    raise ValueError(
        f"{layer.name}: takes one input, got a list of {count}: join them first, for example with Concatenate()([a, b])"
    )


class Forced(Weighted):
    """A layer called with training=True or False on tensors of a model: it behaves so whatever the model does."""

    def __init__(self, layer: Weighted, shapes: Sequence[Shape], training: bool | None) -> None:
        super().__init__(name=str(layer.name))
        self._original = layer
        self.forced = training
        graph = lone_graph(layer, shapes)
        object.__setattr__(graph, "forced", training)
        self.__dict__["graph"] = graph

    @property
    def class_name(self) -> str:
        return self._original.class_name

    @property
    def layer_made(self) -> Rule:
        return self._original.layer_made

    def infer(self, inputs: tuple[Shape, ...]) -> Inference:
        return self._original.infer(inputs)

    @property
    def layers(self) -> list[Any]:
        """The layer itself."""
        return [self._original]

    def _check(self) -> None:
        pass  # the layer has been checked

    def _declare(self, shapes: tuple[Shape, ...], inference: Inference) -> None:
        pass  # its weights are the layer's


class Unbatched(Forced):
    """A layer called, in call() of another one, on tensors without a batch axis: constants, weights, and what follows from them."""

    operation = True
    batched = False

    def __init__(self, layer: Weighted, shapes: Sequence[Shape]) -> None:
        super().__init__(layer, shapes, None)


TRAINING: ContextVar[bool | None] = ContextVar("training, in the call that is followed; None outside", default=None)


ADDED: ContextVar[list[tuple[Any, SymbolicTensor]] | None] = ContextVar("what add_loss() added, in the call that is followed", default=None)


def forced(layer: Weighted, tensors: Sequence[SymbolicTensor], training: bool | None) -> Weighted:
    """The layer as it is called with `training`: itself, unless that says more than what goes without saying."""
    if training is None or bool(training) == TRAINING.get():
        return layer
    shapes = tuple(tensor.shape_accepted for tensor in tensors)
    declare(layer, shapes)
    return Forced(layer, shapes, bool(training))


def masks_beside(layer: Weighted, mask: Any) -> list[Any]:
    """mask= of a call as a list. Of several inputs, all but the first have none."""
    masks = [one for one in mask if one is not None] if isinstance(mask, (list, tuple)) else [] if mask is None else [mask]
    if len(masks) > 1:
        raise NotImplementedError(f"{layer.name}: a mask for each input is not computed: pass one for the first input")
    return masks


def connect(layer: Weighted, tensors: Sequence[SymbolicTensor], masks: Sequence[SymbolicTensor] = ()) -> Any:
    """Adds a node after these tensors and builds the layer; returns its outputs. If the shapes do not fit, nothing changes."""
    if tensors and not masks and not layer.operation and not any(batched(tensor) for tensor in tensors):
        shapes = tuple(tensor.shape_accepted for tensor in tensors)
        declare(layer, shapes)
        layer = Unbatched(layer, shapes)
    outputs = draft(layer, tensors, masks)
    commit(layer, outputs[0].node)
    return outputs[0] if len(outputs) == 1 else outputs


def draft(
    layer: Weighted, tensors: Sequence[SymbolicTensor], masks: Sequence[SymbolicTensor] = ()
) -> list[SymbolicTensor]:  # fmt: skip
    """As connect, but the layer does not record its node yet: see commit."""
    try:
        inference = declare(layer, tuple(tensor.shape_accepted for tensor in tensors))
    except ShapeError as error:
        raise explained(error, layer, tensors) from None
    node = Node(layer, tensors, beside={"mask": masks} if masks else None)
    dtype = layer.output_dtype
    return [SymbolicTensor(node, port, s, str(layer.name), dtype) for port, s in enumerate(inference.outputs)]


def commit(layer: Weighted, node: Node) -> None:
    """Records the use of the layer."""
    layer._nodes.append(node)


def declare(layer: Weighted, shapes: tuple[Shape, ...]) -> Inference:
    """Output shapes for these inputs; declares the weights if that has not been done.

    Raises ShapeError that names the layer, and leaves it as it was.
    """
    layer._check()
    accepted = tuple(Shape((None, *shape.dims[1:])) if shape.dims else shape for shape in shapes)
    try:
        inference = layer.infer(shapes)
    except ShapeError as error:
        raise error.at(str(layer.name)) from None
    except ValueError:
        if layer._weights_for is not None:
            _same_weights(layer, None, shapes)
        raise
    if layer._weights_for is None:
        layer._declare(shapes, inference)
        layer._weights_for = accepted
    else:
        _same_weights(layer, inference, shapes)
    return inference


def _same_weights(layer: Weighted, inference: Inference | None, shapes: tuple[Shape, ...]) -> None:
    """Refuses an input that needs other weight shapes than the layer has."""
    have = [weight.shape for weight in layer.weights]
    want = [tuple(spec.shape) for spec in inference.weights] if inference else []
    if have == want or (layer.graph is not None and sorted(have) == sorted(want)):  # a model lists its layers in an order of its own
        return
    assert layer._weights_for is not None
    for accepted, given in zip(layer._weights_for, shapes, strict=True):
        if accepted.dims is None or given.dims is None or len(accepted.dims) != len(given.dims):
            continue
        for axis in range(len(given.dims) - 1, 0, -1):
            if accepted.dims[axis] != given.dims[axis]:
                raise ShapeError(InputMismatch(accepted, given, axis), layer.name)
    if inference is not None:
        raise ValueError(
            f"{layer.name}: was built for inputs {', '.join(map(str, layer._weights_for))} and has weights of shapes {have}; for "
            f"{', '.join(map(str, shapes))} they would be {want}: create a new layer"
        )


def smallest(layer: Weighted) -> tuple[Any, ...]:
    """The input of a layer whose weights do not depend on it, for build() without a shape. TypeError for any other."""
    if layer.input_dtype != "int64":
        raise TypeError(f"{layer.name}: build() needs the shape of the input, for example {layer.name}.build((None, 4))")
    return (None, None)


def lone_graph(layer: Weighted, shapes: Sequence[Shape], masks: int = 0) -> Graph:
    """A layer by itself, as a graph; the layer does not record it. `masks`: how many inputs at the end are masks."""
    tensors = [Node(known_input(shape)).tensor() for shape in shapes]
    inputs = len(tensors) - masks
    node = Node(layer, tensors[:inputs], beside={"mask": tensors[inputs:]} if masks else None)
    ports = len(layer.infer(tuple(shapes[:inputs])).outputs)
    return Graph(tensors, [node.tensor(port) for port in range(ports)])


def input_of(layer: Weighted) -> Any:
    """The input tensors of the layer, at the only place where it is used."""
    tensors = list(_only_node(layer, "input").inputs)
    return tensors[0] if len(tensors) == 1 else tensors


def output_of(layer: Weighted) -> Any:
    """The output tensors of the layer, at the only place where it is used."""
    node = _only_node(layer, "output")
    shapes = tuple(tensor.shape_accepted for tensor in node.inputs)  # type: ignore[attr-defined]
    outputs = layer.infer(shapes).outputs
    tensors = [SymbolicTensor(node, port, shape, str(layer.name)) for port, shape in enumerate(outputs)]
    return tensors[0] if len(tensors) == 1 else tensors


def _only_node(layer: Weighted, what: str) -> Node:
    if not layer._nodes:
        raise AttributeError(
            f"{layer.name} has no {what} yet, because no model with a known input shape uses it. Put Input(shape=...) first"
        )
    if len(layer._nodes) > 1:
        raise AttributeError(
            f"{layer.name} is used {len(layer._nodes)} times, so it has no single `{what}`: use the tensors returned by its calls"
        )
    return layer._nodes[0]
