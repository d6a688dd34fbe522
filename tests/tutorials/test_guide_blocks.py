"""Every code block of the guide stands in exactly one lesson, as it was written: run, or quoted where it is a sketch with dots.

python -m pytest tests/tutorials/test_guide_blocks.py -s        prints which section is in which lesson
"""

import re
from pathlib import Path

import pytest

from tests.tutorials.guide_blocks import BLOCKS, TRANSFER
from tests.tutorials.notebooks import ENGLISH, hindi, read

QUOTED = re.compile(r"```python\n(.*?)```", re.DOTALL)


def kept(text: str) -> list[str]:
    """Lines without blank ones and without the lesson's own questions; spaces at the left count."""
    return [line.rstrip() for line in text.splitlines() if line.strip() and not line.startswith("lesson.")]


def pieces(source: Path) -> list[str]:
    """All code of a lesson in its order, and the blocks that its prose quotes."""
    cells = read(source).cells
    run = "\n".join(line for cell in cells if cell.cell_type == "code" for line in kept(cell.source))
    return [run, *("\n".join(kept(block)) for cell in cells if cell.cell_type == "markdown" for block in QUOTED.findall(cell.source))]


def times(block: str, source: Path) -> int:
    """How often a block stands in a lesson, as whole lines one after the other."""
    wanted = "\n" + "\n".join(kept(block)) + "\n"
    return sum(f"\n{piece}\n".count(wanted) for piece in pieces(source))


def holding(block: str, twin: bool = False) -> list[str]:
    """The lessons in which a block stands."""
    return [source.stem for source in ENGLISH if times(block, hindi(source) if twin else source)]


def test_every_block_of_the_guide_stands_in_exactly_one_lesson() -> None:
    where = [(section, block, holding(block)) for section, block in BLOCKS]
    for section, block, lessons in where:
        print(f"{section:50} {' '.join(lessons) or 'MISSING':25} {kept(block)[0].strip()[:60]}")
    missing = [block for section, block, lessons in where if len(set(lessons)) != 1]
    assert [(block, holding(block)) for block in missing if kept(block) not in (["model.summary()"], ["model.layers"])] == []
    assert [lessons for section, _, lessons in where if section == TRANSFER] == [["06_transfer"], ["06_transfer"]]


def test_the_two_blocks_of_one_line_stand_behind_the_block_that_the_guide_puts_before_them() -> None:
    code = pieces(ENGLISH[1])[0]
    listed = "\n".join([*kept(BLOCKS[3][1]), "model.layers"])
    counted = 'print("Number of weights after calling the model:", len(model.weights))  # 6\nmodel.summary()'
    assert listed in code and counted in code and code.count("\nmodel.layers\n") == 2


@pytest.mark.parametrize("section, block", BLOCKS, ids=[f"block {place}" for place in range(1, len(BLOCKS) + 1)])
def test_both_languages_hold_it_in_the_same_lesson(section: str, block: str) -> None:
    assert holding(block) == holding(block, twin=True)
