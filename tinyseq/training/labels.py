"""Targets of fit: refused before the first step, with shapecheck's message, if they do not fit output and loss."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from shapecheck.checks.losses import judge
from shapecheck.diagnostics.base import ShapeError
from shapecheck.shapes import Shape
from tinyseq.error_repairs import of_labels
from tinyseq.inputs import numbers, same_length
from tinyseq.training import formulas
from tinyseq.training.arguments import per_output
from tinyseq.training.network import Network
from tinyseq.training.user_warning import say

if TYPE_CHECKING:
    from tinyseq.training.compiled import Compiled

Array = NDArray[Any]


def targets(model: Network, compiled: Compiled, y: Any, samples: int) -> list[Any]:
    """One array of targets for each output with a loss."""
    names = compiled.names
    if y is None:
        raise ValueError(f"{model.name}: fit and evaluate need targets: pass y")
    given = [_alone(y, samples)] if len(names) == 1 and not isinstance(y, dict) else per_output("y", y, names, compiled.form)
    found: list[Any] = []
    for index, (name, value) in enumerate(zip(names, given, strict=True)):
        if value is None or (compiled.losses[index] is None and not compiled.own_steps):
            found.append(None)
            continue
        array = numbers(value, f"{model.name}, targets of {name}")
        same_length([range(samples), array], ["x", "y"])
        check(model, index, compiled, array, name)
        found.append(array)
    return found


def _alone(y: Any, samples: int) -> Any:
    """[y] is y for a model of one output, as [x] is x."""
    listed = isinstance(y, (list, tuple)) and len(y) == 1 and getattr(y[0], "ndim", 0) > 0
    if isinstance(y, (list, tuple)) and len(y) not in (1, samples) and all(getattr(one, "ndim", 0) and len(one) == samples for one in y):
        raise ValueError(f"y: a list of {len(y)} arrays for a model of 1 output: pass one array, y[0] perhaps")
    return y[0] if listed and samples != 1 and len(y[0]) == samples else y


def check(model: Network, index: int, compiled: Compiled, target: Array, layer: str) -> None:
    """Raises ShapeError if these targets do not match this output."""
    output = model.outputs[index].shape_accepted
    assert output.dims is not None
    output = Shape((None, *output.dims[1:]))
    assert output.dims is not None
    loss = compiled.loss_of(index, output.dims, target.shape)
    if loss is None:
        return
    name = formulas.snake_case(type(loss).__name__)
    finding = judge(output, Shape(target.shape), name)
    if finding is not None:  # targets that Keras would silently broadcast are refused too
        refusal = ShapeError(finding, layer)
        raise of_labels(refusal, model._built_graph("outputs"), Shape(target.shape), name) if len(model.outputs) == 1 else refusal
    if loss.sparse:
        dims = output.dims
        shape = (*target.shape[: len(dims) - 1], dims[-1])
        formulas.sparse_targets(target, shape, getattr(loss, "ignore_class", None))
    elif np.issubdtype(target.dtype, np.floating) and np.isnan(target).any():
        say(f"{layer}: the targets contain NaN, so the loss would be NaN: remove those rows")
