"""Data against the input, labels against output and loss, the loss against the last activation: what fit() would report, or not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from shapecheck.checks.data import look, place_of
from shapecheck.checks.losses import STRETCHES, activation_advice, canonical, judge
from shapecheck.checks.outputs import Losses, labels, losses, outputs
from shapecheck.diagnostics.batching import NoLabels
from shapecheck.diagnostics.labels import InputsMismatch, LabelsMismatch, LabelsStretched, SampleCount
from shapecheck.findings import Finding, Related
from shapecheck.languages import Phrase
from shapecheck.reader.data.flows import data_of, feeds
from shapecheck.reader.values import Array, Batches
from shapecheck.shapes import Shape, Unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from shapecheck.checks.data import Part
    from shapecheck.checks.outputs import Loss, Output
    from shapecheck.diagnostics.base import Diagnostic
    from shapecheck.findings import FileReport, Stack
    from shapecheck.reader.records import Event
    from shapecheck.table import Row


def check(report: FileReport, stack: Stack) -> Iterator[Finding]:
    """Checks compile, fit, evaluate, predict and calls in their order."""
    if not stack.rows or any(row.verdict in ("broken", "not-reached") for row in stack.rows):
        return
    version, found = report.dialect.version, outputs(stack)
    chosen: Losses | InputsMismatch | None = None
    compiled: Event | None = None
    for event in feeds(stack.events):
        if stack.model is None or (stack.model.graph is None and len(event.elements) != len(stack.model.elements)):
            continue
        if event.kind == "compile":
            compiled, chosen = event, losses(stack, event, found, version)
            if isinstance(chosen, Losses):
                yield from _activations(stack, event, found, chosen)
        elif event.kind in ("fit", "evaluate", "predict", "call") and not event.guarded:
            parts: list[Part] = []
            wrong = list(look(stack, event, version, parts))
            yield from wrong
            if any(getattr(one.diagnostic, "whole", "") for one in wrong):
                continue  # the input is declared wrongly: the output is not the one that the labels are for
            if isinstance(chosen, InputsMismatch) and compiled is not None and event.kind in ("fit", "evaluate"):
                yield Finding(chosen, place_of(compiled, 1, "loss"), stack)
            known = chosen if isinstance(chosen, Losses) else Losses([None] * len(found), False)
            if _unlabelled(event) and len(found) == 1 and known.each[0] is not None:
                place = place_of(event, 0, "x")
                yield Finding(NoLabels(canonical(known.each[0].name), isinstance(event.get(0, "x"), Batches)), place, stack)
            yield from _labels(stack, event, found, known, parts, version)


def _unlabelled(event: Event) -> bool:
    """True for a fit or evaluate that certainly has no labels."""
    x, node = event.get(0, "x", "generator"), event.origin.node
    if event.kind == "call" or event.kind == "predict" or len(event.args) > 1 or "y" in event.keywords:
        return False
    if isinstance(x, Batches):
        return x.y is None
    hidden = any(type(one).__name__ == "Starred" for one in node.args) or any(one.arg is None for one in node.keywords)
    return isinstance(x, Array) and x.dims is not None and not hidden


def _labels(stack: Stack, event: Event, found: Sequence[Output], chosen: Losses, data: Sequence[Part], version: int) -> Iterator[Finding]:
    given = labels(stack, event, found, chosen.all, version)
    if isinstance(given, InputsMismatch):
        yield Finding(given, place_of(event, 1, "y"), stack)
        return
    samples = max((part.samples for part in data if part.samples is not None), default=None)
    for part in given:
        if samples is not None and part.samples is not None and samples != part.samples:
            yield Finding(SampleCount(samples, part.samples), part.place, stack, None)
            return
    for output, loss, part in zip(found, chosen.each, given, strict=False):
        yield from _judged(stack, event, output, loss, part)


def _judged(stack: Stack, event: Event, output: Output, loss: Loss | None, part: Part) -> Iterator[Finding]:
    pictures = Shape(getattr(data_of(event)[0], "dims", None)) if part.source else None
    problem = judge(output.shape, part.shape, loss.name, part.source, pictures) if loss is not None else None
    if problem is not None and _one_by_one(event, part.dims or ()):
        problem = _alone(problem, output, event)
    if problem is not None and output.shape.known:
        finding = Finding(problem, part.place, stack, output.at)
        if stack.origins:
            comes = Phrase("places", "output", "the output {shape} comes from here", shape=output.shape)
            finding.related.append(Related(stack.origins[output.at].place, comes))
        yield finding


def _one_by_one(event: Event, labels: tuple[Any, ...]) -> bool:
    """Labels without an axis for the outputs are broadcast by a batch of 1; also assumed if the batch size is unknown."""
    size = event.get(2 if event.kind == "fit" else -1, "batch_size")
    return len(labels) == 1 and size is not None and (not isinstance(size, int) or size == 1)


def _alone(problem: Diagnostic, output: Output, event: Event) -> Diagnostic | None:
    """Labels without an axis for the outputs in batches of 1: Keras broadcasts the number to all outputs of the sample."""
    size = event.get(2 if event.kind == "fit" else -1, "batch_size")
    several = size == 1 and any(isinstance(dim, int) and dim > 1 for dim in (output.shape.dims or ())[1:])
    if several and type(problem) is LabelsMismatch and problem.loss in STRETCHES:
        return LabelsStretched(problem.labels, problem.output, problem.loss, problem.advice)
    return None


def _activations(stack: Stack, event: Event, found: Sequence[Output], chosen: Losses) -> Iterator[Finding]:
    if _only_predicts(stack):
        return
    for output, loss in zip(found, chosen.each, strict=True):
        problem = advice(output.row, loss.name, loss.from_logits) if loss is not None else None
        if problem is not None:
            origin = stack.origins[output.at]
            finding = Finding(problem, origin.argument("activation") or origin.function, stack, output.at)
            finding.related.append(Related(place_of(event, 1, "loss"), Phrase("places", "loss", "the loss is set here")))
            yield finding


def advice(row: Row, loss: str, from_logits: bool = False) -> Diagnostic | None:
    """What is wrong with a last layer under this loss; None if nothing is, or if it is unknown."""
    activation = _activation_of(row.node)
    if activation is None or row.output.dims is None:
        return None
    return activation_advice(activation, row.output.dims[-1], loss, from_logits)


def _only_predicts(stack: Stack) -> bool:
    """True if the model predicts but is never trained or evaluated: then its loss does not matter (a generator, a cut network)."""
    kinds = {event.kind for event in stack.events}
    return "predict" in kinds and not kinds & {"fit", "evaluate"}


def _activation_of(node: Any) -> str | None:
    """The activation of a graph's last layer, or of the layer before if the last one only passes its input on."""
    while type(node.rule).__name__ == "Activation" and last_activation(node.rule) == "linear" and len(node.inputs) == 1:
        node = node.inputs[0].node
    return last_activation(node.rule)


def last_activation(rule: Any) -> str | None:
    """The activation that a last layer ends with; None if it is unknown."""
    name = type(rule).__name__
    if name in ("Softmax", "ReLU"):
        return name.lower()
    if name not in ("Dense", "Activation", "Conv1D", "Conv2D", "Conv3D", "LSTM", "GRU", "SimpleRNN"):
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
