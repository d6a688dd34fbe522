"""Channels first: every tensor of a model has the shape that it declares; layers that are faster so compute with channels last.

The plan turns the array of a tensor where the next layer reads another order, and only there: of neighbours that both compute with
channels last the second reads the output of the first as it is, and layers that can work in either order (Operator.turnable) do so too.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from shapecheck.layers.base import Inference
from shapecheck.shapes import Shape
from tinyseq import kernels
from tinyseq.engine.context import Context
from tinyseq.engine.operator import Array, Operator, Sizes

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


def channels_last(shape: Sizes) -> Sizes:
    """(n, channels, ...) -> (n, ..., channels)."""
    return (shape[0], *shape[2:], shape[1])


def channels_first(shape: Sizes) -> Sizes:
    """(n, ..., channels) -> (n, channels, ...)."""
    return (shape[0], shape[-1], *shape[1:-1])


class Turn(Operator):
    """The same numbers with channels last, or first again."""

    tells = True
    shardable = True
    needs_input = False
    needs_output = False

    def __init__(self, last: bool) -> None:
        super().__init__(name=f"channels_{'last' if last else 'first'}")
        self.last = last

    def infer(self, inputs: tuple[Shape, ...]) -> Inference:
        return Inference(inputs)

    def forward(self, ctx: Context, *inputs: Any) -> Any:
        self._turn(ctx, inputs[0], ctx.output, self.last)
        return ctx.output

    def backward(self, ctx: Context, *gradients: Any) -> None:
        dx = ctx.input_gradient()
        if dx is not None:
            self._turn(ctx, gradients[0], dx, not self.last)

    def _turn(self, ctx: Context, x: Array, y: Array, last: bool) -> None:
        """As matrices: (n, channels, pixels) to (n, pixels, channels) or back."""
        channels = x.shape[1] if last else x.shape[-1]
        rows = channels if last else math.prod(x.shape[1:-1])
        source = x.reshape(len(x), rows, -1)
        ctx.call(kernels.transposing.transpose_all, source, y.reshape(len(y), source.shape[2], rows))


class Orders:
    """Of the tensors of a plan: their arrays with channels last. `append(layer, tensor, shape)` adds an operation and its output.

    An output with channels last is turned back at once; where nothing reads that, `needed` leaves the operation out again.
    """

    def __init__(self, shapes: Sequence[Sizes], append: Callable[[Operator, int, Sizes], int]) -> None:
        self.shapes = shapes
        self.append = append
        self.last: dict[int, int] = {}
        """The array with channels last of a tensor."""
        self.made_last: set[int] = set()
        """Tensors whose arrays were made with channels last."""

    def turned(self, layer: Operator, given: Sequence[int]) -> bool:
        """Whether a layer is to compute with channels last."""
        if layer.turned():
            return True
        return not self.made_last.isdisjoint(given) and layer.turnable(tuple(self.shapes[tensor] for tensor in given))

    def array(self, tensor: int) -> int:
        """The array of a tensor with channels last, made by a Turn if there is none yet. Below three axes there is one order."""
        if len(self.shapes[tensor]) < 3:
            return tensor
        if tensor not in self.last:
            self.last[tensor] = self.append(Turn(last=True), tensor, channels_last(self.shapes[tensor]))
        return self.last[tensor]

    def declared(self, array: int) -> int:
        """The tensor whose array with channels last this is."""
        if len(self.shapes[array]) < 3:
            return array
        tensor = self.append(Turn(last=False), array, channels_first(self.shapes[array]))
        self.last[tensor] = array
        self.made_last.add(tensor)
        return tensor


def needed(ops: Sequence[Any], outputs: Sequence[int]) -> list[Any]:
    """The operations without those Turns whose output nothing reads."""
    read, kept = set(outputs), []
    for op in reversed(ops):
        if not isinstance(op.layer, Turn) or not read.isdisjoint(op.outputs):
            read.update(op.inputs)
            kept.append(op)
    return kept[::-1]
