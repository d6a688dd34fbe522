"""tinyseq.preprocessing.image: pictures of files as arrays and back."""

from __future__ import annotations

from typing import Any

from tinyseq.did_you_mean import no_such_name
from tinyseq.ops.image import resize as _resize
from tinyseq.pipelines.pictures import array_to_img, img_to_array, load_img, save_img

__all__ = ["array_to_img", "img_to_array", "load_img", "save_img", "smart_resize"]
NOT_THERE = {
    "ImageDataGenerator": "Keras 3 has it no more: write utils.image_dataset_from_directory for a folder, fit(x, y) for arrays, and "
    "layers.Rescaling(1 / 255), RandomFlip and RandomRotation at the beginning of the model",
}


def smart_resize(x: Any, size: Any, interpolation: str = "bilinear") -> Any:
    """Pictures in another size without distortion: the middle is cut out.

    Arguments:
        x: (samples, height, width, channels), or one picture
        size: (height, width)
        interpolation: as in layers.Resizing
    """
    return _resize(x, size, interpolation, crop_to_aspect_ratio=True)


def __getattr__(name: str) -> Any:
    raise no_such_name(f"module {__name__!r}", name, __all__, NOT_THERE)
