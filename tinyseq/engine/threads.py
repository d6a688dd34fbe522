"""The one place with threads: a few helpers, and the two ways to hand work to them.

    run(tasks)       functions of Python, through a queue
    together(...)    one call of a kernel by each thread, through a mailbox in machine code (kernels/runtime/mailbox.py): a microsecond

Size: `set_num_threads(n)`, else what the environment says, else the cores that this process may use (cores.py).
Safe after fork (a child makes its own helpers) and from several Python threads at once (a thread that finds no idle
helper does its tasks itself, so there are never more helpers than requested).

A helper that had work in its mailbox looks into it for a moment (0.2 ms) before it sleeps. One that finds itself on its
caller's core moves to another one: Linux may leave it there for seconds.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Sequence
from queue import SimpleQueue
from typing import Any, Protocol

import numpy as np

from tinyseq.engine.cores import budget

Task = Callable[[], None]

AWAKE = 8000
"""Looks (of about 25 ns) of a helper into its mailbox before it goes to sleep."""
BELL, SIZE = 4, 24
"""A place in the mailbox, and its length: as in kernels/runtime/mailbox.py, which needs numba."""

END, STOP, WAKE = "end", "stop", "wake"
"""Entries behind the jobs: answer that you are here; no more jobs come; look into your mailbox."""

_lock = threading.Lock()
_idle: list[Helper] = []  # append and pop are atomic
_made = 0
_generation = 0
_count: int | None = None
_inside = threading.local()
_mailbox: Any = None
"""kernels/runtime/mailbox.py, once something was offered."""


def get_num_threads() -> int:
    """How many threads compute at once: what set_num_threads set; else the first of the variables TINYSEQ_NUM_THREADS, NUMBA_NUM_THREADS
    and OMP_NUM_THREADS (joblib sets them for its workers); else the cores that this process, or its container, may use."""
    global _count
    if _count is None:
        _count = budget()
    return _count


def is_set() -> bool:
    """Whether the number of threads is fixed already."""
    return _count is not None


def set_num_threads(count: int) -> None:
    """Use `count` threads from now on. Numbers never depend on it, only speed does. ValueError below 1."""
    global _count, _generation, _made
    if isinstance(count, bool) or not isinstance(count, int) or count < 1:
        raise ValueError(f"the number of threads must be a positive integer, got {count!r}, for example set_num_threads(2)")
    with _lock:
        _count = count
        _generation += 1
        _made = 0
        while _idle:
            _idle.pop().start(STOP)


def run(tasks: Sequence[Task]) -> None:
    """All tasks, each once, in any order; returns when the last is done. The first exception comes out after that.

    The calling thread takes part. Tasks started inside a task run in that task's own thread.
    """
    helpers = [] if getattr(_inside, "busy", False) else _at_leisure(min(get_num_threads(), len(tasks)) - 1)
    if not helpers:
        for task in tasks:
            task()
        return
    waiting = list(reversed(tasks))
    failures: list[BaseException] = []

    def work() -> None:
        try:
            _inside.busy = True
            while waiting and not failures:
                try:
                    task = waiting.pop()
                except IndexError:
                    return
                task()
        except BaseException as error:  # raised again in the calling thread
            failures.append(error)
        finally:
            _inside.busy = False

    try:
        for helper in helpers:
            helper.start(work)
        work()
    except BaseException as error:  # Ctrl-C between two lines: the helpers are waited for all the same
        failures.append(error)
    for helper in helpers:
        helper.join(failures)
    if failures:
        raise failures[0]


class Shared(Protocol):
    """The call of a kernel that several threads make, each with numbers of its own (parallel.py)."""

    entry: Any
    """The kernel's Entry (jit/entry_points.py)."""
    numbers_of: list[int]
    """The addresses of each thread's numbers, the caller's first."""

    def begin(self, count: int) -> Any:
        """Before so many threads begin; what must not go away meanwhile."""

    def stop(self) -> None:
        """Makes the kernel give 0."""


def together(shared: Shared, wanted: int) -> None:
    """The call: by this thread again and again until it returns 0, and by up to `wanted` helpers that come in time. Returns when none
    is in it any more."""
    helpers = [] if wanted < 1 or getattr(_inside, "busy", False) else _at_leisure(wanted)
    try:
        keep, call = shared.begin(1 + len(helpers)), shared.entry.function
        for part, helper in enumerate(helpers, 1):
            helper.offer(shared.entry.address, shared.numbers_of[part], keep)
        while call(shared.numbers_of[0]):
            pass  # Ctrl-C comes in between
    except BaseException:
        shared.stop()
        raise
    finally:
        if helpers:
            _settle(helpers)


def hands_over() -> bool:
    """Whether work was handed to a helper before, so that the kernels for that are loaded."""
    return _mailbox is not None


def _settle(helpers: Sequence[Helper]) -> None:
    """None of them is in a call any more, also after Ctrl-C, which comes out at the end."""
    left, pressed = list(helpers), None
    while left:
        try:
            left[-1].settle()
            left.pop().rest()
        except KeyboardInterrupt as interruption:
            pressed = interruption
    if pressed is not None:
        raise pressed


def run_all(tasks: Sequence[Task], worth: bool) -> None:
    """Like `run`; one after the other in this thread if together they are not worth a hand-over."""
    if worth:
        run(tasks)
    else:
        for task in tasks:
            task()


class Helper:
    """A thread that does one job after the other. Its jobs come through a queue; the bell in its mailbox says that there is one.

    `join` adds a last entry after the jobs and waits until the helper reaches it, so it does not matter at which line
    Ctrl-C arrived.
    """

    def __init__(self, generation: int) -> None:
        self.generation = generation
        self.jobs: SimpleQueue[Task | str] = SimpleQueue()
        self.ends: SimpleQueue[None] = SimpleQueue()
        self.asked = self.answered = 0
        """How often `join` was called, and how often its entry was reached."""
        self.mailbox = np.zeros(SIZE, np.int64)
        self.offered = 0
        """How often a call was put into the mailbox."""
        self.keep: Any = None
        """Objects to keep alive until that call has ended."""
        threading.Thread(target=self._serve, name="tinyseq", daemon=True).start()

    def start(self, job: Task | str) -> None:
        """Hand over a job."""
        self.jobs.put(job)
        self.mailbox[BELL] += 1

    def join(self, failures: list[BaseException]) -> None:
        """Returns when the job is done, also after Ctrl-C, which is added to `failures`: helpers write where the caller will
        look. A second Ctrl-C does not wait."""
        pressed = False
        self.asked += 1
        self.start(END)
        while self.answered < self.asked:
            try:
                self.ends.get()
            except KeyboardInterrupt as interruption:
                failures.append(interruption)
                if pressed:
                    self.start(STOP)
                    _gone()
                    raise
                pressed = True
        self.rest()

    def offer(self, entry_point: int, numbers: int, keep: Any) -> None:
        """Hand over the call of a kernel: the addresses of its entry point and its numbers."""
        self.keep = keep
        self.offered += 1
        if not _kernels().offer(self.mailbox, self.offered, entry_point, numbers):
            self.jobs.put(WAKE)

    def settle(self) -> None:
        """Returns when the helper is not, and will not be, in the call that was offered."""
        _kernels().settle(self.mailbox, self.offered)
        self.keep = None

    def rest(self) -> None:
        """Ready for the next caller."""
        if self.generation == _generation:
            _idle.append(self)
        else:
            self.start(STOP)

    def _serve(self) -> None:
        rung = 0
        while True:
            if self.offered and self.jobs.empty():
                busy = _kernels().serve(self.mailbox, rung, AWAKE)
                if busy >= 0 and _step_aside(busy):
                    continue
            rung = int(self.mailbox[BELL])
            job = self.jobs.get()
            if job == STOP:
                return
            elif job == END:
                self.answered += 1
                self.ends.put(None)
            elif job != WAKE:
                job()  # type: ignore[operator]


def _kernels() -> Any:
    global _mailbox
    if _mailbox is None:
        from tinyseq.kernels.runtime import mailbox

        _mailbox = mailbox
    return _mailbox


def _step_aside(busy: int) -> bool:
    """Moves this thread from core `busy`, on which another waits for it, to any other. It may come back. False if it may not
    go anywhere."""
    if busy >= 0 and hasattr(os, "sched_setaffinity"):
        cores = os.sched_getaffinity(0)
        if len(cores) > 1 and busy in cores:
            os.sched_setaffinity(0, cores - {busy})
            os.sched_setaffinity(0, cores)
            return True
    return False


def _gone() -> None:
    """One helper less is there: another may be made in its place."""
    global _made
    with _lock:
        _made -= 1


def _at_leisure(wanted: int) -> list[Helper]:
    """Up to so many helpers that have nothing to do."""
    global _made
    found: list[Helper] = []
    while len(found) < wanted:
        try:
            found.append(_idle.pop())
        except IndexError:
            with _lock:
                if _made >= get_num_threads() - 1:
                    break
                _made += 1
                found.append(Helper(_generation))
    return found


def _after_fork() -> None:
    """Threads do not survive a fork: the child starts without helpers."""
    global _idle, _lock, _made
    _lock = threading.Lock()
    _idle, _made = [], 0


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
