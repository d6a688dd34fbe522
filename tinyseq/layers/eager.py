"""A single layer called on arrays: layer(x), as in the guide."""

from __future__ import annotations

from typing import Any

import numpy as np

from shapecheck.shapes import Shape
from tinyseq.engine.engine import Engine
from tinyseq.engine.plan import PREDICT, TRAINING_CALL
from tinyseq.inputs import numbers, same_length
from tinyseq.layers.calling import declare, lone_graph
from tinyseq.layers.weighted import Weighted


def compute(layer: Weighted, given: list[Any], training: bool) -> Any:
    """Checks the arrays, builds the layer if it is not built, runs it."""
    arrays = [numbers(value, str(layer.name)) for value in given]
    kind = np.int64 if layer.input_dtype == "int64" else np.float32
    arrays = [np.ascontiguousarray(array, kind) for array in arrays]
    for array in arrays:
        if not array.size:
            raise ValueError(f"{layer.name}: got an empty array (shape {array.shape}): pass at least 1 sample")
    if len(arrays) > 1:
        same_length(arrays, [f"input {i}" for i in range(len(arrays))])
    key = tuple(array.shape[1:] for array in arrays)
    engine = layer._engines.get(key)
    if engine is None:
        shapes = tuple(Shape((None, *sizes)) for sizes in key)
        declare(layer, tuple(Shape(array.shape) for array in arrays))
        if len(layer._engines) >= 8:
            layer._engines.pop(next(iter(layer._engines)))
        engine = layer._engines[key] = Engine(lone_graph(layer, shapes), str(layer.name))
    outputs = run(layer, engine, arrays, training)
    return outputs[0] if len(outputs) == 1 else outputs


def run(layer: Weighted, engine: Engine, arrays: list[Any], training: bool) -> list[Any]:
    """The outputs; what layers inside add to the loss is kept with each of them."""
    added: list[tuple[Any, float]] = []
    outputs = engine.run(arrays, TRAINING_CALL if training else PREDICT, added)
    keep(layer, added)
    return outputs


def keep(layer: Weighted, added: list[tuple[Any, float]]) -> None:
    """Leaves each layer what it added to the loss in this call, and nothing of the call before."""
    waiting: list[Any] = [layer]
    while waiting:
        one = waiting.pop()
        if getattr(one, "_added_losses", None):
            one._added_losses = []
        waiting += one.children
    for operator, value in added:
        owner = getattr(operator, "of", layer)
        owner._added_losses = [*owner._added_losses, np.float32(value)]
