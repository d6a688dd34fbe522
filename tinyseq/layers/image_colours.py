"""Layers that change the colours of images, in the order of Keras's operations. Rules: shapecheck.layers.image_colours."""

from __future__ import annotations

from typing import Any

import numpy as np

from shapecheck.layers import image_colours as rules
from tinyseq.engine.operator import Array
from tinyseq.layers import colours
from tinyseq.layers.images import RandomBrightness, RandomContrast
from tinyseq.layers.transforming import Draws, Transforming, limits, rescaled

F32 = np.float32
BYTES = (0, 255)


def column(numbers: Any) -> Array:
    """One number for each image, for arithmetic with images."""
    return np.asarray(numbers, F32).reshape(-1, 1, 1, 1)


class AutoContrast(rules.AutoContrast, Transforming):
    """In prediction too, as in Keras."""

    random = False
    always = True

    def changed(self, images: Array, draws: Draws) -> Array:
        x = rescaled(images, sorted(self.value_range), BYTES)
        low, high = x.min((1, 2), keepdims=True), x.max((1, 2), keepdims=True)
        with np.errstate(all="ignore"):
            scale = F32(255) / (high - low)
            stretched = np.clip(x * scale + -low * scale, F32(0), F32(255))
        found = rescaled(stretched, BYTES, sorted(self.value_range))
        return np.where(np.isnan(found), images, found)


class Equalization(rules.Equalization, Transforming):
    """One histogram for each channel of all images of a batch, as in Keras.

    It draws no numbers, but `random` stays True: what it returns differs in training, and from batch to batch.
    """

    def changed(self, images: Array, draws: Draws) -> Array:
        return np.stack([self._channel(images[..., c]) for c in range(images.shape[-1])], -1)

    def _scaled(self, values: Array, source: Any, target: Any) -> Array:
        scale = (target[1] - target[0]) / (source[1] - source[0])
        found: Array = values * F32(scale) + F32(target[0] - source[0] * scale)
        return found

    def _channel(self, channel: Array) -> Array:
        ends = tuple(sorted(self.value_range))  # a list in Keras, so that its values are always scaled
        x = self._scaled(channel, ends, BYTES)
        bins = np.clip((x * F32(self.bins - 1) / F32(255)).astype(np.int32), 0, self.bins - 1)
        counts = np.bincount(bins.reshape(-1), minlength=self.bins)
        if np.count_nonzero(counts) > 1:
            x = self._spread(x, np.cumsum(counts))
        return self._scaled(x, BYTES, ends)

    def _spread(self, x: Array, total: Array) -> Array:
        least = total[np.nonzero(total)[0][0]]
        below = max(int(total[-1] - least), 1)
        table = np.clip(np.round((total - least) * 255 / below), 0, 255).astype(F32)
        places = np.clip(x / F32(255) * F32(self.bins - 1), 0, self.bins - 1).astype(np.int32)
        found: Array = table[places]
        return found


class ContrastLimitedAdaptiveHistogramEqualization(rules.ContrastLimitedAdaptiveHistogramEqualization, Transforming):
    """In prediction too, as in Keras. Between the middles of tiles, values are interpolated from those of four tiles."""

    random = False
    always = True

    def changed(self, images: Array, draws: Draws) -> Array:
        ends = tuple(self.value_range)
        found = colours.by_tiles(rescaled(images, ends, BYTES), tuple(self.tile_grid_size), float(self.clip_limit))
        return rescaled(found, BYTES, ends)


class Solarization(rules.Solarization, Transforming):
    def drawn(self, shape: tuple[int, ...], random: np.random.Generator) -> Draws:
        size = (shape[0], 1, 1, 1)
        ends = [limits(factor, 0) for factor in (self.addition_factor, self.threshold_factor)]
        names = ("additions", "thresholds")
        return {name: random.uniform(low, high * 255, size).astype(F32) for name, (low, high) in zip(names, ends, strict=True)}

    def changed(self, images: Array, draws: Draws) -> Array:
        ends = sorted(self.value_range)
        x = np.clip(rescaled(images, ends, BYTES) + np.asarray(draws["additions"], F32), F32(0), F32(255))
        return rescaled(np.where(x < draws["thresholds"], x, F32(255) - x), BYTES, ends)


class RandomGrayscale(rules.RandomGrayscale, Transforming):
    """Each image in grey with the probability `factor`."""

    def get_random_transformation(self, data: Any, training: bool = True, seed: int | None = None) -> Any:
        found = super().get_random_transformation(data, training, seed)
        return None if found is None else found["should_apply"]

    def transform_images(self, images: Any, transformation: Any = None, training: bool = True) -> Array:
        draws = transformation if transformation is None or isinstance(transformation, dict) else {"should_apply": transformation}
        return super().transform_images(images, draws, training)

    def drawn(self, shape: tuple[int, ...], random: np.random.Generator) -> Draws:
        return {"should_apply": (random.random(shape[0]) < self.factor).reshape(-1, 1, 1, 1)}

    def changed(self, images: Array, draws: Draws) -> Array:
        return np.where(draws["should_apply"], colours.grey(images), images)


class RandomHue(rules.RandomHue, Transforming):
    def drawn(self, shape: tuple[int, ...], random: np.random.Generator) -> Draws:
        sign = np.where(random.random(shape[0]) > 0.5, -1, 1)
        return {"factor": (sign * random.uniform(*limits(self.factor, 0), shape[0]) * 0.5).astype(F32)}

    def changed(self, images: Array, draws: Draws) -> Array:
        hue, saturation, value = colours.to_hsv(rescaled(images, self.value_range, (0, 1)))
        hue = hue + column(draws["factor"])[..., 0]
        hue = np.where(hue > 1, hue - F32(1), hue)
        hue = np.where(hue < 0, hue + F32(1), hue)
        return rescaled(np.clip(colours.from_hsv(hue, saturation, value), F32(0), F32(1)), (0, 1), self.value_range)


class RandomSaturation(rules.RandomSaturation, Transforming):
    def drawn(self, shape: tuple[int, ...], random: np.random.Generator) -> Draws:
        factor = random.uniform(*limits(self.factor, -1), shape[0])
        return {"factor": (factor / (1 - factor + 1e-7)).astype(F32)}

    def changed(self, images: Array, draws: Draws) -> Array:
        hue, saturation, value = colours.to_hsv(images)
        low, high = sorted(self.value_range)
        return colours.from_hsv(hue, np.clip(saturation * column(draws["factor"])[..., 0], F32(low), F32(high)), value)


class RandomInvert(rules.RandomInvert, Transforming):
    def drawn(self, shape: tuple[int, ...], random: np.random.Generator) -> Draws:
        return {"apply_inversion": applied(self.factor, shape[0], random)}

    def changed(self, images: Array, draws: Draws) -> Array:
        return np.where(chosen(draws["apply_inversion"]), F32(self.value_range[1]) - images, images)


def applied(factor: Any, count: int, random: np.random.Generator) -> Array:
    """Which of the images are changed: each with a probability drawn from `factor`."""
    probability = random.uniform(*limits(factor, 0), count)
    found: Array = random.random(count) < probability
    return found


def chosen(flags: Any) -> Array:
    """One truth value for each image, for np.where."""
    return np.asarray(flags, bool).reshape(-1, 1, 1, 1)


class RandomPosterization(rules.RandomPosterization, Transforming):
    def drawn(self, shape: tuple[int, ...], random: np.random.Generator) -> Draws:
        low, high = (int(end) for end in limits(self.factor, 1))
        kept = random.integers(low, high, shape[0]) if low != high else np.full(shape[0], low)
        return {"shift_factor": (8 - kept).astype(np.uint8)}

    def changed(self, images: Array, draws: Draws) -> Array:
        ends = sorted(self.value_range)
        shift = np.asarray(draws["shift_factor"], np.uint8).reshape(-1, 1, 1, 1)
        whole = rescaled(images, ends, BYTES).astype(np.uint8)
        return rescaled(((whole >> shift) << shift).astype(F32), BYTES, ends)


class RandomColorDegeneration(rules.RandomColorDegeneration, Transforming):
    def drawn(self, shape: tuple[int, ...], random: np.random.Generator) -> Draws:
        return {"factor": random.uniform(*limits(self.factor, -1), (shape[0], 1, 1, 1)).astype(F32)}

    def changed(self, images: Array, draws: Draws) -> Array:
        low, high = sorted(self.value_range)
        found: Array = np.clip(images + column(draws["factor"]) * (colours.grey(images) - images), F32(low), F32(high))
        return found


class RandomColorJitter(rules.RandomColorJitter, Transforming):
    """Brightness, contrast, saturation, hue, in this order; each with draws of its own, by name."""

    def parts(self) -> list[tuple[str, Any]]:
        """(name, layer) of those that change something."""
        kinds = {"brightness": RandomBrightness, "contrast": RandomContrast, "saturation": RandomSaturation, "hue": RandomHue}
        factors = {name: getattr(self, f"{name}_factor") for name in kinds}
        return [(name, kinds[name](factor, value_range=self.value_range)) for name, factor in factors.items() if factor is not None]

    def drawn(self, shape: tuple[int, ...], random: np.random.Generator) -> Draws:
        return {name: layer.drawn(shape, random) for name, layer in self.parts()}

    def changed(self, images: Array, draws: Draws) -> Array:
        for name, layer in self.parts():
            images = layer.changed(images, draws[name])
        return images
