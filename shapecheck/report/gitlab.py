"""Findings as a Code Quality report of GitLab: they show up in a merge request and beside the changed lines.

Source: GitLab's documentation, "Code Quality report format": description, check_name, fingerprint, severity, location.
"""

from __future__ import annotations

import json
import os
from hashlib import sha256

from shapecheck.diagnostics.base import FACTS
from shapecheck.languages import say
from shapecheck.report.panel import at_line
from shapecheck.report.text import told

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from shapecheck.findings import FileReport, Finding, Report

SEVERITIES = {"error": "major", "warning": "minor", "note": "info"}


def render(report: Report) -> str:
    """The whole report as one JSON list."""
    return together([piece(report)], {})


def piece(report: Report) -> list[dict[str, Any]]:
    """The entries of some files, as plain data."""
    return [entry for file in report.files for entry in _entries(file)]


def together(pieces: Sequence[list[dict[str, Any]]], counts: dict[str, int]) -> str:
    """The entries in one list. A fingerprint that came before gets a number: GitLab shows only one entry of each."""
    seen: dict[str, int] = {}
    entries = []
    for entry in [entry for piece in pieces for entry in piece]:
        number = seen[entry["fingerprint"]] = seen.get(entry["fingerprint"], 0) + 1
        mark = entry["fingerprint"] if number == 1 else _fingerprint(entry["fingerprint"], str(number))
        entries.append({**entry, "fingerprint": mark})
    return json.dumps(entries, indent=1, ensure_ascii=False)


def _entries(file: FileReport) -> list[dict[str, Any]]:
    path = relative(file.path)
    found = []
    if file.error or file.cut:
        line = next((place.line for place, _ in file.problems if place is not None), 1)
        text = say("report", "unread_page", "cannot be read: {why}", why=file.error) if file.error else file.cut
        found.append(_entry(path, line, text, "unread", "critical", "unread"))
    return found + [_finding(path, finding) for finding in file.findings]


def _finding(path: str, finding: Finding) -> dict[str, Any]:
    """GitLab counts lines of a notebook's JSON, which users do not see: the description names the cell and its line."""
    place = finding.place
    where, line = "", place.line if place is not None else 1
    if place is not None and place.cell is not None:
        where, line = f"{at_line(place)}: ", 1
    words = [f"{finding.code} {where}{finding.words}", *(f"{FACTS.get(name, name)}: {text}" for name, text in finding.facts)]
    text = "; ".join(filter(None, [*words, finding.diagnostic.help()]))
    entry = _entry(path, line, text, finding.code, SEVERITIES[finding.severity], finding.english)
    return {**entry, "content": {"body": "\n".join(told(finding))}}


def _entry(path: str, line: int, description: str, name: str, severity: str, words: str) -> dict[str, Any]:
    return {
        "description": description,
        "check_name": name,
        "fingerprint": _fingerprint(path, name, words),
        "severity": severity,
        "location": {"path": path, "lines": {"begin": line}},
    }


def _fingerprint(*words: str) -> str:
    """The same for a finding whose line has moved."""
    return sha256("\0".join(words).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def relative(path: str) -> str:
    """The path from the working directory, with slashes, if it lies below it.

    >>> relative("./nets/a.py"), relative(os.path.abspath("nets/b.py"))
    ('nets/a.py', 'nets/b.py')
    """
    if path.startswith("<") or not path:
        return path
    try:
        found = os.path.relpath(path)
    except ValueError:  # another drive
        found = path
    return (path if found.startswith("..") else found).replace("\\", "/")
