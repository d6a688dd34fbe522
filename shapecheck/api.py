"""The public calls: from text, a file or a model to stacks, tables and findings as data."""

from __future__ import annotations

import os

from shapecheck.file_report import check_units, read_tables
from shapecheck.findings import FileReport, Finding, Report, Stack
from shapecheck.languages import system
from shapecheck.propagate import propagate
from shapecheck.reader.source import LARGEST, Unreadable, imports_others, read_text, units
from shapecheck.table import ShapeTable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from shapecheck.reader.source import Unit
    from shapecheck.what_if import WhatIf


def check_file(path: str, dialect: int | None = None, what_if: WhatIf | None = None) -> Report:
    """A script, a notebook, or the file of a model (.keras, .h5, .json): recognised by its bytes, no weights are loaded."""
    if not path.endswith((".py", ".ipynb")):
        found = _model_file(path, what_if)
        if found is not None:
            return found
    try:
        with open(path, "rb") as file:
            size = os.fstat(file.fileno()).st_size or LARGEST  # 0 if the size is unknown: a pipe
            data = file.read(min(size, LARGEST) + 1)
    except OSError as error:
        return Report([FileReport(path, error=system(error))])
    if len(data) > LARGEST:
        return Report([FileReport(path, error=f"larger than {LARGEST:,} bytes")])
    return _checked(read_text(data), path, dialect, what_if, beside=True)


def _model_file(path: str, what_if: WhatIf | None) -> Report | None:
    """The report of a file or folder that holds a model; None if it is something else."""
    from shapecheck.model_files import recognise

    try:
        kind = recognise.kind_of(path)
    except (OSError, ValueError):
        return None
    if not kind:
        return None
    from shapecheck.model_files.check import check_model

    report = check_model(path, kind)
    if what_if is not None:
        report.problems.append((None, "--input and --set work on source text, not on model files"))
        report.unanswered += ["--input"]
    return Report([report])


def check_source(text: str, path: str = "<text>", dialect: int | None = None, what_if: WhatIf | None = None) -> Report:
    """Source text; a notebook's text if `path` ends in .ipynb, a model's configuration if it ends in .json.

    Findings come with repairs that were proved.
    """
    return _checked(text, path, dialect, what_if, beside=False)


def check_again(text: str, path: str, wanted: Callable[[Finding], bool]) -> Report:
    """Like `check_source`, with repairs only for findings that are `wanted`: most of the time goes into their proofs."""
    return _checked(text, path, None, None, beside=False, wanted=wanted)


def _checked(
    text: str, path: str, dialect: int | None, what_if: WhatIf | None, beside: bool, wanted: Callable[[Finding], bool] | None = None
) -> Report:
    """`beside`: what the text imports from files beside its own is read there. `wanted`: the findings that need repairs (all)."""
    if path.endswith((".json", ".yaml", ".yml")):
        from shapecheck.model_files.check import check_bytes

        model = check_bytes(text.encode("utf-8", "surrogatepass"), path)
        if model is not None:
            return Report([model])
    try:
        parts = units(text, path)
    except Unreadable as error:
        return Report([FileReport(path, error=str(error))])
    files = None
    if beside and any(imports_others(unit) or ("read_csv" in unit.text) for unit in parts):
        from shapecheck.reader.beside import Beside

        files = Beside(path)

    def alone(made: FileReport) -> FileReport:
        if files is not None and files.seen:
            from shapecheck.other_files import part

            part(made)
        return made

    def again(changed_units: list[Unit]) -> FileReport:
        return alone(check_units(changed_units, path, dialect, files))

    def tables(changed_units: list[Unit], older: str) -> FileReport:
        return alone(read_tables(changed_units, report, dialect, files, older))

    report = again(parts)
    if what_if is not None:
        from shapecheck.what_if import changed

        report = changed(report, what_if, again)
    if report.findings:
        from shapecheck.repairs.explain import explain

        explain(report)
    if any(finding.severity != "note" for finding in report.findings):
        from shapecheck.repairs.proofs import offer

        offer(report, again, wanted)
    if report.old is not None:
        from shapecheck.migration.report import prove

        prove(report, report.old, tables, wanted)
        report.old = None
    if report.beside:
        from shapecheck.other_files import finish

        finish(report)
    for unit in parts:
        unit.statements = []  # the trees are not needed any more: a report of many files must not keep them all
    return Report([report, *report.beside])


def check(model: Any) -> Report:
    """A model in memory: a Graph, a model of tinyseq, or a Keras Sequential (see live.py for what is raised)."""
    from shapecheck.live import graph_of

    graph = graph_of(model)
    report = FileReport("")
    stack = Stack(1, graph.name or "model", graph, propagate(graph), None)
    report.stacks.append(stack)
    for place, row in enumerate(stack.rows):
        if row.diagnostic is not None:
            from shapecheck.repairs.live import answered

            finding = Finding(row.diagnostic, None, stack, place)
            finding.path, finding.repairs = answered(graph, row.diagnostic, row.node)
            report.findings.append(finding)
    return Report([report])


def _html(table: ShapeTable, name: str | None) -> str:
    from shapecheck.report.html import render

    return render(table, name)


ShapeTable.draw_html = staticmethod(_html)
