"""Gradients held to a greatest value or norm."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


def clipped(gradients: list[Array], value: float | None, norm: float | None, global_norm: float | None) -> list[Array]:
    """The gradients with each number at most `value`, or each norm at most `norm`, or that of all together at most `global_norm`."""
    if value:
        return [np.clip(g, -value, value) for g in gradients]
    if norm:
        return [_scaled(g, norm, _norm([g])) for g in gradients]
    if global_norm:
        whole = _norm(gradients)
        return [_scaled(g, global_norm, whole) for g in gradients]
    return gradients


def _norm(gradients: Sequence[Array]) -> float:
    return math.sqrt(sum(float(np.dot(g, g)) for g in gradients))


def _scaled(g: Array, limit: float, norm: float) -> Array:
    return g * np.float32(limit / norm) if norm > limit else g
