"""Calls of attention layers, made alike in Keras and in ours: masks, scores, causal, several ranks. numpy alone.

A line: class, arguments, shapes of query, value and perhaps key (without the batch), options of the call. A mask as an option is its shape;
the numbers follow from the line.
"""

import zlib
from typing import Any, NamedTuple

import numpy as np

BATCH = 3


class Line(NamedTuple):
    layer: str
    arguments: dict[str, Any]
    inputs: list[tuple[int, ...]]
    options: dict[str, Any]

    @property
    def key(self) -> str:
        """The name of the line."""
        return f"{self.layer}({self.arguments}) on {self.inputs} with {self.options}"

    def random(self, what: str) -> np.random.Generator:
        """Numbers of its own."""
        return np.random.default_rng(zlib.crc32(f"{self.key}/{what}".encode()))

    def arrays(self) -> list[Any]:
        """Query, value, key."""
        random = self.random("inputs")
        return [random.standard_normal((BATCH, *shape)).astype(np.float32) for shape in self.inputs]

    def masks(self) -> dict[str, Any]:
        """The masks by name, bool: three of four places open, and the first always."""
        random, found = self.random("masks"), {}
        for name, value in self.options.items():
            if name.endswith("mask") and isinstance(value, tuple):
                found[name] = random.uniform(size=(BATCH, *value)) < 0.7
                found[name][..., 0] = True
        return found

    def weights(self, shapes: list[tuple[int, ...]]) -> list[Any]:
        """The values of all weights."""
        random = self.random("weights")
        return [(0.5 * random.standard_normal(shape)).astype(np.float32) for shape in shapes]

    def gradients(self, shapes: list[tuple[int, ...]]) -> list[Any]:
        """g of sum(output * g), for each output."""
        random = self.random("gradients")
        return [random.standard_normal(shape).astype(np.float32) for shape in shapes]


SELF, CROSS, THREE = [(5, 8), (5, 8)], [(4, 8), (6, 5)], [(4, 8), (6, 5), (6, 7)]
SAME = [(4, 8), (6, 8)]
GROUPED = {"head_dim": 3, "num_query_heads": 4}
LINES = [
    Line("Attention", {}, SAME, {"return_attention_scores": True}),
    Line("Attention", {"use_scale": True}, [(4, 8), (6, 5), (6, 8)], {"use_causal_mask": True}),
    Line("Attention", {"use_scale": True}, SAME, {"query_mask": (4,), "value_mask": (6,), "return_attention_scores": True}),
    Line("Attention", {"score_mode": "concat"}, SAME, {"value_mask": (6,), "use_causal_mask": True}),
    Line("Attention", {"score_mode": "concat", "use_scale": True}, SAME, {"return_attention_scores": True}),
    Line("Attention", {"use_scale": True}, [(2, 4, 8), (2, 6, 8)], {"use_causal_mask": True}),
    Line("AdditiveAttention", {}, SAME, {"query_mask": (4,), "value_mask": (6,)}),
    Line("AdditiveAttention", {"use_scale": False}, SAME, {"use_causal_mask": True, "return_attention_scores": True}),
    Line("MultiHeadAttention", {"num_heads": 2, "key_dim": 3}, SELF, {}),
    Line("MultiHeadAttention", {"num_heads": 2, "key_dim": 3}, SELF, {"use_causal_mask": True}),
    Line("MultiHeadAttention", {"num_heads": 2, "key_dim": 3}, CROSS, {"return_attention_scores": True}),
    Line("MultiHeadAttention", {"num_heads": 3, "key_dim": 2, "value_dim": 5}, THREE, {"attention_mask": (4, 6)}),
    Line("MultiHeadAttention", {"num_heads": 2, "key_dim": 3}, CROSS, {"value_mask": (6,), "use_causal_mask": True}),
    Line("MultiHeadAttention", {"num_heads": 2, "key_dim": 3}, THREE, {"key_mask": (6,), "return_attention_scores": True}),
    Line("MultiHeadAttention", {"num_heads": 2, "key_dim": 3}, SELF, {"attention_mask": (2, 5, 5)}),
    Line("MultiHeadAttention", {"num_heads": 2, "key_dim": 3, "use_gate": True, "value_dim": 4}, CROSS, {}),
    Line("MultiHeadAttention", {"num_heads": 2, "key_dim": 3, "use_bias": False, "use_gate": True}, SELF, {"use_causal_mask": True}),
    Line("MultiHeadAttention", {"num_heads": 2, "key_dim": 3, "sliding_window": 2}, SELF, {}),
    Line("MultiHeadAttention", {"num_heads": 2, "key_dim": 3, "sliding_window": 3}, SELF, {"use_causal_mask": True}),
    Line("MultiHeadAttention", {"num_heads": 2, "key_dim": 3, "output_shape": (2, 7)}, CROSS, {}),
    Line("MultiHeadAttention", {"num_heads": 2, "key_dim": 3, "attention_axes": 2}, [(2, 4, 8), (2, 6, 8)], {}),
    Line("MultiHeadAttention", {"num_heads": 2, "key_dim": 3, "attention_axes": (1,)}, [(4, 3, 8), (6, 3, 5)], {}),
    Line("MultiHeadAttention", {"num_heads": 2, "key_dim": 3}, [(2, 3, 8), (3, 2, 8)], {}),
    Line("MultiHeadAttention", {"num_heads": 2, "key_dim": 3, "attention_axes": (2,)}, [(2, 4, 8), (2, 6, 8)], {"attention_mask": (4, 6)}),
    Line("GroupedQueryAttention", {**GROUPED, "num_key_value_heads": 2}, SELF, {}),
    Line("GroupedQueryAttention", {**GROUPED, "num_key_value_heads": 2}, SAME, {"return_attention_scores": True}),
    Line("GroupedQueryAttention", {**GROUPED, "num_key_value_heads": 1, "use_bias": False}, [*SAME, (6, 7)], {"use_causal_mask": True}),
    Line("GroupedQueryAttention", {**GROUPED, "num_key_value_heads": 4, "use_gate": True}, SELF, {"attention_mask": (5, 5)}),
    Line("GroupedQueryAttention", {**GROUPED, "num_key_value_heads": 2, "sliding_window": 2}, SELF, {"value_mask": (5,)}),
]
