"""summary(style="wide"): what comes out, by which arithmetic, parameters, multiply-adds, receptive field, memory."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from shapecheck.report.cells import HEADERS, Cells, totals, verdict
from shapecheck.report.fitting import folded, squeeze
from shapecheck.report.unread_pixels import notes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shapecheck.table import ShapeTable

LINE_LENGTH = 80
LEFT = 3
"""The first columns (layer, output, how) are text, the others numbers that end at the right."""
LEAST_HOW = 14


def render(table: ShapeTable, name: str, line_length: int | None = None, shown: ShapeTable | None = None) -> str:
    """Plain text of at most `line_length` columns (80), without a newline at its end. Long cells go on below."""
    length = line_length or LINE_LENGTH
    rows = [Cells(row).texts for row in (shown or table).rows if not row.is_input]
    inputs = ", ".join(str(row.output) for row in (shown or table).rows if row.is_input)
    widths = column_widths([HEADERS, *rows], length)
    lines = folded(f"{name}   input {inputs}", length)
    lines += [*fold(HEADERS, widths), "-" * min(length, sum(widths) + len(widths) - 1)]
    for row in rows:
        lines += fold(row, widths)
    for text in (totals(table), *(f"note: {note}" for note in notes(table)), verdict(table)):
        lines += textwrap.wrap(text, length, break_on_hyphens=False)
    return "\n".join(lines)


def column_widths(rows: Sequence[Sequence[str]], length: int) -> list[int]:
    """As wide as the longest text; what is too much is taken from `how`, then from output and name, at last from the widest."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for column, least in ((2, LEAST_HOW), (1, 17), (0, 12)):
        excess = sum(widths) + len(widths) - 1 - length
        if excess > 0:
            widths[column] = max(min(least, widths[column]), widths[column] - excess)
    squeeze(widths, range(len(widths)), length - len(widths) + 1)
    return widths


def fold(row: Sequence[str], widths: Sequence[int]) -> list[str]:
    """The lines of one row: a text too long for its column goes on in the next line."""
    cells = [textwrap.wrap(text, width, break_on_hyphens=False) or [""] for text, width in zip(row, widths, strict=True)]
    lines = []
    for place in range(max(map(len, cells))):
        parts = (cell[place] if place < len(cell) else "" for cell in cells)
        aligned = (
            text.ljust(width) if column < LEFT else text.rjust(width)
            for column, (text, width) in enumerate(zip(parts, widths, strict=True))
        )
        lines.append(" ".join(aligned).rstrip())
    return lines
