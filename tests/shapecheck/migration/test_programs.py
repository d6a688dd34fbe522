"""Sixty programs of Keras 1 and 2: what migrate writes ran in Keras 3.15 with the same table, or what is left is named."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from shapecheck import check_source
from shapecheck.cli.migrate import planned

PROGRAMS = {path.stem: path.read_text("utf-8") for path in sorted((Path(__file__).parent / "programs").glob("*.txt"))}
"""Their first comments say how many edits with one answer they want (`# wants 3`), and which findings must be left (`# leaves SC701`)."""
RECORDED: dict[str, Any] = json.loads((Path(__file__).parents[2] / "oracle" / "migrated.json").read_text("utf-8"))
"""What Keras 3.15 built of each migrated program, and what stopped it (tests/oracle/record_migrated.py)."""


def wanted(text: str) -> int:
    found = re.search(r"# wants (\d+)", text)
    assert found
    return int(found[1])


def leaves(text: str) -> list[str]:
    found = re.search(r"# leaves (.*)", text)
    return found[1].split() if found else []


def test_there_are_sixty_programs_and_each_was_run() -> None:
    assert len(PROGRAMS) >= 60 and PROGRAMS.keys() == RECORDED.keys()


@pytest.mark.parametrize("name", PROGRAMS)
def test_what_ran_in_keras_is_what_migrate_writes(name: str) -> None:
    plan = planned(PROGRAMS[name], f"{name}.py")
    assert plan.new == RECORDED[name]["after"]
    assert plan.differences == []


@pytest.mark.parametrize("name", PROGRAMS)
def test_it_runs_in_keras_3_or_what_is_left_is_named(name: str) -> None:
    plan = planned(PROGRAMS[name], f"{name}.py")
    left = {one.diagnostic.code for one in plan.left}
    assert left == set(leaves(PROGRAMS[name]))
    stopped = RECORDED[name]["stopped"]
    if stopped:
        assert stopped.startswith(("ImportError", "ModuleNotFoundError")) and "SC701" in left


@pytest.mark.parametrize("name", [name for name in PROGRAMS if RECORDED[name]["layers"]])
def test_the_table_after_it_is_that_of_keras(name: str) -> None:
    (file,) = check_source(RECORDED[name]["after"], f"{name}.py", 3).files
    stack = next(stack for stack in reversed(file.stacks) if stack.name in ("model", "build"))
    rows = [row for row in stack.rows if row.class_name != "InputLayer" and row.verdict == "proved"]
    ours = [[list(row.output.dims or ()), row.params] for row in rows]
    theirs = [row[1:] for row in RECORDED[name]["layers"]]
    assert ours == theirs or len(rows) < len(stack.rows)  # what is not proved here is not compared


def test_most_edits_with_one_answer_are_made() -> None:
    made = sum(min(wanted(text), len(planned(text, f"{name}.py").made)) for name, text in PROGRAMS.items())
    assert made >= 0.8 * sum(map(wanted, PROGRAMS.values()))


@pytest.mark.parametrize("name", PROGRAMS)
def test_migrating_twice_changes_nothing_more(name: str) -> None:
    assert planned(RECORDED[name]["after"], f"{name}.py").made == []
