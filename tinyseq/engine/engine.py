"""Engine: runs one graph on arrays. Plans are cached by shapes, memory is leased, the batch goes over threads."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shapecheck.graph import Graph
from tinyseq.engine import threads
from tinyseq.engine.batch_statistics import run_synchronized
from tinyseq.engine.gradients import Gradients
from tinyseq.engine.operator import Operator
from tinyseq.engine.partition import Piece, Schedule
from tinyseq.engine.plan import PREDICT, Mode
from tinyseq.engine.program import Kind
from tinyseq.engine.workspace import Arenas, Workspace
from tinyseq.weights import memory, seeds

Array = NDArray[Any]
Loss = Callable[[Piece, Sequence[Array], Sequence[Array]], None]
"""loss(piece, outputs, gradients): writes the gradient of the loss for the outputs of one piece. If it does so by kernels alone,
it says which in `kernels`, and in `arrays` what of the whole batch they read and write (training/compiled.py: Objective)."""

CACHED = 16
"""Schedules kept: shapes and modes that come again."""


class Engine:
    """What a model (or a lone layer) computes with. Safe for prediction from several Python threads."""

    def __init__(self, graph: Graph, name: str) -> None:
        self.graph = graph
        self.name = name
        self.arenas = Arenas()
        self._schedules: dict[Any, Schedule] = {}
        self._stamp = seeds.stamp()
        self._lock = threading.Lock()
        self._gradients: Gradients | None = None

    def run(self, inputs: Sequence[Array], mode: Mode = PREDICT) -> list[Array]:
        """The outputs, new arrays that belong to the caller. `inputs` are checked already: see inputs.py."""
        try:
            return self._run(inputs, mode)
        except BaseException:
            self.break_off()
            raise

    def _run(self, inputs: Sequence[Array], mode: Mode) -> list[Array]:
        schedule = self.schedule(tuple([array.shape for array in inputs]), mode)
        outputs = [np.empty(s, d) for s, d in zip(schedule.output_shapes, schedule.output_dtypes, strict=True)]
        draws = self._begin(schedule)
        if schedule.single:
            self._run_piece(schedule, schedule.pieces[0], inputs, outputs, draws)
        elif schedule.whole.synchronized:
            run_synchronized(self, schedule, inputs, outputs, draws, None)
        elif not self._together(schedule, inputs, outputs):
            tasks = [self._task(schedule, piece, inputs, outputs, draws) for piece in schedule.pieces]
            threads.run_all(tasks, schedule.worth_waking)
        return outputs

    def step(self, inputs: Sequence[Array], mode: Mode, loss: Loss) -> tuple[list[Array], Gradients, list[Array | None]]:
        """Forward, loss, backward: (outputs, gradients of the trained weights, gradients of the inputs if mode asks)."""
        try:
            return self._step(inputs, mode, loss)
        except BaseException:
            self.break_off()
            raise

    def _step(self, inputs: Sequence[Array], mode: Mode, loss: Loss) -> tuple[list[Array], Gradients, list[Array | None]]:
        schedule = self.schedule(tuple([array.shape for array in inputs]), mode)
        outputs = [np.empty(s, d) for s, d in zip(schedule.output_shapes, schedule.output_dtypes, strict=True)]
        gradients = self._gradients_for(schedule)
        draws = self._begin(schedule)
        work = Backward(gradients, loss, input_gradients(schedule, inputs))
        if schedule.whole.synchronized:
            run_synchronized(self, schedule, inputs, outputs, draws, work)
        elif not self._together(schedule, inputs, outputs, work):
            groups = schedule.by_group()
            tasks = [self._group_task(schedule, pieces, inputs, outputs, draws, work) for pieces in groups]
            threads.run_all(tasks, schedule.worth_waking)
        gradients.reduce(schedule.groups)
        seen: set[Operator] = set()
        for index, late in schedule.late.items():
            late.run(gradients.of_late(schedule.whole.ops[index]), fresh=late.layer not in seen)
            seen.add(late.layer)
        return outputs, gradients, work.inputs

    def _together(
        self, schedule: Schedule, inputs: Sequence[Array], outputs: Sequence[Array], work: Backward | None = None
    ) -> bool:  # fmt: skip
        """Has all pieces played by a team of threads; False, and nothing is done, if Python is needed for some of them."""
        kind, sets = (None, None) if work is None else (work.kind, work.gradients.sets)
        programs = schedule.played(kind)
        if programs is None:
            return False
        from tinyseq.engine.team import Team

        arrays = whole_arrays(schedule, inputs, outputs, work)
        team = schedule.teams.pop() if schedule.teams else None
        if team is None or not team.fits(programs, sets):
            team = Team(schedule, programs, arrays, sets)
        team.run(self.arenas, arrays)
        schedule.teams.append(team)
        return True

    # ------------------------------------------------------------------ one piece

    def _run_piece(
        self,
        schedule: Schedule,
        piece: Piece,
        inputs: Sequence[Array],
        outputs: Sequence[Array],
        draws: dict[int, int],
        work: Backward | None = None,
    ) -> None:
        arena = self.arenas.lease()
        try:
            workspace = arena.workspace(piece.plan)
            mine = outputs if schedule.single else [array[piece.start : piece.stop] for array in outputs]
            given = inputs if schedule.single else [array[piece.start : piece.stop] for array in inputs]
            replay, parts = workspace.replay, split_parts(schedule)
            kind = None if work is None else work.kind
            alone = replay.ready(parts, kind) and not workspace.copies
            if not alone:
                enter(workspace, schedule, piece, draws, work)
                workspace.bind(given, mine)
            replay.begin(outsiders(schedule, piece, given, mine, work), parts, kind)
            replay.forward()
            if not alone:
                workspace.finish(mine)
            if work is not None:
                replay.loss(lambda: work.loss(piece, mine, workspace.output_gradients))
                workspace.loss_written()
                replay.backward()
                work.take_inputs(workspace, piece)
            if not alone:
                workspace.release()
            replay.end()
            if replay.program is not None and piece.plan not in schedule.programs and workspace.plays_all(parts):
                schedule.programs[piece.plan] = replay.program
        finally:
            self.arenas.give_back(arena)

    def _task(self, *arguments: Any) -> Callable[[], None]:
        return lambda: self._run_piece(*arguments)

    def _group_task(
        self,
        schedule: Schedule,
        pieces: list[Piece],
        inputs: Sequence[Array],
        outputs: Sequence[Array],
        draws: dict[int, int],
        work: Backward,
    ) -> Callable[[], None]:
        def task() -> None:
            work.gradients.clear(pieces[0].group)
            for piece in pieces:
                self._run_piece(schedule, piece, inputs, outputs, draws, work)

        return task

    # ------------------------------------------------------------------ before a run

    def schedule(self, shapes: tuple[tuple[int, ...], ...], mode: Mode) -> Schedule:
        """The cut and the plans for these shapes; made once, kept for the next calls."""
        if self._stamp != seeds.stamp():
            self.forget()
        found = self._schedules.get((shapes, mode))
        if found is not None:
            return found
        with self._lock:
            schedule = Schedule(self.graph, shapes, mode)
            self._require(schedule)
            schedule.preparing.drop_misfits()
            for weight in schedule.weights:
                weight.value  # noqa: B018  memory is taken at the first use: here, and not in the middle of a run
            if len(self._schedules) >= CACHED:
                self._schedules.pop(next(iter(self._schedules)))
            self._schedules[shapes, mode] = schedule
        return schedule

    def forget(self) -> None:
        """Plans are made anew: what trains has changed."""
        with self._lock:
            self._stamp = seeds.stamp()
            self._schedules = {}
            self._gradients = None

    def break_off(self) -> None:
        """After an error or Ctrl-C in the middle of a run: no array that it may have left half written is used again."""
        self.forget()
        self.arenas = Arenas()

    def _require(self, schedule: Schedule) -> None:
        weights = sum(weight.nbytes for weight in schedule.weights if not weight.allocated)
        block = max(piece.plan.placement.total for piece in schedule.pieces)
        blocks = block * min(threads.get_num_threads(), len(schedule.pieces))
        late = sum(weight.nbytes for weight in schedule.late_weights)
        gradients = schedule.groups * (sum(weight.nbytes for weight in schedule.trained) - late) + late
        memory.require(weights + blocks + gradients, f"model {self.name!r} on a batch of {schedule.batch}")

    def _begin(self, schedule: Schedule) -> dict[int, int]:
        """Derived weights made anew where weights have changed; for layers that draw, the number of the draw."""
        schedule.preparing.run()
        return {id(layer): next_draw(layer) for layer in schedule.drawing} if schedule.whole.mode.training else {}

    def _gradients_for(self, schedule: Schedule) -> Gradients:
        """The store of the last step if it fits: a steady step allocates nothing."""
        found = self._gradients
        same = found is not None and [id(w) for w in found.weights] == [id(w) for w in schedule.trained]
        late = found is not None and [id(w) for w in found.late] == [id(w) for w in schedule.late_weights]
        if found is None or not same or not late or len(found.flat) < schedule.groups:
            found = self._gradients = Gradients(schedule.trained, schedule.groups, schedule.late_weights)
        schedule.late_ops()
        return found


class Backward:
    """What a step needs beyond forward."""

    def __init__(self, gradients: Gradients, loss: Loss, inputs: list[Array | None]) -> None:
        self.gradients = gradients
        self.loss = loss
        self.kind: Kind = getattr(loss, "kernels", None)
        """What computes the loss, if nothing but kernels does."""
        self.losses: list[Array] = getattr(loss, "arrays", []) if self.kind is not None else []
        """Arrays of the whole batch that the loss reads and writes then."""
        self.inputs = inputs

    def take_inputs(self, workspace: Workspace, piece: Piece) -> None:
        """Copies the gradients of the inputs out of the workspace."""
        for tensor, array in zip(workspace.plan.inputs, self.inputs, strict=True):
            if array is not None:
                array[piece.start : piece.stop] = workspace.gradient(tensor)


def input_gradients(schedule: Schedule, inputs: Sequence[Array]) -> list[Array | None]:
    """Places for the gradients of the inputs; None where none flows or nobody asks."""
    plan = schedule.whole
    if not plan.mode.input_gradients:
        return [None] * len(inputs)
    writers = plan.lifetimes.writers
    return [np.empty(array.shape, np.float32) if t in writers else None for t, array in zip(plan.inputs, inputs, strict=True)]


def split_parts(schedule: Schedule) -> int:
    """Into how many parts a layer may be split: into several if there is no other piece for the other threads."""
    return threads.get_num_threads() if len(schedule.pieces) == 1 else 1


def outsiders(
    schedule: Schedule, piece: Piece, inputs: Sequence[Array], outputs: Sequence[Array], work: Backward | None
) -> list[Array]:  # fmt: skip
    """The arrays of a piece that are not its workspace's: its parts of `whole_arrays`."""
    found = [*inputs, *outputs]
    if work is not None:
        found.append(work.gradients.flat[piece.group])
        found += [rows(array, schedule.batch, piece.start, piece.stop) for array in kept_arrays(schedule, work)]
    return found


def whole_arrays(
    schedule: Schedule, inputs: Sequence[Array], outputs: Sequence[Array], work: Backward | None
) -> list[Array]:  # fmt: skip
    """The arrays of a run that are nobody's workspace's, of the whole batch; sets of gradients as one."""
    return [*inputs, *outputs, *([] if work is None else [work.gradients.sets, *kept_arrays(schedule, work)])]


def kept_arrays(schedule: Schedule, work: Backward) -> list[Array]:
    """What late gradients need, and what the loss reads and writes."""
    return [*(array for late in schedule.late.values() for array in (late.inputs, late.gradient)), *work.losses]


def rows(array: Array, batch: int, start: int, stop: int) -> Array:
    """Of an array with one row or several for each sample, those of samples start..stop-1."""
    each = len(array) // batch
    return array[start * each : stop * each]


def enter(workspace: Workspace, schedule: Schedule, piece: Piece, draws: dict[int, int], work: Backward | None) -> None:
    """Sets what differs from run to run in the contexts."""
    place = (schedule.batch, piece.index, split_parts(schedule))
    if workspace.entered != place:
        workspace.entered = place
        for step in workspace.steps:
            context = step.context
            context.batch, context.shard, context.parts = place
    for step in workspace.preparing:
        step.context._prepared = step.layer._prepared[workspace.plan.prepares_backward[step.layer]][1]
    if draws:
        for step in workspace.drawing:
            step.context.draw = draws[id(step.layer)]
            step.context._random = None
    if work is not None:
        for step in workspace.steps:
            if step.op.trained:
                step.context._gradients = work.gradients.of_op(piece.group, step.op)
        for index, late in schedule.late.items():
            rows = slice(piece.start, piece.stop)
            workspace.steps[index].late = (late.inputs[rows], late.gradient[rows])


_draw_lock = threading.Lock()


def next_draw(layer: Operator) -> int:
    """The number of this draw of a layer's random numbers: 0, 1, 2 ..."""
    with _draw_lock:
        layer._draws += 1
        return layer._draws - 1
