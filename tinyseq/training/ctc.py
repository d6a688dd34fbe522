"""Connectionist temporal classification: labels without positions in time. Graves et al. (2006), section 4.1."""

from __future__ import annotations

from typing import Any

import numpy as np

from tinyseq.training.loss import ArrayLoss

Array = Any  # a numpy array: its operators have no useful types

BLANK = 0


class CTC(ArrayLoss):
    """-log of the probability of all ways to spell the labels in time.

    Targets (n, most) are labels from 1 on, filled up with 0; predictions (n, steps, classes) are logits, class 0 the blank.
    """

    def __init__(self, reduction: str | None = "sum_over_batch_size", name: str | None = "ctc", dtype: Any = None) -> None:
        super().__init__(name, reduction, dtype)

    def prepared(self, y_true: Any, shape: tuple[int, ...]) -> Array:
        t = np.asarray(y_true)
        if t.ndim != 2:
            raise ValueError(f"{self.name}: targets have shape {t.shape}: expected labels (samples, most labels), filled up with 0")
        if len(shape) != 3 or shape[0] != len(t):
            raise ValueError(f"{self.name}: predictions have shape {shape}: expected logits ({len(t)}, steps, classes)")
        if t.min() < 0 or t.max() >= shape[-1]:
            raise ValueError(
                f"{self.name}: labels go from {t.min()} to {t.max()}, but the output has {shape[-1]} classes with the blank: labels must "
                f"be 1 to {shape[-1] - 1}, and 0 to fill up"
            )
        if ((t[:, :-1] == BLANK) & (t[:, 1:] != BLANK)).any():
            raise ValueError(f"{self.name}: a label follows a 0, which fills up the end of a row: move the zeros to the end")
        return t.astype(np.int64)

    def values(self, t: Array, p: Array) -> Array:
        spelled, ends, jumps = _states(t)
        ahead = _forward(_emitted(p, spelled), jumps)
        return -_total(ahead[:, -1], ends).astype(np.float32)

    def gradient(self, t: Array, p: Array, weight: Array) -> Array:
        spelled, ends, jumps = _states(t)
        emitted = _emitted(p, spelled)
        ahead = _forward(emitted, jumps)
        total = _total(ahead[:, -1], ends)
        share = np.exp(ahead + _backward(emitted, ends, jumps) - emitted - total[:, None, None])
        seen = np.zeros(p.shape)
        for sample, states in enumerate(spelled):
            np.add.at(seen[sample].T, states, share[sample].T)
        return (np.exp(_log_softmax(p)) - seen) * weight[:, None, None]


def _states(t: Array) -> tuple[Array, Array, Array]:
    """Labels with blanks around each (n, 2 most + 1); each sample's number of labels; where a blank may be jumped over."""
    lengths = (t != BLANK).sum(1)
    spelled = np.zeros((len(t), 2 * t.shape[1] + 1), np.int64)
    spelled[:, 1::2] = t
    jumps = np.zeros(spelled.shape, bool)
    jumps[:, 2:] = (spelled[:, 2:] != BLANK) & (spelled[:, 2:] != spelled[:, :-2])
    return spelled, lengths, jumps


def _log_softmax(p: Array) -> Array:
    z = p.astype(np.float64) - p.max(-1, keepdims=True)
    return z - np.log(np.exp(z).sum(-1, keepdims=True))


def _emitted(p: Array, spelled: Array) -> Array:
    """The log probability of each state at each step (n, steps, states)."""
    return np.take_along_axis(_log_softmax(p), np.broadcast_to(spelled[:, None, :], (*p.shape[:2], spelled.shape[1])), 2)


def _forward(emitted: Array, jumps: Array) -> Array:
    """log of the sum over all ways that reach each state at each step."""
    ahead = np.full(emitted.shape, -np.inf)
    ahead[:, 0, :2] = emitted[:, 0, :2]
    for step in range(1, emitted.shape[1]):
        ahead[:, step] = _joined(ahead[:, step - 1], jumps) + emitted[:, step]
    return ahead


def _joined(before: Array, jumps: Array) -> Array:
    one = np.full(before.shape, -np.inf)
    two = one.copy()
    one[:, 1:] = before[:, :-1]
    two[:, 2:] = np.where(jumps[:, 2:], before[:, :-2], -np.inf)
    return np.logaddexp(np.logaddexp(before, one), two)


def _backward(emitted: Array, ends: Array, jumps: Array) -> Array:
    """log of the sum over all ways from each state at each step to the end, with what is emitted there."""
    behind = np.full(emitted.shape, -np.inf)
    places = np.arange(emitted.shape[2])[None]
    last = (places == 2 * ends[:, None]) | (places == 2 * ends[:, None] - 1)
    behind[:, -1] = np.where(last, emitted[:, -1], -np.inf)
    for step in range(emitted.shape[1] - 2, -1, -1):
        after = behind[:, step + 1]
        one = np.full(after.shape, -np.inf)
        two = one.copy()
        one[:, :-1] = after[:, 1:]
        two[:, :-2] = np.where(jumps[:, 2:], after[:, 2:], -np.inf)
        behind[:, step] = np.logaddexp(np.logaddexp(after, one), two) + emitted[:, step]
    return behind


def _total(ahead: Array, ends: Array) -> Array:
    """log of the probability of each sample: its ways end on the last label or on the blank after it."""
    rows = np.arange(len(ahead))
    before = np.where(ends > 0, ahead[rows, np.maximum(2 * ends - 1, 0)], -np.inf)
    return np.logaddexp(ahead[rows, 2 * ends], before)
