"""Workspace: the arrays of one plan in one block of memory, leased for one shard at a time; two threads never share one."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tinyseq.engine import own
from tinyseq.engine.context import Context
from tinyseq.engine.operator import Operator
from tinyseq.engine.plan import Op, Plan
from tinyseq.engine.program import Replay
from tinyseq.weights import memory

Array = NDArray[Any]


class Step:
    """One operation with its arrays."""

    __slots__ = (
        "adds", "backward_scratch", "context", "forward_scratch", "gradients", "late", "layer", "op", "own_backward",
        "own_forward", "reads_only", "targets", "zeros",
    )  # fmt: skip

    def __init__(self, op: Op, context: Context) -> None:
        self.op = op
        self.layer = op.layer
        self.context = context
        self.own_forward = own.written_by_user(op.layer, "forward")
        self.own_backward = own.written_by_user(op.layer, "backward")
        self.reads_only = own.reads_only(op.layer)
        self.forward_scratch: dict[str, Array] = {}
        self.backward_scratch: dict[str, Array] = {}
        self.gradients: tuple[Array, ...] = ()
        """Gradients of the outputs, which backward takes."""
        self.zeros: tuple[Array, ...] = ()
        """Those among them that nobody writes."""
        self.targets: tuple[Array | None, ...] = ()
        """Where the gradients of the inputs belong."""
        self.adds: tuple[tuple[Array, Array], ...] = ()
        """(target, addend) where somebody has written before."""
        self.late: tuple[Array, Array] | None = None
        """Where backward leaves input and gradient, if the weight gradients come late."""

    def replayable(self, backward: bool) -> bool:
        """Whether nothing is done here but what the layer's kernels do, and these the same every time."""
        if self.op.view:
            return not backward or self._stays()
        ours = self.layer.replayable and type(self.layer).__module__.startswith("tinyseq.")
        if backward:
            return ours and not (self.own_backward or self.zeros)
        return ours and not self.own_forward

    def forward(self) -> None:
        """Runs the layer, unless its output is a view."""
        if self.op.view:
            return
        context = self.context
        context._scratch = self.forward_scratch
        if self.own_forward:
            self.keep(own.run(self.layer, "forward", self.layer.forward, context, *context.inputs))
        else:
            self.keep(self.layer.forward(context, *context.inputs))

    def apply(self, combined: Array) -> None:
        """As `forward`, for a layer of batch statistics."""
        self.context._scratch = self.forward_scratch
        self.keep(self.layer.apply(self.context, combined, *self.context.inputs))

    def keep(self, result: Any) -> None:
        """Copies what a layer returned into its place, unless it wrote there itself."""
        context = self.context
        if result is context.output:
            return
        if result is None:
            if self.own_forward:
                raise own.nothing_returned(self.layer)
            return
        if len(context.outputs) > 1:
            for array, value in zip(context.outputs, result, strict=True):
                if value is not array:
                    _store(array, value, self.layer)
        else:
            _store(context.output, result, self.layer)

    def backward(self) -> None:
        """Runs the layer's backward; gradients end where they belong."""
        if self.op.view:
            self._backward_of_view()
            return
        for array in self.zeros:
            array.fill(0)
        self.context._scratch = self.backward_scratch
        if self.own_backward:
            result = own.run(self.layer, "backward", self.layer.backward, self.context, *self.gradients)
            if self.reads_only:
                own.check_asked(self.layer, [weight.name for weight in self.op.trained], self.context.asked)
            self.keep_gradients(result)
        else:
            self.keep_gradients(self.layer.backward(self.context, *self.gradients))
        if self.late is not None:
            from tinyseq.kernels.movement.copying import copy_all  # numba, which a plan does not need

            copy_all(self.context.inputs[0], self.late[0])
            copy_all(self.gradients[0], self.late[1])

    def keep_gradients(self, result: Any) -> None:
        """Copies and adds what backward gave."""
        if self.own_backward:
            own.check_gradients(self.layer, result, self.context._input_gradients)
        if result is not None:
            results = result if isinstance(result, (tuple, list)) else (result,)
            for place, value in zip(self.context._input_gradients, results, strict=False):
                if place is not None and value is not None and value is not place:
                    _store(place, value, self.layer)
        if self.adds:
            from tinyseq.kernels.movement.copying import add_all

            for target, addend in self.adds:
                add_all(addend, target)

    def _backward_of_view(self) -> None:
        target, gradient = self.targets[0], self.gradients[0]
        if target is None or self._stays():
            return
        if self.adds:
            np.add(target, gradient.reshape(target.shape), out=target)
        else:
            np.copyto(target, gradient.reshape(target.shape))

    def _stays(self) -> bool:
        """Of a view: whether its gradient need not be moved."""
        target = self.targets[0]
        return target is None or target.ctypes.data == self.gradients[0].ctypes.data


def _store(place: Array, value: Any, layer: Operator) -> None:
    array = np.asarray(value)
    if array.shape != place.shape:
        raise ValueError(
            f"{layer.name}: {type(layer).__name__} returned an array of shape {array.shape}, its place has {place.shape}: "
            f"make output_shape() and the computation agree"
        )
    place[...] = array


class Workspace:
    """Steps of a plan over a block. `values[t]` is the array of tensor t; those of the caller are bound for each run."""

    def __init__(self, plan: Plan, block: NDArray[np.uint8]) -> None:
        self.plan = plan
        self.block = block
        self.values: list[Array] = [_NOTHING] * len(plan.shapes)
        outside = plan.lifetimes.outside
        for tensor in range(len(plan.shapes)):
            root = plan.lifetimes.roots.get(tensor, tensor)
            if root not in outside and ("value", root) in plan.placement.offsets:
                self.values[tensor] = self._place(("value", root), plan.shapes[tensor], plan.dtypes[tensor])
        self.seen_through = self._seen_through()
        """Tensors that are an output in another shape (before a Flatten at the end): (tensor, number of the output)."""
        self.steps = [self._step(index, op) for index, op in enumerate(plan.ops)]
        self.rebound = [
            step
            for step in self.steps
            if any(plan.lifetimes.roots.get(t, t) in outside for t in self._touched(step.op))
        ]
        """Steps that touch the caller's arrays."""
        self.output_gradients: list[Array] = []
        if plan.mode.backward:
            self.output_gradients = [self._gradient(tensor) for tensor in plan.outputs]
        self.repeated: list[tuple[Array, Array]] = []
        """(gradient, another one to be added) of an output that is given twice: the loss writes both."""
        for number, tensor in enumerate(plan.outputs):
            if self.output_gradients and tensor in plan.outputs[:number]:
                again = np.empty(plan.shapes[tensor], np.float32)
                self.repeated.append((self.output_gradients[number], again))
                self.output_gradients[number] = again
        for step in self.steps:
            self._connect(step)
        self.preparing = [step for step in self.steps if type(step.layer).prepare is not Operator.prepare and step.op.weights]
        self.drawing = [step for step in self.steps if step.layer.random]
        self.entered: tuple[int, int, int] = (-1, -1, -1)
        self.replay = Replay(self.steps, self.block)
        self.copies = False
        """Once `finish` had something to do."""

    def plays_all(self, parts: int) -> bool:
        """Whether a run leaves nothing at all to Python, so that others can make it in another block."""
        mode, program = self.plan.mode, self.replay.program
        losing = mode.backward and not (program is not None and program.plays_loss)
        copied = self.copies or mode.input_gradients  # copies: outputs given twice are among these
        return program is not None and program.whole and parts == 1 and not (losing or copied)

    def _touched(self, op: Op) -> tuple[int, ...]:
        """The tensors that an operation reads and writes."""
        return (*op.inputs, *op.outputs, *(self.plan.ops[op.through].outputs if op.through is not None else ()))

    def _seen_through(self) -> dict[int, int]:
        plan, found = self.plan, dict[int, int]()
        for number, tensor in enumerate(plan.outputs):
            root = plan.lifetimes.roots.get(tensor, tensor)
            if root not in plan.inputs and root not in plan.outputs:
                found.setdefault(root, number)
        return found

    def gradient(self, tensor: int) -> Array:
        """The gradient of a tensor, after backward."""
        return self._gradient(tensor)

    def bind(self, inputs: Sequence[Array], outputs: Sequence[Array]) -> None:
        """The caller's arrays for this run. An output that is not the engine's to write (a view) is copied by `finish`."""
        plan, values = self.plan, self.values
        for tensor, array in zip(plan.outputs, outputs, strict=True):
            values[tensor] = array
        for tensor, output in self.seen_through.items():
            values[tensor] = outputs[output].reshape(plan.shapes[tensor])
        for tensor, array in zip(plan.inputs, inputs, strict=True):
            values[tensor] = array
        for step in self.rebound:
            op = step.op
            if op.view:
                values[op.outputs[0]] = values[op.inputs[0]].reshape(plan.shapes[op.outputs[0]])
            self._connect(step)

    def loss_written(self) -> None:
        """Between loss and backward: an output that is given twice has the sum of its gradients."""
        for gradient, again in self.repeated:
            np.add(gradient, again, out=gradient)

    def finish(self, outputs: Sequence[Array]) -> None:
        """Copies outputs that are an input, a view, or given twice."""
        for tensor, array in zip(self.plan.outputs, outputs, strict=True):
            value = self.values[tensor]
            if value is not array and value.ctypes.data != array.ctypes.data:
                np.copyto(array, value)
                self.copies = True

    def release(self) -> None:
        """Lets go of the caller's arrays."""
        for tensor in (*self.plan.inputs, *self.plan.outputs, *self.seen_through):
            self.values[tensor] = _NOTHING
        for step in self.rebound:
            step.context.inputs = ()
            step.context.output = _NOTHING
            step.context.handed = None

    def _connect(self, step: Step) -> None:
        context, values, op = step.context, self.values, step.op
        context.inputs = tuple([values[tensor] for tensor in op.inputs])
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
        context = Context(op.training)
        context.logits = op.logits
        context.absorbed = op.absorbed
        context.layer = str(op.layer.name)
        context.strict = own.written_by_user(op.layer, "backward")
        seed = getattr(op.layer, "seed", None)
        context.seed = (int(seed),) if isinstance(seed, int) else op.layer._seed
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
        step.gradients = tuple(self._gradient(tensor) for tensor in outputs)
        if step.reads_only and not op.view:
            step.gradients = own.readable(step.gradients)
        step.zeros = tuple(self._gradient(tensor) for tensor in outputs if tensor not in lifetimes.writers)
        targets: list[Array | None] = []
        given: list[Array | None] = []
        adds: list[tuple[Array, Array]] = []
        for position, tensor in enumerate(op.inputs):
            if not op.wanted[position]:
                targets.append(None)
                given.append(None)
                continue
            target = self._gradient(tensor)
            targets.append(target)
            if not lifetimes.adds(index, position):
                given.append(target)
                continue
            addend = target if op.view else self._place(("addend", index, position), target.shape, "float32")
            given.append(addend)
            adds.append((target, addend))
        step.targets, step.adds = tuple(targets), tuple(adds)
        step.context._input_gradients = tuple(given)

    def _gradient(self, tensor: int) -> Array:
        root = self.plan.lifetimes.gradient_roots.get(tensor, tensor)
        return self._place(("gradient", root), self.plan.shapes[tensor], "float32")

    def _place(self, key: Any, shape: tuple[int, ...], dtype: Any) -> Array:
        offset = self.plan.placement.offsets[key]
        kind = np.dtype(dtype)
        count = math.prod(shape)
        place: Array = self.block[offset : offset + count * kind.itemsize].view(kind).reshape(shape)
        return place


class Arena:
    """A block of memory and the workspaces that lie in it, for one shard at a time, whatever its shapes."""

    def __init__(self) -> None:
        self.block = memory.aligned(0)
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
        """The block has `size` bytes at least; if it must grow, what lies in it is forgotten."""
        if size > self.block.size:
            self.bound.clear()
            self.block = memory.aligned(size)
            self.start = self.block.ctypes.data


class Arenas:
    """The arenas of one model that nobody uses at the moment."""

    def __init__(self) -> None:
        self._free: list[Arena] = []  # append and pop are atomic

    def lease(self) -> Arena:
        """An arena for one shard; give it back."""
        try:
            return self._free.pop()
        except IndexError:
            return Arena()

    def give_back(self, arena: Arena) -> None:
        """For the next shard."""
        self._free.append(arena)

    @property
    def nbytes(self) -> int:
        """Bytes in the blocks that lie idle."""
        return sum(arena.block.size for arena in self._free)


_NOTHING: Array = np.empty(0, np.float32)
