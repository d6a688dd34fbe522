"""Edits for data, labels and losses that do not fit the stack."""

from __future__ import annotations

from collections.abc import Iterator

from shapecheck.checks.data import written_parts
from shapecheck.checks.losses import canonical
from shapecheck.checks.outputs import outputs, written_loss
from shapecheck.checks.training import last_activation
from shapecheck.diagnostics.batching import NotBatched, NotData
from shapecheck.diagnostics.compiled import NotALossFunction, NotLoadable, UnknownName
from shapecheck.diagnostics.labels import (
    DataMismatch,
    LabelsMismatch,
    LabelsStretched,
    LossActivation,
    OneUnitCategorical,
    SoftmaxOnOneUnit,
)
from shapecheck.reader.data.flows import data_of, feeds
from shapecheck.reader.source import Position, expression
from shapecheck.repairs.candidates import titles
from shapecheck.repairs.candidates.base import Candidate, mends
from shapecheck.repairs.candidates.inputs import changed_data, shape_edit, without_batch
from shapecheck.repairs.candidates.ranks import RECURRENT, inserted
from shapecheck.repairs.candidates.titles import line, placed
from shapecheck.repairs.candidates.widths import with_width
from shapecheck.repairs.edits import add_argument, drop_argument, set_argument, set_loss, written
from shapecheck.shapes import Shape

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from shapecheck.findings import FileReport, Finding, Stack
    from shapecheck.reader.records import Event
    from shapecheck.reader.source import Place
    from shapecheck.repairs.edits import Edit


@mends(LabelsMismatch, LabelsStretched, in_memory=True)
def labels_mismatch(report: FileReport, finding: Finding) -> Iterator[Candidate]:
    """SC301, SC302: as many units as the labels have columns, or the other categorical loss (first for whole numbers)."""
    diagnostic: Any = finding.diagnostic
    stack = finding.stack
    output, labels = diagnostic.output.dims, diagnostic.labels.dims
    if stack is None or not output:
        return
    last, origin = stack.rows[_last(finding)], stack.origins[_last(finding)]
    if labels is None and last.class_name == "Dense" and isinstance(diagnostic.labels.last, int):
        units = str(diagnostic.labels.last)
        yield Candidate(placed(origin.where, f"units={units}"), [set_argument(origin, "units", units)])
    if not labels:
        return
    yield from _folder_mode(stack, finding, output)
    if len(labels) == len(output) + 1:
        yield from _every_step(stack, labels)
    whole_numbers = diagnostic.loss == "categorical_crossentropy" and (len(labels) == len(output) - 1 or labels[-1] == 1)
    if whole_numbers:
        yield from _loss(finding, "sparse_categorical_crossentropy")
    if len(output) == len(labels) and isinstance(labels[-1], int) and labels[-1] != output[-1]:
        found = with_width(stack, stack.rows.index(last), labels[-1])
        if found is not None:
            yield found
    if len(output) > len(labels) and len(stack.graph.outputs) == 1:
        yield from _flattened(report, stack)
    if diagnostic.loss == "categorical_crossentropy" and not whole_numbers:
        yield from _loss(finding, "sparse_categorical_crossentropy")
    elif diagnostic.loss == "sparse_categorical_crossentropy":
        yield from _loss(finding, "categorical_crossentropy")


MODES = {"sparse_categorical_crossentropy": {"label_mode": "int", "class_mode": "sparse"},
         "categorical_crossentropy": {"label_mode": "categorical", "class_mode": "categorical"}}  # fmt: skip
"""How an image folder produces the labels that a loss expects."""


def _folder_mode(stack: Stack, finding: Finding, output: tuple[Any, ...]) -> Iterator[Candidate]:
    """Labels of an image folder: the other class_mode or label_mode; the images themselves if the output is an image."""
    loss = getattr(finding.diagnostic, "loss", "")
    for event in feeds(stack.events):
        given = event.get(0, "x", "generator")
        if event.kind not in ("fit", "evaluate") or not _blamed(event, finding):
            continue
        source, folder = getattr(getattr(given, "y", None), "source", ""), getattr(given, "attributes", {}).get("@folder")
        name = source.partition("=")[0]
        pictures = getattr(getattr(given, "x", None), "dims", None) or output
        mode = "input" if len(output) > 3 and name == "class_mode" and pictures[1:] == output[1:] else MODES.get(loss, {}).get(name)
        if folder is not None and mode is not None:
            yield Candidate(placed(folder.where, f'{name}="{mode}"'), [set_argument(folder, name, f'"{mode}"')])
            return


def _last(finding: Finding) -> int:
    """The position of the layer whose output the finding is about; the last layer if the finding names none."""
    return finding.layer if finding.layer is not None else -1


def _every_step(stack: Stack, labels: tuple[Any, ...]) -> Iterator[Candidate]:
    """Labels for every step: the last recurrent layer returns its sequence."""
    for place in range(len(stack.rows) - 1, -1, -1):
        row, origin = stack.rows[place], stack.origins[place]
        if row.class_name in RECURRENT:
            given = row.inputs[0].dims if row.inputs else None
            only_last = not getattr(row.node.rule, "return_sequences", True)
            if only_last and given is not None and len(given) == 3 and given[1] in (labels[1], None):
                yield Candidate(placed(origin.where, "return_sequences=True"), [set_argument(origin, "return_sequences", "True")])
            return


def _flattened(report: FileReport, stack: Stack) -> Iterator[Candidate]:
    """One output for each sample: only the last step, or a Flatten before the first Dense on a map or sequence."""
    for place in range(len(stack.rows) - 1, -1, -1):
        if stack.rows[place].class_name in RECURRENT and "return_sequences" in stack.origins[place].arguments:
            origin = stack.origins[place]
            edits = [drop_argument(origin, "return_sequences"), *_unwrapped(stack, place)]
            yield Candidate(titles.without_argument(origin.where, "return_sequences"), edits)
            break
        inner = _inside_bidirectional(stack, place)
        if inner is not None:
            where = stack.origins[place].where
            yield Candidate(titles.without_argument(where, "return_sequences"), [inner, *_unwrapped(stack, place)])
            break
    for place, row in enumerate(stack.rows):
        if row.class_name == "Dense" and (row.output.rank or 0) > 2:
            yield from inserted(report, stack, place, "Flatten", "()")
            break


def _inside_bidirectional(stack: Stack, place: int) -> Edit | None:
    """Bidirectional(LSTM(8, return_sequences=True)) with False in place of True."""
    origin = stack.origins[place]
    call: Any = expression(getattr(origin, "arguments", {}).get("layer"))
    if stack.rows[place].class_name != "Bidirectional" or isinstance(origin, Position):
        return None
    named = next((one for one in getattr(call, "keywords", ()) if one.arg == "return_sequences"), None)
    return (origin.unit.place(named.value), "False") if named is not None else None


def _unwrapped(stack: Stack, place: int) -> list[Edit | None]:
    """A TimeDistributed(Dense(3)) after it becomes Dense(3): there are no steps left."""
    edits: list[Edit | None] = []
    for later in range(place + 1, len(stack.rows)):
        origin = stack.origins[later]
        node: Any = getattr(origin, "node", None)
        if stack.rows[later].class_name == "TimeDistributed" and len(getattr(node, "args", ())) == 1:
            edits.append((origin.place, written(origin.unit, node.args[0])))
    return edits


def _loss(finding: Finding, name: str) -> Iterator[Candidate]:
    """Replaces the loss in the compile calls; for several outputs only the loss of this one."""
    stack = finding.stack
    events = [event for event in stack.events if event.kind == "compile"] if stack is not None else []
    calls = [event.origin for event in events]
    edits: list[Edit]
    if stack is not None and len(stack.graph.outputs) > 1:
        at = next((at for at, output in enumerate(outputs(stack)) if output.at == finding.layer), 0)
        nodes = [(event.origin.unit, written_loss(stack, event, at)) for event in events]
        edits = [(unit.place(node), f'"{name}"') for unit, node in nodes if type(node).__name__ == "Constant"]
    else:
        edits = [edit for edit in (set_loss(origin, name) for origin in calls) if edit is not None]
    if edits:
        yield Candidate(placed(calls[0].where, f'loss="{name}"'), edits)


@mends(LossActivation)
def loss_activation(report: FileReport, finding: Finding) -> Iterator[Candidate]:
    """SC305: the activation that the loss expects."""
    diagnostic: Any = finding.diagnostic
    stack = finding.stack
    if stack is not None:
        origin = stack.origins[_last(finding)]
        text = f'"{diagnostic.wanted}"'
        yield Candidate(placed(origin.where, f"activation={text}"), [set_argument(origin, "activation", text)])
    if diagnostic.loss == "categorical_crossentropy" and diagnostic.activation == "sigmoid":
        yield from _loss(finding, "binary_crossentropy")


@mends(SoftmaxOnOneUnit)
def softmax_on_one_unit(report: FileReport, finding: Finding) -> Iterator[Candidate]:
    """SC304: sigmoid, with its loss if the loss is for several classes."""
    stack = finding.stack
    if stack is not None:
        origin = stack.origins[_last(finding)]
        edit, title = set_argument(origin, "activation", '"sigmoid"'), placed(origin.where, 'activation="sigmoid"')
        yield Candidate(title, [edit])
        losses = [event.get(1, "loss") for event in stack.events if event.kind == "compile"]
        if any(isinstance(loss, str) and canonical(loss) == "categorical_crossentropy" for loss in losses):
            for other in _loss(finding, "binary_crossentropy"):
                yield Candidate(titles.two_edits(title, other.title), [edit, *other.edits])


@mends(OneUnitCategorical)
def one_unit_categorical(report: FileReport, finding: Finding) -> Iterator[Candidate]:
    """SC306: the loss for one unit."""
    yield from _loss(finding, "binary_crossentropy")


@mends(UnknownName)
def unknown_name(report: FileReport, finding: Finding) -> Iterator[Candidate]:
    """SC308: the intended name. Of several losses those that fit the labels; without labels all of them."""
    diagnostic: Any = finding.diagnostic
    stack = finding.stack
    if stack is None or finding.place is None or (len(diagnostic.near) > 1 and not _tested(stack, finding.place)):
        return
    activation = last_activation(stack.rows[-1].node.rule) if stack.rows else None
    kind = {"softmax": "categorical", "sigmoid": "binary"}.get(activation or "", "")
    for name in sorted(diagnostic.near, key=lambda name: kind not in name):
        yield Candidate(placed(line(finding.place.line), f'{diagnostic.argument}="{name}"'), [(finding.place, f'"{name}"')])


def _tested(stack: Stack, place: Place) -> bool:
    """True if labels can distinguish a right loss from a wrong one: they are known, and the loss is not an entry of a list."""
    labels = [data_of(event)[1] for event in stack.events if event.kind in ("fit", "evaluate")]
    losses = [event.origin.argument(name) for event in stack.events if event.kind == "compile" for name in ("loss", "1")]
    alone = any(loss is not None and loss.key == place.key for loss in losses)
    return alone and any(one is not None and one.dims is not None for one in labels)


@mends(DataMismatch, in_memory=True)
def data_mismatch(report: FileReport, finding: Finding) -> Iterator[Candidate]:
    """SC303: the data with another axis, or flat; the input shape of the data."""
    diagnostic: Any = finding.diagnostic
    stack = finding.stack
    if stack is None or not diagnostic.data.dims:
        return
    if diagnostic.whole:
        yield Candidate(titles.write(f"{diagnostic.whole}[1:]"), [without_batch(stack)])
        return
    if diagnostic.swapped:
        yield from _exchanged(stack, finding)
        return
    for event in feeds(stack.events):
        if event.kind != "compile" and _blamed(event, finding):
            yield from (found for change, what in diagnostic.changes for found in changed_data(event, change, what))
            yield from _folder_size(event, diagnostic)
    shape = Shape((None, *diagnostic.data.dims[1:]))
    if shape.known and diagnostic.declarable:
        yield Candidate(titles.input_shape(Shape(shape.sizes)), [shape_edit(stack, shape, finding.layer or 0)])


def _folder_size(event: Event, diagnostic: Any) -> Iterator[Candidate]:
    """Images of a folder: loaded with the sides that the model accepts."""
    given, want, have = event.get(0, "x", "generator"), diagnostic.accepted.dims, diagnostic.data.dims
    folder = getattr(given, "attributes", {}).get("@folder")
    if folder is None or len(want) != 4 or len(have) != 4 or want[3] != have[3] or not all(isinstance(side, int) for side in want[1:3]):
        return
    function = getattr(folder.node.func, "attr", getattr(folder.node.func, "id", ""))
    modern = function == "image_dataset_from_directory"
    name, place = ("image_size", 6) if modern else ("target_size", 5 if function == "flow_from_dataframe" else 1)
    at = str(place) if str(place) in folder.arguments else name
    text = f"({want[1]}, {want[2]})"
    yield Candidate(placed(folder.where, f"{name}={text}"), [set_argument(folder, at, text)])


@mends(NotBatched)
def not_batched(report: FileReport, finding: Finding) -> Iterator[Candidate]:
    """SC316: .batch(32) after the dataset, in the call."""
    for event in feeds(finding.stack.events if finding.stack is not None else ()):
        node = event.origin.arguments.get("0") or event.origin.arguments.get("x")
        if type(node).__name__ in ("Name", "Attribute", "Call", "Subscript") and _blamed(event, finding):
            place = event.origin.unit.place(node)
            text = f"{written(event.origin.unit, node)}.batch(32)"
            yield Candidate(placed(line(place.line), text), [(place, text)])
            return


def _exchanged(stack: Stack, finding: Finding) -> Iterator[Candidate]:
    """The two swapped arrays, each written in the place of the other."""
    diagnostic: Any = finding.diagnostic
    names = [stack.table[tensor.node].name for tensor in stack.graph.inputs]
    one, other = (names.index(name) for name in diagnostic.swapped)
    for event in feeds(stack.events):
        unit, nodes = event.origin.unit, written_parts(stack, event)
        if finding.place is not None and any(unit.place(node).key == finding.place.key for node in nodes):
            edits = [(unit.place(nodes[place]), written(unit, nodes[source])) for place, source in ((one, other), (other, one))]
            first, second = diagnostic.swapped
            title = titles.exchanged(event.origin.where, first, second)
            yield Candidate(title, edits)
            return


def _blamed(event: Event, finding: Finding) -> bool:
    """True for the call whose data is marked."""
    node = event.origin.arguments.get("0") or event.origin.arguments.get("x")
    if isinstance(event.origin, Position) or finding.place is None or node is None:
        return isinstance(event.origin, Position)
    return event.origin.unit.place(node).key == finding.place.key


@mends(NotData)
def not_data(report: FileReport, finding: Finding) -> Iterator[Candidate]:
    """SC325: a generator of the same items."""
    place = finding.place
    if place is not None and place.line == place.end_line:
        text = report.line(place)[place.column - 1 : place.end_column - 1]
        keyword, equals, value = text.partition("=") if text.partition("=")[0].strip().isidentifier() else ("", "", text)
        new = f"{keyword}{equals}(pair for pair in {value})"
        yield Candidate(placed(line(place.line), new), [(place, new)])


@mends(NotALossFunction)
def not_a_loss_function(report: FileReport, finding: Finding) -> Iterator[Candidate]:
    """SC324: the call of a function that returns the loss."""
    diagnostic: Any = finding.diagnostic
    place = finding.place
    if place is not None and diagnostic.kind == "maker" and place.line == place.end_line:
        new = f"{report.line(place)[place.column - 1 : place.end_column - 1]}()"
        yield Candidate(placed(line(place.line), new), [(place, new)])


@mends(NotLoadable)
def not_loadable(report: FileReport, finding: Finding) -> Iterator[Candidate]:
    """SC431: custom_objects with the class or function, or safe_mode=False."""
    diagnostic: Any = finding.diagnostic
    loading = getattr(finding.stack.model, "loading", None) if finding.stack is not None else None
    if loading is None or diagnostic.kind == "init":
        return
    call, name = loading[0], diagnostic.name
    text = "safe_mode=False" if diagnostic.kind == "lambda" else f'custom_objects={{"{name}": {name}}}'
    if diagnostic.kind == "lambda" or call.get(1, "custom_objects") is None:
        yield Candidate(placed(line(call.node.lineno), text), [add_argument(call.unit, call.node, text)])
