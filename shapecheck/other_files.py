"""Findings in files beside the file: put into separate reports, with the line of the file that calls them."""

from __future__ import annotations

from shapecheck.findings import FileReport, Finding, Related, Stack

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shapecheck.reader.source import Unit


def part(report: FileReport) -> None:
    """Moves stacks and findings whose place is in another file into `report.beside`."""
    for stack in report.stacks:
        if stack.place is not None and stack.place.file != report.path:
            _of(report, stack.place.file, stack.model.origin.unit if stack.model is not None else None).stacks.append(stack)
    report.stacks = [stack for stack in report.stacks if stack.place is None or stack.place.file == report.path]
    for finding in report.findings:
        if finding.place is not None and finding.place.file != report.path:
            _of(report, finding.place.file, _unit(finding)).findings.append(finding)
            finding.elsewhere.append(("call", _caller(finding, report.path)))
    report.findings = [finding for finding in report.findings if finding.place is None or finding.place.file == report.path]


def finish(report: FileReport) -> None:
    """Explains and sorts out what was moved: comments of the other files hold there, places elsewhere become text."""
    from shapecheck.repairs.explain import explain
    from shapecheck.suppression import by_comment

    for file in report.beside:
        explain(file)
        by_comment(file)
        file.findings = [finding for finding in file.findings if finding.code != "SC901"]
    for file in (report, *report.beside):
        for finding in file.findings:
            _same_file(finding, file.path)


def _of(report: FileReport, path: str, unit: Unit | None) -> FileReport:
    found = next((other for other in report.beside if other.path == path), None)
    if found is None:
        found = FileReport(path, [unit] if unit is not None else [])
        found.dialect = report.dialect
        report.beside.append(found)
    if unit is not None and not found.units:
        found.units = [unit]
    return found


def _unit(finding: Finding) -> Unit | None:
    """The text of the place, if one of the stack's layers is written there."""
    stack: Stack | None = finding.stack
    origins = stack.origins if stack is not None else []
    place = finding.place
    return next((origin.unit for origin in origins if place is not None and origin.unit.file == place.file), None)


def _caller(finding: Finding, path: str) -> str:
    """The line of the checked file that calls what is wrong."""
    model = finding.stack.model if finding.stack is not None else None
    if model is not None and model.caller is not None and model.caller.unit.file == path:
        return f"from {model.caller.place}"
    place = finding.stack.place if finding.stack is not None else None
    return f"from {place}" if place is not None and place.file == path else f"from {path}"


def _same_file(finding: Finding, path: str) -> None:
    """Places in other files become text: a report shows the lines of its own file only."""
    kept: list[Related] = []
    for related in finding.related:
        if related.place.file == path:
            kept.append(related)
        else:
            finding.elsewhere.append(("see", f"{related.place}: {related.text}"))
    finding.related = kept
