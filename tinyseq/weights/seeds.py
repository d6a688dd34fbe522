"""Two counters of this process: seeds, assigned in the order in which layers and weights are created, and the stamp of
the last change of `trainable`."""

from __future__ import annotations

import os
import threading

import numpy as np

from tinyseq.argument_types import is_integer

_lock = threading.Lock()
_root: int | None = None
_given = 0
_stamp = 0


def set_random_seed(seed: int) -> None:
    """Makes all random numbers drawn from now on (weights, dropout, shuffling) repeatable. Also seeds `random` and numpy, as Keras does.

    Arguments:
        seed: an integer from 0 to 2**32 - 1
    """
    import random

    global _root, _given
    if not is_integer(seed) or not 0 <= int(seed) < 2**32:
        raise ValueError(f"seed must be an integer from 0 to 2**32 - 1, got {seed!r}: for example set_random_seed(3)")
    with _lock:
        _root, _given = int(seed), 0
    random.seed(int(seed))
    np.random.seed(int(seed))


def next_seed() -> tuple[int, int]:
    """A separate seed for the next object created: (process seed, number)."""
    global _root, _given
    with _lock:
        if _root is None:
            _root = int.from_bytes(os.urandom(8), "little")
        _given += 1
        return (_root, _given)


def state() -> tuple[int | None, int]:
    """The process's seed (None: not drawn yet) and how many were given out."""
    return (_root, _given)


def restore(kept: tuple[int | None, int]) -> None:
    """Goes on from a `state`."""
    global _root, _given
    with _lock:
        _root, _given = kept


def structure_changed() -> None:
    """Marks earlier plans as possibly outdated."""
    global _stamp
    with _lock:
        _stamp += 1


def stamp() -> int:
    """Differs from an earlier one if `trainable` was set somewhere in between."""
    return _stamp
