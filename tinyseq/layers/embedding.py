"""Embedding: integers -> rows of a learnt table. Rule: shapecheck.layers.embedding."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shapecheck.layers import embedding as rules
from tinyseq import kernels
from tinyseq.engine.masks import NonZero
from tinyseq.layers.base import Layer

if TYPE_CHECKING:
    from tinyseq.engine.context import Context


class Embedding(rules.Embedding, Layer):
    tells = True
    input_dtype = "int64"
    needs_output = False

    def check_compute(self) -> None:
        if self.initial_weights is not None:
            raise NotImplementedError(f"{self.name}: weights= is not computed yet: call set_weights([table]) later")

    def forward(self, ctx: Context, *inputs: Any) -> Any:
        table, index = ctx.weight("embeddings"), inputs[0].reshape(-1)
        ctx.require(kernels.embedding.all_inside, index, len(table), otherwise=lambda: self._outside(index, len(table)))
        ctx.call(kernels.embedding.look_up, table, index, ctx.output.reshape(-1, table.shape[1]))
        return ctx.output

    @property
    def supports_masking(self) -> bool:  # type: ignore[override]
        """Only if it makes a mask itself."""
        return bool(self.mask_zero)

    def masking(self, masked: tuple[bool, ...], outputs: int) -> tuple[Any, ...] | None:
        return (NonZero(),) if self.mask_zero else None

    def _outside(self, index: Any, size: int) -> ValueError:
        """The error for an index outside the table."""
        first = index[(index < 0) | (index >= size)][0]
        edits = [f"make input_dim at least {index.max() + 1}"] if index.max() >= size else []
        edits += ["make indices 0 or more"] if index.min() < 0 else []
        return ValueError(f"{self.name}: index {first} is outside of 0..{size - 1}: {', and '.join(edits)}")

    def backward(self, ctx: Context, *gradients: Any) -> None:
        change = ctx.gradient("embeddings")
        if change is not None:
            index = ctx.inputs[0].reshape(-1)
            ctx.call(kernels.embedding.look_up_gradient, gradients[0].reshape(-1, change.shape[1]), index, change)
