"""The README's Python blocks run, and print what stands under them."""

from __future__ import annotations

import contextlib
import io
import re

import pytest

import tinyseq
from tests.house.imports import ROOT

TEXT = (ROOT / "README.md").read_text(encoding="utf-8") + (ROOT / ".github" / "CONTRIBUTING.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```\n(?:\n```\n(.*?)```)?", TEXT, flags=re.DOTALL)


def test_the_readme_has_blocks_to_run() -> None:
    assert len(BLOCKS) >= 3


@pytest.mark.parametrize("source, printed", BLOCKS, ids=[f"block {place}" for place in range(1, len(BLOCKS) + 1)])
def test_a_block_prints_what_stands_under_it(source: str, printed: str) -> None:
    tinyseq.clear_session()
    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        exec(compile(source, "README.md", "exec"), {"__name__": "__main__"})
    if printed:
        assert output.getvalue() == printed


def test_both_commands_stand_on_the_first_screen() -> None:
    first = TEXT.splitlines()[:20]
    assert any(line.startswith("python3 -m venv") and line.endswith("-m tinyseq demo") for line in first)
    assert any(line.startswith("python3 -m venv") and line.endswith("-m pytest") for line in first)


def test_the_readme_fits_on_120_lines_of_100_characters() -> None:
    lines = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()
    assert len(lines) <= 120
    assert [(number, len(line)) for number, line in enumerate(lines, 1) if len(line) > 100] == []
