"""The steps of attention between its matrix products: scores to weights, and scores by tanh. Products: kernels/matrix/products.py.

    weights = softmax(scale score) over the steps, one row for each query (Vaswani et al. 2017)
    score = sum over d of outer[d] tanh(inner (q[d] + k[d]))           (Bahdanau et al. 2015)

Scores and weights: (outer, heads, queries, steps). A place may be masked: by `allowed` (outer, heads or 1, queries, steps; 0 is masked),
because it lies in the future (`causal`), or `window` or more steps away (0: never). A masked score s counts as kept s + LOW: kept = 0 as
in MultiHeadAttention, 1 as in Attention. A row that is masked everywhere is not NaN: its weights are those of kept s + LOW.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tinyseq.kernels.elementwise import math
from tinyseq.kernels.elementwise.lanes import exp_parts
from tinyseq.kernels.jit.kernel import kernel
from tinyseq.kernels.jit.numba_internals import PLAIN_TWINS
from tinyseq.kernels.matrix.lanes16 import (
    LANES,
    add,
    bounded,
    choose,
    exchange_1,
    exchange_2,
    exchange_4,
    exchange_8,
    first_lane,
    greater_or_nan,
    load,
    multiply,
    power_of_two,
    splat,
    store,
    subtract,
)

F32 = np.float32
Floats = NDArray[np.float32]
SUMS = frozenset({"contract", "reassoc", "nsz"})
"""Sums in any order, so that they become vectors; NaN and inf stay."""
LOW = F32(-1e9)
LOG2_E, LEAST, FARTHEST = math.LOG2_E, math.EXP_LEAST, F32(-87)
NO_MASK = np.empty((0, 1, 1, 1), np.float32)
"""In place of `allowed` where there is none."""


@kernel
def reach(query: int, steps: int, causal: bool, window: int) -> tuple[int, int]:
    """Which steps a query may look at: from the first up to the second."""
    first = max(query - window + 1, 0) if window > 0 else 0
    last = min(query + window, steps) if window > 0 else steps
    return first, min(last, query + 1) if causal else last


@kernel(fastmath=SUMS)
def soften_plain(scores: Floats, begin: int, steps: int, first: int, last: int) -> None:
    """softmax of steps first..last-1 of the row scores[begin : begin + steps], 0 elsewhere."""
    row = scores[begin : begin + steps]
    part = row[first:last]
    most = part[0]
    for s in range(part.size):
        most = part[s] if part[s] > most else most
    total = F32(0)
    for s in range(part.size):
        value = math.exp(part[s] - most)
        part[s] = value
        total += value
    share = F32(1) / total
    for s in range(part.size):
        part[s] *= share
    for s in range(first):
        row[s] = F32(0)
    for s in range(last, row.size):
        row[s] = F32(0)


@kernel
def soften_vectors(scores: Floats, begin: int, steps: int, first: int, last: int) -> None:
    """As soften_plain, sixteen steps at a time: LLVM keeps a maximum that may be NaN in one number, which waits for itself at each step
    (16,384 rows of 128: 4.6 ms, 1.6 so; Xeon, AVX-512)."""
    left, right = begin + first, begin + last
    whole = left + (last - first) // LANES * LANES
    top, sums = splat(F32(-np.inf)), splat(F32(0))
    for s in range(left, whole, LANES):
        top = greatest(load(scores, s), top)
    top = greatest(top, exchange_8(top))
    top = greatest(top, exchange_4(top))
    top = greatest(top, exchange_2(top))
    most = first_lane(greatest(top, exchange_1(top)))
    for s in range(whole, right):
        most = scores[s] if scores[s] > most or scores[s] != scores[s] else most
    for s in range(left, whole, LANES):
        x = subtract(load(scores, s), splat(most))
        power, shifted = exp_parts(bounded(x, splat(FARTHEST), splat(F32(0))), LOG2_E)
        value = choose(greater_or_nan(x, splat(LEAST)), multiply(power, power_of_two(shifted)), splat(F32(0)))
        store(scores, s, value)
        sums = add(sums, value)
    sums = add(sums, exchange_8(sums))
    sums = add(sums, exchange_4(sums))
    sums = add(sums, exchange_2(sums))
    total = first_lane(add(sums, exchange_1(sums)))
    for s in range(whole, right):
        scores[s] = math.exp(scores[s] - most)
        total += scores[s]
    share = F32(1) / total
    for s in range(left, whole, LANES):
        store(scores, s, multiply(load(scores, s), splat(share)))
    for s in range(whole, right):
        scores[s] *= share
    for s in range(begin, left):
        scores[s] = F32(0)
    for s in range(right, begin + steps):
        scores[s] = F32(0)


@kernel(part=True)
def greatest(a: Any, b: Any) -> Any:
    """The greater of two vectors, lane by lane; NaN if one is."""
    return choose(greater_or_nan(a, b), a, b)


soften = soften_plain if PLAIN_TWINS else soften_vectors
"""The one that masked_softmax calls."""


@kernel
def masked_softmax(
    scores: Floats, scale: Floats, allowed: Floats, causal: bool, window: int, kept: F32, start: int, stop: int
) -> None:  # fmt: skip
    """Scores become weights, in place, of start..stop-1 of the outer axis; scale: one number."""
    _, heads, queries, steps = scores.shape
    masked, factor, flat = allowed.size > 0, scale[0], scores.reshape(-1)
    for o in range(start, stop):
        for h in range(heads):
            for t in range(queries):
                begin = ((o * heads + h) * queries + t) * steps
                for s in range(begin, begin + steps):
                    flat[s] *= factor
                first, last = reach(t, steps, causal, window)
                if not masked and first < last:
                    soften(flat, begin, steps, first, last)
                    continue
                for s in range(steps):
                    hidden = s < first or s >= last
                    if masked:
                        hidden = hidden or allowed[o, h if allowed.shape[1] > 1 else 0, t, s] == F32(0)
                    flat[begin + s] = kept * flat[begin + s] + LOW if hidden else flat[begin + s]
                soften(flat, begin, steps, 0, steps)


@kernel(fastmath=SUMS)
def masked_softmax_gradient(
    dweights: Floats, weights: Floats, scale: Floats, allowed: Floats, causal: bool, window: int, kept: F32, start: int, stop: int
) -> None:  # fmt: skip
    """dweights become the gradient of the scores before `scale`, in place: scale w (dw - sum(dw w))."""
    _, heads, queries, steps = weights.shape
    masked, factor = allowed.size > 0, scale[0]
    for o in range(start, stop):
        for h in range(heads):
            for t in range(queries):
                d, w = dweights[o, h, t], weights[o, h, t]
                total = F32(0)
                for s in range(steps):
                    total += d[s] * w[s]
                for s in range(steps):
                    d[s] = factor * w[s] * (d[s] - total)
                first, last = reach(t, steps, causal, window)
                if kept == F32(0) and (masked or first >= last):
                    for s in range(steps):
                        hidden = s < first or s >= last
                        if masked:
                            hidden = hidden or allowed[o, h if allowed.shape[1] > 1 else 0, t, s] == F32(0)
                        d[s] = F32(0) if hidden else d[s]


@kernel(fastmath=SUMS)
def tanh_scores(q: Floats, k: Floats, inner: Floats, outer: Floats, scores: Floats, start: int, stop: int) -> None:
    """scores (samples, queries, steps) of q (samples, queries, d) and k (samples, steps, d); inner: one number, outer: (d,)."""
    factor = inner[0]
    for n in range(start, stop):
        for t in range(q.shape[1]):
            query = q[n, t]
            for s in range(k.shape[1]):
                key, total = k[n, s], F32(0)
                for d in range(outer.size):
                    total += outer[d] * math.tanh(factor * (query[d] + key[d]))
                scores[n, t, s] = total


@kernel(fastmath=SUMS)
def tanh_scores_gradient(
    dscores: Floats, q: Floats, k: Floats, inner: Floats, outer: Floats, dq: Floats, dk: Floats, dinner: Floats, douter: Floats,
    start: int, stop: int,
) -> None:  # fmt: skip
    """dq, dk, dinner and douter, to all of which it adds."""
    factor = inner[0]
    for n in range(start, stop):
        for t in range(q.shape[1]):
            query, dquery = q[n, t], dq[n, t]
            for s in range(k.shape[1]):
                key, dkey, g = k[n, s], dk[n, s], dscores[n, t, s]
                change = F32(0)
                for d in range(outer.size):
                    both = query[d] + key[d]
                    y = math.tanh(factor * both)
                    slope = g * outer[d] * (F32(1) - y) * (F32(1) + y)
                    douter[d] += g * y
                    dquery[d] += factor * slope
                    dkey[d] += factor * slope
                    change += slope * both
                dinner[0] += change


@kernel
def clear_rows(y: Floats, mask: Floats) -> None:
    """Rows of y (rows, size) whose number in mask is 0 become 0, also where they are NaN."""
    for n in range(y.shape[0]):
        if mask[n] == F32(0):
            for i in range(y.shape[1]):
                y[n, i] = F32(0)


@kernel(fastmath=SUMS)
def add_product(a: Floats, b: Floats, divisor: Floats, total: Floats) -> None:
    """total[0] += sum of a b / divisor[0], of flat arrays; nothing for a divisor of 0."""
    found = np.float64(0)
    for i in range(a.size):
        found += np.float64(a[np.uintp(i)]) * np.float64(b[np.uintp(i)])
    if divisor[0] != F32(0):
        total[0] += F32(found / divisor[0])


@kernel
def gated(x: Floats, gate: Floats, y: Floats) -> None:
    """y = x gate, flat."""
    for i in range(y.size):
        j = np.uintp(i)
        y[j] = x[j] * gate[j]


@kernel
def gated_gradient(dy: Floats, x: Floats, gate: Floats, dx: Floats, dgate: Floats) -> None:
    """dx = dy gate; dgate = dy x gate (1 - gate), of what the gate's sigmoid saw."""
    for i in range(dy.size):
        j = np.uintp(i)
        dx[j] = dy[j] * gate[j]
        dgate[j] = dy[j] * x[j] * gate[j] * (F32(1) - gate[j])
