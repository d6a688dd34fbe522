"""MultiHeadAttention: attentions side by side, each on its own projection of query, key and value (Vaswani et al. 2017, section 3.2.2).

    y = concat over heads of softmax(Q K^T / sqrt(key_dim)) V . W + b

The projections are products as Dense's, of all heads at once: (rows, features) . (features, heads * key_dim). Axes that are not
attended over count as samples. Rule: shapecheck.layers.attention.
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

if TYPE_CHECKING:
    from tinyseq.engine.context import Context
    from tinyseq.kernels.runtime.calls import Calls

MASKS = ("query_mask", "value_mask", "key_mask", "attention_mask")


class Projected(Optional):
    """Attention between projections, which are weights NAME/kernel and NAME/bias."""

    tells = True
    needs_output = False
    dropout: Any
    use_bias: Any
    use_gate: Any
    activity_regularizer: Any
    flash_attention: Any
    activity_penalty = None

    @property
    def random(self) -> bool:  # type: ignore[override]
        return bool(self.dropout)

    def check_compute(self) -> None:
        if self.activity_regularizer is not None:
            raise NotImplementedError(
                f"{self.name}: activity_regularizer={self.activity_regularizer!r} is not computed, in Keras it is a penalty on each "
                f"projection: put an ActivityRegularization after this layer"
            )
        if self.flash_attention:
            raise NotImplementedError(f"{self.name}: flash_attention=True is for graphics processors: leave it out, numbers are the same")

    def __call__(  # type: ignore[override]
        self, *inputs: Any, key: Any = None, query_mask: Any = None, value_mask: Any = None, key_mask: Any = None,
        attention_mask: Any = None, return_attention_scores: bool = False, training: bool | None = None,
        use_causal_mask: bool = False, query: Any = None, value: Any = None, mask: Any = None,
    ) -> Any:  # fmt: skip
        """Each query's mix of the values, projected; with return_attention_scores also the weights of each head.

        Arguments:
            inputs: query, value and, if it is not the value, key: tensors of a model, or arrays (samples, steps, features)
            key: the third input by name
            query_mask: (samples, queries), 0 for a query that looks at nothing; None: none
            value_mask: (samples, steps), 0 for a step of the value that no query looks at; None: none
            key_mask: the same for steps of the key
            attention_mask: (samples, queries, steps), 0 where a query does not look; None: none
            return_attention_scores: True: return (mix, weights (samples, heads, queries, steps))
            training: True: behave as in training (dropout drops)
            use_causal_mask: True: a query looks at no step after its own
            query: the first input by name
            value: the second input by name
            mask: of Keras, not computed: pass query_mask, value_mask or attention_mask
        """
        if mask is not None:
            raise ValueError(f"{self.name}: mask= is not an argument of this call: pass query_mask=, value_mask= or attention_mask=")
        given = list(inputs[0]) if len(inputs) == 1 and isinstance(inputs[0], (list, tuple)) else list(inputs)
        named = dict(zip(("query", "value", "key"), given, strict=False))
        named |= {name: tensor for name, tensor in (("query", query), ("value", value), ("key", key)) if tensor is not None}
        if not {"query", "value"} <= named.keys() or len(given) > 3:
            raise ValueError(f"{self.name}: takes query and value, and perhaps key: write {self.name}(query, value)")
        named = {name: named[name] for name in ("query", "value", "key") if named.get(name) is not None}
        masks = dict(zip(MASKS, (query_mask, value_mask, key_mask, attention_mask), strict=True))
        named |= {name: value for name, value in masks.items() if value is not None}
        return self.call_with(named, {"causal": use_causal_mask, "scores": return_attention_scores}, training)

    # ------------------------------------------------------------------ shapes

    def with_scores(self, inputs: tuple[Shape, ...], infer: Callable[..., Inference]) -> Inference:
        """The inference of the rule, with the scores' shape if this call returns them."""
        named = self.named(inputs)
        found = infer(self, tuple(named[name] for name in ("query", "value", "key") if name in named))
        query, value = named["query"].dims, named["value"].dims
        if not self.option("scores") or query is None or value is None:
            return found
        free, attended = self._axes(len(query))
        sizes = *(query[axis] for axis in free), self._heads(), *(query[axis] for axis in attended), *(value[axis] for axis in attended)
        return Inference((found.output, Shape((query[0], *sizes))), found.weights, found.multiply_adds, window="all")

    def _axes(self, rank: int) -> tuple[list[int], list[int]]:
        """Axes that count as samples, beside the batch, and those that are attended over."""
        attended = getattr(self, "attention_axes", None)
        if attended is None:
            return [], list(range(1, rank - 1))
        places = [axis % rank for axis in ((attended,) if isinstance(attended, int) else attended)]
        if not all(0 < place < rank - 1 for place in places):
            raise ValueError(f"{self.name}: attention_axes={attended}: axes between the batch and the features, 1 to {rank - 2}")
        return [axis for axis in range(1, rank - 1) if axis not in places], places

    def _heads(self) -> int:
        raise NotImplementedError

    def _groups(self) -> int:
        """How many heads of keys and values."""
        return self._heads()

    def _depth(self) -> int:
        """The size of a head of query and key."""
        raise NotImplementedError

    def _width(self) -> int:
        """Of a value."""
        raise NotImplementedError

    def _extent(self, query: Sizes, value: Sizes) -> Extent:
        free, attended = self._axes(len(query))
        outer = query[0] * math.prod(query[axis] for axis in free)
        queries, steps = (math.prod(shape[axis] for axis in attended) for shape in (query, value))
        return Extent(outer, self._heads(), queries, steps, self._depth(), self._width(), self._groups())

    def _order(self, rank: int) -> list[int] | None:
        """The order in which attended axes come last but one; None if it is the order they have."""
        free, attended = self._axes(rank)
        order = [0, *free, *attended, rank - 1]
        return None if order == list(range(rank)) else order

    # ------------------------------------------------------------------ projections

    def derived(self, weights: dict[str, Sizes], training: bool) -> dict[str, int]:
        """The kernels as panels, and transposed ones for the gradients, which may be asked for outside of training: see Plan._trace."""
        found: dict[str, int] = {}
        for name in weights:
            if name.endswith("/kernel"):
                sizes = kernels.dense.packed_sizes(*flat(name, weights[name]), training or self.random)
                found |= {f"{name.removesuffix('/kernel')}/{side}": size for side, size in sizes.items()}
        return found

    def prepare(self, calls: Calls, weights: dict[str, Array], derived: dict[str, Array]) -> None:
        for key, array in derived.items():
            name, _, side = key.rpartition("/")
            kernel = weights[f"{name}/kernel"]
            calls.call(kernels.dense.pack_into, kernel.reshape(flat(f"{name}/kernel", kernel.shape)), {side: array})

    def _project(self, ctx: Context, name: str, x: Array, y: Array) -> None:
        """y = x . kernel + bias, as rows."""
        kernel = ctx.weight(f"{name}/kernel")
        kernel = kernel.reshape(flat(f"{name}/kernel", kernel.shape))
        bias = ctx.weight(f"{name}/bias").reshape(-1) if self.use_bias else None
        panels = kernels.dense.panels_for(kernel, lambda side: ctx.prepared(f"{name}/{side}"))
        rows = x.reshape(-1, kernel.shape[0]), y.reshape(-1, kernel.shape[1])

        def run(start: int, stop: int, part: int) -> None:
            ctx.call(kernels.dense.forward, rows[0], panels, bias, rows[1], False, start, stop)

        ctx.split(run, len(rows[0]), 2 * rows[0].size * kernel.shape[1])

    def _project_back(self, ctx: Context, name: str, x: Array, dy: Array, dx: Array | None) -> None:
        """Gradients of kernel and bias, and dx."""
        features, units = flat(f"{name}/kernel", ctx.weight(f"{name}/kernel").shape)
        x, dy = x.reshape(-1, features), dy.reshape(-1, units)
        dw, db = ctx.gradient(f"{name}/kernel"), ctx.gradient(f"{name}/bias") if self.use_bias else None
        if dw is not None:
            change = dw.reshape(features, units)
            ctx.call(kernels.dense.weight_gradient, x, dy, change, ctx.scratch("gradient_panels"), 0, features)
        if db is not None:
            ctx.call(kernels.dense.bias_gradient, dy, db.reshape(-1))
        if dx is not None:
            ctx.call(kernels.dense.input_gradient, dy, ctx.prepared(f"{name}/backward"), dx.reshape(x.shape), 0, len(x))

    # ------------------------------------------------------------------ arrays

    def buffers(self, inputs: tuple[Sizes, ...], output: Sizes, training: bool) -> Buffers:
        named = self.named(inputs)
        query, value, key = named["query"], named["value"], named.get("key", named["value"])
        e = self._extent(query, value)
        found = attending.buffers(e, float(self.dropout) if training else 0.0)
        rows: dict[str, Place] = {
            "query": ((e.outer, e.queries, e.heads, e.depth), np.float32),
            "key": ((e.outer, e.steps, e.groups, e.depth), np.float32),
            "value": ((e.outer, e.steps, e.groups, e.width), np.float32),
            "mixed": ((e.outer, e.queries, e.heads, e.width), np.float32),
        }
        gate: dict[str, Place] = {"gate": rows["mixed"], "gated": rows["mixed"]} if self.use_gate else {}
        found.saved |= rows | gate
        if any(name in named for name in MASKS):
            found.saved["allowed"] = e.weights, np.float32
            found.forward["one_mask"] = e.weights, np.float32
        if self._order(len(query)) is not None:
            places = {"query": query, "value": value, "key": key, "output": output}
            turned: dict[str, Place] = {f"turned_{name}": (sizes, np.float32) for name, sizes in places.items()}
            found.saved |= turned
            found.backward |= {f"turned_d{name}": (sizes, np.float32) for name, sizes in places.items()}
        widest = max(math.prod(place[0][2:]) for place in rows.values())
        most = max(e.outer * e.queries, e.outer * e.steps)
        size = kernels.dense.gradient_scratch(most, max(widest, math.prod(output) // (e.outer * e.queries)))
        found.backward |= {f"d{name}": place for name, place in (rows | gate).items()}
        found.backward |= {"gradient_panels": ((size,), np.float32), "dinput": (value, np.float32)}
        if self.use_gate:
            found.backward["dinput_of_query"] = query, np.float32
        return found

    def _turned(self, ctx: Context, name: str, x: Array) -> Array:
        """An input whose attended axes come last but one: itself, or a copy."""
        order = self._order(x.ndim)
        if order is None:
            return x
        place = ctx.saved(f"turned_{name}")
        view = x.transpose(order)
        ctx.call(kernels.strided_copy.copy, x, view, place, place.reshape(view.shape))
        return place

    def _hidden(self, ctx: Context, e: Extent, named: dict[str, Any], fill: bool) -> Hidden:
        """What is masked."""
        causal, window = bool(self.option("causal")), int(getattr(self, "sliding_window", None) or 0)
        masks = [name for name in MASKS if name in named]
        if not masks:
            return Hidden(kernels.attention.NO_MASK, causal, window, np.float32(0))
        allowed = ctx.saved("allowed")
        for number, name in enumerate(masks if fill else []):
            place = ctx.scratch("one_mask") if number else allowed
            mask = named[name]
            query, value = named["query"].shape, named["value"].shape
            view, wide = self._spread(name, mask, place, query, value)
            ctx.call(kernels.strided_copy.copy, mask, view, place, wide)
            if number:
                flat_mask = allowed.reshape(-1)
                ctx.call(kernels.merging.multiply, flat_mask, place.reshape(-1), flat_mask)
        return Hidden(allowed, causal, window, np.float32(0))

    def _spread(self, name: str, mask: Array, place: Array, query: Sizes, value: Sizes) -> tuple[Array, Array]:
        """A mask repeated to (batch, free axes, heads, attended axes of the query, those of the value), and `place` in that shape."""
        free, attended = self._axes(len(query))
        shape = (
            query[0], *(query[axis] for axis in free), self._heads(), *(query[axis] for axis in attended),
            *(value[axis] for axis in attended),
        )  # fmt: skip
        if name == "query_mask":
            sizes = (len(mask), *(1,) * (1 + len(free)), *mask.shape[1:], *(1,) * len(attended))
        elif name in ("value_mask", "key_mask"):
            sizes = (len(mask), *(1,) * (1 + len(free) + len(attended)), *mask.shape[1:])
        else:
            cut = mask.ndim - 2 * len(attended)
            sizes = (*mask.shape[:cut], *(1,) * (len(shape) - mask.ndim), *mask.shape[cut:])
        try:
            return np.broadcast_to(mask.reshape(sizes), shape), place.reshape(shape)
        except ValueError:
            raise ValueError(
                f"{self.name}: {name} of shape {mask.shape} does not fit scores of shape {shape} (batch, heads, queries, steps)"
            ) from None

    # ------------------------------------------------------------------ forward and backward

    def forward(self, ctx: Context, *inputs: Any) -> Any:
        named = self.named(inputs)
        e = self._extent(named["query"].shape, named["value"].shape)
        x = {name: self._turned(ctx, name, named.get(name, named["value"])) for name in ("query", "value", "key")}
        q, k, v, mixed = (ctx.saved(name) for name in ("query", "key", "value", "mixed"))
        for name, y in (("query", q), ("key", k), ("value", v)):
            self._project(ctx, name, x[name], y)
        attending.scores(ctx, e, q, k)
        attending.softened(ctx, e, self._scale(), self._hidden(ctx, e, named, fill=True))
        attending.mix(ctx, e, attending.dropped(ctx, float(self.dropout)), v, mixed)
        if self.use_gate:
            gate, gated = ctx.saved("gate"), ctx.saved("gated")
            self._project(ctx, "gate", x["query"], gate)
            ctx.call(kernels.activation.TABLE["sigmoid"].forward, gate.reshape(-1), 0, gate.size)
            ctx.call(kernels.attention.gated, mixed.reshape(-1), gate.reshape(-1), gated.reshape(-1))
            mixed = gated
        self._project_out(ctx, mixed)
        if self.option("scores"):
            ctx.call(kernels.copying.copy_all, ctx.saved("weights"), ctx.outputs[1])
            return ctx.outputs
        return ctx.output

    def _project_out(self, ctx: Context, mixed: Array) -> None:
        y = ctx.output
        order = self._output_order(y.ndim, len(ctx.inputs[0].shape))
        if order is None:
            self._project(ctx, "attention_output", mixed, y)
            return
        place, view = ctx.saved("turned_output"), y.transpose(order)
        self._project(ctx, "attention_output", mixed, place)
        ctx.call(kernels.strided_copy.copy, place, place.reshape(view.shape), y, view)

    def _output_order(self, rank: int, query_rank: int) -> list[int] | None:
        """Like _order, of the output, which may have other axes in place of the last one."""
        order = self._order(query_rank)
        return None if order is None else [*order[:-1], *range(query_rank - 1, rank)]

    def _scale(self) -> Array:
        return repeated(1 / math.sqrt(self._depth()), 1)

    def backward(self, ctx: Context, *gradients: Any) -> None:
        named = self.named(ctx.inputs)
        e = self._extent(named["query"].shape, named["value"].shape)
        turned = self._order(named["query"].ndim) is not None
        x = {n: ctx.saved(f"turned_{n}") if turned else named.get(n, named["value"]) for n in ("query", "value", "key")}
        q, k, v, mixed = (ctx.saved(name) for name in ("query", "key", "value", "mixed"))
        dq, dk, dv, dmixed = (ctx.scratch(f"d{name}") for name in ("query", "key", "value", "mixed"))
        dy = gradients[0]
        if turned:
            place, view = ctx.scratch("turned_doutput"), dy.transpose(self._output_order(dy.ndim, named["query"].ndim))
            ctx.call(kernels.strided_copy.copy, dy, view, place, place.reshape(view.shape))
            dy = place
        if self.use_gate:
            dgated, gate = ctx.scratch("dgated"), ctx.saved("gate")
            self._project_back(ctx, "attention_output", ctx.saved("gated"), dy, dgated)
            flat_ones = [array.reshape(-1) for array in (dgated, mixed, gate, dmixed, ctx.scratch("dgate"))]
            ctx.call(kernels.attention.gated_gradient, *flat_ones)
        else:
            self._project_back(ctx, "attention_output", mixed, dy, dmixed)
        dweights = attending.mix_gradient(ctx, e, float(self.dropout), dmixed, v, dv, None)
        if self.option("scores"):
            ctx.call(kernels.copying.add_all, gradients[1], dweights)
        hidden = self._hidden(ctx, e, named, fill=False)
        scores = ctx.saved("weights")
        ctx.call(kernels.attention.masked_softmax_gradient, dweights, scores, self._scale(), *hidden, 0, e.outer)
        attending.scores_gradient(ctx, e, dweights, q, k, dq, dk)
        self._inputs_back(ctx, x, {"query": dq, "value": dv, "key": dk}, turned)

    def _inputs_back(self, ctx: Context, x: dict[str, Array], changes: dict[str, Array], turned: bool) -> None:
        """Gradients of the projections and of the inputs; without a key, the value is both."""
        names = list(self.named(ctx.inputs))
        for number, name in enumerate(names):
            dx = ctx.input_gradient(number)
            if name not in changes:
                if dx is not None:
                    ctx.call(kernels.copying.clear_all, dx)
                continue
            place = dx if dx is None or not turned else ctx.scratch(f"turned_d{name}")
            self._project_back(ctx, name, x[name], changes[name], place)
            also = [("gate", ctx.scratch("dgate"), "dinput_of_query")] if name == "query" and self.use_gate else []
            also += [("key", changes["key"], "dinput")] if name == "value" and "key" not in names else []
            for projection, change, room in also:
                more = None if place is None else ctx.scratch(room)
                self._project_back(ctx, projection, x[name], change, more)
                if place is not None and more is not None:
                    ctx.call(kernels.copying.add_all, more, place)
            if dx is not None and place is not None and turned:
                view = dx.transpose(self._order(dx.ndim))
                ctx.call(kernels.strided_copy.copy, place, place.reshape(view.shape), dx, view)


def flat(name: str, shape: Sizes) -> tuple[int, int]:
    """A projection's kernel as (features, units): that of the output has heads and their size as features."""
    features = 2 if name.startswith("attention_output/") else 1
    return math.prod(shape[:features]), math.prod(shape[features:])


class MultiHeadAttention(rules.MultiHeadAttention, Projected):
    tells = True

    def infer(self, inputs: tuple[Shape, ...]) -> Inference:
        return self.with_scores(inputs, rules.MultiHeadAttention.infer)

    def check_compute(self) -> None:
        super().check_compute()
        window = self.sliding_window
        if window is not None and (not isinstance(window, int) or window < 1):
            raise ValueError(f"{self.name}: sliding_window={window!r}: expected a positive integer, for example sliding_window=4")

    def _heads(self) -> int:
        return int(self.num_heads)

    def _depth(self) -> int:
        return int(self.key_dim)

    def _width(self) -> int:
        return int(self.value_dim or self.key_dim)
