"""The arrays of a program outside its memory blocks: the caller's, and its own for the whole batch."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tinyseq.weights import memory

if TYPE_CHECKING:
    from tinyseq.engine.partition import Shard

Array = NDArray[Any]
Key = tuple[Any, ...]
"""("input", i) ("output", i) ("input_gradient", i) ("sets",) ("late_sets",) ("loss", i): the caller's.
("again", i) ("late_input", op) ("late_gradient", op) ("partial", op, name) ("shared", op, name) ("drawn", layer)
("scratch", op, name, part): its own."""

ROWS, SETS, SHARDS, WHOLE = range(4)
"""Which part of an array a shard sees: its samples' rows; the row of its group; its own row; all of it."""


class Place:
    """One array: its number among the addresses of a run, shape, dtype, and which part of it each shard sees."""

    __slots__ = ("dtype", "given", "how", "number", "shape")

    def __init__(self, number: int, shape: Sequence[int], dtype: Any, how: int, given: bool) -> None:
        self.number = number
        self.shape = tuple(shape)
        self.dtype = np.dtype(dtype)
        self.how = how
        self.given = given
        """True if passed for each run; the others belong to the run."""

    def part(self, array: Array, shard: Shard | None, batch: int) -> Array:
        """The part of the array that a shard sees; None: all of it."""
        if shard is None or self.how == WHOLE or (self.how == ROWS and shard.stop - shard.start == batch):
            return array
        if self.how == SETS:
            part: Array = array[shard.group]
        elif self.how == SHARDS:
            part = array[shard.index]
        else:
            each = len(array) // batch
            part = array[shard.start * each : shard.stop * each]
        return part

    def offset(self, shard: Shard | None, batch: int) -> int:
        """Bytes from the array's start to that part."""
        if shard is None or self.how == WHOLE or 0 in self.shape or (self.how == ROWS and shard.stop - shard.start == batch):
            return 0
        row: int = self.dtype.itemsize * math.prod(self.shape[1:])
        if self.how == ROWS:
            return row * shard.start * (self.shape[0] // batch)
        return row * (shard.group if self.how == SETS else shard.index)


class Layout:
    """The places of one program, by key."""

    def __init__(self, batch: int) -> None:
        self.batch = batch
        self.places: dict[Key, Place] = {}
        self.stand_ins: dict[Key, Array] = {}
        """Arrays that are never accessed: placeholders for the addresses of a run."""

    def add(self, key: Key, shape: Sequence[int], dtype: Any, how: int, given: bool = False) -> None:
        """Number 0 of a run's addresses is the block."""
        self.places[key] = Place(1 + len(self.places), shape, dtype, how, given)
        self.stand_ins[key] = np.empty(shape, dtype)

    def parts(self, arrays: dict[Key, Array], shard: Shard | None) -> dict[Key, Array]:
        """The part of each array that a shard sees."""
        return {key: self.places[key].part(array, shard, self.batch) for key, array in arrays.items()}

    def offsets(self, shard: Shard | None) -> Iterator[int]:
        """Where that begins in each, in bytes."""
        for place in self.places.values():
            yield place.offset(shard, self.batch)

    def own(self) -> dict[Key, Array]:
        """Allocates the arrays that only this run uses."""
        return {key: memory.empty(place.shape, place.dtype) for key, place in self.places.items() if not place.given}
