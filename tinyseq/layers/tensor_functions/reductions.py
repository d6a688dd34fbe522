"""Functions that make one number of many, along axes: forward and gradient."""

from __future__ import annotations

from typing import Any

import numpy as np

from tinyseq.layers.tensor_functions.primitive import primitive


def _kept(array: Any, x: Any, axis: Any, keepdims: bool) -> Any:
    """A reduced array with its axes back, of size 1."""
    if keepdims or axis is None:
        return np.reshape(array, np.sum(x, axis, keepdims=True).shape) if axis is not None or not keepdims else array
    return np.expand_dims(array, axis)


def _axes(axis: Any) -> Any:
    return tuple(axis) if isinstance(axis, list) else axis


def _sum_gradient(g: Any, y: Any, x: Any, axis: Any, keepdims: bool) -> tuple[Any, ...]:
    return np.broadcast_to(_kept(g, x, _axes(axis), keepdims), x.shape), None, None


@primitive(_sum_gradient)
def sum_(x: Any, axis: Any, keepdims: bool) -> Any:
    return np.sum(x, _axes(axis), keepdims=keepdims)


def _mean_gradient(g: Any, y: Any, x: Any, axis: Any, keepdims: bool) -> tuple[Any, ...]:
    return np.broadcast_to(_kept(g, x, _axes(axis), keepdims), x.shape) * (np.size(y) / x.size), None, None


@primitive(_mean_gradient)
def mean(x: Any, axis: Any, keepdims: bool) -> Any:
    return np.mean(x, _axes(axis), keepdims=keepdims)


def _extreme_gradient(g: Any, y: Any, x: Any, axis: Any, keepdims: bool) -> tuple[Any, ...]:
    """Equal shares to all that are equal, as in Keras on TensorFlow."""
    hits = x == _kept(y, x, _axes(axis), keepdims)
    count = hits.sum(_axes(axis), keepdims=True)
    return hits * (_kept(g, x, _axes(axis), keepdims) / count), None, None


@primitive(_extreme_gradient)
def max_(x: Any, axis: Any, keepdims: bool) -> Any:
    return np.max(x, _axes(axis), keepdims=keepdims)


@primitive(_extreme_gradient)
def min_(x: Any, axis: Any, keepdims: bool) -> Any:
    return np.min(x, _axes(axis), keepdims=keepdims)


def _prod_gradient(g: Any, y: Any, x: Any, axis: Any, keepdims: bool) -> tuple[Any, ...]:
    """g times the product of all others, right also where a number is 0."""
    axes = range(x.ndim) if axis is None else [a % x.ndim for a in ((axis,) if isinstance(axis, int) else axis)]
    rest = [a for a in range(x.ndim) if a not in axes]
    turned = np.transpose(x, (*rest, *axes))
    flat = turned.reshape(*(x.shape[a] for a in rest), -1)
    before = np.cumprod(np.concatenate([np.ones_like(flat[..., :1]), flat[..., :-1]], -1), -1)
    after = np.cumprod(np.concatenate([np.ones_like(flat[..., :1]), flat[..., :0:-1]], -1), -1)[..., ::-1]
    others = np.transpose((before * after).reshape(turned.shape), np.argsort((*rest, *axes)))
    return others * _kept(g, x, _axes(axis), keepdims), None, None


@primitive(_prod_gradient)
def prod(x: Any, axis: Any, keepdims: bool) -> Any:
    return np.prod(x, _axes(axis), keepdims=keepdims)


@primitive()
def any_(x: Any, axis: Any, keepdims: bool) -> Any:
    return np.any(x, _axes(axis), keepdims=keepdims)


@primitive()
def all_(x: Any, axis: Any, keepdims: bool) -> Any:
    return np.all(x, _axes(axis), keepdims=keepdims)


@primitive()
def argmax(x: Any, axis: Any, keepdims: bool) -> Any:
    return np.argmax(x, axis, keepdims=keepdims).astype(np.int32)


@primitive()
def argmin(x: Any, axis: Any, keepdims: bool) -> Any:
    return np.argmin(x, axis, keepdims=keepdims).astype(np.int32)


@primitive()
def count_nonzero(x: Any, axis: Any) -> Any:
    return np.asarray(np.count_nonzero(x, _axes(axis))).astype(np.int32)


def _cumsum_gradient(g: Any, y: Any, x: Any, axis: Any) -> tuple[Any, ...]:
    if axis is None:
        return np.cumsum(g[::-1])[::-1].reshape(x.shape), None
    return np.flip(np.cumsum(np.flip(g, axis), axis), axis), None


@primitive(_cumsum_gradient)
def cumsum(x: Any, axis: Any) -> Any:
    return np.cumsum(x, axis)


@primitive()
def argsort(x: Any, axis: Any) -> Any:
    return np.argsort(x, axis, kind="stable").astype(np.int32)


def _sort_gradient(g: Any, y: Any, x: Any, axis: Any) -> tuple[Any, ...]:
    order = np.argsort(x, axis, kind="stable")
    found = np.zeros_like(g)
    np.put_along_axis(found, order, g, axis)
    return found, None


@primitive(_sort_gradient)
def sort(x: Any, axis: Any) -> Any:
    return np.sort(x, axis, kind="stable")


def _cumprod_gradient(g: Any, y: Any, x: Any, axis: int) -> tuple[Any, ...]:
    """g times the product of all others up to each place, right also where a number is 0."""
    flat, slope = np.moveaxis(x, axis, -1), np.moveaxis(g, axis, -1)
    found = np.zeros(flat.shape, g.dtype)
    for place in range(flat.shape[-1]):
        others = flat.copy()
        others[..., place] = 1
        found[..., place] = (np.cumprod(others, -1) * slope)[..., place:].sum(-1)
    return np.moveaxis(found, -1, axis), None


@primitive(_cumprod_gradient)
def cumprod(x: Any, axis: int) -> Any:
    return np.cumprod(x, axis)
