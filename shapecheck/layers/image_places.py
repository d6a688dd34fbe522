"""Layers that move, blur and cover parts of images, or mix two: (height, width, channels) -> the same shape."""

from __future__ import annotations

from shapecheck.diagnostics.arguments import BadArgument
from shapecheck.diagnostics.base import ShapeError
from shapecheck.languages import Phrase, for_example
from shapecheck.layers import arguments as check
from shapecheck.layers.images import Augmentation, ByFactor, value_range_argument, within
from shapecheck.shapes import is_size

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Unpack

    from shapecheck.layers.base import Options

TWO_INTERPOLATIONS = ("nearest", "bilinear")
FILL_MODES = ("reflect", "wrap", "constant", "nearest")


class RandomSharpness(ByFactor):
    """(height, width, channels) -> the same image, sharper or softer; a factor of 0.5 changes nothing.

    >>> from shapecheck.shapes import Shape
    >>> print(RandomSharpness(0.5).infer((Shape((None, 5, 7, 3)),)).output)
    (None, 5, 7, 3)
    """


class RandomGaussianBlur(Augmentation):
    """(height, width, channels) -> the same image, or blurred.

    >>> from shapecheck.shapes import Shape
    >>> print(RandomGaussianBlur().infer((Shape((None, 5, 7, 3)),)).output)
    (None, 5, 7, 3)
    """

    def __init__(
        self, factor: Any = 1.0, kernel_size: Any = 3, sigma: Any = 1.0, value_range: Any = (0, 255),
        data_format: str | None = None, seed: int | None = None, **options: Unpack[Options],
    ) -> None:  # fmt: skip
        super().__init__(**options)
        self.factor = within("factor", factor, 0, 1)
        self.kernel_size = self._odd(kernel_size)
        self.sigma = within("sigma", sigma, 0, 1)
        self.value_range = value_range_argument(value_range)
        self.data_format = check.data_format(data_format)
        self.seed = seed

    @staticmethod
    def _odd(value: Any) -> Any:
        sizes = check.wholes("kernel_size", value, 2)
        if any(is_size(size) and size % 2 == 0 for size in sizes):
            advice = for_example("kernel_size=3")
            raise ShapeError(
                BadArgument("kernel_size", value, Phrase("arguments", "an_odd_integer_or", "an odd integer, or two of them"), advice)
            )
        return sizes


class RandomErasing(Augmentation):
    """(height, width, channels) -> the same image, with a rectangle covered.

    >>> from shapecheck.shapes import Shape
    >>> print(RandomErasing().infer((Shape((None, 5, 7, 3)),)).output)
    (None, 5, 7, 3)
    """

    def __init__(
        self, factor: Any = 1.0, scale: Any = (0.02, 0.33), fill_value: Any = None,
        value_range: Any = (0, 255), seed: int | None = None, data_format: str | None = None,
        **options: Unpack[Options],
    ) -> None:  # fmt: skip
        super().__init__(**options)
        self.factor = within("factor", factor, 0, 1)
        self.scale = within("scale", scale, 0, 1)
        self.fill_value = fill_value
        self.value_range = value_range_argument(value_range)
        self.seed = seed
        self.data_format = check.data_format(data_format)


class RandomShear(Augmentation):
    """(height, width, channels) -> the same image, sheared.

    >>> from shapecheck.shapes import Shape
    >>> print(RandomShear(0.2).infer((Shape((None, 5, 7, 3)),)).output)
    (None, 5, 7, 3)
    """

    def __init__(
        self, x_factor: Any = 0.0, y_factor: Any = 0.0, interpolation: str = "bilinear",
        fill_mode: str = "reflect", fill_value: float = 0.0, data_format: str | None = None,
        seed: int | None = None, **options: Unpack[Options],
    ) -> None:  # fmt: skip
        super().__init__(**options)
        self.x_factor = within("x_factor", x_factor, 0, 1)
        self.y_factor = within("y_factor", y_factor, 0, 1)
        self.interpolation = check.word("interpolation", interpolation, TWO_INTERPOLATIONS)
        self.fill_mode = check.word("fill_mode", fill_mode, FILL_MODES)
        self.fill_value = fill_value
        self.data_format = check.data_format(data_format)
        self.seed = seed

    @classmethod
    def from_arguments(cls, **arguments: Any) -> Any:
        """A new layer with the arguments of a file: Keras writes (-0.2, 0.2) for x_factor=0.2, and refuses that as an argument.

        Arguments:
            arguments: as in the file
        """
        pairs = {name: arguments[name] for name in ("x_factor", "y_factor") if _is_symmetric(arguments.get(name))}
        single = {name: pair[1] for name, pair in pairs.items()}
        return cls(**{**arguments, **single})


def _is_symmetric(pair: Any) -> bool:
    """True for (-0.2, 0.2)."""
    numbers = isinstance(pair, (list, tuple)) and len(pair) == 2 and all(isinstance(end, (int, float)) for end in pair)
    return numbers and bool(pair[0] == -pair[1])


class RandomPerspective(Augmentation):
    """(height, width, channels) -> the same image, seen from another place.

    >>> from shapecheck.shapes import Shape
    >>> print(RandomPerspective().infer((Shape((None, 5, 7, 3)),)).output)
    (None, 5, 7, 3)
    """

    def __init__(
        self, factor: Any = 1.0, scale: float = 1.0, interpolation: str = "bilinear", fill_value: float = 0.0,
        seed: int | None = None, data_format: str | None = None, **options: Unpack[Options],
    ) -> None:  # fmt: skip
        super().__init__(**options)
        self.factor = within("factor", factor, 0, 1)
        self.scale = check.number("scale", scale, 0, 1)
        self.interpolation = check.word("interpolation", interpolation, TWO_INTERPOLATIONS)
        self.fill_value = fill_value
        self.seed = seed
        self.data_format = check.data_format(data_format)


class RandomElasticTransform(Augmentation):
    """(height, width, channels) -> the same image, distorted as if it were on rubber. Simard et al. (2003).

    >>> from shapecheck.shapes import Shape
    >>> print(RandomElasticTransform().infer((Shape((None, 5, 7, 3)),)).output)
    (None, 5, 7, 3)
    """

    def __init__(
        self, factor: Any = 1.0, scale: Any = 1.0, interpolation: str = "bilinear",
        fill_mode: str = "reflect", fill_value: float = 0.0, value_range: Any = (0, 255),
        seed: int | None = None, data_format: str | None = None, **options: Unpack[Options],
    ) -> None:  # fmt: skip
        super().__init__(**options)
        self.factor = within("factor", factor, 0, 1)
        self.scale = within("scale", scale, 0, 1)
        self.interpolation = check.word("interpolation", interpolation, TWO_INTERPOLATIONS)
        self.fill_mode = check.word("fill_mode", fill_mode, (*FILL_MODES, "mirror"))
        self.fill_value = fill_value
        self.value_range = value_range_argument(value_range)
        self.seed = seed
        self.data_format = check.data_format(data_format)


class MixUp(Augmentation):
    """(height, width, channels) -> in training a weighted sum with another image of the batch. Zhang et al. (2018).

    >>> from shapecheck.shapes import Shape
    >>> print(MixUp().infer((Shape((None, 5, 7, 3)),)).output)
    (None, 5, 7, 3)
    """

    def __init__(
        self, alpha: float = 0.2, data_format: str | None = None, seed: int | None = None,
        **options: Unpack[Options],
    ) -> None:  # fmt: skip
        super().__init__(**options)
        self.alpha = check.number("alpha", alpha, 0)
        self.data_format = check.data_format(data_format)
        self.seed = seed


class CutMix(Augmentation):
    """(height, width, channels) -> in training with a rectangle of another image of the batch. Yun et al. (2019).

    >>> from shapecheck.shapes import Shape
    >>> print(CutMix().infer((Shape((None, 5, 7, 3)),)).output)
    (None, 5, 7, 3)
    """

    def __init__(
        self, factor: Any = 1.0, seed: int | None = None, data_format: str | None = None,
        **options: Unpack[Options],
    ) -> None:  # fmt: skip
        super().__init__(**options)
        self.factor = within("factor", factor, -1, 1)
        self.seed = seed
        self.data_format = check.data_format(data_format)
