"""Explains how a refused input arose: where the sizes begin, which layer removed most pixels, the arithmetic, the

path of sizes. It finds nothing new, but adds places and arithmetic to existing findings.
"""

from __future__ import annotations

from collections.abc import Callable

from shapecheck.diagnostics.base import Diagnostic
from shapecheck.diagnostics.rank import ReshapeMismatch, UndefinedDimension, WrongRank
from shapecheck.diagnostics.recurrent import NoSteps
from shapecheck.diagnostics.sizes import WindowTooLarge
from shapecheck.findings import FileReport, Finding, Stack
from shapecheck.layers.windows import AXES
from shapecheck.repairs.candidates.inputs import shape_node
from shapecheck.repairs.candidates.sizes import spent
from shapecheck.shapes import Shape

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

Explanation = Callable[[Finding, Stack, int], None]
"""Adds places and arithmetic to a finding at a row of the stack."""
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
        function = EXPLANATIONS.get(type(finding.diagnostic))
        stack, here = finding.stack, finding.layer
        if function is not None and stack is not None and here is not None and here < len(stack.origins) and stack.rows[here].inputs:
            function(finding, stack, here)


@explains(WindowTooLarge)
def _window(finding: Finding, stack: Stack, here: int) -> None:
    diagnostic: Any = finding.diagnostic
    row = stack.rows[here]
    given = row.inputs[0].dims or ()
    windows = getattr(row.node.rule, diagnostic.argument, ())
    if isinstance(windows, tuple) and len(given) == len(windows) + 2:
        inside = given[2:] if getattr(row.node.rule, "data_format", "") == "channels_first" else given[1:-1]
        finding.label = f"a {_by(windows)} window does not fit in {_by(inside)}"
    for place in spent(stack, here)[:1]:
        sizes = size_along(stack, place, diagnostic.axis)
        if sizes:
            finding.relate(stack.origins[place].place, f"{sizes[0]} -> {sizes[1]}: most pixels are removed here")
    accepted = stack.table.rows[0].output
    if accepted.rank and accepted.rank > 2 and stack.has_input:
        finding.relate(_input_place(stack), f"the image starts at {_by((accepted.dims or ())[1:-1])}")
    stride = _stride(row, diagnostic)
    result = (diagnostic.size - diagnostic.extent) // stride + 1
    finding.sums.append(("sum", f"floor(({diagnostic.size} - {diagnostic.extent})/{stride}) + 1 = {result}"))
    path = size_path(stack, here, diagnostic)
    if path:
        finding.sums.append(("path", path))


def _by(sizes: Any) -> str:
    return "x".join("?" if not isinstance(size, int) else str(size) for size in sizes)


def _stride(row: Any, diagnostic: Any) -> int:
    strides = getattr(row.node.rule, "strides", ())
    names = AXES.get(len(strides), ())
    stride = strides[names.index(diagnostic.axis)] if diagnostic.axis in names else 1
    return stride if isinstance(stride, int) else 1


def size_along(stack: Stack, place: int, axis: str) -> tuple[Any, Any] | None:
    """The size before and after a layer along an axis."""
    row = stack.rows[place]
    before, after = row.inputs[0].dims if row.inputs else None, row.output.dims
    if not before or not after or len(before) != len(after) or axis not in AXES.get(len(after) - 2, ()):
        return None
    at = AXES[len(after) - 2].index(axis) + (2 if getattr(row.node.rule, "data_format", "") == "channels_first" else 1)
    return before[at], after[at]


def size_path(stack: Stack, here: int, diagnostic: Any) -> str:
    """32 -> 14 -> 12 -> 4 -> 2 -> 0 (lines 4 5 6 7 8 9): sizes along the axis, and the layers that return them."""
    steps: list[tuple[Any, Any]] = []
    for place in range(here):
        sizes = size_along(stack, place, diagnostic.axis)
        if sizes is None:
            if stack.rows[place].node.inputs and stack.rows[place].output.dims != (stack.rows[place].inputs or (None,))[0]:
                steps = []
            continue
        if not steps:
            steps.append((sizes[0], stack.origins[0].line if stack.has_input else ""))
        if sizes[0] != sizes[1]:
            steps.append((sizes[1], stack.origins[place].line))
    if not steps:
        return ""
    steps.append((f"{(diagnostic.size - diagnostic.extent) // _stride(stack.rows[here], diagnostic) + 1}", stack.origins[here].line))
    lines = " ".join(str(line) for _, line in steps if line != "")
    return f"{' -> '.join(str(size) for size, _ in steps)}   (lines {lines})"


@explains(WrongRank, NoSteps, UndefinedDimension, ReshapeMismatch)
def _rank(finding: Finding, stack: Stack, here: int) -> None:
    given = stack.rows[here].inputs[0]
    if here and stack.rows[here - 1].output.rank != (stack.rows[here - 1].inputs or (Shape(None),))[0].rank and stack.rows[here - 1].inputs:
        finding.relate(stack.origins[here - 1].place, f"returns {given}")
    elif stack.has_input and stack.table.rows[0].output.rank == given.rank and stack.origins[0].node is not stack.origins[here].node:
        finding.relate(_input_place(stack), f"the input is {stack.table.rows[0].output}")
    diagnostic = finding.diagnostic
    if isinstance(diagnostic, ReshapeMismatch) and given.dims is not None:
        left, right = "*".join(map(str, given.dims[1:])), "*".join(map(str, diagnostic.target))
        finding.sums.append(("sum", f"{left} = {diagnostic.have}, but {right} = {diagnostic.want}"))


def _input_place(stack: Stack) -> Any:
    unit, _, node = shape_node(stack)
    return unit.place(node) if node is not None else stack.origins[0].place
