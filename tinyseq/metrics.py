"""Keras's name for metrics: `from tinyseq.metrics import Precision`. It is defined in tinyseq.training.metrics."""

from typing import Any

from tinyseq.training import metrics as home
from tinyseq.training.metrics import *  # noqa: F403


def __getattr__(name: str) -> Any:
    return getattr(home, name)
