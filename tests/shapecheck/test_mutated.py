"""Three hundred mutated programs; tests/shapecheck/mutated.py makes as many as wanted."""

from __future__ import annotations

import ast

import pytest

from tests.shapecheck.mutated import checked, program


@pytest.mark.filterwarnings("ignore::SyntaxWarning")  # "5 is not callable" and the like, of the mutated programs
@pytest.mark.parametrize("first", range(0, 300, 50))
def test_a_mutated_program_is_read_without_an_error_of_ours(first: int) -> None:
    assert [problem for problem in map(checked, range(first, first + 50)) if problem] == []


@pytest.mark.filterwarnings("ignore::SyntaxWarning")
@pytest.mark.parametrize("seed", [917, 1212, 1223, 1234, 2549, 3383, 21561])
def test_a_program_that_once_stopped_it_is_read(seed: int) -> None:
    assert checked(seed) == ""


@pytest.mark.filterwarnings("ignore::SyntaxWarning")
def test_a_seed_makes_one_program_and_most_are_python() -> None:
    assert program(7) == program(7) != program(8)
    parsed = 0
    for seed in range(60):
        try:
            ast.parse(program(seed))
        except (SyntaxError, ValueError):
            continue
        parsed += 1
    assert parsed >= 40
