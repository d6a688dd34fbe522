"""What a teacher would say about a training run, each thing once: a last layer that does not fit the loss, and NaN."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shapecheck.checks.training import advice, last_activation
from shapecheck.diagnostics.base import Diagnostic, ShapeError
from shapecheck.diagnostics.meaning import LogitsTwice
from shapecheck.languages import say
from tinyseq.training import formulas
from tinyseq.training.compiled import Compiled
from tinyseq.training.data import Batch
from tinyseq.training.network import Network
from tinyseq.training.not_finite import at, first_in
from tinyseq.training.user_warning import say as warn

Array = NDArray[Any]

HUGE = 1e6
"""Outputs beyond this size, after some steps, have most likely run away."""


def about_losses(model: Network, compiled: Compiled, batch: Batch) -> None:
    """Warns of an output whose activation does not go with its loss: shapecheck's SC304, SC305, SC306 and SC312."""
    graph = model.graph
    for index, target in enumerate(batch.targets if graph is not None else ()):
        loss = None if target is None else compiled.loss_of(index, model.outputs[index].shape, np.shape(target))
        if graph is None or loss is None:
            continue
        node = graph.outputs[index].node
        found = _unfit(model, node, formulas.snake_case(type(loss).__name__), bool(getattr(loss, "from_logits", False)))
        if found is not None:
            help_ = found.help()
            warn(f"{node.rule.name}: {found}" + (f": {help_}" if help_ else ""))


def _unfit(model: Network, node: Any, loss: str, from_logits: bool) -> Diagnostic | None:
    if from_logits:
        activation = last_activation(node.rule)
        return LogitsTwice(activation, loss) if activation in ("softmax", "sigmoid") else None
    return advice(model.table[node], loss)


def about_the_loss(model: Network, compiled: Compiled, batch: Batch, rows: Sequence[Array], outputs: Sequence[Array]) -> None:
    """Warns that the loss of this batch is no finite number, where that begins and what most likely caused it."""
    step = compiled.optimizer.iterations + 1
    value = next(float(row[~np.isfinite(row)][0]) for row in rows if not np.isfinite(row).all())
    cause = _cause(model, compiled, batch, outputs)
    words = say(
        "training", "loss", "{model}: the loss is {value} in step {step}: {cause}", model=model.name, value=value, step=step, cause=cause
    )
    warn(words)


def _cause(model: Network, compiled: Compiled, batch: Batch, outputs: Sequence[Array]) -> str:
    for name, arrays in (("x", batch.inputs), ("y", batch.targets)):
        for array in arrays:
            found = None if array is None else first_in(np.asarray(array))
            if found is not None:
                return say(
                    "training", "data", "{place} of this batch is {value}: remove such rows, or replace the values",
                    place=at(name, found), value=np.asarray(array)[found],
                )  # fmt: skip
    rate = float(compiled.optimizer.learning_rate)
    slower = say("training", "slower", "the learning rate {rate:g} is probably too high: try {less:g}", rate=rate, less=rate / 10)
    for layer in _layers(model):
        for weight in layer._weights:
            if not np.isfinite(weight.numpy()).all():
                return say(
                    "training", "weight", "{weight} of {layer} is not finite since the step before: {slower}",
                    weight=weight.name, layer=layer.name, slower=slower,
                )  # fmt: skip
    place = _where(model, batch)
    if place is not None:
        return say(
            "training", "grew",
            "it begins in {place}: numbers grew beyond float32 (3.4e38): {slower}, and scale the inputs to about -1 to 1",
            place=place, slower=slower,
        )  # fmt: skip
    least, most = min(float(output.min()) for output in outputs), max(float(output.max()) for output in outputs)
    if compiled.optimizer.iterations and max(-least, most) > HUGE:
        return say(
            "training", "outputs", "the outputs of {layer} have grown to {size:g}: {slower}",
            layer=model.layers[-1].name, size=max(-least, most), slower=slower,
        )  # fmt: skip
    return say(
        "training", "logarithm",
        "the outputs are finite, from {least:g} to {most:g}, but the loss takes a logarithm or a power of them: "
        "check that the last activation fits the loss",
        least=least, most=most,
    )  # fmt: skip


def _where(model: Network, batch: Batch) -> str | None:
    """The first layer whose output on this batch is not finite, and the place in it; None if it cannot be found so."""
    graph = model.graph
    if graph is None:
        return None
    values: dict[Any, Any] = dict(zip(graph.inputs, batch.inputs, strict=True))
    for node in graph.nodes:
        if node.tensor() in values:
            continue
        given = [values.get(tensor) for tensor in node.inputs]
        layer: Any = node.rule
        try:
            output = layer(given[0] if len(given) == 1 else given)
        except (ShapeError, TypeError, ValueError):
            return None  # a layer that is called in another way: masks, states
        for port, array in enumerate(output if isinstance(output, (list, tuple)) else [output]):
            values[node.tensor(port)] = array
            found = first_in(np.asarray(array))
            if found is not None:
                return say("training", "place", "{layer}, at {place}", layer=layer.name, place=at("output", found))
    return None


def _layers(model: Any) -> Iterator[Any]:
    for layer in model.layers:
        yield from (layer, *_layers(layer)) if layer.graph is not None else (layer,)
