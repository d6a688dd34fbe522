"""Packed (transformed, derived) weights: computed by a layer's `prepare` once for each version of the weights, in the same arrays."""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from typing import Any

from numpy.typing import NDArray

from tinyseq.engine.operator import Operator
from tinyseq.weights import memory

Use = tuple[Operator, bool]
"""A layer, and whether the arrays for backward are needed too."""

SHARED = 1 << 16
"""Packed floats for which a second thread pays off."""


def places(layer: Operator, backward: bool) -> dict[str, NDArray[Any]]:
    """The arrays; if there are none yet, they are allocated and contain garbage."""
    found = layer._prepared.get(backward)
    if found is None:
        found = layer._prepared[backward] = (None, memory.floats(derived_sizes(layer, backward)))
    return found[1]


def up_to_date(layer: Operator, backward: bool) -> bool:
    """True if the packed arrays match the present weights."""
    found = layer._prepared.get(backward)
    return found is not None and found[0] == _versions(layer)


def made(layer: Operator, backward: bool) -> None:
    """Marks the packed arrays as matching the present weights."""
    layer._prepared[backward] = _versions(layer), layer._prepared[backward][1]


def drop_misfits(uses: Sequence[Use]) -> None:
    """Discards the arrays of a layer that is now used at a second place, where it needs others."""
    for layer, backward in uses:
        found = layer._prepared.get(backward)
        if found is not None and found[1].keys() != derived_sizes(layer, backward).keys():
            del layer._prepared[backward]


def values(layer: Operator) -> dict[str, NDArray[Any]]:
    """The weights as arguments of `prepare`."""
    return {weight.name: weight.value for weight in layer._weights}


def _versions(layer: Operator) -> tuple[int, ...]:
    return tuple([weight.version for weight in layer._weights])


def derived_sizes(layer: Operator, backward: bool) -> dict[str, int]:
    """How many floats each derived array of a built layer has."""
    return layer.derived({weight.name: tuple(weight.shape) for weight in layer._weights}, backward)


lock = threading.Lock()
"""Two callers must not write the same arrays."""


def _after_fork() -> None:
    """The thread that held the lock does not exist in the child."""
    global lock
    lock = threading.Lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
