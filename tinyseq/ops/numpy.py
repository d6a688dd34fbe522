"""tinyseq.ops.numpy: functions of NumPy's names, as keras.ops.numpy has them: those of tinyseq.ops."""

from __future__ import annotations

from typing import Any

from tinyseq import ops

__all__ = list(ops.__all__)


def __getattr__(name: str) -> Any:
    if name in __all__:
        return getattr(ops, name)
    raise ops.not_there(".numpy", name)
