"""ByNumPy: the common base of layers that prepare data. NumPy computes them, in every step: no kernel is worth it there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tinyseq.engine.operator import Array
from tinyseq.layers.base import Layer

if TYPE_CHECKING:
    from tinyseq.engine.context import Context


class ByNumPy(Layer):
    """A layer that is one function of its input array, without weights. Called on an array, it takes any rank that the function takes."""

    needs_input = False
    needs_output = False

    def outcome(self, x: Array) -> Array:
        """The output for a batch."""
        raise NotImplementedError

    def forward(self, ctx: Context, *inputs: Any) -> Any:
        ctx.output[...] = self.outcome(inputs[0])
        return ctx.output

    def accepted(self, value: Any) -> Array:
        """An argument of a call as an array that `outcome` takes."""
        return np.asarray(value, self.input_dtype)

    def _compute(self, given: list[Any], training: bool, masks: int = 0) -> Any:
        self.check_compute()
        if len(given) != 1:
            raise ValueError(f"{self.name}: got {len(given)} arrays: pass 1")
        return self.outcome(self.accepted(given[0]))


IN_EACH_STEP = (
    "AugMix", "AutoContrast", "CategoryEncoding", "CenterCrop", "ContrastLimitedAdaptiveHistogramEqualization", "CutMix", "Discretization",
    "Equalization", "HashedCrossing", "Hashing", "IntegerLookup", "MaxNumBoundingBoxes", "MelSpectrogram", "MixUp", "RandAugment",
    "RandomBrightness", "RandomColorDegeneration", "RandomColorJitter", "RandomContrast", "RandomCrop", "RandomElasticTransform",
    "RandomErasing", "RandomFlip", "RandomGaussianBlur", "RandomGrayscale", "RandomHue", "RandomInvert", "RandomPerspective",
    "RandomPosterization", "RandomRotation", "RandomSaturation", "RandomSharpness", "RandomShear", "RandomTranslation", "RandomZoom",
    "Resizing", "Solarization", "StringLookup", "TextVectorization",
)  # fmt: skip
"""All layers that NumPy computes in each step: they prepare data. Every other layer tells kernel calls, but Rescaling by arrays and a
penalty of the user's own. Of tinyseq.ops: tensor_functions/by_kernels.py."""
