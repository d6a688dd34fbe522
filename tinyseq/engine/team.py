"""Several processes that compute one batch together: each makes the shards of some groups, and they exchange what belongs to all.

Every process has the whole batch and the same partition of it, so shards, statistics of the batch and random numbers are those of one
process. What is exchanged: statistics of shards before they are combined, sums of gradients, outputs and losses.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Protocol
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


class Team(Protocol):
    """The processes. Every one of them must make the same calls in the same order."""

    rank: int
    """The number of this one; 0 is the one that prints and saves."""
    size: int

    def add(self, source: Array, target: Array) -> None:
        """target = the sum of all processes' `source`; they may be the same array."""

    def gather(self, array: Array, bounds: Sequence[int]) -> None:
        """Process i has computed the rows bounds[i]..bounds[i + 1] - 1: afterwards every process has all of them."""

    def same(self, value: Any) -> Any:
        """The value that process 0 has."""

    def all_of(self, value: Any) -> list[Any]:
        """The values of all processes."""


_present: Team | None = None


def present() -> Team | None:
    """The processes that share training; None: this one is alone."""
    return _present


def form(team: Team | None) -> None:
    """From now on they share training."""
    global _present
    _present = team


def speaks() -> bool:
    """Whether this process prints and writes files: alone, or the first one."""
    return _present is None or _present.rank == 0


def groups_of(team: Team, groups: int) -> list[int]:
    """Where the groups of each process begin, and the end."""
    return [groups * rank // team.size for rank in range(team.size + 1)]


def read_by_first(team: Team, items: Iterable[Any]) -> Iterator[Any]:
    """What process 0 reads from `items`, in every process; the others never read theirs."""
    found = iter(items) if team.rank == 0 else None
    while True:
        one = team.same(("end", None) if found is None else _next(found))
        if one[0] != "item":
            if one[0] == "error":
                raise one[1]
            return
        yield one[1]


def _next(items: Iterator[Any]) -> tuple[str, Any]:
    try:
        return ("item", next(items))
    except StopIteration:
        return ("end", None)
    except Exception as error:
        return ("error", error)


def checksum(arrays: Sequence[Any], rows: int = 64) -> tuple[Any, ...]:
    """Shapes, dtypes and a checksum of at most so many rows of each, which differ if the arrays differ in them."""
    found = []
    for array in arrays:
        shape = np.shape(array)
        chosen: Any = np.unique(np.linspace(0, len(array) - 1, rows).astype(int)) if shape and shape[0] else []
        parts = [np.ascontiguousarray(array[int(row)]) for row in chosen]
        found.append((shape, str(getattr(array, "dtype", "")), crc32(b"".join(map(_bytes, parts)))))
    return tuple(found)


def _bytes(row: Array) -> bytes:
    return repr(row.tolist()).encode() if row.dtype == object else row.tobytes()
