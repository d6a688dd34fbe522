"""Attention: torch's function without its scale, and nn.MultiheadAttention where its sizes are Keras's."""

from __future__ import annotations

import numpy as np

from tinyseq.saving.torch_code.use import Array, Use, Value, writes


def named(use: Use) -> dict[str, Value]:
    """The inputs by name: query, value, and key if it is another. Masks are refused."""
    names = tuple(getattr(use.node.rule if use.node is not None else use.layer, "call_inputs", ())) or ("query", "value", "key")
    given = dict(zip(names, use.inputs, strict=False))
    if set(given) - {"query", "value", "key"}:
        raise use.refuse("a call with masks is not written")
    return given


def options(use: Use) -> dict[str, object]:
    """What the call says besides: a causal mask, scores that are returned."""
    return dict(getattr(use.node.rule, "call_options", ())) if use.node is not None else {}


@writes("Attention")
def attention(use: Use) -> Value:
    """softmax(query . key) . value"""
    given = named(use)
    query, value = use.as_keras(given["query"]), use.as_keras(given["value"])
    key = use.as_keras(given["key"]) if "key" in given else value
    if use.config["score_mode"] != "dot" or use.config.get("dropout") or options(use).get("scores"):
        raise use.refuse('torch\'s function has score_mode="dot" without dropout, and returns no scores')
    causal = ", is_causal=True" if options(use).get("causal") else ""
    if use.config["use_scale"]:
        scale = use.module("nn.Parameter(torch.ones(()))", {"": use.weights["scale"].reshape(())}, "_scale")
        query = f"{query} * {scale}"
    return Value(f"F.scaled_dot_product_attention({query}, {key}, {value}{causal}, scale=1.0)", use.outputs[0])


@writes("AdditiveAttention")
def additive(use: Use) -> Value:
    """The formula: torch has no such layer."""
    given = named(use)
    query, value = use.as_keras(given["query"]), use.as_keras(given["value"])
    key = use.as_keras(given["key"]) if "key" in given else value
    if use.config.get("dropout") or options(use):
        raise use.refuse("dropout, a causal mask and returned scores are not written")
    total = f"torch.tanh({query}[:, :, None] + {key}[:, None])"
    if use.config["use_scale"]:
        scale = use.weights["scale"]
        total = f"({use.module(f'nn.Parameter(torch.ones({scale.shape[0]}))', {'': scale}, '_scale')} * {total})"
    return Value(f"torch.softmax({total}.sum(-1), -1) @ {value}", use.outputs[0])


@writes("MultiHeadAttention")
def multi_head(use: Use) -> Value | list[Value]:
    """nn.MultiheadAttention"""
    given = named(use)
    weights = [weight.value for weight in use.layer.weights]
    kernels, biases = (weights[::2], weights[1::2]) if use.config["use_bias"] else (weights, [])
    query, key, value, output = kernels
    heads, depth, width = query.shape[1], query.shape[2], query.shape[0]
    if not width == heads * depth == heads * value.shape[2] == output.shape[-1] or output.ndim != 3:
        raise use.refuse(
            f"torch's has heads * size = width of the query, this is {heads} * {depth} and {width}: key_dim={width // heads} would do"
        )
    if use.config.get("dropout"):
        raise use.refuse("leave dropout= out: torch scales it otherwise")
    flat: list[Array] = [one.reshape(one.shape[0], -1).T for one in (query, key, value)]
    equal = key.shape[0] == value.shape[0] == width
    state = {"out_proj.weight": output.reshape(-1, output.shape[-1]).T}
    if equal:
        state["in_proj_weight"] = _stacked(flat)
    else:
        state |= dict(zip(("q_proj_weight", "k_proj_weight", "v_proj_weight"), flat, strict=True))
    if biases:
        state |= {"in_proj_bias": _stacked([one.reshape(-1) for one in biases[:3]]), "out_proj.bias": biases[3]}
    source = f"nn.MultiheadAttention({width}, {heads}"
    source += "" if equal else f", kdim={key.shape[0]}, vdim={value.shape[0]}"
    name = use.module(f"{source}{'' if biases else ', bias=False'}, batch_first=True)", state)
    texts = [use.as_keras(given["query"]), use.as_keras(given.get("key", given["value"])), use.as_keras(given["value"])]
    mask = ""
    if options(use).get("causal"):
        steps = use.x.shape[1]
        if steps is None or given["value"].shape[1] != steps:
            raise use.refuse("a causal mask needs one number of steps, known")
        mask = f", attn_mask=torch.ones({steps}, {steps}, dtype=torch.bool).triu(1)"
    if options(use).get("scores"):
        use.line(f"x, scores = {name}({', '.join(texts)}{mask}, average_attn_weights=False)")
        return [Value("x", use.outputs[0]), Value("scores", use.outputs[1])]
    return Value(f"{name}({', '.join(texts)}{mask}, need_weights=False)[0]", use.outputs[0])


def _stacked(arrays: list[Array]) -> Array:
    return np.concatenate(arrays)
