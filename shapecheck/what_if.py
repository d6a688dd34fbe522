"""What if: another input, or another argument of a layer. The source is edited in memory and read again; no file changes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from shapecheck.check import FileReport, Stack
    from shapecheck.edits import Edit
    from shapecheck.reader.source import Unit

MOST_NAMED = 30
"""Layers that are listed where one is asked for that there is not."""
INPUTS = ("shape", "batch_shape", "input_shape", "batch_input_shape", "input_dim")
"""Arguments that declare the input of a stack."""


class WhatIf:
    """`input_shape` is (224, 224, 3) as text, or ""; `arguments` are (layer's name in the table, argument, its new source)."""

    __slots__ = ("arguments", "input_shape")

    def __init__(self, input_shape: str = "", arguments: tuple[tuple[str, str, str], ...] = ()) -> None:
        self.input_shape = input_shape
        self.arguments = arguments


def asked(given_input: str, given_sets: str) -> WhatIf | None:
    """From `--input` and the lines of all `--set`. Raises ValueError with what is wrong.

    A bare word is text, as a command line has no other words: padding=same.

    >>> asked("28,28,1", "dense.units=10\\nconv2d.padding=same").arguments
    (('dense', 'units', '10'), ('conv2d', 'padding', "'same'"))
    """
    if not given_input and not given_sets:
        return None
    sizes = [size.strip() for size in given_input.strip(" ()[]").split(",") if size.strip()]
    if given_input and (not sizes or not all(size == "None" or size.isdigit() for size in sizes)):
        raise ValueError(f"--input {given_input}: write the sizes without the batch axis, 224,224,3 say")
    found = []
    for line in given_sets.splitlines():
        match = re.fullmatch(r"\s*([\w/-]+)\.(\w+)\s*=\s*(\S.*?)\s*", line)
        if match is None:
            raise ValueError(f"--set {line}: write LAYER.ARGUMENT=VALUE, conv2d.strides=1 say")
        try:
            compile(match[3], "<set>", "eval", 0x400)  # parsed only
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            raise ValueError(f"--set {line}: {match[3]} is no Python expression") from None
        word = match[3].isidentifier() and match[3] not in ("None", "True", "False")
        found.append((match[1], match[2], repr(match[3]) if word else match[3]))
    shape = f"({', '.join(sizes)}{',' if len(sizes) == 1 else ''})" if sizes else ""
    return WhatIf(shape, tuple(found))


def changed(report: FileReport, ask: WhatIf, again: Callable[[list[Unit]], FileReport]) -> FileReport:
    """The file read again as if it were written so; what could not be changed is among its problems."""
    from shapecheck.edits import set_argument
    from shapecheck.repairs import edited

    edits: list[Edit | None] = []
    problems, unanswered = [], []
    if ask.input_shape:
        edits += [_input(stack, ask.input_shape) for stack in report.stacks if stack.origins]
    for layer, argument, value in ask.arguments:
        origins = [
            origin for stack in report.stacks for row, origin in zip(stack.rows, stack.origins, strict=False) if row.name == layer
        ]
        edits += [set_argument(origin, argument, value) for origin in origins]
        if not origins and report.stacks:
            unanswered.append(f"--set {layer}.{argument}")
            problems.append(f"--set {layer}.{argument}: no layer of {report.path} is called {layer}: {_named(report.stacks)}")
    kept = [edit for edit in edits if edit is not None]
    units = edited(report.units, kept) if kept else report.units
    if units is None or len(kept) < len(edits):
        problems.append("--input or --set: this place of the source cannot be changed")
    new = again(units) if units is not None and kept else report
    new.problems += [(None, problem) for problem in problems]
    if edits and new is report:
        unanswered.append("--input or --set")
    new.unanswered = list(dict.fromkeys(unanswered))
    if ask.input_shape:
        new.findings = [finding for finding in new.findings if finding.code != "SC303"]  # the data stays what it is
    return new


def _named(stacks: list[Stack]) -> str:
    """The layers there are, by the names that --set takes, and where each is written."""
    found: dict[str, str] = {}
    for stack in stacks:
        for row, origin in zip(stack.rows, stack.origins, strict=False):
            place = origin.place
            found.setdefault(row.name, f"{row.name} ({f'cell {place.cell}, ' if place.cell is not None else ''}line {place.line})")
    more = f" and {len(found) - MOST_NAMED} more" if len(found) > MOST_NAMED else ""
    return f"there are {', '.join(list(found.values())[:MOST_NAMED])}{more}"


def _input(stack: Stack, shape: str) -> Edit | None:
    """The declared input replaced, or one added to the first layer."""
    from shapecheck.edits import add_argument

    origin = stack.origins[0]
    written = next((name for name in INPUTS if name in origin.arguments), "")
    is_input = stack.rows[0].class_name == "InputLayer"
    name = "shape" if is_input else "input_shape"
    if not written:
        return add_argument(origin.unit, origin.node, f"{name}={shape}")
    node = origin.arguments[written]
    return origin.unit.place(node), f"{name}={shape}" if type(node).__name__ == "keyword" else shape
