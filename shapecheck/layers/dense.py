"""Dense: (..., features) -> (..., units)."""

from __future__ import annotations

from shapecheck.diagnostics.base import ShapeError
from shapecheck.diagnostics.rank import UndefinedDimension
from shapecheck.languages import Phrase
from shapecheck.layers import arguments as check
from shapecheck.layers.base import Arithmetic, Inference, OneInput, WeightSpec
from shapecheck.shapes import Dim, Shape, Unknown, add, multiply

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Unpack

    from shapecheck.layers.base import Options


class Dense(OneInput):
    """(..., features) -> (..., units): every output is a weighted sum of all features, activation(x . kernel + bias).

    It acts on the last axis only; axes between batch and last are carried through.

    >>> print(Dense(10).infer((Shape((None, 32)),)).output)
    (None, 10)
    """

    least_rank = 2

    def __init__(
        self,
        units: int,
        activation: Any = None,
        use_bias: bool = True,
        kernel_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "zeros",
        kernel_regularizer: Any = None,
        bias_regularizer: Any = None,
        activity_regularizer: Any = None,
        kernel_constraint: Any = None,
        bias_constraint: Any = None,
        **options: Unpack[Options],
    ) -> None:
        super().__init__(**options)
        self.units = check.whole("units", units)
        self.activation = check.activation(activation)
        self.use_bias = check.flag("use_bias", use_bias)
        self.kernel_initializer = check.initializer("kernel_initializer", kernel_initializer)
        self.bias_initializer = check.initializer("bias_initializer", bias_initializer)
        self.kernel_regularizer = check.regularizer("kernel_regularizer", kernel_regularizer)
        self.bias_regularizer = check.regularizer("bias_regularizer", bias_regularizer)
        self.activity_regularizer = check.regularizer("activity_regularizer", activity_regularizer)
        self.kernel_constraint = check.constraint("kernel_constraint", kernel_constraint)
        self.bias_constraint = check.constraint("bias_constraint", bias_constraint)

    def infer_known(self, shape: Shape) -> Inference:
        if shape.last is None:
            raise ShapeError(UndefinedDimension(shape))
        assert shape.dims is not None
        places = multiply(*shape.dims[1:-1])
        return Inference(
            Shape((*shape.dims[:-1], check.activated(self.units, self.activation))),
            self._specs(shape.last),
            multiply_adds=multiply(places, shape.last, self.units),
            arithmetic=(self._count(shape.last),),
            window="all" if len(shape.dims) == 2 else None,
        )

    def infer_unknown(self, shape: Shape) -> Inference:
        units = check.activated(self.units, self.activation)
        macs = Unknown("multiply-adds", shape.why)
        return Inference(Shape(None, units, shape.why), self._specs(shape.last), macs)

    def rank_advice(self, shape: Shape) -> str:
        return Phrase(
            "arguments", "add_an_axis_to", "add an axis to each sample, for example Input(shape=(4,)); for data x write x[:, None]"
        )

    def _specs(self, features: Dim) -> tuple[WeightSpec, ...]:
        kernel = WeightSpec("kernel", (features, self.units), self.kernel_initializer)
        return (kernel, WeightSpec("bias", (self.units,), self.bias_initializer)) if self.use_bias else (kernel,)

    def _count(self, features: Dim) -> Arithmetic:
        product = multiply(features, self.units)
        if not self.use_bias:
            return Arithmetic("params", "features*units", {"features": features, "units": self.units}, product)
        total = add(product, self.units)
        return Arithmetic("params", "features*units + units", {"features": features, "units": self.units}, total)
