"""Waiting for another thread without going to sleep: waking a sleeping thread takes 20 to 100 us, seeing a number change less
than one. Every TURN looks a waiting thread offers its core to other threads, because the one that it waits for may have no other. After
SPIN looks it sleeps for moments all the same: a core that is idle is where the system puts a thread that waits for
one. And it knows on which core it runs: two threads that stay awake on one core are no faster than one (a prediction of 1.2 ms
took 1.7 in every third process, from its first to its last; 2 cores, Linux).
"""

import sys
from typing import Any

from numba import types
from numba.extending import intrinsic

from tinyseq.kernels.jit.kernel import kernel
from tinyseq.kernels.jit.numba_internals import binding, cgutils, ir, no_value
from tinyseq.kernels.matrix.simd import INT

TURN = 64
"""Looks between two offers of the core."""
SPIN = 8000
"""Looks (of about 25 ns) before a thread that waits goes to sleep, and between two sleeps TURN of them."""
NAP = 50
"""Microseconds of a sleep. Linux makes about 100 of them."""


def pause(builder: Any) -> None:
    """The instruction that marks a waiting loop for the processor: it saves power and yields to its twin."""
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
    """Like pause, in a kernel."""

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
def nap_now(typing: Any) -> Any:
    """Sleeps for NAP microseconds; where the system has no such short sleep (Windows), as give_way."""

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        name, kinds, values = "usleep", [INT], [ir.Constant(INT, NAP)]
        if sys.platform == "win32":
            name, kinds, values = "SwitchToThread", [], []
        builder.call(cgutils.get_or_insert_function(builder.module, ir.FunctionType(INT, kinds), name), values)
        return no_value(context)

    return types.void(), generate


@kernel(part=True)
def wait(looks: int) -> None:
    """After look number `looks` (1, 2 ...) that saw nothing new."""
    pause_now()
    if looks % TURN == 0:
        if looks < SPIN:
            give_way()
        else:
            nap_now()


@intrinsic  # type: ignore[untyped-decorator]
def number_of_core(typing: Any) -> Any:
    """The core on which this thread runs at the moment; -1 where the system has no fast way to ask."""

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        if not sys.platform.startswith("linux"):
            return ir.Constant(ir.IntType(64), -1)
        function = cgutils.get_or_insert_function(builder.module, ir.FunctionType(INT, []), "sched_getcpu")
        return builder.sext(builder.call(function, []), ir.IntType(64))

    return types.int64(), generate
