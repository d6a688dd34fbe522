"""The pass over a file: everything of an older Keras in it, and names that no Keras has. A clean file is only screened."""

from __future__ import annotations

from shapecheck.migration.scan import Scan
from shapecheck.migration.screen import suspicious

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shapecheck.findings import FileReport
    from shapecheck.migration.findings import File
    from shapecheck.reader.source import Unit


def look(units: list[Unit]) -> File | None:
    """A file with its findings, in the order of their places; None if there are none."""
    if not any("keras" in unit.text for unit in units):
        return None
    scan = Scan(units)
    if not any("keras" in one.path or one.path.partition(".")[0] == "tensorflow" for one in scan.imports) or not suspicious(scan, units):
        return None
    from shapecheck.migration.judge import judged

    return judged(scan, units)


def begin(report: FileReport) -> File | None:
    """Checks a file before it is read; evidence of its Keras version is passed to the report's dialect."""
    dialect = report.dialect
    if dialect.fixed and dialect.version < 3:
        return None
    file = look(report.units)
    if file is None or not file.found:
        return None
    if not dialect.fixed:
        from shapecheck.migration.evidence import older

        why = older(report.units, report.path)
        if why:
            dialect.version, dialect.evidence = 2, why
            return None
        if dialect.version == 3 and file.proof:
            dialect.version, dialect.evidence = 2, file.proof
    return file
