"""einsum of two arrays by products of matrices: axes of the same kind are seen as one, and turned where they do not lie so.

    a (batch, rows, depth) . b (batch, depth, columns) -> y (batch, rows, columns)

    batch: letters of a, b and y    rows: of a and y    columns: of b and y    depth: of a and b, and of one of them alone

A letter of one factor alone is summed: the other factor is repeated along it. EinsumDense and ops.einsum use it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.lib.stride_tricks import as_strided

from tinyseq import kernels
from tinyseq.engine.operator import Array, Place, Sizes

if TYPE_CHECKING:
    from tinyseq.engine.context import Context

Terms = tuple[str, str, str]


class Contraction:
    """The product of two arrays of these shapes. `terms`: their letters and those of the result, no letter twice in one of them."""

    def __init__(self, terms: Terms, a: Sizes, b: Sizes) -> None:
        self.terms = terms
        one, other, result = terms
        self.sizes = dict(zip(one, a, strict=True)) | dict(zip(other, b, strict=True))
        batch = [c for c in result if c in one and c in other]
        rows, columns = [c for c in result if c not in other], [c for c in result if c not in one]
        depth = [c for c in one if c not in result] + [c for c in other if c not in result and c not in one]
        self.kinds = {"a": (batch, rows, depth), "b": (batch, depth, columns), "y": (batch, rows, columns)}

    def shape(self, name: str) -> tuple[int, int, int]:
        """As stacks of matrices."""
        first, second, third = (math.prod(self.sizes[c] for c in letters) for letters in self.kinds[name])
        return first, second, third

    def spread(self, name: str, array: Array) -> Array:
        """A view with one axis for each letter, in the order of the matrices; repeated along letters that it does not have."""
        term = self.terms["aby".index(name)]
        letters = [c for group in self.kinds[name] for c in group]
        steps = dict(zip(term, array.strides, strict=True))
        return as_strided(array, [self.sizes[c] for c in letters], [steps.get(c, 0) for c in letters])

    def matrices(self, name: str, array: Array) -> Array | None:
        """A view (batch, 1, rows, columns); None if axes of one kind do not lie one after the other, or the last of y has gaps."""
        seen, steps, start = self.spread(name, array), [], 0
        for letters in self.kinds[name]:
            axes = [(seen.shape[i], seen.strides[i]) for i in range(start, start + len(letters)) if seen.shape[i] != 1]
            start += len(letters)
            if any(one[1] != other[0] * other[1] for one, other in pairwise(axes)):
                return None
            steps.append(axes[-1][1] if axes else 4)
        outer, rows, columns = self.shape(name)
        if name == "y" and steps[2] != 4 and columns != 1:
            return None
        return as_strided(array, (outer, 1, rows, columns), (steps[0], 0, steps[1], steps[2]))

    def scratch(self) -> dict[str, Place]:
        """What forward and backward need, at most."""
        (_, rows, depth), columns = self.shape("a"), self.shape("b")[2]
        size = kernels.products.panel_size
        panels = max(size(depth, columns), size(columns, depth), size(rows, columns), size(rows, depth))
        whole = {name: (self.shape(name), "float32") for name in ("a", "b", "y")}
        return {"panels": ((panels,), "float32"), **{f"turned_{name}": place for name, place in whole.items()}, "more_b": whole["b"]}

    def _ready(self, ctx: Context, name: str, array: Array) -> tuple[Array, Array]:
        """(array, its matrices): itself, or a turned copy."""
        found = self.matrices(name, array)
        if found is not None:
            return array, found
        place = ctx.scratch(f"turned_{name}")
        seen = self.spread(name, array)
        ctx.call(kernels.strided_copy.copy, array, seen, place, place.reshape(seen.shape))
        return place, place[:, None]

    def product(self, ctx: Context, a: Array, b: Array, y: Array) -> None:
        """y = a b."""
        target = self.matrices("y", y)
        place = y if target is not None else ctx.scratch("turned_y")
        seen = place[:, None] if target is None else target
        left, right = self._ready(ctx, "a", a), self._ready(ctx, "b", b)
        ctx.call(kernels.products.product, *left, *right, place, seen, ctx.scratch("panels"))
        if target is None:
            into = self.spread("y", y)
            ctx.call(kernels.strided_copy.copy, place, place.reshape(into.shape), y, into)

    def gradients(self, ctx: Context, factors: tuple[Array, Array], dy: Array, da: Array | None, db: Array | None, add: bool) -> None:
        """da = dy b^T, db = a^T dy; `add`: db += ..."""
        g = self._ready(ctx, "y", dy)
        if da is not None:
            right = self._ready(ctx, "b", factors[1])
            place = ctx.scratch("turned_a")
            ctx.call(kernels.products.product, *g, right[0], right[1].swapaxes(2, 3), place, place[:, None], ctx.scratch("panels"))
            self._put(ctx, "a", place, da, False)
        if db is not None:
            left = self._ready(ctx, "a", factors[0])
            place = ctx.scratch("more_b")
            ctx.call(kernels.products.product, left[0], left[1].swapaxes(2, 3), *g, place, place[:, None], ctx.scratch("panels"))
            self._put(ctx, "b", place, db, add)

    def _put(self, ctx: Context, name: str, place: Array, target: Array, add: bool) -> None:
        """A gradient as matrices into the array that it belongs to, summed along letters that the array does not have."""
        if not add:
            ctx.call(kernels.copying.clear_all, target)
        into = self.spread(name, target)
        ctx.call(kernels.strided_copy.add, place, place.reshape(into.shape), target, into)


def terms_of(subscripts: Any, shapes: Sequence[Sizes]) -> Terms | None:
    """The letters of a product of two arrays, if `Contraction` computes it."""
    if not isinstance(subscripts, str) or len(shapes) != 2 or "..." in subscripts:
        return None
    left, arrow, result = subscripts.replace(" ", "").partition("->")
    one, comma, other = left.partition(",")
    if not arrow or not comma or any(len(set(term)) != len(term) for term in (one, other, result)):
        return None
    pairs = [*zip(one, shapes[0], strict=False), *zip(other, shapes[1], strict=False)]
    agree = len(pairs) == len(one) + len(other) == sum(map(len, shapes)) and len(set(pairs)) == len({letter for letter, _ in pairs})
    return (one, other, result) if agree and set(result) <= set(left) and np.prod([size for _, size in pairs]) > 0 else None
