"""One call of a layer in JSON, as Keras 3 writes it: its tensors, and what else it says (states, masks, training=, a causal mask)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from shapecheck.nodes import Node
from tinyseq.layers.call_options import original
from tinyseq.layers.calling import Forced
from tinyseq.layers.states import WithStates

Json = Any

APART = ("MultiHeadAttention", "GroupedQueryAttention")
"""Layers that are called layer(query, value), not layer([query, value])."""
OPTIONS = {"causal": "use_causal_mask", "scores": "return_attention_scores", "reverse": "reverse"}
"""What our twins of a layer call an option, and Keras's argument."""
MASKS = ("query_mask", "value_mask")
"""The tensors that Attention takes as one list, mask=[query mask, value mask]."""


def call_json(node: Node, tensor: Callable[[Any], Json]) -> dict[str, Json]:
    """The arguments of a call; `tensor` writes one tensor."""
    rule: Any = node.rule
    keywords: dict[str, Json] = {}
    if isinstance(rule, Forced):
        keywords["training"], rule = rule.forced, rule._original
    given = [tensor(one) for one in node.inputs]
    kind = type(original(rule)).__name__
    if getattr(rule, "call_inputs", ()):
        named = dict(zip(rule.call_inputs, given, strict=True))
        given = [named.pop(name) for name in ("query", "value", "key", "inputs") if name in named]
        if kind not in APART and named:
            keywords["mask"] = [named.pop(name, None) for name in MASKS]
        keywords |= named | {OPTIONS[name]: value for name, value in rule.call_options}
    elif isinstance(rule, WithStates) and len(given) > 1:
        given, keywords["initial_state"] = given[:1], given[1:]
    for name, tensors in node.beside.items():
        keywords[name] = tensor(tensors[0]) if name == "mask" and len(tensors) == 1 else [tensor(one) for one in tensors]
    return {"args": [given] if len(given) > 1 and kind not in APART else given, "kwargs": keywords}
