"""Findings left out on request: --select and --ignore by code; --baseline FILE those listed in the file, which is written if missing."""

from __future__ import annotations

import json
import os
from collections import Counter

from shapecheck.cli.settings import Usage
from shapecheck.languages import say, speaking, system
from shapecheck.suppression import named

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shapecheck.findings import Finding, Report


def by_code(report: Report, select: list[str], ignore: list[str]) -> None:
    """--select and --ignore, by prefix; the longer prefix wins."""
    for file in report.files:
        file.findings = [one for one in file.findings if _longest(one, select) > _longest(one, ignore)]


def _longest(finding: Finding, prefixes: list[str]) -> int:
    return max((0 if prefix == "ALL" else len(prefix) for prefix in prefixes if prefix == "ALL" or named(finding, prefix)), default=-1)


def key(finding: Finding, code: str = "") -> str:
    """What a baseline stores of a finding: file, code, layer and English message, but no line, because lines move.

    `code`: an earlier code of it.
    """
    path = finding.place.file if finding.place else ""
    cell = f":cell {finding.place.cell}" if finding.place and finding.place.cell is not None else ""
    with speaking("en"):
        return f"{path.replace(chr(92), '/')}{cell}: {code or finding.code} {finding.name}: {finding.diagnostic.message()}"


def _admitted(report: Report, path: str) -> Counter[str]:
    """The findings listed in the file. Raises Usage if it cannot be read or written."""
    try:
        if not os.path.exists(path):
            admitted = sorted(key(one) for one in report.findings if one.severity != "note")
            with open(path, "w", encoding="utf-8") as file:
                json.dump({"version": 1, "admitted": admitted}, file, indent=1, ensure_ascii=False)
                file.write("\n")
        with open(path, encoding="utf-8") as file:
            return Counter(map(str, json.load(file)["admitted"]))
    except OSError as error:
        why = system(error)
        raise Usage(
            say("command", "baseline", "--baseline {path}: {why}: pass a file that can be read and written", path=path, why=why)
        ) from None
    except (ValueError, TypeError, KeyError):
        raise Usage(
            say("command", "no_baseline", "--baseline {path}: not a baseline file; delete it to have it rewritten", path=path)
        ) from None


def by_baseline(report: Report, path: str) -> str:
    """Leaves out findings as often as the baseline file lists them; writes the file if there is none. Returns the message."""
    rest = _admitted(report, path)
    count = sum(rest.values())
    for one in report.files:
        kept = []
        for finding in one.findings:
            known = next((old for old in (key(finding, code) for code in ("", *finding.diagnostic.formerly)) if rest[old] > 0), None)
            if known is not None:
                rest[known] -= 1
            else:
                kept.append(finding)
        one.findings = kept
    gone = sum(rest.values())
    if gone:
        return say(
            "command", "left_out.gone", "baseline {path}: {count} findings left out, {gone} no longer found",
            path=path, count=count - gone, gone=gone,
        )  # fmt: skip
    return say("command", "left_out", "baseline {path}: {count} findings left out", path=path, count=count)
