"""Lines for the layers that change images: class, arguments. The images follow from the line. numpy alone."""

import zlib
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

SHAPE = (3, 6, 9, 3)


@dataclass(frozen=True)
class Line:
    """`shape`: of the images. `smooth`: between pixels numbers are interpolated, so that roundings differ a little."""

    layer: str
    arguments: dict[str, Any]
    shape: tuple[int, ...] = SHAPE

    @property
    def key(self) -> str:
        arguments = ", ".join(f"{name}={value!r}" for name, value in self.arguments.items())
        return f"{self.layer}({arguments}) on {self.shape}"

    def images(self) -> NDArray[np.float32]:
        """Images in the line's value_range."""
        low, high = self.arguments.get("value_range", (0, 255))
        random = np.random.default_rng(zlib.crc32(self.key.encode()))
        return np.asarray(random.uniform(low, high, self.shape), np.float32)


FIRST = {"data_format": "channels_first"}
LINES = [
    Line("AutoContrast", {}),
    Line("AutoContrast", {"value_range": (0, 1)}),
    Line("Equalization", {}),
    Line("Equalization", {"value_range": (-1.0, 1.0), "bins": 32}),
    Line("Equalization", FIRST, (2, 3, 6, 9)),
    Line("ContrastLimitedAdaptiveHistogramEqualization", {"tile_grid_size": (2, 3)}),
    Line("ContrastLimitedAdaptiveHistogramEqualization", {"tile_grid_size": (4, 2), "clip_limit": 40.0, "value_range": (0, 1)}),
    Line("Solarization", {"addition_factor": (0.2, 0.3), "threshold_factor": (0.4, 0.6)}),
    Line("Solarization", {"threshold_factor": 0.5, "value_range": (0, 1)}),
    Line("RandomGrayscale", {"factor": 0.5}),
    Line("RandomGrayscale", {"factor": 1.0, **FIRST}, (2, 3, 6, 9)),
    Line("RandomHue", {"factor": 0.4}),
    Line("RandomHue", {"factor": (0.5, 0.9), "value_range": (0, 1)}),
    Line("RandomHue", {"factor": 0.4, **FIRST}, (2, 3, 6, 9)),
    Line("RandomSaturation", {"factor": (0.2, 0.8)}),
    Line("RandomSaturation", {"factor": (0.6, 0.9), "value_range": (0, 1), **FIRST}, (2, 3, 6, 9)),
    Line("RandomInvert", {"factor": 0.5}),
    Line("RandomInvert", {"factor": (1.0, 1.0), "value_range": (0, 1)}),
    Line("RandomPosterization", {"factor": (2, 6)}),
    Line("RandomPosterization", {"factor": (3, 3), "value_range": (0, 1)}),
    Line("RandomColorDegeneration", {"factor": 0.7}),
    Line("RandomColorJitter", {"brightness_factor": 0.2, "contrast_factor": 0.3, "saturation_factor": (0.4, 0.6), "hue_factor": 0.1}),
    Line("RandomSharpness", {"factor": (0.1, 0.9)}),
    Line("RandomSharpness", {"factor": 0.8, "value_range": (0, 1), **FIRST}, (2, 3, 6, 9)),
    Line("RandomGaussianBlur", {}),
    Line("RandomGaussianBlur", {"kernel_size": (3, 5), "sigma": (0.6, 0.9), "factor": (1.0, 1.0)}),
    Line("RandomErasing", {"factor": (1.0, 1.0), "scale": (0.2, 0.5)}),
    Line("RandomErasing", {"fill_value": (10, 20, 30), "scale": (0.3, 0.6), "factor": (0.9, 1.0)}),
    *(Line("RandomShear", {"x_factor": 0.4, "y_factor": 0.3, "fill_mode": mode}) for mode in ("reflect", "wrap", "constant", "nearest")),
    Line("RandomShear", {"x_factor": (0.6, 0.9), "interpolation": "nearest", "fill_value": 7.0, "fill_mode": "constant"}),
    Line("RandomPerspective", {"factor": (1.0, 1.0)}),
    Line("RandomPerspective", {"factor": (1.0, 1.0), "scale": 0.4, "interpolation": "nearest", "fill_value": 9.0}),
    *(Line("RandomElasticTransform", {"factor": (1.0, 1.0), "fill_mode": mode}, (2, 30, 40, 1)) for mode in ("reflect", "constant")),
    Line("RandomElasticTransform", {"factor": (1.0, 1.0), "fill_mode": "wrap", "interpolation": "nearest"}, (1, 30, 40, 2)),
    Line("MixUp", {"alpha": 0.4}, (5, 4, 3, 3)),
    Line("CutMix", {}, (5, 6, 8, 3)),
    Line("RandAugment", {"num_ops": 3, "factor": 0.4}),
    Line("AugMix", {"factor": 0.4}),
    Line("AugMix", {"all_ops": False, "num_chains": 2, "value_range": (0, 1)}),
    Line("MaxNumBoundingBoxes", {"max_number": 2}),
    Line("RandomFlip", {}),
    Line("RandomFlip", {"mode": "vertical"}),
    Line("RandomRotation", {"factor": 0.2}),
    Line("RandomRotation", {"factor": 0.2, "fill_mode": "constant", "interpolation": "nearest", **FIRST}, (2, 3, 6, 9)),
    *(Line("RandomTranslation", {"height_factor": 0.4, "width_factor": 0.4, "fill_mode": mode}) for mode in ("reflect", "wrap", "nearest")),
    Line("RandomZoom", {"height_factor": 0.4, "width_factor": (-0.3, 0.5), "fill_mode": "wrap"}),
    Line("RandomZoom", {"height_factor": 0.4, "fill_mode": "constant"}),
    Line("RandomContrast", {"factor": 0.5}),
    Line("RandomBrightness", {"factor": 0.3, "value_range": (0, 1)}),
]
