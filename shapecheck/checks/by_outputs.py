"""Arguments of compile() and fit() that have an entry for each output: how many there are, and under which names.

Source: keras 3.15, by running it (tests/oracle/record_by_outputs.py).
"""

from __future__ import annotations

from collections.abc import Iterator

from shapecheck.checks.data import place_of
from shapecheck.checks.outputs import outputs
from shapecheck.diagnostics.outputs import ClassWeightsOfSeveral, EntriesMismatch, OutputWithoutLoss
from shapecheck.findings import Finding
from shapecheck.reader.values import Array, Items, Table, told
from shapecheck.shapes import Unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from shapecheck.findings import FileReport, Stack
    from shapecheck.reader.records import Event

METRICS = (("metrics", 3), ("weighted_metrics", 4))


def check(report: FileReport, stack: Stack) -> Iterator[Finding]:
    """compile(), if the model is trained or evaluated after it, and every fit()."""
    if report.dialect.version < 3 or stack.model is None or stack.model.code is not None or not stack.rows:
        return
    names = [output.name for output in outputs(stack)]
    compiled: Event | None = None
    for event in stack.events:
        if event.kind == "compile":
            compiled = event
        elif event.kind in ("fit", "evaluate") and not event.guarded:
            if compiled is not None and not compiled.guarded:
                yield from _compiled(stack, compiled, names)
                compiled = None
            if event.kind == "fit":
                yield from _fitted(stack, event, names)


def _compiled(stack: Stack, event: Event, names: list[str]) -> Iterator[Finding]:
    yield from _losses(stack, event, names)
    for argument, position in METRICS:
        given = event.get(position, argument)
        known = (_count(given) or len(names)) if isinstance(given, (Items, tuple)) else len(names)
        if len(names) > 1 and known != len(names):
            yield _found(stack, event, position, EntriesMismatch(argument, names, known))
        elif isinstance(given, Table) and told(given) and all(names):
            other = next((key for key in given if isinstance(key, str) and key not in names), None)
            if other is not None:
                yield _found(stack, event, position, EntriesMismatch(argument, names, key=other))


def _losses(stack: Stack, event: Event, names: list[str]) -> Iterator[Finding]:
    given, weights = event.get(1, "loss"), event.get(2, "loss_weights")
    count = _count(given) if isinstance(given, (Items, tuple, Table)) else None if given is None or isinstance(given, Unknown) else 1
    if count is not None and isinstance(given, (Items, tuple)) and len(names) > 1:
        if count > len(names):
            yield _found(stack, event, 1, EntriesMismatch("loss", names, count))
            return
        if 0 < count < len(names):
            yield _found(stack, event, 1, OutputWithoutLoss(count, len(names)))
    if isinstance(given, Table) and count and all(names) and len(names) > 1 and set(names) <= given.keys():
        other = next((key for key in given if isinstance(key, str) and key not in names), None)
        if other is not None:
            yield _found(stack, event, 1, EntriesMismatch("loss", names, key=other))
            return
    told_losses = not isinstance(given, (Items, tuple, Table)) or not any(one is None for one in _values(given))
    if count and told_losses and isinstance(weights, (Items, tuple, Table)):
        numbers = _count(weights)
        if numbers is not None and numbers != count:
            yield _found(stack, event, 2, EntriesMismatch("loss_weights", names, numbers, losses=count))


def _fitted(stack: Stack, event: Event, names: list[str]) -> Iterator[Finding]:
    if len(names) < 2:
        return
    weights, y, samples = event.keywords.get("class_weight"), event.get(1, "y"), event.keywords.get("sample_weight")
    if isinstance(weights, (Table, Items, tuple)) or isinstance(weights, Array):
        yield Finding(ClassWeightsOfSeveral(len(names)), place_of(event, -1, "class_weight"), stack)
    if isinstance(samples, (Items, tuple)) and isinstance(y, (Items, tuple)) and told(y) and len(y) == len(names):
        count = _count(samples)
        arrays = all(isinstance(one, Array) for one in samples)
        if count is not None and count != len(names) and arrays:
            yield Finding(EntriesMismatch("sample_weight", names, count), place_of(event, -1, "sample_weight"), stack)


def _count(given: Any) -> int | None:
    """The number of entries; None if it is unknown."""
    return len(given) if told(given) and not any(isinstance(one, (Items, tuple, Table)) and not told(one) for one in _values(given)) else None


def _values(given: Any) -> list[Any]:
    return list(given.values() if isinstance(given, Table) else given)


def _found(stack: Stack, event: Event, position: int, problem: Any) -> Finding:
    name = getattr(problem, "argument", "") or "loss"
    return Finding(problem, place_of(event, position, name), stack)
