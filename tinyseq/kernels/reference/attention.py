"""Attention by definition, float64: softmax of one row of scores, and scores by tanh."""

import math

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def softmax_reference(row: Array, hidden: list[bool], kept: float) -> Array:
    """exp(s) / sum of exp(s), a hidden score counting as kept s - 1e9."""
    scores = [kept * float(s) - 1e9 if away else float(s) for s, away in zip(row, hidden, strict=True)]
    most = max(scores)
    powers = [math.exp(s - most) for s in scores]
    return np.array([power / math.fsum(powers) for power in powers])


def tanh_scores_reference(q: Array, k: Array, inner: float, outer: Array) -> Array:
    """(queries, steps) of one sample: q (queries, d), k (steps, d)."""
    rows = [[math.fsum(o * math.tanh(inner * (a + b)) for o, a, b in zip(outer, query, key, strict=True)) for key in k] for query in q]
    return np.array(rows)
