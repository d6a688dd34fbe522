"""check_gradients: backward of each layer, and of the loss, against central differences (f(x + e d) - f(x - e d)) / 2e.

Each layer is looked at by itself, on the numbers that reach it in the model, along random directions: the difference is one number, so
float32 is enough for it. A relu whose input changes its sign on the way spoils a direction: the best of three counts.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from shapecheck.graph import Graph
from shapecheck.nodes import Node, known_input
from shapecheck.shapes import Shape
from tinyseq.engine.differentiation import pull_back
from tinyseq.engine.engine import Engine
from tinyseq.inspection.gradients import loss_value, objective_of

Array = NDArray[Any]
STEP = 2e-3
"""Of the size of what is changed."""
TRIES = 3


class Checked(NamedTuple):
    """One gradient along a direction: by backward, and by differences."""

    layer: str
    what: str
    backward: float
    difference: float

    @property
    def error(self) -> float:
        """How far they are apart, as a share of the greater."""
        return abs(self.backward - self.difference) / max(abs(self.backward), abs(self.difference), 1e-3)

    def __str__(self) -> str:
        return f"{self.layer}, {self.what}: backward {self.backward:.6g}, differences {self.difference:.6g}"


def check_gradients(model: Any, x: Any, y: Any = None, tolerance: float = 0.02) -> list[Checked]:
    """Compares every layer's backward with differences. Returns what was compared; ValueError names the layers where they differ.

    Arguments:
        model: a model of known input shape
        x: inputs, a few samples
        y: targets; None: the loss is not looked at
        tolerance: how far the two may be apart, as a share of the greater
    """
    arrays = model._take(x)
    graph: Graph = model._built_graph("check_gradients")
    nodes = [node for node in graph.nodes if node not in {tensor.node for tensor in graph.inputs}]
    tensors = list(dict.fromkeys(tensor for node in nodes for tensor in node.inputs))
    values = dict(zip(tensors, Engine(Graph(graph.inputs, tensors), str(model.name)).run(arrays), strict=True))
    found: list[Checked] = []
    for node in nodes:
        if getattr(node.rule, "differentiable", True):
            found += _of_layer(node, [values[tensor] for tensor in node.inputs])
    if y is not None:
        found += _of_loss(model, arrays, y)
    wrong = [one for one in found if one.error > tolerance]
    if wrong:
        raise ValueError(f"{model.name}: backward is not the gradient of forward: " + "; ".join(map(str, wrong)))
    return found


def _of_layer(node: Node, inputs: Sequence[Array]) -> list[Checked]:
    layer: Any = node.rule
    starts = [Node(known_input(Shape((None, *array.shape[1:])))).tensor() for array in inputs]
    again = Node(layer, starts)
    ports = len(layer.infer(tuple(Shape(array.shape) for array in inputs)).outputs)
    engine = Engine(Graph(starts, [again.tensor(port) for port in range(ports)]), str(layer.name))
    random = np.random.default_rng(0)
    outputs = engine.run(inputs)
    given = [random.standard_normal(output.shape).astype(np.float32) for output in outputs]
    weights = [weight for weight in layer.weights if weight.trainable]
    slopes = pull_back(engine, inputs, given, weights)

    def loss(arrays: Sequence[Array]) -> float:
        return float(sum((output.astype(np.float64) * g).sum() for output, g in zip(engine.run(arrays), given, strict=True)))

    found = []
    for i, (array, slope) in enumerate(zip(inputs, slopes.inputs, strict=True)):
        if slope is not None and array.dtype == np.float32:


            def moved(new: Array, i: int = i) -> float:
                return loss([*inputs[:i], new, *inputs[i + 1 :]])

            found.append(_compared(str(layer.name), f"input {i}", array, slope, moved))
    for weight, slope in zip(weights, slopes.weights, strict=True):
        kept = weight.numpy()

        def changed(new: Array, weight: Any = weight, kept: Array = kept) -> float:
            weight.assign(new)
            try:
                return loss(inputs)
            finally:
                weight.assign(kept)

        found.append(_compared(str(layer.name), weight.name, kept, slope, changed))
    return found


def _compared(layer: str, what: str, at: Array, slope: Array, function: Callable[[Array], float]) -> Checked:
    """The best of some directions."""
    random = np.random.default_rng(1)
    size = STEP * max(float(np.sqrt(np.mean(np.square(at)))), 0.1)
    tries = []
    for _ in range(TRIES):
        signs = np.sign(random.standard_normal(at.shape)) * (slope != 0 if np.any(slope) else 1)
        direction = signs * random.uniform(0.5, 1, at.shape)  # no two alike: gradients that changed places would otherwise cancel
        up, down = ((at + sign * size * direction).astype(np.float32) for sign in (1, -1))
        span = (up.astype(np.float64) - down) / 2
        difference = (function(up) - function(down)) / 2 / size
        tries.append(Checked(layer, what, float((slope * span).sum() / size), difference))
    return min(tries, key=lambda one: one.error)


def _of_loss(model: Any, arrays: Sequence[Array], y: Any) -> list[Checked]:
    """The loss's gradient of each output."""
    outputs = Engine(model._built_graph("loss"), str(model.name)).run(arrays)

    class Whole:
        start, stop = 0, len(arrays[0])

    def value(ys: Sequence[Array]) -> float:
        objective = objective_of(model, arrays, y, None, None)
        objective(Whole(), ys, [])  # type: ignore[arg-type]
        return loss_value(objective)

    places = [np.zeros_like(output) for output in outputs]
    objective_of(model, arrays, y, None, None)(Whole(), outputs, places)  # type: ignore[arg-type]
    return [
        _compared("loss", f"output {i}", output, place, lambda new, i=i: value([*outputs[:i], new, *outputs[i + 1 :]]))  # type: ignore[misc]
        for i, (output, place) in enumerate(zip(outputs, places, strict=True))
    ]
