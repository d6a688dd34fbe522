"""Moving: what layers share that move values and compute none. Unchanged: what those share that do not even move them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tinyseq import kernels
from tinyseq.layers.base import Layer

if TYPE_CHECKING:
    from tinyseq.engine.context import Context


class Moving(Layer):
    """A layer that keeps nothing for backward."""

    needs_input = False
    needs_output = False
    turns = True


class Unchanged(Layer):
    """The same values in the same order: a view, or a copy where the planner needs one."""

    tells = True
    needs_input = False
    needs_output = False

    def view(self, training: bool) -> bool:
        return True

    def forward(self, ctx: Context, *inputs: Any) -> Any:
        ctx.call(kernels.copying.copy_all, inputs[0], ctx.output)
        return ctx.output

    def backward(self, ctx: Context, *gradients: Any) -> None:
        dx = ctx.input_gradient()
        if dx is not None:
            ctx.call(kernels.copying.copy_all, gradients[0], dx)
