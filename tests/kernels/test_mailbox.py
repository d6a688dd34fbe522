"""Numbers that threads share, and calls handed over through the mail."""

import sys
import threading
import time
from typing import Any

import numpy as np
import pytest

from tests.kernels import shared_kernels, told_kernels
from tinyseq.engine.threads import SIZE
from tinyseq.kernels.jit.numba_internals import PLAIN_TWINS
from tinyseq.kernels.runtime import mailbox, work_queue
from tinyseq.kernels.runtime.tape import Tape, packed

pytestmark = [pytest.mark.numba_bounds, pytest.mark.skipif(PLAIN_TWINS, reason="machine code makes no calls then")]
LOOKS = 200_000_000
"""Five seconds."""


def call_of(array: Any) -> tuple[int, Any]:
    """(entry_point, numbers) of a call that adds 1 to array[0]."""
    shared_kernels.add_one(array)
    array[0] -= 1
    tape = Tape()
    tape.add(shared_kernels.add_one, (array,))
    return tape.calls[0][0], np.array(tape.numbers, np.int64)


def helper(box: Any) -> threading.Thread:
    """Serves until the bell rings; comes back whenever it finds itself on the caller's core."""

    def serve() -> None:
        while not box[mailbox.BELL]:
            mailbox.serve(box, 0, LOOKS)
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
    box, array = np.zeros(SIZE, np.int64), np.zeros(1, np.int64)
    entry_point, numbers = call_of(array)
    thread = helper(box)
    until(lambda: box[mailbox.AWAKE] == 1)
    helped = 0
    for job in range(1, 1001):
        mailbox.offer(box, job, entry_point, numbers.ctypes.data)
        box[mailbox.CORE] = -1  # there may be only one core for both
        time.sleep(1e-4 * (job % 2))
        helped += mailbox.settle(box, job)
    assert array[0] == helped > 0
    box[mailbox.BELL] = 1
    thread.join()
    assert box[mailbox.AWAKE] == 0


def test_an_offer_that_nobody_takes_is_taken_back() -> None:
    box, array = np.zeros(SIZE, np.int64), np.zeros(1, np.int64)
    entry_point, numbers = call_of(array)
    assert not mailbox.offer(box, 1, entry_point, numbers.ctypes.data)
    assert not mailbox.settle(box, 1)
    assert mailbox.serve(box, 0, 10) == -1
    assert array[0] == 0
    assert not mailbox.settle(box, 7), "was never offered"


def test_an_offer_to_one_that_is_about_to_sleep_is_not_lost() -> None:
    """It comes after the last look: the helper looks once more when it no longer counts as awake."""
    box, array = np.zeros(SIZE, np.int64), np.zeros(1, np.int64)
    entry_point, numbers = call_of(array)
    mailbox.offer(box, 1, entry_point, numbers.ctypes.data)
    box[mailbox.CORE] = -2
    assert mailbox.serve(box, 0, 0) == -1
    assert array[0] == 1
    assert mailbox.settle(box, 1)


@pytest.mark.skipif(PLAIN_TWINS or sys.platform != "linux", reason="no core is known")
def test_nothing_is_taken_on_the_caller_s_core() -> None:
    box, array = np.zeros(SIZE, np.int64), np.zeros(1, np.int64)
    entry_point, numbers = call_of(array)
    for job in range(1, 21):  # in case this thread is moved in between
        mailbox.offer(box, job, entry_point, numbers.ctypes.data)
        core = mailbox.serve(box, 0, LOOKS)
        if not mailbox.settle(box, job):
            assert core == box[mailbox.CORE]
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


def board(first: int, end: int) -> Any:
    found = np.zeros(work_queue.BOARD, np.int64)
    found[work_queue.NEXT] = found[work_queue.DONE] = first
    found[work_queue.END] = end
    return found


def test_every_task_is_taken_once_and_waits_for_its_gate() -> None:
    """Five shards in three tasks, two threads: addresses are those of the shard, and of the thread's block, or the shard's."""
    shown = np.zeros(4, np.int64)
    tape = Tape()
    tape.watch(shown, 1)
    tape.add(shared_kernels.add_to, (shown, shown))
    moves = np.array([(tape.moves[0][0], 1, 0), (tape.moves[1][0], 0, 8)], np.int64)
    units = np.array([(0, 1, 0, 2, shard) for shard in range(5)], np.int64)
    tasks = np.array([(0, 2, -1), (2, 3, -1), (3, 5, 2)], np.int64)
    given, blocks = np.zeros((5, 4), np.int64), np.zeros((3, 8), np.int64)
    given[:, 0] = [1, 10, 100, 1000, 10_000]
    parts = np.array([[2 if shard == 4 else -1, shard * given.strides[0]] for shard in range(5)], np.int64)
    score = work_queue.Score(tasks, units, packed(tape.calls, 3), moves, parts)
    starts, numbers = np.array([0, given.ctypes.data], np.int64), np.tile(np.array(tape.numbers, np.int64), (2, 1))
    where = np.array([block.ctypes.data for block in blocks], np.int64)
    mine = board(0, 3)
    mine[work_queue.DONE] = -1  # of two tasks one is done by then: too few for the gate of the last one
    thread = threading.Thread(target=work_queue.perform, args=(score, mine, starts, where, numbers, 1))
    work_queue.perform(score, board(3, 3), starts, where, numbers, 0)
    thread.start()
    until(lambda: mine[work_queue.NEXT] == 2)
    time.sleep(0.01)
    assert [blocks[1, 1], blocks[2, 1]] == [111, 0]
    mine[work_queue.DONE] += 1
    thread.join()
    assert [blocks[0, 1], blocks[1, 1], blocks[2, 1]] == [0, 1111, 10_000]
    assert work_queue.perform(score, mine, starts, where, numbers, 0) == work_queue.FINISHED
    stopped = board(0, 3)
    stopped[work_queue.STATE] = work_queue.STOPPED
    assert work_queue.perform(score, stopped, starts, where, numbers, 0) == work_queue.FINISHED
    assert [blocks[0, 1], blocks[1, 1], blocks[2, 1]] == [0, 1111, 10_000]


def test_who_waits_at_a_gate_gives_up_when_the_run_is_stopped() -> None:
    """Python's lock is free meanwhile: else nobody could stop it."""
    empty, block = np.zeros((0, 5), np.int64), np.zeros(1, np.int64)
    score = work_queue.Score(np.array([(0, 0, 1)]), empty, empty, empty, np.array([[-1]], np.int64))
    mine, ended = board(0, 1), list[int]()
    thread = threading.Thread(
        target=lambda: ended.append(work_queue.perform(score, mine, block, block, np.zeros((1, 1), np.int64), 0)), daemon=True
    )
    thread.start()
    time.sleep(0.02)
    assert not ended
    mine[work_queue.STATE] = work_queue.STOPPED
    thread.join(20)
    assert ended == [work_queue.FINISHED]
    assert mine[work_queue.NEXT] == 0, "the task behind the gate was not taken"


@pytest.mark.parametrize(("me", "kind"), [(0, np.int64), (1, np.float64)])
def test_a_kernel_that_is_not_loaded_is_loaded_where_it_is_called(me: int, kind: Any) -> None:
    done, total = np.zeros(1, np.int64), np.zeros(1, kind)
    tape = Tape()
    tape.add(shared_kernels.add_one, (total,))
    tape.add(told_kernels.as_integer, (done,))
    tape.add(told_kernels.add_one_later, (total,), work_queue.UNLESS)
    tape.add(shared_kernels.add_one, (total,))
    calls, mine = tape.packed_calls(), board(0, 1)
    empty, rows = np.zeros((0, 3), np.int64), np.array([[-1]], np.int64)
    score = work_queue.Score(np.array([(0, 1, 0)]), np.array([(0, 4, 0, 0, 0)]), calls, empty, rows)
    given = np.zeros(1, np.int64), np.zeros(1, np.int64), np.array([tape.numbers] * 2, np.int64)
    assert work_queue.perform(score, mine, *given, me) == work_queue.FINISHED
    assert (total[0], mine[work_queue.STATE]) == (3, work_queue.GOING)
    assert calls[2, 0] != tape.late[0].address
