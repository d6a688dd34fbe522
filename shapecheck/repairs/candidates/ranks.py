"""Edits for an input of the wrong rank or size: keep the steps, add a channel axis, insert a Flatten, correct a Reshape."""

from __future__ import annotations

from collections.abc import Iterator

from shapecheck.diagnostics.habits import ChannelsFirstData, DenseOnMap
from shapecheck.diagnostics.rank import ReshapeMismatch, UndefinedDimension, WrongRank
from shapecheck.diagnostics.recurrent import NoSteps
from shapecheck.repairs.candidates import titles
from shapecheck.repairs.candidates.base import Candidate, mends
from shapecheck.repairs.candidates.inputs import added_axis, changed_data, channels_last, shape_edit, time_axis, without_batch
from shapecheck.repairs.candidates.spelling import spelled
from shapecheck.repairs.candidates.titles import placed, without
from shapecheck.repairs.edits import drop_layer, insert_before, set_argument, set_class, set_inside
from shapecheck.shapes import Dim, Shape, multiply

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from shapecheck.findings import FileReport, Finding, Stack

RECURRENT = ("LSTM", "GRU", "SimpleRNN", "RNN", "ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D")


@mends(WrongRank, NoSteps, in_memory=True)
def wrong_rank(report: FileReport, finding: Finding) -> Iterator[Candidate]:
    """SC201, SC501."""
    stack, here = finding.stack, finding.layer
    if stack is None or here is None or here >= len(stack.origins):
        return
    shape = stack.rows[here].inputs[0] if stack.rows[here].inputs else Shape(None)
    wanted = getattr(finding.diagnostic, "expected", 3)
    yield from _keep_steps(stack, here)
    if stack.rows[here].class_name == "TimeDistributed" and shape.rank == wanted - 1 == stack.table.rows[0].output.rank:
        yield from time_axis(stack, shape)
    yield from _axis_of_input(stack, shape, wanted)
    if stack.input_event is not None and shape.rank == wanted - 1 and shape.rank == stack.table.rows[0].output.rank:
        yield from changed_data(stack.input_event, "[..., None]", titles.ONE_CHANNEL)
    yield from _without(stack, here, wanted)
    if shape.dims is not None:
        yield from _reshaped(report, stack, here, shape, wanted)


def _keep_steps(stack: Stack, here: int) -> Iterator[Candidate]:
    """return_sequences=True on the recurrent layer before, also inside a Bidirectional."""
    for place in range(here - 1, -1, -1):
        origin, name = stack.origins[place], stack.rows[place].class_name
        if name in RECURRENT:
            yield Candidate(placed(origin.where, "return_sequences=True"), [set_argument(origin, "return_sequences", "True")])
            return
        if name == "Bidirectional":
            edit = set_inside(origin, "layer", "return_sequences", "True")
            yield Candidate(placed(origin.where, "return_sequences=True"), [edit])
            return
        if stack.rows[place].output.rank != 2:
            return


def _axis_of_input(stack: Stack, shape: Shape, wanted: int) -> Iterator[Candidate]:
    accepted = stack.table.rows[0].output
    if shape.rank is None or accepted.rank != shape.rank or accepted.dims is None:
        return
    if shape.rank == wanted - 1:
        yield Candidate(titles.last_axis(Shape((*accepted.dims[1:], 1))), [added_axis(stack)])
    if shape.rank == wanted + 1:
        yield Candidate(titles.without_batch(Shape(accepted.dims[2:])), [without_batch(stack)])


def _without(stack: Stack, here: int, wanted: int) -> Iterator[Candidate]:
    """Without the layer that flattened, or without this one."""
    if stack.model is None or stack.model.graph is not None:
        return
    for place in range(here - 1, 0, -1):
        row = stack.rows[place]
        if row.class_name.startswith(("Flatten", "Global")) and row.inputs and row.inputs[0].rank == wanted:
            edit = drop_layer(stack.model.elements[place].use)
            yield Candidate(without(stack.origins[place].called(row.class_name)), [edit])
            break
    if here == len(stack.rows) - 1:
        return  # a stack without its last layer always passes the check
    edit = drop_layer(stack.model.elements[here].use)
    yield Candidate(without(stack.origins[here].called(stack.rows[here].class_name)), [edit])


def _reshaped(report: FileReport, stack: Stack, here: int, shape: Shape, wanted: int) -> Iterator[Candidate]:
    assert shape.dims is not None
    if len(shape.dims) == 2 and wanted > 3:
        return  # a vector as an image of one column: it builds, but is never intended
    if len(shape.dims) < wanted:
        target: tuple[Dim, ...] = (*shape.dims[1:], *(1,) * (wanted - len(shape.dims)))
    else:
        target = (-1, *shape.dims[len(shape.dims) - wanted + 2 :])
    if all(isinstance(size, int) for size in target):
        yield from inserted(report, stack, here, "Reshape", f"({Shape(target)})")


def inserted(report: FileReport, stack: Stack, here: int, name: str, arguments: str) -> Iterator[Candidate]:
    """A layer in front of this one."""
    if stack.model is None or stack.model.graph is not None:
        return
    origin = stack.origins[here]
    text, more = spelled(report, origin, name)
    if text:
        edit = insert_before(origin, stack.model.elements[here].use, text + arguments)
        yield Candidate(titles.before(f"{name}{arguments}", origin.where), [edit, *more])


@mends(DenseOnMap)
def dense_on_map(report: FileReport, finding: Finding) -> Iterator[Candidate]:
    """SC208."""
    if finding.stack is not None and finding.layer is not None:
        yield from inserted(report, finding.stack, finding.layer, "Flatten", "()")
        yield from inserted(report, finding.stack, finding.layer, "GlobalAveragePooling2D", "()")


@mends(ChannelsFirstData)
def channels_first_data(report: FileReport, finding: Finding) -> Iterator[Candidate]:
    """SC209."""
    if finding.stack is not None:
        yield from channels_last(report, finding.stack)


@mends(UndefinedDimension, in_memory=True)
def undefined_dimension(report: FileReport, finding: Finding) -> Iterator[Candidate]:
    """SC202: global pooling instead of Flatten."""
    stack, here = finding.stack, finding.layer
    if stack is None or here is None:
        return
    for place in range(here - 1, 0, -1):
        row = stack.rows[place]
        rank = row.inputs[0].rank if row.inputs else None
        if row.class_name == "Flatten" and rank in (3, 4, 5):
            name = f"GlobalAveragePooling{rank - 2}D"
            text, more = spelled(report, stack.origins[place], name)
            if text:
                edits = [set_class(stack.origins[place], text), *more]
                yield Candidate(titles.instead(stack.origins[place].where, name), edits)
            return
    accepted = stack.table.rows[0].output
    if accepted.dims and None in accepted.dims[1:]:
        shape = Shape((accepted.dims[0], *(32 if size is None else size for size in accepted.dims[1:])))
        yield Candidate(titles.fixed_size(Shape(shape.sizes)), [shape_edit(stack, shape)])


@mends(ReshapeMismatch, in_memory=True)
def reshape_mismatch(report: FileReport, finding: Finding) -> Iterator[Candidate]:
    """SC205: one entry of the target corrected, or the Dense before it."""
    stack, here = finding.stack, finding.layer
    diagnostic: Any = finding.diagnostic
    if stack is None or here is None or here >= len(stack.origins):
        return
    origin, target, have = stack.origins[here], tuple(diagnostic.target), diagnostic.have
    if here and stack.rows[here - 1].class_name == "Dense" and stack.rows[here - 1].output.rank == 2 and -1 not in target:
        before = stack.origins[here - 1]
        yield Candidate(placed(before.where, f"units={diagnostic.want}"), [set_argument(before, "units", str(diagnostic.want))])
    for place in range(len(target) - 1, -1, -1):
        others = multiply(*target[:place], *target[place + 1 :])
        if -1 not in target and isinstance(others, int) and others > 0 and have % others == 0:
            new = (*target[:place], have // others, *target[place + 1 :])
            yield Candidate(placed(origin.where, f"target_shape={new}"), [set_argument(origin, "target_shape", str(new))])
    yield Candidate(placed(origin.where, f"target_shape=({have},)"), [set_argument(origin, "target_shape", f"({have},)")])
