"""Keras's door to optimizers: `from tinyseq.optimizers import Adam`. The module behind it is tinyseq.training.optimizers."""

from tinyseq.training.optimizers import *  # noqa: F403
