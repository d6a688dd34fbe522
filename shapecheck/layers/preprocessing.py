"""Preprocessing layers: numbers here, images in images.py, words and categories in text_preprocessing.py."""

from __future__ import annotations

from shapecheck.diagnostics.arguments import BadArgument, ConflictingArguments
from shapecheck.diagnostics.base import ShapeError
from shapecheck.languages import Phrase, for_example
from shapecheck.layers import arguments as check
from shapecheck.layers.activation import Elementwise
from shapecheck.layers.base import Inference, WeightSpec
from shapecheck.layers.normalization import sizes_along
from shapecheck.shapes import Dim, Shape, Unknown, is_size

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, ClassVar, Unpack

    from shapecheck.layers.base import Options


class Rescaling(Elementwise):
    """(...) -> (...): x*scale + offset.

    >>> print(Rescaling(1 / 255).infer((Shape((None, 28, 28, 1)),)).output)
    (None, 28, 28, 1)
    """

    def __init__(self, scale: Any, offset: Any = 0.0, **options: Unpack[Options]) -> None:
        super().__init__(**options)
        self.scale = self._numbers("scale", scale)
        self.offset = self._numbers("offset", offset)

    @staticmethod
    def _numbers(argument: str, value: Any) -> Any:
        """A number, or one for each channel."""
        if isinstance(value, (tuple, list)):
            return [check.number(argument, item) for item in value]
        return value if hasattr(value, "shape") else check.number(argument, value)


class Normalization(Elementwise):
    """(...) -> (...): (x - mean)/sqrt(variance) of each feature along `axis`; None: one mean for all.

    Mean and variance come from adapt(data), as weights that are not trained, or are passed here.

    >>> [spec.name for spec in Normalization().infer((Shape((None, 5)),)).weights]
    ['mean', 'variance', 'count']
    """

    renamed: ClassVar[dict[str, str]] = {"mean": "given_mean", "variance": "given_variance"}

    def __init__(
        self, axis: Any = -1, mean: Any = None, variance: Any = None, invert: bool = False, **options: Unpack[Options]
    ) -> None:
        super().__init__(**options)
        axes = () if axis is None else axis if isinstance(axis, (tuple, list)) else (axis,)
        if not all(is_size(item) or isinstance(item, Unknown) for item in axes):
            raise ShapeError(
                BadArgument(
                    "axis", axis, Phrase("arguments", "an_integer_several_or", "an integer, several, or None"), for_example("axis=-1")
                )
            )
        if (mean is None) != (variance is None):
            why = Phrase("arguments", "either_both_or_neither", "either both or neither must be passed")
            facts = ("mean", mean, "variance", variance)
            raise ShapeError(
                ConflictingArguments(*facts, why, Phrase("arguments", "pass_both_or_leave", "pass both, or leave both to adapt()"))
            )
        self.axis = axis
        self.given_mean = mean
        self.given_variance = variance
        self.invert = check.flag("invert", invert)

    def infer_known(self, shape: Shape) -> Inference:
        if self.axis is None:
            return Inference(shape, self._specs(()))
        axes = [self.axis] if not isinstance(self.axis, (tuple, list)) else sorted(
            self.axis, key=lambda axis: check.axis("axis", axis, shape)
        )
        return Inference(shape, self._specs(sizes_along("axis", axes, shape)))

    def infer_unknown(self, shape: Shape) -> Inference:
        sizes: tuple[Dim, ...] = () if self.axis is None else (Unknown("size", shape.why),)
        return Inference(shape, self._specs(sizes))

    def _specs(self, sizes: tuple[Dim, ...]) -> tuple[WeightSpec, ...]:
        if self.given_mean is not None:
            return ()
        return (
            WeightSpec("mean", sizes, "zeros", trainable=False),
            WeightSpec("variance", sizes, "ones", trainable=False),
            WeightSpec("count", (), "zeros", trainable=False),
        )
