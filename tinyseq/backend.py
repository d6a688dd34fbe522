"""The part of Keras's backend module that scripts use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tinyseq.did_you_mean import attributes_of
from tinyseq.layers.image_data_format import image_data_format, set_image_data_format
from tinyseq.weights.names import clear_session

__all__ = ["clear_session", "epsilon", "floatx", "image_data_format", "set_image_data_format"]


def epsilon() -> float:
    """The small number that keeps logarithms and divisions finite."""
    return 1e-7


def floatx() -> str:
    """The dtype of weights and values."""
    return "float32"


if not TYPE_CHECKING:  # so that mypy still reports names that do not exist
    __getattr__ = attributes_of(__name__)
