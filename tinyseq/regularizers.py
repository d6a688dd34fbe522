"""Keras's door to regularizers: `from tinyseq.regularizers import L2`. The module behind it is tinyseq.engine.regularizers."""

import sys

from tinyseq.engine import regularizers
from tinyseq.engine.regularizers import *  # noqa: F403  for type checkers

sys.modules[__name__] = regularizers
