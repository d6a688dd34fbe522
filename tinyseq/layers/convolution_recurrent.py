"""LSTMs whose products are convolutions. Rules: shapecheck.layers.convolution_recurrent.

Positions of an image are rows of a step: the walk is that of an LSTM (recurrent_steps.py), step by step, with a convolution of the state in
place of a product. The input's convolution is made for all steps at once. Dropout: as in recurrence.py, one mask for all gates.
"""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from typing import TYPE_CHECKING, Any

import numpy as np

from shapecheck.layers import convolution_recurrent as rules
from shapecheck.layers.base import Inference
from shapecheck.shapes import Shape
from tinyseq import kernels
from tinyseq.engine.operator import Array, Buffers, Place, Sizes
from tinyseq.layers.recurrent_steps import LSTMSteps
from tinyseq.layers.regularization import STATE

if TYPE_CHECKING:
    from tinyseq.engine.context import Context
    from tinyseq.kernels.runtime.calls import Calls

F32 = np.float32


class ConvLSTM(LSTMSteps):
    """(samples, steps, *sizes, channels) -> (samples, *positions, filters)."""

    tells = True
    least_samples = 1
    filters: int
    kernel_size: Sizes
    strides: Sizes
    padding: str
    dilation_rate: Sizes

    @property
    def units(self) -> int:  # type: ignore[override]
        """Of each position."""
        return self.filters

    @property
    def in_one_kernel(self) -> bool:
        return False

    # ------------------------------------------------------------------ weights

    def derived(self, weights: dict[str, Sizes], training: bool) -> dict[str, int]:
        size, found = kernels.step_products.packed_size, {}
        for name, weight in (("kernel", "kernel"), ("recurrent", "recurrent_kernel")):
            depth, width = prod(weights[weight][:-1]), weights[weight][-1]
            found[name] = size(depth, width)
            if self.keeps(training):
                found[f"{name}_back"] = size(width, depth)
        return found

    def prepare(self, calls: Calls, weights: dict[str, Array], derived: dict[str, Array]) -> None:
        flat = {name: array.reshape(-1, array.shape[-1]) for name, array in weights.items()}
        super().prepare(calls, flat, derived)

    # ------------------------------------------------------------------ arrays

    def tables_of_input(self, x: Sizes) -> Any:
        """Of all samples and steps."""
        samples, steps, *sizes, channels = x
        same = self.padding == "same"
        return kernels.images.windows(samples * steps, tuple(sizes), channels, self.kernel_size, self.strides, self.dilation_rate, same)

    def tables_of_state(self, samples: int, positions: Sizes) -> Any:
        """Of one step's states."""
        ones = (1,) * len(positions)
        return kernels.images.windows(samples, positions, self.filters, self.kernel_size, ones, ones, True)

    def buffers(self, inputs: tuple[Sizes, ...], output: Sizes, training: bool) -> Buffers:
        samples, steps, *sizes, channels = inputs[0]
        self._check_batch(samples)
        kept, images = self.keeps(training), kernels.images
        tables = self.tables_of_input(inputs[0])
        state_tables = self.tables_of_state(samples, tables.positions)
        rows, units = samples * prod(tables.positions), self.filters
        state: Place = ((steps + 1 if kept else 2, rows, units), F32)
        padded: Place = ((samples * steps, *tables.padded, channels), F32)
        gates: Place = ((4, rows, units), F32)
        border: Place = ((samples, *state_tables.padded, units), F32)
        row: Place = ((rows, units), F32)
        walk: dict[str, Place] = {"h": state, "c": state, "z": ((steps, rows, 4 * units), F32), "padded": padded}
        forward: dict[str, Place] = {"apart": gates, "spare": gates, "border": border}
        backward = {**forward, "more": gates, "dh": row, "dc": row, "border_gradient": border, "padded_gradient": padded}
        backward["panels"] = ((images.gradient_scratch(4 * units),), F32)
        backward["columns"] = ((images.CHUNK, max(tables.taps.size, state_tables.taps.size)), F32)
        if kept and self.dropout > 0:
            walk |= {"x": (inputs[0], F32), "factors": ((samples, prod(sizes) * channels), F32)}
        if kept and self.recurrent_dropout > 0:
            walk["state_factors"] = row
            forward["dropped"] = backward["dropped"] = row
        if kept and self.random:
            forward |= {"uniform": ((samples * prod(sizes) * channels + rows * units,), F32), "seeds": STATE}
        shared: dict[str, Place] = {"h": row, "c": row} if self.stateful else {}
        if kept:
            return Buffers(walk, forward, backward, shared=shared)
        return Buffers({}, forward | walk, shared=shared)

    def _declare(self, shapes: tuple[Shape, ...], inference: Inference) -> None:
        super()._declare(shapes, inference)
        if self.stateful:
            samples, _, *sizes, channels = shapes[0].dims or ()
            if not all(isinstance(size, int) for size in sizes):
                raise ValueError(f"{self.name}: stateful=True needs a number on every axis of the input, got {shapes[0]}")
            rows = prod(self.tables_of_input((1, 1, *sizes, channels)).positions)  # type: ignore[arg-type]
            self._memory = tuple(np.zeros((samples, rows * self.filters), F32) for _ in range(2))  # type: ignore[arg-type]

    # ------------------------------------------------------------------ forward and backward

    def forward(self, ctx: Context, *inputs: Array) -> Array:
        samples, steps = inputs[0].shape[:2]
        self._start(ctx, inputs[1:])
        x = self._dropped_input(ctx, inputs[0])
        tables, padded, z = self.tables_of_input(x.shape), self.kept(ctx, "padded"), self.kept(ctx, "z")
        ctx.call(kernels.copying.clear_all, padded)
        images = x.reshape(samples * steps, *x.shape[2:])
        ctx.call(kernels.strided_copy.copy, images, images, padded, interior(padded, tables.before, images.shape))
        panels, where = ctx.prepared("kernel"), self._where(tables, x.shape)
        ctx.call(kernels.images.convolve, padded, tables, panels, self.input_bias(ctx), z, where, False)
        ctx.call(kernels.copying.clear_all, ctx.scratch("border"))
        y = ctx.output.reshape(samples, steps if self.return_sequences else 1, -1)
        walk = self.steps_walk(ctx, c=self.kept(ctx, "c"), products=(self._convolution(ctx, tables, samples),), products_back=())
        kernels.stepwise.lstm_forward(ctx, walk, y)
        self._hand_over_states(ctx, steps)
        return ctx.output

    def _where(self, tables: Any, x: Sizes) -> Any:
        """Where the rows of the input's convolution lie in z."""
        return kernels.images.places(x[0], x[1], prod(tables.positions), 4 * self.filters, self.go_backwards)

    def _convolution(self, ctx: Context, tables: Any, samples: int) -> Callable[..., None]:
        """f(calls, h, z): z += the convolution of h."""
        around = self.tables_of_state(samples, tables.positions)
        rows = kernels.matmul.steps(around.rows.size, 4 * self.filters)

        def run(calls: Calls, h: Array, z: Array) -> None:
            self._surround(ctx, calls, h, around)
            calls.call(kernels.images.convolve, ctx.scratch("border"), around, ctx.prepared("recurrent"), None, z, rows, True)

        return run

    def _surround(self, ctx: Context, calls: Calls, h: Array, around: Any) -> None:
        """The state, as the convolution takes it, within a border of zeros."""
        taken, border = h, ctx.scratch("border")
        if ctx.training and self.recurrent_dropout > 0:
            taken = ctx.scratch("dropped")
            calls.call(kernels.elements.times, h.reshape(-1), ctx.saved("state_factors").reshape(-1), taken.reshape(-1))
        images = taken.reshape(len(border), *around.positions, self.filters)
        calls.call(kernels.strided_copy.copy, images, images, border, interior(border, around.before, images.shape))

    def backward(self, ctx: Context, *gradients: Array) -> None:
        self._begin_back(ctx, gradients)
        x = ctx.inputs[0].shape
        z, tables = self.kept(ctx, "z"), self.tables_of_input(x)
        dy = gradients[0].reshape(x[0], x[1] if self.return_sequences else 1, -1)
        back = (self._convolution_back(ctx, tables, x[0]),)
        walk = self.steps_walk(ctx, c=self.kept(ctx, "c"), products=(), products_back=back)
        kernels.stepwise.lstm_backward(ctx, walk, dy, ctx.scratch("dh"), ctx.scratch("dc"), ctx.scratch("more"))
        self._give_first_states(ctx)
        self._image_gradient(ctx, z, tables, x)
        self._kernel_gradients(ctx, z, tables, x)

    def _columns(self, ctx: Context, tables: Any) -> Array:
        """Scratch, as wide as a window."""
        columns = ctx.scratch("columns")
        return columns.reshape(-1)[: len(columns) * tables.taps.size].reshape(len(columns), -1)

    def _convolution_back(self, ctx: Context, tables: Any, samples: int) -> Callable[..., None]:
        """f(calls, dz, dh): dh += the gradient of the state."""
        around = self.tables_of_state(samples, tables.positions)
        rows = kernels.matmul.steps(around.rows.size, 4 * self.filters)

        def run(calls: Calls, dz: Array, dh: Array) -> None:
            border = ctx.scratch("border_gradient")
            calls.call(kernels.copying.clear_all, border)
            call = (kernels.images.input_gradient, dz, rows, ctx.prepared("recurrent_back"), around, border, self._columns(ctx, around))
            calls.call(*call)
            dropping = ctx.training and self.recurrent_dropout > 0
            target = (ctx.scratch("dropped") if dropping else dh).reshape(samples, *around.positions, self.filters)
            inner = interior(border, around.before, target.shape)
            if dropping:
                calls.call(kernels.strided_copy.copy, border, inner, target, target)
                factors = ctx.saved("state_factors").reshape(-1)
                calls.call(kernels.elements.plus_times, target.reshape(-1), factors, dh.reshape(-1))
            else:
                calls.call(kernels.strided_copy.add, border, inner, target, target)

        return run

    def _image_gradient(self, ctx: Context, z: Array, tables: Any, x: Sizes) -> None:
        dx = ctx.input_gradient(0)
        if dx is None:
            return
        padded = ctx.scratch("padded_gradient")
        ctx.call(kernels.copying.clear_all, padded)
        call = (kernels.images.input_gradient, z, self._where(tables, x), ctx.prepared("kernel_back"), tables, padded)
        ctx.call(*call, self._columns(ctx, tables))
        images = dx.reshape(x[0] * x[1], *x[2:])
        ctx.call(kernels.strided_copy.copy, padded, interior(padded, tables.before, images.shape), images, images)
        if ctx.training and self.dropout > 0:
            rows = dx.reshape(x[0], x[1], -1)
            ctx.call(kernels.elements.drop_inputs, rows, ctx.saved("factors"), rows)

    def _kernel_gradients(self, ctx: Context, z: Array, tables: Any, x: Sizes) -> None:
        dw, du, db = ctx.gradient("kernel"), ctx.gradient("recurrent_kernel"), ctx.gradient("bias") if self.use_bias else None
        gradient, width, panels = kernels.images.kernel_gradient, 4 * self.filters, ctx.scratch("panels")
        if dw is not None:
            ctx.call(gradient, self.kept(ctx, "padded"), tables, z, self._where(tables, x), dw.reshape(-1, width), panels)
        if du is not None:
            around = self.tables_of_state(x[0], tables.positions)
            rows, border = kernels.matmul.steps(around.rows.size, width), ctx.scratch("border")
            ctx.call(kernels.copying.clear_all, border)
            for s in range(len(z)):
                self._surround(ctx, ctx, self.kept(ctx, "h")[s], around)
                ctx.call(gradient, border, around, z[s], rows, du.reshape(-1, width), panels)
        if db is not None:
            self.bias_gradient(ctx, z, db)

    def _dropped_input(self, ctx: Context, x: Array) -> Array:
        return super()._dropped_input(ctx, x.reshape(*x.shape[:2], -1)).reshape(x.shape)


def interior(padded: Array, before: Sizes, images: Sizes) -> Array:
    """The view of padded images (count, *sizes, channels) that holds the images themselves."""
    return padded[(slice(None), *(slice(b, b + n) for b, n in zip(before, images[1:-1], strict=True)))]


class ConvLSTM1D(rules.ConvLSTM1D, ConvLSTM):
    pass


class ConvLSTM2D(rules.ConvLSTM2D, ConvLSTM):
    pass


class ConvLSTM3D(rules.ConvLSTM3D, ConvLSTM):
    pass
