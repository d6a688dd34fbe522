"""Convolutions and pooling: ONNX has channels first, kernels as (filters, channels, *window), padding for each side."""

from __future__ import annotations

from typing import Any

import numpy as np

from tinyseq.saving.onnx_export.activations import activated
from tinyseq.saving.onnx_export.graph import Array, Use, Value, writes
from tinyseq.saving.padding import Sizes, same_padding, sizes, transposed_cut


def padding(use: Use, window: Sizes, strides: Sizes, dilation: Sizes) -> dict[str, Any]:
    """The attribute that pads as Keras does: known amounts, or SAME_UPPER where a size is None."""
    kind = use.config["padding"].lower()
    if kind == "valid":
        return {}
    if kind == "causal":
        return {"pads": [d * (k - 1) for k, d in zip(window, dilation, strict=True)] + [0] * len(window)}
    pads = [same_padding(*one) for one in zip(use.spatial(use.x.shape), window, strides, dilation, strict=True)]
    if any(one is None for one in pads):
        if set(dilation) != {1}:
            raise use.refuse('padding="same" with a dilation depends on the size, which is None: define it in Input(shape=...)')
        return {"auto_pad": "SAME_UPPER"}
    return {"pads": [one[0] for one in pads if one] + [one[1] for one in pads if one]}


def _conv(use: Use, x: str, kernel: Array, name: str, groups: int, bias: bool, **attributes: Any) -> str:
    """One Conv; the kernel in ONNX's order."""
    given = [x, use.weight(name, kernel), *([use.weight("bias")] if bias else [])]
    return use.graph.op("Conv", *given, group=groups, kernel_shape=list(kernel.shape[2:]), **attributes)


def _windowed(use: Use, window: Sizes) -> dict[str, Any]:
    axes = len(window)
    strides, dilation = sizes(use.config["strides"], axes), sizes(use.config["dilation_rate"], axes)
    return {"strides": list(strides), "dilations": list(dilation), **padding(use, window, strides, dilation)}


@writes("Conv1D", "Conv2D", "Conv3D")
def convolution(use: Use) -> Value:
    """Conv"""
    kernel = use.weights["kernel"]
    turned = np.moveaxis(kernel, (-1, -2), (0, 1))
    attributes = _windowed(use, kernel.shape[:-2])
    y = _conv(use, use.first(use.x), turned, "kernel", int(use.config["groups"]), "bias" in use.weights, **attributes)
    return activated(use, use.made(y), use.config["activation"])


def _depthwise(kernel: Array) -> Array:
    """(*window, channels, multiplier) -> (channels * multiplier, 1, *window)"""
    turned = np.moveaxis(kernel, (-2, -1), (0, 1))
    return turned.reshape(-1, 1, *turned.shape[2:])


@writes("DepthwiseConv1D", "DepthwiseConv2D")
def depthwise(use: Use) -> Value:
    """Conv with as many groups as channels."""
    kernel = use.weights["kernel"]
    attributes = _windowed(use, kernel.shape[:-2])
    y = _conv(use, use.first(use.x), _depthwise(kernel), "kernel", kernel.shape[-2], "bias" in use.weights, **attributes)
    return activated(use, use.made(y), use.config["activation"])


@writes("SeparableConv1D", "SeparableConv2D")
def separable(use: Use) -> Value:
    """Two of them."""
    first, second = use.weights["depthwise_kernel"], use.weights["pointwise_kernel"]
    attributes = _windowed(use, first.shape[:-2])
    y = _conv(use, use.first(use.x), _depthwise(first), "depthwise_kernel", first.shape[-2], False, **attributes)
    y = _conv(use, y, np.moveaxis(second, (-1, -2), (0, 1)), "pointwise_kernel", 1, "bias" in use.weights)
    return activated(use, use.made(y), use.config["activation"])


@writes("Conv1DTranspose", "Conv2DTranspose", "Conv3DTranspose")
def transposed(use: Use) -> Value:
    """ConvTranspose, cut where Keras cuts."""
    kernel = use.weights["kernel"]
    axes = kernel.ndim - 2
    strides, dilation = sizes(use.config["strides"], axes), sizes(use.config["dilation_rate"], axes)
    begin, end, extra = [], [], []
    same = use.config["padding"].lower() == "same"
    for size, out, k, s, d in zip(use.spatial(use.x.shape), use.spatial(use.output), kernel.shape, strides, dilation, strict=False):
        if size is None or out is None:
            raise use.refuse("how much Keras cuts off depends on the size, which is None: define it in Input(shape=...)")
        start, whole = transposed_cut(size, out, k, s, d, same)
        begin.append(start)
        end.append(max(whole - start - out, 0))
        extra.append(max(start + out - whole, 0))
    given = [use.first(use.x), use.weight("kernel", np.moveaxis(kernel, (-1, -2), (0, 1)))]
    given += [use.weight("bias")] if "bias" in use.weights else []
    y = use.graph.op(
        "ConvTranspose", *given, kernel_shape=list(kernel.shape[:axes]), strides=list(strides), dilations=list(dilation),
        pads=[*begin, *end], output_padding=extra,
    )  # fmt: skip
    return activated(use, use.made(y), use.config["activation"])


POOLS = {"Max": "MaxPool", "Average": "AveragePool"}


@writes(*(f"{kind}Pooling{axes}D" for kind in POOLS for axes in (1, 2, 3)))
def pooling(use: Use) -> Value:
    """MaxPool, AveragePool"""
    axes = int(type(use.layer).__name__[-2])
    window = sizes(use.config["pool_size"], axes)
    strides = sizes(use.config["strides"] or window, axes)
    kind = next(one for name, one in POOLS.items() if type(use.layer).__name__.startswith(name))
    beside = {"count_include_pad": 0} if kind == "AveragePool" else {}
    attributes = {"kernel_shape": list(window), "strides": list(strides), **padding(use, window, strides, (1,) * axes), **beside}
    return use.made(use.graph.op(kind, use.first(use.x), **attributes))


@writes(*(f"Global{kind}Pooling{axes}D" for kind in POOLS for axes in (1, 2, 3)))
def whole(use: Use) -> Value:
    """ReduceMax, ReduceMean"""
    start = 2 if use.x.first or use.is_first else 1
    kind = "ReduceMax" if "Max" in type(use.layer).__name__ else "ReduceMean"
    keep = int(bool(use.config.get("keepdims")))
    y = use.graph.op(kind, use.x.name, use.graph.ints(*range(start, start + use.x.axes)), keepdims=keep)
    return Value(y, use.output, bool(keep) and use.x.first)


@writes(*(f"Adaptive{kind}Pooling{axes}D" for kind in POOLS for axes in (1, 2, 3)))
def adaptive(use: Use) -> Value:
    """Axis by axis: the greatest or the mean of each window, whose ends are floor(i in / out) and ceil((i + 1) in / out)."""
    graph, x = use.graph, use.first(use.x)
    kind = "ReduceMax" if "Max" in type(use.layer).__name__ else "ReduceMean"
    for axis, (size, out) in enumerate(zip(use.spatial(use.x.shape), use.spatial(use.output), strict=True), 2):
        if size is None or out is None:
            raise use.refuse("its windows depend on the size, which is None: define it in Input(shape=...)")
        windows = []
        for i in range(out):
            ends = graph.ints(i * size // out), graph.ints(-(-(i + 1) * size // out)), graph.ints(axis)
            windows.append(graph.op(kind, graph.op("Slice", x, *ends), graph.ints(axis), keepdims=1))
        x = graph.op("Concat", *windows, axis=axis)
    return use.made(x)
