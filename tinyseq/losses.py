"""Keras's name for losses: `from tinyseq.losses import Huber`. It is defined in tinyseq.training.losses."""

from typing import Any

from tinyseq.training import losses as home
from tinyseq.training.losses import *  # noqa: F403


def __getattr__(name: str) -> Any:
    return getattr(home, name)
