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
