"""Training that runs but is meaningless, and what fit() reports about metrics and label values.

Source of what Keras refuses: keras 3.15, each metric and loss run on labels of both kinds (tests/oracle/record_meaning.py).
"""

from __future__ import annotations

from collections.abc import Iterator

from shapecheck.checks.data import place_of
from shapecheck.checks.losses import canonical
from shapecheck.checks.outputs import Losses, losses, outputs
from shapecheck.checks.training import last_activation
from shapecheck.diagnostics.meaning import (
    AccuracyOfNumbers,
    LabelOutOfRange,
    LogitsTwice,
    MetricOnNumbers,
    MetricOnOneHot,
    OneUnitForClasses,
    TestDataInTraining,
)
from shapecheck.findings import Finding, Related
from shapecheck.languages import Phrase
from shapecheck.reader.data.flows import data_of, feeds
from shapecheck.reader.values import Array, Items
from shapecheck.table import keeps_width

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from shapecheck.checks.outputs import Loss, Output
    from shapecheck.findings import FileReport, Stack
    from shapecheck.reader.records import Event
    from shapecheck.table import Row

COMPARES = frozenset({
    "Accuracy", "BinaryAccuracy", "Precision", "Recall", "AUC", "F1Score", "FBetaScore", "TruePositives", "TrueNegatives", "FalsePositives",
    "FalseNegatives", "PrecisionAtRecall", "RecallAtPrecision", "SensitivityAtSpecificity", "SpecificityAtSensitivity", "MeanSquaredError",
    "TopKCategoricalAccuracy", "BinaryIoU", "R2Score",
})  # fmt: skip
"""Metrics that expect labels of the output's shape: fit() raises for one number per sample and several outputs."""
SPARSE = ("SparseCategoricalAccuracy", "sparse_categorical_accuracy")
"""Metrics that read whole numbers."""
NUMBERS = ("mean_squared_error", "mean_absolute_error", "mean_absolute_percentage_error", "huber", "log_cosh")
"""Losses of regressions."""
ACCURACIES = ("accuracy", "acc", "Accuracy", "BinaryAccuracy")
CHOOSING = ("EarlyStopping", "ModelCheckpoint", "ReduceLROnPlateau")
"""Callbacks that choose by the validation data."""


def check(report: FileReport, stack: Stack) -> Iterator[Finding]:
    """Metrics against losses, logits, the range of labels, test data in training."""
    if not stack.rows or any(row.verdict in ("broken", "not-reached") for row in stack.rows) or stack.model is None:
        return
    found = outputs(stack)
    chosen: Loss | None = None
    for event in feeds(stack.events):
        if event.guarded or (stack.model.graph is None and len(event.elements) != len(stack.model.elements)):
            continue
        if event.kind == "compile" and len(found) == 1:
            picked = losses(stack, event, found, report.dialect.version)
            chosen = picked.each[0] if isinstance(picked, Losses) else None
            if chosen is not None:
                yield from _compiled(stack, event, found[0], chosen)
        elif event.kind in ("fit", "evaluate") and len(found) == 1 and chosen is not None:
            yield from _labels(stack, event, found[0], chosen)
    yield from _leaks(stack)


def _compiled(stack: Stack, event: Event, output: Output, loss: Loss) -> Iterator[Finding]:
    name, units = canonical(loss.name), output.shape.dims[-1] if output.shape.dims else None
    activation = last_activation(output.row.node.rule)
    for metric in _metrics(event):
        place = place_of(event, 2, "metrics")
        if name == "sparse_categorical_crossentropy" and metric in COMPARES and isinstance(units, int) and units > 1:
            yield Finding(MetricOnNumbers(metric, units), place, stack)
        elif name == "categorical_crossentropy" and metric in SPARSE and isinstance(units, int) and units > 1:
            yield Finding(MetricOnOneHot(metric, units), place, stack)
        elif name in NUMBERS and metric in ACCURACIES and activation == "linear" and not _few_classes(stack):
            yield Finding(AccuracyOfNumbers(name), place, stack)
    if loss.from_logits and _certainly_logits(event) and activation in ("softmax", "sigmoid"):
        origin = stack.origins[output.at]
        finding = Finding(LogitsTwice(activation, name), origin.argument("activation") or origin.function, stack, output.at)
        finding.related.append(Related(place_of(event, 1, "loss"), Phrase("places", "loss", "the loss is set here")))
        yield finding


def _certainly_logits(event: Event) -> bool:
    return getattr(event.get(1, "loss"), "keywords", {}).get("from_logits") is True


def _few_classes(stack: Stack) -> bool:
    """True if labels may have two classes, for which a rounded output can be right."""
    for event in stack.events:
        y = data_of(event)[1] if event.kind == "fit" else None
        if isinstance(y, Array) and (y.dtype in ("int", "bool") or y.classes is not None):
            return True
    return False


def _metrics(event: Event) -> list[str]:
    """The names of the metrics, as far as they are known."""
    given = event.get(2, "metrics")
    items = list(given) if isinstance(given, (Items, tuple)) else [given]
    found = []
    for item in items:
        path = getattr(item, "path", "")
        if isinstance(item, str):
            found.append(item)
        elif isinstance(path, str) and ".metrics." in path:
            found.append(path.rpartition(".")[2])
    return found


def _labels(stack: Stack, event: Event, output: Output, loss: Loss) -> Iterator[Finding]:
    y = data_of(event)[1]
    units = output.shape.dims[-1] if output.shape.dims else None
    if y is None or not isinstance(units, int) or y.dtype not in ("int", ""):
        return
    name, place = canonical(loss.name), place_of(event, *((1, "y") if isinstance(event.get(1, "y"), Array) else (0, "x")))
    least, most = y.span if y.span is not None else (0, -1)
    if name == "sparse_categorical_crossentropy":
        if (y.span is not None and (least < 0 or most >= units)) or (y.classes is not None and y.classes > units):
            row = _sizing(stack, output)
            at = next((at for at, one in enumerate(stack.rows) if one is row), output.at)
            layer = "" if at == output.at else row.name
            found = LabelOutOfRange(units, least, most, y.classes or 0, layer, hasattr(row.node.rule, "units"))
            finding = Finding(found, place, stack, output.at)
            finding.related.append(Related(stack.origins[at].place, Phrase("places", "units", "{count} units", count=units)))
            yield finding
    elif name == "binary_crossentropy" and units == 1 and y.classes is not None and y.classes > 2:
        yield Finding(OneUnitForClasses(y.classes), place, stack, output.at)


def _sizing(stack: Stack, output: Output) -> Row:
    """The layer that sets how many outputs there are: not a Softmax, which passes them on."""
    row = output.row
    while not any(hasattr(row.node.rule, name) for name in ("units", "filters")):
        if not keeps_width(row) or row.node.inputs[0].node not in stack.nodes:
            break
        row = stack.table[row.node.inputs[0].node]
    return row


def _leaks(stack: Stack) -> Iterator[Finding]:
    """Test data that is used to train or to choose, and then to evaluate."""
    judged = {name: event.origin.line for event in stack.events if event.kind == "evaluate" for name in [_name(event, 0, "x")] if name}
    for event in stack.events:
        if event.kind != "fit" or event.guarded:
            continue
        name = _name(event, 0, "x")
        if name in judged and "test" in name.lower() and "train" not in name.lower():
            yield Finding(TestDataInTraining(name, judged[name]), place_of(event, 0, "x"), stack)
        held = event.origin.arguments.get("validation_data")
        used = getattr((getattr(held, "elts", None) or [None])[0], "id", "")
        chooser = next((word for word in map(_class, _callbacks(event)) if word in CHOOSING), "")
        if used in judged and "test" in used.lower() and chooser:
            yield Finding(TestDataInTraining(used, judged[used], chooser), event.origin.unit.place(held), stack)


def _name(event: Event, place: int, keyword: str) -> str:
    node = event.origin.arguments.get(keyword) or event.origin.arguments.get(str(place))
    return getattr(node, "id", "")


def _callbacks(event: Event) -> list[Any]:
    given = event.get(-1, "callbacks")
    return list(given) if isinstance(given, (Items, tuple)) else [given]


def _class(value: Any) -> str:
    path = getattr(value, "path", "")
    return path.rpartition(".")[2] if isinstance(path, str) else ""
