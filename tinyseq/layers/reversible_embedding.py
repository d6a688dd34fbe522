"""ReversibleEmbedding: rows of a table for indices, and with reverse=True the product with the table, a score for each index."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from shapecheck.layers import embedding as rules
from shapecheck.layers.base import Inference
from shapecheck.shapes import Shape
from tinyseq import kernels
from tinyseq.engine.operator import Array, Buffers, Place, Sizes
from tinyseq.layers import calling
from tinyseq.layers.call_options import Optional
from tinyseq.layers.embedding import Embedding

if TYPE_CHECKING:
    from tinyseq.engine.context import Context


class ReversibleEmbedding(rules.ReversibleEmbedding, Optional, Embedding):
    """Its use with reverse=True is a twin with the same weights: see call_options.py."""

    tells = True
    supports_masking = False
    masked_inputs = ()

    @property
    def input_dtype(self) -> str:  # type: ignore[override]
        """Indices, or with reverse=True numbers."""
        return "float32" if self.option("reverse") else "int64"

    def check_compute(self) -> None:
        super().check_compute()
        if self.reverse_dtype not in (None, "float32"):
            raise NotImplementedError(f"{self.name}: reverse_dtype={self.reverse_dtype!r} is not computed: leave it out")

    def plain_inputs(self, count: int) -> tuple[str, ...]:
        return ("inputs",)

    def infer(self, inputs: tuple[Shape, ...]) -> Inference:
        return self.infer_reverse(inputs[0]) if self.option("reverse") else rules.ReversibleEmbedding.infer(self, inputs)

    def __call__(self, *inputs: Any, reverse: bool = False, training: bool | None = None, mask: Any = None, **named: Any) -> Any:
        """Rows of the table, or with reverse=True the score of each index.

        Arguments:
            inputs: indices; with reverse=True vectors (..., output_dim): a tensor of a model, or an array
            reverse: True: the product with the table
            training: of Keras: changes nothing here
            mask: of Keras, not computed: leave it out
            named: the inputs by the names of call()
        """
        if not reverse:
            return super().__call__(*inputs, training=training, mask=mask, **named)
        if len(inputs) != 1:
            raise ValueError(f"{self.name}: got {len(inputs)} inputs, takes 1: write {self.name}(x, reverse=True)")
        calling.declare(self, (Shape((None, 1)),))
        twin = self.twin(("inputs",), {"reverse": True})
        given = calling.followed(self, inputs)
        return calling.connect(twin, given) if calling.symbolic(self, given) else twin._compute(given, False)

    # ------------------------------------------------------------------ the way back

    def buffers(self, inputs: tuple[Sizes, ...], output: Sizes, training: bool) -> Buffers:
        if not self.option("reverse"):
            return super().buffers(inputs, output, training)
        rows = int(np.prod(output[:-1]))
        size = kernels.products.panel_size
        panels = max(size(self.output_dim, self.input_dim), size(self.input_dim, self.output_dim), size(rows, self.input_dim))
        panels = max(panels, size(rows, self.output_dim))
        scratch: dict[str, Place] = {"panels": ((panels,), "float32")}
        return Buffers({}, dict(scratch), {**scratch, "capped": (output, "float32")})

    def _table_of(self, ctx: Context) -> tuple[Array, Array]:
        """(the table, its view (1, 1, output_dim, input_dim))."""
        if self.tie_weights:
            table = ctx.weight("embeddings")
            return table, table.T[None, None]
        table = ctx.weight("reverse_embeddings")
        return table, table[None, None]

    def forward(self, ctx: Context, *inputs: Any) -> Any:
        if not self.option("reverse"):
            return super().forward(ctx, *inputs)
        x, y = inputs[0], ctx.output
        table = self._table_of(ctx)
        ctx.call(kernels.products.product, x, _rows(x), *table, y, _rows(y), ctx.scratch("panels"))
        if self.logit_soft_cap is not None:
            flat, cap = y.reshape(-1), self.logit_soft_cap
            ctx.call(kernels.preprocessing.rescale, flat, np.float32(1 / cap), np.float32(0), flat)
            ctx.call(kernels.activation.TABLE["tanh"].forward, flat, 0, flat.size)
            ctx.call(kernels.preprocessing.rescale, flat, np.float32(cap), np.float32(0), flat)
        return y

    @property
    def needs_output(self) -> bool:  # type: ignore[override]
        """With a cap, for its slope."""
        return self.option("reverse") is not None and self.logit_soft_cap is not None

    def backward(self, ctx: Context, *gradients: Any) -> None:
        if not self.option("reverse"):
            super().backward(ctx, *gradients)
            return
        dy, x = gradients[0], ctx.inputs[0]
        if self.logit_soft_cap is not None:
            capped = ctx.scratch("capped").reshape(-1)
            ctx.call(kernels.preprocessing.rescale, ctx.output.reshape(-1), np.float32(1 / self.logit_soft_cap), np.float32(0), capped)
            ctx.call(kernels.activation.TABLE["tanh"].backward, dy.reshape(-1), capped, 0, capped.size)
        dx, dw = ctx.input_gradient(), ctx.gradient("embeddings" if self.tie_weights else "reverse_embeddings")
        table, seen = self._table_of(ctx)
        run, panels = kernels.products.product, ctx.scratch("panels")
        if dx is not None:
            ctx.call(run, dy, _rows(dy), table, seen.swapaxes(2, 3), dx, _rows(dx), panels)
        if dw is not None and self.tie_weights:
            ctx.call(run, dy, _rows(dy).swapaxes(2, 3), x, _rows(x), dw, dw[None, None], panels, True)
        elif dw is not None:
            ctx.call(run, x, _rows(x).swapaxes(2, 3), dy, _rows(dy), dw, dw[None, None], panels, True)


def _rows(array: Array) -> Array:
    """(1, 1, rows, last axis)."""
    return array.reshape(1, 1, -1, array.shape[-1])
