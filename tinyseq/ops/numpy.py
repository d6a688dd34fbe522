"""tinyseq.ops.numpy: functions of NumPy's names, as keras.ops.numpy has them: those of tinyseq.ops."""

from __future__ import annotations

from typing import Any

from tinyseq.layers.tensor_functions.composed import FUNCTIONS
from tinyseq.ops.absent import not_there

__all__ = sorted(FUNCTIONS)


def __getattr__(name: str) -> Any:
    if name in __all__:
        return FUNCTIONS[name]
    raise not_there(__name__, name)
