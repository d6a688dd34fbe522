"""Findings left out on purpose: by code, by a comment in the source, or because a baseline file admits them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from shapecheck.cli.settings import Usage
from shapecheck.diagnostics.comments import UnusedIgnore
from shapecheck.findings import Finding
from shapecheck.reader.source import Place

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections import Counter

    from shapecheck.findings import FileReport, Report
    from shapecheck.reader.source import Unit

COMMENT = re.compile(r"#\s*shapecheck:\s*ignore(?:\[([^\]]*)\])?", re.I)
"""# shapecheck: ignore, or with codes: # shapecheck: ignore[SC101, SC3]."""


def by_code(report: Report, select: list[str], ignore: list[str]) -> None:
    """--select and --ignore, by prefix; the longer prefix wins."""
    for file in report.files:
        file.findings = [one for one in file.findings if _longest(one.code, select) > _longest(one.code, ignore)]


def _longest(code: str, prefixes: list[str]) -> int:
    return max((0 if prefix == "ALL" else len(prefix) for prefix in prefixes if prefix == "ALL" or code.startswith(prefix)), default=-1)


def by_comment(file: FileReport) -> None:
    """A comment on a line of the marked source, or of the call; one that suppresses nothing is a finding itself."""
    comments = [comment for unit in file.units for comment in _comments(unit)]
    used: set[int] = set()
    kept: list[Finding] = []
    for finding in file.findings:
        found = [number for number, comment in enumerate(comments) if _covers(comment, finding)]
        used.update(found)
        if not found:
            kept.append(finding)
    for number, (place, codes) in enumerate(comments):
        if number not in used:
            kept.append(Finding(UnusedIgnore(", ".join(codes)), place))
    file.findings = sorted(kept, key=lambda one: one.place.key if one.place else (0, 0, 0, 0, 0))


def _comments(unit: Unit) -> Iterator[tuple[Place, list[str]]]:
    """(place, codes) of every ignoring comment of a unit; only real comments, not text in strings."""
    import io
    import tokenize

    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(unit.text).readline))
    except (tokenize.TokenError, SyntaxError):
        return
    for token in tokens:
        match = COMMENT.search(token.string) if token.type == tokenize.COMMENT else None
        if match:
            (line, column), end = token.start, token.end
            codes = [code.strip().upper() for code in (match[1] or "").split(",") if code.strip()]
            yield Place(unit.file, unit.cell, line, column + 1, end[0], end[1] + 1), codes


def _covers(comment: tuple[Place, list[str]], finding: Finding) -> bool:
    place, codes = comment
    if finding.place is None or finding.place.cell != place.cell:
        return False
    stack, layer = finding.stack, finding.layer
    call = stack.origins[layer].place if stack is not None and layer is not None and layer < len(stack.origins) else finding.place
    spans = [(finding.place.line, finding.place.end_line), (call.line, call.end_line)]
    if not any(first <= place.line <= last for first, last in spans):
        return False
    return not codes or any(finding.code.startswith(code) for code in codes)


def key(finding: Finding) -> str:
    """What a baseline remembers of a finding: file, code, layer and words, but no line, which moves."""
    path = finding.place.file if finding.place else ""
    cell = f":cell {finding.place.cell}" if finding.place and finding.place.cell is not None else ""
    return f"{path.replace(chr(92), '/')}{cell}: {finding.code} {finding.name}: {finding.diagnostic.message()}"


def _admitted(report: Report, path: str) -> Counter[str]:
    """What the file admits. Raises Usage for one that cannot be read or written."""
    import json
    import os
    from collections import Counter

    try:
        if not os.path.exists(path):
            admitted = sorted(key(one) for one in report.findings if one.severity != "note")
            with open(path, "w", encoding="utf-8") as file:
                json.dump({"version": 1, "admitted": admitted}, file, indent=1, ensure_ascii=False)
                file.write("\n")
        with open(path, encoding="utf-8") as file:
            return Counter(map(str, json.load(file)["admitted"]))
    except OSError as error:
        raise Usage(f"--baseline {path}: {error.strerror}: name a file that can be read and written") from None
    except (ValueError, TypeError, KeyError):
        raise Usage(f"--baseline {path}: no baseline stands in it: delete it, and the next run writes one") from None


def by_baseline(report: Report, path: str) -> str:
    """Leaves out what the baseline file admits, as often as it stands there; writes the file if there is none. What to say."""
    rest = _admitted(report, path)
    count = sum(rest.values())
    for one in report.files:
        kept = []
        for finding in one.findings:
            if rest[key(finding)] > 0:
                rest[key(finding)] -= 1
            else:
                kept.append(finding)
        one.findings = kept
    gone = sum(rest.values())
    return f"baseline {path}: {count - gone} findings admitted" + (f", {gone} no longer there" if gone else "")
