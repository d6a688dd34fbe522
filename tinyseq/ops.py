"""tinyseq.ops: functions of tensors and arrays, with the names and arguments of keras.ops.

On arrays they compute at once, by NumPy; on tensors of a model each becomes an operation of the graph, with a gradient. Inside call() of
a layer or model of your own they may be given weights, too.

    from tinyseq import ops
    ops.softmax([[1.0, 2.0]])            # an array
    y = ops.mean(x, axis=1) * 2.0        # a tensor of the model that x belongs to
"""

from __future__ import annotations

from typing import Any

from tinyseq.did_you_mean import no_such_name
from tinyseq.layers import core  # noqa: F401  tensors get their operators there
from tinyseq.layers.tensor_functions.composed import FUNCTIONS

__all__ = sorted(FUNCTIONS)


def __getattr__(name: str) -> Any:
    if name in FUNCTIONS:
        return FUNCTIONS[name]
    raise no_such_name(f"module {__name__!r}", name, __dir__(), {})


def __dir__() -> list[str]:
    return sorted(FUNCTIONS)
