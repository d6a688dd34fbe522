"""Keras's door to losses: `from tinyseq.losses import Huber`. The module behind it is tinyseq.training.losses."""

import sys

from tinyseq.training import losses
from tinyseq.training.losses import *  # noqa: F403  for type checkers

sys.modules[__name__] = losses
