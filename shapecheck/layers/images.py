"""Preprocessing of images: (height, width, channels) -> another size, or the same with random changes in training."""

from __future__ import annotations

from shapecheck.diagnostics.arguments import BadArgument
from shapecheck.diagnostics.base import ShapeError
from shapecheck.diagnostics.rank import InputMismatch
from shapecheck.languages import Phrase, for_example
from shapecheck.layers import arguments as check
from shapecheck.layers.activation import Elementwise
from shapecheck.layers.base import Inference
from shapecheck.layers.padding import INTERPOLATIONS
from shapecheck.layers.windows import Spatial
from shapecheck.shapes import Dim, Shape, Unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Unpack

    from shapecheck.layers.base import Options

FILL_MODES = ("reflect", "wrap", "constant", "nearest")
FLIP_MODES = ("horizontal", "vertical", "horizontal_and_vertical")


def factor_argument(argument: str, value: Any) -> Any:
    """A number, or (lower, upper)."""
    if value is None or isinstance(value, Unknown):
        return value
    ends = value if isinstance(value, (tuple, list)) else (value,)
    if len(ends) not in (1, 2):
        expected = Phrase("arguments", "a_number_or_a", "a number, or a pair (lower, upper)")
        raise ShapeError(BadArgument(argument, value, expected, for_example(f"{argument}=0.2")))
    for end in ends:
        check.number(argument, end)
    return value


def within(argument: str, value: Any, least: float, most: float, none: bool = False) -> Any:
    """A number from `least` to `most`, or a pair of them; with `none` None too."""
    if isinstance(value, Unknown) or (none and value is None):
        return value
    ends = value if isinstance(value, (tuple, list)) else (value,)
    if len(ends) not in (1, 2):
        expected = Phrase(
            "arguments", "a_number_from_least_to", "a number from {least:g} to {most:g}, or a pair (lower, upper)", least=least, most=most
        )
        raise ShapeError(BadArgument(argument, value, expected, for_example(f"{argument}={(least + most) / 2:g}")))
    for end in ends:
        check.number(argument, end, least, most)
    return value


def value_range_argument(value: Any) -> Any:
    """(least, most) of the pixels."""
    if isinstance(value, Unknown):
        return value
    if not isinstance(value, (tuple, list)) or len(value) != 2:
        raise ShapeError(
            BadArgument(
                "value_range", value, Phrase("arguments", "a_pair_least_most", "a pair (least, most)"), for_example("value_range=(0, 255)")
            )
        )
    for end in value:
        check.number("value_range", end)
    return value


class Sized(Spatial):
    """Common code of layers whose output has a given height and width; the input may have any size, and be one image without a batch."""

    rank = 4
    height: Any
    width: Any

    def infer(self, inputs: tuple[Shape, ...]) -> Inference:
        dims = inputs[0].dims
        if dims is None or len(dims) != 3 or isinstance(self.data_format, Unknown):
            return super().infer(inputs)
        first = self.data_format == "channels_first"
        one = (dims[0], self.height, self.width) if first else (self.height, self.width, dims[2])
        return Inference(Shape(one), window="new")

    def infer_known(self, shape: Shape) -> Inference:
        _, channels = self.split(shape)
        sizes: tuple[Dim, ...] = (self.height, self.width)
        return Inference(self.join(shape, sizes, channels), window="new")

    def infer_unknown(self, shape: Shape) -> Inference:
        return self.infer_known(self.join(shape, *self.split(shape)))


class Augmentation(Elementwise):
    """Common base of the random layers: the same shape; in training the image changes, at inference it does not."""

    least_rank = 3

    def rank_advice(self, shape: Shape) -> str:
        return Phrase("arguments", "it_expects_images_height", "it expects images: (height, width, channels) without the batch")


class ColourAugmentation(Augmentation):
    """Common base of those that need red, green and blue."""

    data_format: Any
    channels: tuple[int, ...] = (3,)
    """How many there may be."""

    def infer_known(self, shape: Shape) -> Inference:
        assert shape.dims is not None
        axis = len(shape.dims) - 3 if self.data_format == "channels_first" else len(shape.dims) - 1
        if isinstance(self.data_format, str) and isinstance(shape.dims[axis], int) and shape.dims[axis] not in self.channels:
            accepted = Shape(self.channels[0] if place == axis else size for place, size in enumerate(shape.dims))
            raise ShapeError(InputMismatch(accepted, shape, axis))
        return Inference(shape)


class ByFactor(Augmentation):
    """Common base of those with one factor between two `bounds`, in the order of Keras's arguments that most have."""

    bounds: tuple[float, float] = (0, 1)

    def __init__(
        self, factor: Any, value_range: Any = (0, 255), data_format: str | None = None,
        seed: int | None = None, **options: Unpack[Options],
    ) -> None:  # fmt: skip
        super().__init__(**options)
        self.factor = within("factor", factor, *self.bounds)
        self.value_range = value_range_argument(value_range)
        self.data_format = check.data_format(data_format)
        self.seed = seed


class Resizing(Sized):
    """(height, width, channels) -> (height, width, channels) of the given size, interpolated.

    >>> print(Resizing(4, 9).infer((Shape((None, 5, 7, 3)),)).output)
    (None, 4, 9, 3)
    >>> print(Resizing(4, 9).infer((Shape((5, 7, 3)),)).output)
    (4, 9, 3)
    """

    def __init__(
        self, height: int, width: int, interpolation: str = "bilinear", crop_to_aspect_ratio: bool = False,
        pad_to_aspect_ratio: bool = False, fill_mode: str = "constant", fill_value: float = 0.0,
        antialias: bool = False, data_format: str | None = None, **options: Unpack[Options],
    ) -> None:  # fmt: skip
        super().__init__(**options)
        self.height = check.whole("height", height)
        self.width = check.whole("width", width)
        self.interpolation = check.word("interpolation", interpolation, INTERPOLATIONS)
        self.crop_to_aspect_ratio = check.flag("crop_to_aspect_ratio", crop_to_aspect_ratio)
        self.pad_to_aspect_ratio = check.flag("pad_to_aspect_ratio", pad_to_aspect_ratio)
        self.fill_mode = check.word("fill_mode", fill_mode, FILL_MODES)
        self.fill_value = fill_value
        self.antialias = check.flag("antialias", antialias)
        self.data_format = check.data_format(data_format)


class CenterCrop(Sized):
    """(height, width, channels) -> the middle, of the given size (a smaller image is resized).

    >>> print(CenterCrop(4, 5).infer((Shape((None, 5, 7, 3)),)).output)
    (None, 4, 5, 3)
    """

    def __init__(
        self, height: int, width: int, data_format: str | None = None, **options: Unpack[Options],
    ) -> None:  # fmt: skip
        super().__init__(**options)
        self.height = check.whole("height", height)
        self.width = check.whole("width", width)
        self.data_format = check.data_format(data_format)


class RandomCrop(Sized):
    """(height, width, channels) -> a part of the given size: anywhere in training, the middle at inference.

    >>> print(RandomCrop(3, 4).infer((Shape((None, 5, 7, 3)),)).output)
    (None, 3, 4, 3)
    """

    def __init__(
        self, height: int, width: int, seed: int | None = None, data_format: str | None = None,
        **options: Unpack[Options],
    ) -> None:  # fmt: skip
        super().__init__(**options)
        self.height = check.whole("height", height)
        self.width = check.whole("width", width)
        self.seed = seed
        self.data_format = check.data_format(data_format)


class RandomFlip(Augmentation):
    """(height, width, channels) -> the same image, mirrored, or not.

    >>> print(RandomFlip().infer((Shape((None, 5, 7, 3)),)).output)
    (None, 5, 7, 3)
    """

    def __init__(
        self, mode: str = "horizontal_and_vertical", seed: int | None = None, data_format: str | None = None,
        **options: Unpack[Options],
    ) -> None:  # fmt: skip
        super().__init__(**options)
        self.mode = check.word("mode", mode, FLIP_MODES)
        self.seed = seed
        self.data_format = check.data_format(data_format)


class RandomRotation(Augmentation):
    """(height, width, channels) -> the same image, turned by factor*2*pi at most.

    >>> print(RandomRotation(0.1).infer((Shape((None, 5, 7, 3)),)).output)
    (None, 5, 7, 3)
    """

    def __init__(
        self, factor: Any, fill_mode: str = "reflect", interpolation: str = "bilinear", seed: int | None = None,
        fill_value: float = 0.0, data_format: str | None = None, **options: Unpack[Options],
    ) -> None:  # fmt: skip
        super().__init__(**options)
        self.factor = factor_argument("factor", factor)
        self.fill_mode = check.word("fill_mode", fill_mode, FILL_MODES)
        self.interpolation = check.word("interpolation", interpolation, INTERPOLATIONS)
        self.seed = seed
        self.fill_value = fill_value
        self.data_format = check.data_format(data_format)


class RandomZoom(Augmentation):
    """(height, width, channels) -> the same image, nearer or farther.

    >>> print(RandomZoom(0.2).infer((Shape((None, 5, 7, 3)),)).output)
    (None, 5, 7, 3)
    """

    def __init__(
        self, height_factor: Any, width_factor: Any = None, fill_mode: str = "reflect",
        interpolation: str = "bilinear", seed: int | None = None, fill_value: float = 0.0,
        data_format: str | None = None, **options: Unpack[Options],
    ) -> None:  # fmt: skip
        super().__init__(**options)
        self.height_factor = factor_argument("height_factor", height_factor)
        self.width_factor = factor_argument("width_factor", width_factor)
        self.fill_mode = check.word("fill_mode", fill_mode, FILL_MODES)
        self.interpolation = check.word("interpolation", interpolation, INTERPOLATIONS)
        self.seed = seed
        self.fill_value = fill_value
        self.data_format = check.data_format(data_format)


class RandomTranslation(Augmentation):
    """(height, width, channels) -> the same image, moved by a part of its size.

    >>> print(RandomTranslation(0.1, 0.2).infer((Shape((None, 5, 7, 3)),)).output)
    (None, 5, 7, 3)
    """

    def __init__(
        self, height_factor: Any, width_factor: Any, fill_mode: str = "reflect", interpolation: str = "bilinear",
        seed: int | None = None, fill_value: float = 0.0, data_format: str | None = None,
        **options: Unpack[Options],
    ) -> None:  # fmt: skip
        super().__init__(**options)
        self.height_factor = within("height_factor", height_factor, -1, 1)
        self.width_factor = within("width_factor", width_factor, -1, 1)
        self.fill_mode = check.word("fill_mode", fill_mode, FILL_MODES)
        self.interpolation = check.word("interpolation", interpolation, INTERPOLATIONS)
        self.seed = seed
        self.fill_value = fill_value
        self.data_format = check.data_format(data_format)


class RandomContrast(Augmentation):
    """(height, width, channels) -> the same image, with more or less contrast.

    >>> print(RandomContrast(0.2).infer((Shape((None, 5, 7, 3)),)).output)
    (None, 5, 7, 3)
    """

    def __init__(
        self, factor: Any, value_range: Any = (0, 255), seed: int | None = None, **options: Unpack[Options],
    ) -> None:  # fmt: skip
        super().__init__(**options)
        self.factor = factor_argument("factor", factor)
        self.value_range = value_range
        self.seed = seed


class RandomBrightness(Augmentation):
    """(height, width, channels) -> the same image, lighter or darker.

    >>> print(RandomBrightness(0.2).infer((Shape((None, 5, 7, 3)),)).output)
    (None, 5, 7, 3)
    """

    def __init__(
        self, factor: Any, value_range: Any = (0, 255), seed: int | None = None, **options: Unpack[Options],
    ) -> None:  # fmt: skip
        super().__init__(**options)
        self.factor = within("factor", factor, -1, 1)
        self.value_range = value_range_argument(value_range)
        self.seed = seed


class RandomWidth(Augmentation):
    """(height, width, channels) -> the same image, of another width in training (Keras 2 only): known only at run time.

    >>> print(RandomWidth(0.2).infer((Shape((None, 5, 7, 3)),)).output)
    (None, 5, None, 3)
    """

    rank = 4

    def __init__(
        self, factor: Any, interpolation: str = "bilinear", seed: int | None = None, **options: Unpack[Options]
    ) -> None:
        super().__init__(**options)
        self.factor = factor_argument("factor", factor)
        self.interpolation = check.word("interpolation", interpolation, INTERPOLATIONS)
        self.seed = seed

    def infer_known(self, shape: Shape) -> Inference:
        assert shape.dims is not None
        return Inference(Shape(None if axis == 2 else size for axis, size in enumerate(shape.dims)))


class RandomHeight(Augmentation):
    """(height, width, channels) -> the same image, of another height in training (Keras 2 only): known only at run time.

    >>> print(RandomHeight(0.2).infer((Shape((None, 5, 7, 3)),)).output)
    (None, None, 7, 3)
    """

    rank = 4

    def __init__(
        self, factor: Any, interpolation: str = "bilinear", seed: int | None = None, **options: Unpack[Options]
    ) -> None:
        super().__init__(**options)
        self.factor = factor_argument("factor", factor)
        self.interpolation = check.word("interpolation", interpolation, INTERPOLATIONS)
        self.seed = seed

    def infer_known(self, shape: Shape) -> Inference:
        assert shape.dims is not None
        return Inference(Shape(None if axis == 1 else size for axis, size in enumerate(shape.dims)))
