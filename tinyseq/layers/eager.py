"""A single layer called on arrays: layer(x), as in the guide."""

from __future__ import annotations

from typing import Any

import numpy as np

from shapecheck.shapes import Shape
from tinyseq.engine.engine import Engine
from tinyseq.engine.operator import changing
from tinyseq.engine.plan import PREDICT, TRAINING_CALL
from tinyseq.inputs import numbers, same_length
from tinyseq.layers.calling import declare, lone_graph
from tinyseq.layers.weighted import Weighted


def compute(layer: Weighted, given: list[Any], training: bool, masks: int = 0) -> Any:
    """Checks the arrays, builds the layer if it is not built, runs it. `masks`: how many arrays at the end are masks."""
    arrays = [numbers(value, str(layer.name)) for value in given]
    kind = np.int64 if layer.input_dtype == "int64" else np.float32
    arrays = [np.ascontiguousarray(array, kind) for array in arrays]
    for array in arrays:
        if not array.size:
            raise ValueError(f"{layer.name}: got an empty array (shape {array.shape}): pass at least 1 sample")
    if len(arrays) > 1:
        same_length(arrays, [f"input {i}" for i in range(len(arrays))])
    inputs = len(arrays) - masks
    for mask in arrays[inputs:]:
        if mask.ndim != 2 or mask.shape != arrays[0].shape[:2]:
            raise ValueError(
                f"{layer.name}: mask has shape {mask.shape}, the input {arrays[0].shape}: pass a mask of shape {arrays[0].shape[:2]}"
            )
    batch = len(arrays[0]) if layer.fixes_batch else None
    key = (batch, *(array.shape[1:] for array in arrays), masks)
    engine = layer._engines.get(key)
    if engine is None:
        shapes = tuple(Shape((batch, *array.shape[1:])) for array in arrays)
        declare(layer, tuple(Shape(array.shape) for array in arrays[:inputs]))
        if len(layer._engines) >= 8:
            layer._engines.pop(next(iter(layer._engines)))
        engine = layer._engines[key] = Engine(lone_graph(layer, shapes, masks), str(layer.name))
    outputs = run(layer, engine, arrays, training)
    return outputs[0] if len(outputs) == 1 else outputs


def run(layer: Weighted, engine: Engine, arrays: list[Any], training: bool) -> list[Any]:
    """The outputs; what layers inside add to the loss is kept with each of them."""
    added: list[tuple[Any, float]] = []
    for one in changing(layer) if training else ():
        one.before_step()
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
