"""Common base of all walks from step to step: masks, and the states beside the outputs.

Arrays of a step's numbers are (steps, samples, width), float32, in the order in which steps are made; states have one place more,
(steps + 1, samples, units): state s is what step s begins with. In prediction two places take turns. The output and its gradient are
(samples, steps, units), or (samples, 1, units) if only the last is returned.

A mask is (samples, steps) uint8, 0 where a step is left out; size 0: there is none. At such a step states stay, and the output is that of
the step before (0 if there was none), or 0 if `zero` (zero_output_for_mask).
"""

import numpy as np
from numpy.typing import NDArray

from tinyseq.kernels.jit.kernel import kernel

F32 = np.float32
Floats = NDArray[np.float32]
Mask = NDArray[np.uint8]
NO_MASK = np.zeros((1, 0), np.uint8)


@kernel(part=True)
def alive(mask: Mask, n: int, s: int, backwards: bool) -> bool:
    """Whether step s of sample n is made."""
    if mask.size == 0:
        return True
    return bool(mask[n, mask.shape[1] - 1 - s if backwards else s] != 0)


@kernel(part=True)
def begun(mask: Mask, n: int, s: int, backwards: bool) -> bool:
    """Whether one of the steps up to s is made."""
    found = False
    for k in range(s + 1):
        found = found or alive(mask, n, k, backwards)
    return found


@kernel(part=True)
def place_of(places: int, s: int, steps: int) -> int:
    """Where step s is in an output of so many places, all steps or the last; -1: it is not returned."""
    if places == steps:
        return s
    return 0 if s == steps - 1 else -1


@kernel
def emit(
    h: Floats, h0: int, y: Floats, mask: Mask, s: int, steps: int, backwards: bool, zero: bool, start: int, stop: int
) -> None:  # fmt: skip
    """The output of step s of samples start..stop-1, if it is returned; their states after it lie in h from h0 on."""
    place, units = place_of(y.shape[1], s, steps), y.shape[2]
    for n in range(start, stop if place >= 0 else start):
        shown = alive(mask, n, s, backwards) or (not zero and begun(mask, n, s, backwards))
        row = h0 + n * units
        for i in range(units):
            y[n, place, i] = h[row + i] if shown else F32(0)


@kernel
def take(
    dh: Floats, dy: Floats, mask: Mask, s: int, steps: int, backwards: bool, zero: bool, start: int, stop: int
) -> None:  # fmt: skip
    """dh += the gradient of the output of step s of samples start..stop-1."""
    place, units = place_of(dy.shape[1], s, steps), dy.shape[2]
    for n in range(start, stop if place >= 0 else start):
        if alive(mask, n, s, backwards) or (not zero and begun(mask, n, s, backwards)):
            row = n * units
            for i in range(units):
                dh[row + i] += dy[n, place, i]


@kernel
def start_state(given: Floats, state: Floats) -> None:
    """state = given, or 0 if that has no size; both flat."""
    for i in range(state.size):
        state[i] = given[i] if given.size > 0 else F32(0)


@kernel
def set_row(row: Floats, source: Floats) -> None:
    """row[:] = source; numba takes a second and more to compile that."""
    for i in range(row.size):
        row[i] = source[i]


@kernel
def clear_row(row: Floats) -> None:
    """row[:] = 0."""
    for i in range(row.size):
        row[i] = F32(0)
