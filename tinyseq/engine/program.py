"""Program: all kernel calls of a step, recorded once and repeated in every step: packing of weights, forward, loss, backward, sums of
gradients, deferred gradients, moving statistics, the optimizer's update.

It is a list of stages. The tasks of a stage are independent of each other and are distributed to threads (kernels/runtime/work_queue.py);
a stage begins when the one before has ended. Layers with batch statistics end a stage: every shard of the batch computes its part,
one task combines them, every shard continues. What Python does (a layer of the user's own, ctx.python) makes its stage one of Python:
machine code up to there, the function, machine code again, on each shard.

With the environment variable TINYSEQ_STEP=1, or where kernels are not compiled, layers are not told but run, each kernel called from
Python, in the same stages: for a print, a breakpoint, or a check of bounds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from tinyseq import kernels
from tinyseq.engine import packed_weights
from tinyseq.engine.context import Context
from tinyseq.engine.gradients import SUM_UNIT, add_deferred, add_sets, late_scratch
from tinyseq.engine.layout import ROWS, SETS, SHARDS, WHOLE, Layout
from tinyseq.engine.operator import told, written_by_user
from tinyseq.engine.packed_weights import Use
from tinyseq.engine.telling import Item, Task, Teller, Telling, without_numbers
from tinyseq.engine.workspace import Step, Workspace
from tinyseq.kernels.alignment import aligned_bytes
from tinyseq.kernels.runtime.calls import AtOnce, Calls
from tinyseq.kernels.runtime.tape import Tape, packed
from tinyseq.kernels.runtime.work_queue import Score

if TYPE_CHECKING:
    from tinyseq.engine.partition import Schedule, Shard

Array = NDArray[Any]
Work = Callable[[Calls, Mapping[Any, Array]], None]
"""Tells the calls of one task of the whole batch, for these arrays."""
Unit = tuple[Any, Item]
"""For a shard, or for the whole batch (None)."""
Stage = list[list[Unit]]


class Loss(Protocol):
    """The loss of a batch. `kernels` says which kernels compute it (and their constants), None: Python does."""

    kernels: tuple[Any, ...] | None

    @property
    def arrays(self) -> list[Array]:
        """For the whole batch: the arrays of the kernels besides outputs and gradients."""

    @property
    def rows(self) -> Sequence[Array]:
        """The losses row by row, one array for each output that has a loss."""

    def tell(self, calls: Calls, arrays: Sequence[Array], outputs: Sequence[Array], gradients: Sequence[Array]) -> None:
        """The calls for one shard, which has its rows of `arrays`."""

    def __call__(self, shard: Any, outputs: Sequence[Array], gradients: Sequence[Array]) -> None:
        """The same by Python."""


class Update(Protocol):
    """The optimizer's update by kernels. `key`: everything but array contents that the calls depend on."""

    key: tuple[Any, ...]

    def tasks(self, gradients: Mapping[int, Array]) -> Iterable[Callable[[Calls], None]]:
        """Independent tasks; gradients by the weights' ids."""


class Program:
    """Immutable, except for the addresses of kernels that are loaded later, and the idle runs."""

    def __init__(self, schedule: Schedule, threads: int, loss: Loss | None, update: Update | None, stepping: bool) -> None:
        self.schedule = schedule
        self.stepping = stepping
        self.layout = layout(schedule, loss)
        self.parts = threads
        """The number of parts into which the layers of a single shard, and products of the whole batch, may be split."""
        self.runs: list[Any] = []
        """See parallel.py. append and pop are atomic."""
        self._tape = Tape()
        self._teller = Teller(self._tape, self.layout, threads)
        self._alone = len(schedule.shards) == 1
        self._tasks: list[tuple[int, int, int]] = []
        self._units: list[tuple[int, int, int, int, int]] = []
        self.uses: list[tuple[Use, dict[str, Array], tuple[int, int] | None]] = []
        """Layers whose weights are packed, the arrays, and the tasks; None: by Python."""
        self.main: list[tuple[int, int] | Stage] = []
        """Tasks first..last-1 in machine code, or a stage that includes Python."""
        self.last: list[tuple[int, int] | Stage] = []
        """The same for what must run completely or not at all: weight updates."""
        for use in schedule.uses:
            self._prepare(use)
        self._teller.threads = threads if self._alone else 1
        stages = self._shards(loss)
        self.own_blocks = sum(any(unit[0] for task in stage for unit in task) for stage in stages) > 1
        """True if each shard keeps a block of memory through all stages; else each thread has one."""
        self._teller.threads = threads
        self.main = self._scored([*self._clear(loss), *stages, *self._sums()])
        self.last = self._scored([*self._updates(), *self._optimizer(update)])
        self._finish()

    # ------------------------------------------------------------------ the parts of a step

    def _prepare(self, use: Use) -> None:
        layer, backward = use
        arrays = packed_weights.places(layer, backward)
        if self.stepping or not told(layer, "prepare"):
            self.uses.append((use, arrays, None))
            return
        works: list[Work] = [
            lambda calls, _, name=name, array=array: layer.prepare(calls, packed_weights.values(layer), {name: array})  # type: ignore[misc]
            for name, array in arrays.items()
        ]
        begin = len(self._tasks)
        self._scored([self._whole(works)], gate=0)
        self.uses.append((use, arrays, (begin, len(self._tasks))))

    def _shards(self, loss: Loss | None) -> list[Stage]:
        """Forward, loss and backward of all shards, and the synchronizations between them."""
        schedule = self.schedule
        block = aligned_bytes(max(shard.plan.placement.total for shard in schedule.shards))  # never touched
        sections, meetings = {}, list[Stage]()
        for shard in schedule.shards:
            if shard.plan not in sections:
                sections[shard.plan] = Section(self, shard, block, loss).told
        for index, method in schedule.meetings():
            meetings.append(self._meeting([index], method))
        own = [group for number, group in enumerate(schedule.by_group()) if number in schedule.own_groups]
        groups = own if loss is not None else [[shard] for group in own for shard in group]
        stages: list[Stage] = []
        for number, _ in enumerate(next(iter(sections.values()))):
            if self._alone:
                shard = schedule.shards[0]
                stages += [[[(shard, item) for item in task] for task in stage] for stage in sections[shard.plan][number]]
            else:
                each = {plan: [item for stage in told[number] for task in stage for item in task] for plan, told in sections.items()}
                stage = [[(shard, item) for shard in group for item in each[shard.plan]] for group in groups]
                stages.append(stage if number % 2 == 0 else stage[::-1])  # the last used data is still in the caches
            if number < len(meetings):
                stages += [*self._gathered(schedule.meetings()[number][0]), meetings[number]]
        return stages

    def _clear(self, loss: Loss | None) -> list[Stage]:
        """Each set of gradients begins with zeros."""
        if loss is None or not self.schedule.slots.size:
            return []
        return [self._whole([
            lambda calls, at, group=group: calls.call(kernels.copying.clear_all, at["sets",][group])  # type: ignore[misc]
            for group in self.schedule.own_groups or [0]
        ])]  # fmt: skip

    def _gathered(self, index: int) -> list[Stage]:
        """The statistics of the shards that other processes computed."""
        team, bounds = self.schedule.team, self.schedule.shard_bounds
        if team is None:
            return []

        def gather(at_work: Any) -> None:
            for name in self.schedule.whole.ops[index].buffers.partial:
                team.gather(at_work.parts["partial", index, name], bounds)

        return [[[(None, gather)]]]

    def _meeting(self, indices: list[int], method: str) -> Stage:
        """combine, backward_combine or update of layers of batch statistics, one after the other."""
        by_kernels = all(told(self.schedule.whole.ops[index].layer, method) for index in indices)

        def work(calls: Calls, arrays: Mapping[Any, Array]) -> None:
            for index in indices:
                self._meet(index, method, calls, arrays)

        return self._whole([work] if indices else [], by_kernels)

    def _meet(self, index: int, method: str, calls: Calls, arrays: Mapping[Any, Array]) -> None:
        schedule = self.schedule
        op = schedule.whole.ops[index]
        context = self._context(calls, op.training, index)
        context.batch = schedule.batch * op.folded if op.rows is None else op.rows
        context.inputs = tuple(without_numbers(schedule.whole.shapes[tensor]) for tensor in op.read)
        context._weights = {weight.name: weight.value for weight in op.weights}
        context._partials = {name: arrays["partial", index, name] for name in op.buffers.partial}
        context._shared = {name: arrays["shared", index, name] for name in op.buffers.shared}
        getattr(op.layer, method)(context)

    def _context(self, calls: Calls, training: bool, index: int) -> Context:
        if isinstance(calls, AtOnce):
            return Context(training)
        context = Telling(training)
        context.teller, context.index = self._teller, index
        return context

    def _sums(self) -> list[Stage]:
        """Sums of gradients over the groups, and the gradients of the whole batch."""
        schedule, size = self.schedule, self.schedule.slots.size
        found: list[Stage] = []
        if not schedule.whole.mode.backward:
            return found
        own = slice(schedule.own_groups.start, schedule.own_groups.stop)
        if len(schedule.own_groups) > 1:
            found.append(self._whole([
                lambda calls, at, start=start: add_sets(  # type: ignore[misc]
                    calls, at["sets",][own], len(schedule.own_groups), start, min(start + SUM_UNIT, size)
                )
                for start in range(0, size, SUM_UNIT)
            ]))  # fmt: skip
        seen: set[Any] = set()
        for index in schedule.late_indices:
            op = schedule.whole.ops[index]
            found += self._late(index, op.layer not in seen)
            seen.add(op.layer)
        return found + self._added()

    def _added(self) -> list[Stage]:
        """The gradients of all processes."""
        schedule, team = self.schedule, self.schedule.team
        if team is None:
            return []

        def add(at_work: Any) -> None:
            sets, late, own = at_work.parts["sets",], at_work.parts["late_sets",], schedule.own_groups
            if schedule.slots.size:
                team.add(sets[own.start if own else 0][: schedule.slots.size], sets[0][: schedule.slots.size])
            if late.size:
                if not own:
                    late.fill(0)
                team.add(late, late)

        return [[[(None, add)]]]

    def _late(self, index: int, fresh: bool) -> list[Stage]:
        schedule, op = self.schedule, self.schedule.whole.ops[index]

        def work(calls: Calls, arrays: Mapping[Any, Array]) -> None:
            context = self._context(calls, True, index)
            add_deferred(context, index, op, self._own_rows(index, arrays), schedule.slots.of_late(arrays["late_sets",]), fresh)

        if not schedule.own_groups:
            return []
        if self.stepping or not told(op.layer, "late_gradients"):
            return [self._whole([work], False)]
        work(self._teller, self._teller.watch(None, None))
        return [[[(None, item) for item in task] for task in stage] for stage in self._teller.taken()]

    def _own_rows(self, index: int, arrays: Mapping[Any, Array]) -> Mapping[Any, Array]:
        """The arrays with those rows of a deferred product that this process has computed."""
        schedule = self.schedule
        if schedule.team is None:
            return arrays
        rows, found = schedule.own_rows, dict(arrays)
        for key in (("late_input", index), ("late_gradient", index)):
            each = len(arrays[key]) // schedule.batch
            found[key] = arrays[key][rows.start * each : rows.stop * each]
        return found

    def _updates(self) -> list[Stage]:
        return [self._meeting([index for index, op in enumerate(self.schedule.whole.ops) if op.synchronized], "update")]

    def _optimizer(self, update: Update | None) -> list[Stage]:
        if update is None:
            return []
        slots, at = self.schedule.slots, self._teller.watch(None, None)
        gradients = slots.of_groups(at["sets",][0]) | slots.of_late(at["late_sets",])
        return [self._whole([lambda calls, _, task=task: task(calls) for task in update.tasks(gradients)])]  # type: ignore[misc]

    def _whole(self, works: Iterable[Work], by_kernels: bool = True) -> Stage:
        """Tasks of the whole batch."""
        if self.stepping or not by_kernels:
            return [[(None, lambda at_work, work=work: work(AtOnce(), at_work.parts))] for work in works]  # type: ignore[misc]
        arrays = self._teller.watch(None, None)
        for work in works:
            work(self._teller, arrays)
            self._teller.begin_task()
        return [[(None, item) for item in task] for stage in self._teller.taken() for task in stage]

    # ------------------------------------------------------------------ as numbers

    def _scored(self, stages: Sequence[Stage], gate: int | None = None) -> list[tuple[int, int] | Stage]:
        """Stages one after the other: those without Python as tasks."""
        found: list[tuple[int, int] | Stage] = []
        for stage in stages:
            tasks = [task for task in stage if task]
            if any(callable(item) for task in tasks for _, item in task):
                found.append(tasks)
                continue
            begin = len(self._tasks)
            for task in tasks:
                first = len(self._units)
                self._units += [(*item, len(self.schedule.shards) if shard is None else shard.index) for shard, item in task]  # type: ignore[misc]
                self._tasks.append((first, len(self._units), begin if gate is None else gate))
            last = found[-1] if found else None
            if isinstance(last, tuple):
                found[-1] = (last[0], len(self._tasks))
            elif tasks:
                found.append((begin, len(self._tasks)))
        return found

    def _finish(self) -> None:
        tape, shards = self._tape, self.schedule.shards
        rows = [(shard.index if self.own_blocks else -1, *self.layout.offsets(shard)) for shard in shards]
        rows.append((-1, *self.layout.offsets(None)))
        parts = packed(rows, 1 + len(self.layout.places))
        self.given = [(place.number, key) for key, place in self.layout.places.items() if place.given]
        """The indices of the caller's arrays."""
        self.score = Score(packed(self._tasks, 3), packed(self._units, 5), tape.packed_calls(), packed(tape.moves, 3), parts)
        self._at_once: dict[tuple[int, int], int] = {}
        self.numbers = np.array(tape.numbers, np.int64)
        self.kernels, self._loaded_late, self._kept = tape.kernels, tape.late, tape.kept
        self.layout.stand_ins = {}
        self.room = max(shard.plan.placement.total for shard in shards)
        del self._tape, self._teller

    def run_of(self, count: int) -> Any:
        """An idle run for so many threads; None if there is none."""
        try:
            found = self.runs.pop()
        except IndexError:
            return None
        return found if found.count == count else None

    def late_error(self) -> BaseException | None:
        """Why a kernel that was needed could not be loaded."""
        for late in self._loaded_late:
            error, late.error = late.error, None
            if error is not None:
                return error
        return None

    def holds(self) -> bool:
        """Whether the packed weights have not moved."""
        for (layer, backward), arrays, _ in self.uses:
            found = layer._prepared.get(backward)
            if found is None or found[1] is not arrays:
                return False
        return True

    def packed(self) -> bool:
        """Whether the packed arrays match the present weights."""
        for (layer, backward), _, _ in self.uses:
            found = layer._prepared.get(backward)
            if found is None or found[0] != tuple([weight.version for weight in layer._weights]):
                return False
        return True

    def threads_for(self, begin: int, end: int) -> int:
        """How many threads these tasks can keep busy."""
        found = self._at_once.get((begin, end))
        if found is None:
            gates = self.score.tasks[begin:end, 2]
            found = self._at_once[begin, end] = int(np.unique(gates, return_counts=True)[1].max()) if len(gates) else 0
        return found


class Section:
    """Forward, loss and backward of one plan. `told`: its stages, for each part between two synchronizations."""

    def __init__(self, program: Program, shard: Shard, block: Array, loss: Loss | None) -> None:
        self.program = program
        self.teller = program._teller
        self.told: list[list[list[Task]]] = []
        schedule, plan = program.schedule, shard.plan
        arrays = with_gradients(schedule, self.teller.watch(shard, block))
        self.workspace = Workspace(plan, block[: plan.placement.total], Telling)
        for index, step in enumerate(self.workspace.steps):
            step.context.teller, step.context.index = self.teller, index  # type: ignore[attr-defined]
        self.workspace.bind(arrays, schedule.batch, shard.index, {})
        for index, step in enumerate(self.workspace.steps):
            self._synchronized(index, step) if step.op.synchronized else self._run(index, step, Step.forward, "forward")
        for number, value in self.workspace.results():
            self._copy(value, ("output", number))
        if loss is not None:
            self._loss(loss, arrays)
            for index in reversed(range(len(self.workspace.steps))):
                step = self.workspace.steps[index]
                if step.op.backward:
                    self._backward(index, step)
            for number, tensor in enumerate(plan.inputs):
                if ("input_gradient", number) in arrays:
                    self._copy(self.workspace.gradient(tensor), ("input_gradient", number), tensor)
        self.told.append(self.teller.taken())

    def _run(self, index: int, step: Step, go: Callable[[Step, str], None], method: str) -> None:
        """One method of one layer: recorded, or run by Python."""
        if not self.program.stepping and (step.op.view or not written_by_user(step.layer, method)):
            go(step, method)
        else:
            self.teller.python(lambda at_work: go(at_work.workspace.steps[index], method))

    def _synchronized(self, index: int, step: Step) -> None:
        self._run(index, step, Step.forward, "partial")
        self.told.append(self.teller.taken())
        self._run(index, step, Step.forward, "apply")

    def _backward(self, index: int, step: Step) -> None:
        if self.program.stepping:
            self.teller.python(lambda at_work: at_work.workspace.steps[index].begin_backward())
        else:
            step.begin_backward()
        if step.op.synchronized:
            self._run(index, step, Step.backward, "backward_partial")
            self.told.append(self.teller.taken())
        self._run(index, step, Step.backward, "backward_apply" if step.op.synchronized else "backward")

    def _loss(self, loss: Loss, arrays: Mapping[Any, Array]) -> None:
        outputs = [arrays["output", number] for number in range(len(self.workspace.plan.outputs))]
        if loss.kernels is None or self.program.stepping:
            self.teller.python(lambda at_work: at_work.loss())
        else:
            mine = [arrays["loss", number] for number in range(len(loss.arrays))]
            loss.tell(self.teller, mine, outputs, self.workspace.output_gradients)
        for number, tensor in enumerate(self.workspace.plan.outputs):
            if ("again", number) in arrays:
                if self.program.stepping:
                    self.teller.python(lambda at_work, n=number, t=tensor: at_work.add_again(n, t))  # type: ignore[misc]
                else:
                    self.teller.call(kernels.copying.add_all, arrays["again", number], self.workspace.gradient(tensor))

    def _copy(self, value: Array, key: Any, gradient_of: int | None = None) -> None:
        if self.program.stepping:
            self.teller.python(lambda at_work: at_work.hand_over(key, gradient_of))
        else:
            parts = self.program.layout.parts({key: self.program.layout.stand_ins[key]}, self.teller.shard)
            self.teller.call(kernels.copying.copy_all, value, parts[key])


def layout(schedule: Schedule, loss: Loss | None) -> Layout:
    """The arrays that are in no block."""
    plan, found = schedule.whole, Layout(schedule.batch)
    for number, tensor in enumerate(plan.inputs):
        found.add(("input", number), plan.shapes[tensor], plan.dtypes[tensor], ROWS, given=True)
    for number, tensor in enumerate(plan.outputs):
        found.add(("output", number), plan.shapes[tensor], plan.dtypes[tensor], ROWS, given=True)
    if loss is not None:
        found.add(("sets",), (schedule.groups, schedule.slots.row), np.float32, SETS, given=True)
        found.add(("late_sets",), (schedule.slots.late_size,), np.float32, WHOLE, given=True)
        for number, array in enumerate(loss.arrays if loss.kernels is not None else []):
            found.add(("loss", number), array.shape, array.dtype, ROWS, given=True)
        for number, tensor in enumerate(plan.outputs):
            if tensor in plan.outputs[:number]:
                found.add(("again", number), plan.shapes[tensor], np.float32, ROWS)
        for number, tensor in enumerate(plan.inputs):
            if plan.mode.input_gradients and tensor in plan.lifetimes.writers:
                found.add(("input_gradient", number), plan.shapes[tensor], np.float32, ROWS, given=True)
        for index in schedule.late_indices:
            op = plan.ops[index]
            found.add(("late_input", index), plan.shapes[op.inputs[0]], np.float32, ROWS)
            found.add(("late_gradient", index), plan.shapes[op.outputs[0]], np.float32, ROWS)
            for name, (shape, dtype) in late_scratch(plan, op).items():
                found.add(("late_scratch", index, name), shape, dtype, WHOLE)
    for index, op in enumerate(plan.ops):
        for name, (shape, dtype) in op.buffers.partial.items():
            found.add(("partial", index, name), (len(schedule.shards), *shape), dtype, SHARDS)
        for name, (shape, dtype) in op.buffers.shared.items():
            found.add(("shared", index, name), shape, dtype, WHOLE)
    for layer in schedule.drawing:
        found.add(("drawn", id(layer)), (len(schedule.shards), 2), np.int64, SHARDS)
    return found


def with_gradients(schedule: Schedule, parts: dict[Any, Array]) -> dict[Any, Array]:
    """With the offset of each weight's gradient in this shard's set."""
    if ("sets",) not in parts:
        return parts
    return parts | {("gradient", weight): array for weight, array in schedule.slots.of_groups(parts["sets",]).items()}
