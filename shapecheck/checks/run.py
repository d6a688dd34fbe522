"""All checks, one after another.

A check is a function `check(report: FileReport, stack: Stack) -> Iterator[Finding]` in a module of this folder.
"""

from __future__ import annotations

from shapecheck.checks import compiled, meaning, shared, stacking, training

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shapecheck.findings import FileReport

CHECKS = (training.check, compiled.check, stacking.check, shared.check, meaning.check)
"""In the order in which they look: a later one sees what an earlier one found."""


def run(report: FileReport) -> None:
    """Adds the findings of every check to the report."""
    for check in CHECKS:
        for stack in [stack for stack in report.stacks if not stack.part]:
            report.findings.extend(check(report, stack))
