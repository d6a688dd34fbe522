"""The inner loops of gradient_before_pooling.py, LANES channels at a time: nine taps of one pixel, chosen by an index.

    collect:  sums[t] += sum over windows k of dz[k] * x[pixel(k) + tap(t)]            for one filter
    scatter:  dx[pixel(k, f) + tap(t)] += sum over filters f of dz[k, f] * w[f, t]     for windows k

`pixel` is where the 3x3 window of the convolution begins for the place that the pooling window chose: collect reads it from
the table `where`, scatter finds it by where a pooling window begins (`corners`) and the table `choices` (choices.py).
tap(t) = t // 3 * line + t % 3 * pixel, t < 9. Only nonzero numbers are used.

collect keeps the nine sums of one chunk of channels in registers, or of two chunks if there are 32 registers, and reads x
where the table says. scatter keeps all pixels that a pooling window can reach in registers, (rows + 2) x (columns + 2) of
them, because which of them a filter adds to would else be known only at run time: for each place in turn, the filters
that chose it are taken bit by bit. Two windows at a time: pairs.py.
"""

from collections.abc import Sequence
from functools import partial
from typing import Any

from numba import types
from numba.extending import intrinsic

from tinyseq.kernels.convolution.before_pooling.choices import WORD, Bits, Floats, Offsets, Where, over_bits
from tinyseq.kernels.jit.kernel import kernel
from tinyseq.kernels.jit.numba_internals import PLAIN_TWINS
from tinyseq.kernels.matrix.simd import FLOATS, INDEX, INDICES, INT, LANES, Emitter, arguments, call, count_up, registers

TAPS = 9
CHUNKS = 2 if registers().number == 32 else 1
"""Chunks of channels that are summed at once: 9 sums each, and one load of `where` and dz for all."""


@kernel
def collect_plain(
    x: Floats, x0: int, line: int, pixel: int, where: Where, f: int, living: int, dz: Floats, z0: int, filters: int,
    chunks: int, sums: Floats, s0: int, part: int,
) -> None:  # fmt: skip
    """collect in plain loops, for filter f and the windows that are bits of `living`; dz of the first window lies at z0. The
    sums of a chunk of channels lie `part` after those of the chunk before."""
    for k in range(WORD):
        if living >> k & 1:
            place = x0 + where[f + k * filters]
            for chunk in range(chunks):
                for t in range(TAPS):
                    for c in range(LANES):
                        number = x[place + t // 3 * line + t % 3 * pixel + chunk * LANES + c]
                        sums[s0 + chunk * part + t * LANES + c] += dz[z0 + k * filters] * number


@kernel
def scatter_plain(
    dx: Floats, x0: int, line: int, pixel: int, corners: Offsets, columns: int, first: int, count: int, choices: Bits, c0: int,
    words: int, dz: Floats, z0: int, filters: int, w: Floats, w0: int,
) -> None:  # fmt: skip
    """scatter in plain loops, for windows of `columns` columns and the filters of one word of `choices`; a row of that table
    has `words` words."""
    places = columns * columns
    for k in range(count):
        for place in range(places):
            bits = choices[c0 + (k * places + place) * words]
            begin = x0 + (corners[first + k] + place % columns) * pixel + place // columns * line
            for f in range(WORD):
                if bits >> f & 1:
                    gradient = dz[z0 + k * filters + f]
                    for t in range(TAPS):
                        for c in range(LANES):
                            weight = w[w0 + (f * TAPS + t) * LANES + c]
                            dx[begin + t // 3 * line + t % 3 * pixel + c] += gradient * weight


# ---------------------------------------------------------------------------- the same in registers


def write_collect(
    chunks: int, builder: Any, x: Any, line: Any, pixel: Any, where: Any, living: Any, dz: Any, filters: Any, sums: Any,
    part: Any,
) -> None:  # fmt: skip
    """The body of collect's LLVM function, for so many chunks of channels."""
    e = Emitter(builder)
    places = [e.at(e.at(sums, e.times(part, chunk)), t * LANES) for chunk in range(chunks) for t in range(TAPS)]

    def window(k: Any, totals: list[Any]) -> list[Any]:
        """All sums after one more window."""
        at = builder.mul(k, filters)
        begin = e.at(x, builder.sext(builder.load(e.at(where, at)), INDEX))
        gradient = e.splat(builder.load(e.at(dz, at)))
        taps = [tap for chunk in range(chunks) for tap in grid(e, e.at(begin, chunk * LANES), line, pixel, 3, 3)]
        return [e.multiply_add(gradient, e.load(tap), total) for tap, total in zip(taps, totals, strict=True)]

    for place, total in zip(places, over_bits(builder, living, [e.load(place) for place in places], window), strict=True):
        e.store(total, place)


def grid(e: Emitter, begin: Any, line: Any, pixel: Any, rows: int, columns: int) -> list[Any]:
    """The addresses of rows x columns pixels, row by row."""
    starts = [e.at(begin, e.times(line, i)) for i in range(rows)]
    return [e.at(start, e.times(pixel, j)) for start in starts for j in range(columns)]


def write_scatter(
    side: int, builder: Any, dx: Any, line: Any, pixel: Any, corners: Any, count: Any, choices: Any, words: Any, dz: Any,
    filters: Any, w: Any,
) -> None:  # fmt: skip
    """The body of scatter's LLVM function, for pooling windows of side x side."""
    e = Emitter(builder)
    places = side * side

    def window(k: Any, _: list[Any]) -> list[Any]:
        gradients, chosen = e.at(dz, builder.mul(k, filters)), e.at(choices, builder.mul(k, e.times(words, places)))
        masks = [builder.load(e.at(chosen, e.times(words, place))) for place in range(places)]
        pixels = grid(e, e.at(dx, builder.mul(builder.load(e.at(corners, k)), pixel)), line, pixel, side + 2, side + 2)
        totals = [e.load(place) for place in pixels]
        for place, mask in enumerate(masks):
            add_filters(e, mask, [gradients], w, totals, [reach(place // side, place % side, side + 2)])
        for place, total in zip(pixels, totals, strict=True):
            e.store(total, place)
        return []

    count_up(builder, count, 1, [], window)


def reach(row: int, column: int, wide: int) -> list[int]:
    """The numbers of the nine taps' pixels in a grid of `wide` columns, from the place in that row and column on."""
    return [(row + t // 3) * wide + column + t % 3 for t in range(TAPS)]


def add_filters(e: Emitter, mask: Any, gradients: Sequence[Any], w: Any, totals: list[Any], reaches: list[list[int]]) -> None:
    """For every set bit f of the mask and each gradient with its reach: totals[reach[t]] += dz[f] * w[f, t]. Weights that
    several gradients multiply are loaded once."""
    builder = e.builder
    used = sorted({pixel for reached in reaches for pixel in reached})

    def one(f: Any, values: list[Any]) -> list[Any]:
        sums = dict(zip(used, values, strict=True))
        numbers = [e.splat(builder.load(e.at(gradient, f))) for gradient in gradients]
        weights = e.at(w, e.times(f, TAPS * LANES))
        for t in range(TAPS):
            weight = e.load(e.at(weights, t * LANES))
            for number, reached in zip(numbers, reaches, strict=True):
                sums[reached[t]] = e.multiply_add(number, weight, sums[reached[t]])
        return [sums[pixel] for pixel in used]

    added = over_bits(builder, mask, [totals[pixel] for pixel in used], one)
    for pixel, total in zip(used, added, strict=True):
        totals[pixel] = total


def collect_vectors(chunks: int) -> Any:
    """As collect_plain, in vector registers, for so many chunks."""

    @intrinsic  # type: ignore[untyped-decorator]
    def apply(
        typing: Any, x: Any, x0: Any, line: Any, pixel: Any, where: Any, f: Any, living: Any, dz: Any, z0: Any, filters: Any,
        number: Any, sums: Any, s0: Any, part: Any,
    ) -> Any:  # fmt: skip
        n = types.int64

        def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
            e = Emitter(builder)
            x, x0, line, pixel, where, f, living, dz, z0, filters, _, sums, s0, part = arguments(context, builder, signature, values)
            given = [e.at(x, x0), line, pixel, e.at(where, f), living, e.at(dz, z0), filters, e.at(sums, s0), part]
            kinds = [FLOATS, INDEX, INDEX, INT.as_pointer(), INDEX, FLOATS, INDEX, FLOATS, INDEX]
            return call(context, builder, f"collect_{chunks}x{LANES}", kinds, partial(write_collect, chunks), given)

        return types.void(x, n, n, n, where, n, n, dz, n, n, n, sums, n, n), generate

    return apply


def scatter_vectors(name: str, body: Any) -> Any:
    """As scatter_plain, in vector registers: `body` writes it."""

    @intrinsic  # type: ignore[untyped-decorator]
    def apply(
        typing: Any, dx: Any, x0: Any, line: Any, pixel: Any, corners: Any, columns: Any, first: Any, count: Any, choices: Any,
        c0: Any, words: Any, dz: Any, z0: Any, filters: Any, w: Any, w0: Any,
    ) -> Any:  # fmt: skip
        n = types.int64

        def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
            e = Emitter(builder)
            dx, x0, line, pixel, corners, _, first, count, choices, c0, words, dz, z0, filters, w, w0 = arguments(
                context, builder, signature, values
            )
            given = [
                e.at(dx, x0), line, pixel, e.at(corners, first), count, e.at(choices, c0), words, e.at(dz, z0), filters,
                e.at(w, w0),
            ]  # fmt: skip
            kinds = [FLOATS, INDEX, INDEX, INDICES, INDEX, INDICES, INDEX, FLOATS, INDEX, FLOATS]
            return call(context, builder, f"scatter_{name}_{LANES}", kinds, body, given)

        return types.void(dx, n, n, n, corners, n, n, n, choices, n, n, dz, n, n, w, n), generate

    return apply


collect = collect_plain if PLAIN_TWINS else collect_vectors(1)
collect_chunks = collect_plain if PLAIN_TWINS else collect_vectors(CHUNKS)
scatter_2x2 = scatter_plain if PLAIN_TWINS else scatter_vectors("2x2", partial(write_scatter, 2))
scatter_3x3 = scatter_plain if PLAIN_TWINS else scatter_vectors("3x3", partial(write_scatter, 3))
