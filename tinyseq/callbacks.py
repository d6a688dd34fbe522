"""Keras's name for callbacks: `from tinyseq.callbacks import EarlyStopping`. It is defined in tinyseq.training.callbacks."""

from typing import Any

from tinyseq.training import callbacks as home
from tinyseq.training.callbacks import *  # noqa: F403


def __getattr__(name: str) -> Any:
    return getattr(home, name)
