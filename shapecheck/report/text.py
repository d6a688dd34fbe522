"""Tables and findings for people, in 80 columns: nothing is expressed by carets or colour alone."""

from __future__ import annotations

from shapecheck.diagnostics.base import cure_lines, fact_lines, more
from shapecheck.languages import Phrase, columns, files, fitting, padded, say, severities
from shapecheck.report.cells import number as number
from shapecheck.report.cells import proved
from shapecheck.report.counts import tally, unanswered
from shapecheck.report.panel import render as panel
from shapecheck.report.panel import totals as totals

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shapecheck.findings import FileReport, Finding, Report, Stack
    from shapecheck.reader.source import Place

SEVERITIES = {
    "error": Phrase("report", "error", "error"),
    "warning": Phrase("report", "warning", "warning"),
    "note": Phrase("report", "note", "note"),
}
"""How a severity is called, the worst first."""
FILE_FACTS = {
    "file": Phrase("report", "fact_file", "file"),
    "written by": Phrase("report", "fact_written_by", "written by"),
    "needs": Phrase("report", "fact_needs", "needs"),
    "unsafe": Phrase("report", "fact_unsafe", "unsafe"),
    "dtype": Phrase("report", "fact_dtype", "dtype"),
    "loads in tinyseq": Phrase("report", "fact_loads", "loads in tinyseq"),
}
"""What the facts of a model file are called."""
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
            found.append(unreadable(file))
    return found


def facts(file: FileReport) -> str:
    """Who wrote a model file, what it needs, what is unsafe in it, and whether it loads: one line each."""
    names = [(str(FILE_FACTS.get(name, name)), text) for name, text in file.facts]
    width = max(columns(name) for name, _ in names) + 2
    return "\n".join(line for name, text in names for line in _wrapped(f"{padded(f'{name}:', width)}{text}", width))


def _wrapped(text: str, indent: int) -> list[str]:
    """Lines of at most 80 columns, the later ones indented."""
    lines = []
    while columns(text) > 80 and (cut := text.rfind(" ", indent + 1, fitting(text, 80) + 1)) > 0:
        lines.append(text[:cut])
        text = " " * indent + text[cut + 1 :]
    return [*lines, text]


def problem(file: FileReport, place: Place | None, why: str) -> str:
    """A part of a file that could not be read, or an option that had no effect."""
    if why.startswith("--"):
        return str(why)
    if place is None:
        return say("report", "stopped", "{path}: reading stopped: {why}", path=file.path, why=why)
    if place.cell is None:
        return say("report", "stopped.line", "{path}: line {line}: reading stopped: {why}", path=file.path, line=place.line, why=why)
    return say(
        "report", "stopped.cell", "{path}: cell {cell}, line {line}: reading stopped: {why}",
        path=file.path, cell=place.cell, line=place.line, why=why,
    )  # fmt: skip


def unreadable(file: FileReport) -> str:
    """A file that could not be read at all."""
    return say("report", "unreadable", "{path}: cannot be read: {why}", path=file.path, why=file.error)


def concise_line(finding: Finding) -> str:
    """path:line:column: layer: SC101 message; help. A warning or note is marked as such."""
    parts = [str(finding.place)] if finding.place else []
    parts += [say("report", "behind_part", "after the repair of {layer}", layer=finding.behind)] if finding.behind else []
    parts += [finding.name] if finding.name else []
    kind = "" if finding.severity == "error" else f" ({SEVERITIES[finding.severity]})"
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
    sentences = [_verdict(counts)]
    if counts["unread"]:
        sentences.append(say("report", "unread", "{files} could not be read.", files=files(counts["unread"])))
    if counts["cut"]:
        sentences.append(say("report", "cut", "{files} could not be read completely.", files=files(counts["cut"])))
    return " ".join(sentences)


def _verdict(counts: dict[str, int]) -> str:
    if not counts["stacks"] and not (counts["error"] or counts["warning"]):
        return say("report", "nothing", "Nothing to check: no stack in {files}.", files=files(counts["files"]))
    checked = proved(counts, failed=True)
    if unanswered(counts):
        names = ", ".join(unanswered(counts))
        return say("report", "not_answered", "NOT ANSWERED: {names}; without: {checked}.", names=names, checked=checked)
    found = ", ".join(severities(name, counts[name]) for name in SEVERITIES if counts[name])
    if found:
        return say("report", "found", "Found {found}; {checked}.", found=found, checked=checked)
    if not counts["proved"] + counts["any-size"]:
        return say("report", "not_checked", "NOT CHECKED: no layer could be proved ({checked}).", checked=checked)
    whole = not any(counts[name] for name in ("broken", "not-reached", "unknown", "conditional"))
    if whole and not counts["cut"] and not counts["unread"]:
        return say("report", "clean", "OK: {checked}; no weights allocated.", checked=checked)
    return say("report", "no_error", "No error found: {checked}; no weights allocated.", checked=checked)


def excerpt(file: FileReport, finding: Finding) -> str:
    """The finding with its source line, a mark under the wrong part, related places, and advice."""
    lines = [f"{SEVERITIES[finding.severity]}[{finding.code}]: {finding.words}"]
    if finding.place is not None:
        lines.append(f"  --> {finding.place}")
        shown = [(other.place, other.text, "-") for other in finding.related] + [(finding.place, finding.label, "^")]
        for place, text, mark in sorted(shown, key=lambda item: item[0].key) if file.units else ():
            lines += _marked(file, place, text, mark)
    found = finding.facts
    if len(set(finding.lines)) > 1:
        numbers = " ".join(map(str, finding.lines))
        found = [(name, _with_lines(text, numbers) if name == "path" else text) for name, text in found]
    lines += [f"     = {line}" for line in fact_lines(found)]
    lines += cure_lines(finding.diagnostic.help(), finding.repairs)
    return "\n".join([*lines, more(finding.code)])


def _with_lines(path: str, numbers: str) -> str:
    return say("report", "path_lines", "{path}   (lines {numbers})", path=path, numbers=numbers)


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
