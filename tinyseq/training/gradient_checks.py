"""Gradients that a caller hands to an optimizer, checked: kernels trust their shapes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from tinyseq.training.user_warning import say


def fitting(optimizer: str, gradients: Sequence[Any], variables: Sequence[Any]) -> tuple[list[Any], list[Any]]:
    """The gradients and their weights, without the weights that have no gradient. An error if one does not fit its weight."""
    for gradient, variable in zip(gradients, variables, strict=True):
        if not hasattr(variable, "version") or variable.dtype != "float32":
            what = f"a variable of {variable.dtype}" if hasattr(variable, "version") else type(variable).__name__
            raise TypeError(f"{optimizer}: expected float32 weights, got {what}: pass for example model.trainable_weights")
        if gradient is not None and np.shape(gradient) != variable.shape:
            raise ValueError(
                f"{variable.path}: the gradient has shape {np.shape(gradient)}, the weight {variable.shape}: pass gradients in the order "
                f"of the weights"
            )
    pairs = [(g, v) for g, v in zip(gradients, variables, strict=True) if g is not None]
    if not pairs:
        raise ValueError("No gradients provided for any variable: pass an array for each weight")
    if len(pairs) < len(gradients):
        missing = [v.path for g, v in zip(gradients, variables, strict=True) if g is None]
        say(f"Gradients do not exist for variables {missing}: they stay as they are")
    return [g for g, _ in pairs], [v for _, v in pairs]
