"""Arguments of compile() and fit() that have an entry for each output: how many there are, and under which names.

Source: keras 3.15, by running it (tests/oracle/record_by_outputs.py).
"""

from __future__ import annotations

from collections.abc import Iterator

from shapecheck.checks.data import place_of
from shapecheck.checks.outputs import outputs
from shapecheck.diagnostics.outputs import ClassWeightsOfSeveral, EntriesMismatch, OutputWithoutLoss
from shapecheck.findings import Finding
from shapecheck.naming import snake_case
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
    names = _names(stack)
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


def _names(stack: Stack) -> list[str]:
    """The names of the outputs; for a layer without a name the one that the table counts, which Keras may count on: dense, dense_1."""
    return [output.name or output.row.name for output in outputs(stack)]


def _other(stack: Stack, given: Any, names: list[str]) -> str:
    """A key of a dict that certainly is no output's name; "" if there is none."""
    counted = [snake_case(output.row.class_name) for output in outputs(stack) if not output.name]
    for key in given if told(given) else ():
        if isinstance(key, str) and key not in names and not any(key == one or key.startswith(f"{one}_") for one in counted):
            return key
    return ""


def _compiled(stack: Stack, event: Event, names: list[str]) -> Iterator[Finding]:
    yield from _losses(stack, event, names)
    for argument, position in METRICS if len(names) > 1 else ():
        given = event.get(position, argument)
        known = (_count(given) or len(names)) if isinstance(given, (Items, tuple)) else len(names)
        if known != len(names):
            yield _found(stack, event, position, EntriesMismatch(argument, names, known))
        elif isinstance(given, Table) and _other(stack, given, names):
            yield _found(stack, event, position, EntriesMismatch(argument, names, key=_other(stack, given, names)))


def _losses(stack: Stack, event: Event, names: list[str]) -> Iterator[Finding]:
    given, weights = event.get(1, "loss"), event.get(2, "loss_weights")
    count = _count(given) if isinstance(given, (Items, tuple, Table)) else None if given is None or isinstance(given, Unknown) else 1
    if count and isinstance(given, (Items, tuple)):
        keyed = stack.model is not None and bool(stack.model.output_keys)
        alone = len(names) == 1 and count > 1 and None in _values(given)
        if (len(names) > 1 and (count > len(names) or (keyed and count < len(names)))) or alone:
            yield _found(stack, event, 1, EntriesMismatch("loss", names, count))
            return
        if count < len(names):
            yield _found(stack, event, 1, OutputWithoutLoss(count, len(names)))
    if isinstance(given, Table) and count:
        if stack.model is not None and stack.model.graph is None:
            yield _found(stack, event, 1, EntriesMismatch("loss", names, kinds=("dict", "Sequential")))
            return
        reported = len(names) > 1 and all(output.name for output in outputs(stack)) and not set(names) <= given.keys()
        other = "" if reported else _other(stack, given, names)
        if other:
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
    if isinstance(weights, (Table, Items, tuple, Array)):
        yield Finding(ClassWeightsOfSeveral(len(names)), place_of(event, -1, "class_weight"), stack)
    kinds = ["dict" if isinstance(one, Table) else "list" if isinstance(one, (Items, tuple)) else "" for one in (samples, y)]
    if told(samples) and told(y) and sorted(kinds) == ["dict", "list"] and all(isinstance(one, Array) for one in _values(samples)):
        yield Finding(EntriesMismatch("sample_weight", names, kinds=(kinds[0], kinds[1])), place_of(event, -1, "sample_weight"), stack)
    elif isinstance(samples, (Items, tuple)) and isinstance(y, (Items, tuple)) and told(y) and len(y) == len(names):
        count = _count(samples)
        arrays = all(isinstance(one, Array) for one in samples)
        if count is not None and count != len(names) and arrays:
            yield Finding(EntriesMismatch("sample_weight", names, count), place_of(event, -1, "sample_weight"), stack)


def _count(given: Any) -> int | None:
    """The number of entries; None if it is unknown."""
    inner = [one for one in _values(given) if isinstance(one, (Items, tuple, Table))]
    return len(given) if told(given) and all(map(told, inner)) else None


def _values(given: Any) -> list[Any]:
    return list(given.values() if isinstance(given, Table) else given)


def _found(stack: Stack, event: Event, position: int, problem: Any) -> Finding:
    name = getattr(problem, "argument", "") or "loss"
    return Finding(problem, place_of(event, position, name), stack)
