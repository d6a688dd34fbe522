"""Joining several inputs: Add, Subtract, Multiply, Average, Maximum, Minimum, Concatenate, Dot.

Element by element with numpy's broadcasting: an input of another shape is first broadcast to the output's, and the gradient
of a repeated input is summed, all by kernels (kernels/elementwise/merging.py, strided_copy.py), without Python.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from shapecheck.layers import merging as rules
from tinyseq import kernels
from tinyseq.engine.masks import AllTrue, Either, EndToEnd
from tinyseq.engine.operator import Array, Buffers, Place, Sizes
from tinyseq.layers.base import Layer
from tinyseq.layers.fused import repeated
from tinyseq.layers.masked_merging import MaskedExtreme, MaskedProduct

if TYPE_CHECKING:
    from tinyseq.engine.context import Context

LONGEST = np.float32(1e7)
"""The greatest factor of Dot(normalize=True): Keras's epsilon of 1e-7."""

Join = Callable[[Array, Array, Array], None]
"""join(a, b, y): y = a and b, joined."""


def with_rank(x: Array, rank: int) -> Array:
    """A view with that many axes: the missing ones come after the batch, with size 1."""
    return x.reshape(x.shape[0], *(1,) * (rank - x.ndim), *x.shape[1:])


def give(ctx: Context, gradient: Array, dx: Array) -> None:
    """dx = gradient, which has the output's shape: summed where the input was repeated."""
    if gradient.size == dx.size:
        if gradient is not dx:
            ctx.call(kernels.copying.copy_all, gradient, dx)
    else:
        ctx.call(kernels.merging.sum_repeated, gradient, with_rank(dx, gradient.ndim))


class Merging(Layer):
    """Common code of the elementwise merges."""

    tells = True
    needs_output = False

    def masking(self, masked: tuple[bool, ...], outputs: int) -> tuple[Any, ...] | None:
        """That of the layer; x + y is an operation in Keras, which drops masks."""
        return None if self.operation else (Either() if all(masked) else None,)

    def turnable(self, shapes: tuple[Sizes, ...]) -> bool:
        return len(set(shapes)) == 1

    def buffers(self, inputs: tuple[Sizes, ...], output: Sizes, training: bool) -> Buffers:
        """Scratch for repeated inputs, for the gradient of one before it is summed, and for merging more than two."""
        place = output, np.float32
        repeated = [sizes != output for sizes in inputs]
        spread = {"spread": place} if any(repeated) else {}
        spare = {"spare": place} if len(inputs) > 2 else {}
        first = {"first": place} if repeated[0] else {}
        product = {"product": place} if any(repeated) else {}
        return Buffers(forward={**spread, **spare, **first}, backward={**spread, **spare, **product})

    def spread(self, ctx: Context, x: Array, room: str = "spread") -> Array:
        """x with as many numbers as the output, repeated into scratch of that name if need be; flat."""
        shape = ctx.output.shape
        if x.size != ctx.output.size:
            place = ctx.scratch(room)
            ctx.call(kernels.strided_copy.copy, x, np.broadcast_to(with_rank(x, len(shape)), shape), place, place)
            return place.reshape(-1)
        return x.reshape(-1)

    def fold(self, ctx: Context, operation: Join, first: Array, others: Sequence[Array], place: Array) -> Array:
        """place = operation(... operation(first, others[0]) ..., others[-1]), in turns with a spare array: LLVM makes vectors
        of a kernel's loop only for arrays that do not overlap."""
        total = first.reshape(-1)
        if not others:
            ctx.call(kernels.copying.copy_all, total, place)
        for left, x in zip(reversed(range(len(others))), others, strict=True):
            target = (ctx.scratch("spare") if left % 2 else place).reshape(-1)
            ctx.call(operation, total, self.spread(ctx, x), target)
            total = target
        return place

    def join(self, ctx: Context, operation: Join, inputs: tuple[Array, ...]) -> Array:
        """ctx.output = the inputs, joined from left to right."""
        return self.fold(ctx, operation, self.spread(ctx, inputs[0], "first"), inputs[1:], ctx.output)


class Linear(Merging):
    """A sum of the inputs, each with its own factor: the gradients are dy with the same factors."""

    tells = True
    needs_input = False

    def factors(self, count: int) -> list[float]:
        """The factor of each input."""
        return [1.0] * count

    def backward(self, ctx: Context, *gradients: Any) -> None:
        dy = gradients[0]
        if ctx.absorbed:  # in place: the gradients of the inputs are copies of it
            y = ctx.output.reshape(-1)
            ctx.call(kernels.activation.TABLE[ctx.absorbed].backward, dy.reshape(-1), y, 0, y.size)
        for i, factor in enumerate(self.factors(len(ctx.inputs))):
            dx = ctx.input_gradient(i)
            if dx is None:
                continue
            if factor == 1.0 or dx.size != dy.size:
                give(ctx, dy, dx)
            if factor != 1.0:
                given = dy if dx.size == dy.size else dx
                ctx.call(kernels.merging.scale, given.reshape(-1), np.float32(factor), dx.reshape(-1))


class Add(rules.Add, Linear):
    """With a relu that it absorbed: of two inputs in one pass, forward, and one pass for each of them, backward."""

    tells = True

    def absorbs(self, activation: str) -> bool:
        return True

    def forward(self, ctx: Context, *inputs: Any) -> Any:
        y = ctx.output.reshape(-1)
        if ctx.absorbed and [x.size for x in inputs] == [y.size] * 2:
            left, right = (x.reshape(-1) for x in inputs)
            ctx.call(kernels.bounds.add_bounded, left, right, y, *kernels.bounds.BOUNDS[ctx.absorbed])
            return ctx.output
        self.join(ctx, kernels.merging.add, inputs)
        if ctx.absorbed:
            ctx.call(kernels.activation.TABLE[ctx.absorbed].forward, y, 0, y.size)
        return ctx.output

    def backward(self, ctx: Context, *gradients: Any) -> None:
        places = [dx for i in range(len(ctx.inputs)) if (dx := ctx.input_gradient(i)) is not None]
        dy, y = gradients[0].reshape(-1), ctx.output.reshape(-1)
        if not ctx.absorbed or any(dx.size != dy.size for dx in places):
            super().backward(ctx, *gradients)
            return
        for dx in places:
            ctx.call(kernels.bounds.bounded_gradient, dy, y, dx.reshape(-1), *kernels.bounds.BOUNDS[ctx.absorbed])


class Subtract(rules.Subtract, Linear):
    tells = True

    def factors(self, count: int) -> list[float]:
        return [1.0, -1.0]

    def forward(self, ctx: Context, *inputs: Any) -> Any:
        return self.join(ctx, kernels.merging.subtract, inputs)


class Average(rules.Average, Linear):
    tells = True

    def factors(self, count: int) -> list[float]:
        return [1.0 / count] * count

    def forward(self, ctx: Context, *inputs: Any) -> Any:
        y = self.join(ctx, kernels.merging.add, inputs)
        ctx.call(kernels.merging.divide, y.reshape(-1), np.float32(len(inputs)))
        return y


class Multiply(rules.Multiply, Merging):
    tells = True

    def with_masks(self, masks: tuple[bool, ...]) -> tuple[Any, tuple[int, ...]] | None:
        return None if self.operation else (MaskedProduct(self, masks), tuple(i for i, has in enumerate(masks) if has))

    def forward(self, ctx: Context, *inputs: Any) -> Any:
        return self.join(ctx, kernels.merging.multiply, inputs)

    def backward(self, ctx: Context, *gradients: Any) -> None:
        """For each input: dy times all the others, also correct if an input is 0."""
        dy = gradients[0]
        for i in range(len(ctx.inputs)):
            dx = ctx.input_gradient(i)
            if dx is None:
                continue
            place = dx if dx.size == dy.size else ctx.scratch("product")
            others = [x for j, x in enumerate(ctx.inputs) if j != i]
            give(ctx, self.fold(ctx, kernels.merging.multiply, dy, others, place), dx)


class Extreme(Merging):
    """The greatest or the smallest of the inputs; the whole gradient goes to the first input that equals it."""

    tells = True
    needs_output = True
    largest = True

    def with_masks(self, masks: tuple[bool, ...]) -> tuple[Any, tuple[int, ...]] | None:
        return MaskedExtreme(self, masks), tuple(i for i, has in enumerate(masks) if has)

    def buffers(self, inputs: tuple[Sizes, ...], output: Sizes, training: bool) -> Buffers:
        found = super().buffers(inputs, output, training)
        found.backward = {"spread": (output, np.float32), "rest": (output, np.float32)}
        return found

    def forward(self, ctx: Context, *inputs: Any) -> Any:
        return self.join(ctx, kernels.merging.greatest if self.largest else kernels.merging.least, inputs)

    def backward(self, ctx: Context, *gradients: Any) -> None:
        rest, place = ctx.scratch("rest"), ctx.scratch("spread")
        ctx.call(kernels.copying.copy_all, gradients[0], rest)
        for i, x in enumerate(ctx.inputs):
            dx = ctx.input_gradient(i)
            taken = place if dx is None or dx.size != rest.size else dx
            wide, y = self.spread(ctx, x), ctx.output.reshape(-1)
            last = i == len(ctx.inputs) - 1
            ctx.call(kernels.merging.take, wide, y, last, rest.reshape(-1), taken.reshape(-1))
            if dx is not None:
                give(ctx, taken, dx)


class Maximum(rules.Maximum, Extreme):
    pass


class Minimum(rules.Minimum, Extreme):
    largest = False


class Concatenate(rules.Concatenate, Layer):
    tells = True
    needs_input = False
    needs_output = False

    def masking(self, masked: tuple[bool, ...], outputs: int) -> tuple[Any, ...]:
        if not any(masked):
            return (None,)
        if self.axis == 1:
            return (EndToEnd(masked),)
        return (Either() if all(masked) else AllTrue(),)  # the features of an input without a mask count at every step

    def turnable(self, shapes: tuple[Sizes, ...]) -> bool:
        return self.axis == 1 and len(shapes[0]) > 2

    def parts(self, ctx: Context, whole: Array, inputs: tuple[Array, ...]) -> list[Array]:
        """The part of an array of the output's shape that belongs to each input."""
        axis, start, found = (-1 if ctx.turned else self.axis) % whole.ndim, 0, []
        for x in inputs:
            found.append(whole[(*(slice(None),) * axis, slice(start, start + x.shape[axis]))])
            start += x.shape[axis]
        return found

    def forward(self, ctx: Context, *inputs: Any) -> Any:
        y = ctx.output
        for x, part in zip(inputs, self.parts(ctx, y, inputs), strict=True):
            ctx.call(kernels.strided_copy.copy, x, x, y, part)
        return y

    def backward(self, ctx: Context, *gradients: Any) -> None:
        dy = gradients[0]
        for i, part in enumerate(self.parts(ctx, dy, ctx.inputs)):
            dx = ctx.input_gradient(i)
            if dx is not None:
                ctx.call(kernels.strided_copy.copy, dy, part, dx, dx)


class Dot(rules.Dot, Layer):
    """Both inputs are turned so that the summed axis comes last, (samples, rows, size), and multiplied as matrices."""

    tells = True
    needs_output = False

    def masking(self, masked: tuple[bool, ...], outputs: int) -> tuple[Any, ...]:
        return (None,)

    def _axis(self, number: int, rank: int) -> int:
        return (self.axes if isinstance(self.axes, int) else self.axes[number]) % rank

    def check_compute(self) -> None:
        for axis in (self.axes,) if isinstance(self.axes, int) else self.axes:
            if axis == 0:
                raise ValueError(f"{self.name}: axes={self.axes} sums over axis 0, the batch: write axes=1 or more, or axes=-1")

    def _turned(self, number: int, shape: Sizes) -> Sizes:
        """(samples, rows, size) of an input of that shape."""
        size = shape[self._axis(number, len(shape))]
        return shape[0], math.prod(shape) // (shape[0] * size), size

    def buffers(self, inputs: tuple[Sizes, ...], output: Sizes, training: bool) -> Buffers:
        turned = [self._turned(number, shape) for number, shape in enumerate(inputs)]
        (_, rows, size), (_, columns, _) = turned
        width = max(kernels.products.panel_size(*sizes) for sizes in ((size, columns), (columns, size), (rows, size)))
        places: dict[str, Place] = {f"turned{number}": (shape, np.float32) for number, shape in enumerate(turned)}
        kept: dict[str, Place] = {f"kept{number}": ((2, shape[0] * shape[1]), np.float32) for number, shape in enumerate(turned)}
        scratch: dict[str, Place] = {"panels": ((width,), np.float32)}
        changes: dict[str, Place] = {f"d{number}": (shape, np.float32) for number, shape in enumerate(turned)}
        if not self.normalize:
            return Buffers(places, scratch, scratch | changes)
        raw: dict[str, Place] = {f"raw{number}": (shape, np.float32) for number, shape in enumerate(turned)}
        unused: dict[str, Place] = {"unused": ((size,), np.float32)}
        back: dict[str, Place] = {f"raw_d{number}": (shape, np.float32) for number, shape in enumerate(turned)}
        return Buffers(places | kept | raw, scratch, scratch | changes | unused | back)

    def forward(self, ctx: Context, *inputs: Any) -> Any:
        for number, x in enumerate(inputs):
            turned = ctx.saved(f"raw{number}" if self.normalize else f"turned{number}")
            view = np.moveaxis(x, self._axis(number, x.ndim), -1)
            ctx.call(kernels.strided_copy.copy, x, view, turned, turned.reshape(view.shape))
            if self.normalize:
                size = turned.shape[2]
                rows, out = turned.reshape(-1, size), ctx.saved(f"turned{number}").reshape(-1, size)
                run, numbers = kernels.row_scaling.scale_rows, (np.float32(0), np.float32(1), LONGEST, False)
                ctx.call(run, rows, out, repeated(1.0, size), *numbers, ctx.saved(f"kept{number}"), 0, len(rows))
        a, b = ctx.saved("turned0"), ctx.saved("turned1")
        c = ctx.output.reshape(len(a), a.shape[1], b.shape[1])
        self._product(ctx, a, a[:, None], b, b[:, None].swapaxes(2, 3), c)
        return ctx.output

    def _product(self, ctx: Context, a: Array, left: Array, b: Array, right: Array, c: Array) -> None:
        ctx.call(kernels.products.product, a, left, b, right, c, c[:, None], ctx.scratch("panels"))

    def backward(self, ctx: Context, *gradients: Any) -> None:
        a, b = ctx.saved("turned0"), ctx.saved("turned1")
        dc = gradients[0].reshape(len(a), a.shape[1], b.shape[1])
        for number, other in ((0, b), (1, a)):
            dx = ctx.input_gradient(number)
            if dx is None:
                continue
            change = ctx.scratch(f"d{number}")
            left = dc[:, None] if number == 0 else dc[:, None].swapaxes(2, 3)
            self._product(ctx, dc, left, other, other[:, None], change)
            if self.normalize:
                change = self._through_length(ctx, number, change)
            view = np.moveaxis(dx, self._axis(number, dx.ndim), -1)
            ctx.call(kernels.strided_copy.copy, change, change.reshape(view.shape), dx, view)

    def _through_length(self, ctx: Context, number: int, change: Array) -> Array:
        """The gradient of an input before it was divided by its length."""
        size = change.shape[2]
        x, dx, unused = ctx.saved(f"raw{number}").reshape(-1, size), ctx.scratch(f"raw_d{number}"), ctx.scratch("unused")
        ctx.call(kernels.copying.clear_all, unused)
        run = kernels.row_scaling.scale_rows_gradient
        flat = change.reshape(-1, size), x, dx.reshape(-1, size), repeated(1.0, size)
        ctx.call(run, *flat, np.float32(1), LONGEST, ctx.saved(f"kept{number}"), unused, 0, len(x))
        return dx
