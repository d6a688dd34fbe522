"""From six loops to the fast convolution, step by step, each timed: `python -m tinyseq.classroom.ladder`.

All steps compute the same 3x3 convolution of one image, x (height, width, channels) with w (3, 3, channels, filters) into
y (height - 2, width - 2, filters), and the command checks that they agree. From step to step only the order of the same
multiplications changes, and where their operands are stored; the last step does fewer of them.
"""

import argparse
import time
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tinyseq.kernels.alignment import aligned
from tinyseq.kernels.convolution import direct, winograd
from tinyseq.kernels.convolution.geometry import Geometry
from tinyseq.kernels.jit.kernel import kernel
from tinyseq.kernels.matrix.simd import LANES

Floats = NDArray[np.float32]
Compute = Callable[[Floats, Floats, Floats], None]
TOLERANCE = 1e-3
"""How far two steps may be apart, for numbers around 1."""


def in_python(x: Floats, w: Floats, y: Floats) -> None:
    """Six loops in Python. Every number is an object: looked up, checked, multiplied, discarded."""
    rows, columns, filters = y.shape
    for r in range(rows):
        for s in range(columns):
            for f in range(filters):
                total = 0.0
                for i in range(3):
                    for j in range(3):
                        for c in range(x.shape[2]):
                            total += x[r + i, s + j, c] * w[i, j, c, f]
                y[r, s, f] = total


@kernel
def compiled(x: Floats, w: Floats, y: Floats) -> None:
    """The same six loops as machine code. The innermost loop runs over c, and w[..., c, f] jumps `filters` numbers each time."""
    rows, columns, filters = y.shape
    for r in range(rows):
        for s in range(columns):
            for f in range(filters):
                total = np.float32(0)
                for i in range(3):
                    for j in range(3):
                        for c in range(x.shape[2]):
                            total += x[r + i, s + j, c] * w[i, j, c, f]
                y[r, s, f] = total


@kernel(fastmath={"contract"})
def reordered(x: Floats, w: Floats, y: Floats) -> None:
    """f innermost: w and y are now read contiguously, and the processor computes several filters with one instruction.

    But every sum is stored and loaded again for each multiplication.
    """
    rows, columns, filters = y.shape
    for r in range(rows):
        for s in range(columns):
            for f in range(filters):
                y[r, s, f] = np.float32(0)
            for i in range(3):
                for j in range(3):
                    for c in range(x.shape[2]):
                        value = x[r + i, s + j, c]
                        for f in range(filters):
                            y[r, s, f] += value * w[i, j, c, f]


@kernel(fastmath={"contract"})
def blocked(x: Floats, w: Floats, y: Floats) -> None:
    """Four neighbouring pixels at a time: a weight that is loaded is used four times before the next one."""
    rows, columns, filters = y.shape
    for r in range(rows):
        for block in range(0, columns, 4):
            s = min(block, columns - 4)  # the last block overlaps the one before it
            for pixel in range(4):
                for f in range(filters):
                    y[r, s + pixel, f] = np.float32(0)
            for i in range(3):
                for j in range(3):
                    for c in range(x.shape[2]):
                        a, b = x[r + i, s + j, c], x[r + i, s + j + 1, c]
                        d, e = x[r + i, s + j + 2, c], x[r + i, s + j + 3, c]
                        for f in range(filters):
                            weight = w[i, j, c, f]
                            y[r, s, f] += a * weight
                            y[r, s + 1, f] += b * weight
                            y[r, s + 2, f] += d * weight
                            y[r, s + 3, f] += e * weight


def geometry(x: Floats, w: Floats) -> Geometry:
    """The sizes of that convolution: x (height, width, channels), w (3, 3, channels, filters)."""
    height, width, channels = x.shape
    return Geometry(height, width, channels, 3, 3, w.shape[3], height - 2, width - 2)


class Tiled:
    """The register tile (register_tile.py): the sums of a tile stay in registers for the whole window; weights are stored in panels."""

    def __init__(self, w: Floats, g: Geometry) -> None:
        self.g, self.packed = g, direct.pack_forward(w, 1)
        self.scratch = aligned(direct.forward_scratch(g))

    def __call__(self, x: Floats, w: Floats, y: Floats) -> None:
        whole = direct.units(self.g, 1)
        direct.forward(x, self.packed, None, y, self.g, False, self.scratch, 0, whole)


class Winograd:
    """Winograd's F(4x4, 3x3) (winograd.py): 36 multiplications instead of the definition's 144, by the same tile."""

    def __init__(self, w: Floats, g: Geometry) -> None:
        self.g, self.u = g, winograd.pack_forward(w)
        self.scratch = aligned(winograd.forward_scratch(g))

    def __call__(self, x: Floats, w: Floats, y: Floats) -> None:
        winograd.forward(x, self.u, w, None, y, self.g, False, self.scratch, 0, winograd.units(self.g, 1))


class Step(NamedTuple):
    """A timed step: why it is faster, the seconds of its fastest run, and its floating point operations per second."""

    name: str
    why: str
    seconds: float
    gflops: float


def ladder(size: int = 58, channels: int = 32, filters: int = 32, seconds: float = 0.5, seed: int = 0) -> list[Step]:
    """All steps on an image of size x size, timed for about `seconds` each. Raises ValueError if the steps disagree."""
    if size < 6 or channels < LANES or filters < LANES:
        raise ValueError(
            f"the ladder needs size >= 6 and at least {LANES} channels and filters on this processor, "
            f"got size={size}, channels={channels}, filters={filters}: use ladder(58, 32, 32)"
        )
    random = np.random.default_rng(seed)
    x = random.standard_normal((size, size, channels)).astype(np.float32)
    w = (random.standard_normal((3, 3, channels, filters)) / np.sqrt(9 * channels)).astype(np.float32)
    g = geometry(x, w)
    y = np.empty((g.rows, g.columns, filters), np.float32)
    few = (x[:6, :6].copy(), y[:4, :4].copy())  # Python needs minutes for the whole image
    done = [timed("Python", in_python, few[0], w, few[1], seconds)]
    runs: list[tuple[str, Compute]] = [
        ("compiled", compiled), ("loop order", reordered), ("blocking", blocked), ("register tile", Tiled(w, g)),
        ("Winograd", Winograd(w, g)),
    ]  # fmt: skip
    expected = few[1]
    for name, run in runs:
        y[...] = np.nan
        done.append(timed(name, run, x, w, y, seconds))
        apart = float(np.abs(y[:4, :4] - expected[:4, :4]).max())
        if not apart < TOLERANCE:
            raise ValueError(f"the step {name!r} differs by {apart:.2g} from the one before it")
        expected = y.copy()
    return done


def timed(name: str, run: Compute, x: Floats, w: Floats, y: Floats, seconds: float) -> Step:
    """Runs once to compile, then repeatedly; the fastest run counts, because disturbances only slow down."""
    run(x, w, y)
    end, best = time.perf_counter() + seconds, float("inf")
    while best == float("inf") or time.perf_counter() < end:
        start = time.perf_counter()
        run(x, w, y)
        best = min(best, time.perf_counter() - start)
    return Step(name, " ".join(str(run.__doc__).split()), best, 2e-9 * y.size * w[..., 0].size / best)


def table(done: list[Step]) -> str:
    """The steps in 80 columns: speed, gain over the step before, and a bar on a scale of factors."""
    lines = [f"{'step':<14}{'GFLOP/s':>10}{'gain':>8}{'in all':>10}"]
    for i, step in enumerate(done):
        gain = step.gflops / done[max(i - 1, 0)].gflops
        total = step.gflops / done[0].gflops
        bar = "#" * min(1 + round(5 * np.log10(max(total, 1))), 30)
        lines.append(f"{step.name:<14}{step.gflops:>10.3g}{f'x{gain:.3g}':>8}{f'x{total:,.0f}':>10}  {bar}")
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> None:
    """The command: explains, times and prints all steps."""
    parser = argparse.ArgumentParser("python -m tinyseq.classroom.ladder", description="one convolution, faster step by step")
    parser.add_argument("--size", type=int, default=58, help="height and width of the image (58)")
    parser.add_argument("--channels", type=int, default=32, help="channels of the image (32)")
    parser.add_argument("--filters", type=int, default=32, help="filters of the convolution (32)")
    parser.add_argument("--seconds", type=float, default=0.5, help="seconds for timing each step (0.5)")
    chosen = parser.parse_args(arguments)
    print(
        f"3x3 convolution of an image ({chosen.size}, {chosen.size}, {chosen.channels}) with {chosen.filters} filters, "
        f"one thread.\nThe first run compiles each step.\n"
    )
    done = ladder(chosen.size, chosen.channels, chosen.filters, chosen.seconds)
    for step in done:
        print(f"{step.name}: {step.why}")
    print(f"\n{table(done)}\n")
    print("Winograd's GFLOP/s count the multiplications of the definition; it does a\nquarter of them.")


if __name__ == "__main__":
    main()
