"""Recurrence: what SimpleRNN, LSTM and GRU share. The product of the input for all steps at once, a walk from step to step, and the
gradients of the weights by one product over all steps.

With the activations of Keras's defaults LSTM and GRU walk in one kernel (kernels/recurrent/lstm.py, gru.py), all others by a few kernel
calls for each step (stepwise.py). `unroll` changes nothing: there is no graph to unroll. dropout and recurrent_dropout draw one mask each
for all gates and steps (tied weights, Gal & Ghahramani 2016). Keras does so too for dropout alone; with recurrent_dropout above 0, and in
ConvLSTM always, it draws both masks anew for each gate.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from shapecheck.layers.base import Inference
from shapecheck.shapes import Shape
from tinyseq import kernels
from tinyseq.engine.operator import Array, Buffers, Place, Sizes
from tinyseq.layers import fused
from tinyseq.layers.base import Layer
from tinyseq.layers.regularization import STATE
from tinyseq.layers.states import WithStates

if TYPE_CHECKING:
    from shapecheck.layers.base import WeightSpec
    from tinyseq.engine.context import Context
    from tinyseq.kernels.runtime.calls import Calls
    from tinyseq.weights.weight import Weight

NOTHING: Array = np.empty((0, 0), np.float32)
"""In place of states and biases that do not exist."""
F32 = np.float32


class Recurrence(WithStates, Layer):
    """(samples, steps, features) -> (samples, units), or (samples, steps, units) with return_sequences."""

    tells = True
    needs_output = False
    gates: ClassVar[int]
    states: ClassVar[int]
    units: int
    activation: Any
    use_bias: bool
    dropout: float
    recurrent_dropout: float
    go_backwards: bool
    return_sequences: bool
    return_state: bool
    stateful: bool
    zero_output_for_mask: bool = False
    least_samples = 16
    takes_mask = True

    def check_compute(self) -> None:
        fused.refuse_not_yet(self)
        for name in ("dropout", "recurrent_dropout"):
            if getattr(self, name) == 1:
                raise NotImplementedError(f"{self.name}: {name}=1 leaves nothing over: use a rate below 1")

    @property
    def shardable(self) -> bool:  # type: ignore[override]
        """With stateful the states of all samples are kept in one place."""
        return not self.stateful

    @property
    def fixes_batch(self) -> bool:  # type: ignore[override]
        """With stateful."""
        return self.stateful

    @property
    def random(self) -> bool:  # type: ignore[override]
        """Whether it draws in training."""
        return self.dropout > 0 or self.recurrent_dropout > 0

    @property
    def mask_backwards(self) -> bool:
        """Whether the first step is the last of the mask: not where the layer before has turned the steps round already."""
        return bool(self.__dict__.get("_mask_backwards", self.go_backwards))

    @property
    def in_one_kernel(self) -> bool:
        """Whether one kernel makes all steps."""
        return False

    def walks_input(self, features: int) -> bool:
        """Whether that kernel also makes the product of the input, step by step: each step's z then stays in a near cache."""
        return False

    def recurrent_activation_name(self) -> str:
        """Of the gates."""
        return fused.activation_name(getattr(self, "recurrent_activation", "linear"))

    def masking(self, masked: tuple[bool, ...], outputs: int) -> tuple[Any, ...]:
        return (0 if self.return_sequences else None, *(None,) * (outputs - 1))

    # ------------------------------------------------------------------ weights

    def derived(self, weights: dict[str, Sizes], training: bool) -> dict[str, int]:
        """kernel and recurrent_kernel as panels, and transposed ones for gradients."""
        features, width = weights["kernel"]
        training = self.keeps(training)
        size = kernels.step_products.packed_size
        found = {"kernel": size(features, width), **self.derived_recurrent(training)}
        return found | ({"kernel_back": size(width, features)} if training else {})

    def derived_recurrent(self, training: bool) -> dict[str, int]:
        """Of recurrent_kernel."""
        units, width = self.units, self.gates * self.units
        size = kernels.step_products.packed_size
        return {"recurrent": size(units, width)} | ({"recurrent_back": size(width, units)} if training else {})

    def prepare(self, calls: Calls, weights: dict[str, Array], derived: dict[str, Array]) -> None:
        products = kernels.step_products
        for name, panels in derived.items():
            w = weights["kernel" if name.startswith("kernel") else "recurrent_kernel"]
            if name.endswith("_back"):
                calls.call(products.pack_rows, w, panels)
            else:
                calls.call(products.pack_columns, w, 0, w.shape[1], panels)

    # ------------------------------------------------------------------ arrays

    def buffers(self, inputs: tuple[Sizes, ...], output: Sizes, training: bool) -> Buffers:
        samples, steps, features = inputs[0]
        self._check_batch(samples)
        kept = self.keeps(training)
        units, width = self.units, self.gates * self.units
        state: Place = ((steps + 1 if kept else 2, samples, units), F32)
        at_once = 1 if self.walks_input(features) and not kept else steps
        walk: dict[str, Place] = {"h": state, "z": ((at_once, samples, width), F32)}
        if self.states == 2:
            walk["c"] = state
        forward, backward = self.scratch_sizes(samples, steps, kept)
        if kept and self.dropout > 0:
            walk |= {"x": (inputs[0], F32), "factors": ((samples, features), F32)}
        if kept and self.recurrent_dropout > 0:
            walk["state_factors"] = ((samples, units), F32)
            forward["dropped"] = backward["dropped"] = ((samples, units), F32)
        if kept and self.random:
            forward |= {"uniform": ((samples * (features + units),), F32), "seeds": STATE}
        backward |= {"dh": ((samples, units), F32), "dc": ((samples, units), F32)}
        backward["panels"] = ((kernels.step_products.gradient_scratch(steps * samples, width),), F32)
        shared: dict[str, Place] = {}
        for name in ("h", "c")[: self.states] if self.stateful else ():
            shared[name] = (samples, units), F32
        if kept:
            return Buffers(walk | self.inner(samples, steps, True), forward, backward, shared=shared)
        return Buffers({}, forward | walk | self.inner(samples, steps, False), shared=shared)

    def inner(self, samples: int, steps: int, kept: bool) -> dict[str, Place]:
        """Other arrays with the lifetime of z."""
        return {}

    def scratch_sizes(self, samples: int, steps: int, kept: bool) -> tuple[dict[str, Place], dict[str, Place]]:
        """Scratch of the way forward, and of the way back."""
        if self.in_one_kernel:
            return {}, {}
        apart: Place = ((self.gates, samples, self.units), F32)
        return {"apart": apart, "spare": apart}, {"apart": apart, "spare": apart, "more": apart}

    def kept(self, ctx: Context, name: str) -> Array:
        """An array of the walk, where this call has it."""
        return ctx.saved(name) if self.keeps(ctx.training) else ctx.scratch(name)

    def keeps(self, training: bool) -> bool:
        """Whether backward may follow: for a layer with a different training behaviour `training` does not say this."""
        return training or self.random or self.stateful

    def _check_batch(self, samples: int) -> None:
        if self.stateful and self._memory and len(self._memory[0]) != samples:
            raise ValueError(
                f"{self.name}: stateful=True with {len(self._memory[0])} samples in a batch, got {samples}: pass batches of "
                f"{len(self._memory[0])}, or leave stateful out"
            )

    # ------------------------------------------------------------------ forward

    def forward(self, ctx: Context, *inputs: Array) -> Array:
        h = self.kept(ctx, "h")
        self._start(ctx, inputs[1:])
        x = self._dropped_input(ctx, inputs[0])
        z, y, mask = self.kept(ctx, "z"), self._steps_of(ctx.output, h.shape[2]), self.mask_of(ctx)
        product = (kernels.step_products.input_product, x, ctx.prepared("kernel"), self.input_bias(ctx), z, self.go_backwards)

        def run(start: int, stop: int, part: int) -> None:
            if not self.walks_input(x.shape[2]):
                ctx.call(*product, start, stop)
            if self.in_one_kernel:
                self.walk(ctx, x, z, y, mask, start, stop)

        ctx.split(run, len(x), 2 * x.shape[1] * z[0].size * (x.shape[2] + self.units))
        if not self.in_one_kernel:
            self.walk(ctx, x, z, y, mask, 0, len(x))
        self._hand_over_states(ctx, x.shape[1])
        return ctx.output

    def walk(self, ctx: Context, x: Array, z: Array, y: Array, mask: Array, start: int, stop: int) -> None:
        """All steps of samples start..stop-1."""
        raise NotImplementedError

    def input_bias(self, ctx: Context) -> Array | None:
        """The bias of the product of the input."""
        return ctx.weight("bias") if self.use_bias else None

    def mask_of(self, ctx: Context) -> Array:
        """The mask, or one of size 0."""
        mask: Array = kernels.walking.NO_MASK if ctx.mask is None else ctx.mask
        return mask

    def _steps_of(self, output: Array, units: int) -> Array:
        """(samples, steps or 1, units)."""
        return output.reshape(len(output), -1, units)

    def state_arrays(self, ctx: Context) -> list[Array]:
        """h, and c of an LSTM: (places, samples, units)."""
        return [self.kept(ctx, name) for name in ("h", "c")[: self.states]]

    def _start(self, ctx: Context, given: tuple[Array, ...]) -> None:
        first = given or tuple(self._memory) if self.stateful else given
        for number, state in enumerate(self.state_arrays(ctx)):
            ctx.call(kernels.walking.start_state, (first[number] if first else NOTHING).reshape(-1), state[0].reshape(-1))

    def _hand_over_states(self, ctx: Context, steps: int) -> None:
        for number, state in enumerate(self.state_arrays(ctx)):
            last = state[steps % len(state)]
            if self.return_state:
                ctx.call(kernels.copying.copy_all, last, ctx.outputs[1 + number])
            if self.stateful:
                ctx.call(kernels.copying.copy_all, last, ctx.shared(("h", "c")[number]))

    def _dropped_input(self, ctx: Context, x: Array) -> Array:
        """x, or x with some features dropped, the same at all steps; also draws the mask of the states."""
        if not (ctx.training and self.random):
            return x
        uniform, size = ctx.scratch("uniform"), len(x) * x.shape[2]
        ctx.call(kernels.philox.uniform, kernels.philox.seed_words(ctx.seed), ctx.drawn, ctx.scratch("seeds"), uniform)
        draw, dropped = kernels.elements.draw_factors, x
        if self.dropout > 0:
            factors, dropped = ctx.saved("factors"), ctx.saved("x").reshape(x.shape)
            ctx.call(draw, uniform[:size], F32(self.dropout), factors.reshape(-1))
            ctx.call(kernels.elements.drop_inputs, x, factors, dropped)
        if self.recurrent_dropout > 0:
            ctx.call(draw, uniform[size:], F32(self.recurrent_dropout), ctx.saved("state_factors").reshape(-1))
        return dropped

    # ------------------------------------------------------------------ backward

    def backward(self, ctx: Context, *gradients: Array) -> None:
        self._begin_back(ctx, gradients)
        z, dy, mask = self.kept(ctx, "z"), self._steps_of(gradients[0], self.units), self.mask_of(ctx)
        self.walk_back(ctx, z, dy, mask)
        self._give_first_states(ctx)
        dropping = ctx.training and self.dropout > 0
        self._input_gradient(ctx, z, dropping)
        x = ctx.saved("x") if dropping else ctx.inputs[0]
        self._weight_gradients(ctx, x, z)

    def _begin_back(self, ctx: Context, gradients: tuple[Array, ...]) -> None:
        """dh, dc: of the last states."""
        for number, name in enumerate(("dh", "dc")[: self.states]):
            if self.return_state:
                ctx.call(kernels.copying.copy_all, gradients[1 + number], ctx.scratch(name))
            else:
                ctx.call(kernels.copying.clear_all, ctx.scratch(name))

    def _give_first_states(self, ctx: Context) -> None:
        """The gradients of states that were given."""
        for number, name in enumerate(("dh", "dc")[: len(ctx.inputs) - 1]):
            target = ctx.input_gradient(1 + number)
            if target is not None:
                ctx.call(kernels.copying.copy_all, ctx.scratch(name), target)

    def walk_back(self, ctx: Context, z: Array, dy: Array, mask: Array) -> None:
        """z becomes dz; dh, dc: of the last states before, of the first ones after."""
        raise NotImplementedError

    def _input_gradient(self, ctx: Context, z: Array, dropping: bool) -> None:
        dx = ctx.input_gradient(0)
        if dx is None:
            return
        target = dx

        def run(start: int, stop: int, part: int) -> None:
            ctx.call(kernels.step_products.input_gradient, z, ctx.prepared("kernel_back"), target, self.go_backwards, start, stop)

        ctx.split(run, len(dx), 2 * z.size * dx.shape[2])
        if dropping:
            ctx.call(kernels.elements.drop_inputs, dx, ctx.saved("factors"), dx)

    def _weight_gradients(self, ctx: Context, x: Array, z: Array) -> None:
        dw, du, db = ctx.gradient("kernel"), ctx.gradient("recurrent_kernel"), ctx.gradient("bias") if self.use_bias else None
        if dw is not None:
            change = dw

            def run(start: int, stop: int, part: int) -> None:
                call = (kernels.step_products.kernel_gradient, x, z, change, ctx.scratch("panels", part), self.go_backwards)
                ctx.call(*call, start, stop)

            ctx.split(run, len(dw), 2 * z.size * len(dw))
        if du is not None:
            self.recurrent_gradient(ctx, z, du)
        if db is not None:
            self.bias_gradient(ctx, z, db)

    def recurrent_gradient(self, ctx: Context, z: Array, du: Array) -> None:
        """du, of all gates."""
        self._recurrent_part(ctx, self._states_that_went_in(ctx), z, du, 0, du.shape[1])

    def _states_that_went_in(self, ctx: Context) -> Array:
        """h before each step, as the product took it."""
        h = self.kept(ctx, "h")
        if ctx.training and self.recurrent_dropout > 0:
            ctx.call(kernels.elements.times_each, h.reshape(len(h), -1), ctx.saved("state_factors").reshape(-1))
        return h

    def _recurrent_part(self, ctx: Context, h: Array, dz: Array, du: Array, first: int, width: int, begin: int = 0) -> None:
        """Computes columns first..first+width-1 of du from the `width` columns of dz that start at `begin`."""

        def run(start: int, stop: int, part: int) -> None:
            ctx.call(kernels.step_products.recurrent_gradient, h, dz, begin, du, first, width, ctx.scratch("panels", part), start, stop)

        ctx.split(run, len(du), 2 * dz.shape[0] * dz.shape[1] * width * len(du))

    def bias_gradient(self, ctx: Context, z: Array, db: Array) -> None:
        """db."""
        ctx.call(kernels.step_products.add_columns, z, 0, db)

    # ------------------------------------------------------------------ products of the state

    def product(self, ctx: Context, panels: str, first: int, width: int, add: bool) -> Callable[..., None]:
        """f(calls, h, z): columns first..first+width-1 of z (+)= h . panels."""

        def run(calls: Calls, h: Array, z: Array) -> None:
            taken = h
            if ctx.training and self.recurrent_dropout > 0:
                taken = ctx.scratch("dropped")
                calls.call(kernels.elements.times, h.reshape(-1), ctx.saved("state_factors").reshape(-1), taken.reshape(-1))
            bias = NOTHING.reshape(-1) if add else self.state_bias(ctx)
            calls.call(kernels.step_products.state_product, taken, ctx.prepared(panels), bias, z, first, width, add)

        return run

    def state_bias(self, ctx: Context) -> Array:
        """The bias of the product of the state, for a GRU."""
        return NOTHING.reshape(-1)

    def product_back(self, ctx: Context, panels: str, first: int, width: int, depth: int = 0) -> Callable[..., None]:
        """f(calls, dz, dh): dh += dz[:, first : first + width] . panels, from their row `depth` on."""

        def run(calls: Calls, dz: Array, dh: Array) -> None:
            packed = ctx.prepared(panels)
            if ctx.training and self.recurrent_dropout > 0:
                dropped = ctx.scratch("dropped")
                calls.call(kernels.copying.clear_all, dropped)
                calls.call(kernels.step_products.state_gradient, dz, packed, dropped, first, width, depth)
                calls.call(kernels.elements.plus_times, dropped.reshape(-1), ctx.saved("state_factors").reshape(-1), dh.reshape(-1))
            else:
                calls.call(kernels.step_products.state_gradient, dz, packed, dh, first, width, depth)

        return run

    def entry(self, name: str) -> Any:
        """The activation's kernels; None: linear."""
        return None if name == "linear" else kernels.activation.TABLE[name]

    def steps_walk(self, ctx: Context, **more: Any) -> Any:
        """The arrays for stepwise.py."""
        given = {
            "z": self.kept(ctx, "z"), "h": self.kept(ctx, "h"), "c": NOTHING, "inner": NOTHING, "apart": ctx.scratch("apart"),
            "spare": ctx.scratch("spare"), "product": NOTHING, "mask": self.mask_of(ctx), "backwards": self.mask_backwards,
            "zero": self.zero_output_for_mask, "activation": self.entry(fused.activation_name(self.activation)),
            "recurrent_activation": self.entry(self.recurrent_activation_name()),
        }  # fmt: skip
        return kernels.stepwise.Walk(**given | more)

    # ------------------------------------------------------------------ states from batch to batch

    _memory: tuple[Array, ...] = ()
    """With stateful: the states after the last batch."""

    def _declare(self, shapes: tuple[Shape, ...], inference: Inference) -> None:
        super()._declare(shapes, inference)
        if self.stateful:
            samples = shapes[0].dims[0] if shapes[0].dims else None
            if not isinstance(samples, int):
                raise ValueError(f"{self.name}: stateful=True needs a batch size: write Input(..., batch_size=32), or leave it out")
            self._memory = tuple(np.zeros((samples, self.units), F32) for _ in range(self.states))

    def reset_state(self) -> None:
        """With stateful: the next batch begins with states of 0."""
        for state in self._memory:
            state.fill(0)

    reset_states = reset_state

    def synchronized(self, training: bool) -> bool:
        return self.stateful

    def partial(self, ctx: Context, *inputs: Array) -> None:
        """The states of all samples are in one place, so there is nothing to add up."""

    def combine(self, ctx: Context) -> None:
        """Like `partial`."""

    def apply(self, ctx: Context, *inputs: Array) -> Array:
        return self.forward(ctx, *inputs)

    def update(self, ctx: Context) -> None:
        """The states of this batch are what the next one begins with."""
        for name, state in zip(("h", "c"), self._memory, strict=False):
            ctx.call(kernels.copying.copy_all, ctx.shared(name), state)

    def backward_partial(self, ctx: Context, *gradients: Array) -> None:
        """Like `partial`."""

    def backward_combine(self, ctx: Context) -> None:
        """Like `partial`."""

    def backward_apply(self, ctx: Context, *gradients: Array) -> None:
        self.backward(ctx, *gradients)

    def _add(self, spec: WeightSpec) -> Weight:
        return super()._add(self.start_of(spec))

    def start_of(self, spec: WeightSpec) -> WeightSpec:
        """The weight as this layer starts it."""
        return spec
