"""Tables that a terminal has room for: columns made narrower, texts that go on in the next line."""

from __future__ import annotations

import textwrap

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


def squeeze(widths: list[int], columns: Sequence[int], most: int) -> None:
    """Takes from the widest of these columns, a letter at a time, until all columns together are `most` wide.

    >>> widths = [30, 6, 20]
    >>> squeeze(widths, (0, 2), 40); widths
    [17, 6, 17]
    """
    while sum(widths) > most:
        widest = max(columns, key=lambda column: widths[column])
        if widths[widest] == 1:
            return
        widths[widest] -= 1


def folded(text: str, width: int) -> list[str]:
    """The text as it is if it fits, else in lines: between words, and within one that is longer than a line."""
    return [text] if len(text) <= width else textwrap.wrap(text, width, break_on_hyphens=False)
