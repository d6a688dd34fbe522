"""NaN and infinity in arrays: whether there are any, and where the first one is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shapecheck.languages import say
from tinyseq.training.user_warning import say as warn

Array = NDArray[Any]


def about_data(inputs: Sequence[Array]) -> bool:
    """Warns of the first array that holds NaN or infinity, and says where; whether there is one."""
    for number, array in enumerate(inputs):
        if array.dtype.kind == "f" and not finite([array]) and (found := first_in(array)) is not None:
            name = "x" if len(inputs) == 1 else f"x[{number}]"
            nan, infinite = int(np.isnan(array).sum()), int(np.isinf(array).sum())
            warn(_words(name, nan, infinite, at(name, found)))
            return True
    return False


def _words(name: str, nan: int, infinite: int, first: str) -> str:
    if nan and infinite:
        return say(
            "training", "nan_and_infinity",
            "{name} holds {nan:,} NaN and {infinite:,} infinite values, the first at {first}: nothing can be learnt from them. "
            "A division by 0 is a common cause; np.nan_to_num({name}) replaces them",
            name=name, nan=nan, infinite=infinite, first=first,
        )  # fmt: skip
    if nan:
        return say(
            "training", "nan",
            "{name} holds {nan:,} NaN, the first at {first}: nothing can be learnt from them. "
            "A division by 0 is a common cause; np.nan_to_num({name}) replaces them",
            name=name, nan=nan, first=first,
        )  # fmt: skip
    return say(
        "training", "infinity",
        "{name} holds {infinite:,} infinite values, the first at {first}: nothing can be learnt from them. "
        "A division by 0 is a common cause; np.nan_to_num({name}) replaces them",
        name=name, infinite=infinite, first=first,
    )  # fmt: skip


def finite(rows: Sequence[Array]) -> bool:
    """Whether all numbers are finite. A sum is the fastest look; where it overflows, each number is looked at."""
    with np.errstate(over="ignore", invalid="ignore"):
        return all(np.isfinite(row.sum()) or np.isfinite(row).all() for row in rows)


def first_in(array: Array) -> tuple[int, ...] | None:
    """The index of the first value that is NaN or infinite."""
    if array.dtype.kind != "f":
        return None
    wrong = ~np.isfinite(array)
    if not wrong.any():
        return None
    return tuple(int(place) for place in np.unravel_index(int(wrong.argmax()), array.shape))


def at(name: str, place: tuple[int, ...]) -> str:
    """An element, as it is written: x[0, 3]."""
    return f"{name}[{', '.join(map(str, place))}]"
