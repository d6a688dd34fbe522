"""From float32 to integers or back, put in by the planner where a layer takes another kind of number."""

from __future__ import annotations

from typing import Any

from shapecheck.layers.base import Inference
from shapecheck.shapes import Shape
from tinyseq import kernels
from tinyseq.engine.context import Context
from tinyseq.engine.operator import Operator


class Cast(Operator):
    """The same numbers as another dtype; no gradient goes through."""

    tells = True
    shardable = True
    needs_input = False
    needs_output = False
    differentiable = False

    def __init__(self, dtype: str) -> None:
        super().__init__(name=f"cast_to_{dtype}")
        self.input_dtype = "any"
        self.output_dtype = dtype

    def infer(self, inputs: tuple[Shape, ...]) -> Inference:
        return Inference(inputs)

    def forward(self, ctx: Context, *inputs: Any) -> Any:
        ctx.call(kernels.copying.copy_all, inputs[0], ctx.output)
        return ctx.output
