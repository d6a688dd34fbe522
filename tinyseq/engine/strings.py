"""Strings as numbers: all tensors of a plan are numbers, so a string is its place in a table that lives as long as the array of places.

`numbered(texts)` -> int64 of the same shape, each below FIRST + 2**62; `strings(numbers)` is the reverse. Numbers of categories are never
so far below 0, so a layer that takes both can tell them apart.
"""

from __future__ import annotations

import threading
import weakref
from bisect import bisect_right
from typing import Any

import numpy as np

from tinyseq.engine.operator import Array

FIRST = -(2**62)
"""The number of the first string. Numbers rise from array to array and are not used again."""
LAST = FIRST // 2

STRING = "string"
"""What an Input of strings says as its dtype."""

_LOCK = threading.Lock()
_TABLES: dict[int, Array] = {}
"""The different strings of each array, by the number of the first."""
_next = FIRST


def texts(where: str, value: Any) -> Array:
    """An array of str, from str or bytes. TypeError for anything else."""
    array = np.asarray(value)
    if array.dtype.kind == "U":
        return array
    if array.dtype.kind in "SO":
        words = [word.decode() if isinstance(word, bytes) else word for word in array.reshape(-1).tolist()]
        if all(isinstance(word, str) for word in words):
            return np.array(words, np.str_).reshape(array.shape)
    raise TypeError(f"{where}: takes strings, got an array of {array.dtype}: pass strings, for example by array.astype(str)")


def numbered(texts: Array) -> Array:
    """A number for each string of an array of str. The strings are kept until the array that is returned, and all views of it, are gone."""
    global _next
    different, places = np.unique(texts, return_inverse=True)
    with _LOCK:
        start, _next = _next, _next + len(different)
        _TABLES[start] = different
    numbers = places.reshape(texts.shape).astype(np.int64) + start
    weakref.finalize(numbers, _TABLES.pop, start, None)
    return numbers


def are_strings(numbers: Array) -> bool:
    """Whether an array holds numbers of strings."""
    return numbers.dtype.kind == "i" and bool(numbers.size) and int(numbers.max()) < LAST


def strings(numbers: Array) -> Array:
    """The strings of these numbers."""
    different, places = np.unique(numbers, return_inverse=True)
    starts = sorted(_TABLES)
    found = []
    for number in different.tolist():
        start = starts[bisect_right(starts, number) - 1]
        found.append(str(_TABLES[start][number - start]))
    return np.array(found, np.str_)[places].reshape(numbers.shape)
