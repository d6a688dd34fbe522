"""How much Keras pads and cuts: arithmetic of windows for the exports."""

from __future__ import annotations

from typing import Any

Sizes = tuple[int, ...]


def sizes(value: Any, axes: int) -> Sizes:
    """One number for each axis.

    >>> sizes(3, 2), sizes([1, 2], 2)
    ((3, 3), (1, 2))
    """
    found = (value,) * axes if isinstance(value, int) else tuple(value)
    return tuple(int(one) for one in found)


def pairs(value: Any, axes: int) -> list[tuple[int, int]]:
    """Before and after, for each axis.

    >>> pairs(1, 2), pairs((1, 2), 1), pairs((1, 2), 2), pairs(((1, 2), (3, 4)), 2)
    ([(1, 1), (1, 1)], [(1, 2)], [(1, 1), (2, 2)], [(1, 2), (3, 4)])
    """
    if isinstance(value, int):
        return [(value, value)] * axes
    if axes == 1 and len(value) == 2 and all(isinstance(one, int) for one in value):
        return [(value[0], value[1])]
    return [(one, one) if isinstance(one, int) else (one[0], one[1]) for one in value]


def same_padding(size: int | None, window: int, stride: int, dilation: int) -> tuple[int, int] | None:
    """How much padding="same" adds before and after an axis; None if that depends on a size that is not known.

    >>> same_padding(28, 3, 1, 1), same_padding(28, 3, 2, 1), same_padding(7, 3, 2, 1), same_padding(None, 3, 2, 1)
    ((1, 1), (0, 1), (1, 1), None)
    """
    reach = dilation * (window - 1) + 1
    if size is None and stride > 1:
        return None
    total = reach - 1 if size is None else max((-(-size // stride) - 1) * stride + reach - size, 0)
    return total // 2, total - total // 2


def transposed_cut(size: int, out: int, window: int, stride: int, dilation: int, same: bool) -> tuple[int, int]:
    """Of a transposed convolution along one axis: where Keras's output begins in the whole one, and how long that is.

    >>> transposed_cut(5, 10, 3, 2, 1, True), transposed_cut(5, 11, 3, 2, 1, False)
    ((0, 11), (0, 11))
    """
    whole = (size - 1) * stride + dilation * (window - 1) + 1
    return (max(whole - out, 0) // 2 if same else 0), whole
