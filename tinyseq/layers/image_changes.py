"""Changing: the common base of the layers that change images in training, each image by its own random numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tinyseq.engine.operator import Array
from tinyseq.layers import resampling
from tinyseq.layers.base import Layer

if TYPE_CHECKING:
    from tinyseq.engine.context import Context


def ends(factor: Any) -> tuple[float, float]:
    """0.2 -> (-0.2, 0.2); a pair is one already, in either order."""
    pair = tuple(factor) if isinstance(factor, (tuple, list)) else (-abs(factor), abs(factor))
    return float(min(pair)), float(max(pair))


class Changing(Layer):
    """At inference the image itself: nothing runs. In training `change` of each image, by NumPy."""

    needs_input = False
    needs_output = False
    random = True
    either_data_format = True
    data_format: Any

    def view(self, training: bool) -> bool:
        return not training

    def change(self, image: Array, random: np.random.Generator) -> Array:
        """One image (height, width, channels), changed."""
        raise NotImplementedError

    def check_compute(self) -> None:
        known = getattr(self, "interpolation", "bilinear")
        if known not in ("nearest", "bilinear"):
            raise NotImplementedError(f"{self.name}: interpolation={known!r} is not computed: write 'nearest' or 'bilinear'")

    def warped(self, image: Array, matrix: Array, step: tuple[float, float]) -> Array:
        """The image whose pixel at (row, column), counted from the middle, is the old one at matrix @ (row, column) + step."""
        layer: Any = self
        return resampling.warped(image, matrix, step, layer.fill_mode, layer.interpolation, layer.fill_value)

    def forward(self, ctx: Context, *inputs: Any) -> Any:
        first = self.data_format == "channels_first"
        for sample, image in enumerate(inputs[0]):
            changed = self.change(np.moveaxis(image, 0, -1) if first else image, ctx.random)
            ctx.output[sample] = np.moveaxis(changed, -1, 0) if first else changed
        return ctx.output

    def backward(self, ctx: Context, *gradients: Any) -> None:
        resampling.at_the_beginning(self, ctx)

    def _compute(self, given: list[Any], training: bool, masks: int = 0) -> Any:
        return resampling.by_engine(self, given, training)
