"""Explains how a refused input arose: the path of sizes, where it begins, which layer removed most pixels.

It finds nothing new, but adds places and paths to existing findings.
"""

from __future__ import annotations

from collections.abc import Callable

from shapecheck.diagnostics.base import Diagnostic
from shapecheck.diagnostics.rank import ReshapeMismatch, UndefinedDimension, WrongRank
from shapecheck.diagnostics.recurrent import NoSteps
from shapecheck.diagnostics.sizes import WindowTooLarge
from shapecheck.findings import FileReport, Finding, Stack, size_along, way
from shapecheck.languages import Phrase
from shapecheck.repairs.candidates.inputs import shape_node
from shapecheck.repairs.candidates.sizes import spent
from shapecheck.shapes import Shape

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

Explanation = Callable[[Finding, Stack, int], None]
"""Adds places to a finding at a row of the stack."""
EXPLANATIONS: dict[type[Diagnostic], Explanation] = {}


def explains(*kinds: type[Diagnostic]) -> Callable[[Explanation], Explanation]:
    """Registers the function below as explaining findings of these kinds."""

    def registered(function: Explanation) -> Explanation:
        EXPLANATIONS.update(dict.fromkeys(kinds, function))
        return function

    return registered


def explain(report: FileReport) -> None:
    """Explains, as far as known, how each broken layer got its input."""
    for finding in report.findings:
        stack, here = finding.stack, finding.layer
        if stack is None or here is None or here >= len(stack.rows):
            continue
        steps = way(stack.table, stack.rows[here].node, finding.diagnostic)
        finding.path = " -> ".join(text for text, _ in steps)
        lines = [getattr(node.origin, "line", None) for text, node in steps if text != "..."]
        finding.lines = tuple(line for line in lines if isinstance(line, int))
        function = EXPLANATIONS.get(type(finding.diagnostic))
        if function is not None and here < len(stack.origins) and stack.rows[here].inputs:
            function(finding, stack, here)


@explains(WindowTooLarge)
def _window(finding: Finding, stack: Stack, here: int) -> None:
    diagnostic: Any = finding.diagnostic
    row = stack.rows[here]
    given = row.inputs[0].dims or ()
    windows = getattr(row.node.rule, diagnostic.argument, ())
    if isinstance(windows, tuple) and len(given) == len(windows) + 2:
        inside = given[2:] if getattr(row.node.rule, "data_format", "") == "channels_first" else given[1:-1]
        finding.label = Phrase("places", "window", "a {window} window does not fit in {inside}", window=_by(windows), inside=_by(inside))
    for place in spent(stack, here)[:1]:
        sizes = size_along(stack.rows[place], diagnostic.axis)
        if sizes:
            most = Phrase("places", "most_pixels", "{before} -> {after}: most pixels are removed here", before=sizes[0], after=sizes[1])
            finding.relate(stack.origins[place].place, most)
    accepted = stack.table.rows[0].output
    if accepted.rank and accepted.rank > 2 and stack.has_input:
        starts = Phrase("places", "image", "the image starts at {size}", size=_by((accepted.dims or ())[1:-1]))
        finding.relate(_input_place(stack), starts)


def _by(sizes: Any) -> str:
    return "x".join("?" if not isinstance(size, int) else str(size) for size in sizes)


@explains(WrongRank, NoSteps, UndefinedDimension, ReshapeMismatch)
def _rank(finding: Finding, stack: Stack, here: int) -> None:
    given = stack.rows[here].inputs[0]
    if here and stack.rows[here - 1].output.rank != (stack.rows[here - 1].inputs or (Shape(None),))[0].rank and stack.rows[here - 1].inputs:
        finding.relate(stack.origins[here - 1].place, Phrase("places", "returns", "returns {shape}", shape=given))
    elif stack.has_input and stack.table.rows[0].output.rank == given.rank and stack.origins[0].node is not stack.origins[here].node:
        finding.relate(_input_place(stack), Phrase("places", "input", "the input is {shape}", shape=stack.table.rows[0].output))


def _input_place(stack: Stack) -> Any:
    unit, _, node = shape_node(stack)
    return unit.place(node) if node is not None else stack.origins[0].place
