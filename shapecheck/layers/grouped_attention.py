"""GroupedQueryAttention, which Keras calls layers.GroupQueryAttention: neighbouring heads of the query share a key and a value."""

from __future__ import annotations

from shapecheck.diagnostics.arguments import ConflictingArguments
from shapecheck.diagnostics.base import ShapeError
from shapecheck.diagnostics.rank import UndefinedDimension, WrongInputCount, WrongRank
from shapecheck.languages import Phrase, write
from shapecheck.layers import arguments as check
from shapecheck.layers.attention import agree, projections
from shapecheck.layers.base import Inference, Rule, WeightSpec
from shapecheck.shapes import Dim, Shape, Unknown, add, is_size, multiply

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Unpack

    from shapecheck.layers.attention import Part
    from shapecheck.layers.base import Options


class GroupedQueryAttention(Rule):
    """(queries, d), (steps, d) -> (queries, d): attentions whose keys and values are shared in groups. Ainslie et al. (2023).

    >>> layer = GroupedQueryAttention(head_dim=3, num_query_heads=4, num_key_value_heads=2)
    >>> print(layer.infer((Shape((None, 4, 8)), Shape((None, 6, 8)))).output)
    (None, 4, 8)
    """

    several_inputs = True

    def __init__(
        self, head_dim: int, num_query_heads: int, num_key_value_heads: int, dropout: float = 0.0, use_bias: bool = True,
        sliding_window: Any = None, flash_attention: Any = None, kernel_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "zeros", kernel_regularizer: Any = None, bias_regularizer: Any = None,
        activity_regularizer: Any = None, kernel_constraint: Any = None, bias_constraint: Any = None, use_gate: bool = False,
        seed: int | None = None, **options: Unpack[Options],
    ) -> None:  # fmt: skip
        super().__init__(**options)
        self.head_dim = check.whole("head_dim", head_dim)
        self.num_query_heads = check.whole("num_query_heads", num_query_heads)
        self.num_key_value_heads = check.whole("num_key_value_heads", num_key_value_heads)
        heads = self.num_query_heads, self.num_key_value_heads
        if all(map(is_size, heads)) and heads[0] % heads[1]:
            facts = ("num_query_heads", heads[0], "num_key_value_heads", heads[1])
            right = heads[1] * max(1, heads[0] // heads[1])
            advice = write(f"num_query_heads={right}")
            raise ShapeError(
                ConflictingArguments(
                    *facts,
                    Phrase("arguments", "the_heads_of_the", "the heads of the query must be a multiple of those of key and value"),
                    advice,
                )
            )
        self.dropout = check.number("dropout", dropout, 0, 1)
        self.use_bias = check.flag("use_bias", use_bias)
        self.sliding_window = None if sliding_window is None else check.whole("sliding_window", sliding_window)
        self.flash_attention = flash_attention
        self.kernel_initializer = check.initializer("kernel_initializer", kernel_initializer)
        self.bias_initializer = check.initializer("bias_initializer", bias_initializer)
        self.kernel_regularizer = check.regularizer("kernel_regularizer", kernel_regularizer)
        self.bias_regularizer = check.regularizer("bias_regularizer", bias_regularizer)
        self.activity_regularizer = check.regularizer("activity_regularizer", activity_regularizer)
        self.kernel_constraint = check.constraint("kernel_constraint", kernel_constraint)
        self.bias_constraint = check.constraint("bias_constraint", bias_constraint)
        self.use_gate = check.flag("use_gate", use_gate)
        self.seed = seed

    def infer(self, inputs: tuple[Shape, ...]) -> Inference:
        if len(inputs) not in (2, 3):
            raise ShapeError(
                WrongInputCount(
                    len(inputs),
                    Phrase("arguments", "2_or_3_inputs", "2 or 3 inputs (query, value, key)"),
                    Phrase("arguments", "call", "call it as {code}", code="layer(x, x)"),
                )
            )
        query, value, key = inputs[0], inputs[1], inputs[-1]
        for shape in inputs:
            if shape.rank is not None and shape.rank != 3:
                raise ShapeError(WrongRank(shape, 3, advice=Phrase("arguments", "pass_steps_features", "pass (steps, features)")))
            if shape.last is None:
                raise ShapeError(UndefinedDimension(shape))
        agree("value", query.last, value.last, inputs)
        if value.dims is not None and key.dims is not None:
            agree("steps", value.dims[1], key.dims[1], inputs)
        weights = self._specs(query.last, value.last, key.last)
        if query.dims is None:
            return Inference(Shape(None, query.last, query.why), weights, Unknown("multiply-adds", query.why))
        return Inference(query, weights, self._multiply_adds(query, value, key), window="all")

    def _specs(self, query: Dim, value: Dim, key: Dim) -> tuple[WeightSpec, ...]:
        many, few = (self.num_query_heads, self.head_dim), (self.num_key_value_heads, self.head_dim)
        parts: list[Part] = [("query", (query,), many), ("key", (key,), few)]
        if self.use_gate:
            parts.append(("gate", (query,), many))
        parts += [("value", (value,), few), ("attention_output", many, (query,))]
        return projections(self, parts)

    def _multiply_adds(self, query: Shape, value: Shape, key: Shape) -> Dim:
        """Projections of query, gate, key and value, scores, mixing, and the projection out."""
        if query.dims is None or value.dims is None or key.dims is None:
            return Unknown("multiply-adds", value.why or key.why)
        queries, steps = query.dims[1], value.dims[1]
        once = multiply(queries, self.num_query_heads, self.head_dim, query.last)
        return add(
            once, once if self.use_gate else 0,
            multiply(steps, self.num_key_value_heads, self.head_dim, add(key.last, value.last)),
            multiply(2, queries, steps, self.num_query_heads, self.head_dim), once,
        )  # fmt: skip
