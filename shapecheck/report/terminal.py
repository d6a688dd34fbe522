"""Prints a table: plain in a pipe, in colour in a terminal if rich is installed. Only then is rich loaded."""

from __future__ import annotations

import sys

from shapecheck.report import wide
from shapecheck.report.cells import Cells, headers, inputs_of, noted, totals, verdict
from shapecheck.report.unread_pixels import notes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TextIO

    from shapecheck.table import ShapeTable

COLOURS = {"proved": "", "any-size": "", "broken": "bold red", "not-reached": "dim", "unknown": "yellow"}


def show(table: ShapeTable, name: str, file: TextIO | None = None, shown: ShapeTable | None = None) -> None:
    """Prints the wide table to `file` (standard output)."""
    file = file or sys.stdout
    if file.isatty():
        try:
            from rich.console import Console
        except ImportError:
            pass
        else:
            console = Console(file=file)
            console.print(coloured(table, name, shown))
            for text in (totals(table), *map(noted, notes(table)), verdict(table)):
                console.print(text, highlight=False, markup=False)
            return
    print(wide.render(table, name, shown=shown), file=file)


def coloured(table: ShapeTable, name: str, shown: ShapeTable | None = None) -> Any:
    """The same rows as a rich table."""
    from rich.table import Table
    from rich.text import Text

    inputs = ", ".join(str(row.output) for row in (shown or table).rows if row.is_input)
    drawn = Table(title=f"{name}   {inputs_of(inputs)}", title_justify="left", box=None, pad_edge=False)
    for place, header in enumerate(headers()):
        drawn.add_column(header, justify="left" if place < wide.LEFT else "right", overflow="fold")
    for row in (shown or table).rows:
        if not row.is_input:
            drawn.add_row(*map(Text, Cells(row).texts), style=COLOURS[row.verdict])
    return drawn
