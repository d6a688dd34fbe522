"""Engine: runs one graph on arrays. Plans and programs are cached by shapes, memory is leased, the batch goes over threads."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from shapecheck.graph import Graph
from tinyseq.engine import packed_weights, threads
from tinyseq.engine.context import Refused
from tinyseq.engine.gradients import Gradients
from tinyseq.engine.operator import Operator
from tinyseq.engine.partition import Schedule
from tinyseq.engine.plan import MASKS, PREDICT, Mode
from tinyseq.engine.team import Team
from tinyseq.engine.workspace import Arenas
from tinyseq.kernels.jit.interrupts import defer_interrupt
from tinyseq.kernels.runtime.calls import AtOnce, steps_in_python
from tinyseq.weights import memory, seeds

if TYPE_CHECKING:
    from tinyseq.engine.parallel import Run
    from tinyseq.engine.program import Loss, Program, Update

Array = NDArray[Any]
Shapes = tuple[tuple[int, ...], ...]

CACHED = 16
"""Most schedules cached, for recurring shapes and modes."""
PROGRAMS = 4
"""Most programs cached for each, for recurring losses, optimizers and numbers of threads."""


class Programmed(Schedule):
    """A schedule with the programs that run it."""

    def __init__(self, graph: Graph, shapes: tuple[tuple[int, ...], ...], mode: Mode, team: Team | None) -> None:
        super().__init__(graph, shapes, mode, team)
        self.programs: dict[Any, Program] = {}
        """By loss, update and number of threads."""


class Engine:
    """Runs a model (or a single layer). Safe for prediction from several Python threads."""

    def __init__(self, graph: Graph, name: str) -> None:
        self.graph = graph
        self.name = name
        self.arenas = Arenas()
        self._schedules: dict[Any, Programmed] = {}
        self._stamp = seeds.stamp()
        self._lock = threading.Lock()
        self._gradients: Gradients | None = None

    def run(
        self,
        inputs: Sequence[Array],
        mode: Mode = PREDICT,
        losses: list[tuple[Operator, float]] | None = None,
        shapes: Shapes | None = None,
        team: Team | None = None,
    ) -> list[Array]:
        """The outputs, new arrays that belong to the caller. `inputs` must be checked: see inputs.py.

        `losses`: a list that gets what layers added to the loss. `shapes`: of the model's inputs, if `inputs` are what a part of it reads.
        `team`: the processes that share the batch.
        """
        try:
            schedule = self.schedule(shapes or tuple([array.shape for array in inputs]), mode, team)
            outputs, given = _given(schedule, inputs)
            run = self._perform(schedule, given, None, None)
            _exchange(schedule, outputs, run)
            if losses is not None:
                losses += run.added_losses()
            if run.program.last:
                self.finish(run)
            else:
                run.rest()
            return outputs
        except BaseException:  # Ctrl-C too: arrays may be half written
            self.break_off()
            raise

    def masks(self, inputs: Sequence[Array], mode: Mode, team: Team | None = None) -> dict[int, Array]:
        """The masks of the outputs that have one, by their number: (samples, steps) uint8. `mode` is that of the step for which they
        are: whether there are any is read off its plan, so that a model without masks gets no plan of its own for them. `team`: that of
        the step; every process computes all masks."""
        numbers = self.schedule(tuple([array.shape for array in inputs]), mode, team).whole.masked_outputs
        return dict(zip(numbers, self.run(inputs, MASKS), strict=True)) if numbers else {}

    def step(
        self, inputs: Sequence[Array], mode: Mode, loss: Loss, update: Update | None = None, shapes: Shapes | None = None,
        team: Team | None = None,
    ) -> TrainingStep:  # fmt: skip
        """Forward, loss, backward. Weights change only in `TrainingStep.finish`. `shapes` and `team`: as for `run`."""
        try:
            schedule = self.schedule(shapes or tuple([array.shape for array in inputs]), mode, team)
            outputs, given = _given(schedule, inputs)
            gradients = self._gradients_for(schedule)
            given["sets",], given["late_sets",] = gradients.sets, gradients.late
            wanted = input_gradients(schedule, inputs)
            given |= {("input_gradient", number): array for number, array in enumerate(wanted) if array is not None}
            if loss.kernels is not None:
                given |= {("loss", number): array for number, array in enumerate(loss.arrays)}
            run = self._perform(schedule, given, loss, update)
            if schedule.team is not None:
                _exchange(schedule, [*outputs, *loss.rows, *(array for array in wanted if array is not None)], run)
            return TrainingStep(self, run, outputs, gradients, wanted)
        except BaseException:  # Ctrl-C too: arrays may be half written
            self.break_off()
            raise

    def _perform(self, schedule: Programmed, given: dict[Any, Array], loss: Loss | None, update: Update | None) -> Run:
        """The part of a step that may be interrupted."""
        draws = {id(layer): next_draw(layer) for layer in schedule.drawing} if schedule.drawing else {}
        try:
            return self._run(self.program(schedule, loss, update, steps_in_python()), given, draws, loss)
        except Refused:
            self._run(self.program(schedule, loss, update, True), given, draws, loss)
            raise RuntimeError(f"{self.name}: a call that must return True returned False, but not in a run step by step") from None

    def _run(self, program: Program, given: dict[Any, Array], draws: dict[int, int], loss: Loss | None) -> Run:
        count = threads.get_num_threads()
        run: Run | None = program.run_of(count)
        if run is None:
            from tinyseq.engine import parallel  # numba

            run = parallel.Run(program, count, self.arenas)
        run.bind(given, draws, loss)
        if not program.packed():
            self._pack(run)
        run.perform(program.main)
        return run

    def _pack(self, run: Run) -> None:
        """Packs weights that have changed."""
        with packed_weights.lock:
            stale = [one for one in run.program.uses if not packed_weights.up_to_date(*one[0])]
            size = sum(array.size for _, arrays, _ in stale for array in arrays.values())
            spans = [span for _, _, span in stale if span is not None]
            if spans and spans[-1][1] - spans[0][0] == sum(end - begin for begin, end in spans):
                spans = [(spans[0][0], spans[-1][1])]  # all that lies between
            for begin, end in spans:
                run.play(begin, end, run.count if size > packed_weights.SHARED else 1)
            for (layer, backward), arrays, span in stale:
                if span is None:
                    layer.prepare(AtOnce(), packed_weights.values(layer), arrays)
                packed_weights.made(layer, backward)

    def finish(self, run: Run) -> None:
        """The part of a step that changes weights, completely or not at all."""
        with defer_interrupt():
            run.perform(run.program.last)
            for op in run.program.schedule.whole.ops:
                if op.synchronized:
                    for weight in op.weights:
                        weight.version += 1
        run.rest()

    # ------------------------------------------------------------------ before a run

    def schedule(self, shapes: Shapes, mode: Mode, team: Team | None = None) -> Programmed:
        """The partition and the plans for these shapes; created once and cached."""
        if self._stamp != seeds.stamp():
            self.forget()
        found = self._schedules.get((shapes, mode, team))
        if found is not None:
            return found
        with self._lock:
            schedule = Programmed(self.graph, shapes, mode, team)
            self._require(schedule)
            packed_weights.drop_misfits(schedule.uses)
            for weight in schedule.weights:
                weight.value  # noqa: B018  memory is taken at the first use: here, and not in the middle of a run
            if len(self._schedules) >= CACHED:
                self._schedules.pop(next(iter(self._schedules)))
            self._schedules[shapes, mode, team] = schedule
        return schedule

    def program(self, schedule: Programmed, loss: Loss | None, update: Update | None, stepping: bool) -> Program:
        """The program of such a run; recorded once and cached."""
        splits = len(schedule.shards) == 1 or bool(schedule.late_indices)
        key = (
            stepping, threads.get_num_threads() if splits else 0, loss is not None, getattr(loss, "kernels", None),
            None if update is None else update.key,
        )  # fmt: skip
        found = schedule.programs.get(key)
        if found is None or not found.holds():
            from tinyseq.engine.program import Program  # numba

            with self._lock:
                found = Program(schedule, threads.get_num_threads(), loss, None if stepping else update, stepping)
                if len(schedule.programs) >= PROGRAMS:
                    schedule.programs.pop(next(iter(schedule.programs)))
                schedule.programs[key] = found
        return found

    def forget(self) -> None:
        """Discards all plans, because the trained weights have changed."""
        with self._lock:
            self._stamp = seeds.stamp()
            self._schedules = {}
            self._gradients = None

    def break_off(self) -> None:
        """After an error or Ctrl-C during a run: discards every array that may be half written."""
        self.forget()
        self.arenas = Arenas()

    def _require(self, schedule: Schedule) -> None:
        weights = sum(weight.nbytes for weight in schedule.weights if not weight.allocated)
        block = max(shard.plan.placement.total for shard in schedule.shards)
        sets = 4 * (schedule.groups * schedule.slots.size + schedule.slots.late_size)
        memory.require(weights + block * schedule.blocks + sets, f"model {self.name!r} on a batch of {schedule.batch}")

    def _gradients_for(self, schedule: Schedule) -> Gradients:
        """The store of the last step if it fits: a steady step allocates nothing."""
        found = self._gradients
        if found is None or not found.slots.same(schedule.slots) or len(found.sets) < schedule.groups:
            found = self._gradients = Gradients(schedule.slots, schedule.groups)
        return found

    def statistics(self) -> dict[str, Any]:
        """Counts of what the engine caches, for tests."""
        schedules = list(self._schedules.values())
        programs = [program for schedule in schedules for program in schedule.programs.values()]
        return {
            "shards": [[(shard.start, shard.stop) for shard in schedule.shards] for schedule in schedules],
            "groups": [schedule.groups for schedule in schedules],
            "programs": len(programs),
            "python_stages": sum(not isinstance(part, tuple) for program in programs for part in (*program.main, *program.last)),
            "calls": sum(len(program.score.calls) for program in programs),
            "parts": sorted(program.parts for program in programs),
            "threads": sorted({run.count for program in programs for run in program.runs}),
            "blocks": self.arenas.count,
            "block_bytes": self.arenas.nbytes,
        }


class TrainingStep:
    """Outputs and gradients of a step whose weights have not changed yet. `finish` makes what changes them."""

    def __init__(
        self, engine: Engine, run: Run, outputs: list[Array], gradients: Gradients, inputs: list[Array | None]
    ) -> None:  # fmt: skip
        self._engine = engine
        self._run = run
        self.outputs = outputs
        self.gradients = gradients
        self.inputs = inputs
        """Gradients of the inputs, if the mode includes them."""
        self.losses = run.added_losses()
        """The penalties that layers added to the loss."""

    @property
    def not_shared(self) -> str:
        """Why several processes do not share this batch; "": they do."""
        schedule = self._run.program.schedule
        if schedule.team is not None:
            return ""
        if schedule.whole.mode.whole:
            return "the loss needs all of its samples at once"
        found = [op.layer.name for op in schedule.whole.ops if not op.layer.shardable or (op.rows is not None and op.looks_over)]
        return f"{found[0]} needs all of its samples at once" if found else "it is too little work"

    def drop(self) -> None:
        """Instead of `finish`: nothing changes."""
        self._run.rest()

    def finish(self) -> None:
        """Moving statistics, and the optimizer's update if it is part of the program."""
        try:
            self._engine.finish(self._run)
        except BaseException:  # Ctrl-C too: arrays may be half written
            self._engine.break_off()
            raise


def _given(schedule: Schedule, inputs: Sequence[Array]) -> tuple[list[Array], dict[Any, Array]]:
    """New outputs, and the arrays of a run so far."""
    outputs = [np.empty(s, d) for s, d in zip(schedule.output_shapes, schedule.output_dtypes, strict=True)]
    given: dict[Any, Array] = {("input", number): array for number, array in enumerate(inputs)}
    for number, array in enumerate(outputs):
        given["output", number] = array
    return outputs, given


def _exchange(schedule: Schedule, arrays: Sequence[Array], run: Run) -> None:
    """Rows of the batch, and terms of the loss, that other processes have computed."""
    if schedule.team is None:
        return
    for array in arrays:
        each = len(array) // schedule.batch
        schedule.team.gather(array, [bound * each for bound in schedule.row_bounds])
    for index, op in enumerate(schedule.whole.ops):
        if "loss" in op.buffers.partial:
            schedule.team.gather(run.own["partial", index, "loss"], schedule.shard_bounds)


def input_gradients(schedule: Schedule, inputs: Sequence[Array]) -> list[Array | None]:
    """Arrays for the gradients of the inputs; None if there is none or it is not needed."""
    plan = schedule.whole
    if not plan.mode.input_gradients:
        return [None] * len(inputs)
    writers = plan.lifetimes.writers
    return [np.empty(array.shape, np.float32) if t in writers else None for t, array in zip(plan.inputs, inputs, strict=True)]


_draw_lock = threading.Lock()


def next_draw(layer: Operator) -> int:
    """The number of this draw of a layer's random numbers: 0, 1, 2 ..."""
    with _draw_lock:
        layer._draws += 1
        return layer._draws - 1
