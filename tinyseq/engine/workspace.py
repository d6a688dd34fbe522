"""Workspace: the arrays of one plan in one block of memory, for one shard of a batch at a time; two threads never share one."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tinyseq import kernels
from tinyseq.engine import own
from tinyseq.engine.context import NOTHING, Context
from tinyseq.engine.operator import Operator, of_the_package, reads_only, written_by_user
from tinyseq.engine.plan import Op, Plan
from tinyseq.kernels.alignment import aligned_bytes
from tinyseq.weights.seeds import SeedGenerator, checked_seed

Array = NDArray[Any]
Key = tuple[Any, ...]
"""The key of an array outside the blocks: see layout.py."""


class Step:
    """One operation with its arrays. Its context makes the calls, or records them."""

    __slots__ = (
        "adds", "backward_scratch", "context", "forward_scratch", "gradients", "late", "layer", "op", "reads_only", "targets",
        "zeros",
    )  # fmt: skip

    def __init__(self, op: Op, context: Context) -> None:
        self.op = op
        self.layer = op.layer
        self.context = context
        self.reads_only = reads_only(op.layer)
        self.forward_scratch: dict[str, Array] = {}
        self.backward_scratch: dict[str, Array] = {}
        self.gradients: tuple[Array, ...] = ()
        """Gradients of the outputs, the arguments of backward."""
        self.zeros: tuple[Array, ...] = ()
        """Those that no operation writes."""
        self.targets: tuple[Array | None, ...] = ()
        """Where the gradients of the inputs are written."""
        self.adds: tuple[tuple[Array, Array], ...] = ()
        """(target, addend) if a gradient was written there before."""
        self.late: tuple[Array, Array] | None = None
        """Where backward stores input and gradient, if the weight gradients are deferred."""

    def forward(self, method: str = "forward") -> None:
        """Runs the layer's forward (or apply, or partial), unless its output is a view."""
        if self.op.view:
            return
        context = self.context
        context._scratch, context.going_back = self.forward_scratch, False
        function: Callable[..., Any] = getattr(self.layer, method)
        if written_by_user(self.layer, method):
            result = own.run(self.layer, method, function, context, *context.inputs)
            if result is None and method != "partial":
                raise own.nothing_returned(self.layer)
        else:
            result = function(context, *context.inputs)
        if result is not None and result is not context.output:
            self._keep(result)

    def python(self, function: Callable[..., None], args: tuple[Any, ...], backward: bool) -> None:
        """The function that the layer passed to ctx.python."""
        context = self.context
        context._scratch, context.output_gradients = self.backward_scratch if backward else self.forward_scratch, self.gradients
        function(context, *args)

    def _keep(self, result: Any) -> None:
        """Copies the returned array into its place."""
        context = self.context
        if len(context.outputs) > 1:
            for array, value in zip(context.outputs, result, strict=True):
                if value is not array:
                    _store(array, value, self.layer)
        else:
            _store(context.output, result, self.layer)

    def begin_backward(self) -> None:
        """Zeros for gradients that no operation writes."""
        if not self.op.view:
            for array in self.zeros:
                self.context.call(kernels.copying.clear_all, array)

    def backward(self, method: str = "backward") -> None:
        """Runs the layer's backward (or backward_apply, or backward_partial); gradients are written to their places."""
        context = self.context
        if self.op.view:
            self._backward_of_view()
            return
        context._scratch, context.going_back = self.backward_scratch, True
        context.output_gradients = self.gradients
        function: Callable[..., Any] = getattr(self.layer, method)
        by_user = written_by_user(self.layer, method)
        result = own.run(self.layer, method, function, context, *self.gradients) if by_user else function(context, *self.gradients)
        if method == "backward_partial":
            return
        if by_user:
            if self.reads_only:
                own.check_asked(self.layer, [weight.name for weight in self.op.trained], context.asked)
            if not of_the_package(self.layer, method):
                own.check_gradients(self.layer, result, context._input_gradients)
        if result is not None:
            self._keep_gradients(result)
        for target, addend in self.adds:
            context.call(kernels.copying.add_all, addend, target)
        if self.late is not None:
            context.call(kernels.copying.copy_all, context.inputs[0], self.late[0])
            context.call(kernels.copying.copy_all, self.gradients[0], self.late[1])

    def _keep_gradients(self, result: Any) -> None:
        """Copies what backward returned."""
        results = result if isinstance(result, (tuple, list)) else (result,)
        for place, value in zip(self.context._input_gradients, results, strict=False):
            if place is not None and value is not None and value is not place:
                _store(place, value, self.layer)

    def _backward_of_view(self) -> None:
        target, gradient = self.targets[0], self.gradients[0]
        if target is not None and target.ctypes.data != gradient.ctypes.data:
            run = kernels.copying.add_all if self.adds else kernels.copying.copy_all
            self.context.call(run, gradient, target)


def _store(place: Array, value: Any, layer: Operator) -> None:
    array = np.asarray(value)
    if array.shape != place.shape:
        raise ValueError(
            f"{layer.name}: {type(layer).__name__} returned an array of shape {array.shape}, expected {place.shape}: "
            f"make output_shape() and the computation agree"
        )
    place[...] = array


class Workspace:
    """Steps of a plan over a block. `values[t]` is the array of tensor t; arrays outside the block are bound for each run."""

    def __init__(self, plan: Plan, block: NDArray[np.uint8], make: Callable[[bool], Context] = Context) -> None:
        self.plan = plan
        self.block = block
        self.make = make
        self.values: list[Array] = [NOTHING] * len(plan.shapes)
        outside = plan.lifetimes.outside
        for tensor in range(len(plan.shapes)):
            root = plan.lifetimes.roots.get(tensor, tensor)
            if root not in outside and ("value", root) in plan.placement.offsets:
                self.values[tensor] = self._place(("value", root), plan.shapes[tensor], plan.dtypes[tensor])
        self.seen_through = self._seen_through()
        """Tensors that are an output in another shape (before a Flatten at the end): (tensor, number of the output)."""
        self.steps = [self._step(index, op) for index, op in enumerate(plan.ops)]
        self.output_gradients: list[Array] = []
        """Where the loss writes."""
        self._outputs: list[Array] = []
        if plan.mode.backward:
            self.output_gradients = [self.gradient(tensor) for tensor in plan.outputs]

    def _seen_through(self) -> dict[int, int]:
        plan, found = self.plan, dict[int, int]()
        for number, tensor in enumerate(plan.outputs):
            root = plan.lifetimes.roots.get(tensor, tensor)
            if root not in plan.inputs and root not in plan.outputs:
                found.setdefault(root, number)
        return found

    def gradient(self, tensor: int) -> Array:
        """The gradient of a tensor."""
        root = self.plan.lifetimes.gradient_roots.get(tensor, tensor)
        return self._place(("gradient", root), self.plan.shapes[tensor], "float32")

    def bind(self, arrays: Mapping[Key, Array], batch: int, shard: int, draws: Mapping[int, int]) -> None:
        """This shard's parts of the arrays that are in no block, its number, and how often each layer drew."""
        plan, values = self.plan, self.values
        self._outputs = [arrays["output", number] for number in range(len(plan.outputs))]
        for tensor, array in zip(plan.outputs, self._outputs, strict=True):
            values[tensor] = array
        for tensor, number in self.seen_through.items():
            values[tensor] = arrays["output", number].reshape(plan.shapes[tensor])
        for number, tensor in enumerate(plan.inputs):
            values[tensor] = arrays["input", number]
        for number in range(len(plan.outputs)):
            if ("again", number) in arrays:
                self.output_gradients[number] = arrays["again", number]
        for index, step in enumerate(self.steps):
            op, context = step.op, step.context
            if op.view:
                values[op.outputs[0]] = values[op.inputs[0]].reshape(plan.shapes[op.outputs[0]])
            self._connect(step)
            context.batch, context.shard = batch * op.folded if op.rows is None else op.rows, shard
            context._prepared = op.layer._prepared.get(plan.prepares_backward[op.layer], ((), {}))[1]
            found = [(weight.name, arrays.get(("gradient", id(weight)))) for weight in op.trained]
            context._gradients = {name: array for name, array in found if array is not None}
            context._partial = {name: arrays["partial", index, name] for name in op.buffers.partial}
            context._shared = {name: arrays["shared", index, name] for name in op.buffers.shared}
            if ("late_input", index) in arrays:
                step.late = arrays["late_input", index], arrays["late_gradient", index]
            if op.layer.random:
                context.drawn = arrays.get(("drawn", id(op.layer)), NOTHING)
                context.draw, context._random = draws.get(id(op.layer), 0), None

    def release(self) -> None:
        """Releases the caller's arrays."""
        self._outputs = []
        for tensor in (*self.plan.inputs, *self.plan.outputs, *self.seen_through):
            self.values[tensor] = NOTHING
        for step in self.steps:
            step.context.inputs = ()
            step.context.mask = None
            step.context.output = NOTHING
            step.context.handed = None
            step.context._gradients = {}

    def results(self) -> list[tuple[int, Array]]:
        """(number, array) of outputs that are copies: an input, a view, or listed twice."""
        found = []
        for number, tensor in enumerate(self.plan.outputs):
            value, place = self.values[tensor], self._outputs[number]
            if value.ctypes.data != place.ctypes.data:
                found.append((number, value))
        return found

    def _connect(self, step: Step) -> None:
        context, values, op = step.context, self.values, step.op
        context.inputs = tuple([values[tensor] for tensor in op.read])
        context.mask = values[op.inputs[-1]] if op.masked else None
        if step.reads_only:
            context.inputs = own.readable(context.inputs)
        context.output = values[op.outputs[0]]
        if len(op.outputs) > 1:
            context.outputs = tuple([values[tensor] for tensor in op.outputs])
        if op.through is not None and op.handed is not None:
            pool = self.steps[op.through]
            context.handed = op.handed._replace(
                chosen=pool.context.saved("index"), output=values[pool.op.outputs[0]]
            )  # fmt: skip

    def _step(self, index: int, op: Op) -> Step:
        context = self.make(op.training)
        context.logits = op.logits
        context.absorbed = op.absorbed
        context.turned = op.turned
        context.layer = str(op.layer.name)
        context.strict = written_by_user(op.layer, "backward")
        context.seed = seed_of(op.layer)
        context._weights = {weight.name: weight.value for weight in op.weights}
        step = Step(op, context)
        buffers = op.buffers
        context._saved = {n: self._place(("saved", index, n), *place) for n, place in buffers.saved.items()}
        step.forward_scratch = {n: self._place(("forward", index, n), *place) for n, place in buffers.forward.items()}
        if op.backward:
            step.backward_scratch = {n: self._place(("backward", index, n), *p) for n, p in buffers.backward.items()}
            self._step_backward(index, op, step)
        return step

    def _step_backward(self, index: int, op: Op, step: Step) -> None:
        lifetimes = self.plan.lifetimes
        outputs = op.outputs if op.through is None else self.plan.ops[op.through].outputs
        step.gradients = tuple(self.gradient(tensor) for tensor in outputs)
        if step.reads_only and not op.view:
            step.gradients = own.readable(step.gradients)
        step.zeros = tuple(self.gradient(tensor) for tensor in outputs if tensor not in lifetimes.writers)
        targets: list[Array | None] = []
        given: list[Array | None] = []
        adds: list[tuple[Array, Array]] = []
        for position, tensor in enumerate(op.inputs):
            if not op.wanted[position]:
                targets.append(None)
                given.append(None)
                continue
            target = self.gradient(tensor)
            targets.append(target)
            if not lifetimes.adds(index, position):
                given.append(target)
                continue
            addend = target if op.view else self._place(("addend", index, position), target.shape, "float32")
            given.append(addend)
            adds.append((target, addend))
        step.targets, step.adds = tuple(targets), tuple(adds)
        step.context._input_gradients = tuple(given)

    def _place(self, key: Any, shape: tuple[int, ...], dtype: Any) -> Array:
        offset = self.plan.placement.offsets[key]
        kind = np.dtype(dtype)
        count = math.prod(shape)
        place: Array = self.block[offset : offset + count * kind.itemsize].view(kind).reshape(shape)
        return place


def seed_of(layer: Operator) -> tuple[int, ...]:
    """Where a layer's random numbers begin: its argument `seed`, else its own. Layers of one SeedGenerator draw different numbers."""
    seed = checked_seed(str(layer.name), getattr(layer, "seed", None))
    if isinstance(seed, SeedGenerator):
        return (*seed.begin, layer._seed[-1])
    return layer._seed if seed is None else (seed,)


class Arena:
    """A block of memory and the workspaces in it, for one shard at a time, of any shapes."""

    def __init__(self) -> None:
        self.block = aligned_bytes(0)
        self.start = 0
        """The address of the block."""
        self.bound: dict[Plan, Workspace] = {}

    def workspace(self, plan: Plan) -> Workspace:
        """The plan's workspace in this block; the block grows if it must."""
        found = self.bound.get(plan)
        if found is None:
            self.make_room(plan.placement.total)
            if len(self.bound) >= 16:  # as many as the engine keeps plans
                self.bound.pop(next(iter(self.bound)))
            found = self.bound[plan] = Workspace(plan, self.block)
        return found

    def make_room(self, size: int) -> None:
        """Ensures at least `size` bytes; if the block must grow, its content is lost."""
        if size > self.block.size:
            self.bound.clear()
            self.block = aligned_bytes(size)
            self.start = self.block.ctypes.data


class Arenas:
    """The idle arenas of one model."""

    def __init__(self) -> None:
        self._free: list[Arena] = []  # append and pop are atomic

    def lease(self) -> Arena:
        """An arena for one shard; give it back."""
        try:
            return self._free.pop()
        except IndexError:
            return Arena()

    def give_back(self, arena: Arena) -> None:
        """Returns an arena for the next shard."""
        self._free.append(arena)

    @property
    def count(self) -> int:
        """The number of idle arenas."""
        return len(self._free)

    @property
    def nbytes(self) -> int:
        """Bytes in the idle blocks."""
        return sum(arena.block.size for arena in self._free)

