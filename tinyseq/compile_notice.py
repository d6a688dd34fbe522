"""Explains the wait for the compiler once: the first fit on a machine may pause while kernels are compiled."""

from __future__ import annotations

import sys
import threading
import time
from functools import cache
from typing import Any

PATIENCE = 0.6
"""Total seconds of compiling before the notice."""
WORDS = "tinyseq: compiling kernels, for the first time on this machine (`python -m tinyseq warmup` does it ahead) ..."


class Notice:
    """Listens to the compiler, which works under one lock: starts and ends come in order, those of called functions nested."""

    def __init__(self, patience: float = PATIENCE) -> None:
        self.wanted = False
        self.said = False
        self.patience = patience
        self._depth = 0
        self._began = 0.0
        self._timer: threading.Timer | None = None

    def on_start(self, event: Any) -> None:
        """A function is being compiled (not read from disk)."""
        self._depth += 1
        if self._depth == 1 and self.wanted and not self.said:
            self._began = time.perf_counter()
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
            print(WORDS, file=sys.stderr, flush=True)


@cache
def _notice() -> Notice:
    from tinyseq.kernels.jit.numba_internals import Listener, register

    listening: Any = type("Listening", (Notice, Listener), {})  # numba accepts only its own type
    notice: Notice = listening()
    register("numba:compile", notice)
    return notice


def explain(wanted: bool) -> None:
    """Turns the notice of a long wait for the compiler on, or (verbose=0) off."""
    if wanted or _notice.cache_info().currsize:
        _notice().wanted = wanted
