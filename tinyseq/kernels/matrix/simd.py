"""Vectors of this machine: the floats of one register, and helpers to write LLVM code with them.

A processor adds or multiplies one *vector* of floats at a time: 4 of them (SSE, NEON), 8 (AVX) or 16 (AVX-512). Numba
compiles plain loops to such instructions if it can prove that this is correct; the register tile (register_tile.py) and the Winograd
transforms (winograd_transforms.py) are too intricate for that, so they are written in LLVM's own language (its
"intermediate representation", IR), by the methods of `Emitter` below. An @intrinsic of numba is a Python function that
runs while a kernel is compiled and writes such code in place of its call.

Multiply-add is `llvm.fmuladd`: one instruction where the processor has it, two where it has not. (`llvm.fma` insists on
one rounding and calls a slow library function on older processors: 71 against 0.85 GFLOP/s.) Nothing here checks bounds.
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from numba import config

from tinyseq.kernels.jit.numba_internals import PLAIN_NUMBA, array_data, binding, cgutils, get_host_cpu_features, ir, no_value


class Registers(NamedTuple):
    """The vector unit of a processor: floats in one register, and the number of registers."""

    lanes: int
    number: int


def registers() -> Registers:
    """The vector registers of the processor that numba compiles for: NUMBA_CPU_FEATURES or this one's.

    The latter are those of numba, which omits AVX on its first processors, and with NUMBA_ENABLE_AVX=0.
    """
    if PLAIN_NUMBA:  # there are no register tiles
        return Registers(4, 16)
    chosen: str | None = getattr(config, "CPU_FEATURES", None)
    features: str = get_host_cpu_features() if chosen is None else chosen
    has = {word[1:] for word in features.split(",") if word.startswith("+")}
    if "avx512f" in has:
        return Registers(16, 32)
    if "avx" in has:
        return Registers(8, 16)
    arm = binding.get_process_triple().startswith(("aarch64", "arm64"))
    return Registers(4, 32 if arm else 16)


LANES = registers().lanes
"""Floats in a vector."""

FLOAT, INT, INDEX = ir.FloatType(), ir.IntType(32), ir.IntType(64)
VECTOR = ir.VectorType(FLOAT, LANES)
MASK = ir.VectorType(ir.IntType(1), LANES)
FLOATS = FLOAT.as_pointer()
INDICES = INDEX.as_pointer()
ZERO = ir.Constant(VECTOR, [0.0] * LANES)


class Emitter:
    """Writes LLVM code at the builder's place. Addresses are typed pointers; offsets count elements, not bytes."""

    def __init__(self, builder: Any) -> None:
        self.builder = builder

    def at(self, pointer: Any, offset: Any) -> Any:
        """The address `offset` elements further."""
        return self.builder.gep(pointer, [offset if isinstance(offset, ir.Value) else ir.Constant(INDEX, offset)])

    def load(self, pointer: Any, mask: Any = None) -> Any:
        """Loads LANES floats from `pointer` on; with a mask, 0 in the other lanes, whose memory is not read."""
        vectors = self.builder.bitcast(pointer, VECTOR.as_pointer())
        if mask is None:
            return self.builder.load(vectors, align=4)
        kind = ir.FunctionType(VECTOR, [VECTOR.as_pointer(), INT, MASK, VECTOR])
        masked = cgutils.get_or_insert_function(self.builder.module, kind, f"llvm.masked.load.v{LANES}f32.p0")
        return self.builder.call(masked, [vectors, ir.Constant(INT, 4), mask, ZERO])

    def store(self, value: Any, pointer: Any, mask: Any = None) -> None:
        """Stores LANES floats at `pointer`; with a mask, only those lanes."""
        vectors = self.builder.bitcast(pointer, VECTOR.as_pointer())
        if mask is None:
            self.builder.store(value, vectors, align=4)
            return
        kind = ir.FunctionType(ir.VoidType(), [VECTOR, VECTOR.as_pointer(), INT, MASK])
        masked = cgutils.get_or_insert_function(self.builder.module, kind, f"llvm.masked.store.v{LANES}f32.p0")
        self.builder.call(masked, [value, vectors, ir.Constant(INT, 4), mask])

    def splat(self, scalar: Any, lanes: Any = VECTOR) -> Any:
        """The same value in every lane."""
        nothing = ir.Constant(lanes, ir.Undefined)
        first = self.builder.insert_element(nothing, scalar, ir.Constant(INT, 0))
        return self.builder.shuffle_vector(first, nothing, ir.Constant(ir.VectorType(INT, LANES), [0] * LANES))

    def first(self, count: Any) -> Any:
        """The mask of the first `count` lanes: none if count <= 0, all if count >= LANES."""
        numbers = ir.Constant(ir.VectorType(INDEX, LANES), list(range(LANES)))
        return self.builder.icmp_signed("<", numbers, self.splat(count, ir.VectorType(INDEX, LANES)))

    def multiply_add(self, a: Any, b: Any, c: Any) -> Any:
        """a * b + c."""
        kind = ir.FunctionType(VECTOR, [VECTOR] * 3)
        fused = cgutils.get_or_insert_function(self.builder.module, kind, f"llvm.fmuladd.v{LANES}f32")
        return self.builder.call(fused, [a, b, c])

    def times(self, offset: Any, factor: int) -> Any:
        """offset * factor."""
        return self.builder.mul(offset, ir.Constant(INDEX, factor))

    def relu(self, value: Any) -> Any:
        """0 where value < 0. NaN is not below 0: it stays."""
        return self.builder.select(self.builder.fcmp_ordered("<", value, ZERO), ZERO, value)


def call(
    context: Any, builder: Any, name: str, kinds: Sequence[Any], body: Callable[..., Any], values: Any, result: Any = None
) -> Any:  # fmt: skip
    """Calls the LLVM function `name`, written by `body(builder, *arguments)` when a module first needs it.

    A separate function instead of inlined code: a kernel that uses the tile at five places compiles it once. It
    returns nothing, or what `body` returns, which is of the LLVM type `result`.
    """
    module = builder.module
    function = module.globals.get(name)
    if function is None:
        function = ir.Function(module, ir.FunctionType(result or ir.VoidType(), kinds), name)
        function.linkage = "internal"
        function.attributes.add("noinline")  # inlined, the tile loses registers for its loop to what is around it (1.05x)
        inside = ir.IRBuilder(function.append_basic_block("entry"))
        value = body(inside, *function.args)
        inside.ret(value) if result else inside.ret_void()
    returned = builder.call(function, values)
    return returned if result else no_value(context)


def join(builder: Any, values: dict[Any, Any]) -> Any:
    """The value from the block that ran before (LLVM's phi)."""
    phi = builder.phi(next(iter(values.values())).type)
    for block, value in values.items():
        phi.add_incoming(value, block)
    return phi


def repeat(
    builder: Any, start: Sequence[Any], go_on: Callable[[list[Any]], Any], body: Callable[[list[Any]], list[Any]]
) -> list[Any]:  # fmt: skip
    """The values after `while go_on(values): values = body(values)`, from `start` on. They stay in registers."""
    before = builder.block
    head, inside, after = (builder.append_basic_block(name) for name in ("while", "do", "done"))
    builder.branch(head)
    builder.position_at_end(head)
    values = [join(builder, {before: value}) for value in start]
    builder.cbranch(go_on(values), inside, after)
    builder.position_at_end(inside)
    changed = body(values)
    for old, new in zip(values, changed, strict=True):
        old.add_incoming(new, builder.block)
    builder.branch(head)
    builder.position_at_end(after)
    return values


def count_up(builder: Any, stop: Any, step: int, start: Sequence[Any], body: Callable[[Any, list[Any]], list[Any]]) -> list[Any]:
    """The values after `for i in range(0, stop, step): values = body(i, values)`, from `start` on."""

    def one(values: list[Any]) -> list[Any]:
        i, *others = values
        return [builder.add(i, ir.Constant(INDEX, step)), *body(i, others)]

    zero = ir.Constant(INDEX, 0)
    return repeat(builder, [zero, *start], lambda v: builder.icmp_signed("<", v[0], stop), one)[1:]


def arguments(context: Any, builder: Any, signature: Any, values: Any) -> list[Any]:
    """The arguments of an intrinsic as LLVM values: arrays as pointers to their first element, integers as they are."""
    plain = []
    for kind, value in zip(signature.args, values, strict=True):
        plain.append(array_data(context, builder, kind, value) if hasattr(kind, "dtype") else value)
    return plain
