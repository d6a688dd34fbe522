"""Requesting memory before it is needed: `prefetch(array, index)` starts loading the cache line of array[index].

A transform waits for images in main memory, and a product of matrices leaves the memory idle. So while one
block's products are computed, the pixels of the next block are requested (8 images of 123x123x32, 15 MB: 9.1 ms without,
7.4 ms with, and 7.2 where all lies in the caches; Zen 4, one thread). It changes no number.
"""

from typing import Any

from numba import types
from numba.extending import intrinsic

from tinyseq.kernels.jit.kernel import kernel
from tinyseq.kernels.jit.numba_internals import PLAIN_TWINS, cgutils, ir, no_value
from tinyseq.kernels.matrix.simd import INT, Emitter, arguments

LINE = 16
"""Floats in a cache line."""
READ, SECOND_LEVEL, DATA = 0, 2, 1
"""The arguments of llvm.prefetch.

Lines to be written are fetched as for reading: no other core has them, so they can be changed at once.
"""


@kernel
def prefetch_plain(array: Any, index: int) -> None:
    """Does nothing: used if intrinsics cannot run."""


def write_prefetch(builder: Any, pointer: Any) -> None:
    """Writes the instruction for the line that `pointer` points into."""
    address = builder.bitcast(pointer, ir.IntType(8).as_pointer())
    kind = ir.FunctionType(ir.VoidType(), [address.type, INT, INT, INT])
    function = cgutils.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0")
    builder.call(function, [address, *(ir.Constant(INT, word) for word in (READ, SECOND_LEVEL, DATA))])


@intrinsic  # type: ignore[untyped-decorator]
def prefetch_line(typing: Any, array: Any, index: Any) -> Any:
    """Loads the line of array[index] into the second-level cache. A hint: an unreadable address is not an error."""

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        pointer, place = arguments(context, builder, signature, values)
        write_prefetch(builder, Emitter(builder).at(pointer, place))
        return no_value(context)

    return types.void(array, types.int64), generate


prefetch = prefetch_plain if PLAIN_TWINS else prefetch_line
