"""tinyseq.ops.image: functions of pictures, under their names in keras.ops.image. All but ops.image.resize are in tinyseq.ops, too."""

from __future__ import annotations

from typing import Any

import numpy as np

from tinyseq import layers
from tinyseq.layers.tensor_functions.composed import FUNCTIONS
from tinyseq.layers.tensor_functions.composed.shapes import expand_dims, squeeze
from tinyseq.ops.absent import not_there

NAMES = (
    "crop_images", "extract_patches", "pad_images", "resize", "rgb_to_grayscale",
)  # fmt: skip
__all__ = list(NAMES)


def resize(
    images: Any, size: Any, interpolation: str = "bilinear", antialias: bool = False, crop_to_aspect_ratio: bool = False,
    pad_to_aspect_ratio: bool = False, fill_mode: str = "constant", fill_value: float = 0.0, data_format: str | None = None,
) -> Any:  # fmt: skip
    """Pictures in another size, as layers.Resizing computes them.

    Arguments:
        images: (samples, height, width, channels), or one picture without the first axis
        size: (height, width)
        interpolation: "bilinear", "nearest" and the others of layers.Resizing
        antialias: True: smooth where pictures get smaller
        crop_to_aspect_ratio: True: cut off what does not fit the new shape, and do not distort
        pad_to_aspect_ratio: True: fill up, and do not distort
        fill_mode: "constant"
        fill_value: what fills up
        data_format: "channels_last" (None) or "channels_first"
    """
    if fill_mode != "constant":
        raise NotImplementedError(f"ops.image.resize: fill_mode={fill_mode!r} is not computed: write 'constant'")
    sizes = tuple(size)
    if len(sizes) != 2:
        raise ValueError(f"ops.image.resize: size={size!r}: expected (height, width), for example size=(32, 32)")
    options = {"antialias": True} if antialias else {}
    layer = layers.Resizing(
        int(sizes[0]), int(sizes[1]), interpolation, crop_to_aspect_ratio, pad_to_aspect_ratio, fill_value=fill_value,
        data_format=data_format or "channels_last", **options,
    )  # fmt: skip
    one = len(images.shape) == 3
    found = layer(expand_dims(images, 0) if one else images)
    found = squeeze(found, 0) if one else found
    whole = isinstance(images, np.ndarray) and images.dtype.kind in "iu" and interpolation == "nearest"
    return found.astype(images.dtype) if whole else found


def __getattr__(name: str) -> Any:
    if name in __all__:
        return FUNCTIONS[name]
    raise not_there(__name__, name)
