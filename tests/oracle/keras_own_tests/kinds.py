"""What kind of reason one of Keras's tests does not pass for, read off its error."""

from __future__ import annotations

import re

EXPLAINED = {
    r"merging_test.*_with_mask": "other meaning: arrays carry no mask from call to call; in a model the numbers are Keras's "
    "(tests/layers/test_masked_merging.py)",
    r"overwrite": "refused: overwrite_with_gradient belongs to float8, which is not computed",
    r"trainer_test.*test_predict_dropout": "other meaning: dropout draws anew for each batch of predict",
    r"trainer_test.*steps_per_epoch_match_multi_epoch": "other meaning: an epoch has steps_per_epoch batches, also if it is no multiple of "
    "steps_per_execution; Keras makes one more",
    r"mix_up_test.*basic_functionality|random_erasing_test.*erasing_basic": "other meaning: transform_images of one image returns one "
    "image; Keras returns a batch of one",
    r"reduce_lr_on_plateau_test.*test_reduces_lr_with_model_fit": "other meaning: the learning rate is read as the float32 that it is",
}
"""Tests that compare numbers and get others, or whose words do not say why: file and item, and the reason."""


def kind_of(item: str, reason: str) -> str:
    """`passed`, or `kind: details`. `item`: the file and the test."""
    if reason == "passed":
        return reason
    for pattern, why in EXPLAINED.items():
        if re.search(pattern, item):
            return why
    name, _, details = reason.partition(": ")
    private = re.search(r"has no attribute '(_\w+)'", reason)
    if name == "Private" or private:
        return f"private API: {private.group(1) if private else details}"
    if name == "Absent" or name in ("MissingName", "AttributeError") or "unexpected keyword argument" in reason:
        return f"absent feature: {details}"
    if name == "skipped":
        return f"needs another backend: {details}"
    if "ModuleNotFoundError" in reason or "tf.ragged" in reason:
        return f"needs another package: {details}"
    if name == "own words":
        return f"refused in our words: {details}"
    if re.search(r"Not equal to tolerance|Arrays are not equal|not almost equal", reason):
        return f"wrong number: {details}"
    if name in ("NotImplementedError", "ShapeError", "ValueError", "TypeError", "CannotSave", "NotTraced"):
        return f"refused: {name}: {details}"
    if "not raised" in reason or "not triggered" in reason or "DID NOT WARN" in reason:
        return f"accepted where Keras refuses: {details}"
    if name == "TooLong":
        return f"too long: {details}"
    if name == "does not load":
        return f"absent feature: {details}"
    return f"behaves otherwise: {details}"
