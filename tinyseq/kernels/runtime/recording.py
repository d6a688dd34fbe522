"""Notes of the calls of kernels that a thread makes, so that they can be made again (replay.py)."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

Noted = tuple[Any, tuple[Any, ...], bool]
"""A call: kernel, arguments, whether it is made only if the call before gave 0."""


NO_MEMORY = "a kernel could get no memory: make the batch smaller, or use a machine with more memory"
"""The one reason for which a kernel stops."""


class Notes(threading.local):
    """`calls`: where this thread's calls of kernels are noted, if they are."""

    calls: list[Noted] | None = None


notes = Notes()


MARK: Noted = ("part", (), False)
END: Noted = ("end", (), False)
"""Among the calls: the next of several parts begins, which may be computed at the same time; and the last of them has ended."""


def is_noting() -> bool:
    """Whether this thread's calls are noted."""
    return notes.calls is not None


def mark(what: Noted) -> None:
    """Puts MARK or END."""
    if notes.calls is not None:
        notes.calls.append(what)


@contextmanager
def noting() -> Iterator[list[Noted]]:
    """The list of the calls that this thread makes meanwhile."""
    before, notes.calls = notes.calls, []
    try:
        yield notes.calls
    finally:
        notes.calls = before


@contextmanager
def unnoted() -> Iterator[None]:
    """The calls that this thread makes meanwhile are not noted."""
    before, notes.calls = notes.calls, None
    try:
        yield
    finally:
        notes.calls = before


def unless(done: int, function: Callable[..., None], *args: Any) -> None:
    """Calls another kernel if `done`, what the kernel before gave, is 0. This is what an `if` would do, but it can be noted
    when nothing is amiss."""
    calls = notes.calls
    if calls is not None:
        calls.append((function, args, True))
    if not done:
        notes.calls = None
        try:
            function(*args)
        finally:
            notes.calls = calls
