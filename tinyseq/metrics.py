"""Keras's door to metrics: `from tinyseq.metrics import Precision`. The module behind it is tinyseq.training.metrics."""

import sys

from tinyseq.training import metrics
from tinyseq.training.metrics import *  # noqa: F403  for type checkers

sys.modules[__name__] = metrics
