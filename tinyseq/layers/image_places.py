"""Layers that move, blur and cover parts of images, or mix several, in the order of Keras's operations.

Rules: shapecheck.layers.image_places; RandAugment, AugMix and MaxNumBoundingBoxes are in augmenting.py.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from shapecheck.layers import image_places as rules
from tinyseq.engine.operator import Array
from tinyseq.layers import projecting
from tinyseq.layers.image_colours import applied, chosen, column
from tinyseq.layers.transforming import Draws, Transforming, limits

F32 = np.float32


class RandomSharpness(rules.RandomSharpness, Transforming):
    def drawn(self, shape: tuple[int, ...], random: np.random.Generator) -> Draws:
        return {"factor": random.uniform(*limits(self.factor, 0), shape[0]).astype(F32)}

    def changed(self, images: Array, draws: Draws) -> Array:
        window = np.full((3, 3), 1 / 13)
        window[1, 1] = 5 / 13
        low, high = sorted(self.value_range)
        share = F32(1) - column(draws["factor"]) * F32(2)
        found: Array = np.clip(images + share * (projecting.convolved(images, window) - images), F32(low), F32(high))
        return found


class RandomGaussianBlur(rules.RandomGaussianBlur, Transforming):
    """One window for all images of a batch, as in Keras."""

    def drawn(self, shape: tuple[int, ...], random: np.random.Generator) -> Draws:
        flags = applied(self.factor, shape[0], random)
        return {"should_apply_blur": flags, "blur_factor": (random.uniform(*limits(self.sigma, 0), 2) + 1e-6).astype(F32)}

    def changed(self, images: Array, draws: Draws) -> Array:
        soft = projecting.blurred(images, self.kernel_size, draws["blur_factor"])
        low, high = self.value_range
        return np.clip(np.where(chosen(draws["should_apply_blur"]), soft, images), F32(low), F32(high))


def rectangles(shape: tuple[int, ...], shares: tuple[Array, Array], random: np.random.Generator) -> tuple[Array, Array]:
    """(which pixels of each image lie in a rectangle (samples, height, width, channels), which share of it): its sides are `shares`
    (of the width, of the height) of the image's, its place is drawn."""
    n, height, width, _ = shape
    inside, covered = np.ones(shape, bool), np.ones(n)
    for axis, size, share in ((2, width, shares[0]), (1, height, shares[1])):
        side = share * size
        first = random.random(n) * (size - side)
        places = np.arange(size)[None]
        hit = (places >= first[:, None]) & (places < (first + side)[:, None])
        inside &= np.expand_dims(hit, (3, 3 - axis))
        covered = covered * side / size
    return inside, covered.reshape(-1, 1, 1, 1)


class RandomErasing(rules.RandomErasing, Transforming):
    def drawn(self, shape: tuple[int, ...], random: np.random.Generator) -> Draws:
        shares = np.sqrt(random.uniform(*limits(self.scale, 0), (2, shape[0])))
        inside, _ = rectangles(shape, (shares[0], shares[1]), random)
        flags = applied(self.factor, shape[0], random)
        return {"apply_erasing": flags, "batch_masks": inside, "fill_value": self._filling(shape, random)}

    def _filling(self, shape: tuple[int, ...], random: np.random.Generator) -> Array:
        low, high = self.value_range
        if self.fill_value is None:
            values = random.standard_normal(shape) * high
        else:
            values = np.broadcast_to(np.asarray(self.fill_value, F32), shape)
        found: Array = np.clip(values.astype(F32), F32(low), F32(high))
        return found

    def changed(self, images: Array, draws: Draws) -> Array:
        covered = np.where(draws["batch_masks"], np.asarray(draws["fill_value"], F32), images)
        return np.where(chosen(draws["apply_erasing"]), covered, images)


class RandomShear(rules.RandomShear, Transforming):
    def drawn(self, shape: tuple[int, ...], random: np.random.Generator) -> Draws:
        sign = np.where(random.random((shape[0], 1)) > 0.5, -1, 1)
        pairs = [random.uniform(*limits(factor, -1), (shape[0], 1)) for factor in (self.x_factor, self.y_factor)]
        return {"shear_factor": (np.concatenate(pairs, 1) * sign).astype(F32), "input_shape": shape}

    def changed(self, images: Array, draws: Draws) -> Array:
        shear = np.asarray(draws["shear_factor"], F32)
        transforms = projecting.affine([1, shear[:, 0], 0, shear[:, 1], 1, 0])
        return projecting.projected(images, transforms, self.fill_mode, self.interpolation, self.fill_value)


class RandomPerspective(rules.RandomPerspective, Transforming):
    def drawn(self, shape: tuple[int, ...], random: np.random.Generator) -> Draws:
        n, height, width, _ = shape
        flags = applied(self.factor, n, random)
        moved = random.uniform(-0.5 * self.scale, 0.5 * self.scale, (n, 4, 2))
        corners = np.array([[0, 0], [width - 1, 0], [0, height - 1], [width - 1, height - 1]], F32)
        start = np.repeat(corners[None], n, 0)
        return {"apply_perspective": flags, "start_points": start, "end_points": (start + start * moved).astype(F32), "input_shape": shape}

    def changed(self, images: Array, draws: Draws) -> Array:
        transforms = projecting.homography(draws["start_points"], draws["end_points"])
        found = projecting.projected(images, transforms, "constant", self.interpolation, self.fill_value)
        return np.where(chosen(draws["apply_perspective"]), found, images)


class RandomElasticTransform(rules.RandomElasticTransform, Transforming):
    """One distortion factor for all images of a batch, as in Keras; "steps" are the normal numbers that Keras draws from its "seed"."""

    def drawn(self, shape: tuple[int, ...], random: np.random.Generator) -> Draws:
        flags = applied(self.factor, shape[0], random)
        factor = F32(random.uniform(*limits(self.scale, 0)))
        steps = random.standard_normal(shape[:3]).astype(F32)
        return {"apply_transform": flags, "distortion_factor": factor, "steps": (steps, random.standard_normal(shape[:3]).astype(F32))}

    def changed(self, images: Array, draws: Draws) -> Array:
        _, height, width, _ = images.shape
        factor = F32(draws["distortion_factor"])
        if factor == 0:
            return images
        alpha, sigma = F32(max(height, width)) * F32(0.1) * factor, F32(min(height, width)) * F32(0.05) * factor
        x, y = np.meshgrid(np.arange(width, dtype=F32), np.arange(height, dtype=F32))
        size = 6 * int(sigma) | 1
        right, down = (self._smooth(np.asarray(step, F32) * sigma, size, sigma) * alpha for step in draws["steps"])
        places = zip(images, y + down, x + right, strict=True)
        moved = np.stack([_mapped(image, rows, columns, self) for image, rows, columns in places])
        low, high = self.value_range
        return np.clip(np.where(chosen(draws["apply_transform"]), moved, images), F32(low), F32(high))

    def _smooth(self, steps: Array, size: int, sigma: Any) -> Array:
        return projecting.blurred(steps[..., None], (size, size), (sigma, sigma))[..., 0]


def _mapped(image: Array, y: Array, x: Array, layer: Any) -> Array:
    """The image at these places; pixels outside by the layer's fill_mode, pixel by pixel."""
    if layer.interpolation == "nearest":
        return _pixels(image, np.rint(y), np.rint(x), layer)
    top, left = np.floor(y), np.floor(x)
    total = np.zeros(image.shape, F32)
    for row, tall in ((top, 1 - (y - top)), (top + 1, y - top)):
        for place, wide in ((left, 1 - (x - left)), (left + 1, x - left)):
            total += (tall * wide)[..., None] * _pixels(image, row, place, layer)
    return total


def _pixels(image: Array, rows: Array, columns: Array, layer: Any) -> Array:
    if layer.fill_mode == "constant":
        return projecting.read(image, rows, columns, layer.fill_value)
    axes = (rows, image.shape[0]), (columns, image.shape[1])
    row, place = (_inside(index.astype(np.int64), size, layer.fill_mode) for index, size in axes)
    found: Array = image[row, place]
    return found


def _inside(index: Array, size: int, fill: str) -> Array:
    """As Keras's map_coordinates has it, mirrors at 0 without repeating it."""
    if fill == "nearest":
        return np.clip(index, 0, size - 1)
    if fill == "wrap":
        return index % size
    around = np.abs(index) % (2 * size)
    back = 2 * size - around - (fill == "reflect")
    return np.clip(np.where(around < size, around, back), 0, size - 1)


class MixUp(rules.MixUp, Transforming):
    """Labels are mixed by the same weights: call it on a dictionary of images and labels."""

    def drawn(self, shape: tuple[int, ...], random: np.random.Generator) -> Draws:
        order = random.permutation(shape[0])
        weights = random.beta(self.alpha, self.alpha, shape[0]) if self.alpha else random.integers(0, 2, shape[0])
        return {"mix_weight": weights.astype(F32), "permutation_order": order}

    def changed(self, images: Array, draws: Draws) -> Array:
        share = column(draws["mix_weight"])
        found: Array = share * images + (F32(1) - share) * images[np.asarray(draws["permutation_order"])]
        return found

    def labels_changed(self, labels: Array, draws: Draws) -> Array:
        return mixed_labels(labels, draws)


def mixed_labels(labels: Array, draws: Draws) -> Array:
    """Labels weighted as the images: one number or one vector for each."""
    if labels.ndim != 2:
        advice = "pass one vector for each image, for example to_categorical(labels)"
        raise ValueError(f"labels of shape {labels.shape} cannot be mixed: {advice}")
    share = np.asarray(draws["mix_weight"], F32).reshape(-1, 1)
    found: Array = share * labels + (F32(1) - share) * labels[np.asarray(draws["permutation_order"])]
    return found


class CutMix(rules.CutMix, Transforming):
    """Labels are mixed by the share of the rectangle: call it on a dictionary of images and labels. One image alone stays as it is."""

    def drawn(self, shape: tuple[int, ...], random: np.random.Generator) -> Draws:
        alpha = max(random.uniform(*limits(self.factor, -1)) + 1e-6, 1e-6)
        sides = np.sqrt(1 - random.beta(alpha, alpha, shape[0]))
        inside, covered = rectangles(shape, (sides, sides), random)
        return {"permutation_order": random.permutation(shape[0]), "batch_masks": inside, "mix_weight": (1 - covered).astype(F32)}

    def changed(self, images: Array, draws: Draws) -> Array:
        return np.where(draws["batch_masks"], images[np.asarray(draws["permutation_order"])], images)

    def labels_changed(self, labels: Array, draws: Draws) -> Array:
        return mixed_labels(labels, draws)
