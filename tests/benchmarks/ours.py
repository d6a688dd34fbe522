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
    """Backward of a one-layer model: forward ran before, its workspaces stay, and only backward runs again, played as the
    engine plays it (engine/replay.py). Groups are dealt out to the threads, and pieces of one thread use the same scratch,
    as in the engine's arenas."""

    def __init__(self, net: Any, case: Case) -> None:
        from tinyseq.engine.plan import Mode
        from tinyseq.engine.replay import NOTED, UNNOTED
        from tinyseq.engine.runner import Backward, enter, input_gradients, outsiders, split_parts

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
        self.parts = split_parts(self.schedule)
        self.workspaces: dict[Any, Any] = {}
        self.outsiders: dict[Any, Any] = {}
        self.shares = [self.schedule.by_group()[part :: case.threads] for part in range(case.threads)]
        for share in self.shares:
            scratch: dict[Any, Any] = {}
            for piece in (piece for pieces in share for piece in pieces):
                here = slice(piece.start, piece.stop)
                given, made = [self.inputs[0][here]], [outputs[0][here]]
                workspace = self.workspaces[piece] = engine.arenas.lease().workspace(piece.plan)
                workspace.steps[0].backward_scratch = scratch.setdefault(piece.plan, workspace.steps[0].backward_scratch)
                enter(workspace, self.schedule, piece, draws, work)
                workspace.bind(given, made)
                self.outsiders[piece] = outsiders(self.schedule, piece, given, made, work)
                for _ in range(UNNOTED + NOTED):
                    workspace.replay.begin(self.outsiders[piece], self.parts, None)
                    workspace.replay.forward()
                    workspace.output_gradients[0][...] = case.dy[here]
                    workspace.replay.backward()
                    workspace.replay.end()

    def run(self) -> None:
        """Backward of all pieces over the threads, and the sum over the groups, as at the end of Engine.step."""
        from tinyseq.engine import threads

        threads.run([lambda share=share: self._groups(share) for share in self.shares if share])  # type: ignore[misc]
        if self.kernel is not None:
            self.gradients.reduce(self.schedule.groups)

    def _groups(self, groups: list[list[Any]]) -> None:
        for pieces in groups:
            if self.kernel is not None:
                self.gradients.clear(pieces[0].group)
            for piece in pieces:
                replay = self.workspaces[piece].replay
                replay.begin(self.outsiders[piece], self.parts, None)
                replay.backward()
                replay.end()

    def result(self) -> Any:
        """The gradient in question."""
        self.run()
        if self.kernel is not None:
            return np.array(self.gradients.of(self.kernel))
        found = np.empty_like(self.inputs[0])
        for piece, workspace in self.workspaces.items():
            found[piece.start : piece.stop] = workspace.gradient(workspace.plan.inputs[0])
        return found
