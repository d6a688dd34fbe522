"""Attention by products and softmax."""

from __future__ import annotations

from typing import Any

import numpy as np

from tinyseq.saving.onnx_export.graph import Use, Value, writes


def named(use: Use) -> dict[str, str]:
    """Query, value and key in Keras's order. Masks are refused."""
    names = tuple(getattr(use.node.rule if use.node is not None else use.layer, "call_inputs", ())) or ("query", "value", "key")
    given = dict(zip(names, use.inputs, strict=False))
    if set(given) - {"query", "value", "key"}:
        raise use.refuse("a call with masks is not written")
    found = {name: use.keras(value) for name, value in given.items()}
    return {**found, "key": found.get("key", found["value"])}


def options(use: Use) -> dict[str, Any]:
    """What the call says besides: a causal mask, scores that are returned."""
    return dict(getattr(use.node.rule, "call_options", ())) if use.node is not None else {}


def weighted(use: Use, scores: str, equation: str, value: str) -> list[str]:
    """softmax(scores) . value, and the scores."""
    graph = use.graph
    if options(use).get("causal"):
        queries, keys = use.inputs[0].shape[1], use.inputs[1].shape[1]
        if queries is None or keys is None:
            raise use.refuse("a causal mask needs a number of steps that is known: define it in Input(shape=...)")
        later = np.triu(np.full((queries, keys), -1e9, np.float32), 1)
        scores = graph.op("Add", scores, graph.constant(later, "later"))
    shares = graph.op("Softmax", scores, axis=-1)
    return [graph.op("Einsum", shares, value, equation=equation), shares]


def result(use: Use, names: list[str]) -> list[Value]:
    """The output, and the scores if they are asked for."""
    return [Value(name, shape) for name, shape in zip(names, use.outputs, strict=False)]


@writes("Attention")
def attention(use: Use) -> list[Value]:
    """score_mode "dot" and "concat"."""
    graph, given = use.graph, named(use)
    if use.config["score_mode"] == "dot":
        scores = graph.op("Einsum", given["query"], given["key"], equation="btd,bsd->bts")
        scores = graph.op("Mul", scores, use.weight("scale")) if use.config["use_scale"] else scores
    else:
        total = _every_pair(use, given)
        total = graph.op("Mul", total, use.weight("scale")) if use.config["use_scale"] else total
        scores = graph.op("ReduceSum", graph.op("Tanh", total), graph.ints(-1), keepdims=0)
        scores = graph.op("Mul", scores, use.weight("concat_score_weight"))
    return result(use, weighted(use, scores, "bts,bsd->btd", given["value"]))


def _every_pair(use: Use, given: dict[str, str]) -> str:
    """query + key for each pair of steps."""
    graph = use.graph
    query, key = graph.op("Unsqueeze", given["query"], graph.ints(2)), graph.op("Unsqueeze", given["key"], graph.ints(1))
    return graph.op("Add", query, key)


@writes("AdditiveAttention")
def additive(use: Use) -> list[Value]:
    """The sum of scale * tanh(query + key)"""
    graph, given = use.graph, named(use)
    total = graph.op("Tanh", _every_pair(use, given))
    total = graph.op("Mul", total, use.weight("scale")) if use.config["use_scale"] else total
    scores = graph.op("ReduceSum", total, graph.ints(-1), keepdims=0)
    return result(use, weighted(use, scores, "bts,bsd->btd", given["value"]))


@writes("MultiHeadAttention")
def multi_head(use: Use) -> list[Value]:
    """Three projections, scores of each head, the output's projection."""
    graph, given = use.graph, named(use)
    if any(len(value.shape) != 3 for value in use.inputs) or use.config.get("attention_axes") not in (None, 1, (1,), [1]):
        raise use.refuse("it is written for (batch, steps, features)")
    weights = [weight.value for weight in use.layer.weights]
    kernels, biases = (weights[::2], weights[1::2]) if use.config["use_bias"] else (weights, [])
    projected = []
    for number, name in enumerate(("query", "key", "value")):
        y = graph.op("Einsum", given[name], use.weight(f"{name}_kernel", kernels[number]), equation="btd,dhk->bthk")
        projected.append(graph.op("Add", y, use.weight(f"{name}_bias", biases[number])) if biases else y)
    query = graph.op("Mul", projected[0], graph.number(1 / np.sqrt(use.config["key_dim"])))
    scores = graph.op("Einsum", query, projected[1], equation="bthk,bshk->bhts")
    heads, shares = weighted(use, scores, "bhts,bshv->bthv", projected[2])
    if kernels[3].ndim != 3:
        raise use.refuse("output_shape of several sizes is not written")
    y = graph.op("Einsum", heads, use.weight("output_kernel", kernels[3]), equation="bthv,hvo->bto")
    return result(use, [graph.op("Add", y, use.weight("output_bias", biases[3])) if biases else y, shares])
