"""Broken stacks of real questions: the reader blames the right layer on the right line."""

from __future__ import annotations

from pathlib import Path

import pytest

from shapecheck import check_source
from tests.shapecheck.expected import EXPECTED, FAMILY

CASES = Path(__file__).parent / "cases"


@pytest.mark.parametrize(("name", "kind", "layer", "line"), EXPECTED, ids=[row[0] for row in EXPECTED])
def test_the_guilty_layer_is_blamed_on_its_line(name: str, kind: str, layer: int, line: int) -> None:
    text = (CASES / f"{name}.txt").read_text(encoding="utf-8")
    findings = check_source(text, f"{name}.py").findings
    hits = [finding for finding in findings if finding.layer == layer and finding.place and finding.place.line == line]
    assert any(finding.code.startswith(FAMILY.get(kind, ("SC",))) for finding in hits), findings
