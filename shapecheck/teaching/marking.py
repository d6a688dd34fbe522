"""One file against the expectations: which of its models counts, what holds, what is off. It is read and never run.

Nothing in the file changes how it is marked: comments for shapecheck are taken out before it is read, no settings are read, names given
to layers do not count as classes. A file in a student's own folder may import others of that folder; a file beside those of other
students imports none.
"""

from __future__ import annotations

from shapecheck.file_report import check_units
from shapecheck.languages import because, current, speaking, system, words
from shapecheck.layers import find
from shapecheck.model_files.bounded_json import words_of
from shapecheck.nodes import Structure
from shapecheck.reader.source import LARGEST, Unreadable, read_text, units
from shapecheck.teaching.comments import taken_out
from shapecheck.teaching.library_changes import library_changes
from shapecheck.teaching.own_files import OwnFiles
from shapecheck.teaching.texts import GRADE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from shapecheck.findings import FileReport, Finding, Stack
    from shapecheck.layers.base import Rule
    from shapecheck.reader.source import Place, Unit
    from shapecheck.shapes import Shape
    from shapecheck.teaching.expectations import Expectations


def marked(path: str, expected: Expectations, folder: str = "", language: str = "en") -> dict[str, Any]:
    """What was found in a file, as plain data: model, checks, table, findings, what had no force; or "error".

    Arguments:
        path: of the file
        expected: what is expected
        folder: the student's own folder, whose files it may import; "": none
        language: of the findings
    """
    try:
        with open(path, "rb") as file:
            data = file.read(LARGEST + 1)
        if len(data) > LARGEST:
            return {"error": because("larger than {count:,} bytes", count=LARGEST)}
        parts = units(read_text(data), path)
    except OSError as error:
        return {"error": system(error)}
    except Unreadable as error:
        return {"error": words_of(error)}
    without_force = [line for part in parts for line in taken_out(part)]
    own = OwnFiles(path, folder)
    report = check_units(parts, path, expected.dialect, own)
    not_read = [_not_read(place, path, own, why) for place, why in report.problems if not report.cut]
    refused = _refused(parts, own)
    if refused:
        return {"error": because("{why}, so no model of this file counts", why=refused), "without_force": without_force}
    without_force += own.without_force
    not_read += filter(None, [own.problem()])
    stack = None if report.cut else counted(report, expected.model)  # Python refuses the whole script: no line of it runs
    found: dict[str, Any] = {
        "error": report.cut,
        "not_read": not_read,
        "without_force": without_force,
        "model": "", "checks": [], "rows": [], "counts": {},
    }  # fmt: skip
    with speaking(language):
        found["findings"] = [_finding(finding, _where(finding.place, path, own, language)) for finding in report.findings]
    if stack is None:
        return found
    warnings = sum(1 for finding in report.findings if finding.severity == "warning" and finding.stack in (None, stack))
    errors = sum(1 for finding in report.findings if finding.severity == "error" and finding.stack in (None, stack))
    found["model"] = stack.name
    found["counts"] = {**stack.verdicts, "error": errors}
    found["checks"] = list(_checks(stack, expected, errors, warnings))
    found["rows"] = [[row.name, row.class_name, _sizes(row.output), f"{row.params}", row.verdict] for row in stack.rows if not row.is_input]
    found |= {"input": _sizes(stack.input_shape), "output": _sizes(stack.table.outputs[0]), "params": f"{stack.table.params}"}
    return found


def _refused(parts: list[Unit], own: OwnFiles) -> str:
    """Why the layers that are written may be others when the file is run, "" if they are those of the library."""
    if own.hides:
        return because("Python would import {name} and not the library of that name (rename it)", name=own.hides)
    return next(library_changes([("", parts), *own.read]), "")


def counted(report: FileReport, name: str) -> Stack | None:
    """The model that counts: that of the asked name, else the last one that is trained, else the last one.

    A model that may not run, or is made in a function that the file does not call, counts only where there is no other.
    """
    whole = [stack for stack in report.stacks if not stack.part]
    stacks = [stack for stack in whole if _runs(stack)] or whole
    if name:
        return next((stack for stack in reversed(stacks) if stack.name == name), None)
    for kinds in (("fit",), ("compile",), ()):
        found = [stack for stack in stacks if not kinds or any(event.kind in kinds and not event.guarded for event in stack.events)]
        if found:
            return found[-1]
    return None


def _runs(stack: Stack) -> bool:
    """True if the model is certainly made when the file is run."""
    model = stack.model
    return model is None or not (model.guarded or model.uncalled or model.unread or model.branch)


def rules(graph: Structure) -> Iterator[Rule]:
    """Every layer of a graph and of the models inside it, each use once."""
    for node in graph.nodes:
        yield from _within(node.rule)


def _within(rule: Rule) -> Iterator[Rule]:
    """A layer and those inside it: of a model, of a wrapper, of a wrapper of wrappers."""
    if isinstance(rule, Structure):
        yield from rules(rule)
        return
    yield rule
    for child in rule.children:
        yield from _within(child)


def used(stack: Stack, name: str) -> int:
    """How many layers of a class of Keras the model has; a class of the same name in the file is another one."""
    kind = find(name)
    return sum(1 for rule in dict.fromkeys(rules(stack.graph)) if _of_keras(rule) is kind)


def _of_keras(rule: Rule) -> type[Rule] | None:
    """The class of Keras that a rule stands for: that of a Lambda whose function was read is Lambda."""
    return next((kind for kind in type(rule).__mro__ if kind.__module__.startswith("shapecheck.layers.")), None)


def _checks(stack: Stack, expected: Expectations, errors: int, warnings: int) -> Iterator[list[str | bool]]:
    """[check, whether it holds, what is expected, what was found]."""
    for key in expected.checks:
        if key == "works":
            counts = stack.verdicts
            yield [key, not errors and _all_proved(stack), "", verdicts({**counts, "error": errors})]
        elif key in ("input", "output"):
            wanted = expected.input if key == "input" else expected.output
            shape = stack.input_shape if key == "input" else stack.table.outputs[0]
            several = len(stack.graph.inputs if key == "input" else stack.table.outputs) > 1
            assert wanted is not None
            yield [key, not several and _equal(shape, wanted), _written(wanted), _sizes(shape)]
        elif key == "layers":
            missing = {name: used(stack, name) for name, count in expected.layers.items() if used(stack, name) < count}
            yield [key, not missing, _counted(expected.layers), _counted(missing)]
        elif key == "forbidden":
            there = {name: used(stack, name) for name in expected.forbidden if used(stack, name)}
            yield [key, not there, ", ".join(expected.forbidden), _counted(there)]
        else:
            yield _limit(key, expected.limits[key], stack, warnings)


def _all_proved(stack: Stack) -> bool:
    counts = stack.verdicts
    return 0 < counts["proved"] + counts["any-size"] == sum(counts.values()) and not stack.table.conditions


def _limit(key: str, limit: int, stack: Stack, warnings: int) -> list[str | bool]:
    number: Any = warnings if key == "warnings" else stack.table.multiply_adds if key == "max_macs" else stack.table.params
    holds = isinstance(number, int) and (number >= limit if key == "min_params" else number <= limit)
    return [key, holds, f"{limit:,}", f"{number:,}" if isinstance(number, int) else "?"]


def _equal(shape: Shape, wanted: tuple[int | None, ...]) -> bool:
    """Sizes equal; a wanted None is any size."""
    dims = shape.dims[1:] if shape.dims else None
    if dims is None or len(dims) != len(wanted):
        return False
    return all(size is None or size == dim for size, dim in zip(wanted, dims, strict=True))


def _sizes(shape: Shape) -> str:
    return "?" if shape.dims is None else f"({', '.join(str(dim) for dim in shape.dims[1:])})"


def _written(wanted: tuple[int | None, ...]) -> str:
    return f"({', '.join('any' if size is None else str(size) for size in wanted)})"


def _counted(names: dict[str, int]) -> str:
    return ", ".join(name if count == 1 else f"{count} {name}" for name, count in names.items())


def verdicts(counts: dict[str, int]) -> str:
    """How many layers have each verdict: 3 proved, 1 broken."""
    if current() == "en":
        return ", ".join(f"{count} {verdict}" for verdict, count in counts.items() if count)
    there = words("grade", GRADE, current())
    return ", ".join(there["count_" + verdict.replace("-", "_")].format(count=count) for verdict, count in counts.items() if count)


def _not_read(place: Place | None, path: str, own: OwnFiles, why: str) -> str:
    """What is not read, with its place."""
    if place is None:
        return why
    file = f"{own.named(place.file)}, " if place.file != path else ""
    if place.cell is None:
        return because("{file}line {line}: {why}", file=file, line=place.line, why=why)
    return because("{file}cell {cell}, line {line}: {why}", file=file, cell=place.cell, line=place.line, why=why)


def _finding(finding: Finding, where: str) -> list[str]:
    """[severity, code, place, words, help]."""
    return [finding.severity, finding.code, where, finding.words, finding.diagnostic.help()]


def _where(place: Place | None, path: str, own: OwnFiles, language: str) -> str:
    """A place: "cell 3, line 2", "model.py, line 2" in another file; "" without one."""
    if place is None:
        return ""
    file = f"{own.named(place.file)}, " if place.file != path else ""
    say = words("grade", GRADE, language)
    return file + say["line" if place.cell is None else "cell"].format(cell=place.cell, line=place.line)
