"""Colours of arrays of images (..., height, width, channels): grey, hue and saturation, and histograms of tiles."""

from __future__ import annotations

import numpy as np

from tinyseq.engine.operator import Array

F32 = np.float32
LUMA = np.array([0.2989, 0.5870, 0.1140], F32)
"""The weights of red, green and blue in grey: ITU-R BT.601, as Keras has them."""


def grey(images: Array) -> Array:
    """(..., 3) -> (..., 1); one channel stays as it is."""
    if images.shape[-1] == 1:
        return images
    found: Array = np.tensordot(images, LUMA, (-1, -1))[..., None]
    return found


def to_hsv(images: Array) -> tuple[Array, Array, Array]:
    """Hue from 0 to 1, saturation and value of red, green, blue. Smith (1978)."""
    red, green, blue = (images[..., c] for c in range(3))
    value, spread = images.max(-1), np.ptp(images, -1)
    with np.errstate(all="ignore"):
        saturation = np.where(value > 0, spread / value, F32(0))
        share = F32(1) / (F32(6) * spread)
        hue = np.where(
            red == value, share * (green - blue),
            np.where(green == value, share * (blue - red) + F32(2 / 6), share * (red - green) + F32(4 / 6)),
        )  # fmt: skip
    hue = np.where(spread > 0, hue, F32(0))
    return np.where(hue < 0, hue + F32(1), hue), saturation, value


def from_hsv(hue: Array, saturation: Array, value: Array) -> Array:
    """Red, green, blue."""
    six = hue * F32(6)
    parts = np.abs(six - F32(3)) - F32(1), F32(2) - np.abs(six - F32(2)), F32(2) - np.abs(six - F32(4))
    rgb = np.stack([np.clip(part, F32(0), F32(1)) for part in parts], -1)
    found: Array = ((F32(1) - saturation)[..., None] + saturation[..., None] * rgb) * value[..., None]
    return found


def by_tiles(images: Array, grid: tuple[int, int], limit: float) -> Array:
    """CLAHE: each value becomes its place in the histograms of the four tiles around it, each cut at `limit` (Zuiderveld 1994)."""
    _, height, width, _ = images.shape
    (down, across), (tall, wide) = grid, (-(-height // grid[0]), -(-width // grid[1]))
    room = [(0, 0), (0, tall * down - height), (0, wide * across - width), (0, 0)]
    padded = np.pad(images, room, mode="symmetric")
    places = np.clip(padded.astype(np.int32), 0, 255)
    tables = _tables(places, grid, (tall, wide), limit)
    rows, columns = (_neighbours(size, count) for size, count in ((tall, down), (wide, across)))
    sample, channel = np.arange(len(images))[:, None, None, None], np.arange(images.shape[3])[None, None, None]

    def seen(row: Array, column: Array) -> Array:
        found: Array = tables[sample, row[None, :, None, None], column[None, None, :, None], channel, places]
        return found

    east, south = columns[2][None, None, :, None], rows[2][None, :, None, None]
    top = seen(rows[0], columns[0]) * (F32(1) - east) + seen(rows[0], columns[1]) * east
    bottom = seen(rows[1], columns[0]) * (F32(1) - east) + seen(rows[1], columns[1]) * east
    found: Array = (top * (F32(1) - south) + bottom * south)[:, :height, :width]
    return found


def _tables(places: Array, grid: tuple[int, int], tile: tuple[int, int], limit: float) -> Array:
    """(samples, tiles down + 2, tiles across + 2, channels, 256): what each value of a tile becomes; tiles at the edge twice."""
    (n, _, _, channels), (down, across), (tall, wide) = places.shape, grid, tile
    tiles = places.reshape(n, down, tall, across, wide, channels).transpose(0, 1, 3, 5, 2, 4).reshape(-1, tall * wide)
    counts = np.stack([np.bincount(one, minlength=256) for one in tiles]).astype(F32)
    if limit > 0:
        most = F32(limit * (tall * wide) / 256.0)
        cut = np.clip(counts, F32(0), most)
        counts = cut + (counts - cut).sum(-1, keepdims=True, dtype=F32) / F32(256)
    total = np.cumsum(counts, -1, dtype=F32)
    least = total.min(-1, keepdims=True)
    below = F32(tall * wide) - least
    tables = np.clip((total - least) * F32(255) / np.where(below == 0, F32(1), below), F32(0), F32(255))
    shaped = tables.reshape(n, down, across, channels, 256)
    return np.pad(shaped, [(0, 0), (1, 1), (1, 1), (0, 0), (0, 0)], mode="edge")


def _neighbours(size: int, count: int) -> tuple[Array, Array, Array]:
    """For each position along an axis: the tiles before and after it, and how near it is to the second."""
    place = (np.arange(size * count, dtype=F32) - F32(size / 2)) / F32(size) + F32(1)
    first = np.floor(place)
    ends = (np.clip(tile, 0, count + 1).astype(np.int64) for tile in (first, first + 1))
    return *ends, (place - first).astype(F32)
