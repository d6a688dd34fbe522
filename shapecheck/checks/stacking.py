"""What Keras accepts in a stack without a warning although it is rarely intended; and names that two layers share."""

from __future__ import annotations

from collections.abc import Iterator

from shapecheck.diagnostics.calls import LambdaShape
from shapecheck.diagnostics.habits import ArgumentOutOfPlace, ChannelsFirstData, DenseOnMap, KernelAsStrides
from shapecheck.diagnostics.labels import LabelsMismatch, LabelsStretched
from shapecheck.diagnostics.members import DuplicateName, InputShapeContradicts, SameLayerTwice, SeveralOutputs
from shapecheck.findings import Finding, Related
from shapecheck.graph import Graph
from shapecheck.languages import Phrase
from shapecheck.layers.base import argument_names
from shapecheck.reader.data.flows import data_of
from shapecheck.shapes import Shape

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from shapecheck.findings import FileReport, Stack
    from shapecheck.table import Row, ShapeTable

DECLARING = ("input_shape", "input_dim", "batch_input_shape", "input_length")
CONFIGURED = ("set_image_data_format", "dim_ordering", "image_data_format", "torch", "theano")
"""Text that sets channels_first by configuration, which no layer shows."""


def check(report: FileReport, stack: Stack) -> Iterator[Finding]:
    """The same layer twice, a contradictory input_shape, arguments in a wrong position, axes in a wrong order."""
    if stack.model is None or not stack.rows:
        return
    yield from _places(stack)
    yield from _lambdas(report, stack)
    if stack.model.graph is not None:
        return
    yield from _twice(stack)
    yield from _names(stack)
    yield from _several_outputs(stack)
    yield from _contradictions(stack)
    yield from _channels_first(report, stack)
    yield from _dense_on_map(report, stack)


def _twice(stack: Stack) -> Iterator[Finding]:
    assert stack.model is not None
    first: dict[Any, int] = {}
    for position, node in enumerate(stack.nodes):
        earlier = first.setdefault(node.rule, position)
        if earlier != position and not node.rule.unseen and not isinstance(node.rule, Graph):
            diagnostic = SameLayerTwice(type(node.rule).__name__)
            place = stack.model.elements[position].use.place
            finding = Finding(diagnostic, place, stack, position, "warning")
            finding.related.append(Related(stack.origins[earlier].place, Phrase("places", "same_object", "the same layer object")))
            yield finding


def _names(stack: Stack) -> Iterator[Finding]:
    first: dict[str, int] = {}
    for position, node in enumerate(stack.nodes):
        name = getattr(node.rule, "name", None)
        if not isinstance(name, str) or not name or (position == 0 and not node.inputs):
            continue
        earlier = first.setdefault(name, position)
        origin = stack.origins[position]
        if earlier != position and stack.nodes[earlier].rule is not node.rule:
            finding = Finding(DuplicateName(name), origin.argument("name") or origin.function, stack, position)
            finding.related.append(Related(stack.origins[earlier].place, Phrase("places", "first_named", "the first layer of this name")))
            yield finding


def _several_outputs(stack: Stack) -> Iterator[Finding]:
    """After such a layer Keras raises; as the last layer it makes a model with several outputs."""
    for position, row in enumerate(stack.rows):
        if len(row.outputs) > 1:
            place = stack.origins[position].argument("return_state") or stack.origins[position].function
            severity = "warning" if position == len(stack.rows) - 1 else "error"
            yield Finding(SeveralOutputs(len(row.outputs)), place, stack, position, severity)


def _contradictions(stack: Stack) -> Iterator[Finding]:
    for position, row in enumerate(stack.rows):
        declared = row.node.rule.declared_input
        if position == 0 or declared is None or not row.inputs or not _differ(declared, row.inputs[0]):
            continue
        origin = stack.origins[position]
        own = argument_names(type(row.node.rule))
        written = next((name for name in DECLARING if origin.argument(name) and (name not in own or name == "input_length")), "input_shape")
        diagnostic = InputShapeContradicts(declared, row.inputs[0], written)
        yield Finding(diagnostic, origin.argument(written) or origin.function, stack, position, "warning")


def _differ(declared: Shape, given: Shape) -> bool:
    """True only if they certainly differ, apart from the batch axis."""
    if declared.dims is None or given.dims is None:
        return False
    if len(declared.dims) != len(given.dims):
        return True
    pairs = zip(declared.dims[1:], given.dims[1:], strict=True)
    return any(isinstance(a, int) and isinstance(b, int) and a != b for a, b in pairs)


def _lambdas(report: FileReport, stack: Stack) -> Iterator[Finding]:
    """Lambda(output_shape=...) that contradicts the function."""
    for position, row in enumerate(stack.rows):
        rule: Any = row.node.rule
        if report.dialect.version < 3 or row.verdict != "proved" or not row.inputs or getattr(rule, "given_output_shape", None) is None:
            continue
        found = rule.computed(row.inputs) if hasattr(rule, "computed") else None
        if found is not None and _differ(row.output, found):
            origin = stack.origins[position]
            yield Finding(LambdaShape(row.output, found), origin.argument("output_shape") or origin.function, stack, position)


def _places(stack: Stack) -> Iterator[Finding]:
    """Positional arguments: the third number of Conv2D, and variables named after another argument."""
    for position, (row, origin) in enumerate(zip(stack.rows, stack.origins, strict=False)):
        if row.verdict == "broken":
            continue
        diagnostic = out_of_place(row.node.rule, origin)
        if diagnostic is not None:
            yield Finding(diagnostic, origin.argument(diagnostic.argument), stack, position)


def out_of_place(rule: Any, origin: Any) -> Any:
    """What is wrong with the order of the arguments; None if nothing is."""
    written = getattr(origin.node, "args", None)
    if not isinstance(written, list) or any(type(node).__name__ == "Starred" for node in written):  # the args of a lambda are no list
        return None
    names = argument_names(type(rule))
    for name, node in zip(names, written, strict=False):
        word = getattr(node, "id", None) or getattr(node, "attr", None)
        if word in names and word != name and name in origin.arguments and word not in origin.arguments:
            return ArgumentOutOfPlace(name, word)
    if type(rule).__name__ not in ("Conv2D", "SeparableConv2D") or len(written) < 3:
        return None
    if origin.arguments.get("strides") is not written[2]:
        return None
    kernel, strides = getattr(rule, "kernel_size", None), getattr(rule, "strides", None)  # a refused layer has neither
    if not isinstance(kernel, tuple) or not isinstance(strides, tuple):
        return None
    (rows, columns), (step, other) = kernel, strides
    plain = all(type(node).__name__ == "Constant" and isinstance(node.value, int) for node in written[1:3])
    if plain and rows == columns and step == other and rows > 1 and (step > rows or (step == rows and rows in (3, 5, 7))):
        return KernelAsStrides(type(rule).__name__, rule.filters, rows, step)
    return None


def _channels_first(report: FileReport, stack: Stack) -> Iterator[Finding]:
    sizes = (stack.table.rows[0].output.dims or ())[1:]
    if len(sizes) != 3 or sizes[0] not in (1, 3) or not isinstance(sizes[1], int) or sizes[1] != sizes[2] or sizes[1] < 8:
        return
    if not stack.has_input or report.dialect.version < 3 or any(word in unit.text for unit in report.units for word in CONFIGURED):
        return
    for row in stack.rows:
        rule = row.node.rule
        if row.node.inputs and hasattr(rule, "data_format") and hasattr(rule, "strides"):
            if rule.data_format == "channels_last" and row.verdict == "proved":
                origin = stack.origins[0]
                place = next((origin.argument(name) for name in ("shape", *DECLARING) if origin.argument(name)), origin.function)
                yield Finding(ChannelsFirstData(sizes[0], sizes[1]), place, stack, 0)
            return
        if row.verdict != "proved" or row.output.dims is None or row.output.dims[1:] != sizes:
            return


def on_a_map(table: ShapeTable, last: Row) -> bool:
    """True for a classifier whose last Dense acts on every place of a map that is smaller than the picture."""
    if last.class_name != "Dense" or last.verdict != "proved" or last.output.rank != 4:
        return False
    if getattr(last.node.rule, "activation", None) not in ("softmax", "sigmoid"):
        return False
    first = table.rows[0].output.dims or ()
    same_size = len(first) == 4 and first[1:3] == (last.output.dims or ())[1:3]
    return not same_size and None not in (last.output.dims or ())[1:3]


def _dense_on_map(report: FileReport, stack: Stack) -> Iterator[Finding]:
    if not on_a_map(stack.table, stack.rows[-1]):
        return
    told = any(finding.stack is stack and isinstance(finding.diagnostic, (LabelsMismatch, LabelsStretched)) for finding in report.findings)
    labelled = any(event.kind in ("fit", "evaluate") for event in stack.events) and not told and _labels_have_places(stack)
    if told or labelled:
        return
    position = next((i for i, row in enumerate(stack.rows) if row.class_name == "Dense" and row.output.rank == 4), len(stack.rows) - 1)
    yield Finding(DenseOnMap(stack.rows[position].inputs[0]), stack.origins[position].function, stack, position)


def _labels_have_places(stack: Stack) -> bool:
    """True if labels with rows and columns are passed to fit: then one output for each position is intended."""
    labels = [data_of(event)[1] for event in stack.events if event.kind in ("fit", "evaluate")]
    return any(y is not None and y.dims is not None and len(y.dims) >= 3 for y in labels)
