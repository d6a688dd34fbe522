"""The steps of SimpleRNN, LSTM and GRU: their weights as panels, and the kernels that walk."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from shapecheck.layers.base import WeightSpec
from tinyseq import kernels
from tinyseq.layers import fused
from tinyseq.layers.recurrence import NOTHING, Recurrence
from tinyseq.weights.initializers import ForgetOpen

if TYPE_CHECKING:
    from tinyseq.engine.context import Context
    from tinyseq.engine.operator import Array, Place
    from tinyseq.kernels.runtime.calls import Calls

F32 = np.float32


class SimpleSteps(Recurrence):
    """h' = activation(x . kernel + bias + h . recurrent_kernel)."""

    tells = True

    def walk(self, ctx: Context, x: Array, z: Array, y: Array, mask: Array, start: int, stop: int) -> None:
        walk = self.steps_walk(ctx, products=(self.product(ctx, "recurrent", 0, self.units, True),), products_back=())
        kernels.stepwise.simple_forward(ctx, walk, y)

    def walk_back(self, ctx: Context, z: Array, dy: Array, mask: Array) -> None:
        back = (self.product_back(ctx, "recurrent_back", 0, self.units),)
        kernels.stepwise.simple_backward(ctx, self.steps_walk(ctx, products=(), products_back=back), dy, ctx.scratch("dh"))


class LSTMSteps(Recurrence):
    """Gates i, f, g, o: kernels/recurrent/lstm.py has the formula."""

    tells = True
    unit_forget_bias: bool

    @property
    def in_one_kernel(self) -> bool:
        return in_default_form(self)

    def walks_input(self, features: int) -> bool:
        return self.in_one_kernel and features * 4 * self.units <= kernels.lstm.NEAR

    def start_of(self, spec: WeightSpec) -> WeightSpec:
        if spec.name == "bias" and self.unit_forget_bias:
            return WeightSpec(spec.name, spec.shape, ForgetOpen(spec.initializer), spec.trainable)
        return spec

    def walk(self, ctx: Context, x: Array, z: Array, y: Array, mask: Array, start: int, stop: int) -> None:
        h, c = self.state_arrays(ctx)
        if self.in_one_kernel:
            lstm, bias, (samples, steps, features) = kernels.lstm, self.input_bias(ctx), x.shape
            kernel = ctx.prepared("kernel") if self.walks_input(features) else NOTHING.reshape(-1)
            weights = lstm.Weights(kernel, ctx.prepared("recurrent"), NOTHING.reshape(-1) if bias is None else bias)
            ctx.call(
                lstm.forward, lstm.Forward(x, z, h, c, y, mask), weights, lstm.tables(samples, steps, features, self.units),
                self.go_backwards, self.mask_backwards, self.zero_output_for_mask, start, stop,
            )  # fmt: skip
            return
        product = self.product(ctx, "recurrent", 0, 4 * self.units, True)
        kernels.stepwise.lstm_forward(ctx, self.steps_walk(ctx, c=c, products=(product,), products_back=()), y)

    def walk_back(self, ctx: Context, z: Array, dy: Array, mask: Array) -> None:
        c, dh, dc = self.kept(ctx, "c"), ctx.scratch("dh"), ctx.scratch("dc")
        if not self.in_one_kernel:
            back = (self.product_back(ctx, "recurrent_back", 0, 4 * self.units),)
            walk = self.steps_walk(ctx, c=c, products=(), products_back=back)
            kernels.stepwise.lstm_backward(ctx, walk, dy, dh, dc, ctx.scratch("more"))
            return
        lstm, (samples, steps, features) = kernels.lstm, ctx.inputs[0].shape
        arrays, tables = lstm.Backward(z, c, dy, mask, dh, dc), lstm.tables(samples, steps, features, self.units)

        def run(start: int, stop: int, part: int) -> None:
            ctx.call(
                lstm.backward, arrays, ctx.prepared("recurrent_back"), tables, self.mask_backwards, self.zero_output_for_mask, start, stop
            )  # fmt: skip

        ctx.split(run, samples, 2 * z.size * self.units)


class GRUSteps(Recurrence):
    """Gates z, r, g: kernels/recurrent/gru.py has the formula; with reset_after=False the reset gate is before the product."""

    tells = True
    reset_after: bool

    @property
    def in_one_kernel(self) -> bool:
        return self.reset_after and in_default_form(self)

    def derived_recurrent(self, training: bool) -> dict[str, int]:
        if self.reset_after:
            return super().derived_recurrent(training)
        units, size = self.units, kernels.step_products.packed_size
        found = {"recurrent": size(units, 2 * units), "recurrent_new": size(units, units)}
        return found | ({"recurrent_back": size(2 * units, units), "recurrent_new_back": size(units, units)} if training else {})

    def prepare(self, calls: Calls, weights: dict[str, Array], derived: dict[str, Array]) -> None:
        if self.reset_after:
            super().prepare(calls, weights, derived)
            return
        products, units, w = kernels.step_products, self.units, weights["recurrent_kernel"]
        super().prepare(calls, weights, {name: panels for name, panels in derived.items() if name.startswith("kernel")})
        for name, first, width in (("recurrent", 0, 2 * units), ("recurrent_new", 2 * units, units)):
            if name in derived:
                calls.call(products.pack_columns, w, first, width, derived[name])
            if f"{name}_back" in derived:
                calls.call(products.pack_columns_back, w, first, width, derived[f"{name}_back"])

    def input_bias(self, ctx: Context) -> Array | None:
        if not self.use_bias:
            return None
        bias = ctx.weight("bias")
        return bias[0] if self.reset_after else bias

    def state_bias(self, ctx: Context) -> Array:
        return ctx.weight("bias")[1] if self.use_bias and self.reset_after else NOTHING.reshape(-1)

    def inner(self, samples: int, steps: int, kept: bool) -> dict[str, Place]:
        return {"inner": ((steps if kept else 1, samples, self.units), F32)}

    def scratch_sizes(self, samples: int, steps: int, kept: bool) -> tuple[dict[str, Place], dict[str, Place]]:
        forward, backward = super().scratch_sizes(samples, steps, kept)
        product: dict[str, Place] = {"product": ((samples, 3 * self.units), F32)}
        return forward | product, backward | product

    def walk(self, ctx: Context, x: Array, z: Array, y: Array, mask: Array, start: int, stop: int) -> None:
        h, inner, units = self.kept(ctx, "h"), self.kept(ctx, "inner"), self.units
        steps, samples = kernels.matmul.steps, h.shape[1]
        if self.in_one_kernel:
            ctx.call(
                kernels.gru.forward, z, inner, h, y, mask, ctx.prepared("recurrent"), self.state_bias(ctx), ctx.scratch("product"),
                steps(samples, units), steps(units), steps(samples, 3 * units), self.mask_backwards, self.zero_output_for_mask, start, stop,
            )  # fmt: skip
            return
        if self.reset_after:
            products = [self.product(ctx, "recurrent", 0, 3 * units, False)]
        else:
            products = [self.product(ctx, "recurrent", 0, 2 * units, True), self.product(ctx, "recurrent_new", 2 * units, units, True)]
        walk = self.steps_walk(ctx, inner=inner, product=ctx.scratch("product"), products=products, products_back=())
        kernels.stepwise.gru_forward(ctx, walk, y, self.reset_after)

    def walk_back(self, ctx: Context, z: Array, dy: Array, mask: Array) -> None:
        h, inner, units, dh = self.kept(ctx, "h"), self.kept(ctx, "inner"), self.units, ctx.scratch("dh")
        steps, samples = kernels.matmul.steps, h.shape[1]
        if not self.in_one_kernel:
            gates = self.product_back(ctx, "recurrent_back", 0, 2 * units)
            new = "recurrent_back" if self.reset_after else "recurrent_new_back"
            first, depth = (0, 2 * units) if self.reset_after else (2 * units, 0)
            back = gates, self.product_back(ctx, new, first, units, depth)
            walk = self.steps_walk(ctx, inner=inner, product=ctx.scratch("product"), products=(), products_back=back)
            kernels.stepwise.gru_backward(ctx, walk, dy, dh, ctx.scratch("more"), self.reset_after)
            return

        def run(start: int, stop: int, part: int) -> None:
            ctx.call(
                kernels.gru.backward, z, inner, h, dy, mask, dh, ctx.scratch("dc"), ctx.prepared("recurrent_back"),
                steps(samples, 3 * units), steps(2 * units), steps(samples, units), self.mask_backwards, self.zero_output_for_mask, start,
                stop,
            )  # fmt: skip

        ctx.split(run, samples, 2 * z.size * units)

    def recurrent_gradient(self, ctx: Context, z: Array, du: Array) -> None:
        h, inner, units = self._states_that_went_in(ctx), self.kept(ctx, "inner"), self.units
        self._recurrent_part(ctx, h, z, du, 0, 2 * units)
        if self.reset_after:
            self._recurrent_part(ctx, h, inner, du, 2 * units, units)
            return
        if ctx.training and self.recurrent_dropout > 0:
            ctx.call(kernels.elements.times_each, inner.reshape(len(inner), -1), ctx.saved("state_factors").reshape(-1))
        self._recurrent_part(ctx, inner, z, du, 2 * units, units, 2 * units)

    def bias_gradient(self, ctx: Context, z: Array, db: Array) -> None:
        if not self.reset_after:
            super().bias_gradient(ctx, z, db)
            return
        ctx.call(kernels.step_products.add_columns, z, 0, db[0])
        ctx.call(kernels.step_products.add_columns, z, 0, db[1, : 2 * self.units])
        ctx.call(kernels.step_products.add_columns, self.kept(ctx, "inner"), 0, db[1, 2 * self.units :])


def in_default_form(layer: Recurrence) -> bool:
    """Whether an LSTM or GRU has the activations for which there is one kernel."""
    names = fused.activation_name(layer.activation), layer.recurrent_activation_name()
    return names == ("tanh", "sigmoid") and layer.recurrent_dropout == 0
