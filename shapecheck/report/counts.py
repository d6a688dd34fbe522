"""Counts of a report: what its last line and the exit code need."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shapecheck.findings import Report, Stack


def tally(report: Report) -> dict[str, int]:
    """Counts of files (unread, or cut: read up to a syntax error), stacks (conditional: proved from a smallest size on), findings by
    severity and layers by verdict, of files in which an option had no effect, under its name, and of each code with its severity
    ("SC101 error")."""
    counts = {
        "files": len(report.files),
        "unread": sum(1 for file in report.files if file.error),
        "cut": sum(1 for file in report.files if file.cut),
        "internal": sum(file.internal for file in report.files),
        "stacks": len(report.stacks),
        "asked": sum(1 for file in report.files if file.stacks),
        "unproved": sum(1 for stack in report.stacks if not _partly_proved(stack)),
        "conditional": sum(1 for stack in report.stacks if stack.table.conditions),
    }
    counts.update(dict.fromkeys(("error", "warning", "note", "proved", "any-size", "broken", "not-reached", "unknown"), 0))
    for finding in report.findings:
        counts[finding.severity] += 1
        counts[f"{finding.code} {finding.severity}"] = counts.get(f"{finding.code} {finding.severity}", 0) + 1
    for stack in [stack for stack in report.stacks if not stack.part]:
        for name, count in stack.verdicts.items():
            counts[name] += count
    for option in [option for file in report.files for option in file.unanswered]:
        counts[option] = counts.get(option, 0) + 1
    return counts


def _partly_proved(stack: Stack) -> bool:
    """Whether a layer is proved. For any size counts, unless a smaller size is refused: the file does not say that it is large enough."""
    counts = stack.verdicts
    return bool(counts["proved"] or (counts["any-size"] and not stack.table.conditions))


def unanswered(counts: dict[str, int]) -> list[str]:
    """The options that had no effect in any file: a name that only some files have is right."""
    return [name for name, count in counts.items() if name.startswith("--") and count == counts["asked"]]


def exit_code(report: Report, strict: bool = False) -> int:
    """0 clean or nothing to check, 1 errors or warnings, 2 if a file could not be read, or only partly, 3 if shapecheck failed."""
    return status(tally(report), strict)


def status(counts: dict[str, int], strict: bool) -> int:
    """The same, from counts only."""
    if counts["internal"]:
        return 3
    if (counts["files"] and counts["unread"] == counts["files"]) or unanswered(counts):
        return 2
    if counts["error"] or counts["warning"]:
        return 1
    return 2 if counts["cut"] or counts["unread"] else int(strict and counts["unproved"] > 0)
