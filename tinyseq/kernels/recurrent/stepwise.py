"""Recurrent layers with any activations, a few kernel calls for each step: SimpleRNN, LSTM, GRU with the reset gate before or after the
product, and LSTMs whose products are convolutions.

z keeps what comes before the activations, which are made again on the way back, so that their slopes may read either. Products of the
state are functions: forward(calls, h, z) adds to z or writes, backward(calls, dz, dh) adds to dh.
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tinyseq.kernels.elementwise.activation import Activation
from tinyseq.kernels.movement.copying import add_all, clear_all, copy_all
from tinyseq.kernels.recurrent import elements
from tinyseq.kernels.recurrent.walking import NO_MASK, emit, take
from tinyseq.kernels.runtime.calls import Calls

Floats = NDArray[np.float32]
Product = Callable[[Calls, Any, Any], None]


class Walk(NamedTuple):
    """The arrays of a running layer, as described in walking.py; rows are samples, or samples and positions."""

    z: Floats
    """(steps, rows, gates * units)."""
    h: Floats
    """(steps + 1 or 2, rows, units)."""
    c: Floats
    """Like h: of an LSTM."""
    inner: Floats
    """(steps or 1, rows, units): of a GRU."""
    apart: Floats
    """(gates, rows, units), scratch."""
    spare: Floats
    """(gates, rows, units), scratch of the way back; of a GRU always."""
    product: Floats
    """(rows, gates * units), scratch: of a GRU."""
    mask: NDArray[np.uint8]
    backwards: bool
    zero: bool
    activation: Activation | None
    """None: linear."""
    recurrent_activation: Activation | None
    products: Sequence[Product]
    """Of all gates; of a GRU with the reset gate before the product: of z and r, and of g."""
    products_back: Sequence[Product]

    @property
    def steps(self) -> int:
        return len(self.z)

    def places(self, s: int) -> tuple[int, int]:
        """Of the states before and after step s."""
        return s % len(self.h), (s + 1) % len(self.h)

    def of_samples(self, state: Floats) -> Floats:
        """(rows, units) as (samples, numbers)."""
        return state.reshape(len(self.mask), -1) if self.mask.size else state


def activate(calls: Calls, entry: Activation | None, values: Floats) -> None:
    """In place."""
    if entry is not None:
        flat = values.reshape(-1)
        calls.call(entry.forward, flat, 0, flat.size, *entry.constants)


def slope(calls: Calls, entry: Activation | None, gradient: Floats, before: Floats, after: Floats) -> None:
    """gradient *= slope."""
    if entry is not None:
        flat = gradient.reshape(-1)
        calls.call(entry.backward, flat, (after if entry.reads == "output" else before).reshape(-1), 0, flat.size, *entry.constants)


def finish(calls: Calls, walk: Walk, s: int, y: Floats) -> None:
    """The state after step s where it is left out, and the output."""
    old, new = walk.places(s)
    for state in (walk.h, walk.c):
        if state.size and walk.mask.size:
            calls.call(elements.settle, walk.of_samples(state[new]), walk.of_samples(state[old]), walk.mask, s, walk.backwards)
    calls.call(emit, walk.h[new].reshape(-1), 0, y, walk.mask, s, walk.steps, walk.backwards, walk.zero, 0, len(y))


def begin_back(calls: Calls, walk: Walk, s: int, dy: Floats, dh: Floats) -> None:
    """dh gets the gradient of the output of step s."""
    calls.call(take, dh.reshape(-1), dy, walk.mask, s, walk.steps, walk.backwards, walk.zero, 0, len(dy))


def end_back(calls: Calls, walk: Walk, s: int, made: Floats, kept: Floats) -> None:
    """kept = made, where step s is made."""
    if walk.mask.size:
        calls.call(elements.settle, walk.of_samples(made), walk.of_samples(kept), walk.mask, s, walk.backwards)
    calls.call(copy_all, made, kept)


def simple_forward(calls: Calls, walk: Walk, y: Floats) -> None:
    """h' = activation(z + h . recurrent_kernel)."""
    for s in range(walk.steps):
        old, new = walk.places(s)
        walk.products[0](calls, walk.h[old], walk.z[s])
        calls.call(copy_all, walk.z[s], walk.h[new])
        activate(calls, walk.activation, walk.h[new])
        finish(calls, walk, s, y)


def simple_backward(calls: Calls, walk: Walk, dy: Floats, dh: Floats) -> None:
    """dz in z; dh of the first state."""
    gradient = walk.spare[0]
    for s in reversed(range(walk.steps)):
        begin_back(calls, walk, s, dy, dh)
        calls.call(copy_all, dh, gradient)
        slope(calls, walk.activation, gradient, walk.z[s], walk.h[s + 1])
        calls.call(elements.join, walk.spare[:1], walk.z[s], 0, walk.mask, s, walk.backwards)
        calls.call(clear_all, gradient)
        end_back(calls, walk, s, gradient, dh)
        walk.products_back[0](calls, walk.z[s], dh)


def _lstm_gates(calls: Calls, walk: Walk) -> tuple[Floats, ...]:
    """i, f, g, o, flat, out of what is in walk.apart."""
    activate(calls, walk.recurrent_activation, walk.apart[:2])
    activate(calls, walk.activation, walk.apart[2])
    activate(calls, walk.recurrent_activation, walk.apart[3])
    return tuple(walk.apart[g].reshape(-1) for g in range(4))


def lstm_forward(calls: Calls, walk: Walk, y: Floats) -> None:
    """lstm.py has the formula."""
    for s in range(walk.steps):
        old, new = walk.places(s)
        walk.products[0](calls, walk.h[old], walk.z[s])
        calls.call(elements.split, walk.z[s], 0, walk.apart)
        i, f, g, o = _lstm_gates(calls, walk)
        calls.call(elements.carry, i, f, g, walk.c[old].reshape(-1), walk.c[new].reshape(-1))
        calls.call(copy_all, walk.c[new], walk.apart[0])
        activate(calls, walk.activation, walk.apart[0])
        calls.call(elements.times, o, walk.apart[0].reshape(-1), walk.h[new].reshape(-1))
        finish(calls, walk, s, y)


def lstm_backward(calls: Calls, walk: Walk, dy: Floats, dh: Floats, dc: Floats, more: Floats) -> None:
    """dz in z; dh and dc of the first states. more: (4, rows, units), scratch: what comes before the activations."""
    di, df, dg, do = (walk.spare[gate] for gate in range(4))
    for s in reversed(range(walk.steps)):
        begin_back(calls, walk, s, dy, dh)
        calls.call(elements.split, walk.z[s], 0, walk.apart)
        calls.call(copy_all, walk.apart, more)
        i, f, g, o = _lstm_gates(calls, walk)
        out = di  # until it is needed
        calls.call(copy_all, walk.c[s + 1], out)
        activate(calls, walk.activation, out)
        flat_dh = dh.reshape(-1)
        calls.call(elements.times, flat_dh, out.reshape(-1), do.reshape(-1))
        calls.call(elements.times, flat_dh, o, df.reshape(-1))
        slope(calls, walk.activation, df, walk.c[s + 1], out)
        total = walk.c[s + 1]  # which is not needed any more
        calls.call(copy_all, dc, total)
        calls.call(add_all, df, total)
        flat = total.reshape(-1)
        calls.call(elements.times, flat, g, di.reshape(-1))
        calls.call(elements.times, flat, walk.c[s].reshape(-1), df.reshape(-1))
        calls.call(elements.times, flat, i, dg.reshape(-1))
        slope(calls, walk.recurrent_activation, walk.spare[:2], more[:2], walk.apart[:2])
        slope(calls, walk.activation, dg, more[2], walk.apart[2])
        slope(calls, walk.recurrent_activation, do, more[3], walk.apart[3])
        calls.call(elements.join, walk.spare, walk.z[s], 0, walk.mask, s, walk.backwards)
        calls.call(elements.times, flat, f, flat)
        end_back(calls, walk, s, total, dc)
        calls.call(clear_all, do)
        end_back(calls, walk, s, do, dh)
        walk.products_back[0](calls, walk.z[s], dh)


def gru_forward(calls: Calls, walk: Walk, y: Floats, after: bool) -> None:
    """gru.py has the formula; with the reset gate before the product g = tanh(x_g + (r h) . recurrent_kernel)."""
    z, r, g = (walk.apart[gate] for gate in range(3))
    for s in range(walk.steps):
        old, new = walk.places(s)
        inner = walk.inner[s % len(walk.inner)]
        calls.call(elements.split, walk.z[s], 0, walk.apart)
        if after:
            walk.products[0](calls, walk.h[old], walk.product)
            calls.call(elements.split, walk.product, 0, walk.spare)
            calls.call(add_all, walk.spare[:2], walk.apart[:2])
            calls.call(elements.join, walk.apart[:2], walk.z[s], 0, NO_MASK, s, walk.backwards)
            calls.call(copy_all, walk.spare[2], inner)
        else:
            walk.products[0](calls, walk.h[old], walk.z[s])
            calls.call(elements.split, walk.z[s], 0, walk.apart)
        activate(calls, walk.recurrent_activation, walk.apart[:2])
        if after:
            calls.call(elements.plus_times, r.reshape(-1), inner.reshape(-1), g.reshape(-1))
            calls.call(elements.join, walk.apart[2:], walk.z[s], 2 * g.shape[1], NO_MASK, s, walk.backwards)
        else:
            calls.call(elements.times, r.reshape(-1), walk.h[old].reshape(-1), inner.reshape(-1))
            walk.products[1](calls, inner, walk.z[s])
            calls.call(elements.split, walk.z[s], 2 * g.shape[1], walk.apart[2:])
        activate(calls, walk.activation, g)
        calls.call(elements.mix, z.reshape(-1), g.reshape(-1), walk.h[old].reshape(-1), walk.h[new].reshape(-1))
        finish(calls, walk, s, y)


def gru_backward(calls: Calls, walk: Walk, dy: Floats, dh: Floats, more: Floats, after: bool) -> None:
    """Gradients in z (and, if the reset gate comes after, of inner in its place); dh of the first state. more: (3, rows, units), scratch:
    what comes before the activations."""
    dz, dr, dg = (walk.spare[gate] for gate in range(3))
    z, r, g = (walk.apart[gate].reshape(-1) for gate in range(3))
    for s in reversed(range(walk.steps)):
        begin_back(calls, walk, s, dy, dh)
        old, inner = walk.h[s].reshape(-1), walk.inner[s]
        calls.call(elements.split, walk.z[s], 0, walk.apart)
        calls.call(copy_all, walk.apart, more)
        activate(calls, walk.recurrent_activation, walk.apart[:2])
        activate(calls, walk.activation, walk.apart[2])
        calls.call(elements.mix_gradient, dh.reshape(-1), z, g, old, dz.reshape(-1), dg.reshape(-1))
        slope(calls, walk.activation, dg, more[2], walk.apart[2])
        following = walk.product.reshape(-1)[: dh.size].reshape(dh.shape)  # what reaches the state before, past the gates
        calls.call(elements.times, dh.reshape(-1), z, following.reshape(-1))
        if after:
            calls.call(elements.times, dg.reshape(-1), inner.reshape(-1), dr.reshape(-1))
            calls.call(elements.times, dg.reshape(-1), r, more[2].reshape(-1))
            calls.call(elements.join, more[2:], inner, 0, walk.mask, s, walk.backwards)
        else:
            calls.call(elements.join, walk.spare[2:], walk.z[s], 2 * dg.shape[1], walk.mask, s, walk.backwards)
            product = more[2]
            calls.call(clear_all, product)
            walk.products_back[1](calls, walk.z[s], product)
            calls.call(elements.times, product.reshape(-1), old, dr.reshape(-1))
            calls.call(elements.plus_times, product.reshape(-1), r, following.reshape(-1))
        slope(calls, walk.recurrent_activation, walk.spare[:2], more[:2], walk.apart[:2])
        calls.call(elements.join, walk.spare, walk.z[s], 0, walk.mask, s, walk.backwards)
        end_back(calls, walk, s, following, dh)
        walk.products_back[0](calls, walk.z[s], dh)
        if after:
            walk.products_back[1](calls, inner, dh)
