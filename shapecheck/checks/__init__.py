"""What looks at more than one layer: data against input, labels against output and loss, advice, budgets.

A check is a function `check(report: FileReport, stack: Stack) -> Iterator[Finding]` in a module of this folder; CHECKS names the modules.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shapecheck.findings import FileReport

CHECKS: tuple[str, ...] = ("training", "compiled", "stacking", "history")
"""Modules of this folder, in the order in which they look."""


def run(report: FileReport) -> None:
    """Adds the findings of every check to the report."""
    for name in CHECKS:
        module = import_module(f"shapecheck.checks.{name}")
        for stack in report.stacks:
            report.findings.extend(module.check(report, stack))
