"""All checks of a file, one after the other."""

from __future__ import annotations

from shapecheck.migration import attributes, calls, imports, methods, uses, words
from shapecheck.migration.findings import File

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shapecheck.migration.scan import Scan
    from shapecheck.reader.source import Unit


def judged(scan: Scan, units: list[Unit]) -> File:
    """The file with its findings, in the order of their places."""
    file = File(scan, units)
    imports.judge(file)
    uses.judge(file)
    calls.judge(file)
    methods.judge(file)
    attributes.judge(file)
    words.keys(file)
    file.found.sort(key=lambda one: one.place.key)
    file.proofs = [one for one in file.found if one.proof]
    return file
