"""Images of another size, and images with random changes in training, by NumPy. Rules: shapecheck.layers.images.

What is drawn for each image, and what is made of it, is as in Keras; which numbers follow from a seed is our own choice. A call on
arrays changes them unless training=False, as in Keras 3; in the prediction of a model images stay as they are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from shapecheck import layers as rules
from tinyseq.engine.operator import Array
from tinyseq.layers import projecting, resampling
from tinyseq.layers.by_numpy import ByNumPy
from tinyseq.layers.transforming import Draws, Transforming, ends

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

    def __call__(self, *inputs: Any, training: bool | None = None, mask: Any = None, **named: Any) -> Any:
        """On tensors of a model its output tensor, on arrays the boxes.

        Arguments:
            inputs: images, one or a batch
            training: False: the middle; None: in a model as the model does, on arrays True, as in Keras
            mask: of Keras, not computed: leave it out
            named: the inputs by the names of call()
        """
        symbolic = bool(inputs) and hasattr(inputs[0], "shape_accepted")
        return super().__call__(*inputs, training=True if training is None and not symbolic else training, mask=mask, **named)

    def _compute(self, given: list[Any], training: bool, masks: int = 0) -> Any:
        return resampling.by_engine(self, given, training) if training else super()._compute(given, training, masks)


class RandomFlip(rules.RandomFlip, Transforming):
    """Each image mirrored or not, with probability 1/2; with both directions it is turned by 180 degrees or not, as in Keras."""

    def drawn(self, shape: tuple[int, ...], random: np.random.Generator) -> Draws:
        return {"flips": random.random((shape[0], 1, 1, 1)) <= 0.5, "input_shape": shape}

    def changed(self, images: Array, draws: Draws) -> Array:
        axes = tuple(axis for axis, word in ((2, "horizontal"), (1, "vertical")) if word in self.mode)
        return np.where(draws["flips"], np.flip(images, axes), images)


class Projecting(Transforming):
    """Common base of those that move the pixels of each image."""

    fill_mode: Any
    fill_value: Any
    interpolation: Any

    def check_compute(self) -> None:
        if self.interpolation not in ("nearest", "bilinear"):
            raise NotImplementedError(f"{self.name}: interpolation={self.interpolation!r} is not computed: write 'nearest' or 'bilinear'")

    def transforms(self, shape: tuple[int, ...], draws: Draws) -> Array:
        """The eight numbers of each image: see projecting.py."""
        raise NotImplementedError

    def changed(self, images: Array, draws: Draws) -> Array:
        numbers = self.transforms(images.shape, draws)
        return projecting.projected(images, numbers, self.fill_mode, self.interpolation, self.fill_value)


class RandomRotation(rules.RandomRotation, Projecting):
    """Each image turned around its middle, by factor * 2 pi at most; above 0: against the clock."""

    def drawn(self, shape: tuple[int, ...], random: np.random.Generator) -> Draws:
        angle = (random.uniform(*ends(self.factor), shape[0]) * 360).astype(np.float32)
        cos, sin = np.cos(np.radians(angle)), np.sin(np.radians(angle))
        x, y = 0.5 * (shape[2] - 1), 0.5 * (shape[1] - 1)
        rows = [cos, -sin, x - x * cos + y * sin, sin, cos, y - x * sin - y * cos]
        return {"angle": angle, "rotation_matrix": projecting.affine(rows)}

    def transforms(self, shape: tuple[int, ...], draws: Draws) -> Array:
        return np.asarray(draws["rotation_matrix"])


class RandomZoom(rules.RandomZoom, Projecting):
    """Each image nearer (factors below 0) or farther (above 0); without width_factor both directions alike."""

    def drawn(self, shape: tuple[int, ...], random: np.random.Generator) -> Draws:
        height = width = (1 + random.uniform(*ends(self.height_factor), (shape[0], 1))).astype(np.float32)
        if self.width_factor is not None:
            width = (1 + random.uniform(*ends(self.width_factor), (shape[0], 1))).astype(np.float32)
        return {"height_zoom": height, "width_zoom": width, "input_shape": shape}

    def transforms(self, shape: tuple[int, ...], draws: Draws) -> Array:
        tall, wide = (np.asarray(draws[name], np.float32).reshape(-1) for name in ("height_zoom", "width_zoom"))
        return projecting.affine([wide, 0, (shape[2] - 1) / 2 * (1 - wide), 0, tall, (shape[1] - 1) / 2 * (1 - tall)])


class RandomTranslation(rules.RandomTranslation, Projecting):
    """Each image moved down and to the right (factors above 0) by a part of its height and width."""

    def drawn(self, shape: tuple[int, ...], random: np.random.Generator) -> Draws:
        down = random.uniform(*ends(self.height_factor), shape[0]) * shape[1]
        right = random.uniform(*ends(self.width_factor), shape[0]) * shape[2]
        return {"translations": np.stack([right, down], 1).astype(np.float32), "input_shape": shape}

    def transforms(self, shape: tuple[int, ...], draws: Draws) -> Array:
        moved = np.asarray(draws["translations"], np.float32)
        return projecting.affine([1, 0, -moved[:, 0], 0, 1, -moved[:, 1]])


class RandomContrast(rules.RandomContrast, Transforming):
    """Each image farther from or nearer to its mean of each channel, by one factor between 1 - lower and 1 + upper."""

    data_format = None

    def drawn(self, shape: tuple[int, ...], random: np.random.Generator) -> Draws:
        pair = self.factor if isinstance(self.factor, (tuple, list)) else (self.factor, self.factor)
        return {"contrast_factor": random.uniform(1 - pair[0], 1 + pair[-1], (shape[0], 1, 1, 1)).astype(np.float32)}

    def changed(self, images: Array, draws: Draws) -> Array:
        mean = images.mean(1, keepdims=True).mean(2, keepdims=True)
        factor, (low, high) = np.asarray(draws["contrast_factor"], np.float32), map(np.float32, self.value_range)
        found: Array = np.clip((images - mean) * factor + mean, low, high)
        return found


class RandomBrightness(rules.RandomBrightness, Transforming):
    """One number added to each image: a factor times the length of value_range."""

    data_format = None

    def drawn(self, shape: tuple[int, ...], random: np.random.Generator) -> Draws:
        low, high = sorted(self.value_range)
        return {"rgb_delta": (random.uniform(*ends(self.factor), (shape[0], 1, 1, 1)) * (high - low)).astype(np.float32)}

    def changed(self, images: Array, draws: Draws) -> Array:
        low, high = map(np.float32, sorted(self.value_range))
        found: Array = np.clip(images + np.asarray(draws["rgb_delta"], np.float32), low, high)
        return found
