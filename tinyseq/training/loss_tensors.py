"""A loss of this package on tensors of a graph: in a loss of the user's own, or in call() of a layer, with its slopes."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np

from tinyseq.layers.tensor_functions.calling import apply
from tinyseq.layers.tensor_functions.primitive import PRIMITIVES, Primitive
from tinyseq.training import formulas

Array = Any  # a numpy array: its operators have no useful types

_numbers = itertools.count()


def of_tensors(loss: Any, y_true: Any, y_pred: Any) -> Any:
    """The loss of each row as a tensor; its gradient goes to y_pred.

    Arguments:
        loss: a Loss
        y_true: the targets, a tensor or an array
        y_pred: the predictions, a tensor
    """

    def values(t: Array, p: Array) -> Array:
        return np.asarray(loss.call(t, p))

    def gradient(g: Array, y: Array, t: Array, p: Array) -> tuple[Any, Any]:
        return None, slopes(loss, t, p, g)

    kind = f"loss_{loss.name}_{next(_numbers)}"
    Primitive(kind, values, gradient, tensors=slice(2))
    try:
        return apply(kind, y_true, y_pred)
    except BaseException:
        PRIMITIVES.pop(kind, None)
        raise


def reduced_tensor(loss: Any, y_true: Any, y_pred: Any, sample_weight: Any = None) -> Any:
    """The reduced loss as a tensor, as loss(y_true, y_pred) means it.

    Arguments:
        loss: a Loss
        y_true: the targets, a tensor or an array
        y_pred: the predictions, a tensor
        sample_weight: not computed of tensors: multiply the rows' losses by it
    """
    if sample_weight is not None:
        raise NotImplementedError(f"{loss.name}: sample_weight= of tensors is not computed: multiply the losses of reduction='none' by it")
    own = type(loss).call.__module__.partition(".")[0] != "tinyseq"
    rows = loss.call(y_true, y_pred) if own else of_tensors(loss, y_true, y_pred)
    if loss.reduction == "none":
        return rows
    return apply("sum" if loss.reduction == "sum" else "mean", rows, None, False)


def slopes(loss: Any, y_true: Array, y_pred: Array, weight: Array) -> Array:
    """The gradient of the sum of the rows' losses, each times its weight, with respect to y_pred."""
    p = np.asarray(y_pred, np.float32)
    if hasattr(loss, "prepared"):
        return np.asarray(loss.gradient(loss.prepared(y_true, p.shape), p, np.asarray(weight)), np.float32).reshape(p.shape)
    t, rows, outer = loss.arranged(y_true, p)
    flat = formulas.as_rows(rows)
    found = np.zeros(flat.shape, np.float32)
    targets = loss.targets(t, rows.shape)
    counted = loss.counted(t, rows.shape)
    each = np.broadcast_to(np.asarray(weight, np.float32), outer).reshape(-1)
    each = each if counted is None else each * counted.reshape(-1)
    loss.slopes(targets, flat, np.ascontiguousarray(each, np.float32), found)
    found = found.reshape(rows.shape)
    if p.ndim > 1 and loss.axis not in (-1, p.ndim - 1):
        found = np.moveaxis(found, -1, loss.axis)
    return found.reshape(p.shape)
