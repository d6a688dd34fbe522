"""Normalizations. torch's momentum is how much of the new batch counts: 1 - Keras's."""

from __future__ import annotations

import numpy as np

from tinyseq.saving.torch_code.use import Array, Use, Value, writes


def axis_of(use: Use) -> int:
    """The one axis, from 0; refused for several."""
    axis = use.config["axis"]
    axis = list(axis) if isinstance(axis, (list, tuple)) else [axis]
    if len(axis) != 1:
        raise use.refuse("torch normalizes along one axis here")
    return int(axis[0]) % len(use.x.shape)


def scaled(use: Use, size: tuple[int, ...]) -> dict[str, Array]:
    """weight and bias: Keras's gamma and beta; where Keras has only one of them, ones or zeros for the other."""
    one = use.weights.get("gamma", np.ones(size, np.float32))
    return {"weight": one.reshape(size), "bias": use.weights.get("beta", np.zeros(size, np.float32)).reshape(size)}


@writes("BatchNormalization")
def batch(use: Use) -> Value:
    """nn.BatchNorm1d, 2d, 3d"""
    axis = axis_of(use)
    if use.config.get("renorm"):
        raise use.refuse("torch has no renorm")
    rank = len(use.x.shape)
    if axis not in (1, rank - 1) or not 2 <= rank <= 5:
        raise use.refuse(f"torch takes the channels from axis 1 or the last, this is axis {axis}")
    last = axis == rank - 1 and rank > 2
    x = use.channels_first(use.x) if last else use.as_keras(use.x)
    size = use.weights["moving_mean"].shape
    state = {"running_mean": use.weights["moving_mean"], "running_var": use.weights["moving_variance"]}
    affine = "gamma" in use.weights or "beta" in use.weights
    state |= scaled(use, size) if affine else {}
    state["num_batches_tracked"] = np.zeros((), np.int64)
    momentum = f"{1 - use.config['momentum']:.6g}"
    options = "" if affine else ", affine=False"
    source = f"nn.BatchNorm{max(rank - 2, 1)}d({size[0]}, eps={use.config['epsilon']}, momentum={momentum}{options})"
    return Value(f"{use.module(source, state)}({x})", use.outputs[0], last)


def last_axes(use: Use, name: str) -> tuple[int, ...]:
    """The sizes of the axes that are normalized together; refused if they are not the last ones."""
    given, rank = use.config["axis"], len(use.x.shape)
    axes = sorted(int(one) % rank for one in (given if isinstance(given, (list, tuple)) else [given]))
    if axes != list(range(rank - len(axes), rank)):
        raise use.refuse(f"torch's {name} takes the last axes")
    return tuple(int(use.x.shape[one] or 0) for one in axes)


def shown(size: tuple[int, ...]) -> str:
    """(7,) -> 7"""
    return str(size[0]) if len(size) == 1 else f"({', '.join(map(str, size))})"


@writes("LayerNormalization")
def layer(use: Use) -> Value:
    """nn.LayerNorm over the last axes."""
    if use.config.get("rms_scaling"):
        raise use.refuse("torch's LayerNorm has no rms_scaling: RMSNormalization is the layer for that")
    size = last_axes(use, "LayerNorm")
    affine = "gamma" in use.weights or "beta" in use.weights
    state = scaled(use, size) if affine else {}
    options = "" if affine else ", elementwise_affine=False"
    module = use.module(f"nn.LayerNorm({shown(size)}, eps={use.config['epsilon']}{options})", state)
    return Value(f"{module}({use.as_keras(use.x)})", use.outputs[0])


@writes("GroupNormalization")
def group(use: Use) -> Value:
    """nn.GroupNorm on channels first."""
    axis, rank = axis_of(use), len(use.x.shape)
    if axis not in (1, rank - 1):
        raise use.refuse("torch takes the channels from axis 1")
    last = axis == rank - 1 and rank > 2
    channels = int(use.x.shape[axis] or 0)
    groups = channels if use.config["groups"] == -1 else use.config["groups"]
    affine = "gamma" in use.weights or "beta" in use.weights
    options = "" if affine else ", affine=False"
    source = f"nn.GroupNorm({groups}, {channels}, eps={use.config['epsilon']}{options})"
    module = use.module(source, scaled(use, (channels,)) if affine else {})
    x = use.channels_first(use.x) if last else use.as_keras(use.x)
    return Value(f"{module}({x})", use.outputs[0], last)


@writes("UnitNormalization")
def unit(use: Use) -> Value:
    """F.normalize"""
    axis = use.config["axis"]
    return Value(f"F.normalize({use.as_keras(use.x)}, dim={tuple(axis) if isinstance(axis, (list, tuple)) else axis})", use.outputs[0])


@writes("RMSNormalization")
def rms(use: Use) -> Value:
    """nn.RMSNorm on the last axis."""
    size = last_axes(use, "RMSNorm")
    scale = use.weights["scale"].reshape(size)
    module = use.module(f"nn.RMSNorm({shown(size)}, eps={use.config['epsilon']})", {"weight": scale})
    return Value(f"{module}({use.as_keras(use.x)})", use.outputs[0])


@writes("Rescaling")
def rescaling(use: Use) -> Value:
    """x * scale + offset"""
    scale, offset = use.config["scale"], use.config["offset"]
    if not isinstance(scale, (int, float)) or not isinstance(offset, (int, float)):
        raise use.refuse("scale and offset are written as one number each")
    text = f"{use.x.text} * {scale!r}"
    text += f" {'-' if offset < 0 else '+'} {abs(offset)!r}" if offset else ""
    return Value(text, use.x.shape, use.x.first)


@writes("Normalization")
def normalization(use: Use) -> Value:
    """(x - mean) / sqrt(variance), both kept as buffers."""
    axis, rank = use.config["axis"], len(use.x.shape)
    axes = () if axis is None else axis if isinstance(axis, (list, tuple)) else (axis,)
    kept = sorted(one % rank for one in axes)
    given = [use.config[name] if use.config.get("mean") is not None else use.weights[name] for name in ("mean", "variance")]
    mean, variance = (np.asarray(one, np.float32) for one in given)
    sizes = [1] * rank
    for place, size in zip(reversed(kept), reversed(mean.shape), strict=False):
        sizes[place] = size
    x = use.as_keras(use.x)
    average = use.buffer(mean.reshape(sizes[1:]), "_mean")
    deviation = use.buffer(np.maximum(np.sqrt(variance), 1e-7).reshape(sizes[1:]), "_deviation")
    text = f"{x} * {deviation} + {average}" if use.config.get("invert") else f"({x} - {average}) / {deviation}"
    return Value(text, use.outputs[0])
