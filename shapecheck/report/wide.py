"""summary(style="wide"): output, arithmetic, parameters, multiply-adds, receptive field, memory."""

from __future__ import annotations

from shapecheck.report.cells import Cells, headers, inputs_of, noted, totals, verdict
from shapecheck.report.fitting import column_widths, folded, folded_row, wrapped
from shapecheck.report.unread_pixels import notes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shapecheck.table import ShapeTable

LINE_LENGTH = 80
LEFT = 3
"""The first columns (layer, output, how) are text, the others are right-aligned numbers."""
LEAST = ((2, 14), (1, 17), (0, 12))
"""Which columns shrink first if a table is too wide, and their smallest widths."""


def render(table: ShapeTable, name: str, line_length: int | None = None, shown: ShapeTable | None = None) -> str:
    """Plain text of at most `line_length` columns (80), without a newline at its end. Long cells continue below."""
    length = line_length or LINE_LENGTH
    rows = [Cells(row).texts for row in (shown or table).rows if not row.is_input]
    inputs = ", ".join(str(row.output) for row in (shown or table).rows if row.is_input)
    widths = column_widths([headers(), *rows], length, LEAST)
    lines = folded(f"{name}   {inputs_of(inputs)}", length)
    lines += [*folded_row(headers(), widths, LEFT), "-" * min(length, sum(widths) + len(widths) - 1)]
    for row in rows:
        lines += folded_row(row, widths, LEFT)
    for text in (totals(table), *map(noted, notes(table)), verdict(table)):
        lines += wrapped(text, length)
    return "\n".join(lines)
