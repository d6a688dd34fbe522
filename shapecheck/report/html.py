"""A table for a notebook: HTML with headers that a screen reader can read."""

from __future__ import annotations

from html import escape

from shapecheck.report.cells import Cells, headers, inputs_of, totals, verdict
from shapecheck.report.unread_pixels import notes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shapecheck.table import ShapeTable

RIGHT = ' style="text-align: right"'
LEFT = ' style="text-align: left"'


def render(table: ShapeTable, name: str | None = None) -> str:
    """<table> with a caption, a header cell for each column and for each layer; verdicts in words, not in colour."""
    inputs = ", ".join(str(row.output) for row in table.rows if row.is_input)
    caption = f"{name}: {inputs_of(inputs)}" if name else inputs_of(inputs)
    head = "".join(f'<th scope="col"{LEFT if place < 3 else RIGHT}>{escape(text)}</th>' for place, text in enumerate(headers()))
    body = "".join(_row(Cells(row)) for row in table.rows if not row.is_input)
    words = "".join(f"<p>{escape(text)}</p>" for text in (totals(table), *notes(table), verdict(table)))
    return f"<table><caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{words}"


def _row(cells: Cells) -> str:
    first, *rest = cells.texts
    data = "".join(f"<td{LEFT if place < 2 else RIGHT}>{escape(text)}</td>" for place, text in enumerate(rest))
    return f'<tr class="{cells.verdict}"><th scope="row"{LEFT}>{escape(first)}</th>{data}</tr>'
