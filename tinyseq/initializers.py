"""Keras's door to initializers: `from tinyseq.initializers import HeNormal`. The module behind it is tinyseq.engine.initializers."""

from tinyseq.engine.initializers import *  # noqa: F403
