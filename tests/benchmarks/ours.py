"""tinyseq as a contender. Predictions and training steps go by the public calls.

The gradients of one layer have no public call of their own. They are the backward half of Engine.step, run here with the
engine's own schedule, threads and reduction; everything of the engine that this needs stands in `Half`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

import tinyseq
from tests.benchmarks.cases import Case, Contender, losses
from tests.benchmarks.keras_style import compiled, model
from tests.benchmarks.models import TINY

NAME = "tinyseq"


def contender(case: Case) -> Contender:
    """Any of the tasks."""
    tinyseq.set_num_threads(case.threads)
    if case.task == "train":
        net = compiled(tinyseq, case.net, case.weights)
        return Contender(lambda: net.train_on_batch(case.x, case.y), lambda: losses(lambda: net.train_on_batch(case.x, case.y)))
    net = model(tinyseq, case.net, case.weights)
    if case.task == "predict":
        call = net if case.net is TINY else net.predict_on_batch
        return Contender(lambda: call(case.x), lambda: call(case.x))
    half = Half(net, case)
    return Contender(half.run, half.result)


class Half:
    """Backward of a one-layer model: forward ran before, its memory stays, and only backward runs again, played by a team of
    threads as in the engine (engine/team.py). Each piece has its own block of memory here."""

    def __init__(self, net: Any, case: Case) -> None:
        from tinyseq.engine.team import Team

        from tinyseq.engine.engine import Backward, enter, input_gradients, outsiders, split_parts, whole_arrays
        from tinyseq.engine.plan import Mode
        from tinyseq.engine.program import BACKWARD, NOTED, UNNOTED

        of_weights = case.task == "weight gradient"
        self.kernel = net.trainable_weights[0] if of_weights else None  # the bias's gradient is nobody's task
        trained = (self.kernel,) if of_weights else ()
        mode = Mode(training=True, backward=True, trained=trained, input_gradients=not of_weights)
        engine = net._ready_engine()
        self.inputs = net._take(case.x)
        self.schedule = engine.schedule((case.x.shape,), mode)
        outputs = [np.empty(shape, np.float32) for shape in self.schedule.output_shapes]
        self.gradients = engine._gradients_for(self.schedule)
        draws = engine._begin(self.schedule)
        work = Backward(self.gradients, lambda *_: None, [input_gradients(self.schedule, self.inputs)[0]])
        self.workspaces: list[Any] = []
        for piece in self.schedule.pieces:
            here = slice(piece.start, piece.stop)
            given, made = [self.inputs[0][here]], [outputs[0][here]]
            workspace = engine.arenas.lease().workspace(piece.plan)
            self.workspaces.append(workspace)
            for _ in range(UNNOTED + NOTED):
                enter(workspace, self.schedule, piece, draws, work)
                workspace.bind(given, made)
                self.begun = outsiders(self.schedule, piece, given, made, work), split_parts(self.schedule), None
                workspace.replay.begin(*self.begun)
                workspace.replay.forward()
                workspace.output_gradients[0][...] = case.dy[here]
                workspace.replay.backward()
                workspace.replay.end()
        self.team: Any = None
        if self.schedule.single:
            return
        self.arrays = whole_arrays(self.schedule, self.inputs, outputs, work)
        programs = {workspace.plan: workspace.replay.program for workspace in self.workspaces}
        played = [programs[workspace.plan] for workspace in self.workspaces]
        self.team = Team(self.schedule, played, self.arrays, self.gradients.sets, BACKWARD)
        self.team.stage.parts[:, 0] = [workspace.block.ctypes.data for workspace in self.workspaces]
        self.arenas = engine.arenas

    def run(self) -> None:
        """Backward of all pieces over the threads, and the sum over the groups, as at the end of Engine.step."""
        if self.team is None:  # one piece, whose layer is split over threads
            [workspace] = self.workspaces
            if self.kernel is not None:
                self.gradients.clear(0)
            workspace.replay.begin(*self.begun)
            workspace.replay.backward()
            workspace.replay.end()
        else:
            self.team.run(self.arenas, self.arrays)
        if self.kernel is not None:
            self.gradients.reduce(self.schedule.groups)

    def result(self) -> Any:
        """The gradient in question."""
        self.run()
        if self.kernel is not None:
            return np.array(self.gradients.of(self.kernel))
        found = np.empty_like(self.inputs[0])
        for piece, workspace in zip(self.schedule.pieces, self.workspaces, strict=True):
            found[piece.start : piece.stop] = workspace.gradient(workspace.plan.inputs[0])
        return found
