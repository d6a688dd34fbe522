"""Calling a layer: on tensors of a model under construction a node is made, on arrays numbers are computed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from shapecheck.diagnostics.base import ShapeError
from shapecheck.diagnostics.rank import InputMismatch
from shapecheck.graph import Graph
from shapecheck.layers.base import Inference
from shapecheck.nodes import Node, Tensor, known_input
from shapecheck.shapes import Shape
from tinyseq.error_repairs import explained

if TYPE_CHECKING:
    from tinyseq.layers.base import Layer


class SymbolicTensor(Tensor):
    """What flows between layers before any number exists: which output of which node, and its shape."""

    __slots__ = ("dtype", "name", "shape_accepted")

    def __init__(self, node: Node, port: int, shape: Shape, name: str, dtype: str = "float32") -> None:
        super().__init__(node, port)
        self.shape_accepted = shape
        self.name = name
        self.dtype = dtype

    @property
    def shape(self) -> tuple[Any, ...]:
        """Sizes, batch axis first; None: any."""
        assert self.shape_accepted.dims is not None
        return self.shape_accepted.dims

    @property
    def rank(self) -> int:
        """How many axes."""
        return len(self.shape)

    ndim = rank

    def __add__(self, other: SymbolicTensor) -> Any:
        return _merge("Add", self, other)

    def __sub__(self, other: SymbolicTensor) -> Any:
        return _merge("Subtract", self, other)

    def __mul__(self, other: SymbolicTensor) -> Any:
        return _merge("Multiply", self, other)

    def __array__(self, *_: Any, **__: Any) -> Any:
        raise TypeError(
            f"{self!r} has a shape but no numbers: it stands for data that will be fed. Make a Model(inputs, outputs) of "
            f"it and call that on an array"
        )

    def __repr__(self) -> str:
        return f"<SymbolicTensor shape={self.shape_accepted}, dtype={self.dtype}, name={self.name}>"


def _merge(class_name: str, left: SymbolicTensor, right: Any) -> Any:
    from tinyseq import layers

    if not isinstance(right, SymbolicTensor):
        raise TypeError(f"{class_name} joins two tensors of a model, got {type(right).__name__}: use a Rescaling layer for numbers")
    return getattr(layers, class_name)()([left, right])


def call(layer: Layer, inputs: tuple[Any, ...], training: bool) -> Any:
    """layer(x), layer([a, b]) or layer(a, b)."""
    given = _inputs(layer, inputs)
    symbolic = [isinstance(value, SymbolicTensor) for value in given]
    if all(symbolic):
        return connect(layer, given)
    if any(symbolic):
        raise TypeError(f"{layer.name}: takes tensors of a model, or arrays, not both at once")
    return layer._compute(given, training)


def _inputs(layer: Layer, inputs: tuple[Any, ...]) -> list[Any]:
    if not inputs:
        raise TypeError(f"{layer.name}: is called on its input, as in layer(x)")
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
    elif layer.several_inputs and isinstance(value, SymbolicTensor) and getattr(layer, "graph", None) is None:
        raise ValueError(f"{layer.name}: {type(layer).__name__} takes a list of inputs: write {layer.name}([a, b])")
    return [value]


def _one_input_only(layer: Layer, count: int) -> None:
    raise ValueError(
        f"{layer.name}: takes one input, got a list of {count}: join them first, for example with Concatenate()([a, b])"
    )


def connect(layer: Layer, tensors: Sequence[SymbolicTensor]) -> Any:
    """A node behind these tensors; its outputs. Builds the layer. If the shapes do not fit, nothing has happened."""
    outputs = draft(layer, tensors)
    commit(layer, outputs[0].node)
    return outputs[0] if len(outputs) == 1 else outputs


def draft(layer: Layer, tensors: Sequence[SymbolicTensor]) -> list[SymbolicTensor]:
    """As connect, but the layer does not know of its node yet: see commit."""
    try:
        inference = declare(layer, tuple(tensor.shape_accepted for tensor in tensors))
    except ShapeError as error:
        raise explained(error, layer, tensors) from None
    node = Node(layer, tensors)
    dtype = getattr(layer, "output_dtype", "float32")
    return [SymbolicTensor(node, port, s, str(layer.name), dtype) for port, s in enumerate(inference.outputs)]


def commit(layer: Layer, node: Node) -> None:
    """From now on the layer stands in this place."""
    layer._nodes.append(node)


def declare(layer: Layer, shapes: tuple[Shape, ...]) -> Inference:
    """What the layer gives for these shapes; its weights are declared if they are not yet.

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


def _same_weights(layer: Layer, inference: Inference | None, shapes: tuple[Shape, ...]) -> None:
    """Refuses an input for which the layer's weights would have other shapes than they have."""
    have = [weight.shape for weight in layer.weights]
    want = [tuple(spec.shape) for spec in inference.weights] if inference else []
    if have == want:
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
            f"{', '.join(map(str, shapes))} they would be {want}: make a new layer"
        )


def lone_graph(layer: Layer, shapes: Sequence[Shape]) -> Graph:
    """A layer by itself, as a graph; the layer does not learn of it."""
    tensors = [Node(known_input(shape)).tensor() for shape in shapes]
    node = Node(layer, tensors)
    ports = len(layer.infer(tuple(shapes)).outputs)
    return Graph(tensors, [node.tensor(port) for port in range(ports)])


def input_of(layer: Layer) -> Any:
    """The tensors that go into the layer, in the one place where it stands."""
    tensors = list(_only_node(layer, "input").inputs)
    return tensors[0] if len(tensors) == 1 else tensors


def output_of(layer: Layer) -> Any:
    """The tensors that come out of the layer, in the one place where it stands."""
    node = _only_node(layer, "output")
    shapes = tuple(tensor.shape_accepted for tensor in node.inputs)  # type: ignore[attr-defined]
    outputs = layer.infer(shapes).outputs
    tensors = [SymbolicTensor(node, port, shape, str(layer.name)) for port, shape in enumerate(outputs)]
    return tensors[0] if len(tensors) == 1 else tensors


def _only_node(layer: Layer, what: str) -> Node:
    if not layer._nodes:
        raise AttributeError(
            f"{layer.name} has no {what} yet: it stands in no model whose input shape is known. Put Input(shape=...) first"
        )
    if len(layer._nodes) > 1:
        raise AttributeError(
            f"{layer.name} stands in {len(layer._nodes)} places, so `{what}` is not one tensor: keep the tensors that calling "
            f"it returned"
        )
    return layer._nodes[0]
