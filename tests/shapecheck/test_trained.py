"""Repairs of scripts with data and labels: what is offered as proved builds and trains a step in real Keras (recorded)."""

from __future__ import annotations

import json
from collections import Counter
from functools import cache

import pytest

from shapecheck import check_source
from tests.oracle.trained_mutants import BASES, EDITS, mutants
from tests.shapecheck.repaired import ORACLE, key, repaired

KERAS: dict[str, str] = json.loads((ORACLE / "trained.json").read_text("utf-8"))


@cache
def offered() -> dict[str, list[tuple[str, list[tuple[str, str]]]]]:
    """Kind -> (net, [(title, repaired script)]) of each mutant that gets a proved repair."""
    found: dict[str, list[tuple[str, list[tuple[str, str]]]]] = {}
    for kind, name, source in mutants():
        repairs = list(repaired(source))
        if repairs:
            found.setdefault(kind, []).append((name, repairs))
    return found


@pytest.mark.parametrize("name", BASES)
def test_the_nets_are_good_as_they_stand(name: str) -> None:
    report = check_source(BASES[name].source, "net.py")
    assert not report.findings and all(row.verdict == "proved" for row in report.stacks[0].rows)


@pytest.mark.parametrize("kind", EDITS)
def test_every_repair_offered_as_proved_trains_in_keras(kind: str) -> None:
    for name, repairs in offered().get(kind, []):
        for title, text in repairs:
            assert key(text) in KERAS, f"{name}: {title} is not recorded: see tests/oracle/record_trained.py"
            assert KERAS[key(text)] == "", f"{name}: {title}: {KERAS[key(text)]}"


def test_at_least_300_mutants_of_many_kinds_are_mended_and_no_kind_is_most_of_them() -> None:
    counts = Counter({kind: len(made) for kind, made in offered().items()})
    assert counts.total() >= 300 and len(counts) >= 35
    assert max(counts.values()) <= 0.15 * counts.total()
