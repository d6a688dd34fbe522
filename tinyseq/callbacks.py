"""Keras's door to callbacks: `from tinyseq.callbacks import EarlyStopping`. The module behind it is tinyseq.training.callbacks."""

from tinyseq.training.callbacks import *  # noqa: F403
