"""Images of another size, and images with random changes in training, by NumPy. Rules: shapecheck.layers.images.

Each sample draws its own numbers, from the layer's seed: which ones they are is our own choice, not that of Keras.
A call without training= changes nothing, as in all layers here; Keras 3 takes training=True there: write layer(images, training=True).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from shapecheck import layers as rules
from tinyseq.engine.operator import Array
from tinyseq.layers import resampling
from tinyseq.layers.by_numpy import ByNumPy
from tinyseq.layers.image_changes import Changing, ends

if TYPE_CHECKING:
    from tinyseq.engine.context import Context


class Sized(ByNumPy):
    """Common base: rows and columns are sums of the input's rows and columns, so that the gradient is the transposed sums."""

    either_data_format = True
    data_format: Any
    height: Any
    width: Any

    def factors(self, height: int, width: int) -> tuple[Array, Array]:
        """How much of each input row is in each output row, and the same for columns."""
        raise NotImplementedError

    def last(self, x: Array) -> Array:
        """With channels last."""
        return np.moveaxis(x, 1, -1) if self.data_format == "channels_first" else x

    def first(self, x: Array) -> Array:
        """Back from there."""
        return np.moveaxis(x, -1, 1) if self.data_format == "channels_first" else x

    def outcome(self, x: Array) -> Array:
        if x.ndim == 3:
            one: Array = self.outcome(x[None])[0]
            return one
        images = self.last(x)
        return self.first(resampling.applied(*self.factors(*images.shape[1:3]), images))

    def backward(self, ctx: Context, *gradients: Any) -> None:
        dx = ctx.input_gradient()
        if dx is not None:
            rows, columns = self.factors(*self.last(dx).shape[1:3])
            dx[...] = self.first(resampling.applied(rows.T, columns.T, self.last(gradients[0])))


class Resizing(rules.Resizing, Sized):
    """Interpolation "nearest", "bilinear" and "bicubic", with gradients."""

    def check_compute(self) -> None:
        if self.interpolation not in resampling.INTERPOLATIONS:
            raise NotImplementedError(
                f"{self.name}: interpolation={self.interpolation!r} is not computed: write 'nearest', 'bilinear' or 'bicubic'"
            )
        for argument in ("antialias", "pad_to_aspect_ratio"):
            if getattr(self, argument):
                raise NotImplementedError(f"{self.name}: {argument}=True is not computed: leave it out")

    def factors(self, height: int, width: int) -> tuple[Array, Array]:
        sizes, target = (height, width), (self.height, self.width)
        boxes = resampling.middle(sizes, target) if self.crop_to_aspect_ratio else ((0, height), (0, width))
        return resampling.both(sizes, boxes, target, self.interpolation)


class CenterCrop(rules.CenterCrop, Sized):
    def factors(self, height: int, width: int) -> tuple[Array, Array]:
        sizes, target = (height, width), (self.height, self.width)
        if height < self.height or width < self.width:
            return resampling.both(sizes, resampling.middle(sizes, target), target, "bilinear")
        starts = (height - self.height) // 2, (width - self.width) // 2
        boxes = (starts[0], starts[0] + self.height), (starts[1], starts[1] + self.width)
        return resampling.both(sizes, boxes, target, "nearest")


class RandomCrop(rules.RandomCrop, Sized):
    """In training a box anywhere; at inference, and for smaller images, the middle, resized: it has the declared size in both.

    Keras 3 returns the whole image at inference, which does not have the size that it declares.
    """

    random = True

    def factors(self, height: int, width: int) -> tuple[Array, Array]:
        sizes, target = (height, width), (self.height, self.width)
        return resampling.both(sizes, resampling.middle(sizes, target), target, "bilinear")

    def forward(self, ctx: Context, *inputs: Any) -> Any:
        images, output = self.last(inputs[0]), self.last(ctx.output)
        rooms = images.shape[1] - self.height, images.shape[2] - self.width
        if not ctx.training or min(rooms) < 0:
            return super().forward(ctx, *inputs)
        for sample, image in enumerate(images):
            top, left = (int(ctx.random.integers(room + 1)) for room in rooms)
            output[sample] = image[top : top + self.height, left : left + self.width]
        return ctx.output

    def backward(self, ctx: Context, *gradients: Any) -> None:
        if ctx.training:
            resampling.at_the_beginning(self, ctx)
        else:
            super().backward(ctx, *gradients)

    def _compute(self, given: list[Any], training: bool, masks: int = 0) -> Any:
        return resampling.by_engine(self, given, training) if training else super()._compute(given, training, masks)


class RandomFlip(rules.RandomFlip, Changing):
    """Each image mirrored or not, each with probability 1/2 in each direction of `mode`."""

    def change(self, image: Array, random: np.random.Generator) -> Array:
        for axis, word in ((1, "horizontal"), (0, "vertical")):
            if word in self.mode and random.random() < 0.5:
                image = np.flip(image, axis)
        return image


class RandomRotation(rules.RandomRotation, Changing):
    """Each image turned around its middle, by factor * 2 pi at most; above 0: against the clock."""

    def change(self, image: Array, random: np.random.Generator) -> Array:
        angle = random.uniform(*ends(self.factor)) * 2 * math.pi
        cos, sin = math.cos(angle), math.sin(angle)
        return self.warped(image, np.array([[cos, sin], [-sin, cos]]), (0, 0))


class RandomZoom(rules.RandomZoom, Changing):
    """Each image nearer (factors below 0) or farther (above 0); without width_factor both directions alike."""

    def change(self, image: Array, random: np.random.Generator) -> Array:
        height = width = 1 + random.uniform(*ends(self.height_factor))
        if self.width_factor is not None:
            width = 1 + random.uniform(*ends(self.width_factor))
        return self.warped(image, np.diag([height, width]), (0, 0))


class RandomTranslation(rules.RandomTranslation, Changing):
    """Each image moved down and to the right (factors above 0) by a part of its height and width."""

    def change(self, image: Array, random: np.random.Generator) -> Array:
        down = random.uniform(*ends(self.height_factor)) * image.shape[0]
        right = random.uniform(*ends(self.width_factor)) * image.shape[1]
        return self.warped(image, np.eye(2), (-down, -right))


class RandomContrast(rules.RandomContrast, Changing):
    """Each image farther from or nearer to its mean of each channel, by one factor between 1 - lower and 1 + upper."""

    data_format = None

    def change(self, image: Array, random: np.random.Generator) -> Array:
        pair = self.factor if isinstance(self.factor, (tuple, list)) else (self.factor, self.factor)
        factor = random.uniform(1 - pair[0], 1 + pair[-1])
        mean = image.mean((0, 1), keepdims=True)
        changed: Array = np.clip((image - mean) * factor + mean, *self.value_range)
        return changed


class RandomBrightness(rules.RandomBrightness, Changing):
    """One number added to each image: a factor times the length of value_range."""

    data_format = None

    def change(self, image: Array, random: np.random.Generator) -> Array:
        low, high = sorted(self.value_range)
        changed: Array = np.clip(image + random.uniform(*ends(self.factor)) * (high - low), low, high)
        return changed
