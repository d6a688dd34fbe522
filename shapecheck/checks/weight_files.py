"""load_weights() of a file that another model of the same script saved: the weights are compared one by one."""

from __future__ import annotations

from collections.abc import Iterator

from shapecheck.checks.data import place_of
from shapecheck.diagnostics.weight_files import OtherWeights
from shapecheck.findings import Finding, Related
from shapecheck.languages import Phrase
from shapecheck.shapes import Shape

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shapecheck.findings import FileReport, Stack
    from shapecheck.layers.base import WeightSpec
    from shapecheck.reader.records import Event


def check(report: FileReport, stack: Stack) -> Iterator[Finding]:
    """The first weight that differs, for each such call."""
    for event in stack.events:
        path = event.get(0, "filepath", "path")
        loads = event.kind == "load_weights" and isinstance(path, str) and not event.guarded
        if not loads or "skip_mismatch" in event.keywords or "by_name" in event.keywords:
            continue
        saved = _saved(report, path)
        if saved is not None and saved[0] is not stack:
            yield from _compared(stack, event, path, *saved)


def _saved(report: FileReport, path: str) -> tuple[Stack, Event] | None:
    """The only model that the file saves to that path; None if there are several, or none."""
    every = [(stack, event) for stack in report.stacks for event in stack.events if event.kind == "save_weights"]
    found = [(stack, event) for stack, event in every if event.get(0, "filepath") == path]
    return found[0] if len({id(stack) for stack, _ in found}) == 1 else None


def _compared(stack: Stack, event: Event, path: str, other: Stack, saved: Event) -> Iterator[Finding]:
    ours, theirs = _weights(stack), _weights(other)
    if len(ours) != len(theirs):
        return
    for (name, position, mine), (_, _, written) in zip(ours, theirs, strict=True):
        if mine.shape != written.shape and all(isinstance(size, int) for size in (*mine.shape, *written.shape)):
            problem = OtherWeights(name, Shape(mine.shape), Shape(written.shape), path, saved.origin.line)
            finding = Finding(problem, place_of(event, 0, "filepath"), stack)
            finding.related.append(Related(stack.origins[position].place, Phrase("places", "created", "{name} is created here", name=name)))
            yield finding
            return


def _weights(stack: Stack) -> list[tuple[str, int, WeightSpec]]:
    """Every weight with its layer's name and place; once for a layer that is used twice."""
    seen: set[int] = set()
    found = []
    for position, row in enumerate(stack.rows):
        if id(row.node.rule) not in seen:
            seen.add(id(row.node.rule))
            found += [(row.name, position, spec) for spec in row.weights]
    return found
