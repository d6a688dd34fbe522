"""Edits of one argument: a word, a number, a keyword, a pair of parentheses."""

from __future__ import annotations

from collections.abc import Iterator

from shapecheck.diagnostics.arguments import BadArgument, ConflictingArguments, UnknownKeyword, UnknownWord
from shapecheck.diagnostics.habits import ArgumentOutOfPlace, KernelAsStrides
from shapecheck.diagnostics.members import DuplicateName, InputShapeContradicts, SameLayerTwice
from shapecheck.diagnostics.migration import OldArgument
from shapecheck.diagnostics.rank import AxisOutOfRange
from shapecheck.diagnostics.recurrent import BatchNotFixed, StepsNotFixed
from shapecheck.diagnostics.sizes import NotDivisible
from shapecheck.diagnostics.stack import ClassNotInstance, SecondInput
from shapecheck.layers.arguments import integers, parts
from shapecheck.reader.keras.dialects import OLD_KEYWORDS
from shapecheck.reader.source import Origin, Place, expression
from shapecheck.repairs.candidates import titles
from shapecheck.repairs.candidates.base import Candidate, mends
from shapecheck.repairs.candidates.spelling import spelled
from shapecheck.repairs.candidates.titles import line, placed
from shapecheck.repairs.edits import drop_argument, drop_layer, insert_before, set_argument, written

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from shapecheck.findings import FileReport, Finding, Stack
    from shapecheck.repairs.edits import Edit


def _origin(finding: Finding) -> Origin | None:
    if finding.stack is None or finding.layer is None or finding.layer >= len(finding.stack.origins):
        return None
    return finding.stack.origins[finding.layer]


def _set(finding: Finding, argument: str, text: str) -> Iterator[Candidate]:
    origin = _origin(finding)
    if origin is not None:
        yield Candidate(placed(origin.where, f"{argument}={text}"), [set_argument(origin, argument, text)])


def _drop(finding: Finding, argument: str) -> Iterator[Candidate]:
    origin = _origin(finding)
    if origin is not None:
        yield Candidate(titles.without_argument(origin.where, argument), [drop_argument(origin, argument)])


@mends(UnknownWord)
def unknown_word(report: FileReport, finding: Finding) -> Iterator[Candidate]:
    """SC402: the nearest word."""
    diagnostic: Any = finding.diagnostic
    if diagnostic.nearest:
        yield from _set(finding, diagnostic.argument, f'"{diagnostic.nearest}"')


@mends(UnknownKeyword)
def unknown_keyword(report: FileReport, finding: Finding) -> Iterator[Candidate]:
    """SC403: the nearest keyword with the value that is written, or none."""
    diagnostic: Any = finding.diagnostic
    if finding.layer is None and finding.stack is not None and finding.place is not None:
        yield from _of_method(finding.stack, finding.place, diagnostic.nearest)
    if diagnostic.nearest:
        yield from _renamed(finding, diagnostic.argument, diagnostic.nearest)
    yield from _drop(finding, diagnostic.argument)


def _of_method(stack: Stack, place: Place, nearest: str | None) -> Iterator[Candidate]:
    """The same for compile(), fit() ...: the keyword is at `place`."""
    for event in stack.events:
        unit = event.origin.unit
        for keyword in getattr(event.origin.node, "keywords", ()):
            if unit.place(keyword).key == place.key and keyword.arg is not None:
                if nearest and all(other.arg != nearest for other in event.origin.node.keywords):
                    text = f"{nearest}={written(unit, keyword.value)}"
                    yield Candidate(placed(event.origin.where, text), [(place, text)])
                written_here = Origin(unit, event.origin.node, {keyword.arg: keyword})
                yield Candidate(titles.without_argument(event.origin.where, keyword.arg), [drop_argument(written_here, keyword.arg)])
                return


@mends(OldArgument)
def old_spelling(report: FileReport, finding: Finding) -> Iterator[Candidate]:
    """SC702: today's keyword with the value that is written, or none."""
    diagnostic: Any = finding.diagnostic
    origin = _origin(finding)
    if origin is None or type(origin.node).__name__ != "Call":
        return
    if diagnostic.argument == "batch_input_shape":
        yield from _input_before(report, finding, origin)
    new = OLD_KEYWORDS.get(diagnostic.argument, "")
    if diagnostic.argument in OLD_KEYWORDS and not new:
        yield from _drop(finding, diagnostic.argument)
    for keyword in origin.node.keywords:
        if keyword.arg == diagnostic.argument and new:
            text = f"{new}={written(origin.unit, keyword.value)}"
            yield Candidate(placed(origin.where, text), [(origin.unit.place(keyword), text)])


def _input_before(report: FileReport, finding: Finding, origin: Origin) -> Iterator[Candidate]:
    """Input(batch_shape=...) before a first layer with batch_input_shape=."""
    stack, node = finding.stack, origin.arguments.get("batch_input_shape")
    text, more = spelled(report, origin, "Input")
    if finding.layer == 0 and stack is not None and stack.model is not None and stack.model.elements and node is not None and text:
        shape = written(origin.unit, getattr(node, "value", node))
        new = f"{text}(batch_shape={shape})"
        edits = [drop_argument(origin, "batch_input_shape"), insert_before(origin, stack.model.elements[0].use, new), *more]
        yield Candidate(titles.before_it(origin.where, new), edits)


def _renamed(finding: Finding, old: str, new: str) -> Iterator[Candidate]:
    origin = _origin(finding)
    node = origin.arguments.get(old) if origin is not None else None
    if origin is not None and type(node).__name__ == "keyword":
        text = f"{new}={written(origin.unit, getattr(node, 'value', node))}"
        yield Candidate(placed(origin.where, text), [(origin.unit.place(node), text)])


@mends(BadArgument)
def bad_argument(report: FileReport, finding: Finding) -> Iterator[Candidate]:
    """SC401: // for /, numbers for strings of digits, a fraction for a percentage."""
    diagnostic: Any = finding.diagnostic
    for name, text in diagnostic.fixes:
        yield from _set(finding, name, text)
    value, argument, origin = diagnostic.value, diagnostic.argument, _origin(finding)
    node = origin.arguments.get(argument) if origin is not None else None
    if origin is None or node is None:
        return
    text, meant = written(origin.unit, expression(node)), integers(value)
    if isinstance(value, (int, float)) and argument == "rate":
        if 1 < value <= 100:
            yield from _set(finding, argument, str(value / 100))
    elif repr(meant) != repr(value) and all(part.is_integer() for part in parts(value) if isinstance(part, float)):
        divided = text.count("/") == sum(isinstance(part, float) for part in parts(value)) and not any(mark in text for mark in "'\"#")
        yield from _set(finding, argument, text.replace("/", "//") if divided else repr(meant))
    elif isinstance(value, (tuple, list)) and len(value) == 1:
        yield from _set(finding, argument, str(value[0]))


@mends(ClassNotInstance)
def class_not_instance(report: FileReport, finding: Finding) -> Iterator[Candidate]:
    """SC407: the parentheses; and the module, if the file does not import the bare name."""
    origin, stack = _origin(finding), finding.stack
    if origin is None or stack is None:
        return
    words = written(origin.unit, origin.node)
    if "." not in words and words.isidentifier():
        others = (other for other in stack.origins if type(other.node).__name__ == "Call" and "." in written(other.unit, other.node.func))
        texts = [written(other.unit, other.node.func) for other in others]
        bound = any(_binds(statement, words) for unit in report.units for statement in unit.statements)
        if not bound and not texts:
            return
        words = words if bound else f"{texts[0].rpartition('.')[0]}.{words}"
    yield Candidate(placed(origin.where, f"{words}()"), [(origin.place, f"{words}()")])


def _binds(statement: Any, name: str) -> bool:
    """True if a statement of the file imports, or assigns, the name."""
    aliases = getattr(statement, "names", ())
    if any((getattr(alias, "asname", None) or getattr(alias, "name", "")) in (name, "*") for alias in aliases):
        return True
    return any(getattr(target, "id", "") == name for target in getattr(statement, "targets", ()))


@mends(NotDivisible, in_memory=True)
def not_divisible(report: FileReport, finding: Finding) -> Iterator[Candidate]:
    """SC103: the largest number of groups that divides both filters and channels."""
    diagnostic: Any = finding.diagnostic
    if diagnostic.argument == "groups":
        for groups in range(min(diagnostic.parts, diagnostic.size), 0, -1):
            if diagnostic.size % groups == 0:
                yield from _set(finding, "groups", str(groups))


@mends(ConflictingArguments)
def conflicting_arguments(report: FileReport, finding: Finding) -> Iterator[Candidate]:
    """SC404: the edit of the finding, else one of the two arguments at its default."""
    diagnostic: Any = finding.diagnostic
    for name, text in diagnostic.fixes:
        yield from _set(finding, name, text)
    for argument in () if diagnostic.fixes else (diagnostic.argument, diagnostic.other):
        if argument in ("strides", "dilation_rate"):
            yield from _set(finding, argument, "1")
        else:
            yield from _drop(finding, argument)


@mends(AxisOutOfRange, in_memory=True)
def axis_out_of_range(report: FileReport, finding: Finding) -> Iterator[Candidate]:
    """SC204: the last axis."""
    diagnostic: Any = finding.diagnostic
    yield from _set(finding, diagnostic.argument, "-1")


@mends(DuplicateName, in_memory=True)
def duplicate_name(report: FileReport, finding: Finding) -> Iterator[Candidate]:
    """SC411: the name followed by the layer's position, which is unique."""
    diagnostic: Any = finding.diagnostic
    yield from _set(finding, "name", f'"{diagnostic.name}_{finding.layer}"')
    yield from _drop(finding, "name")


@mends(InputShapeContradicts, in_memory=True)
def input_shape_contradicts(report: FileReport, finding: Finding) -> Iterator[Candidate]:
    """SC415: without it."""
    yield from _drop(finding, finding.diagnostic.argument or "input_shape")


@mends(BatchNotFixed, in_memory=True)
def batch_not_fixed(report: FileReport, finding: Finding) -> Iterator[Candidate]:
    """SC502."""
    yield from _drop(finding, "stateful")


@mends(StepsNotFixed, in_memory=True)
def steps_not_fixed(report: FileReport, finding: Finding) -> Iterator[Candidate]:
    """SC503."""
    yield from _drop(finding, "unroll")


def kernel_pair(origin: Origin) -> Edit | None:
    """Conv2D(32, 3, 3) -> Conv2D(32, (3, 3))."""
    written_ = origin.node.args
    first, last = origin.unit.place(written_[1]), origin.unit.place(written_[2])
    text = f"({written(origin.unit, written_[1])}, {written(origin.unit, written_[2])})"
    return Place(first.file, first.cell, first.line, first.column, last.end_line, last.end_column), text


@mends(KernelAsStrides)
def kernel_as_strides(report: FileReport, finding: Finding) -> Iterator[Candidate]:
    """SC416: a pair for the kernel."""
    origin = _origin(finding)
    if origin is not None:
        yield Candidate(titles.pair(origin.where), [kernel_pair(origin)])


@mends(ArgumentOutOfPlace)
def argument_out_of_place(report: FileReport, finding: Finding) -> Iterator[Candidate]:
    """SC417: by name."""
    diagnostic: Any = finding.diagnostic
    if finding.place is not None:
        for name in (diagnostic.written, diagnostic.argument):
            text = f"{name}={diagnostic.written}"
            yield Candidate(placed(line(finding.place.line), text), [(finding.place, text)])


@mends(SameLayerTwice)
def same_layer_twice(report: FileReport, finding: Finding) -> Iterator[Candidate]:
    """SC412: a second layer like it."""
    origin = _origin(finding)
    if origin is not None and finding.place is not None and type(origin.node).__name__ == "Call" and finding.place.key != origin.place.key:
        yield Candidate(titles.second_layer(line(finding.place.line)), [(finding.place, written(origin.unit, origin.node))])


@mends(SecondInput)
def second_input(report: FileReport, finding: Finding) -> Iterator[Candidate]:
    """SC409: without it."""
    stack, here = finding.stack, finding.layer
    if stack is not None and here is not None and stack.model is not None and here < len(stack.model.elements):
        yield Candidate(titles.WITHOUT_IT, [drop_layer(stack.model.elements[here].use)])
