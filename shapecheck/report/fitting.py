"""Tables that fit into a terminal: narrower columns, and texts that continue on the next line."""

from __future__ import annotations

from shapecheck.languages import columns as width_of
from shapecheck.languages import fitting, padded, pushed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

BLANKS = dict.fromkeys(map(ord, "\t\n\v\f\r"), " ")


def squeeze(widths: list[int], columns: Sequence[int], most: int) -> None:
    """Shrinks the widest of these columns, one character at a time, until all columns together are `most` wide.

    >>> widths = [30, 6, 20]
    >>> squeeze(widths, (0, 2), 40); widths
    [17, 6, 17]
    """
    while sum(widths) > most:
        widest = max(columns, key=lambda column: widths[column])
        if widths[widest] == 1:
            return
        widths[widest] -= 1


def column_widths(rows: Sequence[Sequence[str]], length: int, least: Sequence[tuple[int, int]]) -> list[int]:
    """The width of the longest text of each column. If that exceeds `length`, with one blank between columns, the columns of
    `least` (column, smallest width) shrink in that order, and the widest ones last."""
    widths = [max(width_of(row[column]) for row in rows) for column in range(len(rows[0]))]
    for column, width in least:
        excess = sum(widths) + len(widths) - 1 - length
        if excess > 0:
            widths[column] = max(min(width, widths[column]), widths[column] - excess)
    squeeze(widths, range(len(widths)), length - len(widths) + 1)
    return widths


def folded_row(row: Sequence[str], widths: Sequence[int], left: int) -> list[str]:
    """The lines of one row: a text too long for its column continues on the next line. The first `left` columns are left-aligned."""
    cells = [wrapped(text, width) or [""] for text, width in zip(row, widths, strict=True)]
    lines = []
    for place in range(max(map(len, cells))):
        parts = [cell[place] if place < len(cell) else "" for cell in cells]
        sides = enumerate(zip(parts, widths, strict=True))
        lines.append(" ".join(padded(text, width) if column < left else pushed(text, width) for column, (text, width) in sides).rstrip())
    return lines


def folded(text: str, width: int) -> list[str]:
    """The text unchanged if it fits, else split into lines: between words, and inside a word that is longer than a line."""
    return [text] if width_of(text) <= width else wrapped(text, width)


def wrapped(text: str, width: int, indent: str = "", cut: bool = True) -> list[str]:
    """Lines of at most `width`, split between words. A word longer than a line is split too if `cut`, else it gets its own line.

    Like textwrap.wrap, whose import takes 4 ms; never splits at a hyphen.

    >>> wrapped("one two three", 7), wrapped("extraordinary", 7), wrapped("an extraordinary word", 7, "  ", cut=False)
    (['one two', 'three'], ['extraor', 'dinary'], ['an', '  extraordinary', '  word'])
    """
    lines: list[str] = []
    line, gap = "", 0
    for word in text.translate(BLANKS).split(" "):
        rest = word
        while rest:
            room = width - (len(indent) if lines else 0)
            start = line + " " * gap if line or not lines else ""
            if width_of(start) + width_of(rest) <= room:
                line, rest, gap = start + rest, "", 0
            elif not line and gap and not lines:
                gap = 0  # blanks at the beginning, before a word that does not fit after them
            elif width_of(rest) <= room or (line and (not cut or width_of(start) >= room)):
                lines.append((indent if lines else "") + line)
                line = ""
            else:
                most = fitting(rest, room - width_of(start)) if cut else len(rest)
                lines.append((indent if lines else "") + start + rest[:most])
                line, rest, gap = "", rest[most:], 0
        gap += 1
    return [*lines, (indent if lines else "") + line] if line else lines
