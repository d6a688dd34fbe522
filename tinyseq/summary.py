"""model.summary(): shapecheck's table of a model, printed."""

from __future__ import annotations

import sys
from typing import Any

from shapecheck.memory import human
from shapecheck.propagate import propagate
from shapecheck.report import guide
from shapecheck.table import ShapeTable
from tinyseq.engine.team import speaks
from tinyseq.memory_estimate import forecast
from tinyseq.training.network import Network

STYLES = ("guide", "wide")
NARROWEST = 20
"""The smallest readable number of columns."""


def print_summary(
    model: Network,
    line_length: int | None = None,
    style: str = "guide",
    print_fn: Any = None,
    batch_size: int | None = None,
    expand_nested: bool = False,
) -> None:
    """Prints the table of a built model; with batch_size, also the memory that prediction and training will need."""
    if line_length is not None and (not hasattr(line_length, "__index__") or int(line_length) < NARROWEST):
        raise ValueError(f"summary: line_length={line_length!r}: expected at least {NARROWEST} columns, for example line_length=65")
    if style not in STYLES:
        raise ValueError(f"summary: style={style!r} is not known: use one of {', '.join(map(repr, STYLES))}")
    shown = model.table
    table = propagate(shown.graph)
    text = summary_text(model, table, shown, line_length, style)
    lines = [text] if text is not None else []
    for nested in _nested(model) if expand_nested else ():
        lines.append(str(summary_text(nested, nested.table, nested.table, line_length, "guide")))
    if batch_size is not None:
        lines += memory_lines(model, batch_size)
    for line in lines if print_fn is not None or speaks() else ():
        print_fn(line) if print_fn is not None else print(line)


def refuse(**arguments: Any) -> None:
    """NotImplementedError for arguments of Keras's summary that are not supported."""
    for argument, value in arguments.items():
        if value:
            raise NotImplementedError(f"summary: {argument}={value!r} is not supported: leave it out")


def summary_text(
    model: Network, table: ShapeTable, shown: ShapeTable, line_length: int | None, style: str
) -> str | None:
    """The table as text; None if it was shown in colour already."""
    name = str(model.name)
    if style == "wide":
        from shapecheck.report import wide

        if line_length is None and sys.stdout.isatty():
            from shapecheck.report import terminal

            terminal.show(table, name, shown=shown)
            return None
        return wide.render(table, name, line_length, shown)
    return guide.render(table, name, line_length, shown, model._functional)


def _nested(model: Network) -> list[Any]:
    return [layer for layer in model.layers if layer.graph is not None]


def html(model: Network) -> str:
    """For notebooks."""
    from shapecheck.report.html import render

    return str(render(model.table, str(model.name)))


def memory_lines(model: Network, batch_size: int) -> list[str]:
    """The memory for prediction and training on batches of that size, from the engine's plan."""
    lines = []
    for training in (False, True):
        need = forecast(model, batch_size, training)
        parts = ", ".join(f"{name} {human(size)}" for name, size in need.items() if size)
        lines.append(f"Memory to {'train' if training else 'predict'} on a batch of {batch_size}: {human(sum(need.values()))} ({parts})")
    return lines
