"""gradients(model, x, y, loss): of weights, inputs and outputs of layers. The base of saliency maps, Grad-CAM and a step of one's own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shapecheck.graph import Graph
from tinyseq.engine.differentiation import Given
from tinyseq.engine.engine import Engine
from tinyseq.engine.plan import Mode
from tinyseq.inputs import split_inputs
from tinyseq.layers.call_options import original
from tinyseq.layers.symbolic import SymbolicTensor
from tinyseq.layers.traced import followed_outputs
from tinyseq.training import losses, regularization
from tinyseq.training.arguments import per_output
from tinyseq.training.data import Batch
from tinyseq.training.objective import Objective

Array = NDArray[Any]


class Gradients:
    """What gradients() found.

    loss: its value. outputs: of the model. weights: one gradient for each of model.trainable_weights. inputs: of the input, or a list.
    layers: {name: gradient of that layer's output} and values: {name: that output}, of the layers in `of`.
    """

    def __init__(self) -> None:
        self.loss = 0.0
        self.outputs: Any = None
        self.weights: list[Array] = []
        self.inputs: Any = None
        self.layers: dict[str, Array] = {}
        self.values: dict[str, Array] = {}

    def __repr__(self) -> str:
        return f"<Gradients loss={self.loss:.6g}, {len(self.weights)} weights, layers {list(self.layers)}>"


def gradients(
    model: Any, x: Any, y: Any = None, loss: Any = None, of: Any = (), sample_weight: Any = None, training: bool = False
) -> Gradients:  # fmt: skip
    """The gradients of a loss with respect to weights, inputs and outputs of layers. Nothing in the model changes.

    Arguments:
        model: a model whose input shape is known, or that is built by this call
        x: its inputs, as predict takes them
        y: the targets; None: `loss` looks at the outputs alone
        loss: with targets a loss by name, class or function (for several outputs also a list, or a dictionary by output name), None: the
            one of compile(); without targets a function of the outputs, with tinyseq.ops or NumPy's functions, whose numbers are
            summed: lambda p: p[:, 3]
        of: a layer, a layer's name, or a list of them: whose outputs' gradients are wanted too; of a layer that the model uses several
            times, its first output
        sample_weight: with targets, a weight for each sample; for several outputs also a list, or a dictionary
        training: True: layers behave as in training (dropout drops)
    """
    arrays = model._take(x)
    graph: Graph = model._built_graph("gradients")
    found = Gradients()
    objective: Any
    if y is None:
        if sample_weight is not None:
            raise ValueError("gradients: sample_weight weighs the losses of targets: pass y, or multiply by the weights in loss")
        graph, objective = _of_outputs(model, graph, loss)
    else:
        objective = objective_of(model, arrays, y, loss, sample_weight)
    weights = model.trainable_weights
    step = _step(Engine(graph, str(model.name)), arrays, objective, weights, training)
    if y is not None:
        found.loss = regularization.add_gradients(weights, step.gradients) + sum(value for _, value in step.losses)
        found.loss += loss_value(objective)
        found.outputs = model._packed(step.outputs)
    else:
        found.loss = float(sum(output.sum(dtype=np.float64) for output in step.outputs))
        found.outputs = model._packed(_values(model._built_graph("outputs"), str(model.name), arrays, training))
    reached = {id(weight) for layer in graph.children for weight in layer.weights}  # type: ignore[attr-defined]
    found.weights = [step.gradients.of(w).copy() if id(w) in reached else np.zeros_like(w.value) for w in weights]
    slopes = [np.zeros_like(a) if g is None else g for a, g in zip(arrays, step.inputs, strict=True)]
    found.inputs = slopes if len(slopes) > 1 else slopes[0]
    step.drop()
    for layer in _layers(model, of):
        _of_layer(found, graph, layer, arrays, objective, training)
    return found


def _step(engine: Engine, arrays: Sequence[Array], objective: Any, weights: Any, training: bool) -> Any:
    """A step after which each layer draws the same random numbers again: all steps of one call agree, and the next fit is as without it."""
    draws = [(layer, layer._draws) for layer in _drawing(engine.graph.children)]
    try:
        return engine.step(arrays, Mode(training=training, backward=True, trained=weights, input_gradients=True), objective)
    finally:
        for layer, number in draws:
            layer._draws = number


def _drawing(layers: Iterable[Any]) -> Iterator[Any]:
    for layer in map(original, layers):
        if layer.random:
            yield layer
        yield from _drawing(layer.children)


def _values(graph: Graph, name: str, arrays: Sequence[Array], training: bool) -> list[Array]:
    """The graph's outputs; in training by a step that is dropped, which draws the same random numbers and changes no statistics."""
    if not training:
        return Engine(graph, name).run(arrays)
    step = _step(Engine(graph, name), arrays, Given(lambda ys, _, __: [np.zeros_like(y) for y in ys]), (), training)
    values = [output.copy() for output in step.outputs]
    step.drop()
    return values


def _of_layer(found: Gradients, graph: Graph, layer: Any, arrays: Sequence[Array], objective: Any, training: bool) -> None:
    """The gradient of one layer's output: the rest of the graph begins there."""
    node = next((node for node in graph.nodes if getattr(node.rule, "_original", None) is layer or node.rule is layer), None)
    if node is None:
        raise ValueError(f"gradients: {layer.name} is not in the model between its inputs and outputs: pass one of its own layers")
    tensor = node.tensor()
    (value,) = _values(Graph(graph.inputs, [tensor]), str(layer.name), arrays, training)
    others = [t for t in graph.inputs if t != tensor]
    rest = Graph([tensor, *others], graph.outputs)
    given = [value, *(array for t, array in zip(graph.inputs, arrays, strict=True) if t in others)]
    step = _step(Engine(rest, str(layer.name)), given, objective, (), training)
    slope = step.inputs[0]
    found.layers[str(layer.name)] = np.zeros_like(value) if slope is None else slope
    found.values[str(layer.name)] = value
    step.drop()


def _layers(model: Any, of: Any) -> list[Any]:
    listed = list(of) if isinstance(of, (list, tuple)) else [of]
    return [model.get_layer(one) if isinstance(one, str) else one for one in listed]


def _of_outputs(model: Any, graph: Graph, function: Any) -> tuple[Graph, Given]:
    """The graph whose outputs are function(outputs), and a gradient of 1 for each number."""
    if not callable(function):
        raise ValueError(f"gradients: without y, loss is a function of the outputs, for example loss=lambda p: p[:, 0]; got {function!r}")
    outputs = [t for t in model.outputs if isinstance(t, SymbolicTensor)]
    found = followed_outputs("gradients", function, model._packed(outputs))
    return Graph(graph.inputs, found), Given(lambda ys, _, __: [np.ones_like(y) for y in ys])


def loss_value(objective: Objective) -> float:
    """The losses of all outputs of a batch, each times its factor."""
    parts = [part for part in objective.parts if part is not None]
    return float(sum(part.scale * part.value() for part in parts))


def objective_of(model: Any, arrays: Sequence[Array], y: Any, loss: Any, sample_weight: Any) -> Objective:
    names = model._loss_names()
    form = model._nested_outputs()
    if form is not None:
        targets = per_output("y", y, names, form)
    else:
        targets = split_inputs(y, names, str(model.name)) if len(names) > 1 or isinstance(y, Mapping) else [y]
    shapes = [tuple(tensor.shape) for tensor in model.outputs]
    if loss is not None:
        chosen = [None if one is None else losses.get(one) for one in per_output("loss", loss, names, form)]
        factors = [1.0] * len(names)
    else:
        compiled = model._compiled()
        model._match_outputs(compiled)
        factors = compiled.loss_weights
        chosen = [compiled.loss_of(i, shapes[i], np.shape(t)) for i, t in enumerate(targets)]
    batch = Batch(list(arrays), targets, per_output("sample_weight", sample_weight, names, form))
    return Objective(chosen, factors, shapes, batch)

