"""Checks an answer. If it is wrong, says how (too large, the second axis, three of nine numbers) without the right answer."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from tinyseq.classroom.words import said
from tinyseq.layers import Layer
from tinyseq.layers.core import Input
from tinyseq.model import Model
from tinyseq.sequential import Sequential

CLOSE = 1e-3
"""Relative: an answer rounded to three digits is right."""

WRONG = "backward is not the gradient of forward: "
"""What check_gradients says before the layers and weights where the two differ."""


def judged(language: str, answer: Any, truth: Any) -> str:
    """The verdict on an answer, in words.

    >>> judged("en", (6, 8), (6, 6))
    'not yet: value 2 of your answer: too large'
    """
    if answer is None or answer is Ellipsis:
        return said(language, "unanswered")
    off = _off(language, answer, truth)
    return said(language, "right") if not off else f"{said(language, 'not yet')} {off}"


def model_judged(language: str, model: Any, truths: Mapping[str, Any]) -> str:
    """The verdict on a model: each of `truths` by its name, "input shape", "output shape", "parameters" or "trainable"."""
    if model is None or model is Ellipsis:
        return said(language, "unanswered")
    if not isinstance(model, Model):
        return f"{said(language, 'not yet')} {said(language, 'no model')}"
    if not model.built:
        return f"{said(language, 'not yet')} {said(language, 'no shapes')}"
    found = {
        "input shape": model.input_shape, "output shape": model.output_shape, "parameters": model.count_params(),
        "trainable": sum(weight.size for weight in model.trainable_weights),
    }  # fmt: skip
    for name, truth in truths.items():
        if off := _off(language, found[name], truth):
            return f"{said(language, 'not yet')} {said(language, name, off=off)}"
    return said(language, "right")


def layer_judged(language: str, kind: Any, input_shape: tuple[int, ...]) -> str:
    """The verdict on a layer class: its backward against differences, on two random samples."""
    if kind is None or kind is Ellipsis:
        return said(language, "unanswered")
    if not (isinstance(kind, type) and issubclass(kind, Layer)):
        return f"{said(language, 'not yet')} {said(language, 'no class')}"
    x = np.random.default_rng(1).normal(size=(2, *input_shape)).astype(np.float32)
    try:
        Sequential([Input(input_shape), kind()]).check_gradients(x)
    except Exception as error:  # a student's code can fail in any way
        text = str(error).splitlines()[0] if str(error) else type(error).__name__
        if WRONG in text:
            where = "; ".join(one.split(": ")[0] for one in text.split(WRONG)[1].split("; "))
            return f"{said(language, 'not yet')} {said(language, 'gradient', where=where)}"
        return f"{said(language, 'not yet')} {said(language, 'broken layer', error=text)}"
    return said(language, "right")


def _off(language: str, answer: Any, truth: Any) -> str:
    """What is wrong, "" if nothing is."""
    if isinstance(truth, (bool, str)):
        return "" if answer == truth else said(language, "other")
    if isinstance(truth, np.ndarray):
        return _off_array(language, answer, truth)
    if isinstance(truth, Sequence):
        return _off_sequence(language, answer, truth)
    return _off_number(language, answer, truth)


def _off_number(language: str, answer: Any, truth: Any) -> str:
    if truth is None:  # a size that is not fixed
        return "" if answer in (None, "None") else said(language, "other")
    if isinstance(answer, bool) or not isinstance(answer, (int, float, np.number)):
        return said(language, "no number")
    if abs(float(answer) - float(truth)) <= CLOSE * max(abs(float(truth)), CLOSE):
        return ""
    return said(language, "too large" if float(answer) > float(truth) else "too small")


def _off_sequence(language: str, answer: Any, truth: Sequence[Any]) -> str:
    if not isinstance(answer, (tuple, list)):
        return said(language, "no sequence")
    if len(answer) != len(truth):
        return said(language, "too many" if len(answer) > len(truth) else "too few")
    for place, (one, other) in enumerate(zip(answer, truth, strict=True), 1):
        wrong = "" if one is None and other is None else _off(language, one, other)
        if wrong:
            return said(language, "place", place=place, off=wrong)
    return ""


def _off_array(language: str, answer: Any, truth: Any) -> str:
    try:
        array = np.asarray(answer, dtype=np.float64)
    except (TypeError, ValueError):
        return said(language, "no array")
    if array.ndim == 0:
        return said(language, "no sequence")
    if array.shape != truth.shape:
        return said(language, "shape", shape=array.shape)
    wrong = ~np.isclose(array, truth, rtol=CLOSE, atol=1e-5, equal_nan=True)
    if not wrong.any():
        return ""
    return said(language, "numbers", wrong=int(wrong.sum()), count=wrong.size, first=tuple(int(i) for i in np.argwhere(wrong)[0]))
