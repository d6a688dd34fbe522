"""Keras's door to callbacks: `from tinyseq.callbacks import EarlyStopping`. The module behind it is tinyseq.training.callbacks."""

import sys

from tinyseq.training import callbacks
from tinyseq.training.callbacks import *  # noqa: F403  for type checkers

sys.modules[__name__] = callbacks
