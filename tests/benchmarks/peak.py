"""What this machine can do at best, measured: multiply-adds in registers, and bytes from and to memory.

Multiply-adds: a loop that touches no memory, of SUMS independent sums of vectors. One sum has to wait for its last
multiply-add (about 4 cycles) before the next can begin; twelve of them keep both units of today's processors busy. The width
of the vectors is tried, not asked for: the widest is not the fastest everywhere.

Memory: the triad a = b + s * c of McCalpin's STREAM benchmark and a copy, over arrays that no cache holds. As there, bytes are
those that the program names, not the line of `a` that the processor reads before it writes to it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from functools import cache, partial
from typing import Any

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.core import cgutils
from numba.extending import intrinsic

WIDTHS = (4, 8, 16)
"""Floats in a vector: SSE and NEON, AVX, AVX-512."""
SUMS = 12
TURNS = 1_000_000
MEMORY = 16_000_000
"""Numbers in each array of the triad: 64 MB."""

FLOAT, COUNT = ir.FloatType(), ir.IntType(64)


@cache
def multiply_adds(width: int) -> Callable[[int, float], float]:
    """A compiled function (turns, x) -> a number that depends on all of them: turns * SUMS vectors of multiply-adds."""

    @intrinsic  # type: ignore[untyped-decorator, unused-ignore]
    def loop(typing: Any, turns: Any, x: Any) -> Any:
        def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
            return _loop(builder, width, *values)

        return types.float32(types.int64, types.float32), generate

    @njit(nogil=True)  # type: ignore[untyped-decorator, unused-ignore]
    def run(turns: int, x: float) -> float:
        return loop(turns, x)  # type: ignore[no-any-return, call-arg, unused-ignore]

    found: Callable[[int, float], float] = run
    return found


def _loop(builder: Any, width: int, turns: Any, x: Any) -> Any:
    """for turn in range(turns): sums[i] = sums[i] * x + x, each sum a vector in a register; the first number of all sums."""
    vector = ir.VectorType(FLOAT, width)
    factor = ir.Constant(vector, ir.Undefined)
    for lane in range(width):
        factor = builder.insert_element(factor, x, ir.Constant(ir.IntType(32), lane))
    kind = ir.FunctionType(vector, [vector] * 3)
    multiply_add = cgutils.get_or_insert_function(builder.module, kind, f"llvm.fmuladd.v{width}f32")
    before = builder.block
    body, after = builder.append_basic_block("body"), builder.append_basic_block("after")
    builder.branch(body)
    builder.position_at_end(body)
    turn = builder.phi(COUNT)
    turn.add_incoming(ir.Constant(COUNT, 0), before)
    sums = [builder.phi(vector) for _ in range(SUMS)]
    new = [builder.call(multiply_add, [old, factor, factor]) for old in sums]
    for place, old in enumerate(sums):
        old.add_incoming(ir.Constant(vector, [0.001 * place] * width), before)
        old.add_incoming(new[place], body)
    following = builder.add(turn, ir.Constant(COUNT, 1))
    turn.add_incoming(following, body)
    builder.cbranch(builder.icmp_signed("<", following, turns), body, after)
    builder.position_at_end(after)
    total = new[0]
    for other in new[1:]:
        total = builder.fadd(total, other)
    return builder.extract_element(total, ir.Constant(ir.IntType(32), 0))


@njit(nogil=True, fastmath={"contract"})  # type: ignore[untyped-decorator, unused-ignore]
def triad(a: Any, b: Any, c: Any, factor: float) -> None:
    """a = b + factor * c."""
    for i in range(a.size):
        a[i] = b[i] + factor * c[i]


def together(calls: Sequence[Callable[[], Any]]) -> float:
    """Seconds that as many threads take for one call each, started at the same moment."""
    gate = threading.Barrier(len(calls) + 1)

    def work(call: Callable[[], Any]) -> None:
        gate.wait()
        call()

    started = [threading.Thread(target=work, args=(call,)) for call in calls]
    for thread in started:
        thread.start()
    gate.wait()
    begin = time.perf_counter()
    for thread in started:
        thread.join()
    return time.perf_counter() - begin


def peak_flops(threads: int, seconds: float = 1.0) -> float:
    """Floating point operations a second in multiply-adds, all threads together; the best of what was seen."""
    best = 0.0
    for width in WIDTHS:
        run = partial(multiply_adds(width), TURNS, 0.5)
        run()
        end = time.perf_counter() + seconds / len(WIDTHS)
        while time.perf_counter() < end:
            took = together([run] * threads)
            best = max(best, 2.0 * width * SUMS * TURNS * threads / took)
    return best


def peak_bandwidth(threads: int, seconds: float = 1.0) -> float:
    """Bytes a second between memory and all threads together; the best of copy and triad."""
    a, b, c = (np.full(MEMORY, value, np.float32) for value in (0, 1, 2))
    factor = np.float32(3)
    triad(a[:1], b[:1], c[:1], factor)
    cuts = [slice(MEMORY * part // threads, MEMORY * (part + 1) // threads) for part in range(threads)]
    kinds = {
        3: [lambda cut=cut: triad(a[cut], b[cut], c[cut], factor) for cut in cuts],
        2: [lambda cut=cut: np.copyto(a[cut], b[cut]) for cut in cuts],
    }
    best, end = 0.0, time.perf_counter() + seconds
    while time.perf_counter() < end:
        for arrays, calls in kinds.items():
            best = max(best, 4.0 * arrays * MEMORY / together(calls))
    return best
