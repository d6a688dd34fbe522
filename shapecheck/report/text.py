"""Tables and findings for people, in 80 columns: nothing is expressed by carets or colour alone."""

from __future__ import annotations

from shapecheck.diagnostics.base import cure_lines, fact_lines
from shapecheck.report.cells import number as number
from shapecheck.report.cells import proved
from shapecheck.report.counts import tally, unanswered
from shapecheck.report.panel import render as panel
from shapecheck.report.panel import totals as totals

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shapecheck.findings import FileReport, Finding, Report, Stack
    from shapecheck.reader.source import Place

MOST_SHOWN = 60
"""Widest excerpt of a source line, in characters."""


def render(report: Report, concise: bool = False) -> str:
    """Every file: its tables, its findings, and a last line that counts verdicts."""
    return joined([*parts(report, concise), summary(report)], concise)


def joined(texts: list[str], concise: bool) -> str:
    """The parts of a report, separated by empty lines unless it is concise."""
    return "\n".join(texts) if concise else "\n\n".join(texts)


def parts(report: Report, concise: bool) -> list[str]:
    """Tables and findings, without the last line."""
    found = []
    for file in report.files:
        if concise:
            found += [concise_line(finding) for finding in file.findings]
        else:
            found += [table(file, stack) for stack in file.stacks]
            found += [facts(file)] if file.facts else []
            found += [excerpt(file, finding) for finding in file.findings]
        found += [problem(file, place, why) for place, why in file.problems]
        if file.error:
            found.append(f"{file.path}: cannot be read: {file.error}")
    return found


def facts(file: FileReport) -> str:
    """Who wrote a model file, what it needs, what is unsafe in it, and whether it loads: one line each."""
    width = max(len(name) for name, _ in file.facts) + 2
    return "\n".join(line for name, text in file.facts for line in _wrapped(f"{f'{name}:':<{width}}{text}", width))


def _wrapped(text: str, indent: int) -> list[str]:
    """Lines of at most 80 columns, the later ones indented."""
    lines = []
    while len(text) > 80 and (cut := text.rfind(" ", indent + 1, 81)) > 0:
        lines.append(text[:cut])
        text = " " * indent + text[cut + 1 :]
    return [*lines, text]


def problem(file: FileReport, place: Place | None, why: str) -> str:
    """A part of a file that could not be read, or an option that had no effect."""
    if why.startswith("--"):
        return why
    cell = f"cell {place.cell}, " if place and place.cell is not None else ""
    return f"{file.path}: {f'{cell}line {place.line}: ' if place else ''}reading stopped: {why}"


def concise_line(finding: Finding) -> str:
    """path:line:column: layer: SC101 message; help. A warning or note is marked as such."""
    parts = [str(finding.place)] if finding.place else []
    parts += [f"after the repair of {finding.behind}"] if finding.behind else []
    parts += [finding.name] if finding.name else []
    kind = "" if finding.severity == "error" else f" ({finding.severity})"
    help_ = finding.diagnostic.help()
    return ": ".join([*parts, f"{finding.code}{kind} {finding.diagnostic.message()}"]) + (f"; {help_}" if help_ else "")


def told(finding: Finding) -> list[str]:
    """Message, reason, arithmetic, path and advice, without the source: for formats that mark the place themselves."""
    lines = [finding.words, *fact_lines(finding.facts)]
    return lines + cure_lines(finding.diagnostic.help(), finding.repairs)


def table(file: FileReport, stack: Stack) -> str:
    """One line for each layer: line, layer, output, arithmetic, parameters, multiply-adds, receptive field."""
    return panel(file, stack)


def summary(report: Report) -> str:
    """The last line: what was found, and how much was proved. A report without a checked layer is never called clean."""
    return last_line(tally(report))


def last_line(counts: dict[str, int]) -> str:
    """The same, from counts only."""
    unread = counts["unread"]
    tail = f" {_count(unread, 'file')} could not be read." if unread else ""
    tail += f" {_count(counts['cut'], 'file')} could not be read completely." if counts["cut"] else ""
    if not counts["stacks"] and not (counts["error"] or counts["warning"]):
        return f"Nothing to check: no stack in {_count(counts['files'], 'file')}.{tail}"
    checked = proved(counts, "failed")
    if unanswered(counts):
        return f"NOT ANSWERED: {', '.join(unanswered(counts))}; without: {checked}.{tail}"
    found = ", ".join(_count(counts[name], name) for name in ("error", "warning", "note") if counts[name])
    if found:
        return f"Found {found}; {checked}.{tail}"
    if not counts["proved"]:
        return f"NOT CHECKED: no layer could be proved ({checked}).{tail}"
    whole = not counts["broken"] and not counts["not-reached"] and not counts["unknown"]
    clean = whole and not counts["cut"] and not counts["unread"]
    return f"{'OK' if clean else 'No error found'}: {checked}; no weights allocated.{tail}"


def excerpt(file: FileReport, finding: Finding) -> str:
    """The finding with its source line, a mark under the wrong part, related places, and advice."""
    lines = [f"{finding.severity}[{finding.code}]: {finding.words}"]
    if finding.place is not None:
        lines.append(f"  --> {finding.place}")
        shown = [(other.place, other.text, "-") for other in finding.related] + [(finding.place, finding.label, "^")]
        for place, text, mark in sorted(shown, key=lambda item: item[0].key) if file.units else ():
            lines += _marked(file, place, text, mark)
    where = f"   (lines {' '.join(map(str, finding.lines))})" if len(set(finding.lines)) > 1 else ""
    lines += [f"     = {line}{where * line.startswith('path:')}" for line in fact_lines(finding.facts)]
    lines += cure_lines(finding.diagnostic.help(), finding.repairs)
    lines.append(f"more: python -m shapecheck --explain {finding.code}")
    return "\n".join(lines)


def _marked(file: FileReport, place: Place, text: str, mark: str) -> list[str]:
    source = file.line(place).replace("\t", " ")
    start = place.column - 1
    end = place.end_column - 1 if place.end_line == place.line else len(source)
    left = 0
    if len(source) > MOST_SHOWN and start > MOST_SHOWN // 2:
        left = max(0, min(start - 10, len(source) - MOST_SHOWN))
    shown = source[left : left + MOST_SHOWN]
    width = max(1, min(end, left + MOST_SHOWN) - start)
    dots = "..." if left else ""
    pad = " " * (start - left + len(dots))
    return [f"{place.line:>4} | {dots}{shown.rstrip()}", f"     | {pad}{mark * width} {text}"]


def _count(count: int, word: str) -> str:
    return f"{count} {word}{'s' if count != 1 else ''}"
