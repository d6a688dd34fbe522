"""Losses: per sample, and the gradient with respect to the prediction.

Predictions and targets are (samples, size) float32, labels (samples,) int64, loss (samples,). Samples start..stop-1.
A gradient is that of sum(weight[n] loss[n]): weight holds sample weights and the division by the batch.

Fused with softmax or sigmoid they take logits z: finite for any finite z, and the gradient is a difference:
    softmax:  loss = log(sum exp z) sum t - sum t z     gradient = softmax(z) sum t - t
    sigmoid:  loss = mean(max(z, 0) - z t + log1p(exp(-|z|)))     gradient = (sigmoid(z) - t) / size
"""

import numpy as np
from numpy.typing import NDArray

from tinyseq.kernels.elementwise import math
from tinyseq.kernels.jit.kernel import kernel

F32 = np.float32
Floats = NDArray[np.float32]
Labels = NDArray[np.int64]
SUMS = frozenset({"contract", "reassoc", "nsz"})
LEAST = F32(1e-7)  # probabilities are clipped to [1e-7, 1 - 1e-7], as in Keras
MOST = F32(1) - F32(1e-7)


@kernel(fastmath=SUMS)
def _log_sum_exp(row: Floats) -> F32:
    """log(sum exp(row)), computed with the maximum."""
    most = row[0]
    for k in range(row.size):
        most = row[k] if row[k] > most else most
    total = F32(0)
    for k in range(row.size):
        total += math.exp(row[k] - most)
    whole: F32 = most + np.log(total)
    return whole


@kernel()
def _held(p: F32) -> F32:
    """p clipped to [1e-7, 1 - 1e-7]; NaN stays."""
    p = LEAST if p < LEAST else p
    return MOST if p > MOST else p


@kernel(fastmath=SUMS)
def softmax_crossentropy(z: Floats, t: Floats, loss: Floats, start: int, stop: int) -> None:
    """From logits z and target distributions t."""
    for n in range(start, stop):
        row, target = z[n], t[n]
        whole = _log_sum_exp(row)
        total = F32(0)
        for k in range(row.size):
            if target[k] != F32(0):  # 0 * inf would be NaN
                total += target[k] * (whole - row[k])
        loss[n] = total


@kernel(fastmath=SUMS)
def softmax_crossentropy_gradient(z: Floats, t: Floats, weight: Floats, g: Floats, start: int, stop: int) -> None:
    """g = weight (softmax(z) sum t - t)."""
    for n in range(start, stop):
        row, target, out = z[n], t[n], g[n]
        whole = _log_sum_exp(row)
        total = F32(0)
        for k in range(row.size):
            total += target[k]
        for k in range(row.size):
            out[k] = weight[n] * (math.exp(row[k] - whole) * total - target[k])


@kernel(fastmath=SUMS)
def softmax_sparse_crossentropy(z: Floats, labels: Labels, loss: Floats, start: int, stop: int) -> None:
    """From logits z and labels in 0..size-1 (the caller checks)."""
    for n in range(start, stop):
        loss[n] = _log_sum_exp(z[n]) - z[n, labels[n]]


@kernel(fastmath=SUMS)
def softmax_sparse_crossentropy_gradient(
    z: Floats, labels: Labels, weight: Floats, g: Floats, start: int, stop: int
) -> None:
    """g = weight (softmax(z) - one-hot(label))."""
    for n in range(start, stop):
        row, out = z[n], g[n]
        whole = _log_sum_exp(row)
        for k in range(row.size):
            out[k] = weight[n] * math.exp(row[k] - whole)
        out[labels[n]] -= weight[n]


@kernel(fastmath=SUMS)
def sigmoid_crossentropy(z: Floats, t: Floats, loss: Floats, start: int, stop: int) -> None:
    """From logits z: the mean over the last axis of max(z, 0) - z t + log1p(exp(-|z|))."""
    for n in range(start, stop):
        row, target = z[n], t[n]
        total = F32(0)
        for k in range(row.size):
            positive = F32(0) if row[k] < F32(0) else row[k]
            total += positive - row[k] * target[k] + math.log1p_of_unit(math.exp(-abs(row[k])))
        loss[n] = total / F32(row.size)


@kernel()
def sigmoid_crossentropy_gradient(z: Floats, t: Floats, weight: Floats, g: Floats, start: int, stop: int) -> None:
    """g = weight (sigmoid(z) - t) / size."""
    for n in range(start, stop):
        row, target, out = z[n], t[n], g[n]
        share = weight[n] / F32(row.size)
        for k in range(row.size):
            out[k] = share * (math.sigmoid(row[k]) - target[k])


@kernel(fastmath=SUMS)
def binary_crossentropy(p: Floats, t: Floats, loss: Floats, start: int, stop: int) -> None:
    """From probabilities p, clipped to [1e-7, 1 - 1e-7]: the mean of -(t log p + (1 - t) log(1 - p))."""
    for n in range(start, stop):
        total = F32(0)
        for k in range(p.shape[1]):
            held = _held(p[n, k])
            total -= t[n, k] * np.log(held) + (F32(1) - t[n, k]) * np.log(F32(1) - held)
        loss[n] = total / F32(p.shape[1])


@kernel()
def binary_crossentropy_gradient(p: Floats, t: Floats, weight: Floats, g: Floats, start: int, stop: int) -> None:
    """g = weight (p - t) / (p (1 - p)) / size; 0 where p was clipped."""
    for n in range(start, stop):
        for k in range(p.shape[1]):
            q = p[n, k]
            slope = weight[n] * (q - t[n, k]) / (q * (F32(1) - q)) / F32(p.shape[1])
            g[n, k] = F32(0) if (q < LEAST) | (q > MOST) else slope


@kernel(fastmath=SUMS)
def categorical_crossentropy(p: Floats, t: Floats, loss: Floats, start: int, stop: int) -> None:
    """From any positive p: q = p / sum p, clipped to [1e-7, 1 - 1e-7]; -sum t log q."""
    for n in range(start, stop):
        whole = F32(0)
        for k in range(p.shape[1]):
            whole += p[n, k]
        total = F32(0)
        for k in range(p.shape[1]):
            total -= t[n, k] * np.log(_held(p[n, k] / whole))
        loss[n] = total


@kernel(fastmath=SUMS)
def categorical_crossentropy_gradient(p: Floats, t: Floats, weight: Floats, g: Floats, start: int, stop: int) -> None:
    """g_k = weight (sum_j' t_j - t_k / q_k) / sum p, where j' runs over, and t_k / q_k counts at, what was not clipped."""
    for n in range(start, stop):
        whole, total = F32(0), F32(0)
        for k in range(p.shape[1]):
            whole += p[n, k]
        for k in range(p.shape[1]):
            q = p[n, k] / whole
            total += F32(0) if (q < LEAST) | (q > MOST) else t[n, k]
        for k in range(p.shape[1]):
            q = p[n, k] / whole
            own = F32(0) if (q < LEAST) | (q > MOST) else t[n, k] / q
            g[n, k] = weight[n] * (total - own) / whole


@kernel(fastmath=SUMS)
def sparse_categorical_crossentropy(p: Floats, labels: Labels, loss: Floats, start: int, stop: int) -> None:
    """From any positive p, clipped to [1e-7, 1 - 1e-7]: log(sum p) - log(p of the label)."""
    for n in range(start, stop):
        whole = F32(0)
        for k in range(p.shape[1]):
            whole += _held(p[n, k])
        loss[n] = np.log(whole) - np.log(_held(p[n, labels[n]]))


@kernel(fastmath=SUMS)
def sparse_categorical_crossentropy_gradient(
    p: Floats, labels: Labels, weight: Floats, g: Floats, start: int, stop: int
) -> None:
    """g = weight (1 / sum p - one-hot / p); 0 where p was clipped."""
    for n in range(start, stop):
        whole = F32(0)
        for k in range(p.shape[1]):
            whole += _held(p[n, k])
        for k in range(p.shape[1]):
            q = p[n, k]
            own = F32(1) / q if k == labels[n] else F32(0)
            g[n, k] = F32(0) if (q < LEAST) | (q > MOST) else weight[n] * (F32(1) / whole - own)
