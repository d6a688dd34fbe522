"""GroupedQueryAttention: as MultiHeadAttention, but several heads of the query look at the same keys and values (Ainslie et al. 2023)."""

from __future__ import annotations

from shapecheck.layers import grouped_attention as rules
from shapecheck.layers.base import Inference
from shapecheck.shapes import Shape
from tinyseq.layers.multi_head import Projected


class GroupedQueryAttention(rules.GroupedQueryAttention, Projected):
    tells = True

    def infer(self, inputs: tuple[Shape, ...]) -> Inference:
        return self.with_scores(inputs, rules.GroupedQueryAttention.infer)

    def _heads(self) -> int:
        return int(self.num_query_heads)

    def _groups(self) -> int:
        return int(self.num_key_value_heads)

    def _depth(self) -> int:
        return int(self.head_dim)

    def _width(self) -> int:
        return int(self.head_dim)
