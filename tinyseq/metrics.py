"""Keras's door to metrics: `from tinyseq.metrics import Precision`. The module behind it is tinyseq.training.metrics."""

from tinyseq.training.metrics import *  # noqa: F403
