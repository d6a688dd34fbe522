"""Attention: a query looks at all steps of a value."""

from __future__ import annotations

from shapecheck.diagnostics.arguments import BadArgument
from shapecheck.diagnostics.base import ShapeError
from shapecheck.diagnostics.rank import MergeMismatch, UndefinedDimension, WrongInputCount, WrongRank
from shapecheck.languages import Phrase, for_example
from shapecheck.layers import arguments as check
from shapecheck.layers.base import Inference, Rule, WeightSpec
from shapecheck.shapes import Dim, Shape, Unknown, add, exact, is_size, multiply

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any, ClassVar, Unpack

    from shapecheck.layers.base import Options

    Part = tuple[str, tuple[Dim, ...], tuple[Dim, ...]]


class Attend(Rule):
    """Common base of Attention and AdditiveAttention: [query, value, key = value] -> one mix of values for each query."""

    several_inputs = True

    def infer(self, inputs: tuple[Shape, ...]) -> Inference:
        if len(inputs) not in (2, 3):
            advice = Phrase("arguments", "list", "call it with a list: {code}", code=f"{type(self).__name__}()([query, value])")
            raise ShapeError(
                WrongInputCount(len(inputs), Phrase("arguments", "2_or_3_inputs", "2 or 3 inputs (query, value, key)"), advice)
            )
        query, value, key = inputs[0], inputs[1], inputs[-1]
        agree("key", query.last, key.last, inputs)
        weights = self.specs(query)
        if query.dims is None:
            return Inference(Shape(None, value.last, query.why), weights, Unknown("multiply-adds", query.why))
        for shape in inputs:
            if shape.rank is not None and shape.rank < 2:
                raise ShapeError(
                    WrongRank(shape, 3, at_least=True, advice=Phrase("arguments", "pass_steps_features", "pass (steps, features)"))
                )
        if value.dims is None or key.dims is None:
            macs: Dim = Unknown("multiply-adds", value.why or key.why)
            return Inference(Shape((*query.dims[:-1], value.last)), weights, macs)
        agree("steps", value.dims[-2], key.dims[-2], inputs)
        steps = value.dims[-2]
        macs = multiply(*query.dims[1:-1], steps, add(query.last, value.last))
        return Inference(Shape((*query.dims[:-1], value.last)), weights, macs, window="all")

    def specs(self, query: Shape) -> tuple[WeightSpec, ...]:
        """The weights."""
        return ()


def agree(what: str, a: Dim, b: Dim, inputs: tuple[Shape, ...]) -> None:
    """Raises if two known sizes differ. `what`: "key" or "value" (their last axis and that of the query), or "steps"."""
    if isinstance(a, int) and isinstance(b, int) and a != b:
        if what == "steps":
            why = Phrase("arguments", "steps_of_value_and", "steps of value and key: {a} and {b}", a=a, b=b)
        elif what == "key":
            why = Phrase("arguments", "last_axis_of_query_and", "last axis of query and key: {a} and {b}", a=a, b=b)
        else:
            why = Phrase("arguments", "last_axis_of_query", "last axis of query and value: {a} and {b}", a=a, b=b)
        raise ShapeError(
            MergeMismatch(
                inputs, why, Phrase("arguments", "make_them_equal_for", "make them equal, for example with a Dense({a}) before it", a=a)
            )
        )


class Attention(Attend):
    """[(queries, d), (steps, d)] -> (queries, d): softmax(query . key) . value. Luong et al. (2015).

    >>> print(Attention().infer((Shape((None, 4, 8)), Shape((None, 6, 8)))).output)
    (None, 4, 8)
    """

    def __init__(
        self, use_scale: bool = False, score_mode: str = "dot", dropout: float = 0.0, seed: int | None = None,
        **options: Unpack[Options],
    ) -> None:  # fmt: skip
        super().__init__(**options)
        self.use_scale = check.flag("use_scale", use_scale)
        self.score_mode = check.word("score_mode", score_mode, ("dot", "concat"))
        self.dropout = check.number("dropout", dropout, 0, 1)
        self.seed = seed

    def specs(self, query: Shape) -> tuple[WeightSpec, ...]:
        scale = (WeightSpec("scale", (), "ones"),) if self.use_scale else ()
        return (*scale, WeightSpec("concat_score_weight", (), "ones")) if self.score_mode == "concat" else scale


class AdditiveAttention(Attend):
    """[(queries, d), (steps, d)] -> (queries, d): scores are sums of tanh(query + key). Bahdanau et al. (2015).

    >>> AdditiveAttention().infer((Shape((None, 4, 8)), Shape((None, 6, 8)))).weights[0].shape
    (8,)
    """

    def __init__(
        self, use_scale: bool = True, dropout: float = 0.0, **options: Unpack[Options],
    ) -> None:  # fmt: skip
        super().__init__(**options)
        self.use_scale = check.flag("use_scale", use_scale)
        self.dropout = check.number("dropout", dropout, 0, 1)

    def specs(self, query: Shape) -> tuple[WeightSpec, ...]:
        return (WeightSpec("scale", (query.last,), "glorot_uniform"),) if self.use_scale else ()


class MultiHeadAttention(Rule):
    """(queries, d), (steps, e) -> (queries, d): num_heads attentions side by side. Vaswani et al. (2017).

    >>> layer = MultiHeadAttention(num_heads=2, key_dim=3)
    >>> print(layer.infer((Shape((None, 4, 8)), Shape((None, 6, 5)))).output)
    (None, 4, 8)
    """

    several_inputs = True
    renamed: ClassVar[dict[str, str]] = {"output_shape": "given_output_shape"}

    def __init__(
        self, num_heads: int, key_dim: int, value_dim: int | None = None, dropout: float = 0.0, use_bias: bool = True,
        output_shape: Any = None, attention_axes: Any = None, sliding_window: Any = None,
        flash_attention: Any = None, kernel_initializer: Any = "glorot_uniform", bias_initializer: Any = "zeros",
        kernel_regularizer: Any = None, bias_regularizer: Any = None, activity_regularizer: Any = None,
        kernel_constraint: Any = None, bias_constraint: Any = None, use_gate: bool = False, seed: int | None = None,
        **options: Unpack[Options],
    ) -> None:  # fmt: skip
        super().__init__(**options)
        self.num_heads = check.whole("num_heads", num_heads)
        self.key_dim = check.whole("key_dim", key_dim)
        self.value_dim = None if value_dim is None else check.whole("value_dim", value_dim)
        self.dropout = check.number("dropout", dropout, 0, 1)
        self.use_bias = check.flag("use_bias", use_bias)
        self.given_output_shape = output_shape if output_shape is None else self._sizes(output_shape)
        self.attention_axes = attention_axes
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

    @staticmethod
    def _sizes(value: Any) -> Any:
        """The last axes of the output: one size, or several."""
        for size in value if isinstance(value, (tuple, list)) else (value,):
            if not (isinstance(size, Unknown) or (is_size(size) and size > 0)):
                expected = Phrase("arguments", "a_positive_integer_or_several", "a positive integer, or several")
                raise ShapeError(BadArgument("output_shape", value, expected, for_example("output_shape=8")))
        return value

    def infer(self, inputs: tuple[Shape, ...]) -> Inference:
        if len(inputs) not in (2, 3):
            expected = Phrase("arguments", "2_or_3_inputs", "2 or 3 inputs (query, value, key)")
            raise ShapeError(WrongInputCount(len(inputs), expected, Phrase("arguments", "call", "call it as {code}", code="layer(x, x)")))
        query, value, key = inputs[0], inputs[1], inputs[-1]
        for shape in inputs:
            if shape.rank is not None and shape.rank < 3:
                raise ShapeError(
                    WrongRank(shape, 3, at_least=True, advice=Phrase("arguments", "pass_steps_features", "pass (steps, features)"))
                )
            if shape.last is None:
                raise ShapeError(UndefinedDimension(shape))
        if value.dims is not None and key.dims is not None:
            agree("steps", value.dims[-2], key.dims[-2], inputs)
        weights = self._specs(query.last, value.last, key.last)
        last = self._last(query.last)
        if query.dims is None:
            return Inference(Shape(None, last[-1], query.why), weights, Unknown("multiply-adds", query.why))
        output = Shape((*query.dims[:-1], *last))
        return Inference(output, weights, self._multiply_adds(query, value, key, last), window="all")

    def _last(self, query: Dim) -> tuple[Dim, ...]:
        given = self.given_output_shape
        if given is None or isinstance(given, Unknown):
            return (query if given is None else given,)
        return (exact(given),) if is_size(given) else tuple(given)

    def _specs(self, query: Dim, value: Dim, key: Dim) -> tuple[WeightSpec, ...]:
        width = self.value_dim or self.key_dim
        last = self._last(query)
        parts: list[Part] = [
            ("query", (query,), (self.num_heads, self.key_dim)),
            ("key", (key,), (self.num_heads, self.key_dim)),
            ("value", (value,), (self.num_heads, width)),
            ("attention_output", (self.num_heads, width), last),
        ]
        if self.use_gate:
            parts.insert(2, ("gate", (query,), (self.num_heads, width)))
        return projections(self, parts)

    def _multiply_adds(self, query: Shape, value: Shape, key: Shape, last: tuple[Dim, ...]) -> Dim:
        """Projections of query, key and value, scores, mixing, and the projection out."""
        if query.dims is None or value.dims is None or key.dims is None:
            return Unknown("multiply-adds", query.why or value.why or key.why)
        queries, steps = multiply(*query.dims[1:-1]), multiply(*value.dims[1:-1])
        width = self.value_dim or self.key_dim
        return multiply(
            self.num_heads,
            add(
                multiply(queries, self.key_dim, query.last),
                multiply(steps, self.key_dim, key.last),
                multiply(steps, width, value.last),
                multiply(queries, steps, self.key_dim),
                multiply(queries, steps, width),
                multiply(queries, width, *last),
            ),
        )


def projections(layer: Any, parts: Sequence[Part]) -> tuple[WeightSpec, ...]:
    """NAME/kernel, and NAME/bias if the layer has biases, for each (name, axes of the input, axes of the output)."""
    found = []
    for name, into, out in parts:
        fans = multiply(*into), multiply(*out)
        found.append(WeightSpec(f"{name}/kernel", (*into, *out), layer.kernel_initializer, fans=fans))
        if layer.use_bias:
            found.append(WeightSpec(f"{name}/bias", out, layer.bias_initializer))
    return tuple(found)
