"""Numbers that threads share, and calls handed over through the mail."""

import threading
import time
from typing import Any

import numpy as np
import pytest

from tests.kernels import shared_kernels
from tinyseq.kernels.jit.numba_internals import PLAIN_TWINS
from tinyseq.kernels.runtime import mailbox, replay, spin_wait, work_queue

pytestmark = [pytest.mark.numba_bounds, pytest.mark.skipif(PLAIN_TWINS, reason="machine code makes no calls then")]
LOOKS = 200_000_000
"""Five seconds."""


def call_of(array: Any) -> tuple[int, Any]:
    """(door, numbers) of a call that adds 1 to array[0]."""
    shared_kernels.add_one(array)
    array[0] -= 1
    bound = replay.bind(shared_kernels.add_one, (array,), False)
    assert bound is not None
    return bound.door, np.array(bound.numbers, np.int64)


def helper(box: Any, bell: Any) -> threading.Thread:
    """Serves until the bell rings; comes back whenever it finds itself on the caller's core."""

    def serve() -> None:
        while not mailbox.serve(bell, 0, box, LOOKS):
            time.sleep(0)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    return thread


def until(what: Any) -> None:
    end = time.monotonic() + 20
    while not what() and time.monotonic() < end:
        time.sleep(0.001)
    assert what()


def test_what_is_offered_is_done_once_and_waited_for() -> None:
    box, bell, array = np.zeros(mailbox.SIZE, np.int64), np.array([0, -1]), np.zeros(1, np.int64)
    door, numbers = call_of(array)
    thread = helper(box, bell)
    until(lambda: box[mailbox.AWAKE] == 1)
    helped = 0
    for job in range(1, 1001):
        mailbox.offer(box, job, door, numbers.ctypes.data)
        box[mailbox.CORE] = -1  # there may be only one core for both
        time.sleep(1e-4 * (job % 2))
        helped += mailbox.settle(box, job)
    assert array[0] == helped > 0
    bell[0] = 1
    thread.join()
    assert box[mailbox.AWAKE] == 0


def test_an_offer_that_nobody_takes_is_taken_back() -> None:
    box, array = np.zeros(mailbox.SIZE, np.int64), np.zeros(1, np.int64)
    door, numbers = call_of(array)
    assert not mailbox.offer(box, 1, door, numbers.ctypes.data)
    assert not mailbox.settle(box, 1)
    assert not mailbox.serve(np.array([0, -1]), 0, box, 10)
    assert array[0] == 0
    assert not mailbox.settle(box, 7), "was never offered"


def test_an_offer_to_one_that_is_about_to_sleep_is_not_lost() -> None:
    """It comes after the last look: the helper looks once more when it no longer counts as awake."""
    box, array = np.zeros(mailbox.SIZE, np.int64), np.zeros(1, np.int64)
    door, numbers = call_of(array)
    mailbox.offer(box, 1, door, numbers.ctypes.data)
    box[mailbox.CORE] = -2
    assert not mailbox.serve(np.array([0, -1]), 0, box, 0)
    assert array[0] == 1
    assert mailbox.settle(box, 1)


@pytest.mark.skipif(spin_wait.core() < 0, reason="no core is known")
def test_nothing_is_taken_on_the_caller_s_core() -> None:
    box, array = np.zeros(mailbox.SIZE, np.int64), np.zeros(1, np.int64)
    door, numbers = call_of(array)
    for job in range(1, 21):  # in case this thread is moved in between
        mailbox.offer(box, job, door, numbers.ctypes.data)
        mailbox.serve(np.array([0, -1]), 0, box, LOOKS)
        if not mailbox.settle(box, job):
            break
    else:
        raise AssertionError("every offer was taken")


def test_threads_lose_none_of_each_other_s_sums() -> None:
    array = np.zeros(2, np.int64)
    threads = [threading.Thread(target=shared_kernels.count, args=(array, 200_000)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert array[0] == 800_000
    assert array[1] == 1, "one of four has swapped"


def test_every_task_is_taken_once() -> None:
    """Five pieces in three tasks, two threads: addresses are those of the piece, and of the thread's block."""
    shown = np.zeros(4, np.int64)
    shared_kernels.add_to(shown, shown)
    bound = replay.bind(shared_kernels.add_to, (shown, shown), False)
    assert bound is not None
    calls, numbers = replay.packed([bound])
    places = [place for place, _ in bound.arrays]
    size = len(numbers)
    moves = np.array([(places[0], 1, 0), (places[1], 0, 8)], np.int64)
    rows = np.array([(0, 2), (2, 3), (3, 5)], np.int64)
    given, blocks = np.zeros((5, 4), np.int64), np.zeros((2, 8), np.int64)
    given[:, 0] = [1, 10, 100, 1000, 10_000]
    own = np.zeros(8, np.int64)
    parts = np.array([[0, piece * given.strides[0]] for piece in range(5)], np.int64)
    parts[4, 0] = own.ctypes.data
    score = work_queue.Score(rows, np.tile(np.array([0, 1, 0, 0, 2]), (5, 1)), calls, moves, parts)
    starts = np.array([0, given.ctypes.data], np.int64)
    sets = np.ones((3, 40), np.float32)
    board, table = np.zeros(work_queue.BOARD, np.int64), np.tile(numbers, (2, 1))
    where = np.array([block.ctypes.data for block in blocks], np.int64)
    assert table.shape == (2, size)
    arguments = (score, board, starts, where, table, sets)
    assert work_queue.perform(*arguments, 1, 1) == 1
    assert blocks[1, 1] == 11
    assert not sets[0].any()
    assert sets[1:].all()
    assert work_queue.perform(*arguments, 0, 10) == 0
    assert [blocks[0, 1], own[1]] == [1100, 10_000]
    assert not sets.any()
    assert work_queue.perform(*arguments, 0, 10) == 0
    assert [blocks[0, 1], own[1]] == [1100, 10_000]
    board[:] = 0
    board[work_queue.STUCK] = -2
    assert work_queue.perform(*arguments, 0, 10) == 0
    assert [blocks[0, 1], own[1]] == [1100, 10_000]
