"""A run through layers that look over the whole batch: all pieces meet there, statistics are combined in their order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from numpy.typing import NDArray

from tinyseq.engine import threads
from tinyseq.engine.partition import Schedule
from tinyseq.engine.workspace import Arena, Step, Workspace
from tinyseq.kernels.jit.interrupts import defer_interrupt

if TYPE_CHECKING:
    from tinyseq.engine.engine import Backward, Engine

Array = NDArray[Any]


def run_synchronized(
    engine: Engine,
    schedule: Schedule,
    inputs: Sequence[Array],
    outputs: Sequence[Array],
    draws: dict[int, int],
    work: Backward | None,
) -> None:
    """As Engine.run and Engine.step do it, one stretch between two meetings at a time. Every piece keeps its workspace."""
    from tinyseq.engine.engine import enter

    arenas: list[Arena] = []
    try:
        workspaces: list[Workspace] = []
        for piece in schedule.pieces:
            arena = engine.arenas.lease()
            arenas.append(arena)
            workspace = arena.workspace(piece.plan)
            workspaces.append(workspace)
            enter(workspace, schedule, piece, draws, work)
            workspace.bind([a[piece.start : piece.stop] for a in inputs], [a[piece.start : piece.stop] for a in outputs])
        _forward(workspaces, schedule)
        for workspace, piece in zip(workspaces, schedule.pieces, strict=True):
            mine = [array[piece.start : piece.stop] for array in outputs]
            workspace.finish(mine)
            if work is not None:
                work.loss(piece, mine, workspace.output_gradients)
                workspace.loss_written()
        if work is not None:
            _backward(workspaces, schedule, work)
        for workspace in workspaces:
            workspace.release()
    finally:
        for arena in reversed(arenas):
            engine.arenas.give_back(arena)


def _forward(workspaces: list[Workspace], schedule: Schedule) -> None:
    for start, stop in _stretches(schedule):
        meeting = workspaces[0].steps[start].op.synchronized
        if not meeting:
            threads.run([_forwards(workspace.steps[start:stop]) for workspace in workspaces])
            continue
        steps = [workspace.steps[start] for workspace in workspaces]
        combined = _meet(steps, schedule.batch, _partial)
        with defer_interrupt():
            steps[0].layer.update(steps[0].context, combined)
            for weight in steps[0].op.weights:
                weight.version += 1
        threads.run([_applies(step, combined) for step in steps])


def _backward(workspaces: list[Workspace], schedule: Schedule, work: Backward) -> None:
    for group in range(schedule.groups):
        work.gradients.clear(group)
    by_group = [[workspaces[piece.index] for piece in pieces] for pieces in schedule.by_group()]
    for start, stop in reversed(_stretches(schedule)):
        if not workspaces[0].steps[start].op.synchronized:
            threads.run([_backwards([w.steps[start:stop] for w in group]) for group in by_group])
            continue
        if not workspaces[0].steps[start].op.backward:
            continue
        steps = [workspace.steps[start] for workspace in workspaces]
        for step in steps:
            for array in step.zeros:
                array.fill(0)
        partials = [_backward_partial(step) for step in steps]
        combined = steps[0].layer.combine(partials, schedule.batch)
        for step in steps:  # in order: pieces of one group add to the same gradients
            step.context._scratch = step.backward_scratch
            step.keep_gradients(step.layer.backward_apply(step.context, combined, *step.gradients))
    for workspace, piece in zip(workspaces, schedule.pieces, strict=True):
        work.take_inputs(workspace, piece)


def _stretches(schedule: Schedule) -> list[tuple[int, int]]:
    """(start, stop) of the operations between meetings; a meeting is a stretch of its own."""
    found: list[tuple[int, int]] = []
    start = 0
    ops = schedule.whole.ops
    for index, op in enumerate(ops):
        if op.synchronized:
            if start < index:
                found.append((start, index))
            found.append((index, index + 1))
            start = index + 1
    if start < len(ops):
        found.append((start, len(ops)))
    return found


def _meet(steps: list[Step], batch: int, part: Callable[[Step], Array]) -> Array:
    """The statistics of the whole batch."""
    partials: list[Any] = [None] * len(steps)

    def task(index: int) -> None:
        partials[index] = part(steps[index])

    threads.run([lambda index=index: task(index) for index in range(len(steps))])  # type: ignore[misc]
    return steps[0].layer.combine(partials, batch)


def _partial(step: Step) -> Array:
    step.context._scratch = step.forward_scratch
    return step.layer.partial(step.context, *step.context.inputs)


def _backward_partial(step: Step) -> Array:
    step.context._scratch = step.backward_scratch
    return step.layer.backward_partial(step.context, *step.gradients)


def _applies(step: Step, combined: Array) -> Callable[[], None]:
    return lambda: step.apply(combined)


def _forwards(steps: list[Step]) -> Callable[[], None]:
    def task() -> None:
        for step in steps:
            step.forward()

    return task


def _backwards(stretches: list[list[Step]]) -> Callable[[], None]:
    """One group: its pieces after each other, since they add to the same gradients."""

    def task() -> None:
        for steps in stretches:
            for step in reversed(steps):
                if step.op.backward:
                    step.backward()

    return task
