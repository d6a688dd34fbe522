"""A layer class in the spelling of this file, and the import that it needs."""

from __future__ import annotations

from shapecheck.reader.source import Position
from shapecheck.repairs.edits import point, written

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from shapecheck.findings import FileReport
    from shapecheck.reader.source import Origin
    from shapecheck.repairs.edits import Edit


def spelled(report: FileReport, origin: Origin, name: str) -> tuple[str, list[Edit]]:
    """`layers.Flatten` beside `layers.Conv2D`; a bare name comes with an edit of the import, if it lacks one.

    ("", []) if the spelling is unknown.
    """
    if isinstance(origin, Position):
        return f"layers.{name}", []
    function = getattr(origin.node, "func", None)
    if function is None:
        return "", []
    words = written(origin.unit, function)
    head, dot, last = words.rpartition(".")
    if dot:
        return f"{head}.{name}", []
    for unit in report.units:
        for statement in unit.statements:
            if type(statement).__name__ != "ImportFrom":
                continue
            imported: Any = statement
            names = [alias.name for alias in imported.names]
            if "*" in names or any(alias.name == name and alias.asname is None for alias in imported.names):
                return name, []
            if last in names:
                alias = unit.place(imported.names[-1])
                return name, [(point(unit, alias.end_line, alias.end_column), f", {name}")]
    return "", []
