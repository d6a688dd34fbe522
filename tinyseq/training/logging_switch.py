"""Whether fit, evaluate and predict write their progress to the screen, or pass it to the module logging."""

from __future__ import annotations

import logging
import sys
from typing import Any

from tinyseq.engine.team import speaks

_screen = [True]


def is_interactive_logging_enabled() -> bool:
    """Whether progress goes to the screen."""
    return _screen[0]


def enable_interactive_logging() -> None:
    """Progress goes to the screen, as in the beginning."""
    _screen[0] = True


def disable_interactive_logging() -> None:
    """Progress becomes lines of logging.info, one for each epoch."""
    _screen[0] = False


def show(*texts: Any) -> None:
    """A line of progress: print, or logging.info. Of several processes that train together the first one shows it."""
    if not speaks():
        return
    if _screen[0]:
        print(*texts, file=sys.stdout, flush=True)
    else:
        logging.getLogger("tinyseq").info(" ".join(map(str, texts)))
