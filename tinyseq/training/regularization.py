"""Penalties on weights, added to loss and gradients, and constraints, applied after each step."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tinyseq.weights import constraints, regularizers

if TYPE_CHECKING:
    from tinyseq.engine.gradients import Gradients
    from tinyseq.weights.weight import Weight


def penalty(weights: Sequence[Weight]) -> float:
    """The sum of the penalties."""
    return float(sum(regularizers.get(w.regularizer).penalty(w.value) for w in weights if w.regularizer is not None))


def add_gradients(weights: Sequence[Weight], gradients: Gradients) -> float:
    """Adds the penalties' gradients; returns the sum of the penalties."""
    for weight in weights:
        if weight.regularizer is not None:
            regularizers.get(weight.regularizer).add_gradient(weight.value, gradients.of(weight))
    return penalty(weights)


def constrain(weights: Sequence[Weight]) -> None:
    """Applies the constraints to their weights."""
    for weight in weights:
        if weight.constraint is not None:
            value = weight.value
            value[...] = constraints.get(weight.constraint)(value)
