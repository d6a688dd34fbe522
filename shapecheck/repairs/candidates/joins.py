"""Edits for wrongly connected layers: SC313 and SC418 to SC422, SC504."""

from __future__ import annotations

import re
from collections.abc import Iterator

from shapecheck.diagnostics.calls import LambdaShape
from shapecheck.diagnostics.joins import (
    Disconnected,
    NotATensor,
    NotInAList,
    SharedOnTwoWidths,
    TensorFlowOnSymbol,
    TensorsInConstructor,
    WrongState,
)
from shapecheck.diagnostics.meaning import LabelOutOfRange
from shapecheck.repairs.candidates import titles
from shapecheck.repairs.candidates.base import Candidate, mends
from shapecheck.repairs.candidates.titles import line, placed
from shapecheck.repairs.candidates.widths import with_width
from shapecheck.repairs.edits import drop_argument, point, set_argument, written

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from shapecheck.findings import FileReport, Finding


def _argument(origin: Any, place: int, *names: str) -> Any:
    """The expression of an argument of a call, by position or by name; None if the call does not contain it."""
    call = origin.node
    for keyword in getattr(call, "keywords", ()):
        if keyword.arg in names:
            return keyword.value
    args = getattr(call, "args", ())
    return args[place] if place < len(args) else None


@mends(Disconnected)
def disconnected(report: FileReport, finding: Finding) -> Iterator[Candidate]:
    """Adds the missing Input to the model's inputs."""
    diagnostic: Any = finding.diagnostic
    origin, name = diagnostic.origin, diagnostic.name
    node = _argument(origin, 0, "inputs", "input") if origin is not None and name else None
    if node is None:
        return
    text = written(origin.unit, node)
    listed = type(node).__name__ in ("List", "Tuple")
    new = f"[{text[1:-1].rstrip().rstrip(',')}, {name}]" if listed else f"[{text}, {name}]"
    yield Candidate(placed(origin.where, f"inputs={new}"), [(origin.unit.place(node), new)])


@mends(NotATensor)
def not_a_tensor(report: FileReport, finding: Finding) -> Iterator[Candidate]:
    """The output of the model; or the layer called on the only tensor of the file."""
    diagnostic: Any = finding.diagnostic
    if diagnostic.model and diagnostic.argument_place is not None:
        unit, node = diagnostic.argument_place
        text = f"{written(unit, node)}.output"
        yield Candidate(placed(line(node.lineno), text), [(unit.place(node), text)])
    made = diagnostic.origin
    if not diagnostic.model and made is not None and diagnostic.tensor and type(made.node).__name__ == "Call":
        place = made.place
        edit = (point(made.unit, place.end_line, place.end_column), f"({diagnostic.tensor})")
        yield Candidate(titles.call(made.where, diagnostic.tensor), [edit])


@mends(LambdaShape)
def lambda_shape(report: FileReport, finding: Finding) -> Iterator[Candidate]:
    """SC430: without output_shape."""
    if finding.stack is not None and finding.layer is not None:
        origin = finding.stack.origins[finding.layer]
        yield Candidate(titles.without_argument(origin.where, "output_shape"), [drop_argument(origin, "output_shape")])


@mends(NotInAList)
def not_in_a_list(report: FileReport, finding: Finding) -> Iterator[Candidate]:
    """The arguments of the call in one list."""
    diagnostic: Any = finding.diagnostic
    origin = diagnostic.origin
    args = list(getattr(origin.node, "args", ())) if origin is not None else []
    if len(args) < 2:
        return
    first, last = origin.unit.place(args[0]), origin.unit.place(args[-1])
    edits = [(point(origin.unit, first.line, first.column), "["), (point(origin.unit, last.end_line, last.end_column), "]")]
    yield Candidate(titles.one_list(origin.where), edits)


@mends(SharedOnTwoWidths)
def shared_on_two_widths(report: FileReport, finding: Finding) -> Iterator[Candidate]:
    """A second layer with the same arguments but no name, for the second call."""
    stack = finding.stack
    if stack is None or finding.layer is None:
        return
    made, call = stack.origins[finding.layer].node, stack.rows[finding.layer].node.call
    if call is None or type(made).__name__ != "Call" or type(getattr(call[1], "func", None)).__name__ != "Name":
        return
    unit, node = call
    own = stack.origins[finding.layer].unit
    given = [written(own, one) for one in (*made.args, *(keyword for keyword in made.keywords if keyword.arg != "name"))]
    text = f"{written(own, made.func)}({', '.join(given)})"
    yield Candidate(titles.another_layer(line(node.lineno), text), [(unit.place(node.func), text)])


@mends(TensorsInConstructor)
def tensors_in_constructor(report: FileReport, finding: Finding) -> Iterator[Candidate]:
    """The layer created without the tensors, then called on them."""
    diagnostic: Any = finding.diagnostic
    origin = diagnostic.origin
    args = list(getattr(origin.node, "args", ())) if origin is not None else []
    if args:
        rest = ", ".join(written(origin.unit, keyword) for keyword in origin.node.keywords)
        text = f"{written(origin.unit, origin.node.func)}({rest})({written(origin.unit, args[0])})"
        yield Candidate(placed(origin.where, text), [(origin.place, text)])


@mends(TensorFlowOnSymbol)
def tensorflow_on_symbol(report: FileReport, finding: Finding) -> Iterator[Candidate]:
    """The same function in keras.ops, by a name that the file can use."""
    diagnostic: Any = finding.diagnostic
    origin, new = diagnostic.origin, diagnostic.new
    if origin is None or not new:
        return
    module = _keras_in(report)
    if module:
        yield Candidate(placed(origin.where, f"{module}.ops.{new}"), [(origin.function, f"{module}.ops.{new}")])
    else:
        top = point(origin.unit, _first_import(origin.unit), 1)
        yield Candidate(placed(origin.where, f"keras.ops.{new}"), [(top, "import keras\n"), (origin.function, f"keras.ops.{new}")])


def _keras_in(report: FileReport) -> str:
    """The name under which the file has Keras; "" if it has none."""
    for unit in report.units:
        found = re.search(r"(?m)^[ \t]*(?:import keras|from tensorflow import keras)(?: as (\w+))?[ \t]*(?:#.*)?$", unit.text)
        if found:
            return found[1] or "keras"
    return ""


def _first_import(unit: Any) -> int:
    """The line of the first import that is not indented, except __future__."""
    lines = enumerate(unit.lines, 1)
    return next((n for n, line in lines if line.startswith(("import ", "from ")) and "__future__" not in line), 1)


@mends(WrongState)
def wrong_state(report: FileReport, finding: Finding) -> Iterator[Candidate]:
    """As many units as the state has values."""
    diagnostic: Any = finding.diagnostic
    stack, dims = finding.stack, diagnostic.given.dims
    if stack is None or finding.layer is None or not dims or len(dims) != 2 or not isinstance(dims[-1], int):
        return
    origin = stack.origins[finding.layer]
    yield Candidate(placed(origin.where, f"units={dims[-1]}"), [set_argument(origin, "units", str(dims[-1]))])


@mends(LabelOutOfRange)
def label_out_of_range(report: FileReport, finding: Finding) -> Iterator[Candidate]:
    """Labels that start at 0, or as many units as there are classes."""
    diagnostic: Any = finding.diagnostic
    stack, place = finding.stack, finding.place
    if stack is None or finding.layer is None or place is None:
        return
    event = next((one for one in stack.events if one.kind in ("fit", "evaluate") and one.origin.line <= place.line <= place.end_line), None)
    node = _argument(event.origin, 1, "y") if event is not None else None
    if node is not None and event is not None and diagnostic.least > 0 and diagnostic.most - diagnostic.least < diagnostic.units:
        text = f"{written(event.origin.unit, node)} - {diagnostic.least}"
        yield Candidate(placed(line(node.lineno), text), [(event.origin.unit.place(node), text)])
    units = diagnostic.most + 1 if diagnostic.most >= 0 else diagnostic.classes
    found = with_width(stack, finding.layer, units)
    if found is not None:
        yield found
