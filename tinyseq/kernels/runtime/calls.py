"""How kernels are called: at once, or recorded and called later (tape.py). A function of

several kernels is a plain Python function over a `Calls`, marked `composed`:

    @composed
    def forward(calls, x, y, ...):
        calls.call(first_kernel, x, ...)
        calls.call_unless(second_kernel, x, ...)     # made only if the call before returned 0

Called by itself, forward(x, y, ...), it makes the calls at once; `calls.call(forward, x, y, ...)` hands them to `calls`.
"""

import os
from collections.abc import Callable
from functools import cache, wraps
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

NO_MEMORY = "a kernel could not allocate memory: reduce the batch, or use a machine with more memory"
"""The only reason for which a kernel raises."""


stepping = os.environ.get("TINYSEQ_STEP", "0") not in ("", "0")
"""Whether the environment requested steps in Python when this module was imported: to look takes a microsecond, in each call."""


def steps_in_python() -> bool:
    """Whether kernels are called one by one from Python: with TINYSEQ_STEP=1, and where they have no entry points (they are not
    compiled, check bounds, or are compiled by plain njit)."""
    return stepping or without_entry_points()


@cache
def without_entry_points() -> bool:
    """Whether kernels have none."""
    from tinyseq.kernels.jit.numba_internals import PLAIN_TWINS  # numba, which a model that only makes summaries does not need

    return bool(PLAIN_TWINS)


class Calls(Protocol):
    """Receives kernel calls: makes or records them."""

    def call(self, function: Callable[..., Any], *args: Any) -> Any:
        """A kernel, or a function composed of kernels."""

    def call_unless(self, kernel: Callable[..., Any], *args: Any) -> None:
        """A kernel that is called only if the call before returned 0 (a kernel without a result returns 1)."""


class AtOnce:
    """Makes the calls here and now."""

    __slots__ = ("_done",)

    def __init__(self) -> None:
        self._done: Any = None

    def call(self, function: Callable[..., Any], *args: Any) -> Any:
        """Makes the call, or those of a composed function; the result."""
        body = getattr(function, "body", None)
        if body is not None:
            return body(self, *args)
        self._done = function(*args)
        return self._done

    def call_unless(self, kernel: Callable[..., Any], *args: Any) -> None:
        """Makes the call if the one before returned 0."""
        if self._done is not None and not self._done:
            self._done = kernel(*args)


def composed(function: Callable[Concatenate[Any, P], R]) -> Callable[P, R]:
    """Marks a function of several kernel calls: see the module's first lines."""

    @wraps(function)
    def at_once(*args: P.args, **named: P.kwargs) -> R:
        return function(AtOnce(), *args, **named)

    at_once.body = function  # type: ignore[attr-defined]
    return at_once
