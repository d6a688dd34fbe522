"""Layers that move numbers, and those of several inputs."""

from __future__ import annotations

from functools import reduce
from typing import Any

import numpy as np

from tinyseq.saving.onnx_export.graph import Use, Value, write, writes
from tinyseq.saving.padding import pairs, sizes

LARGEST = np.iinfo(np.int64).max


@writes("Flatten")
def flatten(use: Use) -> Value:
    """Flatten, in Keras's order."""
    x = use.keras(use.x)
    if use.is_first and use.x.axes > 0:
        x = use.graph.op("Transpose", x, perm=[0, *range(2, use.x.axes + 2), 1])
    return Value(use.graph.op("Flatten", x, axis=1), use.output, dtype=use.x.dtype)


@writes("Reshape")
def reshape(use: Use) -> Value:
    """Reshape; 0 keeps the batch."""
    target = list(use.output[1:])
    if target.count(None) > 1:
        raise use.refuse("more than one size is None")
    shape = use.graph.ints(0, *(-1 if one is None else one for one in target))
    return Value(use.graph.op("Reshape", use.keras(use.x), shape), use.output)


@writes("Permute")
def permute(use: Use) -> Value:
    """Transpose"""
    return Value(use.graph.op("Transpose", use.keras(use.x), perm=[0, *use.config["dims"]]), use.output)


@writes("RepeatVector")
def repeat_vector(use: Use) -> Value:
    """Tile"""
    x = use.graph.op("Unsqueeze", use.keras(use.x), use.graph.ints(1))
    return Value(use.graph.op("Tile", x, use.graph.ints(1, int(use.config["n"]), 1)), use.output)


def _places(use: Use) -> list[int]:
    """Height and width where they are now."""
    start = 2 if use.x.first or use.is_first else 1
    return list(range(start, start + use.x.axes))


@writes("ZeroPadding1D", "ZeroPadding2D", "ZeroPadding3D")
def zero_padding(use: Use) -> Value:
    """Pad"""
    amounts = pairs(use.config["padding"], use.x.axes)
    graph = use.graph
    both = graph.ints(*(before for before, _ in amounts), *(after for _, after in amounts))
    return use.like(graph.op("Pad", use.x.name, both, graph.number(0.0), graph.ints(*_places(use))), use.x)


def cut(use: Use, x: str, starts: list[int], stops: list[int], places: list[int], steps: list[int] | None = None) -> str:
    """Slice"""
    graph = use.graph
    given = [graph.ints(*starts), graph.ints(*stops), graph.ints(*places), graph.ints(*(steps or [1] * len(starts)))]
    return graph.op("Slice", x, *given)


@writes("Cropping1D", "Cropping2D", "Cropping3D")
def cropping(use: Use) -> Value:
    """Slice"""
    amounts = pairs(use.config["cropping"], use.x.axes)
    stops = [-after if after else LARGEST for _, after in amounts]
    return use.like(cut(use, use.x.name, [before for before, _ in amounts], stops, _places(use)), use.x)


@writes("CenterCrop")
def center_crop(use: Use) -> Value:
    """Slice around the middle."""
    starts, stops = [], []
    for size, wanted in zip(use.spatial(use.x.shape), (use.config["height"], use.config["width"]), strict=True):
        if size is None or size < wanted:
            raise use.refuse("where the picture is smaller than the crop, Keras resizes: make it greater, or use Resizing")
        starts.append((size - wanted) // 2)
        stops.append(starts[-1] + wanted)
    return use.like(cut(use, use.x.name, starts, stops, _places(use)), use.x)


MODES: dict[str, dict[str, Any]] = {
    "nearest": {"mode": "nearest", "nearest_mode": "round_prefer_ceil", "coordinate_transformation_mode": "half_pixel"},
    "bilinear": {"mode": "linear", "coordinate_transformation_mode": "half_pixel"},
    "bicubic": {"mode": "cubic", "cubic_coeff_a": -0.5, "exclude_outside": 1, "coordinate_transformation_mode": "half_pixel"},
}


@writes("UpSampling1D", "UpSampling2D", "UpSampling3D")
def upsampling(use: Use) -> Value:
    """Resize by factors."""
    mode = use.config.get("interpolation", "nearest")
    if mode not in MODES:
        raise use.refuse(f"ONNX's Resize has no {mode}")
    scales = use.graph.constant(np.asarray([1, 1, *sizes(use.config["size"], use.x.axes)], np.float32), "scales")
    return use.made(use.graph.op("Resize", use.first(use.x), "", scales, **MODES[mode]))


@writes("Resizing")
def resizing(use: Use) -> Value:
    """Resize to a size."""
    mode = use.config["interpolation"]
    if use.config.get("crop_to_aspect_ratio") or use.config.get("pad_to_aspect_ratio") or use.config.get("antialias"):
        raise use.refuse("ONNX's Resize neither crops nor pads to the aspect ratio, nor filters as Keras does")
    if mode not in MODES:
        raise use.refuse(f"ONNX's Resize has no {mode}")
    graph, x = use.graph, use.first(use.x)
    batch_and_channels = graph.op("Shape", x, start=0, end=2)
    size = graph.op("Concat", batch_and_channels, graph.ints(use.config["height"], use.config["width"]), axis=0)
    return use.made(graph.op("Resize", x, "", "", size, **MODES[mode]))


def together(use: Use) -> tuple[list[str], bool]:
    """The inputs, and whether their channels are first; one with fewer axes gets some after the batch, as in Keras."""
    rank = max(len(value.shape) for value in use.inputs)
    if all(value.first and len(value.shape) == rank for value in use.inputs):
        return [value.name for value in use.inputs], True
    texts = []
    for value in use.inputs:
        x = use.keras(value)
        missing = rank - len(value.shape)
        texts.append(use.graph.op("Unsqueeze", x, use.graph.ints(*range(1, missing + 1))) if missing else x)
    return texts, False


SIGNS = {"Add": "Add", "Average": "Add", "Multiply": "Mul", "Subtract": "Sub", "Maximum": "Max", "Minimum": "Min"}


@writes(*SIGNS)
def number_by_number(use: Use) -> Value:
    """Add, Mul, Sub, Max, Min"""
    kind = type(use.layer).__name__
    names, first = together(use)
    y = reduce(lambda a, b: use.graph.op(SIGNS[kind], a, b), names)
    y = use.graph.op("Div", y, use.graph.number(len(names))) if kind == "Average" else y
    return Value(y, use.output, first)


@writes("Concatenate")
def concatenate(use: Use) -> Value:
    """Concat"""
    rank = len(use.x.shape)
    axis = int(use.config["axis"]) % rank
    names, first = together(use)
    place = (1 if axis == rank - 1 else axis + 1) if first and axis else axis
    return Value(use.graph.op("Concat", *names, axis=place), use.output, first)


@writes("Dot")
def dot(use: Use) -> Value:
    """Einsum: the axes that are summed have one letter."""
    graph = use.graph
    ranks = [len(value.shape) for value in use.inputs]
    axes = use.config["axes"]
    pair = [one % rank for one, rank in zip((axes, axes) if isinstance(axes, int) else axes, ranks, strict=True)]
    names = [use.keras(value) for value in use.inputs]
    if use.config.get("normalize"):
        names = [_unit(use, name, axis) for name, axis in zip(names, pair, strict=True)]
    letters = iter("acdefghij")
    terms = []
    for rank, axis in zip(ranks, pair, strict=True):
        terms.append("b" + "".join("k" if place == axis else next(letters) for place in range(1, rank)))
    result = "b" + "".join(letter for term in terms for letter in term[1:] if letter != "k")
    y = graph.op("Einsum", *names, equation=f"{terms[0]},{terms[1]}->{result}")
    return Value(graph.op("Unsqueeze", y, graph.ints(1)) if len(use.output) > len(result) else y, use.output)


def _unit(use: Use, x: str, axis: int) -> str:
    graph = use.graph
    total = graph.op("ReduceSum", graph.op("Mul", x, x), graph.ints(axis), keepdims=1)
    return graph.op("Div", x, graph.op("Sqrt", graph.op("Max", total, graph.number(1e-12))))


@writes("TimeDistributed")
def time_distributed(use: Use) -> Value:
    """The steps of all samples in a row."""
    inner, graph, out = use.layer.layer, use.graph, use.output
    x = use.keras(use.x)
    if type(inner).__name__ == "Dense":
        return write(use.again(inner, [Value(x, use.x.shape)], use.outputs))[0]
    steps = use.x.shape[1]
    if any(size is None for size in (*use.x.shape[1:], *out[1:])):
        raise use.refuse("a size is None: define it in Input(shape=...)")
    rows = graph.op("Reshape", x, graph.ints(-1, *(int(size or 0) for size in use.x.shape[2:])))
    value = write(use.again(inner, [Value(rows, (None, *use.x.shape[2:]))], [(None, *out[2:])]))[0]
    return Value(graph.op("Reshape", use.keras(value), graph.ints(-1, int(steps or 0), *out[2:])), out)
