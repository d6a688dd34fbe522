"""Keras's door to optimizers: `from tinyseq.optimizers import Adam`. The module behind it is tinyseq.training.optimizers."""

import sys

from tinyseq.training import optimizers
from tinyseq.training.optimizers import *  # noqa: F403  for type checkers

sys.modules[__name__] = optimizers
