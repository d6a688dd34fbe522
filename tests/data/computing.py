"""One tinyseq layer run by hand through its contract with the engine: what the generic layer tests call.

The batch is cut into two shards where the layer allows it, scratch and outputs hold garbage before every call, and
backward sees inputs and output only if the layer says that it needs them: what the planner may do, happens here.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shapecheck.shapes import Shape
from tests.cases import Case
from tests.data import arrays
from tinyseq.engine.context import Context
from tinyseq.engine.engine import Engine
from tinyseq.engine.plan import Mode
from tinyseq.kernels.runtime.calls import AtOnce
from tinyseq.layers.calling import declare, lone_graph
from tinyseq.weights.memory import floats

Array = NDArray[Any]
Answers = dict[str, Array]


def layer_class(name: str) -> Any:
    """The computing class of that name, or None while it has a rule only."""
    from tinyseq import layers
    from tinyseq.layers.base import Layer

    found = getattr(layers, name, None)
    methods = ("forward", "partial", "inside")
    computes = found is not None and any(getattr(found, name) is not getattr(Layer, name) for name in methods)
    return found if computes else None


def made(value: Any) -> Any:
    """("Dense", {"units": 3}) -> layers.Dense(units=3), also within a list; anything else as it is."""
    if isinstance(value, list):
        return [made(item) for item in value]
    if isinstance(value, tuple) and len(value) == 2 and isinstance(value[1], dict):
        return layer_class(value[0])(**{name: made(item) for name, item in value[1].items()})
    return value


def layer_of(case: Case) -> Any:
    """The layer of a line, adapted where the line says so."""
    layer = made((case.layer, case.arguments))
    layer.check_compute()
    if case.layer == "Normalization":
        layer.build((None, *case.inputs[0]))
        if case.adapt:
            layer.adapt(arrays.adaptation(case))
    return layer


def weights_of(case: Case, layer: Any) -> dict[str, Array]:
    """The weights by name, with the numbers that Keras had."""
    if case.layer == "Normalization":
        return {weight.name: weight.numpy() for weight in layer.weights}
    specs = layer.infer(tuple(Shape((None, *shape)) for shape in case.inputs)).weights
    values = arrays.weights(case, [spec.name for spec in specs], [spec.shape for spec in specs])
    return {spec.name: value for spec, value in zip(specs, values, strict=True)}


class Run:
    """Forward, and then backward, of one layer on one line's numbers. `answers` is what Keras is asked for too."""

    def __init__(self, case: Case, training: bool, layer: Any = None) -> None:
        self.case = case
        self.layer = layer or layer_of(case)
        self.inputs = [np.ascontiguousarray(array, self.layer.input_dtype) for array in arrays.inputs(case)]
        self.weights = weights_of(case, self.layer)
        self.training = training and not (self.layer.infers_when_frozen and not self.layer.trainable)  # as Plan has it
        self.prepared = floats(self.layer.derived({name: value.shape for name, value in self.weights.items()}, self.training))
        self.layer.prepare(AtOnce(), self.weights, self.prepared)
        batch = self.inputs[0].shape[0]
        cuts = [0, 2, batch] if self.layer.shardable else [0, batch]
        self.shards = [slice(start, stop) for start, stop in pairwise(cuts)]
        self.contexts: list[Context] = []
        for shard in self.shards:
            self.contexts.append(self._context(shard, batch))

    def _context(self, shard: slice, batch: int) -> Context:
        ctx = Context(self.training)
        ctx.inputs = tuple(np.ascontiguousarray(self.turned(array[shard])) for array in self.inputs)
        shape = self.layer.infer(tuple(Shape(array[shard].shape) for array in self.inputs)).output.dims
        ctx.output = garbage(self.turned(np.empty(shape)).shape, self.layer.output_dtype)
        ctx.outputs = (ctx.output,)
        ctx.batch, ctx.shard = batch, self.shards.index(shard)
        ctx._weights, ctx._prepared = self.weights, self.prepared
        ctx.seed = (1,)
        buffers = self.layer.buffers(tuple(array.shape for array in ctx.inputs), ctx.output.shape, self.training)
        ctx._saved = {name: garbage(*place) for name, place in buffers.saved.items()}
        if not self.contexts:
            self.partials = {name: garbage((len(self.shards), *sizes), kind) for name, (sizes, kind) in buffers.partial.items()}
            self.shared = {name: garbage(*place) for name, place in buffers.shared.items()}
        ctx._partial = {name: array[ctx.shard] for name, array in self.partials.items()}
        ctx._partials, ctx._shared = self.partials, self.shared
        ctx.drawn = np.array([0, ctx.shard])
        return ctx

    def turned(self, array: Array, back: bool = False) -> Array:
        """With channels last, or `back` first again, where the plan hands the layer such arrays."""
        if not self.layer.turned() or array.ndim < 3:
            return array
        return np.moveaxis(array, -1, 1) if back else np.moveaxis(array, 1, -1)

    def _scratch(self, direction: str) -> None:
        for ctx in self.contexts:
            shapes = tuple(array.shape for array in self._inputs(ctx))
            buffers = self.layer.buffers(shapes, ctx.output.shape, self.training)
            ctx._scratch = {name: garbage(*place) for name, place in getattr(buffers, direction).items()}

    def _inputs(self, ctx: Context) -> list[Array]:
        return [self.turned(array[self.shards[ctx.shard]]) for array in self.inputs]

    def forward(self) -> Array:
        """The output of the whole batch."""
        self._scratch("forward")
        if self.layer.view(self.training):
            for ctx in self.contexts:
                ctx.output = ctx.inputs[0].reshape(ctx.output.shape)
        elif self.layer.synchronized(self.training):
            for ctx in self.contexts:
                self.layer.partial(ctx, *ctx.inputs)
            self.layer.combine(self.contexts[0])
            for ctx in self.contexts:
                ctx.output = self.layer.apply(ctx, *ctx.inputs)
            self.layer.update(self.contexts[0])
        else:
            for ctx in self.contexts:
                ctx.output = self.layer.forward(ctx, *ctx.inputs)
        return np.concatenate([self.turned(ctx.output, back=True) for ctx in self.contexts])

    def backward(self, gradient: Array) -> Answers:
        """Gradients of inputs and weights, for this gradient of the output."""
        trainable = [spec.name for spec in self._specs() if spec.trainable]
        sums = {name: np.zeros_like(self.weights[name]) for name in trainable}
        floating = self.layer.input_dtype == "float32" and not self.case.layer.endswith("Embedding")
        for ctx in self.contexts:
            ctx._gradients = sums
            ctx._input_gradients = tuple(garbage(x.shape, x.dtype) if floating else None for x in ctx.inputs)
            ctx.inputs = ctx.inputs if self.layer.needs_input else tuple(garbage(x.shape, x.dtype) for x in ctx.inputs)
            ctx.output = ctx.output if self.layer.needs_output else garbage(ctx.output.shape, ctx.output.dtype)
        self._scratch("backward")
        pieces = [np.ascontiguousarray(self.turned(gradient[shard])) for shard in self.shards]
        for ctx, piece in zip(self.contexts, pieces, strict=True):
            ctx.output_gradients, ctx.going_back = (piece,), True
        results = self._backward(pieces)
        answers: Answers = dict(sums)
        if floating:
            answers |= {
                f"input {i}": np.concatenate([self.turned(result[i], back=True) for result in results]) for i in range(len(self.inputs))
            }
        return answers

    def _backward(self, pieces: list[Array]) -> list[tuple[Array, ...]]:
        """The input gradients of every shard, returned or written."""
        if self.layer.view(self.training):
            shapes = [x.shape for x in self._inputs(self.contexts[0])]
            return [(piece.reshape((-1, *shapes[0][1:])),) for piece in pieces]
        if self.layer.synchronized(self.training):
            for c, g in zip(self.contexts, pieces, strict=True):
                self.layer.backward_partial(c, g)
            self.layer.backward_combine(self.contexts[0])
            returned = [self.layer.backward_apply(c, g) for c, g in zip(self.contexts, pieces, strict=True)]
        else:
            returned = [self.layer.backward(c, g) for c, g in zip(self.contexts, pieces, strict=True)]
        return [_tuple(result, ctx) for result, ctx in zip(returned, self.contexts, strict=True)]

    def _specs(self) -> Any:
        return self.layer.infer(tuple(Shape(array.shape) for array in self.inputs)).weights


class Given:
    """A loss whose gradient is given: that of sum(outputs * gradients)."""

    kernels = None

    def __init__(self, gradients: list[Array]) -> None:
        self.given = gradients
        self.arrays: list[Array] = []

    def tell(self, calls: Any, arrays: Any, outputs: Any, gradients: Any) -> None:
        raise NotImplementedError

    def __call__(self, piece: Any, outputs: Any, gradients: Any) -> None:
        for place, values in zip(gradients, self.given, strict=True):
            place[...] = values[piece.start : piece.stop]


class EngineRun:
    """As Run, by the engine: for layers with several outputs, masks, or layers inside."""

    def __init__(self, case: Case, training: bool = False) -> None:
        self.case = case
        self.layer = layer_of(case)
        self.inputs = [np.ascontiguousarray(array, self.layer.input_dtype) for array in arrays.inputs(case)]
        shapes = [Shape((case.batch, *array.shape[1:])) for array in self.inputs]
        declare(self.layer, tuple(shapes))
        names, sizes = [w.name for w in self.layer.weights], [w.shape for w in self.layer.weights]
        self.layer.set_weights(arrays.weights(case, names, sizes))
        self.engine = Engine(lone_graph(self.layer, shapes), "lone")
        self.training = training

    def forward(self) -> list[Array]:
        """All outputs."""
        return self.engine.run(self.inputs, Mode(training=self.training))

    def backward(self, gradients: list[Array]) -> Answers:
        """Gradients of inputs and weights, for these gradients of the outputs."""
        weights = self.layer.trainable_weights
        mode = Mode(training=self.training, backward=True, trained=weights, input_gradients=True)
        step = self.engine.step(self.inputs, mode, Given(gradients))
        answers: Answers = {}
        for number, weight in enumerate(weights):
            answers[f"weight {number} {weight.name}"] = step.gradients.of(weight).copy()
        answers |= {f"input {i}": array for i, array in enumerate(step.inputs) if array is not None}
        step.finish()
        return answers


def _tuple(result: Any, ctx: Context) -> tuple[Array, ...]:
    """What backward returned, or what it wrote where it returned nothing."""
    if result is None:
        return ctx._input_gradients  # type: ignore[return-value]
    return result if isinstance(result, tuple) else (result,)


def garbage(shape: Any, dtype: Any) -> Array:
    """An array nobody may read before writing: NaN, or 77 where there is no NaN."""
    return np.full(shape, np.nan if np.issubdtype(dtype, np.floating) else 77, dtype)


def assert_derived_weights_may_move(model: Any, x: Any, runs: int) -> None:
    """Packed weights that are made anew elsewhere, and whose old place holds NaN, are found by the programs that read them."""
    expected = model.predict_on_batch(x)
    for _ in range(runs):
        model.predict_on_batch(x)
    for layer in model.layers:
        for _, made in layer._prepared.values():
            for array in made.values():
                array.fill(np.nan)
        layer._prepared.clear()
    for _ in range(runs):
        np.testing.assert_array_equal(model.predict_on_batch(x), expected)
