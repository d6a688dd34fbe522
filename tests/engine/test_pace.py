"""After late joins one thread computes the step, if it is faster; numbers stay the same, and several are tried again."""

import itertools
from typing import Any

import numpy as np
import pytest

import tinyseq as keras
from tests.engine.test_program import statistics
from tinyseq import layers
from tinyseq.engine import pace, parallel
from tinyseq.kernels.jit.numba_internals import PLAIN_TWINS
from tinyseq.kernels.runtime import work_queue

TOGETHER, ALONE = 0.02, 0.01
MANY = 100
"""Sleeps: 10 ms."""


def after(found: pace.Pace, steps: int, together: float = TOGETHER, alone: float = ALONE, naps: int = MANY) -> list[bool]:
    """Which of the steps one thread computed."""
    seen = []
    for _ in range(steps):
        seen.append(found.alone)
        found.ended(found.alone, alone if found.alone else together, 0 if found.alone else naps)
    return seen


def test_three_late_steps_make_one_thread_compute_and_pauses_become_longer() -> None:
    found = pace.Pace()
    seen = after(found, 1200)
    runs = [(alone, len(list(steps))) for alone, steps in itertools.groupby(seen)]
    lengths = [1 + pace.TRIAL + min(pace.SHORTEST << turn, pace.LONGEST) for turn in range(6)]
    assert runs[:12] == [run for length in lengths for run in ((False, 3), (True, length))]
    assert found.late == sum(not alone for alone in seen)


def test_one_thread_that_is_slower_is_left_at_once_and_not_tried_again_soon() -> None:
    """Uneven work is late at every step too, but two threads are the faster ones."""
    found = pace.Pace()
    seen = after(found, 1200, together=0.02, alone=0.03)
    assert found.fallbacks == 0
    trial = 1 + pace.TRIAL
    assert sum(seen) <= 8 * trial
    assert seen[3 : 3 + trial] == [True] * trial
    assert not any(seen[3 + trial : 3 + trial + pace.SHORTEST])


@pytest.mark.parametrize(("naps", "seconds"), [(0, 0.02), (1, 0.0005), (5, 0.02)])
def test_a_step_in_time_changes_nothing(naps: int, seconds: float) -> None:
    found = pace.Pace()
    assert not any(after(found, 100, together=seconds, naps=naps))
    assert found.late == 0


def test_now_and_then_a_late_step_is_no_reason() -> None:
    found = pace.Pace()
    for _ in range(50):
        after(found, 1)
        after(found, 3, naps=0)
    assert (found.late, found.fallbacks) == (50, 0)


@pytest.mark.skipif(PLAIN_TWINS, reason="Python makes the calls then, without gates")
def test_a_step_whose_threads_join_late_falls_back_to_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """By a count of sleeps and a clock that are made up: each reading comes sooner after the one before."""
    clock = itertools.accumulate(1 / number for number in itertools.count(1))
    monkeypatch.setattr(parallel, "perf_counter", lambda: next(clock))
    asked, play = list[int](), parallel.Run.play

    def late(self: parallel.Run, begin: int, end: int, arenas: Any, most: int) -> None:
        asked.append(most)
        play(self, begin, end, arenas, most)
        self.board[work_queue.NAPS] += 100_000
        self.parties = most

    def outcome() -> list[Any]:
        keras.utils.set_random_seed(1)
        model = keras.Sequential([keras.Input((600,)), layers.Dense(600), layers.BatchNormalization(), layers.Dense(600)])
        model.compile("adam", "mse")
        x = np.random.default_rng(0).standard_normal((640, 600), np.float32)
        losses = [model.train_on_batch(x, x) for _ in range(12)]
        found.append(statistics(model))
        return [*losses, *model.get_weights()]

    found: list[Any] = []
    keras.set_num_threads(2)
    expected = outcome()
    monkeypatch.setattr(parallel.Run, "play", late)
    asked.clear()
    fallen = outcome()
    assert (found[1]["late_steps"], found[1]["fallbacks"], found[1]["alone"]) == (3, 1, 1)
    assert 1 in asked
    assert 2 in asked
    for one, other in zip(fallen, expected, strict=True):
        np.testing.assert_array_equal(one, other)
