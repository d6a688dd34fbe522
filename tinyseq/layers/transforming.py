"""Transforming: the common base of the layers of images whose random numbers and changes are two steps, as in Keras 3.

    draws = layer.get_random_transformation(images)          changed = layer.transform_images(images, draws)

The draws are Keras's: the same names, shapes and meaning, so that a change with given draws is the one that Keras computes. Which numbers
are drawn from a seed is our own choice. A whole batch is changed at once, by NumPy, in training; in prediction the images stay as they are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tinyseq.engine.operator import Array
from tinyseq.engine.workspace import seed_of
from tinyseq.layers import resampling
from tinyseq.layers.base import Layer

if TYPE_CHECKING:
    from tinyseq.engine.context import Context

Draws = dict[str, Any]
Pair = tuple[float, float]
UNCHANGED = ("labels",)
"""Values of a dictionary that most layers leave as they are."""


def ends(factor: Any) -> Pair:
    """0.2 -> (-0.2, 0.2); a pair is one already, in either order."""
    return limits(factor, -abs(float(factor)) if not isinstance(factor, (tuple, list)) else 0)


def limits(factor: Any, least: float) -> Pair:
    """0.2 -> (-0.2, 0.2), but not below `least`; of a pair, the lower one first. As Keras stores a factor."""
    if isinstance(factor, (tuple, list)):
        low, high = sorted(factor)
        return float(low), float(high)
    size = abs(float(factor))
    return max(-size, least), size


def rescaled(images: Array, source: Any, target: Any) -> Array:
    """Values of one range as values of another, in the order of Keras's operations."""
    if tuple(source) == tuple(target):
        return images
    low, high, least, most = (np.float32(number) for number in (*source, *target))
    found: Array = (images - low) / (high - low) * (most - least) + least
    return found


class Transforming(Layer):
    """Subclasses write `drawn` and `changed`, for images (samples, height, width, channels)."""

    needs_input = False
    needs_output = False
    random = True
    either_data_format = True
    shardable = False
    data_format: Any
    always = False
    """It changes images in prediction too, by no random number."""

    def view(self, training: bool) -> bool:
        return not (training or self.always)

    def drawn(self, shape: tuple[int, ...], random: np.random.Generator) -> Draws:
        """The random numbers for images of that shape, channels last."""
        return {}

    def changed(self, images: Array, draws: Draws) -> Array:
        """The images, changed."""
        raise NotImplementedError

    def labels_changed(self, labels: Array, draws: Draws) -> Array:
        """The labels of changed images."""
        return labels

    # ------------------------------------------------------------------ in a model

    def _work(self, images: Array, random: np.random.Generator) -> Array:
        return self.changed(images, self.drawn(images.shape, random))

    def forward(self, ctx: Context, *inputs: Any) -> Any:
        ctx.output[...] = self._turned(self._work(self._turned(inputs[0]), ctx.random), back=True)
        return ctx.output

    def backward(self, ctx: Context, *gradients: Any) -> None:
        resampling.at_the_beginning(self, ctx)

    def _turned(self, images: Array, back: bool = False) -> Array:
        """With channels last, or `back`."""
        if self.data_format != "channels_first":
            return images
        return np.moveaxis(images, -1, -3) if back else np.moveaxis(images, -3, -1)

    # ------------------------------------------------------------------ on arrays, as in Keras

    def get_random_transformation(self, data: Any, training: bool = True, seed: int | None = None) -> Draws | None:
        """The random numbers for one change of these images.

        Arguments:
            data: one image or a batch of images, or a dictionary with them as "images"
            training: False: there are none, and None is returned
            seed: an integer repeats them; None: the next ones of the layer's own seed
        """
        if not training:
            return None
        images = _batch(data["images"] if isinstance(data, dict) else data)
        random = np.random.default_rng((*seed_of(self), self._draws) if seed is None else seed)
        self._draws += seed is None
        return self.drawn(self._turned(images).shape, random)

    def transform_images(self, images: Any, transformation: Draws | None = None, training: bool = True) -> Array:
        """The images changed by given random numbers.

        Arguments:
            images: one image or a batch of images
            transformation: what get_random_transformation returned
            training: False: they stay as they are
        """
        array = np.asarray(images, np.float32)
        if not (training or self.always):
            return array
        found = self._turned(self.changed(self._turned(_batch(array)), transformation or {}), back=True)
        return found if array.ndim == 4 else found[0]

    def transform_labels(self, labels: Any, transformation: Draws | None = None, training: bool = True) -> Array:
        """The labels of changed images.

        Arguments:
            labels: one for each image
            transformation: what get_random_transformation returned
            training: False: they stay as they are
        """
        array = np.asarray(labels)
        return self.labels_changed(array, transformation) if training and transformation else array

    def __call__(self, *inputs: Any, training: bool | None = None, mask: Any = None, **named: Any) -> Any:
        """On tensors of a model: its output tensor. On arrays, or a dictionary of them: the changed ones, unless training=False.

        Arguments:
            inputs: images, one or a batch; or a dictionary with "images" and "labels"
            training: False: images stay as they are; True and None: in a model as the model does, as in Keras; on arrays they change
            mask: of Keras, not computed: leave it out
            named: the inputs by the names of call()
        """
        given = inputs[0] if inputs else None
        if len(inputs) == 1 and isinstance(given, dict) and not hasattr(given, "shape_accepted"):
            return self._dictionary(given, training is None or bool(training))
        if len(inputs) == 1 and not hasattr(given, "shape_accepted") and mask is None:
            active = training is None or bool(training)
            return self.transform_images(given, self.get_random_transformation(given, active), active)
        return super().__call__(*inputs, training=None if training else training, mask=mask, **named)

    def _dictionary(self, data: dict[str, Any], training: bool) -> dict[str, Any]:
        lost = [name for name in data if name not in ("images", *UNCHANGED)]
        if lost or "images" not in data:
            what = f"{lost[0]!r} is not computed" if lost else "it has no 'images'"
            raise NotImplementedError(f"{self.name}: a dictionary may have 'images' and 'labels': {what}: leave it out")
        draws = self.get_random_transformation(data, training)
        found = {**data, "images": self.transform_images(data["images"], draws, training)}
        if "labels" in data:
            found["labels"] = self.transform_labels(data["labels"], draws, training)
        return found


def _batch(images: Any) -> Array:
    array = np.asarray(images, np.float32)
    if array.ndim not in (3, 4):
        raise ValueError(f"images of shape {array.shape}: pass one image (height, width, channels), or a batch of them")
    return array if array.ndim == 4 else array[None]
