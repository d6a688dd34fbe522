"""The part of Keras's backend module that scripts use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tinyseq.config import backend, epsilon, floatx, image_data_format, set_epsilon, set_floatx, set_image_data_format
from tinyseq.did_you_mean import attributes_of
from tinyseq.weights.names import clear_session

__all__ = [
    "backend", "clear_session", "epsilon", "floatx", "image_data_format", "set_epsilon", "set_floatx", "set_image_data_format",
]  # fmt: skip

if not TYPE_CHECKING:  # so that mypy still reports names that do not exist
    __getattr__ = attributes_of(__name__)
