"""Kernels for tests of programs: one that writes down what it was given, and such as give something back."""

from typing import Any

from tinyseq.kernels.jit.kernel import kernel


@kernel
def record(flag: bool, small: Any, large: float, nothing: None, sizes: Any, part: Any, target: Any) -> None:
    """All arguments as numbers."""
    target[0], target[1], target[2], target[3] = flag, small, large, nothing is None
    target[4] = 100 * sizes[0] + 10 * sizes[1][0] + sizes[1][1]
    target[5], target[6], target[7] = part[1, 0], part.shape[1], part.strides[0] // part.itemsize


@kernel
def fail_if(x: Any) -> None:
    """Raises an exception if x[0] is not 0."""
    if x[0] != 0:
        raise ValueError("not 0")


@kernel
def as_integer(x: Any) -> int:
    """x[0]."""
    return int(x[0])


@kernel
def add_one(x: Any) -> None:
    """x[0] += 1."""
    x[0] += 1


@kernel
def add_one_now(x: Any) -> None:
    """The same, but another kernel: with code of its own."""
    x[0] += 1


@kernel
def add_one_later(x: Any) -> None:
    """The same, for a test that wants one without code yet."""
    x[0] += 1


@kernel
def add_one_at_last(x: Any) -> None:
    """As add_one_later, for another test."""
    x[0] += 1


@kernel
def as_number(x: Any) -> float:
    """x[0], which is no integer."""
    return float(x[0])


@kernel
def double(x: Any, y: Any) -> None:
    """y = 2 x."""
    for i in range(x.size):
        y[i] = 2 * x[i]
