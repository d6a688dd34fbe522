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


@kernel
def begun(mask: Mask, n: int, s: int, backwards: bool) -> bool:
    """Whether one of the steps up to s is made."""
    found = False
    for k in range(s + 1):
        found = found or alive(mask, n, k, backwards)
    return found


@kernel
def emit(h: Floats, y: Floats, mask: Mask, n: int, s: int, steps: int, backwards: bool, zero: bool) -> None:
    """The output of step s of sample n, if it is returned; h: the state after it."""
    if y.shape[1] == steps:
        place = s
    elif s == steps - 1:
        place = 0
    else:
        return
    made = alive(mask, n, s, backwards)
    shown = made or (not zero and begun(mask, n, s, backwards))
    row = y[n, place]
    for i in range(row.size):
        row[i] = h[i] if shown else F32(0)


@kernel
def take(dh: Floats, dy: Floats, mask: Mask, n: int, s: int, steps: int, backwards: bool, zero: bool) -> None:
    """dh += the gradient of the output of step s of sample n."""
    if dy.shape[1] == steps:
        place = s
    elif s == steps - 1:
        place = 0
    else:
        return
    if alive(mask, n, s, backwards) or (not zero and begun(mask, n, s, backwards)):
        row = dy[n, place]
        for i in range(row.size):
            dh[i] += row[i]


@kernel
def start_state(given: Floats, state: Floats) -> None:
    """state = given, or 0 if that has no size."""
    flat, source = state.reshape(-1), given.reshape(-1)
    for i in range(flat.size):
        flat[i] = source[i] if source.size > 0 else F32(0)
