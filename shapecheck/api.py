"""The one door: text, file or graph in; stacks, tables and findings out, as data."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

from shapecheck.findings import FileReport, Finding, Related, Report, Stack, each_once
from shapecheck.naming import Names
from shapecheck.propagate import named, propagate
from shapecheck.shapes import Shape

if TYPE_CHECKING:

    from shapecheck.reader.keras.stacks import Assembled
    from shapecheck.reader.records import Event, Model
    from shapecheck.reader.source import Origin, Place, Unit
    from shapecheck.what_if import WhatIf


def check_file(path: str, dialect: int | None = None, what_if: WhatIf | None = None) -> Report:
    """A script or a notebook."""
    from shapecheck.reader.source import LARGEST, read_text

    try:
        with open(path, "rb") as file:
            size = os.fstat(file.fileno()).st_size or LARGEST  # 0 where the end is not known: a pipe
            data = file.read(min(size, LARGEST) + 1)
    except OSError as error:
        return Report([FileReport(path, error=error.strerror or type(error).__name__)])
    if len(data) > LARGEST:
        return Report([FileReport(path, error=f"larger than {LARGEST:,} bytes")])
    return check_source(read_text(data), path, dialect, what_if)


def check_source(text: str, path: str = "<text>", dialect: int | None = None, what_if: WhatIf | None = None) -> Report:
    """Source text; a notebook's text if `path` ends in .ipynb. Findings come with repairs that were proved."""
    from shapecheck.reader.source import Unreadable, units

    try:
        parts = units(text, path)
    except Unreadable as error:
        return Report([FileReport(path, error=str(error))])
    report = check_units(parts, path, dialect)
    if what_if is not None:
        from shapecheck.what_if import changed

        report = changed(report, what_if, lambda units: check_units(units, path, dialect))
    if any(finding.severity != "note" for finding in report.findings):
        from shapecheck.repairs.proofs import offer

        offer(report, lambda changed: check_units(changed, path, dialect))
    for unit in parts:
        unit.statements = []  # nothing asks for the trees any more: a report of many files must not keep them all
    return Report([report])


def check_units(parts: list[Unit], path: str, dialect: int | None = None) -> FileReport:
    """A script or the cells of a notebook, as parsed; findings without repairs."""
    from shapecheck.reader.keras.dialects import Dialect
    from shapecheck.reader.records import Stacks
    from shapecheck.reader.state import Interpreter

    report = FileReport(path, parts)
    report.dialect = Dialect(dialect)
    for unit in parts:
        report.dialect.text(unit.text)
        if unit.problem:
            report.problems.append((_line_place(unit, unit.problem[0]), unit.problem[1]))
    found = Stacks(report.dialect)
    if any(word in unit.text for unit in parts for word in ("equential", "keras", "Model", ".add(")):
        reader = Interpreter(found)
        reader.read(parts)
        if reader.stopped:
            report.problems.append((None, reader.stopped))
        _collect(report, found)
    for name in ("stacks", "functional", "values"):
        module = sys.modules.get(f"shapecheck.reader.{name}")
        if module is not None:
            module.forget()
    if any("shapecheck:" in unit.text for unit in parts):
        from shapecheck.suppression import by_comment

        by_comment(report)
    return report


def check(model: Any) -> Report:
    """A model in memory: a Graph, a model of tinyseq, or a Keras Sequential (see live.py for what is raised)."""
    from shapecheck.live import graph_of

    graph = graph_of(model)
    report = FileReport("")
    stack = Stack(1, graph.name or "model", graph, propagate(graph), None)
    report.stacks.append(stack)
    for place, row in enumerate(stack.rows):
        if row.diagnostic is not None:
            from shapecheck.repairs.live import offered

            finding = Finding(row.diagnostic, None, stack, place)
            finding.repairs = offered(graph, row.diagnostic, row.node)
            report.findings.append(finding)
    return Report([report])


def _line_place(unit: Unit, line: int) -> Place:
    from shapecheck.reader.source import Place

    text = unit.lines[line - 1] if 0 < line <= len(unit.lines) else ""
    return Place(unit.file, unit.cell, line, 1, line, len(text) + 1)


def _collect(report: FileReport, found: Any) -> None:
    """Models become stacks, with their tables; what is wrong in them becomes findings."""
    names = Names()
    seen: set[Any] = set()
    nested = _nested_models(found.models)
    _trace(found.models)
    for model in found.models:
        if (not model.elements and model.graph is None) or (model in nested and not model.events and model.graph is None):
            continue
        stack = _stack(len(report.stacks) + 1, model, names)
        key = (stack.place.key if stack.place else None, tuple((str(row.output), row.verdict) for row in stack.rows))
        if key in seen:
            continue
        seen.add(key)
        report.stacks.append(stack)
        _findings(report, stack)
    for diagnostic, origin, layer in found.findings:
        node = getattr(diagnostic, "argument_node", None)
        place = origin.unit.place(node) if node is not None else origin.function
        owner, position = _owner(report.stacks, origin)
        report.findings.append(Finding(diagnostic, place, owner, position if layer is None else layer))
    from shapecheck.checks import run

    run(report)
    report.findings = each_once(report.findings)


def _trace(models: list[Model]) -> None:
    """Walks the models that hold layers of the file once: a stack inside such a layer learns there what it is called on."""
    from shapecheck.reader.keras.stacks import assembled, holds_code

    if any(not model.events and model.graph is None for model in models):
        for model in models:
            if holds_code(model):
                propagate(assembled(model).graph)


def _nested_models(models: list[Model]) -> set[Any]:
    """Models that stand inside another one: they are a row there."""
    return {element.value for model in models for element in model.elements if type(element.value) is type(model)}


def _owner(stacks: list[Stack], origin: Origin) -> tuple[Stack | None, int | None]:
    for stack in stacks:
        for place, other in enumerate(stack.origins):
            if other.node is origin.node:
                return stack, place
    return None, None


def _stack(number: int, model: Model, names: Names) -> Stack:
    from shapecheck.reader.keras.stacks import assembled

    made = assembled(model)
    event, shape = (None, None) if made.has_input else _input_from_use(model, made)
    if shape is not None:
        named(made.graph, names)  # as always, layers of this stack are counted; those in its table begin anew
        made, names = assembled(model, None, shape), Names()
        made.has_input = True
    table = propagate(made.graph, names=names)
    place = model.origin.place
    stack = Stack(number, model.variable or model.name or "model", made.graph, table, place)
    stack.nodes = made.nodes
    stack.rows = [table[node] for node in made.nodes]
    stack.origins = made.origins
    stack.events = model.events
    stack.model = model
    stack.has_input = made.has_input
    stack.input_event = event
    return stack


def _input_from_use(model: Model, made: Assembled) -> tuple[Event | None, Shape | None]:
    """A stack without input takes it from build, fit, predict or a call, on data or in another model, if that is known."""
    from shapecheck.reader.data.flows import input_from_use

    return input_from_use(model, bool(made.nodes) and type(made.nodes[0].rule).__name__ == "Dense")


def _findings(report: FileReport, stack: Stack) -> None:
    model = stack.model
    assert model is not None
    severity = "note" if model.guarded or _maybe_channels_first(report, stack) else None
    for position, (row, origin) in enumerate(zip(stack.rows, stack.origins, strict=True)):
        if row.diagnostic is None:
            continue
        assert row.diagnostic is not None
        place = origin.argument(row.diagnostic.argument) or origin.function
        if stack.input_event is not None and position == 0 and not origin.arguments:
            place = origin.function
        report.findings.append(Finding(row.diagnostic, place, stack, position, severity))
    _unbuilt(report, stack)


def _maybe_channels_first(report: FileReport, stack: Stack) -> bool:
    """An older Keras took the order of axes from the user's settings: a picture like (3, 32, 32) may be right there."""
    sizes = stack.input_shape.dims
    if report.dialect.version >= 3 or report.dialect.data_format != "channels_last" or sizes is None or len(sizes) != 4:
        return False
    first, *others = sizes[1:]
    return first in (1, 3) and all(size is None or (isinstance(size, int) and size > 4) for size in others)


def _unbuilt(report: FileReport, stack: Stack) -> None:
    from shapecheck.diagnostics.stack import Unbuilt

    if stack.model is None or stack.model.graph is not None or report.dialect.version < 3 or not stack.rows:
        return
    if any(row.verdict == "broken" for row in stack.rows) or (stack.has_input and stack.input_event is None):
        return
    if not type(stack.rows[0].node.rule).__module__.startswith(("shapecheck.layers.", "shapecheck.graph")):
        return  # a layer that cannot be seen into, or a known network, may bring its own input
    for event in stack.events:
        if event.kind in ("fit", "build", "call", "predict", "evaluate", "load_weights"):
            return
        if event.kind in ("summary", "count_params", "weights") and not event.guarded:
            finding = Finding(Unbuilt(f"{event.kind}()"), stack.origins[0].function, stack, 0)
            finding.related.append(Related(event.origin.place, "here it must be built"))
            report.findings.append(finding)
            return


class _Door(type(sys)):  # type: ignore[misc]
    """This module, callable: once it is imported, `shapecheck.api` is the module, and must still check a model."""

    def __call__(self, model: Any) -> Report:
        return check(model)


sys.modules[__name__].__class__ = _Door
