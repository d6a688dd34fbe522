"""SimpleRNN, LSTM, GRU, RNN of cells, Bidirectional, by ONNX's operators. Steps come first there; LSTM's gates are i, o, f, c."""

from __future__ import annotations

from typing import Any

import numpy as np

from tinyseq.saving.onnx_export.activations import name_of
from tinyseq.saving.onnx_export.graph import Array, Use, Value, writes
from tinyseq.saving.onnx_export.shaping import LARGEST, cut

KINDS = {"SimpleRNN": "RNN", "LSTM": "LSTM", "GRU": "GRU"}
ACTIVATIONS: dict[str, tuple[str, float | None, float | None]] = {
    "tanh": ("Tanh", None, None), "sigmoid": ("Sigmoid", None, None), "relu": ("Relu", None, None), "softsign": ("Softsign", None, None),
    "softplus": ("Softplus", None, None), "hard_sigmoid": ("HardSigmoid", 1 / 6, 0.5), "linear": ("Affine", 1.0, 0.0),
    "hard_sigmoid_of_keras_2": ("HardSigmoid", 0.2, 0.5), "elu": ("Elu", 1.0, None),
}  # fmt: skip
"""ONNX's names, alpha and beta."""


def _turned(kind: str, array: Array) -> Array:
    """The gates, along the first axis, in ONNX's order."""
    if kind != "LSTM":
        return array
    i, f, c, o = np.split(array, 4)
    return np.concatenate([i, o, f, c])


def _arrays(kind: str, weights: list[Array], use_bias: bool) -> list[Array]:
    """W, R and B of one direction."""
    found = [_turned(kind, weights[0].T), _turned(kind, weights[1].T)]
    rows = found[1].shape[0]
    bias = weights[2] if use_bias else np.zeros(rows, np.float32)
    pair = (bias, np.zeros_like(bias)) if bias.ndim == 1 else (bias[0], bias[1])
    return [*found, np.concatenate([_turned(kind, one) for one in pair])]


def _activations(use: Use, kind: str, config: dict[str, Any], directions: int) -> dict[str, Any]:
    """Names, alphas and betas, for each direction."""
    main = name_of(config["activation"])
    gates = name_of(config.get("recurrent_activation"))
    wanted = {"SimpleRNN": [main], "LSTM": [gates, main, main], "GRU": [gates, main]}[kind] * directions
    for one in wanted:
        if one not in ACTIVATIONS:
            raise use.refuse(f"ONNX's {KINDS[kind]} has no activation {one}")
    found = [ACTIVATIONS[one] for one in wanted]
    attributes: dict[str, Any] = {"activations": [name for name, _, _ in found]}
    alphas, betas = [a for _, a, _ in found if a is not None], [b for _, _, b in found if b is not None]
    return attributes | ({"activation_alpha": alphas} if alphas else {}) | ({"activation_beta": betas} if betas else {})


class Layer:
    """One recurrent operator: all steps (steps, directions, batch, units) and the last states (directions, batch, units).

    Arguments:
        use: the call
        config: of the layer or cell
        kind: SimpleRNN, LSTM or GRU
        x: (steps, batch, features)
        weights: of each direction
        states: the first states, (directions, batch, units); [] for zeros
    """

    def __init__(self, use: Use, config: dict[str, Any], kind: str, x: str, weights: list[list[Array]], states: list[str]) -> None:
        stacked = [np.stack(one) for one in zip(*(_arrays(kind, part, config["use_bias"]) for part in weights), strict=True)]
        given = [x, *(use.weight(name, array) for name, array in zip("WRB", stacked, strict=True))]
        attributes = {"hidden_size": weights[0][1].shape[0], **_activations(use, kind, config, len(weights))}
        attributes |= {"direction": "bidirectional"} if len(weights) == 2 else {}
        attributes |= {"linear_before_reset": int(config["reset_after"])} if kind == "GRU" else {}
        given += ["", *states] if states else []
        found = use.graph.ops_of(KINDS[kind], given, 3 if kind == "LSTM" else 2, **attributes)
        self.steps, self.states = found[0], found[1:]


def checked(use: Use, layer: Any, config: dict[str, Any]) -> str:
    """The kind. Refused where ONNX computes something else."""
    kind = type(layer).__name__.removesuffix("Cell")
    if kind not in KINDS:
        raise use.refuse(f"ONNX has no operator for {type(layer).__name__}")
    if config.get("stateful"):
        raise use.refuse("ONNX's operators keep no states: pass them from call to call")
    return kind


def steps_first(use: Use, value: Value, backwards: bool) -> str:
    """(batch, steps, features) -> (steps, batch, features)"""
    x = use.graph.op("Transpose", use.keras(value), perm=[1, 0, 2])
    return cut(use, x, [-1], [-LARGEST], [0], [-1]) if backwards else x


def direction(use: Use, name: str, axis: int, number: int) -> str:
    """One direction of an output."""
    return use.graph.op("Gather", name, use.graph.constant(np.int64(number), "direction"), axis=axis)


@writes("SimpleRNN", "LSTM", "GRU", "RNN")
def recurrent(use: Use) -> list[Value]:
    """The last output, or all of them, and the states."""
    layer, graph = use.layer, use.graph
    cell = layer.cell if type(layer).__name__ == "RNN" else layer
    cells = list(getattr(cell, "cells", ()) or [cell])
    if len(cells) > 1 and (use.config["return_state"] or len(use.inputs) > 1):
        raise use.refuse("states of several cells are not written")
    weights = [weight.value for weight in layer.weights]
    x = steps_first(use, use.x, bool(use.config.get("go_backwards")))
    states = [graph.op("Unsqueeze", use.keras(value), graph.ints(0)) for value in use.inputs[1:]]
    for one in cells:
        config = one.get_config()
        kind = checked(use, one, {**config, "stateful": use.config.get("stateful")})
        count = 3 if config["use_bias"] else 2
        made = Layer(use, config, kind, x, [weights[:count]], states)
        weights = weights[count:]
        x = direction(use, made.steps, 1, 0)
    last = [direction(use, state, 0, 0) for state in made.states]
    first = graph.op("Transpose", x, perm=[1, 0, 2]) if use.config["return_sequences"] else last[0]
    names = [first, *(last if use.config["return_state"] else [])]
    return [Value(name, shape) for name, shape in zip(names, use.outputs, strict=True)]


MERGES = {"sum": "Add", "mul": "Mul", "ave": "Add"}


@writes("Bidirectional")
def bidirectional(use: Use) -> list[Value]:
    """Both directions by one operator."""
    inner, graph, mode = use.layer.layer, use.graph, use.config["merge_mode"]
    config = inner.get_config()
    kind = checked(use, inner, config)
    if use.config.get("backward_layer") is not None or config.get("go_backwards") or len(use.inputs) > 1:
        raise use.refuse("ONNX's directions have the same arguments: leave backward_layer=, go_backwards= and initial states out")
    weights = [weight.value for weight in use.layer.weights]
    half = len(weights) // 2
    made = Layer(use, config, kind, steps_first(use, use.x, False), [weights[:half], weights[half:]], [])
    if config["return_sequences"]:
        sides = [graph.op("Transpose", direction(use, made.steps, 1, number), perm=[1, 0, 2]) for number in (0, 1)]
    else:
        sides = [direction(use, made.states[0], 0, number) for number in (0, 1)]
    if mode is None:
        outputs = sides
    elif mode == "concat":
        outputs = [graph.op("Concat", *sides, axis=-1)]
    else:
        total = graph.op(MERGES[mode], *sides)
        outputs = [graph.op("Mul", total, graph.number(0.5)) if mode == "ave" else total]
    if config["return_state"]:
        outputs += [direction(use, state, 0, number) for number in (0, 1) for state in made.states]
    return [Value(name, shape) for name, shape in zip(outputs, use.outputs, strict=True)]
