"""Derived weights (packed, transformed): made by Operator.prepare once for each version of the weights, in the same arrays."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from tinyseq.engine import own
from tinyseq.engine.chores import Chores
from tinyseq.engine.operator import Operator
from tinyseq.weights import memory

Use = tuple[Operator, bool]
"""A layer, and whether what backward needs is to be made too."""

SHARED = 1 << 16
"""Derived numbers that are worth a second thread ..."""
WAKING = 1 << 20
"""... and one that Python starts: two threads lose time to each other's Python (the guide's net, 0.3 million: 0.31 ms by one
thread, 0.5 to 0.8 by two; Zen 4)."""


class Preparing:
    """What the layers of one schedule derive."""

    def __init__(self, uses: Sequence[Use]) -> None:
        self.uses = list(uses)
        self._chores = Chores()

    def run(self) -> None:
        """Makes anew what is of other weights than those of now."""
        if all(up_to_date(*one) for one in self.uses):
            return
        with _lock:  # two callers must not write the same arrays
            todo = [one for one in self.uses if not up_to_date(*one)]
            found = [self._places(*one) for one in todo]
            size = sum(array.size for _, derived in found for array in derived.values())
            self._chores.run(
                lambda: [task for one, (_, derived) in zip(todo, found, strict=True) for task in self._tasks(one[0], derived)],
                [derived for _, derived in found], size > SHARED, size > WAKING,
            )  # fmt: skip
            for (layer, backward), made in zip(todo, found, strict=True):
                layer._prepared[backward] = made

    def drop_misfits(self) -> None:
        """Forgets the arrays of a layer that has come to stand at a second place, where it needs others."""
        for layer, backward in self.uses:
            found = layer._prepared.get(backward)
            if found is not None and found[1].keys() != derived_sizes(layer, backward).keys():
                del layer._prepared[backward]

    def _places(self, layer: Operator, backward: bool) -> tuple[tuple[int, ...], dict[str, Any]]:
        """(versions of the weights, the arrays)."""
        found = layer._prepared.get(backward)
        return _versions(layer), memory.floats(derived_sizes(layer, backward)) if found is None else found[1]

    def _tasks(self, layer: Operator, derived: dict[str, Any]) -> list[Callable[[], None]]:
        """One for each array."""
        values = {weight.name: weight.value for weight in layer._weights}
        prepare = partial(_unnoted, layer) if own.written_by_user(layer, "prepare") else layer.prepare
        return [partial(prepare, values, {name: array}) for name, array in derived.items()]


def _unnoted(layer: Operator, values: dict[str, Any], derived: dict[str, Any]) -> None:
    """A user's prepare, which may do what it likes beside calling kernels: by Python every time."""
    from tinyseq.kernels.runtime.recording import unnoted

    with unnoted():
        layer.prepare(values, derived)


def up_to_date(layer: Operator, backward: bool) -> bool:
    """True if what `prepare` made is of the weights as they are."""
    found = layer._prepared.get(backward)
    return found is not None and found[0] == _versions(layer)


def _versions(layer: Operator) -> tuple[int, ...]:
    return tuple([weight.version for weight in layer._weights])


def derived_sizes(layer: Operator, backward: bool) -> dict[str, int]:
    """How many floats each derived array of a built layer has."""
    return layer.derived({weight.name: tuple(weight.shape) for weight in layer._weights}, backward)


_lock = threading.Lock()


def _after_fork() -> None:
    """The thread that held the lock does not live in the child."""
    global _lock
    _lock = threading.Lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
