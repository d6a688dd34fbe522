"""The members of the public classes of Keras 3, as recorded."""

from __future__ import annotations

from functools import lru_cache

from shapecheck.migration import tables
from shapecheck.migration.recorded_members import CLASSES, TENSORFLOW_CLASSES


@lru_cache(64)
def members(path: str) -> frozenset[str]:
    """The public members of a class, inherited ones included.

    >>> "fit" in members("keras.Sequential"), "fit_generator" in members("keras.Sequential")
    (True, False)
    """
    root, name = tables.split(tables.home(path))
    text = TENSORFLOW_CLASSES.get(name) if root == "tensorflow.keras" else None
    text = text or CLASSES.get(name)
    if text is None:
        return frozenset()
    bases, _, own = text.partition(":")
    found = {word.partition("(")[0] for word in own.split()}
    return frozenset(found.union(*(members(f"{root}.{base}") for base in bases.split())))
