"""RandAugment, AugMix and MaxNumBoundingBoxes: several changes, one after the other or mixed. Rules: shapecheck.layers.augmenting."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np

from shapecheck.layers import augmenting as rules
from tinyseq.engine.operator import Array
from tinyseq.layers.image_colours import AutoContrast, Equalization, RandomColorDegeneration, RandomPosterization, Solarization
from tinyseq.layers.image_places import RandomSharpness, RandomShear
from tinyseq.layers.images import RandomBrightness, RandomContrast, RandomRotation, RandomTranslation
from tinyseq.layers.transforming import Draws, Transforming, limits

F32 = np.float32


class Augmenting(Transforming):
    """What both share: the layers that they draw from, by Keras's names."""

    factor: Any
    interpolation: Any
    value_range: Any
    names: tuple[str, ...]

    @cached_property
    def changes(self) -> dict[str, Transforming]:
        """The layers by name."""
        pair, ends = limits(self.factor, 0), {"value_range": self.value_range}
        how: Any = {"interpolation": self.interpolation}
        found = {
            "random_shear": RandomShear(pair, pair, **how),
            "random_translation": RandomTranslation(pair, pair, **how),
            "random_rotation": RandomRotation(pair, **how),
            "random_brightness": RandomBrightness(pair, **ends),
            "random_color_degeneration": RandomColorDegeneration(pair, **ends),
            "random_contrast": RandomContrast(pair, **ends),
            "random_sharpness": RandomSharpness(pair, **ends),
            "random_posterization": RandomPosterization(max(1, int(8 * pair[1])), **ends),
            "solarization": Solarization(pair, pair, **ends),
            "auto_contrast": AutoContrast(**ends),
            "equalization": Equalization(**ends),
        }
        return {name: found[name] for name in self.names}


class RandAugment(rules.RandAugment, Augmenting):
    """The same changes for all images of a batch, as in Keras."""

    names = (
        "random_shear", "random_translation", "random_rotation", "random_brightness", "random_color_degeneration", "random_contrast",
        "random_sharpness", "random_posterization", "solarization", "auto_contrast", "equalization",
    )  # fmt: skip

    def drawn(self, shape: tuple[int, ...], random: np.random.Generator) -> Draws:
        chosen = random.integers(0, len(self.names), self.num_ops)
        return {"layer_idxes": chosen, "transforms": {name: layer.drawn(shape, random) for name, layer in self.changes.items()}}

    def changed(self, images: Array, draws: Draws) -> Array:
        for place in np.asarray(draws["layer_idxes"]):
            name = self.names[int(place)]
            images = self.changes[name].changed(images, draws["transforms"][name] or {})
        return images


class AugMix(rules.AugMix, Augmenting):
    """The same chains and weights for all images of a batch, as in Keras."""

    @property
    def names(self) -> tuple[str, ...]:  # type: ignore[override]
        """The names of the layers that chains are drawn from."""
        every = RandAugment.names
        return every if self.all_ops else tuple(n for n in every if n in FEW)

    def drawn(self, shape: tuple[int, ...], random: np.random.Generator) -> Draws:
        weights = random.gamma(self.alpha, size=self.num_chains)
        chains: list[list[dict[str, Any]]] = []
        for _ in range(self.num_chains):
            picked = [random.choice([*self.names, ""]) for _ in range(self.chain_depth)]
            chains.append([{"layer_name": n, "transformation": self.changes[n].drawn(shape, random)} for n in picked if n])
        share = random.beta(self.alpha, self.alpha)
        return {"chain_mixing_weights": (weights / weights.sum()).astype(F32), "weight_sample": F32(share), "chain_transforms": chains}

    def changed(self, images: Array, draws: Draws) -> Array:
        total, share = np.zeros_like(images), F32(draws["weight_sample"])
        for weight, chain in zip(np.asarray(draws["chain_mixing_weights"], F32), draws["chain_transforms"], strict=True):
            moved = images
            for link in chain:
                moved = self.changes[link["layer_name"]].changed(moved, link["transformation"] or {})
            total += moved * weight
        low, high = self.value_range
        return np.clip(share * images + (F32(1) - share) * total, F32(low), F32(high))


FEW = (
    "random_shear", "random_translation", "random_rotation", "random_posterization", "solarization", "auto_contrast", "equalization",
)  # fmt: skip


class MaxNumBoundingBoxes(rules.MaxNumBoundingBoxes, Transforming):
    """On images alone nothing; in a dictionary "bounding_boxes" has {"boxes": (samples, boxes, 4), "labels": (samples, boxes)}."""

    random = False

    def view(self, training: bool) -> bool:
        return True

    def changed(self, images: Array, draws: Draws) -> Array:
        return images

    def _dictionary(self, data: dict[str, Any], training: bool) -> dict[str, Any]:
        boxes = data.get("bounding_boxes")
        if boxes is None:
            return dict(data)
        if set(boxes) != {"boxes", "labels"}:
            raise ValueError(f"{self.name}: bounding_boxes has {sorted(boxes)}: write {{'boxes': ..., 'labels': ...}}")
        return {**data, "bounding_boxes": {name: self._cut(np.asarray(values)) for name, values in boxes.items()}}

    def _cut(self, values: Array) -> Array:
        kept = values[:, : self.max_number]
        room = [(0, 0), (0, self.max_number - kept.shape[1]), *[(0, 0)] * (kept.ndim - 2)]
        return np.pad(kept, room, constant_values=self.fill_value)
