"""Calls of kernels noted once and made again, one after the other, without Python in between.

A kernel called from Python finds out what each argument is, lets go of Python's lock, computes, and takes the lock again.
Two threads that do so a hundred times in a step stand in each other's way: a thread that finds the lock taken goes to
sleep, and to be woken takes longer than many a kernel (guide's convnet, 8 pictures, 2 threads: 40 sleeps a step each).
The calls of a model are the same again and again, though; only the caller's arrays lie elsewhere. So the engine notes them:

    with noting() as calls:      # see recording.py
        layer.forward(...)
    bound = [bind(*call) for call in calls]
    play(*packed(bound), 0, len(bound), 1)   # the same calls again, from one loop of machine code

`bind` writes down the numbers of a call, with which the kernel's door makes it: see entry_points.py.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np
from numba import types
from numba.extending import intrinsic
from numpy.typing import NDArray

from tinyseq.kernels.jit.entry_points import DOOR, RAISED, address_of_door, is_flat, writer
from tinyseq.kernels.jit.kernel import kernel
from tinyseq.kernels.jit.numba_internals import PLAIN_TWINS
from tinyseq.kernels.matrix.simd import arguments


class Bound(NamedTuple):
    """A call: kernel and signature, the address of its door, the numbers, (place among them, array) of arrays, and whether it is
    made only if the call before gave 0 (noting.unless; it may then have no door as yet, 0)."""

    kernel: Any
    signature: tuple[Any, ...]
    door: int
    numbers: list[int]
    arrays: list[tuple[int, NDArray[Any]]]
    conditional: bool

    @property
    def made(self) -> tuple[Any, ...]:
        """What two calls that are the same have in common."""
        return self.kernel, self.signature, tuple(self.numbers), self.conditional


def can_play() -> bool:
    """False where kernels are not compiled, or are to raise IndexError: that takes Python."""
    return not PLAIN_TWINS


def bind(function: Any, given: tuple[Any, ...], conditional: bool) -> Bound | None:
    """A call as it was noted, to be made again; None if it cannot be (its arguments or its result are of other kinds)."""
    signature = tuple([function.typeof_pyval(value) for value in given])
    code = function.overloads.get(signature)
    door = 0 if code is None else address_of_door(code)
    if (door == 0 and not (conditional and code is None)) or not all(map(is_flat, signature)):
        return None
    numbers: list[int] = []
    arrays: list[tuple[int, NDArray[Any]]] = []
    for kind, value in zip(signature, given, strict=True):
        writer(kind)(value, numbers, arrays)
    return Bound(function, signature, door, numbers, arrays, conditional)


@intrinsic  # type: ignore[untyped-decorator]
def call(typing: Any, function: Any, numbers: Any, start: Any) -> Any:
    """function(&numbers[start]), where function is the address of a door."""

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        address, data, start = arguments(context, builder, signature, values)
        return builder.call(builder.inttoptr(address, DOOR.as_pointer()), [builder.gep(data, [start])])

    return types.int64(types.int64, numbers, types.int64), generate


@kernel(often=True)
def play(calls: NDArray[np.int64], numbers: NDArray[np.int64], first: int, last: int, done: int) -> int:
    """Makes calls first..last-1, rows of `calls`: (address of the door, where in `numbers` its own begin, conditional?).

    `done`: what the call before gave. Returns `last`; or i, if call i is to be made but its kernel has no door yet; or
    -1 - i, if call i raised an exception.
    """
    for i in range(first, last):
        if calls[i, 2] != 0:
            if done != 0:
                continue
            if calls[i, 0] == 0:
                return i
        done = call(calls[i, 0], numbers, calls[i, 1])
        if done == RAISED:
            return -1 - i
    return last


def packed(bound: Iterable[Bound]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """(calls, numbers) as `play` takes them."""
    calls: list[tuple[int, int, int]] = []
    numbers: list[int] = []
    for one in bound:
        calls.append((one.door, len(numbers), int(one.conditional)))
        numbers += one.numbers
    return np.array(calls, np.int64).reshape(-1, 3), np.array(numbers, np.int64)
