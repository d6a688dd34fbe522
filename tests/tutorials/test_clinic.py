"""shapecheck over the lessons: all is proved but the clinic's stacks, and there it finds exactly what the lesson promises."""

import itertools
import re
from pathlib import Path

import pytest

from shapecheck import check_file
from tests.tutorials.notebooks import FOLDER, SOURCES, read

STACKS = sorted((FOLDER / "clinic").glob("stack_*.py"))
FOUND = {
    "stack_01": ("SC101", "error", 12),
    "stack_02": ("SC201", "error", 6),
    "stack_03": ("SC301", "error", 12),
    "stack_04": ("SC301", "error", 12),
    "stack_05": ("SC301", "error", 12),
    "stack_06": ("SC303", "error", 11),
    "stack_07": ("SC402", "error", 10),
    "stack_08": ("SC307", "error", 12),
    "stack_09": ("SC305", "warning", 10),
    "stack_10": ("SC304", "warning", 10),
}


@pytest.mark.parametrize("stack", STACKS, ids=lambda stack: stack.stem)
def test_a_stack_of_the_clinic_has_the_one_finding_that_the_lesson_promises(stack: Path) -> None:
    report = check_file(str(stack))
    found = [
        (finding.code, finding.severity, finding.place.line) for finding in report.findings if finding.severity != "note" and finding.place
    ]
    assert found == [FOUND[stack.stem]]


def test_there_are_ten_stacks_and_no_other() -> None:
    assert [stack.stem for stack in STACKS] == sorted(FOUND)
    assert sorted((FOLDER / "clinic").iterdir()) == STACKS


@pytest.mark.parametrize("name", ["03_the_clinic", "03_the_clinic_hi"])
def test_the_lesson_names_the_code_of_each_stack_behind_its_report(name: str) -> None:
    cells = read(FOLDER / f"{name}.py").cells
    promised = {}
    for cell, after in itertools.pairwise(cells):
        numbers = re.findall(r'"(?:clinic/stack_)?(\d\d)(?:\.py)?"', cell.source) if "lesson.report" in cell.source else []
        codes = re.findall(r"\*\*(SC\d+)\.?\*\*", after.source)
        promised |= {f"stack_{number}": codes for number in numbers}
    assert sorted(promised) == sorted(FOUND)
    for stack, (code, _, _) in FOUND.items():
        assert code in promised[stack], stack


FILES = [*SOURCES, *(source.with_suffix(".ipynb") for source in SOURCES), *sorted((FOLDER / "solutions").glob("*.ipynb"))]


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}-{file.name}")
def test_every_other_stack_of_the_lessons_is_proved(file: Path) -> None:
    report = check_file(str(file))
    assert [finding for finding in report.findings if finding.severity != "note"] == []
    assert {row.verdict for stack in report.stacks for row in stack.rows} == ({"proved"} if file.name[:2] != "00" else set())
