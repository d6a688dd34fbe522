"""Comments for shapecheck in a submission: they are blanked before it is read, and listed."""

from __future__ import annotations

from shapecheck.languages import because
from shapecheck.reader import comments

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from shapecheck.reader.source import Unit


def taken_out(part: Unit) -> Iterator[str]:
    """Blanks the comments that speak to shapecheck; what each was."""
    lines = list(part.lines)
    for comment in comments.of(part):
        text = lines[comment.line - 1]
        lines[comment.line - 1] = text[: comment.column - 1]
        said = text[comment.column - 1 : comment.end_column - 1].strip()
        if part.cell is None:
            yield because("line {line}: {text}", line=comment.line, text=said)
        else:
            yield because("cell {cell}, line {line}: {text}", cell=part.cell, line=comment.line, text=said)
    if lines != part.lines:
        part.text = "\n".join(lines)
        part._lines = None
