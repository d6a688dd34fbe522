"""A last softmax or sigmoid that its loss computes with: more exact than the logarithm of its output, and faster."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from tinyseq.declared import holds

Array = Any  # a numpy array: its operators have no useful types


def fused_activation(model: Any, chosen: Sequence[Any]) -> str | None:
    """ "softmax" or "sigmoid" if the only output comes from it and the loss can use its input."""
    loss = chosen[0]
    if len(chosen) != 1 or loss is None or loss.fuses is None or loss.axis != -1 or getattr(loss, "from_logits", False):
        return None
    tensor = model.outputs[0]
    if model.graph.in_training is not None:  # its last layer may be another then
        return None
    if sum(tensor in node.inputs for node in model.graph.nodes):
        return None
    rule = tensor.node.rule
    if getattr(rule, "graph", None) is not None:
        return fused_activation(rule, chosen)
    activation = getattr(rule, "activation", None)
    if type(rule).__name__ == "Softmax" and rule.axis == -1:
        activation = "softmax"
    name = getattr(activation, "__name__", activation)
    if getattr(rule, "activity_penalty", None) is not None:  # it looks at what comes after the activation
        return None
    leaves = holds(type(rule), "leaves_activation", "forward", "backward")
    return str(name) if leaves and name == loss.fuses else None


def activation_of(name: str | None) -> Callable[[Array], Array]:
    """The activation that the loss applies, for metrics: softmax or sigmoid of logits."""
    return {"softmax": _softmax, "sigmoid": _sigmoid}.get(name or "", lambda z: z)


def _softmax(z: Array) -> Array:
    e = np.exp(z - z.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def _sigmoid(z: Array) -> Array:
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1 / (1 + e), e / (1 + e)).astype(np.float32)
