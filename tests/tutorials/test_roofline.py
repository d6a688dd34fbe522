"""What lesson 7 measures: the loops compute what they say, and a clock is read as it should be."""

import time

import numpy as np
import pytest

from tinyseq.classroom import ladder, roofline
from tinyseq.kernels.jit.numba_internals import PLAIN_TWINS


@pytest.mark.parametrize("rounds", [0, 1, 3, 50])
def test_the_loop_of_the_peak_makes_every_multiply_add(rounds: int) -> None:
    """v -> v / 2 + 1 / 4 halves the distance to 1/2 in each round."""
    assert roofline.chain_plain(rounds) == pytest.approx(0.5 + 0.5 * 0.5**rounds)
    if not PLAIN_TWINS:
        starts = np.arange(1, roofline.SUMS + 1)
        assert roofline.chain(rounds) == pytest.approx((0.5 + (starts - 0.5) * 0.5**rounds).sum())


def test_the_loop_of_the_bandwidth_scales_every_number() -> None:
    numbers = np.arange(37, dtype=np.float32)
    roofline.scale(numbers, np.float32(3))
    assert numbers.tolist() == [3.0 * i for i in range(37)]


def test_a_pace_is_operations_by_time_and_is_not_slower_for_other_programs() -> None:
    """A function that sleeps uses no time of its own; one that works for 20 ms does."""
    assert roofline.pace(1_000_000, time.sleep, 0.001) == pytest.approx(1, rel=0.5)
    assert roofline.seconds(time.sleep, 0.02, about=0.05) < 0.01

    def works() -> None:
        end = time.thread_time() + 0.02
        while time.thread_time() < end:
            pass

    assert roofline.seconds(works, about=0.05) == pytest.approx(0.02, rel=0.5)


def test_peak_and_bandwidth_are_positive_and_the_register_tile_is_not_far_above_the_peak() -> None:
    random = np.random.default_rng(1)
    x = random.random((34, 34, 32), dtype=np.float32)
    w = random.random((3, 3, 32, 32), dtype=np.float32)
    y = np.zeros((32, 32, 32), np.float32)
    tile = roofline.pace(y.size * 288, ladder.Tiled(w, ladder.geometry(x, w)), x, w, y)
    assert roofline.bandwidth() > 0
    assert 0 < tile < 1.5 * roofline.peak()


def test_peak_and_bandwidth_count_every_operation_and_every_byte(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(roofline, "seconds", lambda *given: 0.5)
    assert roofline.bandwidth() == pytest.approx(2 * (roofline.LARGE + roofline.LARGE) / 1e9), "each byte is read and written"
    assert roofline.peak() == pytest.approx(2 * roofline.SUMS * roofline.LANES * roofline.ROUNDS / 1e9)
