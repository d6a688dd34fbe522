"""The ladder runs, its steps agree, and its table fits a screen."""

import pytest

from tinyseq.classroom import ladder
from tinyseq.kernels.matrix.simd import LANES


def test_every_step_gives_the_numbers_of_the_step_before(capsys: pytest.CaptureFixture[str]) -> None:
    ladder.main(["--size", "7", "--channels", str(LANES), "--filters", str(LANES + 1), "--seconds", "0"])
    printed = capsys.readouterr().out
    for name in ("Python", "compiled", "loop order", "blocking", "register tile", "Winograd"):
        assert f"\n{name}" in printed
    assert max(len(line) for line in printed.split("\nstep")[1].splitlines()) <= 80


def test_a_step_that_computes_something_else_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ladder, "blocked", lambda x, w, y: y.fill(1))
    with pytest.raises(ValueError, match="'blocking' differs"):
        ladder.ladder(7, LANES, LANES, seconds=0)


def test_sizes_that_winograd_cannot_do_are_refused() -> None:
    with pytest.raises(ValueError, match="at least"):
        ladder.ladder(58, LANES - 1, LANES)
