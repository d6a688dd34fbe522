"""Convolutions: torch's kernels are (filters, channels, *window), channels come first, and "same" with strides is padded by hand."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tinyseq.saving.padding import Sizes, same_padding, sizes, transposed_cut
from tinyseq.saving.torch_code.activations import activated
from tinyseq.saving.torch_code.use import Array, Use, Value, writes


def short(values: Sequence[int]) -> str:
    """(3, 3) -> 3; (3, 2) as it is."""
    return str(values[0]) if len(set(values)) == 1 else f"({', '.join(map(str, values))})"


def is_first(use: Use) -> bool:
    """Whether Keras itself has the channels first."""
    return use.config.get("data_format") == "channels_first"


def taken(use: Use, value: Value) -> str:
    """The input with channels first, whatever Keras calls it."""
    return use.as_keras(value) if is_first(use) else use.channels_first(value)


def spatial(use: Use, shape: Sequence[int | None]) -> tuple[int | None, ...]:
    """Height and width."""
    return tuple(shape[2:]) if is_first(use) else tuple(shape[1:-1])


def made(use: Use, text: str, shape: Sequence[int | None]) -> Value:
    """What a torch layer returns: channels first."""
    return Value(text, shape, not is_first(use))


def same(use: Use, window: Sizes, strides: Sizes, dilation: Sizes) -> list[tuple[int, int]]:
    """How much Keras pads each axis before and after, for padding="same"."""
    pads = [same_padding(*one) for one in zip(spatial(use, use.x.shape), window, strides, dilation, strict=True)]
    if any(one is None for one in pads):
        raise use.refuse('padding="same" with strides depends on the size, which is None: define it in Input(shape=...)')
    return [one for one in pads if one is not None]


def padded(text: str, pads: Sequence[tuple[int, int]], value: str = "") -> str:
    """F.pad counts from the last axis."""
    flat = ", ".join(f"{before}, {after}" for before, after in reversed(list(pads)))
    return f"F.pad({text}, ({flat}){value})"


def before_window(use: Use, x: str, window: Sizes, strides: Sizes, dilation: Sizes) -> tuple[str, str]:
    """The input, padded if torch cannot do it itself, and torch's argument padding=."""
    padding = use.config["padding"].lower()
    if padding == "valid":
        return x, ""
    if padding == "causal":
        pads = [(d * (k - 1), 0) for k, d in zip(window, dilation, strict=True)]
        use.line(f"x = {padded(x, pads)}  # causal: before the first step only")
        return "x", ""
    if all(s == 1 for s in strides):
        return x, ', padding="same"'
    pads = same(use, window, strides, dilation)
    if all(before == after for before, after in pads):
        amounts = [before for before, _ in pads]
        return x, f", padding={short(amounts)}" if any(amounts) else ""
    use.line(f'x = {padded(x, pads)}  # padding="same" of Keras: more at the end')
    return "x", ""


def _options(strides: Sizes, dilation: Sizes, groups: int, bias: bool) -> str:
    text = "" if set(strides) == {1} else f", stride={short(strides)}"
    text += "" if set(dilation) == {1} else f", dilation={short(dilation)}"
    text += "" if groups == 1 else f", groups={groups}"
    return text + ("" if bias else ", bias=False")


def _state(kernel: Array, bias: Array | None) -> dict[str, Array]:
    return {"weight": kernel} if bias is None else {"weight": kernel, "bias": bias}


@writes("Conv1D", "Conv2D", "Conv3D")
def convolution(use: Use) -> Value:
    """(*window, channels, filters) -> (filters, channels, *window)"""
    kernel, bias = use.weights["kernel"], use.weights.get("bias")
    axes = kernel.ndim - 2
    strides, dilation = sizes(use.config["strides"], axes), sizes(use.config["dilation_rate"], axes)
    window, groups = kernel.shape[:axes], int(use.config["groups"])
    x, padding = before_window(use, taken(use, use.x), window, strides, dilation)
    source = f"nn.Conv{axes}d({kernel.shape[-2] * groups}, {kernel.shape[-1]}, {short(window)}"
    source += f"{_options(strides, dilation, groups, bias is not None)}{padding})"
    module = use.module(source, _state(np.moveaxis(kernel, (-1, -2), (0, 1)), bias))
    return activated(use, made(use, f"{module}({x})", use.outputs[0]), use.config["activation"])


def _depthwise(kernel: Array) -> Array:
    """(*window, channels, multiplier) -> (channels * multiplier, 1, *window)"""
    turned = np.moveaxis(kernel, (-2, -1), (0, 1))
    return turned.reshape(-1, 1, *turned.shape[2:])


@writes("DepthwiseConv1D", "DepthwiseConv2D")
def depthwise(use: Use) -> Value:
    """As many groups as channels."""
    kernel, bias = use.weights["kernel"], use.weights.get("bias")
    axes = kernel.ndim - 2
    strides, dilation = sizes(use.config["strides"], axes), sizes(use.config["dilation_rate"], axes)
    x, padding = before_window(use, taken(use, use.x), kernel.shape[:axes], strides, dilation)
    channels = kernel.shape[-2]
    source = f"nn.Conv{axes}d({channels}, {channels * kernel.shape[-1]}, {short(kernel.shape[:axes])}"
    source += f"{_options(strides, dilation, channels, bias is not None)}{padding})"
    module = use.module(source, _state(_depthwise(kernel), bias))
    return activated(use, made(use, f"{module}({x})", use.outputs[0]), use.config["activation"])


@writes("SeparableConv1D", "SeparableConv2D")
def separable(use: Use) -> Value:
    """A convolution of each channel, then one of window 1 over all of them."""
    first, second = use.weights["depthwise_kernel"], use.weights["pointwise_kernel"]
    axes = first.ndim - 2
    strides, dilation = sizes(use.config["strides"], axes), sizes(use.config["dilation_rate"], axes)
    x, padding = before_window(use, taken(use, use.x), first.shape[:axes], strides, dilation)
    channels = first.shape[-2]
    source = f"nn.Conv{axes}d({channels}, {channels * first.shape[-1]}, {short(first.shape[:axes])}"
    each = use.module(f"{source}{_options(strides, dilation, channels, False)}{padding})", {"weight": _depthwise(first)}, "_depthwise")
    bias = use.weights.get("bias")
    source = f"nn.Conv{axes}d({second.shape[-2]}, {second.shape[-1]}, 1{'' if bias is not None else ', bias=False'})"
    point = use.module(source, _state(np.moveaxis(second, (-1, -2), (0, 1)), bias), "_pointwise")
    return activated(use, made(use, f"{point}({each}({x}))", use.outputs[0]), use.config["activation"])


@writes("Conv1DTranspose", "Conv2DTranspose", "Conv3DTranspose")
def transposed(use: Use) -> Value:
    """(*window, filters, channels) -> (channels, filters, *window); cut where Keras cuts."""
    kernel, bias = use.weights["kernel"], use.weights.get("bias")
    axes = kernel.ndim - 2
    strides, dilation = sizes(use.config["strides"], axes), sizes(use.config["dilation_rate"], axes)
    starts, extra, cuts = [], [], []
    for size, out, k, s, d in zip(
        spatial(use, use.x.shape), spatial(use, use.outputs[0]), kernel.shape[:axes], strides, dilation, strict=True
    ):
        if size is None or out is None:
            raise use.refuse("how much Keras cuts off depends on the size, which is None: define it in Input(shape=...)")
        start, whole = transposed_cut(size, out, k, s, d, use.config["padding"].lower() == "same")
        symmetric = whole - 2 * start == out
        starts.append(start if symmetric else 0)
        extra.append(0 if symmetric else max(0, start + out - whole))
        cuts.append(None if symmetric or (start + out >= whole + extra[-1] and not start) else (start, start + out))
    source = f"nn.ConvTranspose{axes}d({kernel.shape[-1]}, {kernel.shape[-2]}, {short(kernel.shape[:axes])}"
    source += _options(strides, dilation, 1, bias is not None)
    source += f", padding={short(starts)}" if any(starts) else ""
    source += f", output_padding={short(extra)}" if any(extra) else ""
    module = use.module(f"{source})", _state(np.moveaxis(kernel, (-1, -2), (0, 1)), bias))
    text = f"{module}({taken(use, use.x)})"
    if any(cuts):
        text += f"[:, :, {', '.join(':' if cut is None else f'{cut[0]}:{cut[1]}' for cut in cuts)}]"
    return activated(use, made(use, text, use.outputs[0]), use.config["activation"])
