"""Keras's door to regularizers: `from tinyseq.regularizers import L2`. The module behind it is tinyseq.engine.regularizers."""

from tinyseq.engine.regularizers import *  # noqa: F403
