"""Pictures as arrays and back: load_img, img_to_array, array_to_img, save_img. Pillow reads and writes the files."""

from __future__ import annotations

import io
from importlib import import_module
from typing import Any

import numpy as np

MODES = {"grayscale": ("L", 1), "rgb": ("RGB", 3), "rgba": ("RGBA", 4)}
"""color_mode -> Pillow's mode, channels."""


def pillow() -> Any:
    """The module PIL.Image. ImportError with the command that installs it."""
    try:
        return import_module("PIL.Image")
    except ImportError as error:
        raise ImportError("pictures are read by the package Pillow: python -m pip install pillow") from error


def _mode(what: str, color_mode: str) -> tuple[str, int]:
    if color_mode not in MODES:
        raise ValueError(f"{what}: color_mode={color_mode!r}: write 'rgb', 'rgba' or 'grayscale'")
    return MODES[color_mode]


def load_img(
    path: Any, color_mode: str = "rgb", target_size: Any = None, interpolation: str = "nearest", keep_aspect_ratio: bool = False
) -> Any:  # fmt: skip
    """A picture of a file, as Pillow has it.

    Arguments:
        path: the file: a path, or an open binary file
        color_mode: "rgb", "rgba" or "grayscale"
        target_size: (height, width); None: as it is
        interpolation: of Pillow: "nearest", "bilinear", "bicubic", "hamming", "box" or "lanczos"
        keep_aspect_ratio: True: cut off what does not fit target_size, and do not distort
    """
    mode, _ = _mode("load_img", color_mode)
    source = io.BytesIO(path) if isinstance(path, bytes) else path
    picture = pillow().open(source)
    picture = picture if picture.mode == mode else picture.convert(mode)
    if target_size is None:
        picture.load()
        return picture
    if not hasattr(target_size, "__len__") or len(target_size) < 2:
        raise ValueError(f"load_img: target_size={target_size!r}: expected (height, width), for example target_size=(224, 224)")
    height, width = int(target_size[0]), int(target_size[1])
    way = getattr(pillow().Resampling, interpolation.upper(), None)
    if way is None:
        raise ValueError(f"load_img: interpolation={interpolation!r}: write 'nearest', 'bilinear', 'bicubic' or 'lanczos'")
    if (picture.width, picture.height) == (width, height):
        picture.load()
        return picture
    if not keep_aspect_ratio:
        return picture.resize((width, height), way)
    across, down = picture.size
    box_height, box_width = min(down, int(across * height / width)), min(across, int(down * width / height))
    left, top = int((across - box_width) / 2), int((down - box_height) / 2)
    return picture.resize((width, height), way, box=[left, top, left + box_width, top + box_height])


def img_to_array(img: Any, data_format: str | None = None, dtype: Any = None) -> Any:
    """A picture as an array (height, width, channels).

    Arguments:
        img: a picture of Pillow, or an array of 2 or 3 axes
        data_format: "channels_last" (None) or "channels_first"
        dtype: kind of numbers; None: float32
    """
    found = np.asarray(img, dtype=dtype or "float32")
    if found.ndim not in (2, 3):
        raise ValueError(f"img_to_array: got shape {found.shape}: expected one picture, (height, width) or (height, width, channels)")
    found = found[..., None] if found.ndim == 2 else found
    return np.moveaxis(found, -1, 0) if data_format == "channels_first" else found


def array_to_img(x: Any, data_format: str | None = None, scale: bool = True, dtype: Any = None) -> Any:
    """An array as a picture of Pillow.

    Arguments:
        x: (height, width, channels) of 1, 3 or 4 channels
        data_format: "channels_last" (None) or "channels_first"
        scale: True: spread the numbers over 0 to 255
        dtype: kind of numbers to compute with; None: float32
    """
    found = np.asarray(x, dtype=dtype or "float32")
    if found.ndim != 3:
        raise ValueError(f"array_to_img: got shape {found.shape}: expected one picture (height, width, channels): write x[0] of a batch")
    found = np.moveaxis(found, 0, -1) if data_format == "channels_first" else found
    if scale:
        found = found - np.min(found)
        most = np.max(found)
        found = found / most * 255 if most != 0 else found
    if found.shape[-1] not in (1, 3, 4):
        raise ValueError(f"array_to_img: got {found.shape[-1]} channels: a picture has 1, 3 or 4: choose some, for example x[..., :3]")
    whole = found.astype("int32" if found.shape[-1] == 1 and found.max() > 255 else "uint8")
    return pillow().fromarray(whole[..., 0] if found.shape[-1] == 1 else whole)


def save_img(path: Any, x: Any, data_format: str | None = None, file_format: str | None = None, scale: bool = True, **options: Any) -> None:
    """Writes an array as a picture.

    Arguments:
        path: the file
        x: (height, width, channels)
        data_format: "channels_last" (None) or "channels_first"
        file_format: of Pillow; None: by the end of the file's name
        scale: True: spread the numbers over 0 to 255
        options: of Pillow's save
    """
    picture = array_to_img(x, data_format, scale)
    if picture.mode == "RGBA" and str(file_format or path).lower().endswith(("jpg", "jpeg")):
        picture = picture.convert("RGB")
    picture.save(path, format=file_format, **options)
