"""scatter (taps.py) for two pooling windows of 2x2 at a time: every weight is loaded once and multiplied twice.

A processor that does one multiply-add a cycle and loads one vector a cycle has no cycle left if each multiply-add loads its
own weight. Both of two neighbouring windows use the nine weights of a filter; of 32 registers 24 hold the
4 x 6 pixels that the two can reach. Which of these a filter adds to depends on the two places that it chose: 16 pairs
of places, and 4 + 4 for filters whose gradient is 0 in one of the windows. So there are 24 loops, one after
another, each over the filters that have just this pair (`choices` of the one window and of the other). MNIST's
26x26x32 by 64 filters, 16 pictures: 0.80 ms; one window at a time 1.0 (Zen 4, one thread).
"""

from itertools import product
from typing import Any

from tinyseq.kernels.convolution.before_pooling.taps import add_filters, grid, reach, scatter_plain, scatter_vectors
from tinyseq.kernels.jit.numba_internals import PLAIN_TWINS, ir
from tinyseq.kernels.matrix.simd import INDEX, Emitter, count_up, registers

PLACES = 4
WIDE = 6
"""Columns of pixels that two windows reach."""
ENOUGH_REGISTERS = registers().number == 32
"""For 24 pixels, two gradients and a weight."""


def write_pairs(
    builder: Any, dx: Any, line: Any, pixel: Any, corners: Any, count: Any, choices: Any, words: Any, dz: Any, filters: Any,
    w: Any,
) -> None:  # fmt: skip
    """The body of scatter_pairs' LLVM function, for a row of `count` windows, at least two, each two pixels right of the one
    before. If the number is odd, the last pair is the last two, and nothing is added for the first of them again."""
    e = Emitter(builder)
    last = builder.sub(count, ir.Constant(INDEX, 2))

    def pair(k: Any, _: list[Any]) -> list[Any]:
        again = builder.icmp_signed(">", k, last)
        k = builder.select(again, last, k)
        chosen = e.at(choices, builder.mul(k, e.times(words, PLACES)))
        masks = [builder.load(e.at(chosen, e.times(words, i))) for i in range(2 * PLACES)]
        left = [builder.select(again, ir.Constant(INDEX, 0), mask) for mask in masks[:PLACES]]
        pixels = grid(e, e.at(dx, builder.mul(builder.load(e.at(corners, k)), pixel)), line, pixel, 4, WIDE)
        totals = [e.load(place) for place in pixels]
        first = e.at(dz, builder.mul(k, filters))
        add_pairs(e, left, masks[PLACES:], [first, e.at(first, filters)], w, totals)
        for place, total in zip(pixels, totals, strict=True):
            e.store(total, place)
        return []

    count_up(builder, count, 2, [], pair)


def add_pairs(e: Emitter, left: list[Any], right: list[Any], gradients: list[Any], w: Any, totals: list[Any]) -> None:
    """The 24 loops. left[place], right[place]: the filters that chose it in the one window, in the other."""
    both = [(*chosen, no_place(e, chosen)) for chosen in (left, right)]
    for one, other in product(range(PLACES + 1), repeat=2):
        alive = [(i, place) for i, place in enumerate((one, other)) if place < PLACES]
        if alive:
            mask = e.builder.and_(both[0][one], both[1][other])
            reaches = [reach(place // 2, place % 2 + 2 * i, WIDE) for i, place in alive]
            add_filters(e, mask, [gradients[i] for i, _ in alive], w, totals, reaches)


def no_place(e: Emitter, chosen: list[Any]) -> Any:
    """The filters that chose none of the positions: their gradient is 0."""
    some = chosen[0]
    for mask in chosen[1:]:
        some = e.builder.or_(some, mask)
    return e.builder.not_(some)


scatter_pairs = scatter_plain if PLAIN_TWINS else scatter_vectors("pairs", write_pairs)
