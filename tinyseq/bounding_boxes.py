"""Boxes around things in pictures: forms that convert into each other, and how far two boxes cover each other. Names of Keras's
keras.utils.bounding_boxes, on NumPy arrays.

    xyxy         left, top, right, bottom            yxyx         top, left, bottom, right
    xywh         left, top, width, height            center_xywh  middle (x, y), width, height      center_yxhw  the same, y first
    rel_...      of xyxy, yxyx, xywh, center_xywh: in parts of the picture's width and height
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tinyseq.config import epsilon

Array = NDArray[Any]

__all__ = ["clip_to_image_size", "compute_ciou", "compute_iou", "convert_format"]

YX = {"yxyx": "xyxy", "center_yxhw": "center_xywh"}
"""Forms with y first, and the same with x first."""
PLAIN = ("xyxy", "yxyx", "xywh", "center_xywh", "center_yxhw")
FORMATS = (*PLAIN, "rel_xyxy", "rel_yxyx", "rel_xywh", "rel_center_xywh")


def convert_format(boxes: Any, source: str, target: str, height: Any = None, width: Any = None, dtype: str = "float32") -> Array:
    """Boxes (..., 4) in another form.

    >>> convert_format([[10, 20, 110, 120]], "xyxy", "center_xywh").tolist()
    [[60.0, 70.0, 100.0, 100.0]]

    Raises ValueError for an unknown form, other than 4 numbers a box, or a relative form without the picture's size.

    Arguments:
        boxes: (..., 4)
        source: the form that they have, see above
        target: the form that they shall have
        height: of the picture, for relative forms
        width: of the picture, for relative forms
        dtype: of the result
    """
    found = np.asarray(boxes, dtype)
    if found.shape[-1:] != (4,):
        raise ValueError(f"boxes: got shape {found.shape}: expected 4 numbers on the last axis")
    source, target = _known("source", source), _known("target", target)
    if "rel_" in source + target and (height is None or width is None):
        raise ValueError(
            f"convert_format() must receive `height` and `width` between relative and absolute forms: source={source!r}, target={target!r}"
        )
    return found if source == target else _from_corners(_corners(found, source, height, width), target, height, width)


def _known(argument: str, form: str) -> str:
    if str(form).lower() not in FORMATS:
        raise ValueError(f"{argument}={form!r} is not a form of boxes: use one of {', '.join(FORMATS)}")
    return str(form).lower()


def _corners(boxes: Array, form: str, height: Any, width: Any) -> Array:
    """In pixels: left, top, right, bottom."""
    plain = form.removeprefix("rel_")
    boxes = boxes[..., [1, 0, 3, 2]] if plain in YX else boxes
    boxes = boxes * _sizes(boxes, height, width) if form != plain else boxes
    first, last = boxes[..., :2], boxes[..., 2:]
    if YX.get(plain, plain) == "center_xywh":
        first, last = first - last / 2, first + last / 2
    elif plain == "xywh":
        last = first + last
    return np.concatenate([first, last], -1).astype(boxes.dtype)


def _from_corners(boxes: Array, form: str, height: Any, width: Any) -> Array:
    plain = form.removeprefix("rel_")
    first, last = boxes[..., :2], boxes[..., 2:]
    if YX.get(plain, plain) == "center_xywh":
        first, last = (first + last) / 2, last - first
    elif plain == "xywh":
        last = last - first
    found = np.concatenate([first, last], -1)
    found = found / _sizes(boxes, height, width) if form != plain else found
    return (found[..., [1, 0, 3, 2]] if plain in YX else found).astype(boxes.dtype)


def _sizes(boxes: Array, height: Any, width: Any) -> Array:
    """(width, height, width, height), which divides or multiplies boxes with x first."""
    return np.stack(np.broadcast_arrays(width, height, width, height), -1).astype(boxes.dtype)


def clip_to_image_size(
    bounding_boxes: Mapping[str, Any], height: Any = None, width: Any = None, bounding_box_format: str = "xyxy"
) -> dict[str, Array]:
    """The parts of boxes that are inside the picture. The label of a box of which nothing is left is -1.

    Arguments:
        bounding_boxes: {"boxes": (..., boxes, 4)}, perhaps with "labels": (..., boxes)
        height: of the picture; with a relative form it may be left out
        width: of the picture; with a relative form it may be left out
        bounding_box_format: the form of the boxes, see above
    """
    form = _known("bounding_box_format", bounding_box_format)
    if form.startswith("rel_"):
        height, width = (1 if height is None else height), (1 if width is None else width)
    if height is None or width is None:
        raise ValueError("clip_to_image_size() must receive `height` and `width`, or boxes of a relative form")
    boxes = np.asarray(bounding_boxes["boxes"], np.float32)
    corners = np.clip(_corners(boxes, form, height, width), 0, _sizes(boxes, height, width))
    found = {**bounding_boxes, "boxes": _from_corners(corners, form, height, width)}
    if "labels" in found:
        found["labels"] = np.where(_area(corners) > 0, found["labels"], -1)
    return found


def compute_iou(
    boxes1: Any, boxes2: Any, bounding_box_format: str, use_masking: bool = False, mask_val: float = -1, image_shape: Any = None
) -> Array:  # fmt: skip
    """Of each pair of boxes, their common area divided by the area of both: (..., n, m).

    Arguments:
        boxes1: (n, 4) or (batch, n, 4)
        boxes2: (m, 4) or (batch, m, 4)
        bounding_box_format: the form of both, see above
        use_masking: True: pairs with a box of negative numbers are mask_val
        mask_val: the value of such pairs
        image_shape: (height, width, channels), for relative forms
    """
    one, two = (_in_pixels(boxes, bounding_box_format, image_shape) for boxes in (boxes1, boxes2))
    if one.ndim not in (2, 3) or two.ndim not in (2, 3):
        raise ValueError(f"compute_iou: got boxes of shapes {one.shape} and {two.shape}: expected (n, 4) or (batch, n, 4)")
    one, two = one[..., :, None, :], two[..., None, :, :]
    common = _common(one, two)
    found = common / (_area(one) + _area(two) - common + np.float32(epsilon()))
    empty = (one.max(-1) < 0) | (two.max(-1) < 0)
    return np.where(empty, np.float32(mask_val), found) if use_masking else found


def compute_ciou(boxes1: Any, boxes2: Any, bounding_box_format: str, image_shape: Any = None) -> Array:
    """Complete IoU of boxes side by side, (...): IoU, less the distance of the middles and the difference of the aspects.

        iou - distance^2 / diagonal^2 - v^2 / (1 - iou + v)      v = 4 / pi^2 (arctan(w2 / h2) - arctan(w1 / h1))^2

    Source: Zheng et al. (2020), Distance-IoU Loss, eq. 8 to 11.

    Arguments:
        boxes1: (..., 4)
        boxes2: (..., 4)
        bounding_box_format: the form of both, see above
        image_shape: (height, width, channels), for relative forms
    """
    one, two = (_in_pixels(boxes, bounding_box_format, image_shape) for boxes in (boxes1, boxes2))
    small = np.float32(epsilon())
    common = _common(one, two)
    sizes1, sizes2 = one[..., 2:] - one[..., :2], two[..., 2:] - two[..., :2]
    iou = common / (_area(one) + _area(two) - common + small)
    around = np.maximum(one[..., 2:], two[..., 2:]) - np.minimum(one[..., :2], two[..., :2])
    between = ((one[..., :2] + one[..., 2:]) - (two[..., :2] + two[..., 2:])) / 2
    aspect1, aspect2 = (np.arctan(sizes[..., 0] / (sizes[..., 1] + small)) for sizes in (sizes1, sizes2))
    v = np.float32(4 / np.pi**2) * (aspect2 - aspect1) ** 2
    return np.asarray(iou - (between**2).sum(-1) / ((around**2).sum(-1) + small) - v * v / (v - iou + (1 + small)))


def _in_pixels(boxes: Any, form: str, image_shape: Any) -> Array:
    if _known("bounding_box_format", form).startswith("rel_") and image_shape is None:
        raise ValueError(f"bounding_box_format={form!r} is relative to a picture: the `image_shape` argument must be provided")
    height, width = (None, None) if image_shape is None else image_shape[:2]
    return convert_format(boxes, form, "xyxy", height, width)


def _common(one: Array, two: Array) -> Array:
    sides = np.minimum(one[..., 2:], two[..., 2:]) - np.maximum(one[..., :2], two[..., :2])
    return np.asarray(np.maximum(sides, 0).prod(-1))


def _area(boxes: Array) -> Array:
    return np.asarray((boxes[..., 2:] - boxes[..., :2]).prod(-1))
