"""Keras's door to initializers: `from tinyseq.initializers import HeNormal`. Behind it stands tinyseq.engine.initializers."""

from typing import Any

from tinyseq.engine import initializers as home
from tinyseq.engine.initializers import *  # noqa: F403


def __getattr__(name: str) -> Any:
    return getattr(home, name)
