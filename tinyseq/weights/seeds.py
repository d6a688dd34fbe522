"""Two counters of this process: seeds, assigned in the order in which layers and weights are created, and the stamp of
the last change of `trainable`."""

from __future__ import annotations

import os
import threading
from typing import Any

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


def begun() -> tuple[int, int]:
    """The same, with a process's seed drawn if there was none."""
    global _root
    with _lock:
        if _root is None:
            _root = int.from_bytes(os.urandom(8), "little")
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


class SeedGenerator:
    """Seeds one after another, each for one drawing: tinyseq.random.normal((2, 3), seed=generator) twice is two different arrays.

    A layer or an initializer takes it as `seed=`, too. The same seed is the same sequence in every process.

    Arguments:
        seed: an integer from 0 on; None: of this process (see set_random_seed)
        name: its name
    """

    makes_seeds = True

    def __init__(self, seed: int | None = None, name: str | None = None) -> None:
        if seed is not None and not (is_integer(seed) and int(seed) >= 0):
            raise ValueError(f"Argument `seed` must be an integer. Received: seed={seed!r}: for example SeedGenerator(3)")
        self.name = "seed_generator" if name is None else name
        self._initial_seed = None if seed is None else int(seed)
        self.begin = next_seed() if seed is None else (int(seed),)
        """What its seeds begin with."""
        self._drawn = 0

    @property
    def state(self) -> tuple[int, ...]:
        """Its seed, and how many seeds it has handed out."""
        return (*self.begin, self._drawn)

    def next(self, ordered: bool = True) -> tuple[int, ...]:
        """The next seed: numbers for numpy.random.default_rng.

        Arguments:
            ordered: of Keras, changes nothing: each seed is handed out once
        """
        with _lock:
            found = self.state
            self._drawn += 1
        return found

    def get_config(self) -> dict[str, Any]:
        """The arguments that create it again."""
        return {"seed": self._initial_seed, "name": self.name}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> SeedGenerator:
        """A new one with these arguments.

        Arguments:
            config: what get_config returned
        """
        return cls(**config)

    def __repr__(self) -> str:
        return f"SeedGenerator(seed={self._initial_seed})"


def checked_seed(where: str, seed: Any) -> Any:
    """The argument `seed` of a layer: an integer from 0 on, a SeedGenerator or None. TypeError or ValueError for anything else."""
    if seed is None or isinstance(seed, SeedGenerator):
        return seed
    if not is_integer(seed):
        raise TypeError(f"{where}: seed={seed!r}: expected an integer, a SeedGenerator or None: for example seed=3")
    if int(seed) < 0:
        raise ValueError(f"{where}: seed={seed!r}: expected an integer of at least 0: for example seed=3")
    return int(seed)
