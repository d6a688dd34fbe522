"""Boundaries of bins that hold equally many numbers of data, found batch by batch: what Discretization.adapt() computes.

A summary is (2, n): numbers, and how many numbers of the data each is in place of. Interpolated as in Keras 3.15, so that
the boundaries are the same.
"""

from __future__ import annotations

import numpy as np

from tinyseq.engine.operator import Array


def summary_of(values: Array, epsilon: float) -> Array:
    """The summary of some numbers, with about 1/epsilon of them."""
    ordered = np.sort(values.reshape(-1))
    step = max(ordered.size * epsilon, 1)
    kept = ordered[int(step - 1) :: int(step)]
    return np.stack([kept, np.full_like(kept, step)])


def joined(one: Array, two: Array, epsilon: float) -> Array:
    """The summary of the numbers of both."""
    both = np.concatenate((one, two), axis=1)
    return shortened(both[:, np.argsort(both[0])], epsilon)


def shortened(summary: Array, epsilon: float) -> Array:
    """The summary with 1/epsilon numbers, each in place of the same share of the data."""
    if summary.shape[1] * epsilon < 1:
        return summary
    shares = epsilon + np.arange(0.0, 1.0, epsilon)
    weights = summary[1].cumsum()
    reached = weights / weights[-1]
    numbers = np.interp(shares, reached, summary[0])
    upto = np.interp(shares, reached, weights)
    return np.stack((numbers, np.diff(upto, prepend=0))).astype(np.float32)


def boundaries(summary: Array, bins: int) -> list[float]:
    """Between `bins` bins."""
    return [float(number) for number in shortened(summary, 1.0 / bins)[0, :-1]]
