"""Findings that a comment in the source suppresses: # shapecheck: ignore, or with codes."""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Iterator

from shapecheck.diagnostics.comments import UnusedIgnore
from shapecheck.findings import Finding
from shapecheck.reader.source import Place

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shapecheck.findings import FileReport
    from shapecheck.reader.source import Unit

COMMENT = re.compile(r"#\s*shapecheck:\s*ignore(?:\[([^\]]*)\])?", re.I)
"""# shapecheck: ignore, or with codes: # shapecheck: ignore[SC101, SC3]."""


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
    return not codes or any(named(finding, code) for code in codes)


def named(finding: Finding, prefix: str) -> bool:
    """True if a finding's code, or one that it had before, begins so."""
    return any(code.startswith(prefix) for code in (finding.code, *finding.diagnostic.formerly))
