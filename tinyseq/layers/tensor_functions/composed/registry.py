"""The list of tinyseq.ops, and what its functions share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

FUNCTIONS: dict[str, Callable[..., Any]] = {}
"""The functions of tinyseq.ops by name."""


def public(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function of tinyseq.ops."""
    FUNCTIONS[function.__name__.rstrip("_")] = function
    return function


def shape_of(x: Any) -> tuple[Any, ...]:
    """Sizes; None for one known only at run time."""
    return tuple(x.shape) if hasattr(x, "shape") else np.shape(x)


def axes_of(axis: Any) -> Any:
    """As primitives keep it: a list for several."""
    return list(axis) if isinstance(axis, (tuple, list)) else axis
