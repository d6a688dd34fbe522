"""Keras's door to constraints: `from tinyseq.constraints import MaxNorm`. The module behind it is tinyseq.engine.constraints."""

import sys

from tinyseq.engine import constraints
from tinyseq.engine.constraints import *  # noqa: F403  for type checkers

sys.modules[__name__] = constraints
