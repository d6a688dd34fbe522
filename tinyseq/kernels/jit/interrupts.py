"""Ctrl-C at a wrong moment: it is deferred until an indivisible operation is complete."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any


class Deferred:
    """The handler of Ctrl-C meanwhile: keeps the first one for later, passes a second one on at once."""

    def __init__(self, handler: Callable[[int, FrameType | None], Any]) -> None:
        self.handler = handler
        self.first: tuple[int, FrameType | None] | None = None

    def __call__(self, number: int, frame: FrameType | None) -> None:
        if self.first is None:
            self.first = number, frame
        else:
            self.handler(number, frame)


_inside = False
"""Whether the main thread is in such a block."""


@contextmanager
def defer_interrupt() -> Iterator[None]:
    """A Ctrl-C inside the block is raised at its end (KeyboardInterrupt, unless the program has its own handler). For

    short operations that must not be interrupted: weight updates and compilations (numba turns it into a RuntimeError). Only the main
    thread is ever interrupted, so other threads have nothing to defer.
    """
    global _inside
    if _inside or threading.current_thread() is not threading.main_thread():
        yield
        return
    handler = signal.getsignal(signal.SIGINT)
    if not callable(handler):
        yield
        return
    deferred, _inside = Deferred(handler), True
    signal.signal(signal.SIGINT, deferred)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, handler)
        _inside = False
        if deferred.first is not None:
            handler(*deferred.first)
