"""Layers that walk over steps, and cells, which are one step: output, [states] = cell(x, states).

Rules: shapecheck.layers.recurrent. Within an RNN the layer of a cell's kind makes all steps.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from shapecheck.graph import Graph
from shapecheck.layers import recurrent as rules
from shapecheck.layers.base import Inference, WeightSpec
from shapecheck.nodes import Node, Tensor, known_input
from shapecheck.shapes import Shape
from tinyseq.engine.operator import Operator, Sizes
from tinyseq.layers.convolution_recurrent import ConvLSTM1D as ConvLSTM1D
from tinyseq.layers.convolution_recurrent import ConvLSTM2D as ConvLSTM2D
from tinyseq.layers.convolution_recurrent import ConvLSTM3D as ConvLSTM3D
from tinyseq.layers.own_cell import OwnSteps, sizes_of, writes_call
from tinyseq.layers.recurrence import Recurrence
from tinyseq.layers.recurrent_steps import GRUSteps, LSTMSteps, SimpleSteps
from tinyseq.layers.states import WithStates
from tinyseq.layers.wrapper import Wrapper


class SimpleRNN(rules.SimpleRNN, SimpleSteps):
    pass


class LSTM(rules.LSTM, LSTMSteps):
    pass


class GRU(rules.GRU, GRUSteps):
    pass


LOOPS: dict[str, type[Recurrence]] = {"SimpleRNNCell": SimpleRNN, "LSTMCell": LSTM, "GRUCell": GRU}
"""The layer that makes all steps of a cell."""


def loop_of(cell: Any, **more: Any) -> Any:
    """The layer that makes the steps of a cell; its weights are the cell's."""
    if writes_call(cell):
        return OwnSteps(cell, **more)
    kind = next((LOOPS[base.__name__] for base in type(cell).__mro__ if base.__name__ in LOOPS), None)
    if kind is None:
        raise NotImplementedError(
            f"{cell.name}: {type(cell).__name__} is no cell: write call(self, inputs, states), which returns output, [states], and "
            f"state_size"
        )
    return kind(name=cell.name, trainable=cell.trainable, **cell.arguments(), **more)


class RNN(rules.RNN, WithStates, Wrapper):
    """A cell, or cells on top of each other, as layers on top of each other: each makes all its steps before the next begins."""

    def stacked(self, cells: Any) -> Any:
        """A list of cells as one."""
        return StackedRNNCells(cells)

    def parts(self) -> Sequence[Any]:
        if "_loops" not in self.__dict__:
            self._loops = self._made()
        return self._loops

    def _made(self) -> list[Any]:
        cells = getattr(self.cell, "cells", [self.cell])
        loops = []
        for number, cell in enumerate(cells):
            last = number == len(cells) - 1
            loop = loop_of(
                cell, return_sequences=self.return_sequences or not last, return_state=self.return_state, stateful=self.stateful,
                go_backwards=self.go_backwards and number == 0, unroll=self.unroll,
            )  # fmt: skip
            if isinstance(loop, Recurrence):
                loop.zero_output_for_mask = self.zero_output_for_mask
                loop._mask_backwards = self.go_backwards
            loops.append(loop)
        return loops

    def _declare(self, shapes: tuple[Shape, ...], inference: Inference) -> None:
        super()._declare(shapes, inference)
        for cell, loop in zip(getattr(self.cell, "cells", [self.cell]), self.parts(), strict=True):
            if isinstance(loop, Recurrence):
                cell._weights, cell._weights_for = loop._weights, loop._weights_for

    def infer(self, inputs: tuple[Shape, ...]) -> Inference:
        """That of the rule; with cells of the user's own that of its parts, one after the other."""
        if inputs[0].dims is None or all(isinstance(loop, Recurrence) for loop in self.parts()):
            return super().infer(inputs)
        x, weights, states = inputs[0], list[WeightSpec](), list[Shape]()
        for loop in self.parts():
            found = loop.infer((x,))
            x, weights, states = found.outputs[0], [*weights, *found.weights], [*states, *found.outputs[1:]]
        return Inference((x, *states), tuple(weights), window="all")

    @property
    def states(self) -> int:  # type: ignore[override]
        """How many tensors the state is made of."""
        return sum(loop.states for loop in self.parts())

    @property
    def state_size(self) -> Any:
        """The size of each tensor of the state; a number if it is one."""
        sizes = [size for cell in getattr(self.cell, "cells", [self.cell]) for size in sizes_of(cell)]
        return sizes[0] if len(sizes) == 1 else sizes

    def part_shapes(self, shapes: tuple[Shape, ...]) -> list[tuple[Shape, ...]]:
        assert shapes[0].dims is not None
        batch, steps, features = shapes[0].dims
        found: list[tuple[Shape, ...]] = []
        for loop in self.parts():
            found.append((Shape((batch, steps, features)),))
            loop.infer(found[-1])
            features = loop.units
        return found

    def inside(self, inputs: tuple[Sizes, ...]) -> Graph:
        return self.graph_of(len(inputs), lambda: _stacked(self.parts(), len(inputs), self.return_state))


def _stacked(loops: Sequence[Any], inputs: int, return_state: bool) -> Graph:
    """Each loop on the output of the one before; states are given and returned from the lowest up."""
    tensors = [Node(known_input(Shape((None,)))).tensor() for _ in range(inputs)]
    x, given, states = tensors[0], tensors[1:], list[Tensor]()
    for loop in loops:
        node = Node(loop, (x, *given[: loop.states]))
        given = given[loop.states :]
        x = node.tensor()
        states += [node.tensor(1 + i) for i in range(loop.states if return_state else 0)]
    return Graph(tensors, [x, *states])


class OneStep(Operator):
    """(samples, features) -> (samples, 1, features), the same memory."""

    tells = True
    shardable = True
    needs_input = False
    needs_output = False

    def __init__(self) -> None:
        super().__init__(name="one_step")

    def infer(self, inputs: tuple[Shape, ...]) -> Inference:
        assert inputs[0].dims is not None
        samples, *sizes = inputs[0].dims
        return Inference(Shape((samples, 1, *sizes)))

    def view(self, training: bool) -> bool:
        return True


class Cell(Wrapper):
    """A cell used by itself: an RNN of one step, from given states on."""

    state_sizes: Any

    @property
    def state_size(self) -> Any:
        """The size of each tensor of the state; a number if it is one."""
        sizes = self.state_sizes
        return sizes[0] if len(sizes) == 1 else list(sizes)

    def parts(self) -> Sequence[Any]:
        if "_rnn" not in self.__dict__:
            self._rnn = RNN(self, return_state=True, name=f"{self.name}_step")
        return (self._rnn,)

    def check_compute(self) -> None:
        self.parts()[0].check_compute()

    def part_shapes(self, shapes: tuple[Shape, ...]) -> list[tuple[Shape, ...]]:
        assert shapes[0].dims is not None
        samples, features = shapes[0].dims
        return [(Shape((samples, 1, features)),)]

    @property
    def weights(self) -> Any:
        """Its own, or those of the RNN that it is in."""
        return list(self._weights) or super().weights

    def __call__(self, *inputs: Any, states: Any = None, training: bool | None = None, mask: Any = None) -> Any:  # type: ignore[override]
        """output, [states] of one step.

        Arguments:
            inputs: a tensor or array (samples, features), then the states: a tensor, or a list of them
            states: the states, if they are not the second argument
            training: True: behave as in training (dropout drops)
            mask: not for a cell: leave it out
        """
        if mask is not None:
            raise NotImplementedError(f"{self.name}: mask= of a single step is not computed: leave it out")
        given: list[Any] = []
        for one in (*inputs, *([] if states is None else [states])):
            given += one if isinstance(one, (list, tuple)) else [one]
        if len(given) != 1 + len(self.state_sizes):
            raise ValueError(
                f"{self.name}: takes its input and {len(self.state_sizes)} states, got {len(given)} tensors: write "
                f"{self.name}(x, [{', '.join('hc'[: len(self.state_sizes)])}])"
            )
        output, *after = super().__call__(given, training=training)
        return output, after

    def inside(self, inputs: tuple[Sizes, ...]) -> Graph:
        return self.graph_of(len(inputs), lambda: _one_step(self.parts()[0], len(inputs)))


def _one_step(rnn: RNN, inputs: int) -> Graph:
    tensors = [Node(known_input(Shape((None,)))).tensor() for _ in range(inputs)]
    step = Node(OneStep(), (tensors[0],)).tensor()
    node = Node(rnn, (step, *tensors[1:]))
    return Graph(tensors, [node.tensor(port) for port in range(inputs)])


class SimpleRNNCell(rules.SimpleRNNCell, Cell):
    pass


class LSTMCell(rules.LSTMCell, Cell):
    pass


class GRUCell(rules.GRUCell, Cell):
    pass


class StackedRNNCells(rules.StackedRNNCells, Cell):
    pass
