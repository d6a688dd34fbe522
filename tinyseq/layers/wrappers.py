"""TimeDistributed and Bidirectional. Rules: shapecheck.layers.wrappers."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from typing import TYPE_CHECKING, Any

import numpy as np

from shapecheck.graph import Graph
from shapecheck.layers import wrappers as rules
from shapecheck.layers.base import Inference
from shapecheck.nodes import Node, known_input
from shapecheck.shapes import Shape, multiply
from tinyseq import kernels
from tinyseq.engine.operator import Operator, Sizes
from tinyseq.layers.states import WithStates
from tinyseq.layers.wrapper import OfOneLayer, Wrapper
from tinyseq.weights import seeds

if TYPE_CHECKING:
    from tinyseq.engine.context import Context

F32 = np.float32


class Folded(Operator):
    """(samples, steps, ...) -> (samples * steps, ...), the same memory."""

    tells = True
    shardable = True
    needs_input = False
    needs_output = False
    input_dtype = "any"

    def __init__(self, dtype: str) -> None:
        super().__init__(name="folded")
        self.output_dtype = dtype

    def infer(self, inputs: tuple[Shape, ...]) -> Inference:
        assert inputs[0].dims is not None
        samples, steps, *sizes = inputs[0].dims
        return Inference(Shape((multiply(samples, steps), *sizes)))

    def view(self, training: bool) -> bool:
        return True

    def masking(self, masked: tuple[bool, ...], outputs: int) -> tuple[Any, ...]:
        return (None,)


class Unfolded(Folded):
    """(samples * steps, ...) -> (samples, steps, ...), the same memory."""

    def __init__(self, steps: int, dtype: str) -> None:
        super().__init__(dtype)
        self.steps = steps

    def infer(self, inputs: tuple[Shape, ...]) -> Inference:
        assert inputs[0].dims is not None
        rows, *sizes = inputs[0].dims
        assert isinstance(rows, int)
        return Inference(Shape((rows // self.steps, self.steps, *sizes)))


class TimeDistributed(rules.TimeDistributed, OfOneLayer):
    wraps_mask = True
    supports_masking = True

    def part_shapes(self, shapes: tuple[Shape, ...]) -> list[tuple[Shape, ...]]:
        assert shapes[0].dims is not None
        batch, _, *sizes = shapes[0].dims
        return [(Shape((batch, *sizes)),)]

    def inside(self, inputs: tuple[Sizes, ...]) -> Graph:
        steps = inputs[0][1]
        return self.graph_of(steps, lambda: _at_every_step(self, steps))


def _at_every_step(wrapper: TimeDistributed, steps: int) -> Graph:
    """Steps become samples, and samples steps again."""
    x = Node(known_input(Shape((None,)))).tensor()
    folded = Node(Folded(wrapper.input_dtype), (x,)).tensor()
    inner = Node(wrapper.layer, (folded,)).tensor()
    return Graph((x,), (Node(Unfolded(steps, wrapper.output_dtype), (inner,)).tensor(),))


class Flipped(Operator):
    """(samples, steps, ...) -> the same, last step first."""

    tells = True
    shardable = True
    needs_input = False
    needs_output = False
    supports_masking = True

    def __init__(self) -> None:
        super().__init__(name="flipped")

    def infer(self, inputs: tuple[Shape, ...]) -> Inference:
        return Inference(inputs[0])

    def forward(self, ctx: Context, *inputs: Any) -> Any:
        ctx.call(kernels.wrapping.flip_steps, rows(inputs[0], True), rows(ctx.output, True))
        return ctx.output

    def backward(self, ctx: Context, *gradients: Any) -> None:
        dx = ctx.input_gradient()
        if dx is not None:
            ctx.call(kernels.wrapping.flip_steps, rows(gradients[0], True), rows(dx, True))


def rows(x: Any, steps: bool) -> Any:
    """(samples, steps or 1, numbers)."""
    return x.reshape(len(x), x.shape[1] if steps else 1, -1)


class Merged(Operator):
    """Both directions as one: "concat" along the last axis, "sum", "ave" or "mul". flip: the second one's steps are turned round."""

    tells = True
    shardable = True
    needs_output = False
    supports_masking = True

    def __init__(self, mode: str, flip: bool) -> None:
        super().__init__(name=f"directions_{mode}")
        self.mode = mode
        self.flip = flip
        self.needs_input = mode == "mul"

    def infer(self, inputs: tuple[Shape, ...]) -> Inference:
        y, r = (shape.dims for shape in inputs)
        assert y is not None and r is not None
        if self.mode != "concat":
            return Inference(inputs[0])
        return Inference(Shape((*y[:-1], y[-1] + r[-1])))  # type: ignore[operator]

    def _rows(self, x: Any) -> Any:
        """Concatenation is along the last axis: positions of a convolutional LSTM are rows of a step."""
        if self.mode == "concat" and x.ndim > 3:
            raise NotImplementedError("Bidirectional: merge_mode='concat' of images is not computed: use merge_mode='sum' or None")
        return rows(x, self.flip)

    def forward(self, ctx: Context, *inputs: Any) -> Any:
        y, r, out = self._rows(inputs[0]), self._rows(inputs[1]), self._rows(ctx.output)
        if self.mode == "concat":
            ctx.call(kernels.wrapping.side_by_side, y, r, self.flip, out)
        elif self.mode == "mul":
            ctx.call(kernels.wrapping.product, y, r, self.flip, False, out)
        else:
            ctx.call(kernels.wrapping.weighted_sum, y, r, self.flip, F32(self._share()), out)
        return ctx.output

    def _share(self) -> float:
        return 0.5 if self.mode == "ave" else 1.0

    def backward(self, ctx: Context, *gradients: Any) -> None:
        g = self._rows(gradients[0])
        for number in range(2):
            place = ctx.input_gradient(number)
            if place is None:
                continue
            target, flip = self._rows(place), self.flip and number == 1
            if self.mode == "mul":
                other = self._rows(ctx.inputs[1 - number])
                flipped = self.flip and number == 0
                ctx.call(kernels.wrapping.product, g, other, flipped, flip, target)
            elif self.mode == "concat":
                first = 0 if number == 0 else g.shape[2] - target.shape[2]
                ctx.call(kernels.wrapping.part, g, first, flip, target)
            else:
                ctx.call(kernels.wrapping.scaled, g, flip, F32(self._share()), target)


class Bidirectional(rules.Bidirectional, WithStates, Wrapper):
    supports_masking = True

    def check_compute(self) -> None:
        if self.initial_weights is not None:
            raise NotImplementedError(f"{self.name}: weights= is not computed: call set_weights([...]) later")
        super().check_compute()

    def parts(self) -> Sequence[Any]:
        """The layer, and the one that goes the other way: backward_layer, or a copy of the layer with weights of its own."""
        if len(self.children) == 1:
            self.children = (self.layer, self._other_way())
        return self.children

    @property
    def forward_layer(self) -> Any:
        """The layer that goes forwards."""
        return self.parts()[0]

    def _other_way(self) -> Any:
        copy = deepcopy(self.layer)
        copy._unbuild()
        copy._seed = seeds.next_seed()
        object.__setattr__(copy, "name", f"backward_{self.layer.name}")
        object.__setattr__(copy, "go_backwards", not self.layer.go_backwards)
        return copy

    def part_shapes(self, shapes: tuple[Shape, ...]) -> list[tuple[Shape, ...]]:
        half = (len(shapes) - 1) // 2
        return [(shapes[0], *shapes[1 : 1 + half]), (shapes[0], *shapes[1 + half :])]

    @property
    def states(self) -> int:
        """How many tensors the states of both directions are made of."""
        return sum(part.states for part in self.parts())

    def inside(self, inputs: tuple[Sizes, ...]) -> Graph:
        return self.graph_of(len(inputs), lambda: _both_ways(self, len(inputs)))


def _both_ways(wrapper: Bidirectional, inputs: int) -> Graph:
    """Both layers on the same input, and their outputs merged."""
    tensors = [Node(known_input(Shape((None,)))).tensor() for _ in range(inputs)]
    forwards, backwards = wrapper.parts()
    half = (inputs - 1) // 2
    one = Node(forwards, tensors[: 1 + half])
    other = Node(backwards, (tensors[0], *tensors[1 + half :]))
    flip = bool(forwards.return_sequences)
    if wrapper.merge_mode is None:
        second = Node(Flipped(), (other.tensor(),)).tensor() if flip else other.tensor()
        outputs = [one.tensor(), second]
    else:
        outputs = [Node(Merged(wrapper.merge_mode, flip), (one.tensor(), other.tensor())).tensor()]
    if forwards.return_state:
        outputs += [node.tensor(1 + i) for node, part in ((one, forwards), (other, backwards)) for i in range(part.states)]
    return Graph(tensors, outputs)


class Pipeline(rules.Pipeline, Wrapper):
    """Its layers one after the other; on arrays images change unless training=False, as in Keras."""

    def parts(self) -> Sequence[Any]:
        return self.children

    def part_shapes(self, shapes: tuple[Shape, ...]) -> list[tuple[Shape, ...]]:
        found = []
        for layer in self.children:
            found.append(shapes)
            shapes = layer.infer(shapes).outputs
        return found

    @property
    def input_dtype(self) -> str:  # type: ignore[override]
        """What the first layer takes."""
        return str(self.children[0].input_dtype)  # type: ignore[attr-defined]

    @property
    def output_dtype(self) -> str:  # type: ignore[override]
        """What the last layer returns."""
        return str(self.children[-1].output_dtype)  # type: ignore[attr-defined]

    def __call__(self, *inputs: Any, training: bool | None = None, mask: Any = None, **named: Any) -> Any:
        """On tensors of a model its output tensor; on arrays each layer's call on what the one before returned.

        Arguments:
            inputs: what the first layer takes
            training: whether the layers behave as in training; None: in a model as the model does, on arrays True, as in Keras
            mask: of Keras, not computed: leave it out
            named: the inputs by the names of call()
        """
        if mask is not None or not inputs or hasattr(inputs[0], "shape_accepted"):
            return super().__call__(*inputs, training=training, mask=mask, **named)
        found: Any = inputs[0]
        for layer in self.children:
            found = layer(found, training=training is None or bool(training))  # type: ignore[operator]
        return found

    def inside(self, inputs: tuple[Sizes, ...]) -> Graph:
        return self.graph_of(len(inputs), self._chained)

    def _chained(self) -> Graph:
        first = x = Node(known_input(Shape((None,)))).tensor()
        for layer in self.children:
            x = Node(layer, (x,)).tensor()
        return Graph((first,), (x,))
