"""SARIF 2.1.0: findings for code scanning. Source: OASIS, Static Analysis Results Interchange Format, 2.1.0."""

from __future__ import annotations

import json

from shapecheck.languages import current, page, say
from shapecheck.report.text import told

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from shapecheck.findings import FileReport, Finding, Repair, Report
    from shapecheck.reader.source import Place

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def render(report: Report) -> str:
    """One run, one result for each finding, one rule for each code."""
    return json.dumps(document(report), indent=1, ensure_ascii=False)


def document(report: Report) -> dict[str, Any]:
    """The same as plain data."""
    kinds = {finding.code: type(finding.diagnostic) for finding in report.findings}
    codes = sorted(kinds)
    driver = {"name": "shapecheck", "rules": [_rule(code, kinds[code]) for code in codes]}
    invocation: dict[str, Any] = {"executionSuccessful": not any(file.error or file.cut for file in report.files)}
    notes = [_notification(file) for file in report.files if file.error or file.cut]
    if notes:
        invocation["toolExecutionNotifications"] = notes
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "invocations": [invocation],
        "results": [_result(finding, codes, file) for file in report.files for finding in file.findings],
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(code: str, kind: type) -> dict[str, Any]:
    first, _, rest = (kind.__doc__ or code).partition("\n")
    rest = rest.partition("Bad:")[0]
    if translated := page(current(), code):
        first, _, rest = translated["text"].partition("\n")
    return {
        "id": code,
        "name": kind.__name__,
        "shortDescription": {"text": first},
        "fullDescription": {"text": " ".join(rest.split()) or first},
        "defaultConfiguration": {"level": getattr(kind, "severity", "error")},
    }


def _notification(file: FileReport) -> dict[str, Any]:
    text = f"{file.path}: {file.cut}"
    if file.error:
        text = say("report", "unread_file", "{path} cannot be read: {why}", path=file.path, why=file.error)
    return {"level": "error", "message": {"text": text}}


def _result(finding: Finding, codes: list[str], file: FileReport) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": finding.code,
        "ruleIndex": codes.index(finding.code),
        "level": finding.severity,
        "message": {"text": "\n".join(told(finding))},
        "locations": [{"physicalLocation": _physical(finding.place, file.path)}],
    }
    if finding.related:
        result["relatedLocations"] = [
            {"id": number, "physicalLocation": _physical(other.place, file.path), "message": {"text": str(other.text)}}
            for number, other in enumerate(finding.related)
        ]
    scripts = [repair for repair in finding.repairs if repair.proved and repair.edits and repair.edits[0][0].cell is None]
    fixes = [_fix(repair, file) for repair in scripts]
    if fixes:
        result["fixes"] = fixes
    return result


def _physical(place: Place | None, path: str) -> dict[str, Any]:
    """In a notebook lines are counted within a cell, so there is no region of the file; the cell is in the properties."""
    where: dict[str, Any] = {"artifactLocation": {"uri": _uri(path)}}
    if place is not None and place.cell is None:
        where["region"] = _region(place)
    elif place is not None:
        where["properties"] = {"cell": place.cell, "line": place.line, "column": place.column}
    return where


def _region(place: Place) -> dict[str, int]:
    return {"startLine": place.line, "startColumn": place.column, "endLine": place.end_line, "endColumn": place.end_column}


def _uri(path: str) -> str:
    from urllib.parse import quote

    return quote(path.replace("\\", "/"))


def _fix(repair: Repair, file: FileReport) -> dict[str, Any]:
    changes = [{"deletedRegion": _region(place), "insertedContent": {"text": text}} for place, text in repair.edits]
    change = {"artifactLocation": {"uri": _uri(file.path)}, "replacements": changes}
    return {"description": {"text": str(repair.title)}, "artifactChanges": [change]}
