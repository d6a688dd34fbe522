"""Kernels for test_mail.py."""

from typing import Any

from tinyseq.kernels.jit.kernel import kernel
from tinyseq.kernels.runtime.atomics import add_now, read_now, swap_now, write_now
from tinyseq.kernels.runtime.spin_wait import number_of_core


@kernel
def add_one(x: Any) -> None:
    """x[0] += 1."""
    x[0] += 1


@kernel
def add_to(source: Any, target: Any) -> None:
    """target[0] += source[0]."""
    target[0] += source[0]


@kernel
def count(x: Any, times: int) -> None:
    """Adds to x[0] one by one, and 1 to x[1] in the first of several threads."""
    for _ in range(times):
        add_now(x, 0, 1)
    if swap_now(x, 1, 0, 5):
        write_now(x, 1, read_now(x, 1) - 4)


@kernel
def core() -> int:
    """The core of this thread."""
    return number_of_core()  # type: ignore[no-any-return]
