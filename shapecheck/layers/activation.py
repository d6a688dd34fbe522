"""Activations as layers: (...) -> the same shape, each value separately (Softmax: along an axis)."""

from __future__ import annotations

from shapecheck.diagnostics.base import ShapeError
from shapecheck.diagnostics.rank import UndefinedDimension
from shapecheck.layers import arguments as check
from shapecheck.layers.base import Arithmetic, Inference, OneInput, WeightSpec
from shapecheck.shapes import Dim, Shape, Unknown, is_size, multiply

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Unpack

    from shapecheck.layers.base import Options


class Elementwise(OneInput):
    """A rule whose output has the shape of its input."""

    def infer_known(self, shape: Shape) -> Inference:
        return Inference(shape)

    def infer_unknown(self, shape: Shape) -> Inference:
        return Inference(shape)


class Activation(Elementwise):
    """(...) -> (...): a function by name, such as "relu", or any callable. "glu" halves the last axis.

    >>> print(Activation("relu").infer((Shape((None, 5, 7)),)).output)
    (None, 5, 7)
    """

    def __init__(self, activation: Any, **options: Unpack[Options]) -> None:
        super().__init__(**options)
        self.activation = check.activation(activation)

    def infer_known(self, shape: Shape) -> Inference:
        if self.activation != "glu":
            return Inference(shape)
        assert shape.dims is not None
        return Inference(Shape((*shape.dims[:-1], check.activated(shape.last, self.activation))))

    def infer_unknown(self, shape: Shape) -> Inference:
        return Inference(Shape(None, check.activated(shape.last, self.activation), why=shape.why))


class ReLU(Elementwise):
    """(...) -> (...): max_value above it, x between threshold and it, negative_slope*(x - threshold) below.

    >>> print(ReLU(max_value=6).infer((Shape((None, 7)),)).output)
    (None, 7)
    """

    def __init__(
        self,
        max_value: float | None = None,
        negative_slope: float = 0.0,
        threshold: float = 0.0,
        **options: Unpack[Options],
    ) -> None:
        super().__init__(**options)
        self.max_value = None if max_value is None else check.number("max_value", max_value, least=0)
        self.negative_slope = check.number("negative_slope", negative_slope, least=0)
        self.threshold = check.number("threshold", threshold, least=0)


class LeakyReLU(Elementwise):
    """(...) -> (...): x where positive, negative_slope*x elsewhere. `alpha` is Keras 2's name of negative_slope.

    Maas et al. (2013), "Rectifier Nonlinearities Improve Neural Network Acoustic Models".

    >>> LeakyReLU(alpha=0.2).negative_slope
    0.2
    """

    def __init__(self, negative_slope: float = 0.3, alpha: float | None = None, **options: Unpack[Options]) -> None:
        super().__init__(**options)
        slope = ("negative_slope", negative_slope) if alpha is None else ("alpha", alpha)
        self.negative_slope = check.number(*slope, least=0)
        self.alpha = alpha


class ELU(Elementwise):
    """(...) -> (...): x where positive, alpha*(exp(x) - 1) elsewhere. Clevert et al. (2016).

    >>> print(ELU().infer((Shape((None, 7)),)).output)
    (None, 7)
    """

    def __init__(self, alpha: float = 1.0, **options: Unpack[Options]) -> None:
        super().__init__(**options)
        self.alpha = check.number("alpha", alpha)


class PReLU(Elementwise):
    """(...) -> (...): x where positive, alpha*x elsewhere; alpha is learnt, one for each position, or shared along shared_axes.

    He et al. (2015), "Delving Deep into Rectifiers".

    >>> PReLU(shared_axes=[1, 2]).infer((Shape((None, 28, 28, 3)),)).weights[0].shape
    (1, 1, 3)
    """

    def __init__(
        self,
        alpha_initializer: Any = "Zeros",
        alpha_regularizer: Any = None,
        alpha_constraint: Any = None,
        shared_axes: Any = None,
        **options: Unpack[Options],
    ) -> None:
        super().__init__(**options)
        self.alpha_initializer = check.initializer("alpha_initializer", alpha_initializer)
        self.alpha_regularizer = check.regularizer("alpha_regularizer", alpha_regularizer)
        self.alpha_constraint = check.constraint("alpha_constraint", alpha_constraint)
        self.shared_axes = [shared_axes] if is_size(shared_axes) else shared_axes

    def infer_known(self, shape: Shape) -> Inference:
        assert shape.dims is not None
        sizes: list[Dim] = list(shape.dims[1:])
        if isinstance(self.shared_axes, Unknown):
            sizes = [self.shared_axes] * len(sizes)
        for shared in self.shared_axes or () if not isinstance(self.shared_axes, Unknown) else ():
            place = check.axis("shared_axes", shared, shape)
            if isinstance(place, int):
                sizes[place - 1] = 1
        if None in sizes:
            raise ShapeError(UndefinedDimension(shape, sizes.index(None) + 1))
        names = {f"size_{'abcdefgh'[i % 8]}": size for i, size in enumerate(sizes)}
        count = Arithmetic("params", "*".join(names) or "1", names, multiply(*sizes))
        return Inference(shape, (WeightSpec("alpha", tuple(sizes), self.alpha_initializer),), arithmetic=(count,))

    def infer_unknown(self, shape: Shape) -> Inference:
        return Inference(shape, (WeightSpec("alpha", (Unknown("size", shape.why),), self.alpha_initializer),))


class ThresholdedReLU(Elementwise):
    """(...) -> (...): x where above theta, 0 elsewhere. Only in Keras 2; in Keras 3 it is ReLU(threshold=theta).

    >>> print(ThresholdedReLU(0.5).infer((Shape((None, 7)),)).output)
    (None, 7)
    """

    def __init__(self, theta: float = 1.0, **options: Unpack[Options]) -> None:
        super().__init__(**options)
        self.theta = check.number("theta", theta, least=0)


class Softmax(Elementwise):
    """(...) -> (...): exp(x) / sum of exp(x) along an axis (or several).

    >>> print(Softmax().infer((Shape((None, 10)),)).output)
    (None, 10)
    """

    def __init__(self, axis: Any = -1, **options: Unpack[Options]) -> None:
        super().__init__(**options)
        self.axis = axis

    def infer_known(self, shape: Shape) -> Inference:
        for axis in self.axis if isinstance(self.axis, (tuple, list)) else (self.axis,):
            check.axis("axis", axis, shape, least=0)
        return Inference(shape)
