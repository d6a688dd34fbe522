"""Words that sentences are filled with: lists joined by "and" or "or", things with their number, names of axes."""

from __future__ import annotations

from shapecheck.languages import Phrase, say

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

AXES = {
    "batch": Phrase("axes", "batch", "batch"),
    "depth": Phrase("axes", "depth", "depth"),
    "height": Phrase("axes", "height", "height"),
    "width": Phrase("axes", "width", "width"),
    "channels": Phrase("axes", "channels", "channels"),
    "steps": Phrase("axes", "steps", "steps"),
    "features": Phrase("axes", "features", "features"),
}


def axis_name(name: str) -> str:
    """The name of an axis in the current language; a name that is not in AXES unchanged."""
    return str(AXES.get(name, name))


def both(items: Sequence[str]) -> str:
    """a; a and b; a, b and c.

    >>> both(["conv2d", "conv2d_1", "dense"])
    'conv2d, conv2d_1 and dense'
    """
    *others, last = items
    return say("lists", "and", "{others} and {last}", others=", ".join(others), last=last) if others else last


def either(items: Sequence[str]) -> str:
    """a; a or b; a, b or c.

    >>> either(["valid", "same"])
    'valid or same'
    """
    *others, last = items
    return say("lists", "or", "{others} or {last}", others=", ".join(others), last=last) if others else last


def arrays(count: int) -> str:
    """1 array, 3 arrays."""
    return say("counts", "array", "1 array") if count == 1 else say("counts", "arrays", "{count} arrays", count=count)


def inputs(count: int) -> str:
    """1 input, 3 inputs."""
    return say("counts", "input", "1 input") if count == 1 else say("counts", "inputs", "{count} inputs", count=count)


def outputs(count: int) -> str:
    """1 output, 3 outputs."""
    return say("counts", "output", "1 output") if count == 1 else say("counts", "outputs", "{count} outputs", count=count)


def units(count: int) -> str:
    """1 unit, 3 units."""
    return say("counts", "unit", "1 unit") if count == 1 else say("counts", "units", "{count} units", count=count)
