"""The nodes and constants of an ONNX graph as plain data, and how layers add to it. Nothing here needs the onnx package."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shapecheck.nodes import Node, Tensor
from tinyseq.layers.call_options import original
from tinyseq.layers.calling import Forced
from tinyseq.layers.core import InputLayer
from tinyseq.saving.config import is_model
from tinyseq.saving.layer_writers import LayerWriters
from tinyseq.saving.names import snake
from tinyseq.saving.write_config import CannotSave

Array = NDArray[Any]


class Value:
    """A tensor of the graph.

    Arguments:
        name: in the graph
        shape: sizes, batch axis first, in Keras's order
        first: True: the channels, last in Keras, are first after the batch axis here
        dtype: "float32" or "int64" and so on
    """

    def __init__(self, name: str, shape: Sequence[int | None], first: bool = False, dtype: str = "float32") -> None:
        self.name = name
        self.shape = tuple(shape)
        self.first = first and len(self.shape) > 2
        self.dtype = dtype

    @property
    def axes(self) -> int:
        """The number of axes between batch and channels."""
        return len(self.shape) - 2


class Op:
    """One node.

    Arguments:
        kind: ONNX's operator
        inputs: names; "" for one that is left out
        outputs: names
        attributes: numbers, texts and lists of them
    """

    def __init__(self, kind: str, inputs: Sequence[str], outputs: Sequence[str], attributes: dict[str, Any]) -> None:
        self.kind = kind
        self.inputs = tuple(inputs)
        self.outputs = tuple(outputs)
        self.attributes = attributes


class OnnxGraph:
    """Nodes in order, constants by name."""

    def __init__(self) -> None:
        self.ops: list[Op] = []
        self.constants: dict[str, Array] = {}
        self._count: dict[str, int] = {}
        self._taken: set[str] = set()
        self._turned: dict[str, str] = {}
        """A tensor and the same one with its channels at the other end, both ways."""

    def name(self, wanted: str) -> str:
        """A free name."""
        found = wanted
        while found in self._taken:
            self._count[wanted] = self._count.get(wanted, 0) + 1
            found = f"{wanted}_{self._count[wanted]}"
        self._taken.add(found)
        return found

    def constant(self, array: Any, wanted: str = "constant") -> str:
        """An array; equal small ones of the same name are one."""
        value = np.ascontiguousarray(array)
        value = value.reshape(np.shape(array))
        if value.size <= 16:
            for name, other in self.constants.items():
                if other.dtype == value.dtype and other.shape == value.shape and np.array_equal(other, value):
                    return name
        name = self.name(wanted)
        self.constants[name] = value
        return name

    def ints(self, *values: int) -> str:
        """A constant list of int64."""
        return self.constant(np.asarray(values, np.int64), "sizes")

    def number(self, value: float) -> str:
        """A constant float32."""
        return self.constant(np.float32(value), "number")

    def op(self, kind: str, *inputs: str, **attributes: Any) -> str:
        """Adds a node of one output; returns its name."""
        return self.ops_of(kind, inputs, 1, **attributes)[0]

    def ops_of(self, kind: str, inputs: Sequence[str], count: int, **attributes: Any) -> list[str]:
        """Adds a node of several outputs."""
        names = [self.name(snake(kind)) for _ in range(count)]
        self.ops.append(Op(kind, inputs, names, attributes))
        return names

    def channels_first(self, value: Value) -> str:
        """The tensor with channels after the batch axis."""
        if value.first or value.axes < 1:
            return value.name
        return self._turn(value.name, (0, value.axes + 1, *range(1, value.axes + 1)))

    def as_keras(self, value: Value) -> str:
        """The tensor with channels last, as in Keras."""
        return self._turn(value.name, (0, *range(2, value.axes + 2), 1)) if value.first else value.name

    def _turn(self, name: str, order: tuple[int, ...]) -> str:
        if name not in self._turned:
            found = self.op("Transpose", name, perm=list(order))
            self._turned[name], self._turned[found] = found, name
        return self._turned[name]

    def used(self, outputs: Sequence[str]) -> None:
        """Leaves out nodes and constants that no output needs."""
        needed = set(outputs)
        kept = []
        for op in reversed(self.ops):
            if needed & set(op.outputs):
                kept.append(op)
                needed |= set(op.inputs)
        self.ops = kept[::-1]
        self.constants = {name: array for name, array in self.constants.items() if name in needed}


class Use:
    """One call of a layer, as its writer sees it.

    Arguments:
        graph: where nodes and constants go
        layer: the layer
        node: its call; None inside another layer
        inputs: the values that it takes
        outputs: the shapes that it makes
    """

    def __init__(self, graph: OnnxGraph, layer: Any, node: Node | None, inputs: list[Value], outputs: list[Any]) -> None:
        self.graph = graph
        self.layer = layer
        self.node = node
        self.inputs = inputs
        self.outputs = outputs
        self.config: dict[str, Any] = layer.get_config()
        self.weights: dict[str, Array] = {weight.name: weight.value for weight in layer.weights}

    @property
    def x(self) -> Value:
        """The first input."""
        return self.inputs[0]

    @property
    def output(self) -> Any:
        """The shape of the first output."""
        return self.outputs[0]

    def weight(self, name: str, array: Array | None = None) -> str:
        """A weight as a constant, in the form of `array` if that is passed."""
        value = self.weights[name] if array is None else array
        return self.graph.constant(np.asarray(value, np.float32), f"{self.layer.name}_{name}")

    def keras(self, value: Value) -> str:
        """The input in Keras's order."""
        return self.graph.as_keras(value)

    def first(self, value: Value) -> str:
        """The input with channels first, whatever Keras calls it."""
        return self.graph.as_keras(value) if self.is_first else self.graph.channels_first(value)

    @property
    def is_first(self) -> bool:
        """Whether Keras itself has the channels first."""
        return self.config.get("data_format") == "channels_first"

    def spatial(self, shape: Sequence[int | None]) -> tuple[int | None, ...]:
        """Height and width."""
        return tuple(shape[2:]) if self.is_first else tuple(shape[1:-1])

    def made(self, name: str) -> Value:
        """The output with channels first."""
        return Value(name, self.output, not self.is_first)

    def like(self, name: str, value: Value) -> Value:
        """An output whose numbers are where those of `value` are."""
        return Value(name, self.output, value.first)

    def refuse(self, why: str) -> CannotSave:
        """The error that names the layer and the reason."""
        return CannotSave(f"layer {self.layer.name}: {type(self.layer).__name__} is not written to ONNX: {why}")

    def again(self, layer: Any, inputs: list[Value], outputs: list[Any]) -> Use:
        """A layer inside this one."""
        return Use(self.graph, layer, None, inputs, outputs)


WRITERS: LayerWriters[Use, Value] = LayerWriters("ONNX has no such operator")
writes, write = WRITERS.writes, WRITERS.write


def add_model(graph: OnnxGraph, model: Any, inputs: Sequence[Value]) -> list[Value]:
    """All nodes of a model, those of inner models in their places; its outputs."""
    structure: Any = model._built_graph("graph")
    values: dict[Tensor, Value] = dict(zip(structure.inputs, inputs, strict=True))
    for node in structure.nodes:
        rule: Any = node.rule
        if isinstance(rule, InputLayer):
            continue
        layer = original(rule)
        if isinstance(rule, Forced) and rule.forced:
            raise CannotSave(f"layer {layer.name}: a call with training=True is not written to ONNX: leave training= out")
        if "mask" in node.beside:
            raise CannotSave(f"layer {layer.name}: a call with mask= is not written to ONNX: leave it out")
        given = [values[tensor] for tensor in node.feeds]
        fed: list[Any] = list(node.inputs)
        if is_model(layer):
            found = add_model(graph, layer, given)
        else:
            shapes = [shape.dims for shape in rule.infer(tuple(tensor.shape_accepted for tensor in fed)).outputs]
            found = write(Use(graph, layer, node, given, shapes))
        values.update({Tensor(node, port): value for port, value in enumerate(found)})
    return [values[tensor] for tensor in structure.outputs]
