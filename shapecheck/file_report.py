"""The report of one file: it is read, its models become stacks with tables, and their errors become findings."""

from __future__ import annotations

from shapecheck.checks import by_outputs, compiled, loading, meaning, own_functions, shared, stacking, stateful, training, weight_files
from shapecheck.diagnostics.stack import Unbuilt
from shapecheck.findings import FileReport, Finding, Related, Stack, each_once
from shapecheck.languages import Phrase, because
from shapecheck.migration.look import begin
from shapecheck.naming import Names
from shapecheck.propagate import named, propagate
from shapecheck.reader.data.flows import input_from_use
from shapecheck.reader.keras.dialects import Dialect
from shapecheck.reader.keras.functional import loose
from shapecheck.reader.keras.sites import unreached
from shapecheck.reader.keras.stacks import assembled, holds_code
from shapecheck.reader.keras.subclasses import follow
from shapecheck.reader.python.interpreter import read
from shapecheck.reader.records import Stacks
from shapecheck.reader.source import Place
from shapecheck.reader.state import MOST_STEPS
from shapecheck.reader.values import Instance

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

    from shapecheck.reader.beside import Beside
    from shapecheck.reader.records import Assembled, Event, Model
    from shapecheck.reader.source import Origin, Unit
    from shapecheck.reader.state import Reader
    from shapecheck.shapes import Shape
    from shapecheck.table import ShapeTable


CHECKS = (
    training.check, stateful.check, by_outputs.check, compiled.check, stacking.check, shared.check, meaning.check, weight_files.check,
    own_functions.check, loading.check,
)  # fmt: skip
"""In the order in which they run: a later one sees the findings of an earlier one."""
OF_CALLS = (stateful.check, by_outputs.check, compiled.check, meaning.check, weight_files.check, own_functions.check)
"""Those that check only compile(), fit() and similar calls."""

INTERNAL = because("internal error, please report")
"""The text of the report if shapecheck itself failed."""


def check_units(parts: list[Unit], path: str, dialect: int | None = None, beside: Beside | None = None) -> FileReport:
    """A script or the cells of a notebook, as parsed; findings without repairs. What it imports from files `beside` is read."""
    report = _checked(parts, path, dialect, beside)
    if not any(_perhaps_turned(report, stack) for stack in report.stacks) or any("shapecheck:" in unit.text for unit in parts):
        return report
    turned = _checked(parts, path, dialect, beside, "channels_first")
    chosen = turned if len(turned.stacks) >= len(report.stacks) and _refusals(turned) < _refusals(report) else report
    chosen.steps = report.steps + turned.steps
    return chosen


def read_tables(parts: list[Unit], before: FileReport, dialect: int | None, beside: Beside | None, older: str) -> FileReport:
    """Only the stacks, with their tables: to compare a changed file with the one `before`. `older`: why an older Keras runs it, or ""."""
    if _turned(before):
        return check_units(parts, before.path, dialect, beside)
    report = _begun(parts, before.path, dialect)
    if older and not report.dialect.fixed and report.dialect.version == 3:
        report.dialect.version, report.dialect.evidence = 2, older
    reader = _read(report, beside)
    if reader is not None:
        _tabulate(report, reader)
    return report


def _turned(report: FileReport) -> bool:
    """True if the axes were read in another order than the file says, because that fits better."""
    said = _begun(report.units, report.path, None).dialect.data_format
    return bool(report.dialect.data_format != said)


def _begun(parts: list[Unit], path: str, dialect: int | None) -> FileReport:
    """An empty report: what the text alone says about its Keras, and the parts that do not parse."""
    report = FileReport(path, parts)
    report.dialect = Dialect(dialect)
    for unit in parts:
        report.dialect.text(unit.text, not unit.problem)
        if unit.problem:
            report.problems.append((_line_place(unit, unit.problem[0]), unit.problem[1]))
    return report


def _read(report: FileReport, beside: Beside | None) -> Reader | None:
    """What the file makes; None if it makes no models."""
    words = any(word in unit.text for unit in report.units for word in ("equential", "keras", "Model", ".add("))
    if not words and (beside is None or not beside.makes_models(report.units)):
        return None
    reader = read(report.units, Stacks(report.dialect), beside)
    report.steps = MOST_STEPS - reader.steps
    if reader.stopped:
        report.problems.append((None, reader.stopped))
    for unit, node, error in reader.failures:
        _failed(report, f" on line {node.lineno}" if unit.file == report.path else f" in {unit.file}", error)
    return reader


def _checked(
    parts: list[Unit], path: str, dialect: int | None = None, beside: Beside | None = None, data_format: str = ""
) -> FileReport:
    report = _begun(parts, path, dialect)
    report.dialect.data_format = data_format or report.dialect.data_format
    old = begin(report) if any("keras" in unit.text for unit in parts) else None
    reader = _read(report, beside)
    if reader is not None:
        _tabulate(report, reader)
        _find(report, reader)
    if old is not None:
        from shapecheck.migration.report import finish

        finish(report, old)
        report.old = old
        report.findings = each_once(report.findings)
    if any("shapecheck:" in unit.text for unit in parts):
        from shapecheck.suppression import by_comment

        by_comment(report)
    return report


def _perhaps_turned(report: FileReport, stack: Stack) -> bool:
    """An older Keras, whose axes the user's settings order; an input like (8, 160, 160); and an error of shapes in this stack."""
    sizes = stack.input_shape.dims
    if report.dialect.version >= 3 or report.dialect.data_format != "channels_last" or sizes is None or len(sizes) != 4:
        return False
    first, *others = sizes[1:]
    images = isinstance(first, int) and all(isinstance(size, int) and size > max(first, 4) for size in others)
    return images and any(finding.stack is stack and _of_shapes(finding) for finding in report.findings)


def _refusals(report: FileReport) -> set[tuple[str, str]]:
    """The errors of shapes, by code and place."""
    return {(finding.code, str(finding.place)) for finding in report.findings if _of_shapes(finding)}


def _of_shapes(finding: Finding) -> bool:
    return finding.code.startswith(("SC1", "SC2")) or finding.code in ("SC301", "SC303")


def _line_place(unit: Unit, line: int) -> Place:
    text = unit.lines[line - 1] if 0 < line <= len(unit.lines) else ""
    return Place(unit.file, unit.cell, line, 1, line, len(text) + 1)


def _tabulate(report: FileReport, reader: Reader) -> None:
    """Models become stacks with tables."""
    names, found = Names(), reader.stacks
    seen: set[Any] = set()
    for model in list(found.models):
        if model.code is not None and model.graph is None:
            _alone(report, model, follow, reader, model)
    _alone(report, None, _trace, reader)
    found.models = [model for model in found.models if not model.imported or _used_here(model, report.path)]
    found.models += unreached(reader, report.units)
    found.models += loose(reader)
    _mark_parts(found.models)
    found.models.sort(key=_order)
    for model in found.models:
        if not model.elements and model.graph is None and not model.unread:
            code = "keras.layers.Dense(2, input_shape=(30,))"
            model.unread = because("no readable layer was added to it: write at least one, for example {code}", code=code)
        stack = _alone(report, model, _stack, report, reader, model, names)
        if stack is None:
            model.graph, model.unread = None, INTERNAL
            stack = _stack(report, reader, model, names)
        key = ((stack.place.file, stack.place.key) if stack.place else None, tuple((str(row.output), row.verdict) for row in stack.rows))
        if key in seen:
            continue
        seen.add(key)
        report.stacks.append(stack)


def _find(report: FileReport, reader: Reader) -> None:
    """The errors of the stacks, what reading found, and what the checks find."""
    for stack in report.stacks:
        if not stack.part:
            _alone(report, stack.model, _findings, report, stack)
    for diagnostic, origin, layer in reader.stacks.findings:
        node = getattr(diagnostic, "argument_node", None)
        place = origin.unit.place(node) if node is not None else origin.function
        if place.file != report.path and diagnostic.code.startswith(("SC7", "SC9")):
            continue  # of another file's spelling: that file's own report has it
        owner, position = _owner(report.stacks, origin)
        report.findings.append(Finding(diagnostic, place, owner, position if layer is None else layer))
    _run_checks(report)
    report.findings = each_once(report.findings)


def _used_here(model: Model, path: str) -> bool:
    """Whether a model created in another file is trained or called in this one."""
    return any(event.origin.unit.file == path for event in model.events)


def _alone(report: FileReport, model: Model | None, step: Callable[..., Any], *given: Any) -> Any:
    """Runs a step of the check; if it fails, the other models are still reported. None if it failed."""
    try:
        return step(*given)
    except Exception as error:
        _failed(report, f" in the model of line {model.origin.place.line}" if model is not None else "", error)
        return None


def _failed(report: FileReport, where: str, error: Exception) -> None:
    """Notes that shapecheck itself failed, and where in its code."""
    last = error.__traceback__
    while last is not None and last.tb_next is not None:
        last = last.tb_next
    at = f" ({last.tb_frame.f_code.co_name}, line {last.tb_lineno})" if last is not None else ""
    report.internal += 1
    report.problems.append((None, f"{INTERNAL}{where}: {type(error).__name__}: {error}{at}"))


def _trace(reader: Reader) -> None:
    """Walks once through the models with layers defined in the file: a stack inside such a layer gets its input shape there."""
    models = reader.stacks.models
    if any(not model.events and model.graph is None for model in models):
        for model in models:
            if holds_code(model):
                propagate(assembled(reader, model).graph)


def _mark_parts(models: list[Model]) -> None:
    """Finds the models that are only layers of other models."""
    inside = {id(_model_of(element.value)) for model in models for element in model.elements}
    for model in models:
        model.part = id(model) in inside and not model.events and model.graph is None


def _model_of(value: Any) -> Any:
    return value.model if isinstance(value, Instance) else value


def _order(model: Model) -> tuple[bool, int, int]:
    """Models in the order of the file; then parts of others, outer ones first, because an inner one gets its input from them."""
    there = model.caller is not None and model.caller.unit.file != model.origin.unit.file
    place = model.caller.place if there and model.caller is not None else model.origin.place
    cell, line = place.cell or 0, place.line
    return (True, -cell, -line) if model.part else (False, cell, line)


def _owner(stacks: list[Stack], origin: Origin) -> tuple[Stack | None, int | None]:
    for stack in stacks:
        for place, other in enumerate(stack.origins):
            if other.node is origin.node:
                return stack, None if other.network else place
    return None, None


def _stack(report: FileReport, reader: Reader, model: Model, names: Names) -> Stack:
    made = assembled(reader, model)
    event, shape = (None, None) if made.has_input else _input_from_use(reader, model, made)
    if shape is None and model.part and not made.has_input:
        shape = _input_from_outside(report, model)
    if shape is not None:
        named(made.graph, names)  # layers of this stack are counted on; those in its table start again
        made, names = assembled(reader, model, shape), Names()
        made.has_input = True
    table = _for_any_size(propagate(made.graph, names=names))
    place = model.origin.place
    stack = Stack(len(report.stacks) + 1, model.variable or model.name or "model", made.graph, table, place)
    stack.nodes = made.nodes
    stack.rows = [table[node] for node in made.nodes]
    stack.origins = made.origins
    stack.events = model.events
    stack.model = model
    stack.has_input = made.has_input
    stack.input_event = event
    stack.part = model.part
    return stack


def _for_any_size(table: ShapeTable) -> ShapeTable:
    """The table, with layers proved for any size of what is not in the file."""
    if all(row.verdict == "proved" for row in table.rows) or any(row.verdict in ("broken", "not-reached") for row in table.rows):
        return table
    from shapecheck.any_size.proof import proved

    return proved(table)


def _input_from_outside(report: FileReport, model: Model) -> Shape | None:
    """The input of a model where it is a layer of another stack."""
    for outer in report.stacks:
        for element, row in zip(outer.model.elements if outer.model is not None else (), outer.rows, strict=False):
            if _model_of(element.value) is model and row.inputs and row.inputs[0].known:
                return row.inputs[0]
    return None


def _input_from_use(reader: Reader, model: Model, made: Assembled) -> tuple[Event | None, Shape | None]:
    """The input of a stack that declares none: from build, fit, predict or a call, on data or in another model, if known."""
    return input_from_use(reader, model, bool(made.nodes) and type(made.nodes[0].rule).__name__ == "Dense")


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
        found = Finding(row.diagnostic, place, stack, position, severity)
        if row.diagnostic.within is not None:
            unit, call = row.diagnostic.within
            found.place = unit.place(call)
            found.related.append(Related(origin.place, Phrase("places", "layer", "the layer is created here")))
        report.findings.append(found)
    _unbuilt(report, stack)


def _maybe_channels_first(report: FileReport, stack: Stack) -> bool:
    """An older Keras read the order of axes from the user's settings: an image like (3, 32, 32) may be right there."""
    sizes = stack.input_shape.dims
    if report.dialect.version >= 3 or report.dialect.data_format != "channels_last" or sizes is None or len(sizes) != 4:
        return False
    first, *others = sizes[1:]
    return first in (1, 3) and all(size is None or (isinstance(size, int) and size > 4) for size in others)


def _unbuilt(report: FileReport, stack: Stack) -> None:
    if stack.model is None or stack.model.graph is not None or report.dialect.version < 3 or not stack.rows:
        return
    if any(row.verdict == "broken" for row in stack.rows) or (stack.has_input and stack.input_event is None):
        return
    if stack.rows[0].node.rule.unseen:
        return  # an unknown layer or a known network may declare its own input
    for event in stack.events:
        if event.kind in ("fit", "build", "call", "predict", "evaluate", "load_weights"):
            return
        if event.kind in ("summary", "count_params", "weights") and not event.guarded:
            finding = Finding(Unbuilt(f"{event.kind}()"), stack.origins[0].function, stack, 0)
            finding.related.append(Related(event.origin.place, Phrase("places", "built", "it must be built here")))
            report.findings.append(finding)
            return


def _needed(check: Callable[..., Any], stack: Stack) -> bool:
    """False for a check of loaded models, or of functions in compile(), where there are none."""
    if check is loading.check:
        return stack.model is not None and stack.model.loading is not None
    if check is own_functions.check:
        compiled_with = [event for event in stack.events if event.kind == "compile"]
        given = [event.get(place, name) for event in compiled_with for place, name in ((1, "loss"), (2, "metrics"))]
        return not all(_words(one) or (isinstance(one, list) and all(map(_words, one))) for one in given)
    return True


def _words(value: Any) -> bool:
    return value is None or isinstance(value, str)


def _run_checks(report: FileReport) -> None:
    """Adds the findings of every check. A check is a function check(report, stack) of a module in shapecheck/checks."""
    for check in CHECKS:
        for stack in report.stacks:
            if not stack.part and (stack.events or check not in OF_CALLS) and _needed(check, stack):
                _alone(report, stack.model, _run_check, report, stack, check)


def _run_check(report: FileReport, stack: Stack, check: Callable[[FileReport, Stack], Iterable[Finding]]) -> None:
    report.findings.extend(check(report, stack))
