"""Images of another size: one sum for each axis."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np

from tinyseq.engine.operator import Array
from tinyseq.layers.eager import compute

Pair = tuple[int, int]


def _linear(away: Array) -> Array:
    found: Array = np.maximum(0, 1 - np.abs(away))
    return found


def _cubic(away: Array) -> Array:
    """Keys (1981) with a = -0.5, which Keras uses on TensorFlow."""
    a, t = -0.5, np.abs(away)
    near = (a + 2) * t**3 - (a + 3) * t**2 + 1
    far = a * t**3 - 5 * a * t**2 + 8 * a * t - 4 * a
    return np.where(t <= 1, near, np.where(t < 2, far, 0))


WEIGHTS = {"bilinear": _linear, "bicubic": _cubic}
"""The weight of a pixel so far away from a position."""
INTERPOLATIONS = ("nearest", *WEIGHTS)
CUBIC_STEPS = 1024
"""TensorFlow has the cubic weights in a table with so many positions between two pixels."""


@lru_cache(64)
def axis_factors(size: int, start: int, stop: int, target: int, interpolation: str) -> Array:
    """(target, size): how much of each input pixel is in each output pixel, if start..stop-1 is stretched to `target` pixels."""
    length = stop - start
    positions = (np.arange(target) + 0.5) * (length / target) - 0.5
    if interpolation == "bilinear":
        positions = np.clip(positions, 0, length - 1)
    if interpolation == "bicubic":
        positions = np.rint(positions * CUBIC_STEPS) / CUBIC_STEPS
    away = np.arange(length) - positions[:, None]
    weights = _of_the_pixel(length, target) if interpolation == "nearest" else WEIGHTS[interpolation](away)
    found = np.zeros((target, size), np.float32)
    found[:, start:stop] = weights / weights.sum(1, keepdims=True)
    return found


def _of_the_pixel(length: int, target: int) -> Array:
    """floor((i + 1/2) * length / target), in float32 as TensorFlow has it."""
    scale = np.float32(length) / np.float32(target)
    found = np.floor((np.arange(target, dtype=np.float32) + np.float32(0.5)) * scale).astype(np.int64)
    chosen: Array = np.eye(length)[np.minimum(found, length - 1)]
    return chosen


def both(sizes: Pair, boxes: tuple[Pair, Pair], target: Pair, interpolation: str) -> tuple[Array, Array]:
    """`axis_factors` of rows and columns."""
    rows = axis_factors(sizes[0], *boxes[0], target[0], interpolation)
    return rows, axis_factors(sizes[1], *boxes[1], target[1], interpolation)


def middle(sizes: Pair, target: Pair) -> tuple[Pair, Pair]:
    """The largest box in the middle with the aspect ratio of the target."""
    height = max(min(sizes[0], int(float(sizes[1] * target[0]) / target[1])), 1)
    width = max(min(sizes[1], int(float(sizes[0] * target[1]) / target[0])), 1)
    top, left = (sizes[0] - height) // 2, (sizes[1] - width) // 2
    return (top, top + height), (left, left + width)


def applied(rows: Array, columns: Array, images: Array) -> Array:
    """(n, height, width, channels) -> (n, rows, columns, channels)."""
    n, height, width, channels = images.shape
    tall = np.matmul(rows, np.ascontiguousarray(images).reshape(n, height, width * channels))
    resized: Array = np.matmul(columns, tall.reshape(n, len(rows), width, channels))
    return resized


# ------------------------------------------------------------------ what the random layers have in common


def at_the_beginning(layer: Any, ctx: Any) -> None:
    """Raises NotImplementedError if something before a random layer is to learn."""
    if ctx.input_gradient() is not None:
        raise NotImplementedError(
            f"{layer.name}: {type(layer).__name__} passes no gradient on in training: put it before the first layer with weights"
        )


def by_engine(layer: Any, given: list[Any], training: bool) -> Any:
    """The outputs for arrays of images, or for one image."""
    image = np.asarray(given[0], np.float32)
    if image.ndim == 3:
        return compute(layer, [image[None]], training)[0]
    return compute(layer, [image], training)
