"""Keras's other door to the models: `from tinyseq.models import Sequential`."""

from __future__ import annotations

from tinyseq.model import Model
from tinyseq.sequential import Sequential

__all__ = ["Model", "Sequential"]
