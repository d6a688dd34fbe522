"""Edits of what is read from a model: a layer by its name, the tensors of a stack."""

from __future__ import annotations

from shapecheck.diagnostics.cutting import NeverCalled, NoSuchLayer
from shapecheck.repairs.candidates.base import Candidate, mends
from shapecheck.repairs.candidates.titles import line, placed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from shapecheck.findings import FileReport, Finding


@mends(NoSuchLayer)
def no_such_layer(report: FileReport, finding: Finding) -> Iterator[Candidate]:
    """SC425: the nearest name, if the name is written in the call."""
    diagnostic: Any = finding.diagnostic
    place = finding.place
    if place is not None and diagnostic.nearest and report.line(place)[place.column - 1 : place.column] in ("'", '"'):
        text = f'"{diagnostic.nearest}"'
        yield Candidate(placed(line(place.line), f"get_layer({text})"), [(place, text)])


@mends(NeverCalled)
def never_called(report: FileReport, finding: Finding) -> Iterator[Candidate]:
    """SC426: the plural attribute, which every stack with an input has."""
    diagnostic: Any = finding.diagnostic
    place = finding.place
    if place is not None and place.line == place.end_line:
        written = report.line(place)[place.column - 1 : place.end_column - 1]
        text = f"{written}s" if diagnostic.attribute == "input" else f"{written}s[0]"
        yield Candidate(placed(line(place.line), text), [(place, text)])
