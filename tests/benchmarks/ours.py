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
    """Backward of a one-layer model: forward ran once, its workspaces stay, and only backward runs again."""

    def __init__(self, net: Any, case: Case) -> None:
        from tinyseq.engine.plan import Mode
        from tinyseq.engine.runner import Backward, enter, input_gradients

        of_weights = case.task == "weight gradient"
        self.kernel = net.trainable_weights[0] if of_weights else None  # the bias's gradient is nobody's task
        trained = (self.kernel,) if of_weights else ()
        mode = Mode(training=True, backward=True, trained=trained, input_gradients=not of_weights)
        engine = net._ready_engine()
        self.inputs = net._take(case.x)
        self.schedule = engine.schedule((case.x.shape,), mode)
        self.outputs = [np.empty(shape, np.float32) for shape in self.schedule.output_shapes]
        self.gradients = engine._gradients_for(self.schedule)
        draws = engine._begin(self.schedule)
        self.dx = input_gradients(self.schedule, self.inputs)[0]
        self.work = Backward(self.gradients, lambda *_: None, [self.dx])
        self.pieces = {piece: engine.arenas.lease().workspace(piece.plan) for piece in self.schedule.pieces}
        for piece, workspace in self.pieces.items():
            here = slice(piece.start, piece.stop)
            enter(workspace, self.schedule, piece, draws, self.work)
            workspace.bind([self.inputs[0][here]], [self.outputs[0][here]])
            workspace.steps[0].forward()
            workspace.output_gradients[0][...] = case.dy[here]
        self.scratch = {piece.plan: [] for piece in self.pieces}
        """What is free: as the engine's arenas, so that threads use the same memory for one piece after the other."""
        for piece, workspace in self.pieces.items():
            self.scratch[piece.plan].append(workspace.steps[0].backward_scratch)

    def run(self) -> None:
        """Backward of all pieces over the threads, and the sum over the groups, as at the end of Engine.step."""
        from tinyseq.engine import threads

        threads.run([lambda pieces=pieces: self._group(pieces) for pieces in self.schedule.by_group()])  # type: ignore[misc]
        if self.kernel is not None:
            self.gradients.reduce(self.schedule.groups)

    def _group(self, pieces: list[Any]) -> None:
        if self.kernel is not None:
            self.gradients.clear(pieces[0].group)
        for piece in pieces:
            step, free = self.pieces[piece].steps[0], self.scratch[piece.plan]
            step.backward_scratch = free.pop()
            step.backward()
            free.append(step.backward_scratch)

    def result(self) -> Any:
        """The gradient in question."""
        self.run()
        if self.kernel is not None:
            return np.array(self.gradients.of(self.kernel))
        found = np.empty_like(self.inputs[0])
        for piece, workspace in self.pieces.items():
            found[piece.start : piece.stop] = workspace.gradient(workspace.plan.inputs[0])
        return found
