"""Multiply, Maximum and Minimum of inputs with masks, as Keras computes them: a step that is left out does not count. By NumPy."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from shapecheck.layers.base import Inference
from shapecheck.shapes import Shape
from tinyseq.engine.masks import Either
from tinyseq.engine.operator import Array, Operator

if TYPE_CHECKING:
    from tinyseq.engine.context import Context

Join = Callable[[Array, Array], Array]


def summed_to(g: Array, shape: tuple[int, ...]) -> Array:
    """A gradient summed over the axes along which an input was repeated."""
    extra = g.ndim - len(shape)
    axes = (*range(extra), *(extra + i for i, size in enumerate(shape) if size == 1 and g.shape[extra + i] != 1))
    found: Array = g.sum(axes, keepdims=True).reshape(shape)
    return found


class EitherOf(Either):
    """Where one of the first `count` masks is not 0."""

    tells = True

    def __init__(self, count: int) -> None:
        super().__init__()
        self.count = count

    def forward(self, ctx: Context, *inputs: Any) -> Any:
        return super().forward(ctx, *inputs[: self.count])


class MaskedMerge(Operator):
    """Takes the inputs, then the masks of those that have one: (samples, steps), 0 for a step that is left out.

    Arguments:
        of: the layer that it computes
        masked: which inputs have a mask
    """

    shardable = True
    needs_output = False

    def __init__(self, of: Operator, masked: Sequence[bool]) -> None:
        super().__init__(name=str(of.name))
        self.of = of
        self.masked = tuple(masked)

    def infer(self, inputs: tuple[Shape, ...]) -> Inference:
        return self.of.infer(inputs[: len(self.masked)])

    def masking(self, masked: tuple[bool, ...], outputs: int) -> tuple[Any, ...]:
        return (EitherOf(len(self.masked)) if all(self.masked) else None,)

    def _read(self, arrays: Sequence[Array]) -> list[tuple[Array, Array | None]]:
        """Each input with its mask, which has as many axes."""
        masks = iter(arrays[len(self.masked) :])
        found: list[tuple[Array, Array | None]] = []
        for x, has in zip(arrays, self.masked, strict=False):
            mask = next(masks) != 0 if has else None
            found.append((x, None if mask is None else mask.reshape(mask.shape + (1,) * (x.ndim - mask.ndim))))
        return found

    def forward(self, ctx: Context, *inputs: Any) -> Any:
        ctx.output[...] = self.outcome(self._read(inputs))
        return ctx.output

    def backward(self, ctx: Context, *gradients: Any) -> Any:
        pairs = self._read(ctx.inputs)
        found = self.slopes(pairs, gradients[0])
        parts = [summed_to(g, x.shape) for g, (x, _) in zip(found, pairs, strict=True)]
        for i, part in enumerate(parts):
            place = ctx.input_gradient(i)
            if place is not None:
                place[...] = part
        for i in range(len(parts), len(ctx.inputs)):
            place = ctx.input_gradient(i)
            if place is not None:
                place.fill(0)
        return tuple(ctx.input_gradient(i) for i in range(len(ctx.inputs)))

    def outcome(self, pairs: Sequence[tuple[Array, Array | None]]) -> Array:
        """The output."""
        raise NotImplementedError

    def slopes(self, pairs: Sequence[tuple[Array, Array | None]], g: Array) -> list[Array]:
        """The gradient of each input, of the output's shape."""
        raise NotImplementedError


class MaskedProduct(MaskedMerge):
    """A step that is left out counts as 1; where all inputs leave it out the product is 0."""

    def _kept(self, pairs: Sequence[tuple[Array, Array | None]]) -> Any:
        masks = [mask for _, mask in pairs if mask is not None]
        return np.logical_or.reduce(masks) if len(masks) == len(pairs) else np.True_

    def outcome(self, pairs: Sequence[tuple[Array, Array | None]]) -> Array:
        product: Any = np.float32(1)
        for x, mask in pairs:
            product = product * (x if mask is None else np.where(mask, x, np.float32(1)))
        return np.where(self._kept(pairs), product, np.float32(0))

    def slopes(self, pairs: Sequence[tuple[Array, Array | None]], g: Array) -> list[Array]:
        values = [x if mask is None else np.where(mask, x, np.float32(1)) for x, mask in pairs]
        found = []
        for i, (_, mask) in enumerate(pairs):
            slope = np.where(self._kept(pairs), g, np.float32(0))
            for j, value in enumerate(values):
                slope = slope * value if j != i else slope
            found.append(slope if mask is None else np.where(mask, slope, np.float32(0)))
        return found


class MaskedExtreme(MaskedMerge):
    """From left to right: where one of two leaves a step out, both are the other."""

    def _steps(self, pairs: Sequence[tuple[Array, Array | None]]) -> list[tuple[Any, ...]]:
        """Of each join: the two masks, the two numbers, and the result."""
        (total, so_far), steps = pairs[0], []
        largest = bool(getattr(self.of, "largest", True))
        for x, mask in pairs[1:]:
            right = x if mask is None else np.where(mask, x, total)
            left = total if so_far is None else np.where(so_far, total, right)
            steps.append((so_far, mask, left, right))
            total = np.maximum(left, right) if largest else np.minimum(left, right)
            so_far = None if so_far is None or mask is None else so_far | mask
        return [*steps, (None, None, total, total)]

    def outcome(self, pairs: Sequence[tuple[Array, Array | None]]) -> Array:
        found: Array = self._steps(pairs)[-1][2]
        return found

    def slopes(self, pairs: Sequence[tuple[Array, Array | None]], g: Array) -> list[Array]:
        """Of two equal numbers the left one takes the gradient."""
        largest, zero, found = bool(getattr(self.of, "largest", True)), np.float32(0), []
        for so_far, mask, left, right in reversed(self._steps(pairs)[:-1]):
            takes = left >= right if largest else left <= right
            to_left, to_right = np.where(takes, g, zero), np.where(takes, zero, g)
            if so_far is not None:
                to_left, to_right = np.where(so_far, to_left, zero), to_right + np.where(so_far, zero, to_left)
            if mask is not None:
                to_left, to_right = to_left + np.where(mask, zero, to_right), np.where(mask, to_right, zero)
            found.append(to_right)
            g = to_left
        return [g, *reversed(found)]
