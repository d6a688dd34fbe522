"""The one place with threads: a small pool that runs a list of tasks and joins. Kernels release the lock of Python.

Size: `set_num_threads(n)`, else the environment variable TINYSEQ_NUM_THREADS, else the cores this process may use.
Safe after fork (a child makes its own pool) and from several Python threads at once (they share the pool).
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

Task = Callable[[], None]

_lock = threading.Lock()
_pool: ThreadPoolExecutor | None = None
_count: int | None = None
_inside = threading.local()


def get_num_threads() -> int:
    """How many threads compute at once."""
    global _count
    if _count is None:
        _count = _from_environment()
    return _count


def set_num_threads(count: int) -> None:
    """Use `count` threads from now on. Numbers never depend on it, only speed does. ValueError below 1."""
    global _count, _pool
    if isinstance(count, bool) or not isinstance(count, int) or count < 1:
        raise ValueError(f"the number of threads must be a positive integer, got {count!r}: write set_num_threads(2), say")
    with _lock:
        _count = count
        old, _pool = _pool, None
    if old is not None:
        old.shutdown(wait=False)


def run(tasks: Sequence[Task]) -> None:
    """All tasks, each once, in any order; returns when the last is done. The first exception comes out after that.

    The calling thread takes part. Tasks started inside a task run in that task's own thread.
    """
    helpers = min(get_num_threads(), len(tasks)) - 1
    if helpers < 1 or getattr(_inside, "busy", False):
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

    started: list[Future[None]] = []
    try:
        for _ in range(helpers):
            started.append(_submit(work))
        work()
    except BaseException as error:  # Ctrl-C between two lines: the helpers are waited for all the same
        failures.append(error)
    _join(started, failures)
    if failures:
        raise failures[0]


def _join(started: list[Future[None]], failures: list[BaseException]) -> None:
    """Waits for the helpers, also after Ctrl-C, which stops what has not begun: they write where the caller will look.

    A second Ctrl-C does not wait.
    """
    for future in started:
        if future.cancel():
            continue
        try:
            future.result()
        except KeyboardInterrupt as error:
            failures.append(error)
            future.result()


def _submit(work: Task) -> Future[None]:
    """Hand work to the pool; another thread may be replacing it by set_num_threads."""
    while True:
        try:
            return _the_pool().submit(work)
        except RuntimeError:  # that pool was shut down in the meantime
            with _lock:
                global _pool
                _pool = None


def _the_pool() -> ThreadPoolExecutor:
    global _pool
    with _lock:
        if _pool is None:
            _pool = ThreadPoolExecutor(max(get_num_threads() - 1, 1), thread_name_prefix="tinyseq")
        return _pool


def _from_environment() -> int:
    text = os.environ.get("TINYSEQ_NUM_THREADS", "").strip()
    if text:
        if not text.isdigit() or int(text) < 1:
            raise ValueError(f"TINYSEQ_NUM_THREADS must be a positive integer, got {text!r}: set it to 2, say")
        return int(text)
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _after_fork() -> None:
    """Threads do not survive a fork: the child starts without a pool."""
    global _pool, _lock
    _lock = threading.Lock()
    _pool = None


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
