"""Whether a file's shape tables are the same before and after it was migrated."""

from __future__ import annotations

from shapecheck.languages import say
from shapecheck.shapes import Unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from shapecheck.findings import FileReport, Stack
    from shapecheck.table import Row


RENAMED = {"ThresholdedReLU": "ReLU", "SyncBatchNormalization": "BatchNormalization", "TimeDistributedDense": "TimeDistributed"}
"""Layers that another layer computes today."""


def differences(before: FileReport, after: FileReport) -> list[str]:
    """The differences in words; [] if everything known on both sides agrees. What is known on only one side is not a difference."""
    found = []
    for old, new in _pairs(before.stacks, after.stacks):
        if new is None:
            found.append(say("command", "no_model", "{name}: the model is no longer found", name=old.name))
            continue
        found += [f"{old.name}: {why}" for why in _stack(old, new)]
    return found


def agreed(before: FileReport, after: FileReport) -> tuple[int, int]:
    """How many stacks are completely known on both sides and agree, and how many there were before."""
    whole = [
        old for old, new in _pairs(before.stacks, after.stacks)
        if new is not None and _known(old) and _known(new) and not _stack(old, new)
    ]  # fmt: skip
    return len(whole), len(before.stacks)


def _pairs(old: list[Stack], new: list[Stack]) -> list[tuple[Stack, Stack | None]]:
    if len(old) == len(new):
        return list(zip(old, new, strict=True))
    left = list(new)
    pairs: list[tuple[Stack, Stack | None]] = []
    for stack in old:
        twin = next((one for one in left if one.name == stack.name), None)
        if twin is not None:
            left.remove(twin)
        pairs.append((stack, twin))
    return pairs


def _rows(stack: Stack) -> list[Row]:
    return [row for row in stack.rows if row.class_name not in ("InputLayer", "Input")]


def _known(stack: Stack) -> bool:
    return bool(stack.rows) and all(row.verdict == "proved" for row in stack.rows)


def _stack(old: Stack, new: Stack) -> list[str]:
    first, second = _rows(old), _rows(new)
    if len(first) != len(second):
        if _known(old) and _known(new):
            return [say("command", "layers", "{before} layers before, {after} after", before=len(first), after=len(second))]
        return []
    found = []
    for number, (left, right) in enumerate(zip(first, second, strict=True), 1):
        where = say("command", "layer", "layer {number}, {name}", number=number, name=right.name)
        renamed = RENAMED.get(left.class_name, left.class_name) != right.class_name
        if renamed and "unknown" not in (left.verdict, right.verdict):
            before, after = left.class_name, right.class_name
            found.append(say("command", "class", "{where}: {before} before, {after} after", where=where, before=before, after=after))
        elif left.verdict == "proved" and right.verdict == "broken":
            why = right.diagnostic.message() if right.diagnostic else ""
            found.append(say("command", "fits", "{where}: fits before, not after: {why}", where=where, why=why))
        elif not _alike(left.output.dims, right.output.dims):
            shape, became = left.output, right.output
            found.append(
                say("command", "output", "{where}: output {before} before, {after} after", where=where, before=shape, after=became)
            )
        elif left.inference and right.inference and not _same(left.params, right.params):
            was, now = left.params, right.params
            found.append(
                say("command", "parameters", "{where}: {before} parameters before, {after} after", where=where, before=was, after=now)
            )
    return found


def _alike(old: Any, new: Any) -> bool:
    """True if two shapes do not contradict each other, unknown sizes aside."""
    if old is None or new is None:
        return True
    return len(old) == len(new) and all(_same(left, right) for left, right in zip(old[1:], new[1:], strict=True))


def _same(old: Any, new: Any) -> bool:
    return isinstance(old, Unknown) or isinstance(new, Unknown) or old == new
