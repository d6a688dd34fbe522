"""What the writer of a layer sees: its inputs as expressions, where lines and weights go. And the writers, by class."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from numpy.typing import NDArray

from shapecheck.nodes import Node
from tinyseq.saving.layer_writers import LayerWriters
from tinyseq.saving.write_config import CannotSave

Array = NDArray[Any]


class Value:
    """An expression of the program, and its shape as Keras has it.

    Arguments:
        text: the expression
        shape: sizes, batch axis first, in Keras's order
        first: True: the channels, last in Keras, are first after the batch axis here
    """

    def __init__(self, text: str, shape: Sequence[int | None], first: bool = False) -> None:
        self.text = text
        self.shape = tuple(shape)
        self.first = first and len(self.shape) > 2

    @property
    def axes(self) -> int:
        """The number of axes between batch and channels."""
        return len(self.shape) - 2


class Owner(Protocol):
    """The class that is written: ModuleClass of program.py."""

    program: Any
    lines: list[str]

    def module(self, layer: Any, source: str, state: dict[str, Array], ending: str = "") -> str:
        """A module of a layer: self.conv2d."""

    def buffer(self, layer: Any, array: Array, ending: str) -> str:
        """An array of a layer that does not train: self.normalization_mean."""


class Use:
    """One call of a layer, as its writer sees it: inputs, configuration, and where lines and weights go.

    Arguments:
        owner: the class that is written
        layer: the layer
        node: its call
        inputs: the values that it takes
        outputs: the shapes that it makes
    """

    def __init__(self, owner: Owner, layer: Any, node: Node | None, inputs: list[Value], outputs: list[Any]) -> None:
        self.owner = owner
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

    def module(self, source: str, state: dict[str, Array], ending: str = "") -> str:
        """self.conv2d: made in __init__ as `source` says; `state` are its arrays by torch's names."""
        return self.owner.module(self.layer, source, state, ending)

    def buffer(self, array: Array, ending: str) -> str:
        """self.normalization_mean: an array that does not train."""
        return self.owner.buffer(self.layer, array, ending)

    def line(self, text: str) -> None:
        """A line of forward()."""
        self.owner.lines.append(text)

    def channels_first(self, value: Value) -> str:
        """The expression with channels after the batch axis."""
        if value.first or value.axes < 1:
            return value.text
        order = (0, value.axes + 1, *range(1, value.axes + 1))
        return _permuted(self.owner.lines, value, order, "torch: channels first", True)

    def as_keras(self, value: Value, why: str = "") -> str:
        """The expression with channels last, as in Keras."""
        return as_keras(self.owner.lines, value, why)

    def refuse(self, why: str) -> CannotSave:
        """The error that names the layer and the reason."""
        return CannotSave(f"layer {self.layer.name}: {type(self.layer).__name__} is not written for torch: {why}")

    def helper(self, source: str) -> None:
        """A function that the program needs, before its classes."""
        self.owner.program.helper(source)

    def again(self, layer: Any, inputs: list[Value], outputs: list[Any]) -> Use:
        """A layer inside this one."""
        return Use(self.owner, layer, None, inputs, outputs)


def as_keras(lines: list[str], value: Value, why: str = "") -> str:
    """The expression with channels last; if that is a new x, its line is added to those of forward()."""
    if not value.first:
        return value.text
    order = (0, *range(2, value.axes + 2), 1)
    return _permuted(lines, value, order, f"Keras's order{why}: channels last", False)


def _permuted(lines: list[str], value: Value, order: tuple[int, ...], why: str, first: bool) -> str:
    call = f"{value.text}.permute({', '.join(map(str, order))})"
    if value.text != "x":
        return call
    lines.append(f"x = {call}  # {why}")
    value.first = first
    return "x"


WRITERS: LayerWriters[Use, Value] = LayerWriters("torch has no such layer")
writes, write = WRITERS.writes, WRITERS.write
