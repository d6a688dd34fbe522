"""A cell of the user's own inside an RNN: its call(inputs, states) is followed for each step, and the steps become one graph.

    class Mine(layers.Layer):
        state_size = 8                                          # or a list; output_size if it is another
        def build(self, input_shape): ...                       # (samples, features)
        def call(self, inputs, states, training=False):         # a tensor, a list of tensors
            ...
            return output, [state]
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from shapecheck.graph import Graph
from shapecheck.layers.base import Inference, WeightSpec
from shapecheck.nodes import Node, known_input
from shapecheck.shapes import Shape, is_size
from tinyseq import kernels
from tinyseq.engine.operator import Operator, Sizes
from tinyseq.layers.base import Layer
from tinyseq.layers.symbolic import SymbolicTensor, operator
from tinyseq.layers.traced import NotTraced, place_of, takes_training, tracing
from tinyseq.weights.variable import NoNumbers

if TYPE_CHECKING:
    from shapecheck.shapes import Dim
    from tinyseq.engine.context import Context


class FirstState(Operator):
    """(samples, ...) -> (samples, size) of zeros."""

    tells = True
    shardable = True
    needs_input = False
    needs_output = False
    differentiable = False

    def __init__(self, size: int) -> None:
        super().__init__(name="first_state")
        self.size = size

    def infer(self, inputs: tuple[Shape, ...]) -> Inference:
        assert inputs[0].dims is not None
        return Inference(Shape((inputs[0].dims[0], self.size)))

    def forward(self, ctx: Context, *inputs: Any) -> Any:
        ctx.call(kernels.copying.clear_all, ctx.output)
        return ctx.output


class Unmasked(Operator):
    """Its input; refuses a mask."""

    tells = True
    shardable = True
    needs_input = False
    needs_output = False

    def __init__(self, owner: str) -> None:
        super().__init__(name=owner)

    def infer(self, inputs: tuple[Shape, ...]) -> Inference:
        return Inference(inputs[0])

    def view(self, training: bool) -> bool:
        return True

    def masking(self, masked: tuple[bool, ...], outputs: int) -> tuple[Any, ...]:
        if any(masked):
            raise NotImplementedError(f"{self.name}: the mask of its input is not computed for a cell of your own: leave Masking out")
        return (None,)


def writes_call(cell: Any) -> bool:
    """Whether a class of the user's own defines the step."""
    for kind in type(cell).__mro__:
        if kind.__module__.startswith("tinyseq."):
            return False
        if "call" in vars(kind):
            return True
    return False


def sizes_of(cell: Any) -> tuple[int, ...]:
    """The size of each state. ValueError if the cell does not say it."""
    if hasattr(cell, "state_sizes"):
        return tuple(cell.state_sizes)
    sizes = getattr(cell, "state_size", None)
    listed = tuple(sizes) if isinstance(sizes, (list, tuple)) else (sizes,)
    if not listed or not all(is_size(size) and size > 0 for size in listed):
        raise ValueError(
            f"{cell.name}: {type(cell).__name__}.state_size is {sizes!r}: a cell needs state_size, the size of its state or a list of sizes"
        )
    return tuple(int(size) for size in listed)


class OwnSteps(Layer):
    """What makes all steps of a cell of the user's own; its weights are the cell's."""

    tells = True
    several_inputs = True

    def __init__(
        self, cell: Any, return_sequences: bool, return_state: bool, stateful: bool, go_backwards: bool, unroll: bool = False
    ) -> None:
        super().__init__(name=cell.name, trainable=cell.trainable)
        if stateful:
            advice = "pass initial_state= to each call"
            raise NotImplementedError(f"{cell.name}: stateful=True is not computed for a cell of your own: {advice}")
        self.cell = cell
        self.sizes = sizes_of(cell)
        self.return_sequences, self.return_state, self.go_backwards = return_sequences, return_state, go_backwards
        self._output: tuple[Dim, ...] = ()

    @property
    def children(self) -> tuple[Any, ...]:  # type: ignore[override]
        """The cell."""
        return (self.cell,) if "cell" in self.__dict__ else ()

    @property
    def states(self) -> int:
        """How many tensors the state is made of."""
        return len(self.sizes)

    @property
    def units(self) -> Any:
        """The size of the output of a step, once a step has been followed."""
        return self._output[-1] if self._output else getattr(self.cell, "output_size", self.sizes[0])

    @property
    def weights(self) -> list[Any]:
        """Those of the cell."""
        return list(self.cell.weights)

    @property
    def trainable_weights(self) -> list[Any]:
        """The weights that training changes."""
        return self._opened() if self.trainable else []

    def _opened(self) -> list[Any]:
        return list(self.cell._opened())

    @property
    def non_trainable_weights(self) -> list[Any]:
        """The weights that training leaves alone."""
        changing = set(map(id, self.trainable_weights))
        return [weight for weight in self.weights if id(weight) not in changing]

    # ------------------------------------------------------------------ shapes

    def infer(self, inputs: tuple[Shape, ...]) -> Inference:
        dims = inputs[0].dims
        if dims is None:
            return Inference(Shape(None, why=inputs[0].why))
        batch, steps, *features = dims
        if not self._output:
            self._output = self._tried((None, *features))
        one = (batch, steps, *self._output) if self.return_sequences else (batch, *self._output)
        after = tuple(Shape((batch, size)) for size in self.sizes) if self.return_state else ()
        specs = tuple(WeightSpec(w.name, w.shape, w.initializer, w.trainable) for w in self.weights)
        return Inference((Shape(one), *after), specs, window="all")

    def _tried(self, shape: tuple[Any, ...]) -> tuple[Dim, ...]:
        """The sizes of the output of one step; builds the cell."""
        cell = self.cell
        if cell._weights_for is None:
            self._build(shape)
        x = SymbolicTensor(Node(known_input(Shape(shape))), 0, Shape(shape), "input")
        with tracing(x, False):
            output, _ = self._step(x, [_first(x, size) for size in self.sizes], False)
        sizes: tuple[Dim, ...] = tuple(output.shape[1:])
        return sizes

    def _build(self, shape: tuple[Any, ...]) -> None:
        """Adds the cell's weights, for inputs of one step."""
        cell = self.cell
        if hasattr(cell, "specs"):
            for spec in cell.specs(shape[-1]):
                cell._add(spec)
        elif cell._writes_build:
            cell._building = True
            try:
                cell.build(shape)
            finally:
                cell._building = False
        cell._weights_for = (Shape(shape),)

    def _declare(self, shapes: tuple[Shape, ...], inference: Inference) -> None:
        pass  # the cell is built when its first step is followed

    # ------------------------------------------------------------------ steps

    def _step(self, x: Any, states: list[Any], training: bool) -> tuple[Any, list[Any]]:
        """(output, states) of the user's call."""
        function: Callable[..., Any] = self.cell.call
        try:
            found = function(x, states, training=training) if takes_training(function) else function(x, states)
        except NoNumbers as error:
            raise NotTraced(f"{self.name}: {place_of(error, function)}: cannot be followed: {error}") from None
        if not isinstance(found, (list, tuple)) or len(found) != 2:
            raise NotTraced(f"{self.name}: call() of a cell returns output, [states]: got {type(found).__name__}")
        output, after = found[0], list(found[1]) if isinstance(found[1], (list, tuple)) else [found[1]]
        if len(after) != self.states or not all(isinstance(one, SymbolicTensor) for one in (output, *after)):
            raise NotTraced(f"{self.name}: call() returned {len(after)} states, state_size names {self.states}: return output, [states]")
        return output, after

    def inside(self, inputs: tuple[Sizes, ...]) -> Graph:
        graphs: dict[Any, Graph] = self.__dict__.setdefault("_graphs", {})
        key = (inputs[0][1:], len(inputs))
        if key not in graphs:
            graphs[key] = self._followed(inputs, False)
            if takes_training(self.cell.call):
                object.__setattr__(graphs[key], "in_training", self._followed(inputs, True))
        return graphs[key]

    def _followed(self, inputs: tuple[Sizes, ...], training: bool) -> Graph:
        """All steps."""
        shapes = [Shape((None, *sizes[1:])) for sizes in inputs]
        tensors = [SymbolicTensor(Node(known_input(shape)), 0, shape, "input") for shape in shapes]
        x = SymbolicTensor(Node(Unmasked(str(self.name)), (tensors[0],)), 0, shapes[0], "input")
        states, outputs = list(tensors[1:]), list[Any]()
        count = inputs[0][1]
        with tracing(x, training):
            states = states or [_first(x, size) for size in self.sizes]
            for step in reversed(range(count)) if self.go_backwards else range(count):
                output, states = self._step(x[:, step], states, training)
                outputs.append(output)
            last = operator("stack")(outputs, 1) if self.return_sequences else outputs[-1]
        return Graph(tensors, [last, *(states if self.return_state else [])])

    def __getstate__(self) -> dict[str, Any]:
        return {**super().__getstate__(), "_graphs": {}}


def _first(x: SymbolicTensor, size: int) -> SymbolicTensor:
    """States of 0 for the samples of x."""
    shape = Shape((x.shape[0], size))
    return SymbolicTensor(Node(FirstState(size), (x,)), 0, shape, "first_state")
