"""Input: where a graph begins."""

from __future__ import annotations

from typing import Any

from shapecheck.diagnostics.arguments import BadArgument
from shapecheck.diagnostics.base import ShapeError
from shapecheck.layers.base import Inference, Rule, shape_argument
from shapecheck.shapes import Shape, Unknown


class InputLayer(Rule):
    """() -> (batch, *shape): stands for data that will be fed; has no weights and takes no input.

    `shape` is without the batch axis, `batch_shape` with it. shape=(784) is an int and means (784,), as in the guide.

    >>> print(InputLayer(shape=(250, 250, 3)).shape_accepted)
    (None, 250, 250, 3)
    """

    def __init__(
        self,
        shape: Any = None,
        batch_size: int | None = None,
        dtype: Any = None,
        sparse: bool | None = None,
        ragged: bool | None = None,
        batch_shape: Any = None,
        input_tensor: Any = None,
        optional: bool = False,
        name: str | None = None,
        **options: Any,
    ) -> None:
        super().__init__(name=name, dtype=dtype, **options)
        self.shape = shape
        self.batch_size = batch_size
        self.sparse = sparse
        self.ragged = ragged
        self.batch_shape = batch_shape
        self.input_tensor = input_tensor
        self.optional = optional
        self.shape_accepted = self._accepted()

    def _accepted(self) -> Shape:
        if self.batch_shape is not None:
            if isinstance(self.batch_shape, Unknown):
                return Shape(None, why=self.batch_shape.why)
            return Shape(shape_argument("batch_shape", self.batch_shape))
        if self.declared_input is not None and self.shape is None:
            return self.declared_input
        if isinstance(self.shape, Unknown):
            return Shape(None, why=self.shape.why)
        if self.shape is None:
            raise ShapeError(BadArgument("shape", None, "a tuple of sizes", "write Input(shape=(28, 28, 1)), say"))
        return Shape((self.batch_size, *shape_argument("shape", self.shape)))

    def infer(self, inputs: tuple[Shape, ...]) -> Inference:
        return Inference(self.shape_accepted)
