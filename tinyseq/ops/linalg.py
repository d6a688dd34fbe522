"""tinyseq.ops.linalg: functions of matrices, under their names in keras.ops.linalg. They are in tinyseq.ops, too."""

from __future__ import annotations

from typing import Any

from tinyseq import ops

NAMES = (
    "cholesky", "det", "eigh", "inv", "norm", "qr", "solve", "svd",
)  # fmt: skip
__all__ = list(NAMES)


def __getattr__(name: str) -> Any:
    if name in __all__:
        return getattr(ops, name)
    raise ops.not_there(".linalg", name)
