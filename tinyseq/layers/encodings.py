"""Indices -> one-hot vectors, vectors of zeros and ones, counts: what output_mode= of the preprocessing layers means."""

from __future__ import annotations

from typing import Any

import numpy as np

from tinyseq.engine.operator import Array


def encoded(where: str, indices: Array, mode: str, depth: int) -> Array:
    """"one_hot": a vector for each index (an axis of size 1 is replaced); "multi_hot", "count": a vector for each row of indices.

    Indices outside of 0..depth-1 count nowhere.
    """
    if mode == "int":
        return indices
    if mode == "one_hot":
        single = indices.ndim > 1 and indices.shape[-1] == 1
        return _one_hot(indices[..., 0] if single else indices, depth)
    if indices.ndim > 2:
        raise NotImplementedError(
            f"{where}: output_mode={mode!r} computes for indices of shape (samples, values), got {indices.shape}: reshape them"
        )
    counts = np.zeros((*indices.shape[:-1], depth), np.float32)
    rows = counts.reshape(-1, depth)
    flat = indices.reshape(len(rows), -1)
    sample, place = np.nonzero((flat >= 0) & (flat < depth))
    np.add.at(rows, (sample, flat[sample, place]), np.float32(1))
    return np.minimum(counts, np.float32(1)) if mode == "multi_hot" else counts


def _one_hot(indices: Array, depth: int) -> Array:
    vectors: Array = (indices[..., None] == np.arange(depth)).astype(np.float32)
    return vectors


def dense_only(layer: Any) -> None:
    """Raises NotImplementedError for sparse=True: all arrays here are dense."""
    if getattr(layer, "sparse", False):
        raise NotImplementedError(f"{layer.name}: sparse=True is not computed, all arrays are dense: leave it out")
