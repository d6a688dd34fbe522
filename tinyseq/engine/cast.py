"""Casts from float32 to integers or back, inserted by the planner if a layer needs another dtype."""

from __future__ import annotations

from typing import Any

from shapecheck.layers.base import Inference
from shapecheck.shapes import Shape
from tinyseq import kernels
from tinyseq.engine.context import Context
from tinyseq.engine.operator import Operator


class Cast(Operator):
    """The same numbers in another dtype; no gradient passes through."""

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
