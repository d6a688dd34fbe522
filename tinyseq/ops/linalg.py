"""tinyseq.ops.linalg: functions of matrices, under their names in keras.ops.linalg. They are in tinyseq.ops, too."""

from __future__ import annotations

from typing import Any

from tinyseq.layers.tensor_functions.composed import FUNCTIONS
from tinyseq.ops.absent import not_there

NAMES = (
    "cholesky", "det", "eigh", "inv", "norm", "qr", "solve", "svd",
)  # fmt: skip
__all__ = list(NAMES)


def __getattr__(name: str) -> Any:
    if name in __all__:
        return FUNCTIONS[name]
    raise not_there(__name__, name)
