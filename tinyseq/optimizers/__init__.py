"""Keras's name for optimizers: `from tinyseq.optimizers import Adam`. It is defined in tinyseq.training.optimizers."""

from typing import Any

from tinyseq.training import optimizers as home
from tinyseq.training.optimizers import *  # noqa: F403


def __getattr__(name: str) -> Any:
    return getattr(home, name)
