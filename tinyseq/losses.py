"""Keras's door to losses: `from tinyseq.losses import Huber`. The module behind it is tinyseq.training.losses."""

from tinyseq.training.losses import *  # noqa: F403
