"""Embedding: (...) integers -> (..., output_dim)."""

from __future__ import annotations

from shapecheck.diagnostics.base import ShapeError
from shapecheck.diagnostics.rank import InputMismatch
from shapecheck.layers import arguments as check
from shapecheck.layers.base import Arithmetic, Inference, OneInput, WeightSpec
from shapecheck.shapes import Shape, multiply

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, ClassVar


class Embedding(OneInput):
    """(...) of indices below input_dim -> (..., output_dim): row i of a table for each index i.

    `input_length` is Keras 2's: how many indices a sample has; it declares the input shape of a first layer.

    >>> print(Embedding(1000, 16).infer((Shape((None, 200)),)).output)
    (None, 200, 16)
    """

    renamed: ClassVar[dict[str, str]] = {"weights": "initial_weights"}

    def __init__(
        self, input_dim: int, output_dim: int, embeddings_initializer: Any = "uniform",
        embeddings_regularizer: Any = None, embeddings_constraint: Any = None, mask_zero: bool = False,
        weights: Any = None, input_length: int | None = None, **options: Any,
    ) -> None:  # fmt: skip
        super().__init__(**options)
        self.input_dim = check.whole("input_dim", input_dim)
        self.output_dim = check.whole("output_dim", output_dim)
        self.embeddings_initializer = check.initializer("embeddings_initializer", embeddings_initializer)
        self.embeddings_regularizer = check.regularizer("embeddings_regularizer", embeddings_regularizer)
        self.embeddings_constraint = check.constraint("embeddings_constraint", embeddings_constraint)
        self.mask_zero = check.flag("mask_zero", mask_zero)
        self.initial_weights = weights
        self.input_length = input_length
        if self.declared_input is None and input_length is not None:
            sizes = input_length if isinstance(input_length, (tuple, list)) else (input_length,)
            self.declared_input = Shape((options.get("batch_size"), *(self._length(size) for size in sizes)))

    @staticmethod
    def _length(size: Any) -> Any:
        return None if size is None else check.whole("input_length", size)

    def infer_known(self, shape: Shape) -> Inference:
        assert shape.dims is not None
        values = {"input_dim": self.input_dim, "output_dim": self.output_dim}
        count = Arithmetic("params", "input_dim*output_dim", values, multiply(self.input_dim, self.output_dim))
        return Inference(Shape((*shape.dims, self.output_dim)), self._table(), arithmetic=(count,))

    def infer_unknown(self, shape: Shape) -> Inference:
        return Inference(Shape(None, self.output_dim, shape.why), self._table())

    def _table(self) -> tuple[WeightSpec, ...]:
        return (WeightSpec("embeddings", (self.input_dim, self.output_dim), self.embeddings_initializer),)


class ReversibleEmbedding(Embedding):
    """(...) of indices -> (..., output_dim); called with reverse=True, (..., output_dim) -> (..., input_dim): a score for each index.

    `tie_weights`: both ways use one table, backwards transposed. Press and Wolf (2016).

    >>> print(ReversibleEmbedding(1000, 16).infer((Shape((None, 200)),)).output)
    (None, 200, 16)
    """

    def __init__(
        self, input_dim: int, output_dim: int, tie_weights: bool = True, embeddings_initializer: Any = "uniform",
        embeddings_regularizer: Any = None, embeddings_constraint: Any = None, mask_zero: bool = False, reverse_dtype: Any = None,
        logit_soft_cap: float | None = None, **options: Any,
    ) -> None:  # fmt: skip
        super().__init__(input_dim, output_dim, embeddings_initializer, embeddings_regularizer, embeddings_constraint, mask_zero, **options)
        self.tie_weights = check.flag("tie_weights", tie_weights)
        self.reverse_dtype = reverse_dtype
        self.logit_soft_cap = None if logit_soft_cap is None else check.number("logit_soft_cap", logit_soft_cap)

    def _table(self) -> tuple[WeightSpec, ...]:
        if self.tie_weights:
            return super()._table()
        return (*super()._table(), WeightSpec("reverse_embeddings", (self.output_dim, self.input_dim), self.embeddings_initializer))

    def infer_reverse(self, shape: Shape) -> Inference:
        """`infer` of a call with reverse=True."""
        if shape.dims is None:
            return Inference(Shape(None, self.input_dim, shape.why), self._table())
        if isinstance(shape.dims[-1], int) and shape.dims[-1] != self.output_dim:
            raise ShapeError(InputMismatch(Shape((*shape.dims[:-1], self.output_dim)), shape, len(shape.dims) - 1))
        macs = multiply(*shape.dims[1:-1], self.output_dim, self.input_dim)
        return Inference(Shape((*shape.dims[:-1], self.input_dim)), self._table(), macs)
