"""Weights and data in the order of frameworks that put channels before rows: images (n, c, h, w), kernels (out, in, h, w)."""

from __future__ import annotations

import numpy as np

from tests.benchmarks.models import Array, Conv, Dense, Flatten, Net, Recurrent, Words


def images(x: Array) -> Array:
    """(n, h, w, c) -> (n, c, h, w); vectors as they are."""
    return np.ascontiguousarray(x.transpose(0, 3, 1, 2)) if x.ndim == 4 else x


def channels_last(x: Array) -> Array:
    """(n, c, h, w) -> (n, h, w, c); vectors as they are."""
    return np.ascontiguousarray(x.transpose(0, 2, 3, 1)) if x.ndim == 4 else x


def kernel(values: Array) -> Array:
    """(h, w, in, out) -> (out, in, h, w), and back by `kernel_back`."""
    return np.ascontiguousarray(values.transpose(3, 2, 0, 1))


def kernel_back(values: Array) -> Array:
    """(out, in, h, w) -> (h, w, in, out)."""
    return np.ascontiguousarray(values.transpose(2, 3, 1, 0))


def weights(net: Net, values: list[Array]) -> list[Array]:
    """Kernel, bias ...: kernels turned; the first Dense after a Flatten reads its features in the order (c, h, w)."""
    found: list[Array] = []
    given = iter(values)
    flat = None
    for part, before, _ in net.steps():
        if isinstance(part, Flatten):
            flat = before
        elif isinstance(part, Conv):
            found += [kernel(next(given)), next(given)]
        elif isinstance(part, Dense):
            dense = next(given)
            if flat is not None:
                dense = dense.reshape(*flat, -1).transpose(2, 0, 1, 3).reshape(dense.shape)
                flat = None
            found += [np.ascontiguousarray(dense), next(given)]
        elif isinstance(part, (Words, Recurrent)):
            found += [next(given) for _ in range(1 if isinstance(part, Words) else 6 if part.both else 3)]
    return found
