"""The one decorator that turns a plain Python function over arrays and integers into machine code.

`nogil`: other threads run meanwhile. `cache`: the machine code is kept on disk for the next process.
`error_model="numpy"`: a division by zero gives inf or NaN as in IEEE 754, not an exception.
Compilation waits for the first call: a kernel that is only needed in training costs nothing in prediction.
"""

from collections.abc import Callable
from typing import ParamSpec, TypeVar, cast

from numba import njit

P = ParamSpec("P")
R = TypeVar("R")


def kernel(*, fastmath: frozenset[str] | set[str] | None = None) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Compile a function when it is first called. `fastmath`: LLVM flags to relax, such as {"contract"}.

    Never relax what assumes NaN or inf away ("nnan", "ninf"): they must come out as they went in.
    """

    def compiled(function: Callable[P, R]) -> Callable[P, R]:
        relaxed = set(fastmath) if fastmath else False
        decorate = njit(nogil=True, cache=True, error_model="numpy", fastmath=relaxed)
        return cast(Callable[P, R], decorate(function))

    return compiled
