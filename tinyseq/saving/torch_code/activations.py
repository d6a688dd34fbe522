"""Activations: by torch's function where it has one, else by a helper with Keras's formula."""

from __future__ import annotations

from typing import Any

from tinyseq.saving.torch_code.use import WRITERS, Use, Value, writes

PLAIN: dict[str, str] = {
    "celu": "F.celu({x})", "elu": "F.elu({x})", "exponential": "torch.exp({x})", "gelu": "F.gelu({x})", "hard_shrink": "F.hardshrink({x})",
    "hard_sigmoid": "F.hardsigmoid({x})", "hard_silu": "F.hardswish({x})", "hard_swish": "F.hardswish({x})", "hard_tanh": "F.hardtanh({x})",
    "leaky_relu": "F.leaky_relu({x}, 0.2)", "linear": "{x}", "log_sigmoid": "F.logsigmoid({x})", "mish": "F.mish({x})",
    "relu": "F.relu({x})", "relu6": "F.relu6({x})", "selu": "F.selu({x})", "sigmoid": "torch.sigmoid({x})", "silu": "F.silu({x})",
    "soft_shrink": "F.softshrink({x})", "softplus": "F.softplus({x})", "softsign": "F.softsign({x})", "swish": "F.silu({x})",
    "tanh": "torch.tanh({x})", "tanh_shrink": "F.tanhshrink({x})", "sparse_sigmoid": "torch.clamp(0.5 * ({x} + 1), 0, 1)",
}  # fmt: skip
"""Number by number: {x} is the tensor."""
ALONG_CHANNELS = {
    "softmax": "torch.softmax({x}, {axis})", "log_softmax": "F.log_softmax({x}, {axis})", "glu": "F.glu({x}, {axis})",
}  # fmt: skip
HELPERS = {
    "squareplus": "def squareplus(x):\n    return (x + torch.sqrt(x * x + 4)) / 2",
    "sparse_plus": "def sparse_plus(x):\n    return torch.where(x <= -1, 0, torch.where(x < 1, (x + 1) ** 2 / 4, x))",
}


def activated(use: Use, value: Value, activation: Any) -> Value:
    """The value after an activation by Keras's name. Refused if it is a function of the user's, or one that torch cannot compute."""
    name = "linear" if activation is None else activation if isinstance(activation, str) else getattr(activation, "__name__", "?")
    if name in PLAIN:
        return Value(PLAIN[name].format(x=value.text), value.shape, value.first)
    if name in ALONG_CHANNELS:
        text = ALONG_CHANNELS[name].format(x=value.text, axis=1 if value.first else -1)
        shape = (*value.shape[:-1], use.outputs[0][-1]) if name == "glu" else value.shape
        return Value(text, shape, value.first)
    if name in HELPERS:
        use.helper(HELPERS[name])
        return Value(f"{name}({value.text})", value.shape, value.first)
    raise use.refuse(f"torch has no activation {name}")


@writes("Activation")
def activation_layer(use: Use) -> Value:
    """Activation("relu")"""
    return activated(use, use.x, use.config["activation"])


@writes("ReLU")
def relu(use: Use) -> Value:
    """relu with its limits."""
    x, greatest, slope, threshold = use.x, use.config["max_value"], use.config["negative_slope"], use.config["threshold"]
    if not threshold and not slope:
        text = f"F.relu({x.text})" if greatest is None else f"torch.clamp({x.text}, 0, {float(greatest)})"
    elif not threshold:
        text = f"F.leaky_relu({x.text}, {float(slope)})"
        text = text if greatest is None else f"torch.clamp({text}, max={float(greatest)})"
    else:
        use.helper(
            "def relu_above(x, threshold, slope):\n    return torch.where(x > threshold, x, slope * (x - threshold))"
        )
        text = f"relu_above({x.text}, {float(threshold)}, {float(slope or 0)})"
        text = text if greatest is None else f"torch.clamp({text}, max={float(greatest)})"
    return Value(text, x.shape, x.first)


@writes("LeakyReLU")
def leaky_relu(use: Use) -> Value:
    """F.leaky_relu"""
    return Value(f"F.leaky_relu({use.x.text}, {float(use.config['negative_slope'])})", use.x.shape, use.x.first)


@writes("ELU")
def elu(use: Use) -> Value:
    """F.elu"""
    alpha = float(use.config["alpha"])
    return Value(f"F.elu({use.x.text}{'' if alpha == 1 else f', {alpha}'})", use.x.shape, use.x.first)


@writes("Softmax")
def softmax(use: Use) -> Value:
    """Along one axis."""
    axis = use.config["axis"]
    axis = axis[0] if isinstance(axis, (list, tuple)) and len(axis) == 1 else axis
    if isinstance(axis, (list, tuple)):
        raise use.refuse("torch's softmax goes along one axis")
    if axis in (-1, len(use.x.shape) - 1):
        return activated(use, use.x, "softmax")
    return Value(f"torch.softmax({use.as_keras(use.x)}, {axis})", use.x.shape)


@writes("PReLU")
def prelu(use: Use) -> Value:
    """nn.PReLU if the slope is one for each channel, else a parameter of Keras's shape."""
    alpha = use.weights["alpha"]
    if all(size == 1 for size in alpha.shape[:-1]):
        source = f"nn.PReLU({alpha.shape[-1]})"
        module = use.module(source, {"weight": alpha.reshape(-1)})
        return Value(f"{module}({use.channels_first(use.x)})", use.x.shape, True)
    slope = use.module(f"nn.Parameter(torch.zeros({', '.join(map(str, alpha.shape))}))", {"": alpha})
    x = use.as_keras(use.x)
    return Value(f"torch.where({x} > 0, {x}, {slope} * {x})", use.x.shape)


WRITERS.refuses({"Lambda": "its function is yours: write it in torch by hand"})
