"""Explains the wait for the compiler once: the first fit on a machine may pause while kernels are compiled."""

from __future__ import annotations

import sys
import threading
import time
from functools import cache
from typing import Any

from shapecheck.languages import say

PATIENCE = 0.6
"""Total seconds of compiling before the notice."""


class Notice:
    """Listens to the compiler, which works under one lock: starts and ends come in order, those of called functions nested."""

    def __init__(self, patience: float = PATIENCE) -> None:
        self.wanted = False
        self.said = False
        self.patience = patience
        self._depth = 0
        self._began = 0.0
        self._spent = 0.0
        """Seconds of compiling since the process began."""
        self._closed = False
        self._timer: threading.Timer | None = None

    def on_start(self, event: Any) -> None:
        """A function is being compiled (not read from disk)."""
        self._depth += 1
        if self._depth == 1:
            self._began = time.perf_counter()
        if self._depth == 1 and self.wanted and not self.said:
            self._timer = threading.Timer(max(self.patience, 0.0), self.say)
            self._timer.daemon = True
            self._timer.start()

    def on_end(self, event: Any) -> None:
        """The function was compiled: its time is added to the total."""
        self._depth -= 1
        if self._depth == 0 and self._timer is not None:
            self._timer.cancel()
            self._timer = None
            self.patience -= time.perf_counter() - self._began
        if self._depth == 0:
            self._spent += time.perf_counter() - self._began

    def notify(self, event: Any) -> None:
        """The callback of numba."""
        if event.is_start:
            self.on_start(event)
        elif event.is_end:
            self.on_end(event)

    def say(self) -> None:
        """Prints the notice once in a process, to stderr."""
        if not self.said and sys.stderr is not None:
            self.said = True
            print(_words(), file=sys.stderr, flush=True)


    def close(self) -> None:
        """Once in a process, after the notice: how long it took."""
        if self.said and not self._closed and sys.stderr is not None:
            self._closed = True
            print(_done(max(self._spent, 1)), file=sys.stderr, flush=True)


def _words() -> str:
    return say(
        "training",
        "compiling",
        "tinyseq: compiling kernels, for the first time on this machine (`python -m tinyseq warmup` does it ahead) ...",
    )


def _done(seconds: float) -> str:
    return say("training", "compiled", "tinyseq: compiled in {seconds:.0f} s; next time these kernels come from the cache", seconds=seconds)


@cache
def _notice() -> Notice:
    from tinyseq.kernels.jit.numba_internals import Listener, register

    listening: Any = type("Listening", (Notice, Listener), {})  # numba accepts only its own type
    notice: Notice = listening()
    register("numba:compile", notice)
    return notice


def in_notebook() -> bool:
    """True in a notebook's kernel, where a cell shows nothing while it runs, and a long silence looks like a crash."""
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    return getattr(shell, "kernel", None) is not None


def finished() -> None:
    """Says how long compiling took, once, if the notice was printed."""
    if _notice.cache_info().currsize:
        _notice().close()


def explain(wanted: bool) -> None:
    """Turns the notice of a long wait for the compiler on, or (verbose=0) off; in a notebook it stays on."""
    wanted = wanted or in_notebook()
    if wanted or _notice.cache_info().currsize:
        _notice().wanted = wanted
