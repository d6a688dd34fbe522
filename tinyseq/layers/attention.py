"""Attention and AdditiveAttention: each query's mix of all values. Rules: shapecheck.layers.attention.

    Attention         score = scale q . k, or concat_score_weight sum(tanh(scale (q + k)))
    AdditiveAttention score = sum(scale tanh(q + k))

MultiHeadAttention and GroupedQueryAttention are in multi_head.py; what follows the scores is in attending.py.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from shapecheck.layers import attention as rules
from shapecheck.layers.base import Inference
from shapecheck.shapes import Shape
from tinyseq import kernels
from tinyseq.engine.operator import Array, Buffers, Place, Sizes
from tinyseq.layers import attending
from tinyseq.layers.attending import Extent, Hidden
from tinyseq.layers.call_options import Optional
from tinyseq.layers.fused import repeated
from tinyseq.layers.multi_head import MultiHeadAttention

if TYPE_CHECKING:
    from tinyseq.engine.context import Context

__all__ = ["AdditiveAttention", "Attention", "MultiHeadAttention"]


class Attend(Optional):
    """Common base of both: inputs [query, value, key = value], masks of query and value, dropout on the weights."""

    tells = True
    needs_output = False
    dropout: Any
    use_scale: Any
    masked_inputs = ("query", "value")
    _by_tanh = False

    @property
    def random(self) -> bool:  # type: ignore[override]
        return bool(self.dropout)

    def __call__(  # type: ignore[override]
        self, *inputs: Any, training: bool | None = None, mask: Any = None, return_attention_scores: bool = False,
        use_causal_mask: bool = False,
    ) -> Any:  # fmt: skip
        """Each query's mix of the values, and with return_attention_scores the weights of the mix.

        Arguments:
            inputs: a list [query, value] or [query, value, key]: tensors of a model, or arrays (samples, steps, features)
            training: True: behave as in training (dropout drops)
            mask: a list [query mask, value mask], each (samples, steps) or None: masked steps of the value are not looked at, masked
                queries give 0
            return_attention_scores: True: return (mix, weights)
            use_causal_mask: True: a query looks at no step after its own
        """
        given = list(inputs[0]) if len(inputs) == 1 and isinstance(inputs[0], (list, tuple)) else list(inputs)
        if len(given) not in (2, 3):
            given = given or [None]
            calls = f"call it on a list: {self.name}([query, value]) or {self.name}([query, value, key])"
            raise ValueError(f"{self.name}: got {len(given)} inputs, takes 2 or 3: {calls}")
        named = dict(zip(("query", "value", "key"), given, strict=False))
        if mask is not None and (not isinstance(mask, (list, tuple)) or len(mask) not in (2, 3)):
            raise ValueError(f"{self.name}: mask={type(mask).__name__}: write a list [query mask, value mask], with None for a missing one")
        masks = dict(zip(("query_mask", "value_mask"), mask or (), strict=False))
        named |= {name: value for name, value in masks.items() if value is not None}
        options = {"causal": use_causal_mask, "scores": return_attention_scores}
        return self.call_with(named, options, training)

    def with_scores(self, inputs: tuple[Shape, ...], infer: Callable[..., Inference]) -> Inference:
        """The inference of the rule, with the scores' shape if this call returns them."""
        named = self.named(inputs)
        found = infer(self, tuple(named[name] for name in ("query", "value", "key") if name in named))
        query, value = named["query"], named["value"]
        if query.rank == 2:
            raise ValueError(f"{self.name}: got a query of shape {query}: the batch axis comes first, then steps, then features")
        if not self.option("scores") or query.dims is None or value.dims is None:
            return found
        weights = Shape((*query.dims[:-1], value.dims[-2]))
        return Inference((found.output, weights), found.weights, found.multiply_adds, window="all")

    def _extent(self, query: Sizes, value: Sizes) -> Extent:
        return Extent(math.prod(query[:-2]), 1, query[-2], value[-2], query[-1], value[-1], 1)

    def buffers(self, inputs: tuple[Sizes, ...], output: Sizes, training: bool) -> Buffers:
        named = self.named(inputs)
        query, value, key = named["query"], named["value"], named.get("key", named["value"])
        if query[:-2] != value[:-2]:
            raise ValueError(f"{self.name}: query {query} and value {value} must have the same axes before the steps")
        e = self._extent(query, value)
        found = attending.buffers(e, float(self.dropout) if training else 0.0)
        if "value_mask" in named:
            found.saved["allowed"] = e.weights, np.float32
        wide: dict[str, Place] = {"dq": (query, np.float32), "dk": (key, np.float32), "dv": (value, np.float32)}
        found.backward |= {**wide, "dinner": ((1,), np.float32), "douter": ((e.depth,), np.float32)}
        if self._by_tanh:
            found.forward["outer"] = found.backward["outer"] = (e.depth,), np.float32
        return found

    def _hidden(self, ctx: Context, e: Extent, value_mask: Array | None, fill: bool) -> Hidden:
        """The mask; `fill`: the array must be written first."""
        allowed = kernels.attention.NO_MASK
        if value_mask is not None:
            allowed = ctx.saved("allowed")
            if fill:
                view = value_mask.reshape(len(value_mask), *(1,) * (4 - value_mask.ndim), -1)
                if e.outer != len(value_mask):  # axes between batch and steps
                    view = value_mask.reshape(len(value_mask), 1, 1, -1)
                    wide = allowed.reshape(len(value_mask), -1, e.queries, e.steps)
                    ctx.call(kernels.strided_copy.copy, value_mask, np.broadcast_to(view, wide.shape), allowed, wide)
                else:
                    ctx.call(kernels.strided_copy.copy, value_mask, np.broadcast_to(view, allowed.shape), allowed, allowed)
        return Hidden(allowed, bool(self.option("causal")), 0, np.float32(1))

    def _inner(self, ctx: Context) -> Array:
        """The one number by which scores, or what tanh sees, are multiplied."""
        raise NotImplementedError

    def _outer(self, ctx: Context, size: int) -> Array:
        """For tanh: one number for each feature."""
        raise NotImplementedError

    def forward(self, ctx: Context, *inputs: Any) -> Any:
        named = self.named(inputs)
        q, v, k = named["query"], named["value"], named.get("key", named["value"])
        e = self._extent(q.shape, v.shape)
        hidden = self._hidden(ctx, e, named.get("value_mask"), fill=True)
        weights, scale = ctx.saved("weights"), repeated(1.0, 1)
        if self._by_tanh:
            seen = q.reshape(e.outer, e.queries, -1), k.reshape(e.outer, e.steps, -1)
            place = weights.reshape(e.outer, e.queries, e.steps)
            outer = self._outer(ctx, e.depth)
            ctx.call(kernels.attention.tanh_scores, *seen, self._inner(ctx), outer, place, 0, e.outer)
        else:
            attending.scores(ctx, e, q, k)
            scale = self._inner(ctx)
        attending.softened(ctx, e, scale, hidden)
        used = attending.dropped(ctx, float(self.dropout))
        attending.mix(ctx, e, used, v, ctx.output)
        if "query_mask" in named:
            ctx.call(kernels.attention.clear_rows, ctx.output.reshape(-1, e.width), named["query_mask"].reshape(-1))
        if self.option("scores"):
            ctx.call(kernels.copying.copy_all, used, ctx.outputs[1])
            return ctx.outputs
        return ctx.output

    def backward(self, ctx: Context, *gradients: Any) -> None:
        named = self.named(ctx.inputs)
        q, v, k = named["query"], named["value"], named.get("key", named["value"])
        e = self._extent(q.shape, v.shape)
        hidden = self._hidden(ctx, e, named.get("value_mask"), fill=False)
        dy, dv = gradients[0], ctx.scratch("dv")
        if "query_mask" in named:
            ctx.call(kernels.attention.clear_rows, dy.reshape(-1, e.width), named["query_mask"].reshape(-1))
        rate = float(self.dropout)
        also = gradients[1] if self.option("scores") else None
        dweights = attending.mix_gradient(ctx, e, rate, dy, v, dv, also)
        scale = repeated(1.0, 1) if self._by_tanh else self._inner(ctx)
        ctx.call(kernels.attention.masked_softmax_gradient, dweights, ctx.saved("weights"), scale, *hidden, 0, e.outer)
        dq, dk = ctx.scratch("dq"), ctx.scratch("dk")
        if self._by_tanh:
            self._tanh_gradient(ctx, e, dweights, q, k)
        else:
            attending.scores_gradient(ctx, e, dweights, q, k, dq, dk)
            change = ctx.gradient("scale")
            if change is not None:
                ctx.call(kernels.attention.add_product, q.reshape(-1), dq.reshape(-1), scale, change.reshape(-1))
        self._give(ctx, dq, dk, dv)

    def _tanh_gradient(self, ctx: Context, e: Extent, dscores: Array, q: Array, k: Array) -> None:
        places = dq, dk, dinner, douter = tuple(ctx.scratch(name) for name in ("dq", "dk", "dinner", "douter"))
        for place in places:
            ctx.call(kernels.copying.clear_all, place)
        seen = [array.reshape(e.outer, -1, e.depth) for array in (q, k)]
        changes = [array.reshape(e.outer, -1, e.depth) for array in (dq, dk)]
        scores = dscores.reshape(e.outer, e.queries, e.steps)
        outer = self._outer(ctx, e.depth)
        run = kernels.attention.tanh_scores_gradient
        ctx.call(run, scores, *seen, self._inner(ctx), outer, *changes, dinner, douter, 0, e.outer)
        self._give_weights(ctx, dinner, douter)

    def _give_weights(self, ctx: Context, dinner: Array, douter: Array) -> None:
        """Adds the gradients of the weights that are in inner and outer."""
        raise NotImplementedError

    def _give(self, ctx: Context, dq: Array, dk: Array, dv: Array) -> None:
        """The gradients of the inputs; without a key, the value is both."""
        names = list(self.named(ctx.inputs))
        for number, name in enumerate(names):
            dx = ctx.input_gradient(number)
            if dx is None:
                continue
            if name.endswith("mask"):
                ctx.call(kernels.copying.clear_all, dx)
                continue
            ctx.call(kernels.copying.copy_all, {"query": dq, "value": dv, "key": dk}[name], dx)
            if name == "value" and "key" not in names:
                ctx.call(kernels.copying.add_all, dk, dx)


class Attention(rules.Attention, Attend):
    tells = True

    def infer(self, inputs: tuple[Shape, ...]) -> Inference:
        return self.with_scores(inputs, rules.Attention.infer)

    @property
    def _by_tanh(self) -> bool:  # type: ignore[override]
        return bool(self.score_mode == "concat")

    def _inner(self, ctx: Context) -> Array:
        return ctx.weight("scale").reshape(-1) if self.use_scale else repeated(1.0, 1)

    def _outer(self, ctx: Context, size: int) -> Array:
        outer, weight = ctx.scratch("outer"), ctx.weight("concat_score_weight").reshape(-1)
        ctx.call(kernels.strided_copy.copy, weight, np.broadcast_to(weight, outer.shape), outer, outer)
        return outer

    def _give_weights(self, ctx: Context, dinner: Array, douter: Array) -> None:
        scale, weight = ctx.gradient("scale"), ctx.gradient("concat_score_weight")
        if scale is not None:
            ctx.call(kernels.copying.add_all, dinner, scale)
        if weight is not None:
            flat = weight.reshape(-1)
            ctx.call(kernels.strided_copy.add, douter, douter, flat, np.broadcast_to(flat, douter.shape))


class AdditiveAttention(rules.AdditiveAttention, Attend):
    tells = True
    _by_tanh = True

    def infer(self, inputs: tuple[Shape, ...]) -> Inference:
        return self.with_scores(inputs, rules.AdditiveAttention.infer)

    def _inner(self, ctx: Context) -> Array:
        return repeated(1.0, 1)

    def _outer(self, ctx: Context, size: int) -> Array:
        return ctx.weight("scale") if self.use_scale else repeated(1.0, size)

    def _give_weights(self, ctx: Context, dinner: Array, douter: Array) -> None:
        scale = ctx.gradient("scale")
        if scale is not None:
            ctx.call(kernels.copying.add_all, douter, scale)
