"""Forms of boxes and how far they cover each other: numbers by hand."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import numpy as np
import pytest

from tinyseq.utils import bounding_boxes

FORMS: dict[str, list[float]] = {
    "xyxy": [20, 10, 60, 50], "yxyx": [10, 20, 50, 60], "xywh": [20, 10, 40, 40], "center_xywh": [40, 30, 40, 40],
    "center_yxhw": [30, 40, 40, 40], "rel_xyxy": [0.1, 0.1, 0.3, 0.5], "rel_yxyx": [0.1, 0.1, 0.5, 0.3], "rel_xywh": [0.1, 0.1, 0.2, 0.4],
    "rel_center_xywh": [0.2, 0.3, 0.2, 0.4],
}  # fmt: skip
"""One box in a picture of height 100 and width 200."""
A, B, FAR = [0, 0, 2, 2], [1, 1, 3, 3], [10, 10, 11, 14]


@pytest.mark.parametrize(("source", "target"), [*permutations(FORMS, 2), ("xyxy", "XYXY")])
def test_every_form_converts_into_every_other(source: str, target: str) -> None:
    boxes = np.array([[FORMS[source], FORMS[source]]])
    found = bounding_boxes.convert_format(boxes, source, target, height=100, width=200)
    assert found.dtype == np.float32 and found.shape == (1, 2, 4)
    np.testing.assert_allclose(found[0, 1], FORMS[target.lower()], rtol=1e-6)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: bounding_boxes.convert_format([A], "xyxy", "corners"), "target='corners' is not a form of boxes: use one of xyxy"),
        (lambda: bounding_boxes.convert_format([A], "x", "xyxy"), "source='x'"),
        (lambda: bounding_boxes.convert_format([A], "xyxy", "rel_xyxy", height=3), "must receive `height` and `width`"),
        (lambda: bounding_boxes.convert_format([[1, 2, 3]], "xyxy", "xywh"), "got shape .1, 3.: expected 4 numbers"),
        (lambda: bounding_boxes.compute_iou([A], [B], "rel_xyxy"), "`image_shape` argument must be provided"),
        (lambda: bounding_boxes.compute_iou(A, [B], "xyxy"), "got boxes of shapes"),
        (lambda: bounding_boxes.clip_to_image_size({"boxes": [A]}), "must receive `height` and `width`"),
    ],
)
def test_what_does_not_fit_is_said(call: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        call()


def test_areas_in_common_of_each_pair() -> None:
    found = bounding_boxes.compute_iou([A, FAR], [B, A, FAR], "xyxy")
    np.testing.assert_allclose(found, [[1 / 7, 1, 0], [0, 0, 1]], rtol=1e-6, atol=1e-6)
    batches = bounding_boxes.compute_iou([[A, FAR]] * 3, [B, A, FAR], "yxyx")
    np.testing.assert_allclose(batches, [found] * 3, rtol=1e-6)
    np.testing.assert_allclose(bounding_boxes.compute_iou([A, FAR], [[B, A, FAR]] * 3, "xyxy"), [found] * 3, rtol=1e-6)
    masked = bounding_boxes.compute_iou([A, [-1] * 4], [B, [-1] * 4, A], "xyxy", use_masking=True, mask_val=-2)
    np.testing.assert_allclose(masked, [[1 / 7, -2, 1], [-2, -2, -2]], rtol=1e-6)
    relative = bounding_boxes.compute_iou([FORMS["rel_xyxy"]], [[0.1, 0.1, 0.2, 0.5]], "rel_xyxy", image_shape=(100, 200, 3))
    np.testing.assert_allclose(relative, [[0.5]], rtol=1e-5)


def test_complete_iou_takes_off_distance_and_aspect() -> None:
    np.testing.assert_allclose(bounding_boxes.compute_ciou([A], [B], "xyxy"), [1 / 7 - 2 / 18], rtol=1e-5)
    flat = [0, 0.5, 2, 1.5]  # the same middle: half the area, diagonal not needed
    v = 4 / np.pi**2 * (np.arctan(2) - np.arctan(1)) ** 2
    np.testing.assert_allclose(bounding_boxes.compute_ciou([A], [flat], "xyxy"), [0.5 - v * v / (1 - 0.5 + v)], rtol=1e-5)


def test_boxes_are_clipped_and_empty_ones_lose_their_label() -> None:
    boxes = {"boxes": [[-5, -5, 5, 5], [90, 20, 120, 30], [200, 0, 210, 5]], "labels": [3, 4, 5], "name": "x"}
    found = bounding_boxes.clip_to_image_size(boxes, height=25, width=100)
    np.testing.assert_array_equal(found["boxes"], [[0, 0, 5, 5], [90, 20, 100, 25], [100, 0, 100, 5]])
    assert found["labels"].tolist() == [3, 4, -1] and found["name"] == "x"  # type: ignore[comparison-overlap]
    half = bounding_boxes.clip_to_image_size({"boxes": [[0.5, 0.5, 1, 1]]}, bounding_box_format="rel_center_xywh")
    np.testing.assert_allclose(half["boxes"], [[0.5, 0.5, 1, 1]])
