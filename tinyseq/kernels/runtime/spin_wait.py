"""Waiting for another thread without going to sleep: to wake a sleeping thread takes 20 to 100 us, to see a number change
less than one. What waits here holds no lock of Python's.

`change(place, seen, times)` looks at place[0] until it is no longer `seen`, at most `times` times (about 25 ns each). Every
so often it offers its core to the system's other threads: the one that it waits for may have no other. And if that one was
last seen on this very core (place[1], see `core`), it gives up: a thread that goes to sleep is woken on a core that is
free, but one that stays awake stays where it is, and two threads on one core are no faster than one (a prediction of
1.2 ms took 1.7 in every third process, from its first to its last; 2 cores, Linux).
"""

import sys
from typing import Any

import numpy as np
from numba import types
from numba.extending import intrinsic
from numpy.typing import NDArray

from tinyseq.kernels.jit.kernel import kernel
from tinyseq.kernels.jit.numba_internals import JIT_DISABLED, PLAIN_NUMBA, binding, cgutils, ir, no_value
from tinyseq.kernels.matrix.simd import INT
from tinyseq.kernels.runtime.atomics import read_now

TURN = 64
"""Looks between two offers of the core."""


def pause(builder: Any) -> None:
    """The instruction by which a processor is told that this is a waiting loop: it saves power and yields to its twin."""
    architecture = binding.get_process_triple().split("-")[0]
    if architecture in ("x86_64", "i686", "i386"):
        name, kinds, values = "llvm.x86.sse2.pause", [], []
    elif architecture in ("aarch64", "arm64"):
        name, kinds, values = "llvm.aarch64.hint", [INT], [ir.Constant(INT, 1)]  # yield
    else:
        return
    builder.call(cgutils.get_or_insert_function(builder.module, ir.FunctionType(ir.VoidType(), kinds), name), values)


@intrinsic  # type: ignore[untyped-decorator]
def pause_now(typing: Any) -> Any:
    """As pause, in a kernel."""

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        pause(builder)
        return no_value(context)

    return types.void(), generate


@intrinsic  # type: ignore[untyped-decorator]
def give_way(typing: Any) -> Any:
    """Lets the system's other threads run on this core, if any wants to."""

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        name = "SwitchToThread" if sys.platform == "win32" else "sched_yield"
        builder.call(cgutils.get_or_insert_function(builder.module, ir.FunctionType(INT, []), name), [])
        return no_value(context)

    return types.void(), generate


@intrinsic  # type: ignore[untyped-decorator]
def number_of_core(typing: Any) -> Any:
    """The core on which this thread runs at the moment; -1 where the system has no quick word for it."""

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        if not sys.platform.startswith("linux"):
            return ir.Constant(ir.IntType(64), -1)
        function = cgutils.get_or_insert_function(builder.module, ir.FunctionType(INT, []), "sched_getcpu")
        return builder.sext(builder.call(function, []), ir.IntType(64))

    return types.int64(), generate


@kernel(often=True)
def core_compiled() -> int:
    """As number_of_core."""
    return number_of_core()  # type: ignore[no-any-return]


def core_plain() -> int:
    """The twin: no core is known."""
    return -1


@kernel(often=True)
def change_compiled(place: NDArray[np.int64], seen: int, times: int) -> bool:
    """True as soon as place[0] is not `seen`; False if it stays so for `times` looks, or place[1] is this thread's core."""
    for look in range(times):
        pause_now()
        if read_now(place, 0) != seen:
            return True
        if look % TURN == TURN - 1:
            if place[1] == number_of_core() >= 0:
                return False
            give_way()
    return False


def change_plain(place: NDArray[np.int64], seen: int, times: int) -> bool:
    """The twin: looks once, because a loop in Python would hold Python's lock against the thread that it waits for."""
    return int(place[0]) != seen


change, core = (change_plain, core_plain) if JIT_DISABLED or PLAIN_NUMBA else (change_compiled, core_compiled)
