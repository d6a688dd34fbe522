"""Uniform random numbers in machine code: bit for bit those of numpy's

    np.random.Generator(np.random.Philox(np.random.SeedSequence((*seed, draw, shard)))).random(dtype=np.float32)

so that a step of training that draws needs no Python, and the numbers do not depend on the thread that draws them.

`key` is SeedSequence's hash of the words (O'Neill 2015, "Developing a seed_seq alternative"); `uniform` is Philox 4x64 with 10
rounds (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3", section 4.3): block k, counted from 1, is the counter
k, encrypted, and each of its four 64-bit words becomes two numbers, the low half first.

No product or sum of the plain functions exceeds 64 bits, so that they also run uncompiled.
"""

from functools import lru_cache
from typing import Any

import numpy as np
from numba import types
from numba.extending import intrinsic
from numpy.typing import NDArray

from tinyseq.kernels.jit.kernel import kernel
from tinyseq.kernels.jit.numba_internals import PLAIN_TWINS, ir

F32 = np.float32
U64 = np.uint64
Floats = NDArray[np.float32]
Words = NDArray[np.uint64]

ROUNDS = 10
STATE = 2 * ROUNDS
"""Words of scratch: the two keys of each round."""
HALF = U64(32)
LOW = U64(0xFFFFFFFF)
FIRST, SECOND = U64(0xD2E7470EE14C6C93), U64(0xCA5A826395121157)
"""Philox's multipliers ..."""
WEYL_0, WEYL_1 = U64(0x9E3779B97F4A7C15), U64(0xBB67AE8584CAA73B)
"""... and what its two keys grow by from round to round."""
EACH = 8
"""Floats of a block."""


@kernel(part=True)
def word(seed: Words, draw: U64, shard: int, i: int) -> U64:
    """Word i, of 32 bits, of (*seed, draw, shard); 0 after its end."""
    if i < seed.size:
        return U64(seed[i])
    i -= seed.size
    if i == 0:
        return draw & LOW
    if draw > LOW:  # then it needs two words
        if i == 1:
            return draw >> HALF
        i -= 1
    return U64(shard) if i == 1 else U64(0)


@kernel(part=True)
def scrambled(value: U64, constant: U64, factor: U64) -> tuple[U64, U64]:
    """(the hash of a word, the constant of the next hash)."""
    value ^= constant
    constant = (constant * factor) & LOW
    value = (value * constant) & LOW
    return value ^ (value >> U64(16)), constant


@kernel(part=True)
def mixed(x: U64, y: U64) -> U64:
    """Two words as one."""
    left, right = (x * U64(0xCA01F9DD)) & LOW, (y * U64(0x4973F715)) & LOW
    found = (left + (LOW + U64(1) - right)) & LOW
    return found ^ (found >> U64(16))


@kernel
def key(seed: Words, draw: int, shard: int, state: Words) -> None:
    """state[0], state[1] = the key that SeedSequence makes of (*seed, draw, shard); `seed` in words of 32 bits."""
    pool, constant, drawn = state[2:6], U64(0x43B0D7E5), U64(draw)
    for i in range(4):
        pool[i], constant = scrambled(word(seed, drawn, shard, i), constant, U64(0x931E8875))
    for source in range(4):
        for target in range(4):
            if source != target:
                value, constant = scrambled(pool[source], constant, U64(0x931E8875))
                pool[target] = mixed(pool[target], value)
    for i in range(4, seed.size + (3 if drawn > LOW else 2)):
        for target in range(4):
            value, constant = scrambled(word(seed, drawn, shard, i), constant, U64(0x931E8875))
            pool[target] = mixed(pool[target], value)
    constant = U64(0x8B51F9DD)
    for i in range(2):
        low, constant = scrambled(pool[2 * i], constant, U64(0x58F38DED))
        high, constant = scrambled(pool[2 * i + 1], constant, U64(0x58F38DED))
        state[i] = low | (high << HALF)


@kernel(part=True)
def added(a: U64, b: U64) -> U64:
    """The low 64 bits of a + b."""
    low = (a & LOW) + (b & LOW)
    return ((((a >> HALF) + (b >> HALF) + (low >> HALF)) & LOW) << HALF) | (low & LOW)


@kernel(part=True)
def product_plain(a: U64, b: U64) -> tuple[U64, U64]:
    """(high, low): the 128 bits of a b, out of four products of 64."""
    a0, a1, b0, b1 = a & LOW, a >> HALF, b & LOW, b >> HALF
    cross, other = a0 * b1, a1 * b0
    least = a0 * b0
    middle = (least >> HALF) + (cross & LOW) + (other & LOW)
    return a1 * b1 + (cross >> HALF) + (other >> HALF) + (middle >> HALF), (middle << HALF) | (least & LOW)


@intrinsic  # type: ignore[untyped-decorator]
def high_product(typing: Any, a: Any, b: Any) -> Any:
    """The high 64 of the 128 bits of a b: one instruction."""

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        word, wide = ir.IntType(64), ir.IntType(128)
        found = builder.mul(*(builder.zext(value, wide) for value in values))
        return builder.trunc(builder.lshr(found, ir.Constant(wide, 64)), word)

    return types.uint64(types.uint64, types.uint64), generate


@kernel(part=True)
def product_wide(a: U64, b: U64) -> tuple[U64, U64]:
    """Like product_plain, by the processor's own product (4,096 numbers: 9 us; 28 by product_plain, 13 by numpy; Xeon)."""
    return high_product(a, b), a * b


product = product_plain if PLAIN_TWINS else product_wide
"""The function that `block` calls."""


@kernel(part=True)
def block(k: int, keys: Words) -> tuple[U64, U64, U64, U64]:
    """The four words of counter k."""
    a, b, c, d = U64(k), U64(0), U64(0), U64(0)
    for i in range(ROUNDS):
        high_a, low_a = product(FIRST, a)
        high_c, low_c = product(SECOND, c)
        a, b, c, d = high_c ^ b ^ keys[2 * i], low_c, high_a ^ d ^ keys[2 * i + 1], low_a
    return a, b, c, d


@kernel(part=True)
def fraction(bits: U64) -> F32:
    """The high 24 of 32 bits as a number in [0, 1)."""
    return F32(bits >> U64(8)) * F32(1 / (1 << 24))


@kernel
def begin(seed: Words, drawn: NDArray[np.int64], state: Words) -> None:
    """state (STATE words) = the keys of all rounds; drawn: the draw number of the layer, and the shard."""
    key(seed, drawn[0], drawn[1], state)
    for i in range(1, ROUNDS):
        state[2 * i], state[2 * i + 1] = added(state[2 * i - 2], WEYL_0), added(state[2 * i - 1], WEYL_1)


@kernel
def uniform(seed: Words, drawn: NDArray[np.int64], state: Words, out: Floats) -> None:
    """Fills `out` with numbers in [0, 1): those of draw number drawn[0], for shard drawn[1]. state: STATE words."""
    begin(seed, drawn, state)
    whole = out.size // EACH
    for k in range(whole):
        a, b, c, d = block(k + 1, state)
        first = EACH * k
        out[first], out[first + 1] = fraction(a & LOW), fraction(a >> HALF)
        out[first + 2], out[first + 3] = fraction(b & LOW), fraction(b >> HALF)
        out[first + 4], out[first + 5] = fraction(c & LOW), fraction(c >> HALF)
        out[first + 6], out[first + 7] = fraction(d & LOW), fraction(d >> HALF)
    words = block(whole + 1, state)
    for i in range(out.size - EACH * whole):
        one = words[i // 2]
        out[EACH * whole + i] = fraction(one >> HALF if i % 2 else one & LOW)


@kernel
def normal(seed: Words, drawn: NDArray[np.int64], state: Words, out: Floats) -> None:
    """Like uniform, normal numbers of mean 0 and deviation 1 (Box & Muller 1958): numpy's distribution, other bits."""
    begin(seed, drawn, state)
    for first in range(0, out.size, EACH):
        words = block(first // EACH + 1, state)
        for i in range((min(EACH, out.size - first) + 1) // 2):
            radius = np.sqrt(-2.0 * np.log(1.0 - np.float64(fraction(words[i] & LOW))))
            angle = 2.0 * np.pi * fraction(words[i] >> HALF)
            out[first + 2 * i] = F32(radius * np.cos(angle))
            if first + 2 * i + 1 < out.size:
                out[first + 2 * i + 1] = F32(radius * np.sin(angle))


@lru_cache(maxsize=256)
def seed_words(seed: tuple[int, ...]) -> Words:
    """The seed's integers in words of 32 bits, as SeedSequence reads them. Shared: do not write to it."""
    words: list[int] = []
    for number in seed:
        words.append(number & 0xFFFFFFFF)
        while number := number >> 32:
            words.append(number & 0xFFFFFFFF)
    return np.array(words, np.uint64)
