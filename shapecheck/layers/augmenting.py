"""Layers that change images in several ways, and one for bounding boxes: (height, width, channels) -> the same shape."""

from __future__ import annotations

from shapecheck.layers import arguments as check
from shapecheck.layers.image_places import TWO_INTERPOLATIONS
from shapecheck.layers.images import Augmentation, value_range_argument, within

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Unpack

    from shapecheck.layers.base import Options


class RandAugment(Augmentation):
    """(height, width, channels) -> in training changed by num_ops layers drawn from eleven. Cubuk et al. (2020).

    >>> from shapecheck.shapes import Shape
    >>> print(RandAugment().infer((Shape((None, 5, 7, 3)),)).output)
    (None, 5, 7, 3)
    """

    def __init__(
        self, value_range: Any = (0, 255), num_ops: int = 2, factor: Any = 0.5,
        interpolation: str = "bilinear", seed: int | None = None, data_format: str | None = None,
        **options: Unpack[Options],
    ) -> None:  # fmt: skip
        super().__init__(**options)
        self.value_range = value_range_argument(value_range)
        self.num_ops = check.whole("num_ops", num_ops, 0)
        self.factor = within("factor", factor, 0, 1)
        self.interpolation = check.word("interpolation", interpolation, TWO_INTERPOLATIONS)
        self.seed = seed
        self.data_format = check.data_format(data_format)


class AugMix(Augmentation):
    """(height, width, channels) -> in training a mix of num_chains chains of changes. Hendrycks et al. (2020).

    >>> from shapecheck.shapes import Shape
    >>> print(AugMix().infer((Shape((None, 5, 7, 3)),)).output)
    (None, 5, 7, 3)
    """

    def __init__(
        self, value_range: Any = (0, 255), num_chains: int = 3, chain_depth: int = 3, factor: Any = 0.3,
        alpha: float = 1.0, all_ops: bool = True, interpolation: str = "bilinear", seed: int | None = None,
        data_format: str | None = None, **options: Unpack[Options],
    ) -> None:  # fmt: skip
        super().__init__(**options)
        self.value_range = value_range_argument(value_range)
        self.num_chains = check.whole("num_chains", num_chains)
        self.chain_depth = check.whole("chain_depth", chain_depth)
        self.factor = within("factor", factor, 0, 1)
        self.alpha = check.number("alpha", alpha, 0)
        self.all_ops = check.flag("all_ops", all_ops)
        self.interpolation = check.word("interpolation", interpolation, TWO_INTERPOLATIONS)
        self.seed = seed
        self.data_format = check.data_format(data_format)


class MaxNumBoundingBoxes(Augmentation):
    """images -> the same; a dictionary's bounding boxes are cut or filled up to max_number for each image.

    >>> from shapecheck.shapes import Shape
    >>> print(MaxNumBoundingBoxes(4).infer((Shape((None, 5, 7, 3)),)).output)
    (None, 5, 7, 3)
    """

    def __init__(
        self, max_number: int, fill_value: int = -1, data_format: str | None = None,
        **options: Unpack[Options],
    ) -> None:  # fmt: skip
        super().__init__(**options)
        self.max_number = check.whole("max_number", max_number)
        self.fill_value = fill_value
        self.data_format = check.data_format(data_format)
