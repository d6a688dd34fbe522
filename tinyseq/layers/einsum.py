"""EinsumDense: activation(einsum(equation, x, kernel) + bias). Rule: shapecheck.layers.einsum; the product is in contraction.py."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from shapecheck.layers import einsum as rules
from tinyseq import kernels
from tinyseq.engine.operator import Array, Buffers, Sizes
from tinyseq.layers import fused
from tinyseq.layers.base import Layer
from tinyseq.layers.contraction import Contraction

if TYPE_CHECKING:
    from tinyseq.engine.context import Context


class EinsumDense(rules.EinsumDense, Layer):
    tells = True
    leaves_activation = True

    def check_compute(self) -> None:
        fused.refuse_not_yet(self)
        for argument in ("lora_rank", "quantization_config", "gptq_unpacked_column_size"):
            if getattr(self, argument) is not None:
                raise NotImplementedError(f"{self.name}: {argument}={getattr(self, argument)!r} is not computed: leave it out")
        equation = self.equation.replace("...", "")
        if any(len(set(term)) != len(term) for term in equation.replace("->", ",").split(",")):
            raise NotImplementedError(f"{self.name}: equation={self.equation!r} has a letter twice in one array, which is not computed")

    def _contraction(self, x: Sizes, y: Sizes) -> Contraction:
        return _planned(self.terms(len(x)), x, y)

    def buffers(self, inputs: tuple[Sizes, ...], output: Sizes, training: bool) -> Buffers:
        places = self._contraction(inputs[0], output).scratch()
        return Buffers(fused.saved_for(self.activation, output, training), dict(places), dict(places) if training else {})

    def forward(self, ctx: Context, *inputs: Any) -> Any:
        x, y = inputs[0], ctx.output
        self._contraction(x.shape, y.shape).product(ctx, x, ctx.weight("kernel"), y)
        if self.bias_axes is not None:
            bias = ctx.weight("bias")
            ctx.call(kernels.strided_copy.add, bias, np.broadcast_to(bias, y.shape), y, y)
        if fused.fuses_relu(ctx, self.activation):
            ctx.call(kernels.activation.TABLE["relu"].forward, y.reshape(-1), 0, y.size)
        fused.activate(ctx, self.activation)
        return y

    def backward(self, ctx: Context, *gradients: Array) -> None:
        dy, x = fused.slope(ctx, self.activation, gradients[0]), ctx.inputs[0]
        db = ctx.gradient("bias") if self.bias_axes is not None else None
        if db is not None:
            ctx.call(kernels.strided_copy.add, dy, dy, db, np.broadcast_to(db, dy.shape))
        factors = x, ctx.weight("kernel")
        self._contraction(x.shape, dy.shape).gradients(ctx, factors, dy, ctx.input_gradient(), ctx.gradient("kernel"), add=True)


@lru_cache(maxsize=256)
def _planned(terms: tuple[str, str, str], x: Sizes, y: Sizes) -> Contraction:
    sizes = dict(zip(terms[0], x, strict=True)) | dict(zip(terms[2], y, strict=True))
    return Contraction(terms, x, tuple(sizes[letter] for letter in terms[1]))
