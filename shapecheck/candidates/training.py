"""Edits for data, labels and losses that do not fit the stack."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from shapecheck.candidates.inputs import indexed_data, shape_edit
from shapecheck.edits import drop_argument, set_argument
from shapecheck.repairs import Candidate
from shapecheck.shapes import Shape

if TYPE_CHECKING:
    from shapecheck.check import FileReport, Finding, Stack


def labels_mismatch(report: FileReport, finding: Finding) -> Iterator[Candidate]:
    """SC301: as many units as the labels have columns, or the other categorical loss."""
    diagnostic: Any = finding.diagnostic
    stack = finding.stack
    output, labels = diagnostic.output.dims, diagnostic.labels.dims
    if stack is None or not output or not labels:
        return
    last = stack.rows[-1]
    if len(output) == len(labels) and last.class_name == "Dense" and isinstance(labels[-1], int):
        yield Candidate(f"line {stack.origins[-1].line}: units={labels[-1]}", [set_argument(stack.origins[-1], "units", str(labels[-1]))])
    if len(output) > len(labels):
        yield from _flattened(report, stack)
    if diagnostic.loss == "categorical_crossentropy":
        yield from _loss(finding, "sparse_categorical_crossentropy")
    elif diagnostic.loss == "sparse_categorical_crossentropy":
        yield from _loss(finding, "categorical_crossentropy")


def _flattened(report: FileReport, stack: Stack) -> Iterator[Candidate]:
    """One answer for each sample: the last step only, or everything flattened before the first Dense on a map or sequence."""
    from shapecheck.candidates.ranks import RECURRENT, inserted

    for place in range(len(stack.rows) - 1, -1, -1):
        if stack.rows[place].class_name in RECURRENT and "return_sequences" in stack.origins[place].arguments:
            line = stack.origins[place].line
            yield Candidate(f"line {line}: without return_sequences", [drop_argument(stack.origins[place], "return_sequences")])
            break
    for place, row in enumerate(stack.rows):
        if row.class_name == "Dense" and (row.output.rank or 0) > 2:
            yield from inserted(report, stack, place, "Flatten", "()")
            break


def labels_stretched(report: FileReport, finding: Finding) -> Iterator[Candidate]:
    """SC302."""
    yield from labels_mismatch(report, finding)


def _loss(finding: Finding, name: str) -> Iterator[Candidate]:
    """The loss of the compile calls replaced."""
    stack = finding.stack
    edits = []
    for event in stack.events if stack is not None else ():
        if event.kind == "compile":
            node = event.origin.arguments.get("loss") or event.origin.arguments.get("1")
            if type(node).__name__ == "Constant":
                edits.append((event.origin.unit.place(node), f'"{name}"'))
    if edits:
        yield Candidate(f'line {edits[0][0].line}: loss="{name}"', edits)


def loss_activation(report: FileReport, finding: Finding) -> Iterator[Candidate]:
    """SC305: the activation that the loss expects."""
    diagnostic: Any = finding.diagnostic
    stack = finding.stack
    if stack is not None:
        edit = set_argument(stack.origins[-1], "activation", f'"{diagnostic.wanted}"')
        yield Candidate(f'line {stack.origins[-1].line}: activation="{diagnostic.wanted}"', [edit])
    if diagnostic.loss == "categorical_crossentropy" and diagnostic.activation == "sigmoid":
        yield from _loss(finding, "binary_crossentropy")


def softmax_on_one_unit(report: FileReport, finding: Finding) -> Iterator[Candidate]:
    """SC304: sigmoid."""
    stack = finding.stack
    if stack is not None:
        edit = set_argument(stack.origins[-1], "activation", '"sigmoid"')
        yield Candidate(f'line {stack.origins[-1].line}: activation="sigmoid"', [edit])


def one_unit_categorical(report: FileReport, finding: Finding) -> Iterator[Candidate]:
    """SC306: the loss for one unit."""
    yield from _loss(finding, "binary_crossentropy")


def data_mismatch(report: FileReport, finding: Finding) -> Iterator[Candidate]:
    """SC303: the input shape of the data."""
    diagnostic: Any = finding.diagnostic
    stack = finding.stack
    if stack is not None and diagnostic.one_sample:
        for event in stack.events:
            node = event.origin.arguments.get("0") or event.origin.arguments.get("x")
            if node is not None and finding.place is not None and event.origin.unit.place(node).key == finding.place.key:
                yield from indexed_data(event, "[None]", "a batch of one sample")
    elif stack is not None and diagnostic.data.dims:
        shape = Shape((None, *diagnostic.data.dims[1:]))
        if shape.known:
            yield Candidate(f"input shape {Shape(shape.sizes)}", [shape_edit(stack, shape)])
