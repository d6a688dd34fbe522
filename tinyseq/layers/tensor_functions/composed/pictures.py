"""Pictures: windows cut out, gray, borders; channels to and from places."""

from __future__ import annotations

import math
from typing import Any

from tinyseq.layers.tensor_functions.calling import apply
from tinyseq.layers.tensor_functions.composed.along_axes import mean
from tinyseq.layers.tensor_functions.composed.linear_algebra import tensordot
from tinyseq.layers.tensor_functions.composed.parts import getitem, pad
from tinyseq.layers.tensor_functions.composed.registry import public, shape_of
from tinyseq.layers.tensor_functions.composed.shapes import expand_dims, moveaxis, reshape, squeeze, transpose


def _pair(what: str, name: str, value: Any) -> tuple[int, int]:
    found = (value, value) if isinstance(value, int) else tuple(value)
    if len(found) != 2 or not all(isinstance(one, int) and one > 0 for one in found):
        raise ValueError(f"ops.{what}: {name}={value!r}: expected a positive integer or two, for example {name}=(3, 3)")
    return found


def _channels_last(what: str, data_format: str | None) -> bool:
    if data_format not in (None, "channels_last", "channels_first"):
        raise ValueError(f"ops.{what}: data_format={data_format!r}: write 'channels_last' or 'channels_first'")
    return data_format != "channels_first"


@public
def extract_patches(
    images: Any, size: Any, strides: Any = None, dilation_rate: Any = 1, padding: str = "valid", data_format: str | None = None
) -> Any:  # fmt: skip
    """Windows of pictures, each as a row of numbers: (samples, down, across, size * size * channels).

    Arguments:
        images: (samples, height, width, channels), or one picture without the first axis
        size: of a window, or (height, width)
        strides: steps between windows; None: the size, so that they lie side by side
        dilation_rate: the distance of the pixels of a window
        padding: "valid", or "same": with zeros around
        data_format: "channels_last" (None) or "channels_first"
    """
    rank = len(shape_of(images))
    if rank not in (3, 4):
        raise ValueError(f"ops.image.extract_patches: images have shape {shape_of(images)}: expected (samples, height, width, 3)")
    if padding not in ("valid", "same"):
        raise ValueError(f"ops.image.extract_patches: padding={padding!r}: write 'valid' or 'same'")
    sizes = _pair("image.extract_patches", "size", size)
    steps = sizes if strides is None else _pair("image.extract_patches", "strides", strides)
    rates = _pair("image.extract_patches", "dilation_rate", dilation_rate)
    last = _channels_last("image.extract_patches", data_format)
    x = images if rank == 4 else expand_dims(images, 0)
    x = x if last else moveaxis(x, 1, 3)
    if padding == "same":
        x = pad(x, [(0, 0), *map(_around, shape_of(x)[1:3], sizes, steps, rates), (0, 0)])
    for name, length, one, rate in zip(("height", "width"), shape_of(x)[1:3], sizes, rates, strict=True):
        if length is not None and length < (one - 1) * rate + 1:
            raise ValueError(
                f"ops.image.extract_patches: a window of {(one - 1) * rate + 1} does not fit the {name} {length}: write padding='same', or "
                f"a smaller size"
            )
    found = apply("extract_patches", x, list(sizes), list(steps), list(rates))
    found = found if last else moveaxis(found, 3, 1)
    return found if rank == 4 else squeeze(found, 0)


def _around(length: int, size: int, step: int, rate: int) -> tuple[int, int]:
    """Zeros before and after, for padding="same"."""
    total = max((-(-length // step) - 1) * step + (size - 1) * rate + 1 - length, 0)
    return total // 2, total - total // 2


@public
def rgb_to_grayscale(images: Any, data_format: str | None = None) -> Any:
    """Gray pictures of red, green and blue: 0.2989, 0.587 and 0.114 of them.

    Arguments:
        images: (..., height, width, 3)
        data_format: "channels_last" (None) or "channels_first"
    """
    last = _channels_last("image.rgb_to_grayscale", data_format)
    x = images if last else moveaxis(images, -3, -1)
    found = expand_dims(tensordot(x, [0.2989, 0.5870, 0.1140], 1), -1)
    return found if last else moveaxis(found, -1, -3)


@public
def pad_images(
    images: Any, top_padding: int | None = None, left_padding: int | None = None, bottom_padding: int | None = None,
    right_padding: int | None = None, target_height: int | None = None, target_width: int | None = None, data_format: str | None = None,
) -> Any:  # fmt: skip
    """Pictures with zeros around. Of each direction two of before, after and target are given.

    Arguments:
        images: (samples, height, width, channels), or one picture
        top_padding: rows above
        left_padding: columns on the left
        bottom_padding: rows below
        right_padding: columns on the right
        target_height: the height of the result
        target_width: its width
        data_format: "channels_last" (None) or "channels_first"
    """
    rank, first = len(shape_of(images)), 0 if _channels_last("image.pad_images", data_format) else 1
    axis = rank - 3 + first
    widths = [(0, 0)] * rank
    down, across = (top_padding, bottom_padding), (left_padding, right_padding)
    for place, pair, target in ((axis, down, target_height), (axis + 1, across, target_width)):
        widths[place] = _two_of("pad_images", shape_of(images)[place], pair, target, -1)
    return pad(images, widths)


@public
def crop_images(
    images: Any, top_cropping: int | None = None, left_cropping: int | None = None, bottom_cropping: int | None = None,
    right_cropping: int | None = None, target_height: int | None = None, target_width: int | None = None, data_format: str | None = None,
) -> Any:  # fmt: skip
    """Pictures without their borders. Of each direction two of before, after and target are given.

    Arguments:
        images: (samples, height, width, channels), or one picture
        top_cropping: rows that are cut off above
        left_cropping: columns on the left
        bottom_cropping: rows below
        right_cropping: columns on the right
        target_height: the height of the result
        target_width: its width
        data_format: "channels_last" (None) or "channels_first"
    """
    rank, first = len(shape_of(images)), 0 if _channels_last("image.crop_images", data_format) else 1
    axis = rank - 3 + first
    key = [slice(None)] * rank
    down, across = (top_cropping, bottom_cropping), (left_cropping, right_cropping)
    for place, pair, target in ((axis, down, target_height), (axis + 1, across, target_width)):
        size = shape_of(images)[place]
        before, after = _two_of("crop_images", size, pair, target, 1)
        key[place] = slice(before, size - after)
    return getitem(images, tuple(key))


def _two_of(what: str, size: int, pair: tuple[int | None, int | None], target: int | None, sign: int) -> tuple[int, int]:
    before, after = pair
    if (before is None) + (after is None) + (target is None) != 1:
        raise ValueError(f"ops.image.{what}: pass two of before, after and target for each direction, got {before}, {after} and {target}")
    total = None if target is None else sign * (size - target)
    before = total - after if before is None and total is not None and after is not None else before
    after = total - before if after is None and total is not None and before is not None else after
    assert before is not None and after is not None
    if before < 0 or after < 0:
        raise ValueError(f"ops.image.{what}: {target} of {size} pixels leaves {before} before and {after} after: choose another target")
    return before, after


@public
def depth_to_space(x: Any, block_size: int, data_format: str | None = None) -> Any:
    """Channels as pixels: (samples, height, width, block^2 * channels) -> (samples, block * height, block * width, channels).

    Arguments:
        x: a tensor or array
        block_size: how many pixels down and across are made of one
        data_format: "channels_last" (None) or "channels_first"
    """
    last = _channels_last("depth_to_space", data_format)
    x = x if last else moveaxis(x, 1, 3)
    _, height, width, channels = shape_of(x)
    if channels % block_size**2:
        raise ValueError(f"ops.depth_to_space: {channels} channels are no multiple of block_size^2, {block_size**2}: change one of them")
    if height is None or width is None:
        raise ValueError("ops.depth_to_space: height and width must be known: give Input a whole shape")
    each = channels // block_size**2
    found = transpose(reshape(x, (-1, height, width, block_size, block_size, each)), (0, 1, 3, 2, 4, 5))
    found = reshape(found, (-1, height * block_size, width * block_size, each))
    return found if last else moveaxis(found, 3, 1)


@public
def space_to_depth(x: Any, block_size: int, data_format: str | None = None) -> Any:
    """Pixels as channels, the opposite of depth_to_space.

    Arguments:
        x: a tensor or array
        block_size: how many pixels down and across become channels of one
        data_format: "channels_last" (None) or "channels_first"
    """
    last = _channels_last("space_to_depth", data_format)
    x = x if last else moveaxis(x, 1, 3)
    _, height, width, channels = shape_of(x)
    if height is None or width is None or height % block_size or width % block_size:
        raise ValueError(f"ops.space_to_depth: {height} x {width} is no multiple of block_size={block_size}: pad or crop the pictures")
    down, across = height // block_size, width // block_size
    found = transpose(reshape(x, (-1, down, block_size, across, block_size, channels)), (0, 1, 3, 2, 4, 5))
    found = reshape(found, (-1, down, across, channels * block_size**2))
    return found if last else moveaxis(found, 3, 1)


@public
def psnr(x1: Any, x2: Any, max_val: float) -> Any:
    """The peak ratio of signal to noise in decibels: 20 log10(max_val) - 10 log10(mean squared difference).

    Arguments:
        x1: a tensor or array
        x2: another, of the same shape
        max_val: the greatest value that a pixel may have
    """
    if shape_of(x1) != shape_of(x2):
        raise ValueError(f"ops.psnr: x1 has shape {shape_of(x1)}, x2 {shape_of(x2)}: pass pictures of one shape")
    squared = mean(apply("square", apply("subtract", x1, x2)))
    return apply("subtract", 20 * math.log10(max_val), apply("multiply", apply("log10", squared), 10.0))


