"""Normalizations: ONNX's operators where their axes are Keras's, else means and roots."""

from __future__ import annotations

from typing import Any

import numpy as np

from tinyseq.saving.onnx_export.graph import Use, Value, writes


def axes_of(use: Use) -> list[int]:
    """The axes, from 0, in order."""
    given, rank = use.config["axis"], len(use.x.shape)
    return sorted(int(one) % rank for one in (given if isinstance(given, (list, tuple)) else [given]))


def spread(array: Any, rank: int, axes: list[int]) -> Any:
    """An array whose axes are these ones of a tensor, so that it broadcasts."""
    sizes = [1] * rank
    for place, size in zip(axes, np.shape(array), strict=True):
        sizes[place] = size
    return np.asarray(array, np.float32).reshape(sizes)


def affine(use: Use, y: str, axes: list[int], scale: str = "gamma") -> str:
    """Times gamma, plus beta, where there are such."""
    rank = len(use.x.shape)
    for kind, name in (("Mul", scale), ("Add", "beta")):
        if name in use.weights:
            y = use.graph.op(kind, y, use.weight(name, spread(use.weights[name], rank, axes)))
    return y


def standardized(use: Use, x: str, axes: list[int], centered: bool = True) -> str:
    """(x - mean) / sqrt(variance + epsilon) over these axes."""
    graph = use.graph
    over = graph.ints(*axes)
    centre = graph.op("Sub", x, graph.op("ReduceMean", x, over, keepdims=1)) if centered else x
    variance = graph.op("ReduceMean", graph.op("Mul", centre, centre), over, keepdims=1)
    return graph.op("Div", centre, graph.op("Sqrt", graph.op("Add", variance, graph.number(use.config["epsilon"]))))


@writes("BatchNormalization")
def batch(use: Use) -> Value:
    """BatchNormalization with the moving statistics."""
    axis, rank, graph = axes_of(use), len(use.x.shape), use.graph
    mean, variance = use.weights["moving_mean"], use.weights["moving_variance"]
    epsilon = float(use.config["epsilon"])
    if len(axis) == 1 and axis[0] in (1, rank - 1):
        last = axis[0] == rank - 1 and rank > 2
        gamma, beta = use.weights.get("gamma", np.ones_like(mean)), use.weights.get("beta", np.zeros_like(mean))
        given = [use.weight(name, one) for name, one in (("gamma", gamma), ("beta", beta), ("mean", mean), ("variance", variance))]
        x = graph.channels_first(use.x) if last else use.keras(use.x)
        return Value(graph.op("BatchNormalization", x, *given, epsilon=epsilon), use.output, last)
    scale = spread(1 / np.sqrt(variance + epsilon), rank, axis)
    y = graph.op("Sub", use.keras(use.x), use.weight("mean", spread(mean, rank, axis)))
    y = graph.op("Mul", y, use.weight("scale", scale))
    return Value(affine(use, y, axis), use.output)


@writes("LayerNormalization")
def layer(use: Use) -> Value:
    """LayerNormalization over the last axes, else by its formula."""
    axes, rank, graph = axes_of(use), len(use.x.shape), use.graph
    x = use.keras(use.x)
    if use.config.get("rms_scaling"):
        return _rms_scaled(use, x, axes)
    if axes == list(range(axes[0], rank)):
        size = tuple(int(use.x.shape[axis] or 0) for axis in axes)
        gamma = use.weight("gamma", use.weights.get("gamma", np.ones(size, np.float32)).reshape(size))
        given = [x, gamma, *([use.weight("beta", use.weights["beta"].reshape(size))] if "beta" in use.weights else [])]
        return Value(graph.op("LayerNormalization", *given, axis=axes[0], epsilon=float(use.config["epsilon"])), use.output)
    return Value(affine(use, standardized(use, x, axes), axes), use.output)


def _rms_scaled(use: Use, x: str, axes: list[int]) -> Value:
    """x / sqrt(variance + epsilon), not centered, times gamma."""
    graph = use.graph
    over = graph.ints(*axes)
    centre = graph.op("Sub", x, graph.op("ReduceMean", x, over, keepdims=1))
    variance = graph.op("ReduceMean", graph.op("Mul", centre, centre), over, keepdims=1)
    y = graph.op("Div", x, graph.op("Sqrt", graph.op("Add", variance, graph.number(use.config["epsilon"]))))
    if "gamma" in use.weights:
        y = graph.op("Mul", y, use.weight("gamma", spread(use.weights["gamma"], len(use.x.shape), axes)))
    return Value(y, use.output)


@writes("GroupNormalization")
def group(use: Use) -> Value:
    """The channels of a group in a row."""
    (axis,), rank, graph = axes_of(use), len(use.x.shape), use.graph
    channels = use.x.shape[axis]
    groups = int(channels or 0) if use.config["groups"] == -1 else int(use.config["groups"])
    order = [0, axis, *(one for one in range(1, rank) if one != axis)]
    x = graph.op("Transpose", use.keras(use.x), perm=order)
    rows = graph.op("Reshape", x, graph.ints(0, groups, -1))
    y = graph.op("Reshape", standardized(use, rows, [2]), graph.op("Shape", x))
    y = graph.op("Transpose", y, perm=[order.index(one) for one in range(rank)])
    return Value(affine(use, y, [axis]), use.output)


@writes("UnitNormalization")
def unit(use: Use) -> Value:
    """Divided by the root of the sum of squares."""
    graph, x = use.graph, use.keras(use.x)
    total = graph.op("ReduceSum", graph.op("Mul", x, x), graph.ints(*axes_of(use)), keepdims=1)
    return Value(graph.op("Div", x, graph.op("Sqrt", graph.op("Max", total, graph.number(1e-12)))), use.output)


@writes("RMSNormalization")
def rms(use: Use) -> Value:
    """Divided by the root of the mean of squares."""
    axes = axes_of(use)
    return Value(affine(use, standardized(use, use.keras(use.x), axes, centered=False), axes, "scale"), use.output)


@writes("Rescaling")
def rescaling(use: Use) -> Value:
    """Mul, Add"""
    graph, x = use.graph, use.keras(use.x)
    x = graph.op("Cast", x, to="float32") if use.x.dtype != "float32" else x
    y = graph.op("Mul", x, graph.constant(np.asarray(use.config["scale"], np.float32), "scale"))
    return Value(graph.op("Add", y, graph.constant(np.asarray(use.config["offset"], np.float32), "offset")), use.output)


@writes("Normalization")
def normalization(use: Use) -> Value:
    """(x - mean) / sqrt(variance)"""
    axis, rank, graph = use.config["axis"], len(use.x.shape), use.graph
    axes = sorted(one % rank for one in (() if axis is None else axis if isinstance(axis, (list, tuple)) else (axis,)))
    given = use.config if use.config.get("mean") is not None else use.weights
    mean, variance = (np.asarray(given[name], np.float32) for name in ("mean", "variance"))
    mean, variance = (_along(one, rank, axes) for one in (mean, variance))
    average, deviation = use.weight("mean", mean), use.weight("deviation", np.maximum(np.sqrt(variance), np.float32(1e-7)))
    x = use.keras(use.x)
    if use.config.get("invert"):
        return Value(graph.op("Add", graph.op("Mul", x, deviation), average), use.output)
    return Value(graph.op("Div", graph.op("Sub", x, average), deviation), use.output)


def _along(array: Any, rank: int, axes: list[int]) -> Any:
    """Numbers for the last of these axes; an array that was passed may have axes of 1 before them."""
    kept = array.reshape(array.shape[max(array.ndim - len(axes), 0) :])
    return spread(kept, rank, axes[-kept.ndim :] if kept.ndim else [])
