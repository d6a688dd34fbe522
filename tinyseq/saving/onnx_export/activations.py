"""Activations as one or a few operators each."""

from __future__ import annotations

from typing import Any

import numpy as np

from tinyseq.saving.onnx_export.graph import OnnxGraph, Use, Value, writes

ONE: dict[str, tuple[str, dict[str, Any]]] = {
    "celu": ("Celu", {}), "elu": ("Elu", {}), "exponential": ("Exp", {}), "gelu": ("Gelu", {}),
    "hard_shrink": ("Shrink", {"bias": 0.0, "lambd": 0.5}), "hard_sigmoid": ("HardSigmoid", {"alpha": 1 / 6, "beta": 0.5}),
    "hard_silu": ("HardSwish", {}), "hard_swish": ("HardSwish", {}), "leaky_relu": ("LeakyRelu", {"alpha": 0.2}), "mish": ("Mish", {}),
    "relu": ("Relu", {}), "selu": ("Selu", {}), "sigmoid": ("Sigmoid", {}), "soft_shrink": ("Shrink", {"bias": 0.5, "lambd": 0.5}),
    "softplus": ("Softplus", {}), "softsign": ("Softsign", {}), "tanh": ("Tanh", {}),
    "hard_sigmoid_of_keras_2": ("HardSigmoid", {"alpha": 0.2, "beta": 0.5}),
}  # fmt: skip
"""Operators of ONNX with their attributes."""


def clipped(graph: OnnxGraph, x: str, least: float, most: float) -> str:
    """Clip"""
    return graph.op("Clip", x, graph.number(least), graph.number(most))


def _sparse_plus(graph: OnnxGraph, x: str) -> str:
    above = graph.op("Add", x, graph.number(1.0))
    square = graph.op("Mul", graph.op("Mul", above, above), graph.number(0.25))
    upper = graph.op("Where", graph.op("Less", x, graph.number(1.0)), square, x)
    return graph.op("Where", graph.op("LessOrEqual", x, graph.number(-1.0)), graph.number(0.0), upper)


def _squareplus(graph: OnnxGraph, x: str) -> str:
    root = graph.op("Sqrt", graph.op("Add", graph.op("Mul", x, x), graph.number(4.0)))
    return graph.op("Mul", graph.op("Add", x, root), graph.number(0.5))


FEW: dict[str, Any] = {
    "hard_tanh": lambda graph, x: clipped(graph, x, -1.0, 1.0),
    "log_sigmoid": lambda graph, x: graph.op("Neg", graph.op("Softplus", graph.op("Neg", x))),
    "relu6": lambda graph, x: clipped(graph, x, 0.0, 6.0),
    "silu": lambda graph, x: graph.op("Mul", x, graph.op("Sigmoid", x)),
    "swish": lambda graph, x: graph.op("Mul", x, graph.op("Sigmoid", x)),
    "sparse_plus": _sparse_plus,
    "sparse_sigmoid": lambda graph, x: graph.op("HardSigmoid", x, alpha=0.5, beta=0.5),
    "squareplus": _squareplus,
    "tanh_shrink": lambda graph, x: graph.op("Sub", x, graph.op("Tanh", x)),
}


def name_of(activation: Any) -> str:
    """Keras's name; linear for None."""
    if activation is None:
        return "linear"
    return activation if isinstance(activation, str) else str(getattr(activation, "__name__", "?"))


def activated(use: Use, value: Value, activation: Any) -> Value:
    """The value after an activation. Refused if ONNX cannot compute it."""
    name, graph = name_of(activation), use.graph
    axis = 1 if value.first else len(value.shape) - 1
    if name == "linear":
        return value
    if name in ONE:
        kind, attributes = ONE[name]
        return Value(graph.op(kind, value.name, **attributes), value.shape, value.first)
    if name in FEW:
        return Value(FEW[name](graph, value.name), value.shape, value.first)
    if name in ("softmax", "log_softmax"):
        kind = "Softmax" if name == "softmax" else "LogSoftmax"
        return Value(graph.op(kind, value.name, axis=axis), value.shape, value.first)
    if name == "glu":
        left, right = graph.ops_of("Split", [value.name], 2, axis=axis, num_outputs=2)
        size = value.shape[-1]
        shape = (*value.shape[:-1], None if size is None else size // 2)
        return Value(graph.op("Mul", left, graph.op("Sigmoid", right)), shape, value.first)
    raise use.refuse(f"there is no operator for activation {name}")


@writes("Activation")
def activation_layer(use: Use) -> Value:
    """Activation("relu")"""
    return activated(use, use.x, use.config["activation"])


@writes("ReLU")
def relu(use: Use) -> Value:
    """relu with its limits."""
    graph, x = use.graph, use.x.name
    greatest, slope, threshold = use.config["max_value"], float(use.config["negative_slope"] or 0), float(use.config["threshold"] or 0)
    if not threshold:
        y = graph.op("LeakyRelu", x, alpha=slope) if slope else graph.op("Relu", x)
    else:
        below = graph.op("Mul", graph.op("Sub", x, graph.number(threshold)), graph.number(slope))
        y = graph.op("Where", graph.op("Greater", x, graph.number(threshold)), x, below)
    return use.like(y if greatest is None else graph.op("Min", y, graph.number(float(greatest))), use.x)


@writes("LeakyReLU")
def leaky_relu(use: Use) -> Value:
    """LeakyRelu"""
    return use.like(use.graph.op("LeakyRelu", use.x.name, alpha=float(use.config["negative_slope"])), use.x)


@writes("ELU")
def elu(use: Use) -> Value:
    """Elu"""
    return use.like(use.graph.op("Elu", use.x.name, alpha=float(use.config["alpha"])), use.x)


@writes("Softmax")
def softmax(use: Use) -> Value:
    """Along one axis, or several at once."""
    axes, rank, graph = use.config["axis"], len(use.x.shape), use.graph
    axes = [axis % rank for axis in (axes if isinstance(axes, (list, tuple)) else [axes])]
    x = use.keras(use.x)
    if len(axes) == 1:
        return Value(graph.op("Softmax", x, axis=axes[0]), use.output)
    raised = graph.op("Exp", graph.op("Sub", x, graph.op("ReduceMax", x, graph.ints(*axes), keepdims=1)))
    return Value(graph.op("Div", raised, graph.op("ReduceSum", raised, graph.ints(*axes), keepdims=1)), use.output)


@writes("PReLU")
def prelu(use: Use) -> Value:
    """PRelu"""
    alpha = use.weights["alpha"]
    if use.x.first and all(size == 1 for size in alpha.shape[:-1]):
        slope = use.weight("alpha", alpha.reshape(-1, *[1] * use.x.axes))
        return use.like(use.graph.op("PRelu", use.x.name, slope), use.x)
    return Value(use.graph.op("PRelu", use.keras(use.x), use.weight("alpha", np.asarray(alpha))), use.output)
