"""Functions that move numbers and leave them as they are: forward and gradient. Those marked `view` return NumPy views."""

from __future__ import annotations

from typing import Any

import numpy as np

from tinyseq.layers.tensor_functions.primitive import Primitive, primitive


def _through_view(compute: Any) -> Any:
    """The gradient of a view: each number goes back to where it came from, and those that were repeated add up."""

    def gradient(g: Any, y: Any, x: Any, *arguments: Any) -> tuple[Any, ...]:
        numbers = compute(np.arange(x.size).reshape(x.shape), *arguments)
        found = np.bincount(numbers.ravel(), np.asarray(g).ravel(), x.size).astype(g.dtype).reshape(x.shape)
        return (found, *(None for _ in arguments))

    return gradient


def _reshape(x: Any, shape: Any) -> Any:
    return np.reshape(x, shape)


def _transpose(x: Any, axes: Any) -> Any:
    return np.transpose(x, axes)


def _getitem(x: Any, key: Any) -> Any:
    return x[unpacked(key)]


def _broadcast_to(x: Any, shape: Any) -> Any:
    return np.broadcast_to(x, shape)


def _flip(x: Any, axis: Any) -> Any:
    return np.flip(x, tuple(axis) if isinstance(axis, list) else axis)


def packed(key: Any) -> Any:
    """An index as plain data, for a file: slices and Ellipsis as lists."""
    keys = key if isinstance(key, tuple) else (key,)
    found: list[Any] = []
    for one in keys:
        if isinstance(one, slice):
            found.append(["slice", one.start, one.stop, one.step])
        elif one is Ellipsis:
            found.append(["..."])
        elif one is None:
            found.append(["new"])
        elif hasattr(one, "__index__"):
            found.append(one.__index__())
        else:
            raise TypeError(f"a tensor takes whole numbers, slices, None and ... as an index, got {one!r}: use ops.take for a list")
    return found


def unpacked(key: Any) -> tuple[Any, ...]:
    """The opposite of `packed`."""
    words = {"...": Ellipsis, "new": None}
    return tuple(one if not isinstance(one, list) else slice(*one[1:]) if one[0] == "slice" else words[one[0]] for one in key)


def _expand_dims(x: Any, axis: Any) -> Any:
    return np.expand_dims(x, tuple(axis) if isinstance(axis, list) else axis)


def _squeeze(x: Any, axis: Any) -> Any:
    return np.squeeze(x, tuple(axis) if isinstance(axis, list) else axis)


VIEWS = (_reshape, _transpose, _getitem, _broadcast_to, _flip, _expand_dims, _squeeze)
for _compute in VIEWS:
    Primitive(_compute.__name__[1:], _compute, _through_view(_compute), view=True)


def _concatenate_gradient(g: Any, y: Any, axis: int, *parts: Any) -> tuple[Any, ...]:
    cuts = np.cumsum([part.shape[axis] for part in parts])[:-1]
    return (None, *np.split(g, cuts, axis))


@primitive(_concatenate_gradient, tensors=slice(1, None))
def concatenate(axis: int, *parts: Any) -> Any:
    return np.concatenate(parts, axis)


def _take_gradient(g: Any, y: Any, x: Any, indices: Any, axis: Any) -> tuple[Any, ...]:
    whole = np.asarray(indices).astype(np.int64)
    if axis is None:
        found = np.zeros(x.size, g.dtype)
        np.add.at(found, whole, g)
        return found.reshape(x.shape), None, None
    found = np.zeros(x.shape, g.dtype)
    view = np.moveaxis(found, axis, 0)
    moved = np.moveaxis(g, range(axis % x.ndim, axis % x.ndim + whole.ndim), range(whole.ndim))
    np.add.at(view, whole, moved)
    return found, None, None


@primitive(_take_gradient, tensors=slice(2))
def take(x: Any, indices: Any, axis: Any) -> Any:
    return np.take(x, np.asarray(indices).astype(np.int64), axis)


def _take_along_gradient(g: Any, y: Any, x: Any, indices: Any, axis: int) -> tuple[Any, ...]:
    found = np.zeros(x.shape, g.dtype)
    places = list(np.indices(indices.shape))
    places[axis] = np.asarray(indices).astype(np.int64)
    np.add.at(found, tuple(places), g)
    return found, None, None


@primitive(_take_along_gradient, tensors=slice(2))
def take_along_axis(x: Any, indices: Any, axis: int) -> Any:
    return np.take_along_axis(x, np.asarray(indices).astype(np.int64), axis)


def _pad_gradient(g: Any, y: Any, x: Any, widths: Any, mode: Any, value: Any) -> tuple[Any, ...]:
    if mode == "constant":
        inside = tuple(slice(before, before + size) for (before, _), size in zip(widths, x.shape, strict=True))
        return g[inside], None, None, None
    numbers = np.pad(np.arange(x.size).reshape(x.shape), widths, mode)
    found = np.bincount(numbers.ravel(), g.ravel(), x.size).astype(g.dtype)
    return found.reshape(x.shape), None, None, None


@primitive(_pad_gradient)
def pad(x: Any, widths: Any, mode: Any, value: Any) -> Any:
    return np.pad(x, widths, mode, constant_values=value) if mode == "constant" else np.pad(x, widths, mode)


def _repeat_gradient(g: Any, y: Any, x: Any, repeats: Any, axis: Any) -> tuple[Any, ...]:
    numbers = np.repeat(np.arange(x.size).reshape(x.shape), repeats, axis)
    found = np.bincount(numbers.ravel(), g.ravel(), x.size).astype(g.dtype)
    return found.reshape(x.shape), None, None


@primitive(_repeat_gradient)
def repeat(x: Any, repeats: Any, axis: Any) -> Any:
    return np.repeat(x, repeats, axis)


def _tile_gradient(g: Any, y: Any, x: Any, repeats: Any) -> tuple[Any, ...]:
    numbers = np.tile(np.arange(x.size).reshape(x.shape), repeats)
    return np.bincount(numbers.ravel(), g.ravel(), x.size).astype(g.dtype).reshape(x.shape), None


@primitive(_tile_gradient)
def tile(x: Any, repeats: Any) -> Any:
    return np.tile(x, repeats)


def _roll_gradient(g: Any, y: Any, x: Any, shift: Any, axis: Any) -> tuple[Any, ...]:
    back = tuple(-s for s in shift) if isinstance(shift, (list, tuple)) else -shift
    return np.roll(g, back, axis), None, None


@primitive(_roll_gradient)
def roll(x: Any, shift: Any, axis: Any) -> Any:
    return np.roll(x, shift, axis)


@primitive()
def one_hot(x: Any, classes: int, axis: int, dtype: Any) -> Any:
    index = np.asarray(x).astype(np.int64)
    found = (index[..., None] == np.arange(classes)).astype(dtype)
    return found if axis == -1 else np.moveaxis(found, -1, axis)


@primitive(lambda g, y, x, k: (np.tril(g, k), None))
def tril(x: Any, k: int) -> Any:
    return np.tril(x, k)


@primitive(lambda g, y, x, k: (np.triu(g, k), None))
def triu(x: Any, k: int) -> Any:
    return np.triu(x, k)


def _patch_places(lengths: Any, sizes: Any, strides: Any, dilation: Any) -> tuple[Any, Any]:
    """Rows and columns that each window of a picture reads: (windows down, 1, size down, 1) and (1, windows across, 1, size across)."""
    found = []
    for length, size, stride, step in zip(lengths, sizes, strides, dilation, strict=True):
        starts = np.arange(0, length - (size - 1) * step, stride)
        found.append(starts[:, None] + step * np.arange(size))
    return found[0][:, None, :, None], found[1][None, :, None, :]


def _patches(x: Any, sizes: Any, strides: Any, dilation: Any) -> Any:
    rows, columns = _patch_places(x.shape[1:3], sizes, strides, dilation)
    windows = x[:, rows, columns]  # (samples, down, across, size, size, channels)
    return windows.reshape(*windows.shape[:3], -1)


def _patches_gradient(g: Any, y: Any, x: Any, sizes: Any, strides: Any, dilation: Any) -> tuple[Any, ...]:
    rows, columns = _patch_places(x.shape[1:3], sizes, strides, dilation)
    found: Any = np.zeros(x.shape, g.dtype)
    across = g.reshape(len(x), *np.broadcast_shapes(rows.shape, columns.shape), x.shape[-1])
    place: Any = (slice(None), rows, columns)
    np.add.at(found, place, across)
    return found, None, None, None


Primitive("extract_patches", _patches, _patches_gradient)


def _segments(data: Any, ids: Any, count: Any) -> Any:
    found = np.zeros((count, *data.shape[1:]), data.dtype)
    whole = np.asarray(ids).astype(np.int64)
    kept = (whole >= 0) & (whole < count)
    np.add.at(found, whole[kept], data[kept])
    return found


def _segments_gradient(g: Any, y: Any, data: Any, ids: Any, count: Any) -> tuple[Any, ...]:
    whole = np.asarray(ids).astype(np.int64)
    kept = (whole >= 0) & (whole < count)
    found = np.zeros(data.shape, g.dtype)
    found[kept] = g[whole[kept]]
    return found, None, None


Primitive("segment_sum", _segments, _segments_gradient, tensors=slice(2))


def _segment_extreme(function: Any, least: float) -> Any:
    def compute(data: Any, ids: Any, count: Any) -> Any:
        whole = np.asarray(ids).astype(np.int64)
        kept = (whole >= 0) & (whole < count)
        start = least if data.dtype.kind == "f" else (np.iinfo(data.dtype).min if least < 0 else np.iinfo(data.dtype).max)
        found = np.full((count, *data.shape[1:]), start, data.dtype)
        function.at(found, whole[kept], data[kept])
        return found

    return compute


def _segment_extreme_gradient(g: Any, y: Any, data: Any, ids: Any, count: Any) -> tuple[Any, ...]:
    """Equal shares to all that are equal."""
    whole = np.asarray(ids).astype(np.int64)
    kept = (whole >= 0) & (whole < count)
    hits = np.zeros(data.shape, g.dtype)
    hits[kept] = data[kept] == y[whole[kept]]
    shares = np.maximum(_segments(hits, ids, count), 1)
    found = np.zeros(data.shape, g.dtype)
    found[kept] = hits[kept] * (g / shares)[whole[kept]]
    return found, None, None


Primitive("segment_max", _segment_extreme(np.maximum, -np.inf), _segment_extreme_gradient, tensors=slice(2))
Primitive("segment_min", _segment_extreme(np.minimum, np.inf), _segment_extreme_gradient, tensors=slice(2))


def _changed(x: Any, key: Any, update: Any, how: str) -> Any:
    found = np.array(x)
    if how == "set":
        found[key] = update
    else:
        np.add.at(found, key, update)
    return found


def _slice_key(starts: Any, sizes: Any) -> tuple[slice, ...]:
    return tuple(slice(int(start), int(start) + size) for start, size in zip(np.asarray(starts), sizes, strict=True))


def _slice_update_gradient(g: Any, y: Any, x: Any, starts: Any, updates: Any) -> tuple[Any, ...]:
    key = _slice_key(starts, np.shape(updates))
    return _changed(g, key, 0, "set"), None, g[key]


@primitive(_slice_update_gradient, tensors=slice(None))
def slice_update(x: Any, starts: Any, updates: Any) -> Any:
    return _changed(x, _slice_key(starts, np.shape(updates)), updates, "set")


def _places(indices: Any) -> tuple[Any, ...]:
    return tuple(np.moveaxis(np.asarray(indices).astype(np.int64), -1, 0))


def _scatter_update_gradient(g: Any, y: Any, x: Any, indices: Any, updates: Any) -> tuple[Any, ...]:
    return _changed(g, _places(indices), 0, "set"), None, g[_places(indices)]


@primitive(_scatter_update_gradient, tensors=slice(None))
def scatter_update(x: Any, indices: Any, updates: Any) -> Any:
    return _changed(x, _places(indices), updates, "set")


@primitive(lambda g, y, indices, values, shape: (None, g[_places(indices)], None), tensors=slice(2))
def scatter(indices: Any, values: Any, shape: Any) -> Any:
    return _changed(np.zeros(shape, np.asarray(values).dtype), _places(indices), values, "add")
