"""Recurrent layers. Keras's gates: LSTM i, f, c, o, as torch's i, f, g, o; GRU z, r, h, torch's r, z, n."""

from __future__ import annotations

from typing import Any

import numpy as np

from tinyseq.saving.torch_code.use import Array, Use, Value, writes

CLASSES = {"SimpleRNN": "RNN", "LSTM": "LSTM", "GRU": "GRU"}


def parts(kind: str, weights: list[Array], use_bias: bool, ending: str = "_l0") -> dict[str, Array]:
    """Kernel, recurrent kernel and bias of Keras in torch's names, gates in torch's order."""
    kernel, recurrent = weights[0].T, weights[1].T
    units = recurrent.shape[1]
    bias = weights[2] if use_bias else None
    first = second = None
    if bias is not None:
        first, second = (bias, np.zeros_like(bias)) if bias.ndim == 1 else (bias[0], bias[1])
    arrays = [kernel, recurrent, first, second]
    if kind == "GRU":
        arrays = [None if one is None else np.concatenate([one[units : 2 * units], one[:units], one[2 * units :]]) for one in arrays]
    names = [f"{name}{ending}" for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")]
    return {name: one for name, one in zip(names, arrays, strict=True) if one is not None}


def checked(use: Use, layer: Any, config: dict[str, Any]) -> str:
    """The kind; refused where torch computes something else."""
    kind = type(layer).__name__.removesuffix("Cell")
    if kind not in CLASSES:
        raise use.refuse(f"torch has no layer of {type(layer).__name__}")
    activation = config["activation"]
    if activation != "tanh" and not (kind == "SimpleRNN" and activation == "relu"):
        raise use.refuse(f"torch's {CLASSES[kind]} has activation tanh, this is {activation}")
    if kind != "SimpleRNN" and config["recurrent_activation"] != "sigmoid":
        raise use.refuse(f"torch's {CLASSES[kind]} has sigmoid gates, this is {config['recurrent_activation']}")
    if kind == "GRU" and not config["reset_after"]:
        raise use.refuse("torch's GRU resets after the product, this one before it (reset_after=False)")
    if config.get("dropout") or config.get("recurrent_dropout"):
        raise use.refuse("torch drops between layers, not at inputs and states: leave dropout= and recurrent_dropout= out")
    if config.get("stateful"):
        raise use.refuse("torch's layers keep no states: pass them from call to call")
    return kind


def module(use: Use, kind: str, weights: list[Array], config: dict[str, Any], both: list[Array] | None = None) -> str:
    """nn.LSTM(3, 4, batch_first=True)"""
    features, units = weights[0].shape[0], weights[1].shape[0]
    options = ', nonlinearity="relu"' if kind == "SimpleRNN" and config["activation"] == "relu" else ""
    options += "" if config["use_bias"] else ", bias=False"
    state = parts(kind, weights, config["use_bias"])
    if both is not None:
        options += ", bidirectional=True"
        state |= parts(kind, both, config["use_bias"], "_l0_reverse")
    return use.module(f"nn.{CLASSES[kind]}({features}, {units}{options}, batch_first=True)", state)


@writes("SimpleRNN", "LSTM", "GRU", "RNN")
def recurrent(use: Use) -> Value | list[Value]:
    """The last output, all of them, and the states."""
    layer = use.layer
    inner = layer.cell if type(layer).__name__ == "RNN" else layer
    if not hasattr(inner, "get_config"):
        raise use.refuse("torch has no stack of different cells")
    config = inner.get_config()
    kind = checked(use, inner, config)
    name = module(use, kind, [weight.value for weight in layer.weights], config)
    x = use.as_keras(use.x)
    if use.config.get("go_backwards"):
        x = f"{x}.flip(1)"
    states = [f"{use.as_keras(value)}.unsqueeze(0)" for value in use.inputs[1:]]
    given = ""
    if states:
        given = f", ({', '.join(states)})" if kind == "LSTM" else f", {states[0]}"
    every, with_states = use.config["return_sequences"], use.config["return_state"]
    if not every and not with_states:
        return Value(f"{name}({x}{given})[0][:, -1]", use.outputs[0])
    if not with_states:
        return Value(f"{name}({x}{given})[0]", use.outputs[0])
    use.line(f"steps, {'(state, cell)' if kind == 'LSTM' else 'state'} = {name}({x}{given})")
    names = ["state[0]", "cell[0]"] if kind == "LSTM" else ["state[0]"]
    values = ["steps" if every else "steps[:, -1]", *names]
    return [Value(text, shape) for text, shape in zip(values, use.outputs, strict=True)]


MERGED = {"sum": "{a} + {b}", "mul": "{a} * {b}", "ave": "({a} + {b}) / 2"}


@writes("Bidirectional")
def bidirectional(use: Use) -> Value:
    """One torch layer for both directions."""
    inner = use.layer.layer
    config = inner.get_config()
    kind = checked(use, inner, config)
    weights = [weight.value for weight in use.layer.weights]
    half = len(weights) // 2
    mode = use.config["merge_mode"]
    if use.config.get("backward_layer") is not None or config.get("go_backwards"):
        raise use.refuse("torch's second direction has the arguments of the first: leave backward_layer= and go_backwards= out")
    if config["return_state"] or mode not in (*MERGED, "concat") or len(use.inputs) > 1:
        raise use.refuse(f"states and merge_mode={mode!r} are not written")
    name = module(use, kind, weights[:half], config, weights[half:])
    units = weights[1].shape[0]
    x = use.as_keras(use.x)
    use.line(f"steps, state = {name}({x})")
    if config["return_sequences"]:
        if mode == "concat":
            return Value("steps", use.outputs[0])
        return Value(MERGED[mode].format(a=f"steps[..., :{units}]", b=f"steps[..., {units}:]"), use.outputs[0])
    last = "state[0]" if kind == "LSTM" else "state"
    if mode == "concat":
        return Value(f"torch.cat(({last}[0], {last}[1]), -1)", use.outputs[0])
    return Value(MERGED[mode].format(a=f"{last}[0]", b=f"{last}[1]"), use.outputs[0])
