"""Keras's name for constraints: `from tinyseq.constraints import MaxNorm`. It is defined in tinyseq.weights.constraints."""

from typing import Any

from tinyseq.weights import constraints as home
from tinyseq.weights.constraints import *  # noqa: F403


def __getattr__(name: str) -> Any:
    return getattr(home, name)
