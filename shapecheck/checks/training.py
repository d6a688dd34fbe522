"""Data against the input, labels against output and loss, the loss against the last activation: what fit() would say, or not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from shapecheck.checks.data import look, place_of
from shapecheck.shapes import Shape, Unknown

if TYPE_CHECKING:
    from shapecheck.check import FileReport, Finding, Stack
    from shapecheck.checks.data import Part
    from shapecheck.diagnostics.base import Diagnostic
    from shapecheck.reader.models import Event
    from shapecheck.table import Row


def check(report: FileReport, stack: Stack) -> Iterator[Finding]:
    """Follows compile, fit, evaluate, predict and calls in the order in which they stand."""
    if not stack.rows or any(row.verdict in ("broken", "not-reached") for row in stack.rows):
        return
    loss: _Loss | None = None
    for event in stack.events:
        if stack.model is None or (stack.model.graph is None and len(event.elements) != len(stack.model.elements)):
            continue
        if event.kind == "compile":
            loss = _Loss.of(event)
            if loss is not None:
                yield from _activation(stack, event, loss)
        elif event.kind in ("fit", "evaluate", "predict", "call") and not event.guarded:
            found: list[Part] = []
            yield from look(stack, event, report.dialect.version, found)
            yield from _labels(stack, event, loss, found)


class _Loss:
    """The loss of a compile call: its name, and whether it takes logits (also if that cannot be told)."""

    def __init__(self, name: str, from_logits: bool) -> None:
        self.name = name
        self.from_logits = from_logits

    @staticmethod
    def of(event: Event) -> _Loss | None:
        given: Any = event.get(1, "loss")
        if isinstance(given, str):
            return _Loss(given, False)
        path = getattr(given, "path", "")
        if not isinstance(path, str) or (".losses" not in path and ".metrics" not in path):
            return None
        keywords = getattr(given, "keywords", {})
        odd = any(key in keywords for key in ("reduction", "axis"))
        return None if odd else _Loss(path.rpartition(".")[2], keywords.get("from_logits", False) is not False)


def _labels(stack: Stack, event: Event, loss: _Loss | None, given: list[Part]) -> Iterator[Finding]:
    from shapecheck.check import Finding, Related
    from shapecheck.checks.losses import judge
    from shapecheck.diagnostics.labels import SampleCount
    from shapecheck.reader.flows import data_of

    _, y = data_of(event)
    if y is None or y.dims is None or len(stack.table.outputs) != 1:
        return
    place = place_of(event, 1, "y")
    samples = max((part.samples for part in given if part.samples is not None), default=None)
    labels = y.dims[0] if y.dims else None
    if samples is not None and isinstance(labels, int) and samples != labels:
        yield Finding(SampleCount(samples, labels), place, stack, None)
        return
    output = stack.table.outputs[0]
    problem = judge(output, Shape(y.dims), loss.name) if loss is not None else None
    if problem is not None and output.known and not _one_by_one(event, y.dims):
        finding = Finding(problem, place, stack, len(stack.rows) - 1)
        if stack.origins:
            finding.related.append(Related(stack.origins[-1].place, f"the output {output} comes from here"))
        yield finding


def _one_by_one(event: Event, labels: tuple[Any, ...]) -> bool:
    """A batch of 1 stretches labels without an axis for the outputs; also if the batch size cannot be told."""
    size = event.get(2 if event.kind == "fit" else -1, "batch_size")
    return len(labels) == 1 and size is not None and (not isinstance(size, int) or size == 1)


def _activation(stack: Stack, event: Event, loss: _Loss) -> Iterator[Finding]:
    from shapecheck.check import Finding, Related

    if len(stack.table.outputs) != 1 or _only_predicts(stack):
        return
    problem = advice(stack.rows[-1], loss.name, loss.from_logits)
    if problem is not None:
        origin = stack.origins[-1]
        finding = Finding(problem, origin.argument("activation") or origin.function, stack, len(stack.rows) - 1)
        finding.related.append(Related(place_of(event, 1, "loss"), "the loss is chosen here"))
        yield finding


def advice(row: Row, loss: str, from_logits: bool = False) -> Diagnostic | None:
    """What is wrong with a last layer under this loss; None if nothing is, or if it cannot be told."""
    from shapecheck.checks.losses import activation_advice

    activation = _activation_of(row.node)
    if activation is None or row.output.dims is None:
        return None
    return activation_advice(activation, row.output.dims[-1], loss, from_logits)


def _only_predicts(stack: Stack) -> bool:
    """True if the model is asked but never trained or judged: then its loss is a formality (a generator, a cut network)."""
    kinds = {event.kind for event in stack.events}
    return "predict" in kinds and not kinds & {"fit", "evaluate"}


def _activation_of(node: Any) -> str | None:
    """The activation of a graph's last layer, or of the layer before it where that one only passes on."""
    while type(node.rule).__name__ == "Activation" and last_activation(node.rule) == "linear" and len(node.inputs) == 1:
        node = node.inputs[0].node
    return last_activation(node.rule)


def last_activation(rule: Any) -> str | None:
    """The activation that a last layer ends with; None if it cannot be told."""
    name = type(rule).__name__
    if name in ("Softmax", "ReLU"):
        return name.lower()
    if name not in ("Dense", "Activation", "Conv1D", "Conv2D", "Conv3D"):
        return None
    activation = getattr(rule, "activation", None)
    if isinstance(activation, Unknown):
        return None
    if activation is None:
        return "linear"
    if isinstance(activation, str):
        return activation
    path = getattr(activation, "path", "")
    return path.rpartition(".")[2] if isinstance(path, str) and path else None
