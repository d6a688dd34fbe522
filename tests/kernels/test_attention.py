"""Attention's kernels against their definitions and difference quotients."""

from typing import Any

import numpy as np
import pytest

from tests.kernels.guards import garbage, guarded
from tests.kernels.test_sample_normalization import close, quotients
from tinyseq.kernels import attention
from tinyseq.kernels.reference.attention import softmax_reference, tanh_scores_reference

SHAPE = (2, 3, 5, 4)
"""(outer, heads, queries, steps); the last query sees nothing through a window of 1."""


def hidden_of(allowed: Any, causal: bool, window: int, o: int, h: int, t: int) -> list[bool]:
    found = []
    for s in range(SHAPE[3]):
        masked = allowed.size > 0 and allowed[o, h % allowed.shape[1], t, s] == 0
        found.append(bool(masked or (causal and s > t) or (window and abs(s - t) >= window)))
    return found


@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize("window", [0, 1, 2])
@pytest.mark.parametrize("heads", [0, 1, 3])
@pytest.mark.parametrize("kept", [0.0, 1.0])
def test_weights_and_their_gradient_are_by_definition(causal: bool, window: int, heads: int, kept: float) -> None:
    random = np.random.default_rng(heads)
    scores, g = random.normal(0, 2, (2, *SHAPE))
    allowed = guarded(random.uniform(size=(2, heads, 5, 4)) < 0.6) if heads else attention.NO_MASK
    scale, weights = guarded([0.7]), guarded(scores)
    numbers = scale, allowed, causal, window, np.float32(kept)

    def expected(scores: Any) -> Any:
        found = np.empty(SHAPE)
        for o, h, t in np.ndindex(SHAPE[:3]):
            found[o, h, t] = softmax_reference(0.7 * scores[o, h, t], hidden_of(allowed, causal, window, o, h, t), kept)
        return found

    attention.masked_softmax(weights, *numbers, 0, 1)
    attention.masked_softmax(weights, *numbers, 1, 2)
    seen = expected(scores)
    rows = [all(hidden_of(allowed, causal, window, o, h, t)) for o, h, t in np.ndindex(SHAPE[:3])]
    low = np.array(rows).reshape(SHAPE[:3])  # hidden everywhere: float32 knows no difference beside 1e9
    close(weights[~low], seen[~low])
    np.testing.assert_allclose(weights[low], 0.25, rtol=1e-6)
    dscores = guarded(g)
    attention.masked_softmax_gradient(dscores, weights, *numbers, 0, 2)
    close(dscores[~low], quotients(lambda changed: (expected(changed) * g).sum(), scores)[~low], 1e-4)


@pytest.mark.parametrize("steps", [16, 37, 70])
@pytest.mark.parametrize("causal", [False, True])
def test_long_rows_are_by_definition(steps: int, causal: bool) -> None:
    scores = np.random.default_rng(steps).normal(0, 30, (1, 2, steps, steps))
    weights = guarded(scores)
    attention.masked_softmax(weights, guarded([1.5]), attention.NO_MASK, causal, 0, np.float32(0), 0, 1)
    for h, t in np.ndindex(2, steps):
        hidden = [causal and s > t for s in range(steps)]
        seen = softmax_reference(1.5 * np.float64(np.float32(scores[0, h, t])), hidden, 0.0)
        np.testing.assert_allclose(weights[0, h, t], seen, rtol=2e-5, atol=1e-37)


@pytest.mark.parametrize("place", [0, 20, 36])
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_a_row_that_is_not_finite_stays_so(place: int, value: float) -> None:
    weights = guarded(np.zeros((1, 1, 2, 37)))
    weights[0, 0, 0, place] = value
    attention.masked_softmax(weights, guarded([1.0]), attention.NO_MASK, False, 0, np.float32(0), 0, 1)
    if value == -np.inf:
        assert weights[0, 0, 0, place] == 0
        np.testing.assert_allclose(np.delete(weights[0, 0, 0], place), 1 / 36, rtol=1e-6)
    else:
        assert np.isnan(weights[0, 0, 0]).any()
    np.testing.assert_allclose(weights[0, 0, 1], 1 / 37, rtol=1e-6)


def test_scores_by_tanh_and_their_gradient_are_by_definition() -> None:
    random = np.random.default_rng(1)
    q, k, outer, g = random.normal(size=(2, 3, 6)), random.normal(size=(2, 4, 6)), random.normal(size=6), random.normal(size=(2, 3, 4))
    inner = np.array([0.8])

    def scores(q: Any, k: Any, inner: Any, outer: Any) -> Any:
        return np.stack([tanh_scores_reference(a, b, float(inner[0]), outer) for a, b in zip(q, k, strict=True)])

    found = garbage(2, 3, 4)
    attention.tanh_scores(*(guarded(array) for array in (q, k, inner, outer)), found, 0, 2)
    close(found, scores(q, k, inner, outer))
    changes = [guarded(np.zeros(array.shape)) for array in (q, k, inner, outer)]
    attention.tanh_scores_gradient(guarded(g), *(guarded(array) for array in (q, k, inner, outer)), *changes, 0, 2)
    given = [q, k, inner, outer]
    for i, change in enumerate(changes):
        quotient = quotients(lambda x, i=i: (scores(*given[:i], x, *given[i + 1 :]) * g).sum(), given[i])
        close(change, quotient, 1e-4)
