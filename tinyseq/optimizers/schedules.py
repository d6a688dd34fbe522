"""Keras's name for learning rate schedules: `from tinyseq.optimizers.schedules import CosineDecay`. See tinyseq.training.schedules."""

from typing import Any

from tinyseq.training import schedules as home
from tinyseq.training.schedules import *  # noqa: F403


def __getattr__(name: str) -> Any:
    return getattr(home, name)
