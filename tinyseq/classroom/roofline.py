"""The roof of this machine: how many multiply-adds one thread makes in a second, and how many bytes it moves to and from memory.

    peak()                            thousand millions of multiply-adds in a second, if nothing but registers is used
    bandwidth()                       thousand millions of bytes in a second, read and written in an array larger than every cache
    pace(macs, function, *arguments)  how fast a function makes so many multiply-adds

Each is of the fastest of several runs, because disturbances only slow down.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np
from numba import types
from numba.extending import intrinsic
from numpy.typing import NDArray

from tinyseq.kernels.jit.kernel import kernel
from tinyseq.kernels.jit.numba_internals import PLAIN_TWINS, ir
from tinyseq.kernels.matrix.simd import INDEX, LANES, VECTOR, Emitter, call, repeat

Floats = NDArray[np.float32]
SUMS = 12
"""Sums in flight: a multiply-add takes 4 cycles and two begin in each, so 8 keep both units busy; 12 fit in 16 registers."""
ROUNDS = 1_000_000
TIME_SLICE = 0.003
"""Seconds that a program runs before the system lets others run, on a busy Linux."""
LARGE = 1 << 26
"""Bytes of the array: 64 MiB, more than the caches of most machines."""


@kernel(fastmath={"contract"})
def chain_plain(rounds: int) -> np.float32:
    """SUMS * LANES sums, `rounds` multiply-adds each, in plain loops: the twin of `chain`. A sum is loaded and stored once in 16 rounds."""
    sums = np.ones(SUMS * LANES, np.float32)
    half, quarter = np.float32(0.5), np.float32(0.25)
    for _ in range(rounds // 16):
        for i in range(sums.size):
            value = sums[i]
            for _ in range(16):
                value = value * half + quarter
            sums[i] = value
    for _ in range(rounds % 16):
        for i in range(sums.size):
            sums[i] = sums[i] * half + quarter
    return np.float32(sums[0])


def write_chain(builder: Any, rounds: Any) -> Any:
    """The loop: SUMS vectors, each multiplied and added to in every round, which no instruction writes to memory."""
    e = Emitter(builder)
    half, quarter, one = (ir.Constant(VECTOR, [value] * LANES) for value in (0.5, 0.25, 1.0))
    values = repeat(
        builder,
        [ir.Constant(INDEX, 0), *[builder.fadd(one, ir.Constant(VECTOR, [float(i)] * LANES)) for i in range(SUMS)]],
        lambda values: builder.icmp_signed("<", values[0], rounds),
        lambda values: [builder.add(values[0], ir.Constant(INDEX, 1)), *[e.multiply_add(v, half, quarter) for v in values[1:]]],
    )
    total = values[1]
    for value in values[2:]:
        total = builder.fadd(total, value)
    return builder.extract_element(total, ir.Constant(ir.IntType(32), 0))


@intrinsic  # type: ignore[untyped-decorator]
def chain_of_vectors(typing: Any, rounds: Any) -> Any:
    """chain_plain in vector registers."""

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        return call(context, builder, f"chain_{SUMS}x{LANES}", [INDEX], write_chain, values, ir.FloatType())

    return types.float32(types.int64), generate


@kernel
def chain(rounds: int) -> np.float32:
    """The sum of the first lanes after `rounds` multiply-adds in each of SUMS vectors."""
    return chain_of_vectors(rounds)  # type: ignore[no-any-return]


@kernel
def scale(numbers: Floats, factor: np.float32) -> None:
    """Each number times a factor: 4 bytes are read and 4 written for one product, so that memory is what it waits for."""
    for i in range(numbers.size):
        numbers[i] *= factor


def seconds(function: Callable[..., object], *arguments: Any, about: float = 0.3) -> float:
    """How long a function of one thread takes: the fastest of the runs that fit in `about` seconds, after one that compiles.

    A run that is longer than the system's time slice is interrupted by other programs each time: then the thread's own time counts.
    """
    function(*arguments)
    start, own, best, runs = time.perf_counter(), time.thread_time(), float("inf"), 0
    while runs == 0 or time.perf_counter() < start + about:
        before = time.perf_counter()
        function(*arguments)
        best, runs = min(best, time.perf_counter() - before), runs + 1
    return min(best, (time.thread_time() - own) / runs) if best > TIME_SLICE else best


def pace(macs: int, function: Callable[..., object], *arguments: Any) -> float:
    """GMAC/s: thousand millions of multiply-adds in a second, of a function that makes `macs` of them."""
    return macs / seconds(function, *arguments) / 1e9


def peak() -> float:
    """GMAC/s of one thread at most: of a loop that does nothing but multiply and add, in registers."""
    return pace(ROUNDS * SUMS * LANES, chain_plain if PLAIN_TWINS else chain, ROUNDS)


def bandwidth() -> float:
    """GB/s: thousand millions of bytes that one thread reads from memory or writes there in a second."""
    numbers = np.ones(LARGE // 4, np.float32)
    return 2 * numbers.nbytes / seconds(scale, numbers, np.float32(1)) / 1e9
