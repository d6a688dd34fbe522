"""Which edits might repair a finding: sizes, ranks, words and arguments, labels. What they do is proved in repairs.py."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shapecheck.findings import FileReport, Finding
    from shapecheck.repairs.candidates.base import Candidate

MODULES = {
    "WindowTooLarge": "sizes", "WrongRank": "ranks", "NoSteps": "ranks", "ReshapeMismatch": "ranks", "UndefinedDimension": "ranks",
    "DenseOnMap": "ranks", "ChannelsFirstData": "ranks", "UnknownWord": "words", "UnknownKeyword": "words",
    "BadArgument": "words", "OldSpelling": "words", "ClassNotInstance": "words", "NotDivisible": "words",
    "ConflictingArguments": "words", "AxisOutOfRange": "words", "DuplicateName": "words", "InputShapeContradicts": "words",
    "KernelAsStrides": "words", "ArgumentOutOfPlace": "words", "BatchNotFixed": "words", "StepsNotFixed": "words",
    "SameLayerTwice": "words", "SecondInput": "words", "LabelsMismatch": "training", "LabelsStretched": "training",
    "LossActivation": "training", "SoftmaxOnOneUnit": "training", "OneUnitCategorical": "training", "DataMismatch": "training",
    "UnknownName": "training", "MergeMismatch": "merging",
}  # fmt: skip
"""A diagnostic's class -> the module of this folder whose function of the same name (in snake_case) knows edits for it."""


def of(report: FileReport, finding: Finding) -> Iterator[Candidate]:
    """Candidate edits, the likeliest first."""
    if finding.place is not None or finding.stack is not None:
        yield from _alone(report, finding)
        kin = [one for one in report.findings if one.stack is finding.stack is not None and _kin(one, finding)]
        if len(kin) > 1:
            yield together([next(_alone(report, one), None) for one in kin])


def _alone(report: FileReport, finding: Finding) -> Iterator[Candidate]:
    from shapecheck.naming import snake_case

    name = type(finding.diagnostic).__name__
    if name in MODULES:
        yield from getattr(import_module(f"shapecheck.repairs.candidates.{MODULES[name]}"), snake_case(name))(report, finding)


def _kin(one: Finding, other: Finding) -> bool:
    """Findings of one kind, or two errors of the stack itself: to repair one alone proves nothing."""
    return one.code == other.code or (one.severity == other.severity == "error" and "SC3" not in (one.code[:3], other.code[:3]))


def together(first: list[Candidate | None]) -> Candidate:
    """The likeliest edit of each of several findings of one kind in one stack."""
    from shapecheck.repairs.candidates.base import Candidate

    alike = {tuple((place.key, text) for place, text in found.edits): found for found in first if found is not None}
    edits = [edit for candidate in alike.values() for edit in candidate.edits]
    titles = "; ".join(candidate.title for candidate in alike.values())
    return Candidate(f"all of these together: {titles}", edits if len(alike) > 1 and None not in first else [])
