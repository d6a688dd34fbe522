"""Layers that change the colours of images: (height, width, channels) -> the same shape."""

from __future__ import annotations

from shapecheck.layers import arguments as check
from shapecheck.layers.images import Augmentation, ByFactor, ColourAugmentation, value_range_argument, within

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Unpack

    from shapecheck.layers.base import Options


class AutoContrast(Augmentation):
    """(height, width, channels) -> the same image, each channel stretched over the whole value_range.

    >>> from shapecheck.shapes import Shape
    >>> print(AutoContrast().infer((Shape((None, 5, 7, 3)),)).output)
    (None, 5, 7, 3)
    """

    def __init__(
        self, value_range: Any = (0, 255), data_format: str | None = None, **options: Unpack[Options],
    ) -> None:  # fmt: skip
        super().__init__(**options)
        self.value_range = value_range_argument(value_range)
        self.data_format = check.data_format(data_format)


class Equalization(Augmentation):
    """(height, width, channels) -> the same image, in training with values spread evenly, by the histogram of a channel in the batch.

    >>> from shapecheck.shapes import Shape
    >>> print(Equalization().infer((Shape((None, 5, 7, 3)),)).output)
    (None, 5, 7, 3)
    """

    def __init__(
        self, value_range: Any = (0, 255), bins: int = 256, data_format: str | None = None,
        **options: Unpack[Options],
    ) -> None:  # fmt: skip
        super().__init__(**options)
        self.value_range = value_range_argument(value_range)
        self.bins = check.whole("bins", bins)
        self.data_format = check.data_format(data_format)


class ContrastLimitedAdaptiveHistogramEqualization(Augmentation):
    """(height, width, channels) -> the same image, each tile with values spread evenly, as far as clip_limit allows. Zuiderveld (1994).

    >>> from shapecheck.shapes import Shape
    >>> print(ContrastLimitedAdaptiveHistogramEqualization().infer((Shape((None, 5, 7, 3)),)).output)
    (None, 5, 7, 3)
    """

    def __init__(
        self, value_range: Any = (0, 255), clip_limit: float = 4.0, tile_grid_size: Any = (8, 8),
        data_format: str | None = None, **options: Unpack[Options],
    ) -> None:  # fmt: skip
        super().__init__(**options)
        self.value_range = value_range_argument(value_range)
        self.clip_limit = check.number("clip_limit", clip_limit)
        self.tile_grid_size = check.wholes("tile_grid_size", tile_grid_size, 2)
        self.data_format = check.data_format(data_format)


class Solarization(Augmentation):
    """(height, width, channels) -> the same image, in training bright values inverted.

    >>> from shapecheck.shapes import Shape
    >>> print(Solarization().infer((Shape((None, 5, 7, 3)),)).output)
    (None, 5, 7, 3)
    """

    def __init__(
        self, addition_factor: Any = 0.0, threshold_factor: Any = 0.0, value_range: Any = (0, 255),
        seed: int | None = None, data_format: str | None = None, **options: Unpack[Options],
    ) -> None:  # fmt: skip
        super().__init__(**options)
        self.addition_factor = within("addition_factor", addition_factor, 0, 1)
        self.threshold_factor = within("threshold_factor", threshold_factor, 0, 1)
        self.value_range = value_range_argument(value_range)
        self.seed = seed
        self.data_format = check.data_format(data_format)


class RandomGrayscale(ColourAugmentation):
    """(height, width, channels) -> the same image, or in grey.

    >>> from shapecheck.shapes import Shape
    >>> print(RandomGrayscale().infer((Shape((None, 5, 7, 3)),)).output)
    (None, 5, 7, 3)
    """

    channels = (3, 1)

    def __init__(
        self, factor: float = 0.5, data_format: str | None = None, seed: int | None = None,
        **options: Unpack[Options],
    ) -> None:  # fmt: skip
        super().__init__(**options)
        self.factor = check.number("factor", factor, 0, 1)
        self.data_format = check.data_format(data_format)
        self.seed = seed


class RandomHue(ByFactor, ColourAugmentation):
    """(height, width, channels) -> the same image, with other hues.

    >>> from shapecheck.shapes import Shape
    >>> print(RandomHue(0.2).infer((Shape((None, 5, 7, 3)),)).output)
    (None, 5, 7, 3)
    """


class RandomSaturation(ByFactor, ColourAugmentation):
    """(height, width, channels) -> the same image, with stronger or weaker colours; a factor of 0.5 changes nothing.

    >>> from shapecheck.shapes import Shape
    >>> print(RandomSaturation(0.2).infer((Shape((None, 5, 7, 3)),)).output)
    (None, 5, 7, 3)
    """

    bounds = (-1, 1)


class RandomInvert(Augmentation):
    """(height, width, channels) -> the same image, or its negative.

    >>> from shapecheck.shapes import Shape
    >>> print(RandomInvert().infer((Shape((None, 5, 7, 3)),)).output)
    (None, 5, 7, 3)
    """

    def __init__(
        self, factor: Any = 1.0, value_range: Any = (0, 255), seed: int | None = None,
        data_format: str | None = None, **options: Unpack[Options],
    ) -> None:  # fmt: skip
        super().__init__(**options)
        self.factor = within("factor", factor, 0, 1)
        self.value_range = value_range_argument(value_range)
        self.seed = seed
        self.data_format = check.data_format(data_format)


class RandomPosterization(ByFactor):
    """(height, width, channels) -> the same image, with fewer bits for each value.

    >>> from shapecheck.shapes import Shape
    >>> print(RandomPosterization(4).infer((Shape((None, 5, 7, 3)),)).output)
    (None, 5, 7, 3)
    """

    bounds = (1, 8)


class RandomColorDegeneration(ByFactor, ColourAugmentation):
    """(height, width, channels) -> the same image, nearer to grey.

    >>> from shapecheck.shapes import Shape
    >>> print(RandomColorDegeneration(0.3).infer((Shape((None, 5, 7, 3)),)).output)
    (None, 5, 7, 3)
    """

    bounds = (-1, 1)


class RandomColorJitter(Augmentation):
    """(height, width, channels) -> the same image, with another brightness, contrast, saturation and hue.

    >>> from shapecheck.shapes import Shape
    >>> print(RandomColorJitter(hue_factor=0.1).infer((Shape((None, 5, 7, 3)),)).output)
    (None, 5, 7, 3)
    """

    def __init__(
        self, value_range: Any = (0, 255), brightness_factor: Any = None, contrast_factor: Any = None,
        saturation_factor: Any = None, hue_factor: Any = None, seed: int | None = None,
        data_format: str | None = None, **options: Unpack[Options],
    ) -> None:  # fmt: skip
        super().__init__(**options)
        self.value_range = value_range_argument(value_range)
        self.brightness_factor = within("brightness_factor", brightness_factor, -1, 1, none=True)
        self.contrast_factor = within("contrast_factor", contrast_factor, 0, 1, none=True)
        self.saturation_factor = within("saturation_factor", saturation_factor, -1, 1, none=True)
        self.hue_factor = within("hue_factor", hue_factor, 0, 1, none=True)
        self.seed = seed
        self.data_format = check.data_format(data_format)
