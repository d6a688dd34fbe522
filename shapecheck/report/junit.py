"""JUnit XML for CI servers: a test suite for each file, a test case for each model, a failure where something is wrong in it.

The form is the one of Jenkins (junit-10.xsd), which GitLab, Azure and CircleCI read too. They keep one failure of a test case, so
all findings of a model are in one. A model that is not wholly proved, and has no finding, is a skipped test.
"""

from __future__ import annotations

from html import escape

from shapecheck.languages import say
from shapecheck.report.cells import any_size, proved
from shapecheck.report.text import excerpt, problem

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from shapecheck.findings import FileReport, Finding, Report, Stack

NOT_XML = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF, *range(0xD800, 0xE000)], "?")
"""Characters that XML cannot hold, not even as an entity."""
COUNTS = ("tests", "failures", "errors", "skipped")


class Case:
    """One test case: `kind` is "failure", "error", "skipped" or "" where all is well; `notes` are printed beside it."""

    __slots__ = ("kind", "message", "name", "notes", "text", "type")

    def __init__(self, name: str, kind: str = "", type: str = "", message: str = "", text: str = "", notes: str = "") -> None:
        self.name = name
        self.kind = kind
        self.type = type
        self.message = message
        self.text = text
        self.notes = notes

    def xml(self, path: str) -> str:
        """<testcase> with what is wrong in it."""
        inside = ""
        if self.kind == "skipped":
            inside = f"\n   <skipped message={_quoted(self.message)}/>"
        elif self.kind:
            head = f"<{self.kind} type={_quoted(self.type)} message={_quoted(self.message)}>"
            inside = f"\n   {head}{_text(self.text)}</{self.kind}>"
        if self.notes:
            inside += f"\n   <system-out>{_text(self.notes)}</system-out>"
        return f'  <testcase classname={_quoted(path)} name={_quoted(self.name)} time="0">{inside}\n  </testcase>'


def render(report: Report) -> str:
    """The whole report as one XML document."""
    return together([piece(report)], {})


def piece(report: Report) -> list[tuple[str, list[int]]]:
    """The test suites of some files: the XML of each, and its COUNTS."""
    return [_suite(file) for file in report.files]


def together(pieces: Sequence[list[tuple[str, list[int]]]], counts: dict[str, int]) -> str:
    """The suites in one document."""
    suites = [suite for piece in pieces for suite in piece]
    totals = [sum(numbers[place] for _, numbers in suites) for place in range(3)]
    given = " ".join(f'{name}="{total}"' for name, total in zip(COUNTS, totals, strict=False))
    body = "".join(f"{xml}\n" for xml, _ in suites)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="shapecheck" {given} time="0">\n{body}</testsuites>'


def _suite(file: FileReport) -> tuple[str, list[int]]:
    cases = list(_cases(file))
    kinds = [case.kind for case in cases]
    counts = [len(cases), *(kinds.count(kind) for kind in ("failure", "error", "skipped"))]
    given = " ".join(f'{name}="{count}"' for name, count in zip(COUNTS, counts, strict=True))
    body = "".join(f"{case.xml(file.path)}\n" for case in cases)
    return f' <testsuite name={_quoted(file.path or "model")} {given} time="0">\n{body} </testsuite>', counts


def _cases(file: FileReport) -> list[Case]:
    unread = [problem(file, place, why) for place, why in file.problems]
    if file.error:
        unread = [say("report", "unread_page", "cannot be read: {why}", why=file.error)]
    cases = [Case("reading", "error", "unread", text.partition("\n")[0], text) for text in ["\n".join(unread)] if text]
    loose = [finding for finding in file.findings if finding.stack is None or finding.stack.part]
    if loose:
        cases.append(_case(file, say("report", "the_file", "the file"), loose, ""))
    for stack in file.stacks:
        if not stack.part:
            own = [finding for finding in file.findings if finding.stack is stack]
            cases.append(_case(file, _name(stack), own, _unproved(stack)))
    return cases


def _name(stack: Stack) -> str:
    place = stack.place
    if place is None:
        return stack.name
    if place.cell is None:
        return say("command", "at_line", "{name} (line {line})", name=stack.name, line=place.line)
    return say("command", "at_cell", "{name} (cell {cell}, line {line})", name=stack.name, cell=place.cell, line=place.line)


def _unproved(stack: Stack) -> str:
    """How much of the model is proved, and the first reason why not all; "" if all is."""
    counts = stack.verdicts
    whole = not any(counts[name] for name in ("broken", "not-reached", "unknown")) and not stack.table.conditions
    if whole and counts["proved"] + counts["any-size"]:
        return ""
    reason = next((str(row.reason) for row in stack.rows if row.verdict == "unknown" and row.reason), "")
    reason = reason or " ".join(any_size(stack.table))
    return proved(counts) + (f": {reason}" if reason else "")


def _case(file: FileReport, name: str, findings: list[Finding], unproved: str) -> Case:
    wrong = [finding for finding in findings if finding.severity != "note"]
    notes = "\n\n".join(excerpt(file, finding) for finding in findings if finding.severity == "note")
    if wrong:
        words, others = f"{wrong[0].code} {wrong[0].words}", len(wrong) - 1
        message = say("report", "and_more", "{words} (and {count} more)", words=words, count=others) if others else words
        text = "\n\n".join(excerpt(file, finding) for finding in wrong)
        return Case(name, "failure", wrong[0].code, message, text, notes)
    return Case(name, "skipped" if unproved else "", "", unproved, "", notes)


def _text(text: str) -> str:
    return escape(text.translate(NOT_XML), quote=False)


def _quoted(text: str) -> str:
    """An attribute's value: a line break in it would be read as a blank."""
    return f'"{escape(text.translate(NOT_XML)).replace(chr(10), "&#10;")}"'
