"""Keras's door to constraints: `from tinyseq.constraints import MaxNorm`. The module behind it is tinyseq.engine.constraints."""

from tinyseq.engine.constraints import *  # noqa: F403
