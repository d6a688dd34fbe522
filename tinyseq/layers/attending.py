"""Queries look at steps: scores, weights and the mix of values, and their gradients, as Attention and MultiHeadAttention share them.

    weights = softmax(scale Q K^T)        mixed = weights V        (Vaswani et al. 2017, eq. 1)

Q: (outer, queries, heads, depth), K: (outer, steps, heads, depth), V: (outer, steps, heads, width), each C-contiguous; a head is a
view with steps. Weights: (outer, heads, queries, steps), kept from forward to backward; with dropout also what is left of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from tinyseq import kernels
from tinyseq.engine.operator import Array, Buffers, Place
from tinyseq.layers.regularization import STATE, scale_of

if TYPE_CHECKING:
    from tinyseq.engine.context import Context


class Extent(NamedTuple):
    """The sizes of one attention. `groups`: how many heads of keys and values there are; each serves heads / groups neighbours."""

    outer: int
    heads: int
    queries: int
    steps: int
    depth: int
    width: int
    groups: int

    @property
    def weights(self) -> tuple[int, int, int, int]:
        """The shape of scores and weights."""
        return self.outer, self.heads, self.queries, self.steps


class Hidden(NamedTuple):
    """The mask: see kernels/attention.py."""

    allowed: Array
    causal: bool
    window: int
    kept: np.float32


def buffers(e: Extent, rate: float) -> Buffers:
    """`rate` of dropout, 0 for none."""
    weights: Place = e.weights, np.float32
    size = kernels.products.panel_size
    panels = max(size(e.depth, e.steps), size(e.steps, e.width), size(e.queries, e.width), size(e.steps, e.depth), size(e.queries, e.depth))
    scratch: dict[str, Place] = {"panels": ((panels,), np.float32)}
    drops: dict[str, Place] = {"keep": (e.weights, np.uint8), "dropped": weights} if rate else {}
    draws: dict[str, Place] = {"uniform": weights, "state": STATE} if rate else {}
    return Buffers({"weights": weights, **drops}, scratch | draws, {**scratch, "dweights": weights})


def softened(ctx: Context, e: Extent, scale: Array, hidden: Hidden) -> None:
    """The scores in ctx.saved("weights") become weights."""
    ctx.call(kernels.attention.masked_softmax, ctx.saved("weights"), scale, *hidden, 0, e.outer)


def dropped(ctx: Context, rate: float) -> Array:
    """The weights after dropout; rate 0: as they are."""
    weights = ctx.saved("weights")
    if not rate or not ctx.training:
        return weights
    uniform, keep, left = ctx.scratch("uniform"), ctx.saved("keep"), ctx.saved("dropped")
    ctx.call(kernels.philox.uniform, kernels.philox.seed_words(ctx.seed), ctx.drawn, ctx.scratch("state"), uniform.reshape(-1))
    ctx.call(kernels.dropout.draw, uniform.reshape(-1), np.float32(rate), keep.reshape(-1))
    ctx.call(kernels.dropout.drop, weights.reshape(-1), keep.reshape(-1), scale_of(rate), left.reshape(-1))
    return left


def scores(ctx: Context, e: Extent, q: Array, k: Array) -> None:
    """ctx.saved("weights") = Q K^T."""
    place = ctx.saved("weights")
    parts = _heads(q, e, e.queries, e.depth, e.heads), _heads(k, e, e.steps, e.depth, e.groups), _rows(place, e)
    for left, right, target in zip(*parts, strict=True):
        ctx.call(kernels.products.product, q, left, k, right.swapaxes(2, 3), place, target, ctx.scratch("panels"))


def mix(ctx: Context, e: Extent, weights: Array, v: Array, mixed: Array) -> None:
    """mixed (outer, queries, heads, width) = weights V."""
    parts = _rows(weights, e), _heads(v, e, e.steps, e.width, e.groups), _heads(mixed, e, e.queries, e.width, e.heads)
    for left, right, target in zip(*parts, strict=True):
        ctx.call(kernels.products.product, weights, left, v, right, mixed, target, ctx.scratch("panels"))


def mix_gradient(ctx: Context, e: Extent, rate: float, dmixed: Array, v: Array, dv: Array, dused: Array | None) -> Array:
    """dv, and the gradient of the weights before dropout. dused: what else is known of the gradient after it."""
    weights, dweights, panels = ctx.saved("weights"), ctx.scratch("dweights"), ctx.scratch("panels")
    drops = bool(rate) and ctx.training
    used = ctx.saved("dropped") if drops else weights
    back = _heads(dmixed, e, e.queries, e.width, e.heads)
    values = _heads(v, e, e.steps, e.width, e.groups)
    for g, right, target in zip(back, values, _rows(dweights, e), strict=True):
        ctx.call(kernels.products.product, dmixed, g, v, right.swapaxes(2, 3), dweights, target, panels)
    _summed(ctx, e, used, dmixed, back, dv, e.width)
    if dused is not None:
        ctx.call(kernels.copying.add_all, dused, dweights)
    if drops:
        flat = dweights.reshape(-1)
        ctx.call(kernels.dropout.drop, flat, ctx.saved("keep").reshape(-1), scale_of(rate), flat)
    return dweights


def scores_gradient(ctx: Context, e: Extent, dscores: Array, q: Array, k: Array, dq: Array, dk: Array) -> None:
    """dq = dscores K, dk = dscores^T Q."""
    panels = ctx.scratch("panels")
    keys, queries = _heads(k, e, e.steps, e.depth, e.groups), _heads(q, e, e.queries, e.depth, e.heads)
    for left, right, target in zip(_rows(dscores, e), keys, _heads(dq, e, e.queries, e.depth, e.heads), strict=True):
        ctx.call(kernels.products.product, dscores, left, k, right, dq, target, panels)
    _summed(ctx, e, dscores, q, queries, dk, e.depth)


def _summed(ctx: Context, e: Extent, rows: Array, array: Array, views: list[Array], target: Array, size: int) -> None:
    """target (outer, steps, groups, size) = rows^T array, summed over the heads of each group."""
    shared = e.heads // e.groups
    places = target.reshape(e.outer, e.steps, e.groups, size).transpose(0, 2, 1, 3)
    for number, (left, right) in enumerate(zip(_rows(rows, e), views, strict=True)):
        ctx.call(
            kernels.products.product, rows, left.swapaxes(2, 3), array, right, target, places, ctx.scratch("panels"), number > 0
        )  # fmt: skip
    assert len(views) == shared


def _rows(array: Array, e: Extent) -> list[Array]:
    """(outer, heads, queries, steps) as one view (outer, groups, queries, steps) for each head of a group."""
    shared = e.heads // e.groups
    seen = array.reshape(e.outer, e.groups, shared, e.queries, e.steps)
    return [seen[:, :, number] for number in range(shared)]


def _heads(array: Array, e: Extent, rows: int, size: int, heads: int) -> list[Array]:
    """(outer, rows, heads, size) as one view (outer, groups, rows, size) for each head of a group; of keys always the same."""
    shared = e.heads // e.groups
    seen = array.reshape(e.outer, rows, e.groups, heads // e.groups, size).transpose(0, 2, 3, 1, 4)
    return [seen[:, :, number if heads > e.groups else 0] for number in range(shared)]
