"""The register tile, the inner loop of all products: dense layers, convolutions, Winograd, gradients.

    C[outs[r] + j] = start + sum over k of A[rows[r] + taps[k]] * B[k, j]        r < ROWS, j < COLUMNS

Rows are pixels (or samples), columns are filters (or units). For a plain matrix product rows[r] = r * width and
taps[k] = k. For a convolution rows[r] is where the window of pixel r begins and taps[k] is where, from there, the k-th
of the window's numbers lies: *a convolution is a matrix product whose left matrix is never built, only addressed*. The
gradient of the filters exchanges the two tables.

Why a tile: every loaded number of A and B is used in many multiply-adds while C stays in registers. With 6
rows of 2 vectors, 12 sums live in registers, 2 hold B and 1 the broadcast number of A: 15 of AVX's 16. Goto & van de
Geijn (2008), "Anatomy of high-performance matrix multiplication", ACM TOMS 34(3), sections 4 and 6.

A product of any size is made tile by tile (`by_tiles`). B is stored in *panels* of COLUMNS columns, so that a tile reads it
contiguously; a panel is used for all rows before the next one, so it stays in the nearest cache:

    B[k, j] = b[b0 + (j // COLUMNS) * panel + k * step + j % COLUMNS]

These loops are also in LLVM's language: a call for each tile costs 20 cycles, as long as 3 or 4 numbers k (Zen 3), and some
products have only 12 of them: strides of 2 and 3 channels, by Winograd's method (strided_winograd.py), gained 1.13 by this.

Edges: after row `last` a tile repeats row `last`, computed and stored again with the same result; after the last
column nothing is stored. B has room for COLUMNS at every k (see matmul.pack), C need not.

A row or two alone (a batch of 1) would waste most of a tile. For them there is the `line`: one row of LINE columns, out of
PANELS panels of B, because the few sums of two vectors would wait for each other. All add in the order of k: the
division of rows between them, or between threads, does not change the result, bit for bit.
"""

from collections.abc import Sequence
from functools import partial
from itertools import chain
from typing import Any

import numpy as np
from numba import types
from numba.extending import intrinsic
from numpy.typing import NDArray

from tinyseq.kernels.jit.kernel import kernel
from tinyseq.kernels.jit.numba_internals import PLAIN_TWINS, ir
from tinyseq.kernels.matrix.simd import FLOATS, INDEX, INDICES, LANES, ZERO, Emitter, arguments, call, join, registers, repeat

VECTORS = 2
COLUMNS = VECTORS * LANES
"""Columns of the tile."""
ROWS = 8 if registers().number == 32 else (registers().number - 2 * VECTORS) // VECTORS
"""Rows of the tile. Of 16 registers 12 hold sums. With 32 there could be 24 sums, but LLVM loads all broadcasts of a step
before it multiplies, and 12 rows then overflow the registers: 8 rows reach 200 GFLOP/s, 12 reach 106 (Xeon, AVX-512)."""

SMALL = 4
"""Rows of the small tile, for rows left over from whole ones (matmul.cut). Fewer would be slower, because a multiply-add takes 4 cycles and
two begin in each: 8 sums keep both units busy. 32 rows are four tiles of 6 and two of 4 (32 numbers each: 1.25 times as fast as by
five tiles and two lines); 16 of 9216 numbers are two and one (1.1 times as fast as by three). Zen 3, one thread."""

PANELS = 3 if LANES == 4 and registers().number == 16 else 4
"""Panels of the line. SSE multiplies into a register that it has loaded, and for an Atom LLVM loads all of a step before it
multiplies: 8 sums, 8 loaded and the broadcast overflow 16 registers (1 x 784 x 128: 12.7 us with 4 panels, 8.7 with 3)."""
LINE = PANELS * COLUMNS
"""Columns of the line."""

ADD, BIAS, RELU = 1, 2, 4
"""Flags: start from C instead of 0; start from bias[j]; finally 0 for negative values."""

Floats = NDArray[np.float32]
Offsets = NDArray[np.int64]


@kernel
def product_plain(
    a: Floats, a0: int, rows: Offsets, first: int, last: int, taps: Offsets, tap: int, count: int, b: Floats, b0: int,
    step: int, panel: int, c: Floats, c0: int, outs: Offsets, columns: int, bias: Floats, bias0: int, flags: int,
) -> None:  # fmt: skip
    """Rows first..last in plain loops: the twin of by_tiles and by_lines, used if intrinsics cannot run."""
    for r in range(first, last + 1):
        for j in range(columns):
            total = np.float32(0)
            if flags & ADD:
                total = c[c0 + outs[r] + j]
            elif flags & BIAS:
                total = bias[bias0 + j]
            for k in range(count):
                total += a[a0 + rows[r] + taps[tap + k]] * b[b0 + j // COLUMNS * panel + k * step + j % COLUMNS]
            c[c0 + outs[r] + j] = np.float32(0) if flags & RELU and total < 0 else total


def product(height: int, panels: int, vectors: int = VECTORS) -> Any:
    """The intrinsic that computes what product_plain does in tiles of `height` rows and so many panels, in vector registers.

    vectors: of a single panel only so many are computed; there are no more columns then.
    """

    @intrinsic  # type: ignore[untyped-decorator]
    def apply(
        typing: Any, a: Any, a0: Any, rows: Any, first: Any, last: Any, taps: Any, tap: Any, count: Any, b: Any, b0: Any,
        step: Any, panel: Any, c: Any, c0: Any, outs: Any, columns: Any, bias: Any, bias0: Any, flags: Any,
    ) -> Any:  # fmt: skip
        n = types.int64
        signature = types.void(a, n, rows, n, n, taps, n, n, b, n, n, n, c, n, outs, n, bias, n, n)

        def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
            e = Emitter(builder)
            (a, a0, rows, first, last, taps, tap, count, b, b0, step, panel, c, c0, outs, columns, bias, bias0, flags) = (
                arguments(context, builder, signature, values)
            )
            places = [e.at(a, a0), rows, first, last, e.at(taps, tap), count, e.at(b, b0), step, panel, e.at(c, c0), outs]
            kinds = [
                FLOATS, INDICES, INDEX, INDEX, INDICES, INDEX, FLOATS, INDEX, INDEX, FLOATS, INDICES, INDEX, FLOATS, INDEX
            ]  # fmt: skip
            body = partial(write_product, height, panels, vectors)
            values = [*places, columns, e.at(bias, bias0), flags]
            return call(context, builder, f"tiles_{height}x{panels * vectors * LANES}", kinds, body, values)

        return signature, generate

    return apply


by_tiles = product_plain if PLAIN_TWINS else product(ROWS, 1)
"""The product that kernels call."""
by_small_tiles = product_plain if PLAIN_TWINS else product(SMALL, 1)
"""In small tiles."""
by_narrow_tiles = product_plain if PLAIN_TWINS else product(ROWS, 1, 1)
"""Of at most LANES columns, which half a tile holds: 16 filters (256 rows, 144 numbers: 8.2 us, 13.1 by whole tiles; Xeon, AVX-512)."""
by_lines = product_plain if PLAIN_TWINS else product(1, PANELS)
"""In lines."""


def write_product(
    height: int, panels: int, vectors: int, builder: Any, a: Any, rows: Any, first: Any, last: Any, taps: Any, count: Any, b: Any,
    step: Any, panel: Any, c: Any, outs: Any, columns: Any, bias: Any, flags: Any,
) -> None:  # fmt: skip
    """The body of the product's LLVM function: for each strip of panels, for each tile of rows."""
    e = Emitter(builder)
    width = panels * vectors * LANES

    def strip(values: list[Any]) -> list[Any]:
        left, b, c, bias = values
        masks = [e.first(builder.sub(left, ir.Constant(INDEX, v * LANES))) for v in range(panels * vectors)]
        full = builder.icmp_signed(">=", left, ir.Constant(INDEX, width))
        b_panels = [b]
        for p in range(1, panels):  # after the last panel, the same again
            there = builder.icmp_signed(">", left, ir.Constant(INDEX, p * COLUMNS))
            b_panels.append(builder.select(there, e.at(b_panels[-1], panel), b_panels[-1]))

        def tile(values: list[Any]) -> list[Any]:
            [row] = values
            addresses = []
            for r in range(height):
                place = builder.add(row, ir.Constant(INDEX, r))
                place = builder.select(builder.icmp_signed("<", place, last), place, last)
                addresses.append((e.at(a, builder.load(e.at(rows, place))), e.at(c, builder.load(e.at(outs, place)))))
            a_rows, c_rows = zip(*addresses, strict=True)
            sums = multiply_loop(e, a_rows, taps, count, b_panels, step, start_values(e, c_rows, bias, flags, full, masks))
            store(e, finish(e, sums, flags), c_rows, full, masks)
            return [builder.add(row, ir.Constant(INDEX, height))]

        repeat(builder, [first], lambda values: builder.icmp_signed("<=", values[0], last), tile)
        return [builder.sub(left, ir.Constant(INDEX, width)), e.at(b, e.times(panel, panels)), e.at(c, width), e.at(bias, width)]

    repeat(builder, [columns, b, c, bias], lambda values: builder.icmp_signed(">", values[0], ir.Constant(INDEX, 0)), strip)


def store(e: Emitter, sums: list[list[Any]], c_rows: Sequence[Any], full: Any, masks: list[Any]) -> None:
    """Stores whole rows if `full`, else the lanes of the masks."""
    with e.builder.if_else(full) as (whole, part):
        for branch, mask in ((whole, [None] * len(masks)), (part, masks)):
            with branch:
                for place, values in zip(c_rows, sums, strict=True):
                    for v, value in enumerate(values):
                        e.store(value, e.at(place, v * LANES), mask[v])


def finish(e: Emitter, sums: list[list[Any]], flags: Any) -> list[list[Any]]:
    """0 for negative values, if the flags have RELU."""
    builder = e.builder
    relu = builder.icmp_signed("!=", builder.and_(flags, ir.Constant(INDEX, RELU)), ir.Constant(INDEX, 0))
    before = builder.block
    with builder.if_then(relu):
        bounded = [[e.relu(value) for value in line] for line in sums]
        inside = builder.block
    pairs = [zip(*lines, strict=True) for lines in zip(sums, bounded, strict=True)]
    return [[join(builder, {before: old, inside: new}) for old, new in line] for line in pairs]


def start_values(e: Emitter, c_rows: Sequence[Any], bias: Any, flags: Any, full: Any, masks: list[Any]) -> list[list[Any]]:
    """The vectors to start the sums of each row from: zero, the bias, or what C contains."""
    builder = e.builder
    height, width = len(c_rows), len(masks)
    entry, end = builder.block, builder.append_basic_block("start")
    blocks = {name: builder.append_basic_block(name) for name in ("bias", "add", "add_full", "add_part")}
    choose = builder.switch(builder.and_(flags, ir.Constant(INDEX, ADD | BIAS)), end)
    choose.add_case(ir.Constant(INDEX, BIAS), blocks["bias"])
    choose.add_case(ir.Constant(INDEX, ADD), blocks["add"])
    builder.position_at_end(blocks["add"])
    builder.cbranch(full, blocks["add_full"], blocks["add_part"])
    found = {entry: [[ZERO] * width] * height}
    for name in ("bias", "add_full", "add_part"):
        builder.position_at_end(blocks[name])
        mask = [None] * width if name == "add_full" else masks
        lines = [bias] if name == "bias" else c_rows
        loaded = [[e.load(e.at(line, v * LANES), mask[v]) for v in range(width)] for line in lines]
        found[blocks[name]] = loaded * height if name == "bias" else loaded
        builder.branch(end)
    builder.position_at_end(end)
    return [[join(builder, {block: found[block][r][v] for block in found}) for v in range(width)] for r in range(height)]


def multiply_loop(
    e: Emitter, a_rows: Sequence[Any], taps: Any, count: Any, b_panels: list[Any], step: Any, start: list[list[Any]]
) -> list[list[Any]]:
    """for k in range(count): sums[r][v] += A[rows[r] + taps[k]] * B[k][v]. All sums stay in registers.

    Of several rows two k a round: the loop's own instructions then overlap with the multiplications at any code
    address (one k a round: 98 or 107 GFLOP/s from process to process, two: 112; Zen 4, whose peak is 117).
    """
    builder = e.builder

    def multiply(k: Any, lines: list[Any], sums: list[list[Any]]) -> tuple[list[Any], list[list[Any]]]:
        """One k: (where the next one's lines of B are, the sums)."""
        tap = builder.load(e.at(taps, k))
        vectors = [e.load(e.at(line, v * LANES)) for line in lines for v in range(len(start[0]) // len(lines))]
        added = []
        for a_row, row in zip(a_rows, sums, strict=True):
            number = e.splat(builder.load(e.at(a_row, tap)))
            added.append([e.multiply_add(number, vector, total) for vector, total in zip(vectors, row, strict=True)])
        return [e.at(line, step) for line in lines], added

    before = builder.block
    names = ("head", "body", "rest", "single", "end") if len(a_rows) > 1 else ("head", "body", "rest")
    head, body, rest, *remaining = (builder.append_basic_block(name) for name in names)
    builder.branch(head)
    builder.position_at_end(head)
    k = join(builder, {before: ir.Constant(INDEX, 0)})
    lines = [join(builder, {before: b}) for b in b_panels]
    sums = [[join(builder, {before: value}) for value in values] for values in start]
    after = builder.add(k, ir.Constant(INDEX, int(len(a_rows) > 1)))
    builder.cbranch(builder.icmp_signed("<", after, count), body, rest)

    builder.position_at_end(body)
    changed = multiply(k, lines, sums)
    if len(a_rows) > 1:
        changed = multiply(after, *changed)
    k.add_incoming(builder.add(after, ir.Constant(INDEX, 1)), body)
    for old, new in zip(chain(lines, *sums), chain(changed[0], *changed[1]), strict=True):
        old.add_incoming(new, body)
    builder.branch(head)

    builder.position_at_end(rest)
    if len(a_rows) == 1:
        return sums
    single, end = remaining
    builder.cbranch(builder.icmp_signed("<", k, count), single, end)
    builder.position_at_end(single)
    last = multiply(k, lines, sums)[1]
    builder.branch(end)
    builder.position_at_end(end)
    pairs = [zip(*both, strict=True) for both in zip(sums, last, strict=True)]
    return [[join(builder, {rest: old, single: new}) for old, new in row] for row in pairs]
