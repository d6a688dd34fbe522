"""Asking for memory before it is needed: the cache line comes while something else is computed.

A hint only: it changes no number, and an address that cannot be read is no error.
"""

from typing import Any

import numpy as np
from llvmlite import ir
from numba import config
from numba.core import cgutils, types
from numba.extending import intrinsic
from numpy.typing import NDArray

from tinyseq.kernels.compile import kernel
from tinyseq.kernels.simd import INT, Emitter, arguments

Floats = NDArray[np.float32]
LINE = 16
"""Floats in a cache line."""
READ, SECOND_LEVEL, DATA = 0, 2, 1
"""What llvm.prefetch is told. Lines to be written are read as well: no other core has them, so they come ready to be changed."""


@intrinsic  # type: ignore[untyped-decorator]
def prefetch_line(typing: Any, array: Any, index: Any) -> Any:
    """Brings the line of array[index] into the second-level cache."""

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        place = builder.bitcast(Emitter(builder).at(*arguments(context, builder, signature, values)), BYTES)
        kind = ir.FunctionType(ir.VoidType(), [BYTES, INT, INT, INT])
        hint = cgutils.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0")
        builder.call(hint, [place, *(ir.Constant(INT, word) for word in (READ, SECOND_LEVEL, DATA))])
        return context.get_dummy_value()

    return types.void(array, types.int64), generate


BYTES = ir.IntType(8).as_pointer()


@kernel
def nothing(array: Floats, index: int) -> None:
    """The stand-in where numba compiles nothing."""


prefetch = nothing if getattr(config, "DISABLE_JIT", 0) or getattr(config, "BOUNDSCHECK", 0) else prefetch_line
