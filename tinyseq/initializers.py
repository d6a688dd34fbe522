"""Keras's name for initializers: `from tinyseq.initializers import HeNormal`. It is defined in tinyseq.weights.initializers."""

from typing import Any

from tinyseq.weights import initializers as home
from tinyseq.weights.initializers import *  # noqa: F403


def __getattr__(name: str) -> Any:
    return getattr(home, name)
