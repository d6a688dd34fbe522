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
    assert {row.verdict for stack in report.stacks for row in stack.rows} == ({"proved"} if file.name[:2] not in ("00", "07") else set())


def test_the_file_of_lesson_8_has_the_lesson_s_class_and_the_finding_that_the_lesson_promises() -> None:
    file = FOLDER / "own_layer" / "gate_at_the_end.py"
    cells = [cell.source for cell in read(FOLDER / "08_write_your_own_layer.py").cells]
    (lesson_s,) = [cell.split("\n\n\nlesson.")[0] for cell in cells if cell.startswith("class Gate(")]
    assert lesson_s in file.read_text(encoding="utf-8")
    report = check_file(str(file))
    assert [(finding.code, finding.place and finding.place.line) for finding in report.findings] == [("SC313", 41)]
    gates = [(row.output.dims, row.params) for row in report.stacks[0].rows if row.name.startswith("gate")]
    assert gates == [((None, 16), 16), ((None, 5), 5)]
    assert [cell for cell in cells if '"own_layer/gate_at_the_end.py"' in cell and "lesson.report" in cell]
