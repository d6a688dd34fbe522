"""Numbers that several threads read and write: as they are in memory at this moment, and in one order for all threads.

An ordinary read in a loop may be done once for all rounds, an ordinary write later than it stands, and two threads that add
to a number at once may lose one of the sums. `array` is int64, `place` an index into it.

    read_now(array, place)                   its number
    write_now(array, place, value)
    add_now(array, place, value)             adds; the number before
    swap_now(array, place, old, new)         writes `new` if the number is `old`; whether it was
"""

from typing import Any

from numba import types
from numba.extending import intrinsic

from tinyseq.kernels.jit.numba_internals import no_value
from tinyseq.kernels.matrix.simd import arguments

ORDER = "seq_cst"
N = types.int64


@intrinsic  # type: ignore[untyped-decorator]
def read_now(typing: Any, array: Any, place: Any) -> Any:
    """array[place]."""

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        data, place = arguments(context, builder, signature, values)
        return builder.load_atomic(builder.gep(data, [place]), ORDER, 8)

    return N(array, N), generate


@intrinsic  # type: ignore[untyped-decorator]
def write_now(typing: Any, array: Any, place: Any, value: Any) -> Any:
    """array[place] = value."""

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        data, place, value = arguments(context, builder, signature, values)
        builder.store_atomic(value, builder.gep(data, [place]), ORDER, 8)
        return no_value(context)

    return types.void(array, N, N), generate


@intrinsic  # type: ignore[untyped-decorator]
def add_now(typing: Any, array: Any, place: Any, value: Any) -> Any:
    """array[place] += value; returns its old value."""

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        data, place, value = arguments(context, builder, signature, values)
        return builder.atomic_rmw("add", builder.gep(data, [place]), value, ORDER)

    return N(array, N, N), generate


@intrinsic  # type: ignore[untyped-decorator]
def swap_now(typing: Any, array: Any, place: Any, old: Any, new: Any) -> Any:
    """array[place] = new if it is `old`; returns whether it was."""

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        data, place, old, new = arguments(context, builder, signature, values)
        return builder.extract_value(builder.cmpxchg(builder.gep(data, [place]), old, new, ORDER, ORDER), 1)

    return types.boolean(array, N, N, N), generate
