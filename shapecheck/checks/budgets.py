"""Budgets of a stack: parameters, and memory of its weights and of one sample's layer outputs."""

from __future__ import annotations

from shapecheck.diagnostics.budgets import TooManyParams, TooMuchMemory
from shapecheck.findings import Finding
from shapecheck.shapes import Dim, add, multiply

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shapecheck.findings import Report, Stack

BYTES = 4
"""float32."""


def apply(report: Report, most_params: int | None, most_memory: int | None) -> None:
    """Adds a finding to every stack that certainly goes over a budget."""
    for file in report.files:
        for stack in file.stacks:
            params, memory = stack.table.params, bytes_of(stack)
            largest = max(range(len(stack.rows)), key=lambda place: _number(stack.rows[place].params), default=None)
            if most_params is not None and isinstance(params, int) and params > most_params and largest is not None:
                row = stack.rows[largest]
                file.findings.append(Finding(TooManyParams(params, most_params, row.name, _number(row.params)), stack.place, stack))
            if most_memory is not None and isinstance(memory, int) and memory > most_memory:
                file.findings.append(Finding(TooMuchMemory(memory, most_memory), stack.place, stack))


def _number(value: Dim) -> int:
    return value if isinstance(value, int) else 0


def bytes_of(stack: Stack) -> Dim:
    """Weights and all layer outputs of one sample, in bytes of float32; a size known only at run time makes it None."""
    outputs = [multiply(*shape.sizes) for row in stack.rows for shape in row.outputs if shape.dims]
    if any(row.inference is None or any(shape.dims is None for shape in row.outputs) for row in stack.rows):
        return None
    return multiply(BYTES, add(stack.table.params, *outputs))
