"""python -m tinyseq doctor: ten lines, and what is broken is one of them."""

from __future__ import annotations

from typing import Any

import pytest

from shapecheck.languages import columns, speaking
from tinyseq import doctor
from tinyseq.kernels.jit import disk_cache, numba_internals


def quick(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Without compiling everything: the lessons' kernels are other tests' work."""
    monkeypatch.setattr(doctor, "warmup", lambda out: 0.0)
    return []


def test_ten_lines_say_what_works(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = quick(monkeypatch)
    assert doctor.doctor(lines.append) == 0
    assert len(lines) == 11
    assert {line[:5] for line in lines[:10]} <= {"ok   ", "less "}
    assert "five epochs on real digits end with a loss of 0." in lines[6]
    assert lines[-1] == "everything that the lessons need works"


def test_what_is_broken_is_a_line_and_the_others_are_there(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = quick(monkeypatch)

    def fails(*_: Any) -> float:
        raise OSError("no compiler\nsecond line")

    monkeypatch.setattr(doctor, "_trained", fails)
    assert doctor.doctor(lines.append) == 1
    assert len(lines) == 11
    assert lines[6] == "FAILS training     OSError: no compiler"
    assert lines[-1] == "1 of 10 do not work"


def test_what_works_with_less_says_what_helps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(numba_internals, "PLAIN_NUMBA", True)
    monkeypatch.setattr(disk_cache, "folder_for", lambda source: None)
    monkeypatch.setattr(doctor.importlib.util, "find_spec", lambda name: None)
    found = [doctor.compiler(), doctor.machine_code(), doctor.notebooks(), doctor.memory()]
    assert [works for works, _ in found] == [None] * 4
    assert "jupyterlab" in found[2][1]


def test_the_lines_align_in_hindi_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """By what a terminal shows: marks and names have signs that take no column."""
    lines = quick(monkeypatch)
    looks = [(name, lambda works=works: (works, "|")) for (name, _), works in zip(doctor.CHECKS, (True, None, False) * 4, strict=False)]
    monkeypatch.setattr(doctor, "CHECKS", looks)
    with speaking("hi"):
        doctor.doctor(lines.append)
    heads = [line[: line.index("|")] for line in lines if "|" in line]
    assert len(heads) == len(looks) and {columns(head) for head in heads} == {19}
    assert len({len(head) for head in heads}) > 1  # or blanks up to a number of letters would do
