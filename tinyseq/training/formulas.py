"""Targets as rows, and losses without kernels: formula and slope, (n, size) float32 -> (n,) and (n, size)."""

from __future__ import annotations

import re
from functools import cache
from math import prod
from typing import Any

import numpy as np

Array = Any  # a numpy array: its operators have no useful types

LEAST = np.float32(1e-7)


@cache
def snake_case(name: str) -> str:
    """MeanSquaredError -> mean_squared_error, KLDivergence -> kl_divergence, F1Score -> f1_score. As to_snake_case of keras 3.15."""
    return re.sub(r"([a-z])([A-Z])", r"\1_\2", re.sub(r"(.)([A-Z][a-z]+)", r"\1_\2", name)).lower()


# ---------------------------------------------------------------------- rows


def as_rows(p: Array) -> Array:
    """(..., size) -> (rows, size); (n,) -> (n, 1)."""
    return p.reshape(-1, p.shape[-1]) if p.ndim > 1 else p.reshape(-1, 1)


def same_ranks(a: Array, b: Array) -> tuple[Array, Array]:
    """Two arrays whose ranks differ by a last axis of 1, with the same rank: (n,) and (n, 1) become (n, 1), else the axis goes."""
    if a.ndim == b.ndim + 1 and a.shape[-1] == 1:
        return (a, b[..., None]) if b.ndim == 1 else (a[..., 0], b)
    if b.ndim == a.ndim + 1 and b.shape[-1] == 1:
        return (a[..., None], b) if a.ndim == 1 else (a, b[..., 0])
    return a, b


def dense_targets(y_true: Any, shape: tuple[int, ...], stretch: bool = True) -> Array:
    """Targets of the prediction's own shape, as rows; (n,) fits (n, 1). `stretch`: one target for a whole row will do."""
    t = np.asarray(y_true)
    if t.dtype.kind not in "fiub":
        raise TypeError(f"targets must be numbers, got dtype {t.dtype}: encode them as integers or one-hot rows first")
    if t.shape != shape and (*t.shape, 1) == shape:
        t = t.reshape(shape)
    if t.ndim == len(shape) + 1 and t.shape[-1] == 1 and shape[-1] != 1:
        t = t[..., 0]
    if t.shape != shape:
        if stretch and t.ndim == len(shape) and t.shape == (*shape[:-1], 1):
            t = np.broadcast_to(t, shape)
        else:
            raise ValueError(f"targets have shape {t.shape}, predictions {shape}: pass targets of shape {shape}")
    return np.ascontiguousarray(as_rows(t), np.float32)


def sparse_targets(y_true: Any, shape: tuple[int, ...], ignored: int | None = None) -> Array:
    """Labels (rows,) int64 in 0..classes-1 for predictions (..., classes). ValueError if a label is outside."""
    t = np.asarray(y_true)
    if t.dtype.kind not in "fiub":
        raise TypeError(f"labels must be integers, got dtype {t.dtype}: number the classes 0, 1, 2 ...")
    if t.shape == (*shape[:-1], 1):
        t = t[..., 0]
    if t.shape != shape[:-1]:
        raise ValueError(
            f"labels have shape {t.shape}, predictions {shape}: pass one label for each row, shape {shape[:-1]}"
            + (", or use categorical_crossentropy for one-hot rows" if t.shape == shape else "")
        )
    if t.dtype.kind == "f" and not np.isfinite(t).all():
        raise ValueError("labels must be integers, got NaN or infinity: remove those rows, rows = np.isfinite(y)")
    labels = t.reshape(-1).astype(np.int64)
    if t.dtype.kind == "f" and not np.array_equal(labels, t.reshape(-1)):
        raise ValueError("labels must be integers, got fractions: use categorical_crossentropy for distributions")
    real = labels if ignored is None else labels[labels != ignored]
    if real.size and real.view(np.uint64).max() >= shape[-1]:  # which a negative number is, without its sign
        raise ValueError(_labels_outside(real, shape[-1]))
    return labels


def _labels_outside(labels: Array, classes: int) -> str:
    """The advice: labels that would fit if they began at 0 are shifted; others need a larger output, or another loss."""
    least, most = int(labels.min()), int(labels.max())
    found = f"labels go from {least} to {most}, but the output has {classes} classes: labels must be 0 to {classes - 1}"
    if classes == 1 and least == 0 and most == 1:
        return f"{found}: for yes or no from one unit use loss='binary_crossentropy'"
    if classes >= 2 and (least, most) == (-1, 1) and not (labels == 0).any():
        return f"{found}: write (y + 1) // 2"
    move = f"y - {least}" if least > 0 else f"y + {-least}"
    if most - least < classes:
        return f"{found}: subtract the smallest, {move}"
    larger = f"make the last layer Dense({most - min(least, 0) + 1})"
    return f"{found}: subtract the smallest, {move}, and {larger}" if least < 0 else f"{found}, or {larger}"


def row_weights(sample_weight: Any, outer: tuple[int, ...]) -> Array:
    """(rows,) float32, one weight for each row of predictions (*outer, size); 1 without sample_weight."""
    if sample_weight is None:
        return np.ones(prod(outer), np.float32)
    weight = np.asarray(sample_weight, np.float32)
    if weight.ndim == len(outer) + 1 and weight.shape[-1] == 1:
        weight = weight[..., 0]
    if weight.ndim > len(outer) or any(size not in (1, full) for size, full in zip(weight.shape, outer, strict=False)):
        raise ValueError(f"sample_weight has shape {weight.shape}, expected {outer[:1]}: pass one weight for each sample")
    weight = weight.reshape(weight.shape + (1,) * (len(outer) - weight.ndim))
    return np.ascontiguousarray(np.broadcast_to(weight, outer).reshape(-1))


# ---------------------------------------------------------------------- formulas


def percentage(t: Array, p: Array) -> Array:
    """100 mean(|t - p| / max(|t|, 1e-7))"""
    return 100 * np.mean(np.abs(t - p) / np.maximum(np.abs(t), LEAST), 1)


def percentage_slope(t: Array, p: Array) -> Array:
    """Its gradient."""
    return 100 * np.sign(p - t) / np.maximum(np.abs(t), LEAST) / p.shape[1]


def squared_logarithmic(t: Array, p: Array) -> Array:
    """mean((log(1 + t) - log(1 + p))^2)"""
    return np.mean((np.log1p(np.maximum(p, LEAST)) - np.log1p(np.maximum(t, LEAST))) ** 2, 1)


def squared_logarithmic_slope(t: Array, p: Array) -> Array:
    """Its gradient; 0 where p was clipped."""
    held = np.maximum(p, LEAST)
    difference = np.log1p(held) - np.log1p(np.maximum(t, LEAST))
    return np.where(p > LEAST, 2 * difference / (1 + held), 0) / p.shape[1]


def _unit(x: Array) -> tuple[Array, Array]:
    """x / length, and the length (at least sqrt(1e-7)... as Keras holds its square to 1e-7)."""
    length = np.sqrt(np.maximum((x * x).sum(1, keepdims=True), LEAST))
    return x / length, length


def cosine(t: Array, p: Array) -> Array:
    """-sum(unit(t) unit(p))"""
    return -(_unit(t)[0] * _unit(p)[0]).sum(1)


def cosine_slope(t: Array, p: Array) -> Array:
    """Its gradient."""
    (a, _), (b, length) = _unit(t), _unit(p)
    return -(a - (a * b).sum(1, keepdims=True) * b) / length


def poisson(t: Array, p: Array) -> Array:
    """mean(p - t log(p + 1e-7))"""
    return np.mean(p - t * np.log(p + LEAST), 1)


def poisson_slope(t: Array, p: Array) -> Array:
    """Its gradient."""
    return (1 - t / (p + LEAST)) / p.shape[1]


def divergence(t: Array, p: Array) -> Array:
    """sum(t log(t/p)), both held to [1e-7, 1]"""
    t, p = np.clip(t, LEAST, 1), np.clip(p, LEAST, 1)
    return (t * np.log(t / p)).sum(1)


def divergence_slope(t: Array, p: Array) -> Array:
    """Its gradient; 0 where p was clipped."""
    inside = (p >= LEAST) & (p <= 1)
    return np.where(inside, -np.clip(t, LEAST, 1) / np.clip(p, LEAST, 1), 0)


def _signs(t: Array) -> Array:
    """Targets 0 and 1 as -1 and 1, as in Keras if there are no others."""
    return 2 * t - 1 if np.all((t == 0) | (t == 1)) else t


def hinge(t: Array, p: Array) -> Array:
    """mean(max(1 - t p, 0))"""
    return np.mean(np.maximum(1 - _signs(t) * p, 0), 1)


def hinge_slope(t: Array, p: Array) -> Array:
    """Its gradient."""
    t = _signs(t)
    return np.where(1 - t * p > 0, -t, 0) / p.shape[1]


def squared_hinge(t: Array, p: Array) -> Array:
    """mean(max(1 - t p, 0)^2)"""
    return np.mean(np.maximum(1 - _signs(t) * p, 0) ** 2, 1)


def squared_hinge_slope(t: Array, p: Array) -> Array:
    """Its gradient."""
    t = _signs(t)
    return -2 * t * np.maximum(1 - t * p, 0) / p.shape[1]


def categorical_hinge(t: Array, p: Array) -> Array:
    """max(max((1 - t) p) - sum(t p) + 1, 0)"""
    return np.maximum(((1 - t) * p).max(1) - (t * p).sum(1) + 1, 0)


def categorical_hinge_slope(t: Array, p: Array) -> Array:
    """Its gradient."""
    wrong = (1 - t) * p
    most = np.zeros_like(p)
    most[np.arange(len(p)), wrong.argmax(1)] = 1
    active = wrong.max(1) - (t * p).sum(1) + 1 > 0
    return np.where(active[:, None], most * (1 - t) - t, 0)
