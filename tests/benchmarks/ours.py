"""tinyseq as a contender. Predictions and training steps go by the public calls.

The gradients of one layer have no public call of their own. They are the backward half of a step's program, without the calls of
forward; everything of the engine that this needs is in `Half`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

import tinyseq
from tests.benchmarks.cases import Case, Contender, losses
from tests.benchmarks.keras_style import compiled, model
from tests.benchmarks.models import TINY
from tinyseq.engine.engine import input_gradients
from tinyseq.engine.parallel import Run
from tinyseq.engine.plan import Mode
from tinyseq.engine.program import Program
from tinyseq.kernels.movement import copying

NAME = "tinyseq"


def contender(case: Case) -> Contender:
    """Any of the tasks."""
    tinyseq.set_num_threads(case.threads)
    if case.task == "train":
        net = compiled(tinyseq, case.net, case.weights)
        same = compiled(tinyseq, case.net.comparable, case.weights)
        return Contender(lambda: net.train_on_batch(case.x, case.y), lambda: losses(lambda: same.train_on_batch(case.x, case.y)))
    net = model(tinyseq, case.net, case.weights)
    if case.task == "predict":
        call = net if case.net is TINY else net.predict_on_batch
        return Contender(lambda: call(case.x), lambda: call(case.x))
    half = Half(net, case)
    return Contender(half.run, half.result)


class Given:
    """A loss whose gradient is given."""

    def __init__(self, dy: Any) -> None:
        self.kernels = (copying.copy_flat,)
        self.arrays = [dy]

    def tell(self, calls: Any, arrays: Any, outputs: Any, gradients: Any) -> None:
        """The gradient of a shard is copied."""
        calls.call(copying.copy_flat, arrays[0].reshape(-1), gradients[0].reshape(-1))

    def __call__(self, shard: Any, outputs: Any, gradients: Any) -> None:
        gradients[0][...] = self.arrays[0][shard.start : shard.stop]


class Half:
    """Backward of a one-layer model: forward ran once, its memory stays (each shard has its own block here), and only backward
    runs again, over the threads, with the sum over the groups.

    A step copies the gradient of an input out of its own memory at the end; the row measures the layer and leaves that copy out, as the
    peers' gradients stay where they were computed. `result` makes it.
    """

    def __init__(self, net: Any, case: Case) -> None:
        of_weights = case.task == "weight gradient"
        self.kernel = net.trainable_weights[0] if of_weights else None  # the bias's gradient is nobody's task
        trained = (self.kernel,) if of_weights else ()
        mode = Mode(training=True, backward=True, trained=trained, input_gradients=not of_weights)
        engine, inputs, loss = net._ready_engine(), net._take(case.x), Given(case.dy)
        schedule = engine.schedule((case.x.shape,), mode)
        program = Program(schedule, case.threads, loss, None, False)
        program.own_blocks = True
        program.score.parts[:-1, 0] = range(len(schedule.shards))
        self.gradients, self.found = engine._gradients_for(schedule), input_gradients(schedule, inputs)[0]
        given: dict[Any, Any] = {("input", 0): inputs[0], ("output", 0): np.empty(schedule.output_shapes[0], np.float32)}
        given |= {("loss", 0): case.dy, ("sets",): self.gradients.sets, ("late_sets",): self.gradients.late}
        if self.found is not None:
            given["input_gradient", 0] = self.found
        self.engine, self.play = engine, Run(program, case.threads, engine.arenas)
        self.play.bind(given, {}, loss)
        engine._pack(self.play)
        self.play.perform(program.main)
        without_forward(program)
        self.units = program.score.units
        self.whole = self.units.copy()
        """With the copy."""
        if self.found is not None:
            without_copy(program)

    def run(self) -> None:
        """Backward of all shards over the threads, and the sum over the groups."""
        self.play.perform(self.play.program.main)

    def result(self) -> Any:
        """The gradient in question."""
        measured = self.units.copy()
        self.units[:] = self.whole
        self.run()
        self.units[:] = measured
        return np.array(self.found if self.kernel is None else self.gradients.of(self.kernel))


def without_copy(program: Any) -> None:
    """Leaves out the last call of each shard, which copies the gradient of its input to the caller."""
    units = program.score.units
    for shard in range(len(program.schedule.shards)):
        mine = np.flatnonzero(units[:, 4] == shard)
        unit = units[mine[np.argmax(units[mine, 1])]]
        kernel, _ = program.kernels[unit[1] - 1]
        assert kernel is copying.copy_flat, kernel
        unit[1] -= 1
        begin = program.score.calls[unit[1], 1]
        unit[3] -= np.count_nonzero(program.score.moves[unit[2] : unit[3], 0] >= begin)


def without_forward(program: Any) -> None:
    """Leaves out what comes before the loss of each plan, and the loss."""
    copies = np.array([call for call, (kernel, _) in enumerate(program.kernels) if kernel is copying.copy_flat])
    units, shards = program.score.units, len(program.schedule.shards)
    losses = [copies[copies >= units[units[:, 4] == shard, 0].min()].min() for shard in range(shards)]  # the first copy of each shard
    for unit in units:
        if unit[4] >= shards:
            continue
        loss = losses[unit[4]]
        if unit[0] <= loss:
            unit[0] = min(loss + 1, unit[1])
            begin = program.score.calls[unit[0], 1] if unit[0] < len(program.score.calls) else len(program.numbers)
            unit[2] = unit[2] + np.count_nonzero(program.score.moves[unit[2] : unit[3], 0] < begin)
