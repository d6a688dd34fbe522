"""A warning at the line of the user's that led to it."""

from __future__ import annotations

import sys
import warnings

from tinyseq.engine.team import speaks


def say(words: str) -> None:
    """A warning at the user's own line, however deep in tinyseq it arises. Of several processes one warns."""
    if not speaks():
        return
    level, frame = 1, sys._getframe(0)
    while frame.f_back is not None and frame.f_globals.get("__name__", "").startswith("tinyseq."):
        level, frame = level + 1, frame.f_back
    warnings.warn(words, UserWarning, stacklevel=level)
