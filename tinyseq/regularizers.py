"""Keras's name for regularizers: `from tinyseq.regularizers import L2`. It is defined in tinyseq.weights.regularizers."""

from typing import Any

from tinyseq.weights import regularizers as home
from tinyseq.weights.regularizers import *  # noqa: F403


def __getattr__(name: str) -> Any:
    return getattr(home, name)
