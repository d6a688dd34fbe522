"""Keras's other home of the models: `from tinyseq.models import Sequential`."""

from __future__ import annotations

from typing import Any

from tinyseq.did_you_mean import no_such_name
from tinyseq.model import Model
from tinyseq.sequential import Sequential

__all__ = ["Model", "Sequential"]


def __getattr__(name: str) -> Any:
    raise no_such_name(f"module {__name__!r}", name, __all__)
