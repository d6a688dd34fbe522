"""The candidates for a finding: those of its own kind, then all findings of that kind repaired together."""

from __future__ import annotations

from collections.abc import Iterator

from shapecheck.diagnostics.base import TRAINING
from shapecheck.findings import FileReport, Finding
from shapecheck.repairs.candidates import cutting, joins, merging, ranks, sizes, titles, training, words
from shapecheck.repairs.candidates.base import MENDINGS, Candidate

MODULES = (sizes, ranks, words, training, merging, joins, cutting)
"""Each registers its functions when it is imported."""


def of(report: FileReport, finding: Finding) -> Iterator[Candidate]:
    """Candidate edits, the likeliest first."""
    if finding.place is not None or finding.stack is not None:
        yield from _alone(report, finding)
        kin = [one for one in report.findings if one.stack is finding.stack is not None and _kin(one, finding)]
        if len(kin) > 1:
            yield together([next(_alone(report, one), None) for one in kin])


def _alone(report: FileReport, finding: Finding) -> Iterator[Candidate]:
    mending = MENDINGS.get(type(finding.diagnostic))
    if mending is not None:
        yield from mending(report, finding)


def _kin(one: Finding, other: Finding) -> bool:
    """Findings of one kind, or two errors of the stack itself: repairing only one of them proves nothing."""
    families = (one.diagnostic.family, other.diagnostic.family)
    return one.code == other.code or (one.severity == other.severity == "error" and TRAINING not in families)


def together(first: list[Candidate | None]) -> Candidate:
    """The likeliest edit of each of several findings of one kind in one stack."""
    alike = {tuple((place.key, text) for place, text in found.text_edits): found for found in first if found is not None}
    edits = [edit for candidate in alike.values() for edit in candidate.edits]
    every = "; ".join(str(candidate.title) for candidate in alike.values())
    return Candidate(titles.together(every), edits if len(alike) > 1 and None not in first else [])
