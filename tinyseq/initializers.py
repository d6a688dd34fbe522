"""Keras's door to initializers: `from tinyseq.initializers import HeNormal`. The module behind it is tinyseq.engine.initializers."""

import sys

from tinyseq.engine import initializers
from tinyseq.engine.initializers import *  # noqa: F403  for type checkers

sys.modules[__name__] = initializers
