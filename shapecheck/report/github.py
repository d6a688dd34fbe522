"""Findings as workflow commands of GitHub Actions: they are shown beside the line in a pull request."""

from __future__ import annotations

from shapecheck.languages import say
from shapecheck.report.text import told

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from shapecheck.findings import Report

_LEVELS = {"error": "error", "warning": "warning", "note": "notice"}


def render(report: Report) -> str:
    """The whole report."""
    return together([piece(report)], {})


def together(pieces: Sequence[str], counts: dict[str, int]) -> str:
    """The lines of all files."""
    return "\n".join(piece for piece in pieces if piece)


def piece(report: Report) -> str:
    """One line for each finding; in a notebook the title names the cell, because GitHub counts lines of the JSON file."""
    lines = []
    for file in report.files:
        if file.error:
            unread = say("report", "unread_page", "cannot be read: {why}", why=file.error)
            lines.append(f"::error file={_property(file.path)}::{_text(unread)}")
        if file.cut:
            line = next(place.line for place, _ in file.problems if place is not None)
            lines.append(f"::error file={_property(file.path)},line={line}::{_text(file.cut)}")
        for finding in file.findings:
            at = f"file={_property(file.path)}"
            title = finding.code
            if finding.place is not None and finding.place.cell is None:
                place = finding.place
                at += f",line={place.line},endLine={place.end_line},col={place.column},endColumn={max(place.end_column - 1, 1)}"
            elif finding.place is not None:
                place = finding.place
                title = say("report", "title_cell", "{code} cell {cell} line {line}", code=title, cell=place.cell, line=place.line)
            words = "\n".join(told(finding))
            lines.append(f"::{_LEVELS[finding.severity]} {at},title={_property(title)}::{_text(words)}")
    return "\n".join(lines)


def _text(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _text(text).replace(":", "%3A").replace(",", "%2C")
