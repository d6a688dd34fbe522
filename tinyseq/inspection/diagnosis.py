"""diagnose: what goes wrong in one batch: numbers that are none, overflow, dead ReLUs, saturation, gradients that vanish or explode.

Each finding names the first layer, the sample and the place, with figures. Thresholds: see the constants.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from shapecheck.graph import Graph
from tinyseq.engine.engine import Engine
from tinyseq.inspection.gradients import gradients
from tinyseq.layers.call_options import original

Array = NDArray[Any]

HUGE = 1e30
"""What is greater overflows in the next product."""
DEAD = 0.5
"""Share of units of a relu that are 0 for all samples, from which on it is reported."""
SATURATED = 0.9
"""Share of outputs of sigmoid or tanh within EDGE of their bounds."""
EDGE = 0.01
VANISHED = 1e-4
"""A layer's mean |gradient| as a share of the greatest of all layers, below which it counts as vanished."""
EXPLODED = 1e4
"""Mean |gradient| of a weight."""


class Finding(NamedTuple):
    """kind: "nan", "overflow", "dead", "saturated", "vanished" or "exploded"; at: (sample, place ...) of the first, or ()."""

    kind: str
    layer: str
    at: tuple[int, ...]
    words: str

    def __str__(self) -> str:
        return f"{self.layer}: {self.words}"


def diagnose(model: Any, x: Any, y: Any = None) -> list[Finding]:
    """What goes wrong when the model sees this batch: [] if nothing does.

    Arguments:
        model: a model of known input shape
        x: the inputs of one batch
        y: their targets; None: gradients are not looked at
    """
    arrays = model._take(x)
    found = [one for i, array in enumerate(arrays) for one in _numbers(f"input {i}" if len(arrays) > 1 else "input", array)]
    for weight in model.weights:
        found += _numbers(f"weight {weight.path}", weight.value)
    if found:
        return found[:1]
    graph: Graph = model._built_graph("diagnose")
    starts = {tensor.node for tensor in graph.inputs}
    nodes = [node for node in graph.nodes if node not in starts]
    with np.errstate(all="ignore"):
        values = Engine(Graph(graph.inputs, [node.tensor() for node in nodes]), str(model.name)).run(arrays)
    for node, value in zip(nodes, values, strict=True):
        broken = _numbers(str(node.rule.name), value)
        if broken:
            return [*found, *broken[:1]]
        found += _activation(original(node.rule), value)
    return found if y is None else found + _gradients(model, x, y)


def _numbers(layer: str, array: Array) -> list[Finding]:
    """NaN, inf and numbers on the way there."""
    if array.dtype.kind != "f":
        return []
    for kind, wrong, words in (("nan", np.isnan(array), "NaN"), ("overflow", ~(np.abs(array) <= HUGE), f"numbers above {HUGE:g}")):
        if wrong.any():
            index = tuple(int(i) for i in np.argwhere(wrong)[0])
            share = f"{int(wrong.sum())} of {array.size}"
            return [Finding(kind, layer, index, f"{words} first at {index} ({array[index]:g}), {share}; all before it is finite")]
    return []


def _activation(layer: Any, value: Array) -> list[Finding]:
    activation = getattr(layer, "activation", None)
    name = getattr(activation, "__name__", activation) or type(layer).__name__.lower()
    if value.ndim < 2:
        return []
    if name in ("relu", "relu6"):
        units = value.reshape(-1, value.shape[-1])
        dead = (units == 0).all(0)
        if dead.mean() > DEAD:
            first = (0, *(0 for _ in value.shape[1:-1]), int(np.argmax(dead)))
            words = f"{int(dead.sum())} of {dead.size} units of its relu are 0 for all {len(value)} samples"
            return [Finding("dead", str(layer.name), first, f"{words}: lower the learning rate, or use leaky_relu")]
    if name in ("sigmoid", "tanh"):
        low = 0.0 if name == "sigmoid" else -1.0
        edge = (value < low + EDGE) | (value > 1 - EDGE)
        if edge.mean() > SATURATED:
            index = tuple(int(i) for i in np.argwhere(edge)[0])
            words = f"{edge.mean():.0%} of its {name} outputs are within {EDGE} of a bound, where the slope is 0"
            return [Finding("saturated", str(layer.name), index, f"{words}: scale its inputs")]
    return []


def _gradients(model: Any, x: Any, y: Any) -> list[Finding]:
    slopes = gradients(model, x, y)
    if not np.isfinite(slopes.loss):
        return [Finding("nan", "loss", (), f"the loss is {slopes.loss}: its outputs are finite, its formula is not (log of 0?)")]
    found = []
    sizes = []
    for weight, gradient in zip(model.trainable_weights, slopes.weights, strict=True):
        broken = _numbers(f"gradient of {weight.path}", gradient)
        if broken:
            return broken
        sizes.append(float(np.abs(gradient).mean()))
    most = max(sizes, default=0.0)
    for weight, size in zip(model.trainable_weights, sizes, strict=True):
        if size > EXPLODED:
            words = f"its mean |gradient| is {size:.3g}: lower the learning rate, or pass clipnorm=1 to the optimizer"
            found.append(Finding("exploded", weight.path, (), words))
        elif most > 0 and size < VANISHED * most and weight.name.endswith("kernel"):
            words = f"its mean |gradient| is {size:.3g}, the greatest of all weights {most:.3g}"
            found.append(Finding("vanished", weight.path, (), f"{words}: normalize between the layers, or use relu"))
    return found
