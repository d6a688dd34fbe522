"""Images seen through a projection: pixel (x, y) of the result is the image at the place that eight numbers say, as in TensorFlow.

    ((a0 x + a1 y + a2) / k, (b0 x + b1 y + b2) / k)        k = c0 x + c1 y + 1        transform = (a0, a1, a2, b0, b1, b2, c0, c1)
"""

from __future__ import annotations

from typing import Any

import numpy as np

from tinyseq.engine.operator import Array

F32 = np.float32


def brought_inside(places: Array, size: int, fill: str) -> Array:
    """Places along an axis of so many pixels, those outside by "reflect", "wrap" or "nearest"; by "constant" as they are."""
    if fill == "constant":
        return places
    last, below = size - 1, np.minimum(places, 0)
    if fill == "reflect":  # d c b a | a b c d | d c b a
        period = 2 * size
        low = np.where(below < period, period * np.floor(-below / period) + below, below)
        low = np.where(low < -size, low + period, -low - 1)
        high = places - period * np.floor(places / period)
        high = np.where(high >= size, period - high - 1, high)
    elif fill == "wrap":
        low = below + size * (np.trunc(-below / max(last, 1)) + 1)
        high = places - size * np.trunc(places / max(last, 1))
    else:
        low, high = below, places
    found: Array = np.clip(np.where(places < 0, low, np.where(places > last, high, places)), 0, last)
    return np.zeros_like(found) if size == 1 else found.astype(F32)


def read(image: Array, rows: Array, columns: Array, value: float) -> Array:
    """Pixels at whole places, `value` outside of the image."""
    height, width = image.shape[:2]
    inside = (rows >= 0) & (rows < height) & (columns >= 0) & (columns < width)
    found = image[np.clip(rows, 0, height - 1).astype(np.int64), np.clip(columns, 0, width - 1).astype(np.int64)]
    return np.where(inside[..., None], found, F32(value))


def sampled(image: Array, y: Array, x: Array, interpolation: str, value: float) -> Array:
    """The image at places between its pixels."""
    if interpolation == "nearest":
        return read(image, np.trunc(y + np.copysign(0.5, y)), np.trunc(x + np.copysign(0.5, x)), value)
    top, left = np.floor(y), np.floor(x)
    down, right = (y - top)[..., None].astype(F32), (x - left)[..., None].astype(F32)
    upper = (F32(1) - right) * read(image, top, left, value) + right * read(image, top, left + 1, value)
    lower = (F32(1) - right) * read(image, top + 1, left, value) + right * read(image, top + 1, left + 1, value)
    found: Array = (F32(1) - down) * upper + down * lower
    return found


def projected(images: Array, transforms: Any, fill: str, interpolation: str, value: float) -> Array:
    """Images (samples, height, width, channels), each by its own eight numbers."""
    _, height, width, _ = images.shape
    x, y = np.meshgrid(np.arange(width, dtype=F32), np.arange(height, dtype=F32))
    changed = []
    for image, numbers in zip(images, np.broadcast_to(np.asarray(transforms, F32), (len(images), 8)), strict=True):
        a0, a1, a2, b0, b1, b2, c0, c1 = numbers
        share = c0 * x + c1 * y + F32(1)
        with np.errstate(all="ignore"):
            across, down = (a0 * x + a1 * y + a2) / share, (b0 * x + b1 * y + b2) / share
        across, down = (np.where(share == 0, F32(-9), places) for places in (across, down))  # behind the viewer: nothing is seen
        rows, columns = brought_inside(down, height, fill), brought_inside(across, width, fill)
        seen = sampled(image, rows, columns, interpolation, value)
        changed.append(np.where((share == 0)[..., None], F32(value), seen))
    return np.stack(changed).astype(F32)


def affine(rows: list[Any]) -> Array:
    """(samples, 8) of six numbers, each one or one for each sample; the last two are 0."""
    parts = [np.asarray(number, F32).reshape(-1) for number in (*rows, 0, 0)]
    count = max(part.size for part in parts)
    return np.stack([np.broadcast_to(part, count) for part in parts], 1).astype(F32)


def homography(start: Any, end: Any) -> Array:
    """(samples, 8): what takes four points `end` (samples, 4, 2) back to `start`."""
    found = []
    for sources, targets in zip(np.asarray(start, F32), np.asarray(end, F32), strict=True):
        rows, right = [], []
        for (u, v), (x, y) in zip(sources, targets, strict=True):
            rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
            right += [u, v]
        matrix = np.array(rows, np.float64)
        found.append(np.linalg.solve(matrix, np.array(right, np.float64)))
    return np.array(found, F32)


def blurred(images: Array, sizes: tuple[int, int], deviations: Any) -> Array:
    """Each channel convolved with a Gaussian window, zeros beyond the edge."""
    tall, wide = (_window(size, float(deviation)) for size, deviation in zip(sizes, np.asarray(deviations).reshape(-1), strict=True))
    return convolved(images, np.outer(wide, tall).reshape(len(tall), len(wide)))


def _window(size: int, deviation: float) -> Array:
    places = np.arange(size, dtype=F32) - F32((size - 1) / 2)
    heights = np.exp(F32(-0.5) * (places / F32(deviation)) ** 2)
    found: Array = heights / heights.sum()
    return found


def convolved(images: Array, window: Array) -> Array:
    """Each channel with one window, zeros beyond the edge, the size kept."""
    (tall, wide), (_, height, width, _) = window.shape, images.shape
    top, left = (tall - 1) // 2, (wide - 1) // 2
    padded = np.pad(images, [(0, 0), (top, tall - 1 - top), (left, wide - 1 - left), (0, 0)])
    total = np.zeros(images.shape, F32)
    for i in range(tall):
        for j in range(wide):
            total += F32(window[i, j]) * padded[:, i : i + height, j : j + width]
    return total
