"""State of the steps of one compiled model, created at the first batch after compile()."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from shapecheck.propagate import propagate
from shapecheck.shapes import Shape
from tinyseq.engine.operator import changing
from tinyseq.engine.plan import Mode
from tinyseq.engine.team import Team
from tinyseq.kernels.jit.interrupts import defer_interrupt
from tinyseq.training import advice, regularization
from tinyseq.training.compiled import Compiled, Measured
from tinyseq.training.data import Batch
from tinyseq.training.fused_activation import activation_of, fused_activation
from tinyseq.training.logging_switch import show
from tinyseq.training.masking import with_mask
from tinyseq.training.metric import MeanOverRows
from tinyseq.training.network import Network
from tinyseq.training.not_finite import finite
from tinyseq.training.objective import Objective
from tinyseq.training.reached import reached
from tinyseq.weights import seeds

Array = NDArray[Any]

MOST_SHAPES = 64
"""Of inputs, whose outputs' shapes are kept."""


class Base(Protocol):
    """The outputs of the frozen first layers, which fit keeps: frozen_base.py."""

    def begin(self, batch: Batch, state: StepState, mode: Mode) -> tuple[list[Array], Mode, Any]:
        """Arrays, mode and shapes for the engine, from the base's outputs on."""


class StepState:
    """State of the steps of one compiled model, created at the first batch."""

    def __init__(self, model: Network, compiled: Compiled, batch: Batch) -> None:
        self.compiled = compiled
        self.outputs = [tensor.shape for tensor in model.outputs]
        self._shapes: dict[Any, list[tuple[Any, ...]]] = {}
        outputs = self.output_shapes(model, batch)
        self.chosen = [
            None if target is None else compiled.loss_of(i, outputs[i], np.shape(target))
            for i, target in enumerate(batch.targets)
        ]
        self.masked = True
        """False once it is known that no output has a mask."""
        self.activation = fused_activation(model, self.chosen)
        if self.activation and self.chosen[0] is not None:
            self.chosen[0] = self.chosen[0].on_logits()
        self.testing = Mode(logits=self.activation is not None).unjoined()
        self.whole = any(getattr(loss, "whole", False) for loss in self.chosen)
        """A loss needs all samples of a batch at once."""
        self.trains = False
        """Whether a training step has been done, which fixed the trained weights."""
        self.reported = False
        """Whether a loss that is no finite number was reported."""
        self.shared = False
        """Whether it was looked at if several processes share a batch."""
        self.fix(model)
        self.measured = Measured(compiled, outputs, batch.targets)
        self.validated = Measured(compiled, outputs, batch.targets)
        self.measured.reset()  # a metric may have counted before: for another model, or for the one that this is a copy of
        self.validated.reset()

    def train(self, model: Network, batch: Batch, base: Base | None, team: Team | None = None) -> dict[str, Any]:
        """One step; the running values. `base`: the outputs of the frozen first layers, if fit keeps them; `team`: the processes that
        share the batch."""
        if not self.trains:
            self.fix(model)
            self.trains = True
            advice.about_losses(model, self.compiled, batch)
        for one in self.changing:
            one.before_step()
        masks = self.masks(model, batch, self.training, team)
        objective = self.objective(model, batch, masks)
        optimizer, weights = self.compiled.optimizer, self.weights
        update = optimizer.update_of(weights)
        inputs, mode, shapes = self._begin(batch, self.training, base)
        step = model._ready_engine().step(inputs, mode, objective, update, shapes, team)
        if team is not None and not self.shared:
            self.shared = True
            if step.not_shared:
                show(f"{model.name}: every process computes each batch of {batch.size} samples alone: {step.not_shared}")
        if not self.reported and not finite(objective.rows):
            self.reported = True
            advice.about_the_loss(model, self.compiled, batch, objective.rows, step.outputs)
        penalty = regularization.add_gradients(weights, step.gradients) + sum(value for _, value in step.losses)
        with defer_interrupt():  # all weights change, or none
            optimizer.apply([step.gradients.of(weight) for weight in weights], weights, step.finish, told=update is not None)
        self.measure(self.measured, objective, step.outputs, batch, penalty, masks)
        return self.measured.results()

    def test(self, model: Network, batch: Batch, base: Base | None, team: Team | None = None) -> dict[str, Any]:
        """Measures one batch; the running values of validation."""
        masks = self.masks(model, batch, self.testing, team)
        objective = self.objective(model, batch, masks)
        added: list[Any] = []
        inputs, mode, shapes = self._begin(batch, self.testing, base)
        outputs = model._ready_engine().run(inputs, mode, added, shapes, team)
        objective(Whole(batch.size), outputs, [])  # type: ignore[arg-type]
        penalty = regularization.penalty(self.weights) + sum(value for _, value in added)
        self.measure(self.validated, objective, outputs, batch, penalty, masks)
        return self.validated.results()

    def _begin(self, batch: Batch, mode: Mode, base: Base | None) -> tuple[list[Array], Mode, Any]:
        """Arrays, mode and shapes for the engine: from the model's inputs on, or from what its frozen base made of them."""
        return (batch.inputs, mode, None) if base is None else base.begin(batch, self, mode)

    def fix(self, model: Network) -> None:
        """Fixes which weights train: those that are trainable at this moment."""
        self.asked = model.trainable_weights
        self.weights = reached(model, self.asked)
        if len(self.weights) < len(self.asked):
            self.compiled.optimizer.keep(self.asked)
        self.changing = changing(model)
        self.frozen = [layer for layer in _within(model) if not layer.trainable]
        logits = self.testing.logits
        self.training = Mode(True, True, self.weights, logits=logits, frozen=self.frozen, whole=self.whole)
        self._stamp = seeds.stamp()
        self._reported: list[str] = []

    def changed(self, model: Network) -> list[str]:
        """The names of the layers whose `trainable` has changed since `fix`; [] if that was reported before."""
        if not self.trains or self._stamp == seeds.stamp():
            return []
        self._stamp = seeds.stamp()
        differ = {id(weight) for weight in self.asked} ^ {id(weight) for weight in model.trainable_weights}
        names = [
            layer.name
            for layer in _within(model)
            if any(id(weight) in differ for weight in layer._weights)
            or (layer.infers_when_frozen and layer.trainable == (layer in self.frozen))
        ]
        reported, self._reported = self._reported, list(dict.fromkeys(names))
        return [] if reported == self._reported else self._reported

    def masks(self, model: Network, batch: Batch, mode: Mode, team: Team | None) -> dict[int, Array]:
        """The masks of the outputs that have one, by number, for a step in that mode."""
        if not self.masked:
            return {}
        found = model._ready_engine().masks(batch.inputs, mode, team)
        self.masked = bool(found)
        return found

    def output_shapes(self, model: Network, batch: Batch) -> list[tuple[Any, ...]]:
        """The shapes of the outputs: where they have open axes besides the batch, those that follow from this batch's inputs."""
        if not any(None in shape[1:] for shape in self.outputs):
            return self.outputs
        given = tuple([np.shape(array) for array in batch.inputs])
        if given not in self._shapes:
            if len(self._shapes) >= MOST_SHAPES:
                self._shapes.clear()
            found = propagate(model._ready_engine().graph, [Shape(shape) for shape in given]).as_inference().outputs
            self._shapes[given] = [shape.dims or declared for shape, declared in zip(found, self.outputs, strict=True)]
        return self._shapes[given]

    def objective(self, model: Network, batch: Batch, masks: Mapping[int, Array]) -> Objective:
        """The loss of a batch. masks: of the outputs that have one, by number."""
        outputs = self.output_shapes(model, batch)
        shapes = [_concrete(shape, target) for shape, target in zip(outputs, batch.targets, strict=True)]
        if masks:
            weights = [
                with_mask(weight, masks.get(index), "" if loss is None else loss.reduction)
                for index, (weight, loss) in enumerate(zip(batch.weights, self.chosen, strict=True))
            ]
            batch = Batch(batch.inputs, batch.targets, weights)
        return Objective(self.chosen, self.compiled.loss_weights, shapes, batch)

    def measure(
        self, measured: Measured, objective: Objective, outputs: Sequence[Array], batch: Batch, penalty: float,
        masks: Mapping[int, Array],
    ) -> None:  # fmt: skip
        """Adds one batch to the running values."""
        values = objective.values()
        total = sum(value * scale for value, scale in zip(values, self.compiled.loss_weights, strict=True))
        measured.loss.add(total + penalty, batch.size)
        for part, value in zip(measured.parts, values, strict=True):
            if part is not None:
                part.add(value, batch.size)
        activate = activation_of(self.activation)
        for index, _, metric, weighted in measured.found:
            weight = batch.weights[index] if weighted else None
            if isinstance(metric, MeanOverRows):
                weight = with_mask(weight, masks.get(index), "sum")
            metric.update_state(batch.targets[index], activate(outputs[index]), weight)


def _within(model: Any) -> Iterator[Any]:
    """The layers that compute, of models and wrappers inside too."""
    for layer in model.layers if hasattr(model, "layers") else model.children:
        yield from (layer, *_within(layer))


class Whole:
    """A batch as one shard."""

    def __init__(self, size: int) -> None:
        self.start = 0
        self.stop = size


def _concrete(shape: tuple[Any, ...], target: Any) -> tuple[Any, ...]:
    """The output's shape with sizes that are known only at run time taken from the target."""
    given = np.shape(target)
    return tuple(given[axis] if d is None and axis < len(given) else d for axis, d in enumerate(shape))
